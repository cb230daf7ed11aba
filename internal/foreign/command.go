package foreign

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Need skips a test whose programs are not all installed, or fails it where
// VTYLAB_REQUIRE_PEERS=1.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, name := range programs {
		Find(t, name)
	}
}

// Find returns the path of a program of this host, as Need does.
func Find(t testing.TB, name string) string {
	t.Helper()
	for _, p := range []string{name, filepath.Join("/usr/sbin", name), filepath.Join("/usr/bin", name)} {
		if path, err := exec.LookPath(p); err == nil {
			return path
		}
	}
	absent(t, name)
	return ""
}

func absent(t testing.TB, name string) {
	t.Helper()
	if os.Getenv("VTYLAB_REQUIRE_PEERS") == "1" {
		t.Fatalf("VTYLAB_REQUIRE_PEERS=1, and %s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
}

// Program is a foreign program with its arguments.
type Program struct {
	Path  string
	Args  []string
	Env   []string // besides that of the test
	Input string   // standard input

	t testing.TB
}

// Command is a program of this host with arguments: Need says what happens
// without it.
func Command(t testing.TB, name string, args ...string) Program {
	t.Helper()
	return Program{Path: Find(t, name), Args: args, t: t}
}

// Before puts arguments in front of the first that is arg.
func (p Program) Before(arg string, more ...string) Program {
	at := slices.Index(p.Args, arg)
	if at < 0 {
		p.t.Fatalf("%v has no argument %s", p, arg)
	}
	p.Args = slices.Insert(slices.Clone(p.Args), at, more...)
	return p
}

// Arguments appends arguments.
func (p Program) Arguments(more ...string) Program {
	p.Args = append(slices.Clone(p.Args), more...)
	return p
}

// In is the program as a subtest runs it.
func (p Program) In(t testing.TB) Program { p.t = t; return p }

// With sets variables of the environment, as NAME=value.
func (p Program) With(env ...string) Program {
	p.Env = append(slices.Clone(p.Env), env...)
	return p
}

// Typing gives the program its standard input.
func (p Program) Typing(text string) Program { p.Input = text; return p }

func (p Program) String() string { return filepath.Base(p.Path) + " " + strings.Join(p.Args, " ") }

// Cmd is the program, not started. It is killed when ctx is done.
func (p Program) Cmd(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.Path, p.Args...)
	cmd.Env = append(os.Environ(), p.Env...)
	cmd.WaitDelay = time.Second // scp leaves its ssh behind when it is killed
	return cmd
}

// Run waits for the program's end, up to Patience.
func (p Program) Run() Outcome {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), Patience)
	defer cancel()
	cmd := p.Cmd(ctx)
	cmd.Stdin = strings.NewReader(p.Input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("%v\n%v\n%s%s", p, err, out.String(), errs.String())
	}
	return Outcome{p, out.String(), newHost.ReplaceAllString(errs.String(), ""), cmd.ProcessState.ExitCode()}
}

// newHost is what OpenSSH says of every host that it does not know.
var newHost = regexp.MustCompile(`(?m)^Warning: Permanently added .*\r?\n`)

// Open starts the program with pipes, for a conversation.
func (p Program) Open() *Dialogue {
	p.t.Helper()
	cmd := p.Cmd(p.t.Context())
	keys, err := cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	d := NewDialogue(p.t, p.String(), keys)
	cmd.Stdout, cmd.Stderr = d, d
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		cmd.Wait()
		d.finish(cmd.ProcessState.ExitCode())
		close(exited)
	}()
	p.t.Cleanup(func() { keys.Close(); cmd.Process.Kill(); <-exited })
	return d
}

// Outcome is how a program ended.
type Outcome struct {
	Program Program
	Out     string
	Errs    string // standard error
	Status  int
}

// Ends checks the exit status and returns the output with LF line ends.
func (o Outcome) Ends(status int) string {
	t := o.Program.t
	t.Helper()
	if o.Status != status {
		t.Fatalf("%v\nexit status %d, want %d\nstdout: %.1000s\nstderr: %.1000s", o.Program, o.Status, status, o.Out, o.Errs)
	}
	return strings.ReplaceAll(o.Out, "\r\n", "\n")
}

// Refused checks that the program failed and printed this.
func (o Outcome) Refused(pattern string) {
	t := o.Program.t
	t.Helper()
	if o.Status == 0 || !regexp.MustCompile(pattern).MatchString(o.Out+o.Errs) {
		t.Fatalf("%v\nexit status %d, want a failure with %q\nstdout: %.1000s\nstderr: %.1000s", o.Program, o.Status, pattern, o.Out, o.Errs)
	}
}
