package foreign

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long anything that is waited for may take.
const Patience = 60 * time.Second

// Dialogue is a conversation with somebody who shows text and takes keys: a
// device's console or a foreign program.
type Dialogue struct {
	t    testing.TB
	name string
	keys io.WriteCloser

	mu     sync.Mutex
	more   *sync.Cond
	shown  []byte // and not seen yet; guarded by mu, like all below
	over   bool
	status int
}

// NewDialogue is a conversation with somebody who reads keys and writes to the
// Dialogue what there is to see.
func NewDialogue(t testing.TB, name string, keys io.WriteCloser) *Dialogue {
	d := &Dialogue{t: t, name: name, keys: keys}
	d.more = sync.NewCond(&d.mu)
	return d
}

// Write receives what the other side shows.
func (d *Dialogue) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = append(d.shown, p...)
	d.more.Broadcast()
	return len(p), nil
}

// finish notes that the other side has ended.
func (d *Dialogue) finish(status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over, d.status = true, status
	d.more.Broadcast()
}

// Say types keys.
func (d *Dialogue) Say(keys string) {
	d.t.Helper()
	if _, err := io.WriteString(d.keys, keys); err != nil {
		d.t.Fatalf("%s: typing %.40q: %v", d.name, keys, err)
	}
}

// See waits for text and returns what was shown up to its end, with LF line ends.
func (d *Dialogue) See(text string) string {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	late := false
	timer := time.AfterFunc(Patience, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		late = true
		d.more.Broadcast()
	})
	defer timer.Stop()
	for from := 0; ; d.more.Wait() {
		if i := bytes.Index(d.shown[from:], []byte(text)); i >= 0 {
			end := from + i + len(text)
			seen := unixLines(d.shown[:end])
			d.shown = d.shown[:copy(d.shown, d.shown[end:])]
			return seen
		}
		from = max(0, len(d.shown)-len(text)+1)
		if late || d.over {
			d.t.Fatalf("%s: no %q (ended %v) in\n%q", d.name, text, d.over, d.shown[max(0, len(d.shown)-2000):])
		}
	}
}

// Enter types a command and returns what it shows, up to the next prompt.
func (d *Dialogue) Enter(command string) string {
	d.t.Helper()
	d.Say(command + "\r")
	return d.See("R1#")
}

// Configure types configuration commands and returns what is shown.
func (d *Dialogue) Configure(commands ...string) string {
	d.t.Helper()
	d.Say("configure terminal\r" + strings.Join(commands, "\r") + "\rend\r")
	return d.See("#end\r\n") + d.See("R1#")
}

// Bye waits until the other side has ended and returns what it showed last, and
// its exit status.
func (d *Dialogue) Bye() (string, int) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	timer := time.AfterFunc(Patience, func() { d.finish(-1) })
	defer timer.Stop()
	for !d.over {
		d.more.Wait()
	}
	if d.status < 0 {
		d.t.Errorf("%s: still runs, or was killed, after %q", d.name, d.shown)
	}
	return unixLines(d.shown), d.status
}

func unixLines(text []byte) string { return strings.ReplaceAll(string(text), "\r\n", "\n") }
