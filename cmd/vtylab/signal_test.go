//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A signal ends the program although its output is stuck in a pipe that nobody
// reads.
func TestSignalWhileOutputIsStuck(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		for _, input := range []string{"open", "at its end"} {
			t.Run(sig.String()+", input "+input, func(t *testing.T) {
				cmd := vtylab(t, "run", "--console", "stdio", "--ephemeral", "--ssh", "none")
				keys, err := cmd.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				out, stuck, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				defer out.Close()
				cmd.Stdout = stuck
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				stuck.Close()
				out.Read(make([]byte, 1))
				fmt.Fprint(keys, "enable\nterminal length 0\n"+strings.Repeat("show running-config\n", 100))
				if input != "open" {
					keys.Close()
				}
				time.Sleep(300 * time.Millisecond) // the pipe fills; too early is an easier case
				cmd.Process.Signal(sig)
				ended := make(chan error, 1)
				go func() { ended <- cmd.Wait() }()
				select {
				case err := <-ended:
					if err != nil {
						t.Errorf("ended with %v, want status 0", err)
					}
				case <-time.After(10 * time.Second):
					t.Error("the program does not end")
					cmd.Process.Kill()
					<-ended
				}
			})
		}
	}
}

// A signal while nothing is stuck ends the program in order: the prompt is
// there, and a line end behind it.
func TestSignalAtThePrompt(t *testing.T) {
	cmd := vtylab(t, "run", "--console", "stdio", "--ephemeral", "--ssh", "none")
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	shown, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	prompt := make([]byte, len("Router>"))
	if _, err := io.ReadFull(shown, prompt); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	rest, _ := io.ReadAll(shown)
	if err := cmd.Wait(); err != nil || string(prompt)+string(rest) != "Router>\n" {
		t.Errorf("shows %q and ends with %v", string(prompt)+string(rest), err)
	}
}

// On a terminal every line ends in CR LF, exactly, and the terminal is as it was
// afterwards.
func TestTerminalLineEnds(t *testing.T) {
	cmd := vtylab(t, "run", "--ephemeral", "--ssh", "none")
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Skip("no terminal: ", err)
	}
	defer tty.Close()
	var all bytes.Buffer
	see := func(want string) {
		t.Helper()
		tty.SetReadDeadline(time.Now().Add(20 * time.Second))
		buf := make([]byte, 4096)
		for !bytes.Contains(all.Bytes(), []byte(want)) {
			n, err := tty.Read(buf)
			all.Write(buf[:n])
			if err != nil {
				t.Fatalf("no %q: %v\n%q", want, err, all.String())
			}
		}
	}
	see("Press RETURN to get started!")
	fmt.Fprint(tty, "\r")
	see("Router>")
	fmt.Fprint(tty, "show privilege\r")
	see("Current privilege level is 1\r\nRouter>")
	fmt.Fprint(tty, "enable\rconfigure terminal\rhostname R1\renable secret a\rend\rdisable\renable\rb\rb\rb\r")
	see("% Bad secrets")
	fmt.Fprint(tty, "\x1c")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	text := all.String()
	if strings.Contains(text, "\r\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("line ends are not all CR LF: %q", text)
	}
	if strings.Contains(text, "refused") {
		t.Errorf("the terminal of the console shows the operator's log: %q", text)
	}
	if !strings.Contains(text, "Router>show privilege\r\nCurrent privilege level is 1\r\nRouter>") {
		t.Errorf("shows %q", text)
	}
}
