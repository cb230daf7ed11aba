package config

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
)

// Rejected is a line of a configuration text that was not accepted.
type Rejected struct {
	Number int // from 1
	Line   string
	Err    error
}

// Masked is what an operator may read of r: it holds no secret.
func (r Rejected) Masked() Rejected {
	return Rejected{r.Number, Masked(r.Line), errors.New(Masked(r.Err.Error()))}
}

// Reader is who a configuration text is read for.
type Reader interface {
	// Say takes what an accepted command tells, Note what it leaves in the log,
	// Reject a line that was refused. They are called while the model is locked.
	Say(line string)
	Note(n Notice)
	Reject(r Rejected)
	// Act carries out an acting command, with nothing locked; before it, and at the
	// end of the text, Flush may pass on what was said.
	Act(r *Resolved)
	Flush()
}

// Paste is a configuration text on its way into a model, as if it were typed. It
// stops at each acting command.
type paste struct {
	Reader
	lang  *grammar
	facts any
	rand  io.Reader
	pos   *Position
	lines []string
	next  int
	early map[int]*early // by the index of the line

	prepared Prepared // the line that is applied: texts are long
	call     Call
}

// paste begins to read a text. A line ends where one does that is typed, at a CR;
// most have an LF behind it or in its place.
func (g *grammar) paste(text string, facts any, rand io.Reader, r Reader) *paste {
	if strings.Contains(text, "\r") {
		text = lineEnds.Replace(text)
	}
	return &paste{Reader: r, lang: g, facts: facts, rand: rand, pos: Top(), lines: strings.Split(text, "\n"), early: map[int]*early{}}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Read applies a text to the current model.
func (m *Machine[C]) Read(ctx context.Context, text string, rand io.Reader, r Reader) {
	t := m.paste(text, m.Facts, rand, r)
	t.lookAhead(ctx, m.Load())
	for {
		var act *Resolved
		m.Update(func(c C) error {
			act = t.run(ctx, c)
			return nil
		})
		r.Flush()
		if act == nil {
			return
		}
		r.Act(act)
	}
}

// run applies lines to a model until there is a command to act on, which it
// returns, or until the end of the text or of ctx: then it returns nil.
func (t *paste) run(ctx context.Context, root any) *Resolved {
	for t.next < len(t.lines) && t.pos != nil && ctx.Err() == nil {
		line := t.lines[t.next]
		t.next++
		number := t.next
		if t.lang.comment(line) || t.lang.header(line) {
			continue
		}
		act, err := t.apply(root, line)
		if err != nil {
			t.Reject(Rejected{number, line, err})
		}
		if act != nil {
			t.pos = Top()
			return act
		}
	}
	return nil
}

func (t *paste) apply(root any, line string) (act *Resolved, err error) {
	e := t.early[t.next-1]
	r, err := t.resolve(line, e)
	if err != nil {
		return nil, err
	}
	switch r.Act.(type) {
	case nil:
	case Exit:
		if t.pos = r.at.Up(); t.pos == nil {
			t.pos = Top()
		}
		return nil, nil
	case End:
		t.pos = nil
		return nil, nil
	default:
		return r, nil
	}
	p := &t.prepared
	t.call = Call{Args: r.Args, Facts: t.facts, Rand: t.rand, UI: t, Key: r.at.key, Root: root, Pasted: true}
	*p = Prepared{r, &t.call}
	if err := t.ask(p, e); err != nil {
		return nil, err
	}
	next, told, err := p.apply(root)
	for _, line := range told.Lines {
		t.Say(line)
	}
	for _, n := range told.Notes {
		t.Note(n)
	}
	if err == nil {
		t.pos = next
	}
	return nil, err
}

// resolve finds the command that a line is where the text stands.
func (t *paste) resolve(line string, e *early) (*Resolved, error) {
	if e == nil || t.pos.up != nil {
		return t.lang.resolveText(t.pos, line)
	}
	r := *e.Resolved
	r.at = t.pos
	return &r, nil
}

// ask is Prepared.ask, unless the line was asked early and is that command.
func (t *paste) ask(p *Prepared, e *early) error {
	if e == nil || !e.asked || e.cmd != p.cmd || p.form != Set {
		return p.ask()
	}
	p.call.Answer, p.call.Clear = e.call.Answer, e.call.Clear
	return e.err
}

// ErrEndOfText says that a text ended inside a command.
var ErrEndOfText = errors.New("config: end of text")

// Text is the next line, for a command that reads on (banners).
func (t *paste) Text() (string, error) {
	if t.next == len(t.lines) {
		return "", ErrEndOfText
	}
	t.next++
	return t.lines[t.next-1], nil
}

// Invite asks nobody.
func (t *paste) Invite(string) {}

// Secret and Confirm answer for a text: there is nobody to ask.
func (t *paste) Secret(string) (string, error) { return "", io.EOF }

// Confirm agrees.
func (t *paste) Confirm(string) (bool, error) { return true, nil }

// Script is what a configuration text led to; it passes over acting commands.
type Script struct {
	Lines    []string // what commands said
	Notes    []Notice // what they left for the log
	Rejected []Rejected
	// At is where the text ended, nil for outside the configuration modes.
	At *Position
}

// Say, Note, Reject, Act and Flush make a Script the Reader of its own text.
func (s *Script) Say(line string)   { s.Lines = append(s.Lines, line) }
func (s *Script) Note(n Notice)     { s.Notes = append(s.Notes, n) }
func (s *Script) Reject(r Rejected) { s.Rejected = append(s.Rejected, r) }
func (s *Script) Act(*Resolved)     {}
func (s *Script) Flush()            {}

// Parse applies a text to the factory configuration. Acting commands in it are
// passed over.
func (l *Language[C]) Parse(text string) (C, *Script) {
	c := l.Factory()
	return c, l.Merge(c, text)
}

// Merge is Parse on top of c, which it changes.
func (l *Language[C]) Merge(c C, text string) *Script {
	s := &Script{}
	t := l.paste(text, nil, rand.Reader, s)
	t.lookAhead(context.Background(), c)
	for t.run(context.Background(), c) != nil {
	}
	s.At = t.pos
	return s
}
