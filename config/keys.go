package config

import (
	"io"
	"regexp"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/secret"
)

// keyAt is where the key in a command of a row begins as it prints, 0 where there is
// none.
func (r *passiveRow) keyAt(a cli.Args) int {
	switch {
	case !r.key:
		return 0
	case r.keyWord != "":
		return behind(a, r.keyWord)
	}
	return keyAt(a)
}

// cutKey cuts a command as it prints into what stands before its key, the key, and
// what stands behind it.
func (r *passiveRow) cutKey(text string, at int) (before string, key secret.Secret, rest string) {
	before, text = text[:at], text[at:]
	if !r.oneWord {
		return before, keyOf(text), ""
	}
	words, end := 1, 0
	if typedKey(text) {
		words = 2
	}
	for range words {
		end += len(text[end:]) - len(strings.TrimLeft(text[end:], " "))
		end += strings.IndexByte(text[end:]+" ", ' ')
	}
	return before, keyOf(text[:end]), text[end:]
}

// behind is where what stands behind a word begins, which may be cut short to three
// letters; 0 when the word is not there or a description comes first.
func behind(a cli.Args, word string) int {
	text, at := printed(a), 0
	for at < len(text) {
		end := at + strings.IndexByte(text[at:]+" ", ' ')
		w := strings.ToLower(text[at:end])
		switch {
		case len(w) >= 3 && strings.HasPrefix("description", w):
			return 0
		case len(w) >= 3 && strings.HasPrefix(word, w) && end < len(text):
			return end + 1
		}
		at = end + 1
	}
	return 0
}

// keyAt is where a key begins: behind its keyword, or behind the first such word of
// the parameters that the grammar takes as a whole.
func keyAt(a cli.Args) int {
	at := 0
	for _, w := range a {
		if w.Keyword && (w.Text == "key" || w.Text == "key-string") {
			return at + len(w.Text) + 1
		}
		if i := keyword.FindStringIndex(w.Text); !w.Keyword && i != nil {
			return at + i[1]
		}
		at += len(w.Text) + 1
	}
	return 0
}

// before is the part of a command that prints before a key at that place.
func before(a cli.Args, at int) (part cli.Args) {
	for _, w := range a {
		if at <= 0 {
			break
		}
		long := len(w.Text) + 1
		if long > at {
			w.Text = strings.TrimRight(w.Text[:at], " \t")
		}
		part = append(part, w)
		at -= long
	}
	return part
}

// keyword is the word key, cut short or in capitals, among parameters.
var keyword = regexp.MustCompile(`(?i)(^|[ \t])ke?y?[ \t]+`)

// keyOf reads a key as typed: `key 0 x` is `key x`. A key of type 6 or 7 stays as
// it is, whether or not it is well-formed.
func keyOf(text string) secret.Secret {
	kind, rest, ok := strings.Cut(text, " ")
	rest = strings.TrimLeft(rest, " ")
	switch {
	case ok && (kind == "6" || kind == "7") && rest != "":
		n, _ := strconv.Atoi(kind)
		return secret.Secret{Type: n, Text: text[len(kind)+1:]}
	case ok && kind == "0" && rest != "" && !typedKey(rest):
		return secret.Secret{Text: rest}
	}
	return secret.Secret{Text: text}
}

// typedKey reports whether a key says what type it is of.
func typedKey(key string) bool {
	kind, _, ok := strings.Cut(key, " ")
	return ok && (kind == "0" || kind == "6" || kind == "7")
}

// keyText is a key as it prints.
func keyText(s secret.Secret) string {
	if s.Type == 0 {
		return s.Text
	}
	return strconv.Itoa(s.Type) + " " + s.Text
}

// EncryptKeys turns the keys of all passive commands into type 7. It must be
// called on a model that is being edited; salts are read from rand.
func (p *Passive) EncryptKeys(rand io.Reader) {
	p.Lines.encryptKeys(rand)
	for b := range p.Blocks.All() {
		if b.Lines.plainKeys() {
			p.Blocks.Edit(b.Key).Lines.encryptKeys(rand)
		}
	}
}

func (l *PassiveLine) plainKey() bool { return l.Key.Type == 0 && !l.Key.IsZero() && !l.fixed }

func (ls *PassiveLines) plainKeys() bool {
	for l := range ls.All() {
		if l.plainKey() {
			return true
		}
	}
	return false
}

func (ls *PassiveLines) encryptKeys(rand io.Reader) {
	if !ls.plainKeys() {
		return
	}
	for l := range ls.All() {
		if l.plainKey() {
			l = ls.table.Edit(lineKey{l.row, l.id})
			l.Key = EncryptKey(l.Key, rand)
		}
	}
}

// EncryptKey is a key as type 7; one that has no such form stays.
func EncryptKey(s secret.Secret, rand io.Reader) secret.Secret {
	if s.Type != 0 || typedKey(s.Text) {
		return s
	}
	if e, err := secret.New(7, s.Text, rand); err == nil {
		return e
	}
	return s
}
