package devicetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing/synctest"

	"vtylab/device"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// Terminal is a terminal at the console of a device in a bubble of
// testing/synctest, or on one of its vtys: it shows what is there when the device
// waits.
type Terminal struct {
	cancel context.CancelFunc
	done   chan error // the end of the console, or of the session

	mu    sync.Mutex
	cond  *sync.Cond
	typed []byte   // guarded by mu, like all below
	rows  []string // complete rows that were not taken yet
	row   []byte   // of the cursor
	col   int
	over  bool
	hung  bool
}

// Attach connects a terminal to the console, which needs no RETURN to begin.
func Attach(d *device.Device) *Terminal { return AttachTo(d, device.ConsoleOptions{Scripted: true}) }

// AttachTo is Attach with other options.
func AttachTo(d *device.Device, o device.ConsoleOptions) *Terminal {
	t := &Terminal{done: make(chan error, 1)}
	t.cond = sync.NewCond(&t.mu)
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	go func() { t.done <- d.Console(ctx, consoleEnd{t}, o) }()
	return t
}

// LogIn opens a shell over SSH.
func LogIn(p *Port, user, password string) (*Terminal, error) {
	t := &Terminal{done: make(chan error, 1)}
	t.cond = sync.NewCond(&t.mu)
	ctx, cancel := context.WithCancel(context.Background())
	cfg := ClientConfig(user, Password(password))
	cfg.Algorithms.MACs = append(cfg.Algorithms.MACs, "hmac-sha2-256")
	c := ssh2.NewClient(p.Dial(), cfg)
	t.cancel = func() { c.Close(); cancel() }
	s, err := shell(ctx, c)
	if err != nil {
		t.cancel()
		return nil, err
	}
	go io.Copy(s, consoleEnd{t})
	go func() {
		_, err := io.Copy(consoleEnd{t}, s)
		t.set(func() { t.over = true })
		t.done <- err
	}()
	return t, nil
}

// shell starts one in a terminal of the usual size.
func shell(ctx context.Context, c *ssh2.Client) (*ssh2.ClientSession, error) {
	if err := c.Handshake(ctx); err != nil {
		return nil, err
	}
	s, err := c.Open(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.RequestPTY(ctx, ssh.PTY{Term: "vt100", Window: ssh.Window{Columns: 80, Rows: 24}}); err != nil {
		return nil, err
	}
	return s, s.Shell(ctx)
}

// Type types keys.
func (t *Terminal) Type(keys string) { t.set(func() { t.typed = append(t.typed, keys...) }) }

// Shown waits until the device waits, and returns the rows that it has completed
// since it was asked last, and the row of the cursor.
func (t *Terminal) Shown() (rows []string, prompt string) {
	synctest.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	rows, prompt = t.rows, string(t.row)
	t.rows, t.row, t.col = nil, t.row[:0], 0
	return rows, prompt
}

// Close ends the input and waits for the end. The error is what the console ends
// with, unless that is the end of the input.
func (t *Terminal) Close() error {
	t.set(func() { t.over = true })
	t.cancel()
	if err := <-t.done; !errors.Is(err, io.EOF) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (t *Terminal) set(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	t.cond.Broadcast()
}

// consoleEnd is the device's end of a Terminal.
type consoleEnd struct{ *Terminal }

func (t consoleEnd) Read(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.typed) == 0 && !t.over && !t.hung {
		t.cond.Wait()
	}
	if len(t.typed) == 0 || t.hung {
		return 0, io.EOF
	}
	n := copy(p, t.typed)
	t.typed = t.typed[n:]
	return n, nil
}

// Write shows bytes as a terminal does that understands CR, LF and BS.
func (t consoleEnd) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, b := range p {
		t.show(b)
	}
	return len(p), nil
}

func (t *Terminal) show(b byte) {
	switch b {
	case '\r':
		t.col = 0
		if len(bytes.Trim(t.row, " ")) == 0 {
			t.row = t.row[:0] // wiped out
		}
	case '\n':
		t.rows = append(t.rows, string(t.row))
		t.row, t.col = t.row[:0], 0
	case '\b':
		t.col = max(0, t.col-1)
		if len(bytes.Trim(t.row[t.col:], " ")) == 0 {
			t.row = t.row[:t.col] // wiped out
		}
	default:
		t.row = append(t.row[:t.col], append([]byte{b}, t.row[min(t.col+1, len(t.row)):]...)...)
		t.col++
	}
}

// Hangup, HungUp and Reset are the modem signals of the line.
func (t consoleEnd) Hangup() { t.set(func() { t.hung = true }) }

func (t consoleEnd) Reset() { t.set(func() { t.hung = false }) }

func (t consoleEnd) HungUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hung && !t.over
}
