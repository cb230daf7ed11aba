package model

import (
	"slices"
	"strings"
	"testing"
)

// samples are lines that a row of grammar (package cli) understands: one that is as
// short as it can be, and one more for each alternative, and for the other end of
// each range of numbers, anywhere in the row.
func samples(t *testing.T, syntax string) []string {
	s := &sampler{t: t, rest: syntax}
	lines := s.sequence()
	if s.rest != "" {
		t.Fatalf("%q: %q is left", syntax, s.rest)
	}
	for i, line := range lines {
		lines[i] = fillIn(strings.Join(strings.Fields(line), " "))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

type sampler struct {
	t    *testing.T
	rest string // of the syntax
}

// sequence reads up to the end of an alternative.
func (s *sampler) sequence() []string {
	lines := []string{""}
	for {
		s.rest = strings.TrimLeft(s.rest, " \t\n")
		if s.rest == "" || strings.ContainsAny(s.rest[:1], "|}]") {
			return lines
		}
		lines = joined(lines, s.element())
	}
}

// joined is a run of two elements: the first samples of both, and each other one
// beside the first of the other.
func joined(a, b []string) []string {
	all := []string{a[0] + " " + b[0]}
	for _, line := range a[1:] {
		all = append(all, line+" "+b[0])
	}
	for _, line := range b[1:] {
		all = append(all, a[0]+" "+line)
	}
	return all
}

func (s *sampler) element() []string {
	switch open := s.rest[0]; open {
	case '"':
		_, s.rest, _ = strings.Cut(s.rest[1:], `"`)
		return []string{""}
	case '{', '[':
		s.rest = s.rest[1:]
		return s.group(open == '[')
	}
	word := s.word(" \t\n{}[]|\"")
	if word == "/" {
		return []string{""}
	}
	if low, high, name, ok := cutRange(word); ok {
		return []string{low + name, high + name}
	}
	return []string{strings.TrimLeft(word, "~=")}
}

// cutRange takes <-23-23>$hours apart; the name keeps its dollar sign.
func cutRange(word string) (low, high, name string, ok bool) {
	bounds, name, ok := strings.Cut(strings.TrimPrefix(word, "<"), ">")
	i := strings.LastIndexByte(bounds, '-')
	if !ok || i < 0 || word[0] != '<' {
		return "", "", "", false
	}
	return bounds[:i], bounds[i+1:], name, true
}

func (s *sampler) group(optional bool) []string {
	var all, firsts []string
	for {
		alternative := s.sequence()
		all, firsts = append(all, alternative...), append(firsts, alternative[0])
		end := s.rest[0]
		if s.rest = s.rest[1:]; end != '|' {
			break
		}
	}
	suffix := s.word(" \t\n{}[]|\"")
	if strings.ContainsAny(suffix, "+*") && len(firsts) > 1 {
		all = append(all, firsts[0]+" "+firsts[1])
	}
	if optional {
		all = append([]string{""}, all...)
	}
	return all
}

func (s *sampler) word(end string) string {
	i := strings.IndexAny(s.rest, end)
	if i < 0 {
		i = len(s.rest)
	}
	word := s.rest[:i]
	s.rest = s.rest[i:]
	return word
}

// arguments are an example of each kind of argument, or of the argument of a name.
var arguments = map[string]string{
	"WORD": "W", "LINE": "#x#", "A.B.C.D": "10.0.0.1", "X:X:X:X::X": "2001:DB8::1", "X:X:X:X::X/<0-128>": "2001:DB8::/64", "INTERFACE": "Loopback7",
	"A.B.C.D$mask": "255.255.255.0", "A.B.C.D$wildcard": "0.0.0.255", "WORD$engine": "800000090300AABBCC000100", "WORD$hash": "3DDF6DD82060F31277A6004B176786D4",
	"LINE$range": "Loopback7 - 8",
}

// stored are passwords as they stand behind their type.
var stored = map[string]string{
	"4": "2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI", "5": "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "7": "02050D480809",
	"8": "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs", "9": "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM",
}

// fillIn replaces the arguments of a sample.
func fillIn(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		kind, name, _ := strings.Cut(w, "$")
		switch {
		case name == "text" && stored[words[i-1]] != "":
			words[i] = stored[words[i-1]]
		case arguments[w] != "":
			words[i] = arguments[w]
		case arguments[kind] != "":
			words[i] = arguments[kind]
		default:
			words[i] = kind // a keyword or a number
		}
	}
	return strings.Join(words, " ")
}

func TestSamples(t *testing.T) {
	for _, tt := range []struct{ syntax, want string }{
		{`hostname "Name" WORD$name "Name"`, "hostname W"},
		{`a {b "B" | <3-9> "N"} / [c "C" LINE "L"]`, "a 3|a 9|a b|a b c #x#"},
		{`a [b "B" | ~c | {d "D" | e "E"}$x]*$n z "Z"`, "a b c z|a b z|a c z|a d z|a e z|a z"},
		{`p {7 "Hidden" LINE$text "T" | LINE$text "T"}`, "p #x#|p 7 02050D480809"},
	} {
		if got := strings.Join(samples(t, tt.syntax), "|"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.syntax, got, tt.want)
		}
	}
}
