package devicetest

import (
	"context"
	"io"
	"strings"

	"vtylab/device"
	"vtylab/internal/foreign"
)

// Console opens the router's console, at the privileged prompt and without
// paging.
func (r *Router) Console() *foreign.Dialogue {
	r.t.Helper()
	in, keys := io.Pipe()
	d := foreign.NewDialogue(r.t, "console", keys)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- r.Device.Console(ctx, plainTerminal{in, d}, device.ConsoleOptions{Scripted: true})
	}()
	r.t.Cleanup(func() { cancel(); keys.Close(); <-done })
	d.See("R1#")
	d.Enter("terminal length 0")
	return d
}

// plainTerminal is a console without a line to hang up.
type plainTerminal struct {
	io.Reader
	io.Writer
}

func (plainTerminal) Hangup() {}

// Shell opens a session with OpenSSH and waits for its prompt.
func (r *Router) Shell(login string) *foreign.Dialogue {
	r.t.Helper()
	d := r.OpenSSH(login, "-tt").Open()
	if strings.HasPrefix(login, "cisco") {
		d.See("R1#")
	} else {
		d.See("R1>")
	}
	return d
}
