package edit

import (
	"errors"
	"io"
	"strings"
	"testing"
)

const config = `version 15.5
hostname R1
!
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
 ip nat inside
!
interface GigabitEthernet0/2
 shutdown
!
ip ssh version 2
line vty 0 4
 transport input ssh
  nested
 login local
end
`

func filter(kind FilterKind, pattern, text string, n int) (string, error) {
	var b strings.Builder
	f, err := NewFilter(kind, pattern, &b)
	if err != nil {
		return "", err
	}
	for len(text) > 0 {
		piece := text[:min(n, len(text))]
		text = text[len(piece):]
		if _, err := f.Write([]byte(piece)); err != nil {
			return "", err
		}
	}
	err = f.Close()
	return b.String(), err
}

func TestFilter(t *testing.T) {
	tests := []struct {
		kind                   FilterKind
		pattern, want, comment string
	}{
		{Include, "^interface", "interface GigabitEthernet0/1\ninterface GigabitEthernet0/2\n", "include"},
		{Include, "IP", "", "case counts"},
		{Include, "ssh ", "ip ssh version 2\n", "trailing spaces count"},
		{Exclude, "^[ !i]", "version 15.5\nhostname R1\nline vty 0 4\nend\n", "exclude"},
		{Begin, "login", " login local\nend\n", "begin"},
		{Begin, "nothing", "", "begin without a match"},
		{Section, "0/2", "interface GigabitEthernet0/2\n shutdown\n", "section"},
		{Section, "^line", "line vty 0 4\n transport input ssh\n  nested\n login local\n", "section with children of children"},
		{Section, "transport", " transport input ssh\n  nested\n", "a matching child comes without its parent"},
		{Section, "ssh", "ip ssh version 2\n transport input ssh\n  nested\n", "matches outside sections"},
		{SectionExclude, "^[il!]", "version 15.5\nhostname R1\nend\n", "section exclude"},
		{Count, "^ip|^ ip", "Number of lines which match regexp = 3\n", "count"},
		{Count, "nothing", "Number of lines which match regexp = 0\n", "count of nothing"},
	}
	for _, test := range tests {
		for _, n := range []int{1, 2, 5, 17, 100, 1000} {
			got, err := filter(test.kind, test.pattern, config, n)
			if got != test.want || err != nil {
				t.Errorf("%s: %q in pieces of %d\n got %q, %v\nwant %q", test.comment, test.pattern, n, got, err, test.want)
				break
			}
		}
	}
}

func TestFilterLineEnds(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"ab\r\ncd\r\n", "ab\r\n"},
		{"cd\nab", "ab"},
		{"ab\n\nab\n", "ab\nab\n"},
	} {
		if got, err := filter(Include, "b$", test.text, 1); got != test.want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", test.text, got, err, test.want)
		}
	}
}

func TestRegexp(t *testing.T) {
	for _, test := range []struct {
		pattern, match, noMatch string // examples, separated by |
	}{
		{"a.c", "abc|xa_c", "ac"},
		{"ab*c+d?", "ac|abbccd", "ab"},
		{"^ab$", "ab", "abc|xab"},
		{"a(b|cd)e", "abe|acde", "ade"},
		{"_100_", "100|1 100 2|(100)|{100}|,100,|a 100", "1001|1100|-100-"},
		{"^_x", "x| x|,x", "ax"},
		{`\_a`, "_a", " a"},
		{`1\.2`, "1.2", "1x2"},
		{`\(x\)`, "(x)", "x"},
		{`\(?x`, "x|(x", "y"},
		{`(\?|!)x`, "?x|!x", "x"},
		{"[a-c_]x", "bx|_x", "dx| x"},
		{"[^a-c]x", "dx", "ax"},
		{`[\]a]x`, "]x|ax", `\x`},
		{"[]a]x", "]x|ax", "bx"},
		{`[\[$.*]x`, "[x|$x|.x|*x", "ax"},
		{"[a-]x", "-x|ax", "bx"},
		{"a{2}", "a{2}", "aa"},
		{"Gi0/1", "Gi0/1", "gi0/1"},
		{`\d`, "d", "1"},
		{"é", "café", "cafe"},
		{"", "|x", ""},
	} {
		re, err := CompileRegexp(test.pattern)
		if err != nil {
			t.Errorf("%q: %v", test.pattern, err)
			continue
		}
		for text := range strings.SplitSeq(test.match, "|") {
			if !re.MatchString(text) {
				t.Errorf("%q does not match %q (%v)", test.pattern, text, re)
			}
		}
		for text := range strings.SplitSeq(test.noMatch, "|") {
			if test.noMatch != "" && re.MatchString(text) {
				t.Errorf("%q matches %q (%v)", test.pattern, text, re)
			}
		}
	}
}

func TestRegexpErrors(t *testing.T) {
	for _, pattern := range []string{"[", "[a", "(", "a)", "*", "(*a)", "(?i)a", "?", `a\`, `(a)\1`, "[b-a]", "\xff", "[]"} {
		_, err := NewFilter(Include, pattern, io.Discard)
		var re *RegexpError
		if !errors.As(err, &re) || re.Pattern != pattern || re.Reason == "" {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

func FuzzRegexp(f *testing.F) {
	f.Add(`^_65000_(1|2)+[^\]a-z]\.$`)
	f.Fuzz(func(t *testing.T, pattern string) {
		if re, err := CompileRegexp(pattern); err == nil {
			re.MatchString("interface GigabitEthernet0/1")
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	text := []byte(strings.Repeat(config, 100))
	f, _ := NewFilter(Include, "^ ip", io.Discard)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		f.Write(text)
	}
}
