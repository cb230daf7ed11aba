package config

import (
	"context"
	"io"

	"vtylab/cli"
)

// Running is the configuration of one device without the type of its model:
// what a device needs of it.
type Running interface {
	// Resolve, Help, Complete and Suffix are those of the Language.
	Resolve(p *Position, line string, who Access) (*Resolved, error)
	Help(p *Position, line string, who Access) (h cli.Help, heading string, err error)
	Complete(p *Position, line string, who Access) (string, bool)
	Suffix(p *Position) string
	// Prepare asks ui what the command needs to know. It blocks while the user
	// thinks, and must come before Commit.
	Prepare(r *Resolved, ui UI, rand io.Reader) (*Prepared, error)
	// Commit makes the change, and says where the user stands then: nil for outside
	// the configuration modes. An error, a Refusal or a *cli.Error, means that
	// nothing has changed.
	Commit(p *Prepared) (next *Position, told Told, err error)
	// Read applies a text, up to its end or that of ctx. Lines that are refused are
	// reported and the rest is applied; acting commands are the reader's, between
	// two changes.
	Read(ctx context.Context, text string, rand io.Reader, reader Reader)
	// Render is NVGEN.
	Render(all bool) string
	// Comment reports a line that holds nothing to do.
	Comment(line string) bool
}

// Told is what a command had to say.
type Told struct {
	Lines []string // to the user
	Notes []Notice // to the log
}

// Machine is the configuration of one device: its language and its store.
type Machine[C Model[C]] struct {
	*Language[C]
	*Store[C]
	// Facts are what the rows may ask of the device.
	Facts any
}

// Reset makes the configuration that of a device which boots: the factory's, or with
// blank what a start-up configuration is applied to. All devices share it until it
// is changed.
func (m *Machine[C]) Reset(blank bool) {
	if blank {
		m.Replace(m.Language.blank)
	} else {
		m.Replace(m.Language.factory)
	}
}

// NewMachine returns the configuration of a device as it is born.
func NewMachine[C Model[C]](l *Language[C], facts any) *Machine[C] {
	return &Machine[C]{l, NewStore(l.factory), facts}
}

// Comment reports a line that holds nothing to do.
func (g *grammar) Comment(line string) bool { return g.comment(line) }

// Prepared is a command that has asked what it needs to know.
type Prepared struct {
	*Resolved
	call *Call
}

// Prepare asks ui what the command needs to know.
func (m *Machine[C]) Prepare(r *Resolved, ui UI, rand io.Reader) (*Prepared, error) {
	p := &Prepared{r, &Call{Args: r.Args, Facts: m.Facts, Rand: rand, UI: ui, Key: r.at.key, Root: m.Load()}}
	return p, p.ask()
}

func (p *Prepared) ask() error {
	if p.cmd.ask == nil || p.form == Default {
		return nil
	}
	if p.form == No {
		p.call.Args = append(cli.Args{{Text: "no", Keyword: true}}, p.Args...)
		defer func() { p.call.Args = p.Args }()
	}
	return p.cmd.ask(p.call)
}

// Commit makes the change through the store.
func (m *Machine[C]) Commit(p *Prepared) (next *Position, told Told, err error) {
	err = m.Update(func(c C) error {
		next, told, err = p.apply(c)
		return err
	})
	return next, told, err
}

// said keeps what a command says while the model is locked: a terminal may take
// its time.
type said struct {
	UI
	lines []string
}

func (s *said) Say(line string) { s.lines = append(s.lines, line) }

// apply makes the change in a model. With an error that is half changed and has
// to be dropped, and the command leaves nothing in the log.
func (p *Prepared) apply(root any) (*Position, Told, error) {
	ui := &said{UI: p.call.UI}
	p.call.Root, p.call.UI = root, ui
	if err := p.cmd.edit(p.call, p.form); err != nil {
		return p.at, Told{Lines: ui.lines}, err
	}
	told := Told{ui.lines, p.call.notes}
	if p.leaves {
		return nil, told, nil
	}
	next := p.at
	for _, e := range p.call.enter {
		next = next.down(e)
	}
	return next, told, nil
}

// Render is NVGEN of the current model.
func (m *Machine[C]) Render(all bool) string { return m.Language.Render(m.Load(), all) }
