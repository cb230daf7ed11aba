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

// Listener is who a configuration text is read for.
type Listener interface {
	// Say takes what an accepted command tells, Note what it leaves in the log,
	// Reject a line that was refused.
	Say(line string)
	Note(n Notice)
	Reject(r Rejected)
	// HasSSHKey reports whether a key exists that SSH can use under c.
	HasSSHKey(c *Config) bool
}

// Paste is a configuration text on its way into a configuration, as if it were
// typed. It stops at each acting command, which is its caller's to do.
type Paste struct {
	Listener
	lang  *Language
	pos   *Position
	lines []string
	next  int
}

// Paste begins to read a configuration text. A line ends where one does that is
// typed, at a CR; most have an LF behind it or in its place.
func (l *Language) Paste(text string, ear Listener) *Paste {
	return &Paste{Listener: ear, lang: l, pos: Top(), lines: strings.Split(lineEnds.Replace(text), "\n")}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Run applies lines to c until there is a command to act on, which it returns,
// or until the end or the end of ctx: then it returns nil. Lines that the
// device rejects are reported, the rest is applied.
func (t *Paste) Run(ctx context.Context, c *Config) *Resolved {
	for t.next < len(t.lines) && t.pos != nil && ctx.Err() == nil {
		line := t.lines[t.next]
		t.next++
		number := t.next
		if Comment(line) || header(line) {
			continue
		}
		act, err := t.apply(c, line)
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

// Comment reports whether a line holds nothing to do.
func Comment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '!'
}

// header reports whether a line is one that show running-config and show
// startup-config put in front: captures are pasted with them.
func header(line string) bool {
	for _, h := range []string{"Building configuration...", "Current configuration :", "Using "} {
		if strings.HasPrefix(line, h) {
			return true
		}
	}
	return false
}

func (t *Paste) apply(c *Config, line string) (act *Resolved, err error) {
	r, err := t.lang.Resolve(t.pos, line, configLevel)
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
	if err := r.prepare(t, rand.Reader, true); err != nil {
		return nil, err
	}
	next, err := r.Apply(c)
	for _, line := range r.Said() {
		t.Say(line)
	}
	for _, n := range r.Notes() {
		t.Note(n)
	}
	if err == nil {
		t.pos = next
	}
	return nil, err
}

// errEndOfText says that a text ended inside a command.
var errEndOfText = errors.New("config: end of text")

// Text is the next line, for a command that reads on (banners).
func (t *Paste) Text() (string, error) {
	if t.next == len(t.lines) {
		return "", errEndOfText
	}
	t.next++
	return t.lines[t.next-1], nil
}

// Invite asks nobody.
func (t *Paste) Invite(string) {}

// Secret and Confirm answer for a text: there is nobody to ask.
func (t *Paste) Secret(string) (string, error) { return "", io.EOF }

// Confirm agrees.
func (t *Paste) Confirm(string) (bool, error) { return true, nil }

// Script is what a configuration text led to.
type Script struct {
	Config   *Config
	Rejected []Rejected
}

// Say, Note, Reject and HasSSHKey make a Script listen to its own text.
func (s *Script) Say(string)             {}
func (s *Script) Note(Notice)            {}
func (s *Script) Reject(r Rejected)      { s.Rejected = append(s.Rejected, r) }
func (s *Script) HasSSHKey(*Config) bool { return true }

// Parse applies a text to the factory configuration. Acting commands in it are
// passed over.
func (l *Language) Parse(text string) *Script { return l.Merge(l.Factory(), text) }

// Merge is Parse on top of c.
func (l *Language) Merge(c *Config, text string) *Script {
	s := &Script{Config: c}
	t := l.Paste(text, s)
	for t.Run(context.Background(), c) != nil {
	}
	return s
}
