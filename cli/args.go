package cli

import (
	"regexp"
	"strconv"
	"strings"
)

// Word is one word of a matched line: a keyword in full, or an argument as typed.
type Word struct {
	Name    string // $name, "" for a plain keyword
	Text    string
	Keyword bool
	Secret  bool // marked in the grammar: the argument, or what follows the keyword
	Pos     int  // byte offset in the line
	End     int  // of the byte behind it
}

// Args are the words of a matched line, in order.
type Args []Word

func (s *state) args() Args {
	n := 0
	for p := s; p.prev != nil; p = p.prev {
		n++
	}
	a := make(Args, n)
	for p := s; p.prev != nil; p = p.prev {
		n--
		a[n] = Word{p.at.name, p.text, p.at.kind == nil, p.at.secret, p.pos, p.end}
	}
	return a
}

// Has reports whether the keyword is among the words.
func (a Args) Has(keyword string) bool {
	for _, w := range a {
		if w.Keyword && w.Text == keyword {
			return true
		}
	}
	return false
}

// At is where the argument of that name begins in the line.
func (a Args) At(name string) int {
	for _, w := range a {
		if w.Name == name {
			return w.Pos
		}
	}
	return 0
}

// Get returns the argument of that name, "" when it was not given.
func (a Args) Get(name string) string {
	for _, w := range a {
		if w.Name == name {
			return w.Text
		}
	}
	return ""
}

// All returns every argument of that name in the order typed.
func (a Args) All(name string) []string {
	var all []string
	for _, w := range a {
		if w.Name == name {
			all = append(all, w.Text)
		}
	}
	return all
}

// Int returns the number of that name; ok is false when it was not given. The
// grammar has already checked that it is a number.
func (a Args) Int(name string) (n int, ok bool) {
	n, err := strconv.Atoi(a.Get(name))
	return n, err == nil
}

// String joins the words: the command with its keywords in full.
func (a Args) String() string {
	var b strings.Builder
	for i, w := range a {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// Masked are the words with a * in the place of each secret: the arguments that
// the grammar marks, and MaskURLs of the others.
func (a Args) Masked() Args {
	masked := make(Args, 0, len(a))
	for i, w := range a {
		switch {
		case w.Secret && !w.Keyword:
			w.Text = "*"
		case !w.Keyword:
			w.Text = MaskURLs(w.Text)
		}
		masked = append(masked, w)
		if w.Secret && w.Keyword && i < len(a)-1 {
			return append(masked, Word{Text: "*", Secret: true, Pos: a[i+1].Pos})
		}
	}
	return masked
}

// MaskURLs is a word or a line as devices print it when it holds a URL of a server with a
// password: nothing is shown of who that belongs to either (`Accessing ftp://*****:*****@…`).
// A URL need not be a good one, with slashes and without blanks. The last @ counts, and so
// of two URLs only the end of the second is left.
func MaskURLs(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	return urlPassword.ReplaceAllString(text, "$1*****:*****@")
}

// urlPassword is user:password@ of a URL (RFC 3986 section 3.2.1).
var urlPassword = regexp.MustCompile(`(?is)((?:scp|sftp|t?ftp|https?|rcp):/*|//)[^:]*:.*@`)
