package foreign

import (
	"os"

	"github.com/creack/pty"
)

// OnTerminal runs the program on a terminal of so many rows and columns, until the test
// ends. The file is the terminal's other side, for its size. Where the host has no terminals
// the test is skipped.
func (p Program) OnTerminal(rows, columns uint16) (*Dialogue, *os.File) {
	p.t.Helper()
	cmd := p.Cmd(p.t.Context())
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: rows, Cols: columns})
	if err != nil {
		p.t.Skipf("no terminals here: %v", err)
	}
	d := NewDialogue(p.t, p.String(), terminal)
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		buf := make([]byte, 4096)
		for {
			n, err := terminal.Read(buf)
			d.Write(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	p.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		terminal.Close()
		<-copied
	})
	return d, terminal
}
