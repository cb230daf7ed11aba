package config

import (
	"vtylab/cli"
)

// Definition is the rows of one mode, of whatever type.
type Definition[C Model[C]] interface {
	declare(l *Language[C], rows rowsByMode)
}

// Mode declares a mode that edits Ts of a C.
type Mode[C Model[C], T any] struct {
	Name, Suffix, Heading string
	// Closing, when not "", is a word that leaves the mode as exit does.
	Closing string
	// At finds what a place of this mode edits, by the place's key: T's of a model
	// that is being edited.
	At func(c C, key string) []*T
	// Fresh is a T with its default values, taken from the bare model.
	Fresh func(bare C) *T
	// Keeps is where a T keeps commands without behaviour; nil: the mode has none.
	Keeps func(*T) *PassiveLines
	// Free, when not nil, sees a line before the commands do.
	Free   FreeText
	Groups []Group[T]
}

// Group is a run of rows that NVGEN prints together; the layout names it.
type Group[T any] struct {
	Name string
	Rows []Row[T]
}

func (d *Mode[C, T]) declare(l *Language[C], rows rowsByMode) {
	fresh := d.Fresh(l.bare)
	m := &mode{name: d.Name, suffix: d.Suffix, heading: d.Heading, closing: d.Closing, free: d.Free, fresh: fresh}
	if d.Name == Global {
		m.kept = func(root any, _ string) []*PassiveLines { return []*PassiveLines{&l.keeps(root).Lines} }
	}
	if d.Keeps != nil {
		m.keptBy = func(target any) *PassiveLines { return d.Keeps(target.(*T)) }
		m.kept = func(root any, key string) []*PassiveLines {
			var all []*PassiveLines
			for _, t := range d.At(root.(C), key) {
				all = append(all, d.Keeps(t))
			}
			return all
		}
	}
	l.modes[d.Name] = m
	for _, g := range d.Groups {
		for _, r := range g.Rows {
			rows.add(d.Name, cli.Row[*command]{Syntax: r.Syntax, Level: Level, Do: d.erase(g.Name, r.Does, fresh)})
		}
	}
}

// erase makes a command of a Setting.
func (d *Mode[C, T]) erase(group string, s Setting[T], fresh *T) *command {
	forms := map[Form]func(*Call, *T, *T) error{Set: s.Set, No: s.No, Default: s.Reset}
	if s.Reset == nil {
		forms[Default] = s.No
	}
	cmd := &command{group: group, ask: s.Before, ahead: s.Ahead}
	cmd.edit = func(c *Call, f Form) error {
		form := forms[f]
		if form == nil {
			return &cli.Error{Kind: cli.Incomplete}
		}
		for _, t := range d.At(c.Root.(C), c.Key) {
			if err := form(c, t, fresh); err != nil {
				return err
			}
		}
		return nil
	}
	if s.Show != nil {
		cmd.show = func(v *View, target, fresh any) { s.Show(v, target.(*T), fresh.(*T)) }
	}
	return cmd
}
