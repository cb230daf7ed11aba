package model

import (
	"strings"
	"testing"
)

// A policy decides on new passwords of its users, however they are given.
func TestPasswordPolicy(t *testing.T) {
	p := PasswordPolicy{MinLength: 6, MaxLength: 10, Numeric: 2, Upper: 1, Lower: 1, Special: 1, Change: 3}
	for _, tt := range []struct{ old, password, wrong string }{
		{"", "Ab1!2c", ""},
		{"", "Ab1!2", "6 to 10"},
		{"", "Ab1!2cdefgh", "6 to 10"},
		{"", "Ab1!cd", "2 numeric"},
		{"", "ab1!2c", "1 upper-case"},
		{"", "AB1!2C", "1 lower-case"},
		{"", "Ab1x2c", "1 special"},
		{"Ab1!2c", "Ab1!2d", "at least 3"},
		{"Ab1!2c", "Xy7!2c", ""},
	} {
		if got := p.wrong(tt.old, tt.password); (tt.wrong == "") != (got == "") || !strings.Contains(got, tt.wrong) {
			t.Errorf("%q after %q: %q, want %q", tt.password, tt.old, got, tt.wrong)
		}
	}
}

// A policy prints what differs from its defaults, and copies another one.
func TestPasswordPolicyShows(t *testing.T) {
	const text = "aaa common-criteria policy P\n min-length 8\n upper-case 1\naaa common-criteria policy Q\n copy P\n lower-case 2\n"
	got := lang.Render(parse(text).Config, false)
	for _, want := range []string{"aaa common-criteria policy P\n min-length 8\n upper-case 1\n char-changes 4\n!\n", "aaa common-criteria policy Q\n min-length 8\n upper-case 1\n lower-case 2\n char-changes 4\n!\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no\n%sin\n%s", want, got)
		}
	}
	if s := parse("aaa common-criteria policy P\n lifetime day 30"); len(s.Rejected) != 1 {
		t.Error("lifetime is taken")
	}
}
