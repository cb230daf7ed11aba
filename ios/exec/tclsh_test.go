package exec_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/device"
	"vtylab/ifs"
	"vtylab/internal/devicetest"
)

// A word of Tcl may go on for many lines: each is read once.
func TestLongWord(t *testing.T) {
	p := devicetest.Product(t, devicetest.Default())
	text := strings.Repeat(" description {a \"b} c\" \\\n", 20000)
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		d := devicetest.New(t, p, "line con 0\n length 0\n privilege level 15\n")
		term := devicetest.AttachTo(d, device.ConsoleOptions{Scripted: true})
		defer term.Close()
		term.Type("\rtclsh\rputs -nonewline [open \"flash:x\" w+] {" + strings.ReplaceAll(text, "\n", "\r") + "}\rtclquit\r")
		term.Shown()
		f, err := d.Files().Resolve("flash:x", d.Files().Home())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ifs.ReadFile(f.FS(), f.Name, 1<<20); string(got) != text || err != nil {
			t.Errorf("a file of %d bytes, not %d: %v", len(got), len(text), err)
		}
	})
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}
