// Package labtest runs labs for the tests of those who automate devices: a topology in
// the test, its devices in memory, addresses for SSH clients, and consoles.
//
//	l := labtest.Up(t, topology)
//	out := l.Run("r1", "show ip interface brief")
//	client, err := ssh.Dial("tcp", l.Addr("r1"), config)
//
// Everything ends with the test. What goes wrong with the lab itself fails the test.
package labtest

import (
	"bytes"
	"context"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"vtylab/device"
	"vtylab/keyring"
	"vtylab/lab"
)

// Lab is a lab that runs until its test is over.
type Lab struct {
	*lab.Lab
	t     testing.TB
	doors *lab.Doors

	mu       sync.Mutex
	consoles map[string]*Console // guarded by mu
}

// hostKey is the key pair of all devices: making one for each takes long.
var hostKey = sync.OnceValues(func() (*keyring.Pair, error) { return lab.OwnKeys("", "labtest") })

// Up runs a topology: the text of a file, whose start-up configurations are looked for in
// the directory of the test. A line that a device refuses fails the test, which goes on.
func Up(t testing.TB, text string) *Lab {
	t.Helper()
	top, err := lab.Parse("topology", text, lab.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l := &Lab{t: t, consoles: map[string]*Console{}}
	if l.doors, err = lab.OpenPorts(top.Devices(), 0); err != nil {
		t.Fatal(err)
	}
	log := logrus.New()
	log.SetOutput(t.Output())
	log.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true})
	l.Lab, err = lab.Start(top, lab.Options{Uplink: top.Uplink, Dial: new(net.Dialer).DialContext, Log: log,
		Keys: func(_, label string) (*keyring.Pair, error) {
			pair, err := hostKey()
			if err != nil {
				return nil, err
			}
			own := *pair
			own.Label = label
			return &own, nil
		}})
	if err != nil {
		l.doors.Close()
		t.Fatal(err)
	}
	l.doors.Serve(l.Lab, log)
	t.Cleanup(l.end)
	if l.Refused() > 0 {
		t.Errorf("%d lines of start-up configurations refused", l.Refused())
	}
	return l
}

func (l *Lab) end() {
	l.doors.Close()
	for _, c := range l.consoles {
		c.close()
	}
	if err := l.Lab.Close(); err != nil {
		l.t.Error(err)
	}
}

// node is a device by its name.
func (l *Lab) node(name string) (n *lab.Node, number int) {
	l.t.Helper()
	for i, n := range l.Devices {
		if n.Name == name {
			return n, i
		}
	}
	l.t.Fatalf("no device %q", name)
	return nil, 0
}

// Addr is where port 22 of a device is on this host, ADDRESS:PORT.
func (l *Lab) Addr(node string) string {
	l.t.Helper()
	_, i := l.node(node)
	return l.doors.Address(i).String()
}

// Device is a device, for what has no command.
func (l *Lab) Device(node string) *device.Device {
	l.t.Helper()
	n, _ := l.node(node)
	return n.Device
}

// Run types commands at the console of a device, privileged and without paging, and
// returns what they print, prompts and echoes included.
func (l *Lab) Run(node string, commands ...string) string {
	l.t.Helper()
	c := l.Console(node)
	var out strings.Builder
	for _, command := range commands {
		out.WriteString(c.Type(command))
	}
	return out.String()
}

// Console is the console of a device. It is privileged when it is asked for the first
// time, if the device lets in who types nothing but enable.
func (l *Lab) Console(node string) *Console {
	l.t.Helper()
	n, _ := l.node(node)
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.consoles[node]; c != nil {
		return c
	}
	c := open(l.t, n)
	l.consoles[node] = c
	c.await(prompt)
	c.Type("enable")
	c.Type("terminal length 0")
	return c
}

// Console is a console that a test types at.
type Console struct {
	t    testing.TB
	name string
	keys *io.PipeWriter
	stop context.CancelFunc
	done chan error

	mu    sync.Mutex
	more  chan struct{} // closed and replaced when something is shown
	shown []byte        // and was not returned yet
}

func open(t testing.TB, n *lab.Node) *Console {
	in, keys := io.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	c := &Console{t: t, name: n.Name, keys: keys, stop: stop, done: make(chan error, 1), more: make(chan struct{})}
	go func() {
		c.done <- n.Device.Console(ctx, terminal{in, c}, device.ConsoleOptions{Scripted: true})
	}()
	return c
}

// terminal is the device's end of a console.
type terminal struct {
	io.Reader
	io.Writer
}

func (terminal) Hangup() {}

// Write is what the device shows.
func (c *Console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = append(c.shown, bytes.ReplaceAll(p, []byte("\r"), nil)...)
	close(c.more)
	c.more = make(chan struct{})
	return len(p), nil
}

// prompt is a prompt at the end of what was shown, of EXEC or configuration, with
// nothing but messages of the log behind it; or a question that waits for an answer.
var prompt = regexp.MustCompile(`(?:^|\n)[A-Za-z0-9_./-]+(?:\([^()\n]*\))?[>#] ?(?:\n(?:[*.]?[A-Z][a-z][a-z] .*)?)*$|(?:assword: ?|sername: ?|\][:?]* ?)$`)

// Type types a line and returns what is shown up to the next prompt, or up to a question:
// for a user, a password, or one with its default in brackets.
func (c *Console) Type(line string) string {
	c.t.Helper()
	c.write(line + "\r")
	return c.await(prompt)
}

// Expect returns what is shown up to the end of a pattern (regexp).
func (c *Console) Expect(pattern string) string {
	c.t.Helper()
	return c.await(regexp.MustCompile(pattern))
}

func (c *Console) write(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, keys); err != nil {
		c.t.Fatalf("console of %s: typing %q: %v", c.name, keys, err)
	}
}

// Patience is how long a console may take to show what is waited for.
const Patience = 30 * time.Second

func (c *Console) await(what *regexp.Regexp) string {
	c.t.Helper()
	late := time.After(Patience)
	for {
		c.mu.Lock()
		more := c.more
		if at := what.FindIndex(c.shown); at != nil {
			text := string(c.shown[:at[1]])
			c.shown = c.shown[at[1]:]
			c.mu.Unlock()
			return text
		}
		shown := string(c.shown)
		c.mu.Unlock()
		select {
		case <-more:
		case err := <-c.done:
			c.done <- err
			c.t.Fatalf("console of %s: ended (%v), and no %v in\n%s", c.name, err, what, shown)
		case <-late:
			c.t.Fatalf("console of %s: no %v after %v in\n%s", c.name, what, Patience, shown)
		}
	}
}

func (c *Console) close() {
	c.stop()
	c.keys.Close()
	if err := <-c.done; err != nil {
		c.t.Errorf("console of %s: %v", c.name, err)
	}
}
