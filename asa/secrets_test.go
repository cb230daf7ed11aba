package asa_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/device"
	"vtylab/internal/devicetest"
)

// overheard is a gate that keeps the words of what passes.
type overheard struct{ words []string }

func (g *overheard) Before(_ *device.Shell, a *device.Action) error {
	g.words = append(g.words, a.Words)
	return nil
}
func (*overheard) After(*device.Shell, *device.Action, error) {}

// No gate sees a password of a configuration that is pasted, and a row whose argument
// looks like one is marked.
func TestSecretsAreMasked(t *testing.T) {
	var g overheard
	synctest.Test(t, func(t *testing.T) {
		d := devicetest.New(t, devicetest.Product(t, "asa-9.20"), startup, func(o *device.Options) { o.Gates = []device.Gate{&g} })
		term := devicetest.Attach(d)
		defer term.Close()
		term.Shown()
		term.Type("enable\rHush4Hush\rHush4Hush\rconfigure terminal\rN\r" +
			"enable password Hush4Hush\rno enable password Hush4Hush\rusername a password Hush4Hush privilege 3\rusername b password Hush4Hush pbkdf2\rend\r")
		term.Shown()
	})
	all := strings.Join(g.words, "\n")
	if strings.Contains(all, "Hush") {
		t.Errorf("gates see\n%s", all)
	}
	devicetest.WantLines(t, all, "enable", "configure terminal", "enable password *", "no enable password *", "username a password * privilege 3", "username b password * pbkdf2")
	quoted := regexp.MustCompile(`"[^"]*"`)
	suspect := regexp.MustCompile(`(^|[ {|-])(password|secret|key|passphrase) *(WORD|LINE)`)
	system(t, "").Language().Rows(func(mode, syntax string, secret bool) {
		if s := quoted.ReplaceAllString(syntax, ""); !secret && suspect.MatchString(s) {
			t.Errorf("mode %s: %s", mode, s)
		}
	})
}
