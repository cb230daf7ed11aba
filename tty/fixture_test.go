package tty

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// bench is the Host of lines in a test: all have the same settings.
type bench struct {
	settings Settings
	work     sync.WaitGroup
	mu       sync.Mutex
	problems []string // guarded by mu
}

func newBench() *bench {
	return &bench{settings: Settings{Length: 24, Width: 80, History: 20, Escape: DefaultEscape}}
}

func (b *bench) LineSettings(Kind, int) *Settings { return &b.settings }
func (b *bench) Steady() time.Time                { return time.Now() }
func (b *bench) Go(f func()) bool                 { b.work.Go(f); return true }
func (b *bench) Problem(doing string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, doing+": "+err.Error())
}

// keyboard is a terminal whose keys come as a test types them.
type keyboard struct {
	lockedBuilder
	keys *io.PipeReader
	feed *io.PipeWriter
	hung bool
}

func newKeyboard() *keyboard {
	k := &keyboard{}
	k.keys, k.feed = io.Pipe()
	return k
}

func (k *keyboard) Read(p []byte) (int, error) { return k.keys.Read(p) }
func (k *keyboard) Hangup()                    { k.hung = true; k.feed.Close() }
func (k *keyboard) HungUp() bool               { return k.hung }

// typed blocks until the session has read all keys.
func (k *keyboard) typed(keys string) { io.WriteString(k.feed, keys) }

// parrot is a Shell that says what it was told, and has a few commands.
type parrot struct {
	*Session
	mode string
	said []string
	far  *farEnd // of connect
}

// goOn tells how a connection left the foreground.
func (p *parrot) goOn(c *Connection) error {
	err := p.Foreground(c)
	p.Printf("<%v>\n", err)
	return p.Lost()
}

// farEnd is a remote host: what it is sent is kept, what it shows comes from the test.
type farEnd struct {
	lockedBuilder
	shows  *io.PipeReader
	show   *io.PipeWriter
	sizes  []string
	block  chan struct{} // writes wait for it, unless nil
	silent bool          // it echoes nothing
}

func newFarEnd() *farEnd {
	f := &farEnd{}
	f.shows, f.show = io.Pipe()
	return f
}

func (f *farEnd) Read(p []byte) (int, error) { return f.shows.Read(p) }
func (f *farEnd) Write(p []byte) (int, error) {
	if f.block != nil {
		<-f.block
	}
	return f.lockedBuilder.Write(p)
}
func (f *farEnd) Close() error { return f.show.Close() }
func (f *farEnd) Resize(columns, rows int) {
	f.sizes = append(f.sizes, fmt.Sprintf("%dx%d", columns, rows))
}
func (f *farEnd) Special(key byte)    { fmt.Fprintf(&f.lockedBuilder, "<%c>", key) }
func (f *farEnd) SpecialHelp() string { return "^^B  sends BREAK\n" }
func (f *farEnd) LocalEcho() bool     { return f.silent }

func (p *parrot) Prompt() string { return "R1" + p.mode + "#" }
func (p *parrot) Run(line string) error {
	p.said = append(p.said, line)
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "exit":
		return p.Logout()
	case "config":
		p.mode = "(config)"
		p.UseHistory(ConfigHistory)
	case "lines":
		for i := range 30 {
			p.Printf("line %d\n", i+1)
		}
	case "ask":
		answer, err := p.Ask("Name? ")
		p.Printf("%q %v\n", answer, err)
		return err
	case "default":
		answer, err := p.Default("File", "x.cfg")
		p.Printf("%q %v\n", answer, err)
	case "secret":
		answer, err := p.Secret("Password: ")
		p.Printf("%q %v\n", answer, err)
	case "confirm":
		yes, err := p.Confirm("Sure?")
		p.Printf("%v %v\n", yes, err)
	case "connect":
		c, _ := p.Connect(rest, "10.0.0.2", p.far)
		return p.goOn(c)
	case "resume":
		return p.goOn(p.Current())
	case "wait":
		err := p.Breakable(func(ctx context.Context) error {
			p.Printf("waiting\n")
			if rest != "" {
				answer, err := p.Ask(rest + "? ")
				p.Printf("%q %v\n", answer, err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Minute):
			}
			return context.Cause(ctx)
		})
		p.Printf("%v\n", err)
	case "fail":
		return errors.New(rest)
	case "through":
		var b strings.Builder
		err := p.Through(&b, func() error { p.Say(rest); return nil })
		p.Printf("<%s>\n", b.String())
		return err
	}
	return nil
}
func (p *parrot) Leave()                      { p.mode = ""; p.UseHistory(CommandHistory) }
func (p *parrot) Help(line string)            { p.Println("help of " + line) }
func (p *parrot) Complete(line string) string { return line + "fig" }
func (p *parrot) Expiring() string            { return "expires" }
func (p *parrot) Mask() byte                  { return 0 }
func (p *parrot) More() (prompt, erase string) {
	return "--More--", "\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b"
}

var _ Shell = (*parrot)(nil)

// String is a line in the words of a configuration.
func (l *Line) String() string { return fmt.Sprintf("%v %d", l.Kind, l.Number) }
