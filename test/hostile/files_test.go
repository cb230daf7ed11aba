package hostile

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sirupsen/logrus"
	logged "github.com/sirupsen/logrus/hooks/test"

	"vtylab/device"
	"vtylab/internal/devicetest"
)

// Every command of files on every place: the router has an answer for its user,
// the operator hears nothing, and a prompt comes back.
func TestEveryFileEverywhere(t *testing.T) {
	places := []string{
		"running-config", "startup-config", "flash:", "flash:x", "flash:/new", "flash:dir", "flash:dir/x", "nvram:", "nvram:startup-config", "nvram:x",
		"system:", "system:running-config", "system:new", "null:", "null:x", "tftp:", "scp://a@10.0.0.1/x", "bogus:", "bogus:x", "x", "/x", "..", "flash:../..", "flash:a?b", "flash:" + strings.Repeat("n", 300),
	}
	one := []string{"dir %s", "more %s", "delete %s", "delete /force /recursive %s", "mkdir %s", "rmdir %s", "cd %s", "verify /md5 %s",
		"show clock | redirect %s", "show clock | append %s", "show clock | tee %s", "show clock | tee /append %s"}
	two := []string{"copy %s %s", "copy /noconfirm %s %s", "rename %s %s"}
	var lines []string
	for _, a := range places {
		for _, format := range one {
			lines = append(lines, fmt.Sprintf(format, a))
		}
		for _, b := range places {
			for _, format := range two {
				lines = append(lines, fmt.Sprintf(format, a, b))
			}
		}
	}
	devicetest.Each(t, func(t *testing.T, release string) {
		model := devicetest.Product(t, release)
		synctest.Test(t, func(t *testing.T) {
			log, heard := logged.NewNullLogger()
			text := devicetest.Usual + "no logging console\nline con 0\n privilege level 15\n length 0\n"
			term := devicetest.Attach(devicetest.New(t, model, text, func(o *device.Options) { o.Log = log }))
			say := func(keys string) (shown []string, prompt string) {
				term.Type(keys)
				return term.Shown()
			}
			say("cisco\rcisco\r")
			for _, answer := range []string{"", "bogus:x", "tftp://10.0.0.1/x", "system:running-config"} { // "": the default, and yes
				for _, line := range lines {
					say("cd flash:\rmkdir dir\r\rshow clock | redirect flash:x\rshow clock | redirect flash:dir/x\r")
					shown, prompt := say(line + "\r")
					for range 6 { // questions
						if strings.HasSuffix(prompt, "#") {
							break
						}
						var more []string
						more, prompt = say(answer + "\r")
						shown = append(shown, more...)
					}
					if !strings.HasSuffix(prompt, "#") {
						t.Errorf("%q ends at %q:\n%s", line, prompt, strings.Join(shown, "\n"))
					}
					for _, e := range heard.AllEntries() {
						if e.Level <= logrus.ErrorLevel {
							t.Errorf("%q: the operator hears %s %v; shown is\n%s", line, e.Message, e.Data, strings.Join(shown, "\n"))
						}
					}
					heard.Reset()
				}
			}
			if err := term.Close(); err != nil {
				t.Error(err)
			}
		})
	})
}
