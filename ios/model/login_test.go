package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoginProtection(t *testing.T) {
	const all = "login on-failure log\nlogin on-success log\nlogin block-for 15 attempts 3 within 20\nlogin delay 2\nlogin quiet-mode access-class 10\n"
	for _, tt := range []struct {
		name, in string
		want     LoginProtection
		shown    string
	}{
		{"all", all, LoginProtection{1, 1, 15, 3, 20, 2, "10"}, all},
		{"replaced", "login block-for 15 attempts 3 within 20\nlogin block-for 60 attempts 5 within 30", LoginProtection{BlockFor: 60, Attempts: 5, Within: 30}, "login block-for 60 attempts 5 within 30\n"},
		{"none", all + "no login block-for\nno login delay\ndefault login quiet-mode access-class\nno login on-failure log\nno login on-success log", LoginProtection{}, ""},
	} {
		s := parse(tt.in)
		if d := cmp.Diff(tt.want, s.Config.Login); d != "" || len(s.Rejected) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, s.Rejected, d)
		}
		for _, everything := range []bool{false, true} { // defaults do not print
			var got strings.Builder
			for line := range strings.Lines(lang.Render(s.Config, everything)) {
				if strings.HasPrefix(line, "login ") {
					got.WriteString(line)
				}
			}
			if d := cmp.Diff(tt.shown, got.String()); d != "" && !everything {
				t.Errorf("%s (-want +shown):\n%s", tt.name, d)
			} else if strings.Contains(got.String(), " 0") {
				t.Errorf("%s: shows\n%s", tt.name, &got)
			}
		}
	}
}

func TestLockOut(t *testing.T) {
	c := parse("aaa local authentication attempts max-fail 4\nsecurity authentication failure rate 10 log").Config
	if c.AAA.MaxFail != 4 || c.Security.FailureRate != 10 || !c.Security.FailureLog {
		t.Errorf("%d failures lock out, %+v", c.AAA.MaxFail, c.Security)
	}
	got := lang.Render(c, false)
	for _, want := range []string{"!\nsecurity authentication failure rate 10 log\n", "no aaa new-model\naaa local authentication attempts max-fail 4\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
	merge(c, "no aaa local authentication attempts max-fail\nno security authentication failure rate")
	if d := cmp.Diff(lang.Render(lang.Factory(), true), lang.Render(c, true)); d != "" {
		t.Errorf("what is left (-factory +got):\n%s", d)
	}
}
