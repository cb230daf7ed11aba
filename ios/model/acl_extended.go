package model

import (
	"slices"
	"strconv"

	"vtylab/cli"
	"vtylab/config"
)

// ExtendedACL is an extended IP access list, by number or by name. Its entries are
// in the order of their numbers, and are replaced, never edited in place.
type ExtendedACL struct {
	Name    string
	Entries config.Table[string, ExtendedACE] // by their text
}

// Clone shares the entries.
func (a ExtendedACL) Clone() ExtendedACL {
	a.Entries = a.Entries.Clone()
	return a
}

// ExtendedACE is one entry: `permit tcp any any eq 22`, or a remark. What it says
// is read when a connection is held against it.
type ExtendedACE struct {
	Sequence int
	Text     string
}

const extendedNumbers = `<100-199>$acl "IP extended access list" | <2000-2699>$acl "IP extended access list (expanded range)"`

var numberedExtendedRows = []row[Config]{
	{`access-list "Add an access list entry" {` + extendedNumbers + `} / {` + extendedEntry + `}`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error { return t.extended(c.Args.Get("acl")).add(c.Args) },
		// `no access-list N …` removes the whole list on a device.
		No: dropExtended,
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.Extended.All() {
				for e := range a.Entries.All() {
					if a.numbered() && !shown(v).Release.Traits.NumbersEntries {
						v.Line("access-list %s %s", a.Name, e.Text)
					}
				}
			}
		},
	}},
}

var namedExtendedRows = []row[Config]{
	{`ip access-list "Named access-list" extended "Extended Access List" {` + extendedNumbers + ` | WORD$acl "Access-list name"}`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("acl")
			if _, err := strconv.Atoi(name); err == nil && !extendedNumber(name) {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
			}
			t.extended(name)
			c.Enter("ext-nacl", name)
			return nil
		},
		No: dropExtended,
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.Extended.All() {
				if !a.numbered() || shown(v).Release.Traits.NumbersEntries {
					v.Line("ip access-list extended %s", a.Name)
					v.Body("ext-nacl", a)
					v.Line("!")
				}
			}
		},
	}},
}

// extendedMode edits one list.
var extendedMode = &config.Mode[*Config, ExtendedACL]{
	Name: "ext-nacl", Suffix: "config-ext-nacl", Heading: "Extended Access List configuration commands:",
	At:    func(c *Config, key string) []*ExtendedACL { return []*ExtendedACL{c.extended(key)} },
	Fresh: func(*Config) *ExtendedACL { return &ExtendedACL{} },
	Groups: []config.Group[ExtendedACL]{group("ext-nacl", []row[ExtendedACL]{
		{`{` + extendedEntry + `} /`, config.Setting[ExtendedACL]{
			Set: func(c *config.Call, a, _ *ExtendedACL) error { return a.add(c.Args) },
			No:  func(c *config.Call, a, _ *ExtendedACL) error { a.remove(c.Args); return nil },
			Show: func(v *config.View, a, _ *ExtendedACL) {
				for e := range a.Entries.All() {
					if shown(v).Release.Traits.NumbersEntries {
						v.Line("%d %s", e.Sequence, e.Text)
					} else {
						v.Line("%s", e.Text)
					}
				}
			},
		}},
		{`<1-2147483647>$sequence "Sequence Number" / {` + extendedEntry + `}`, config.Alternate(config.Setting[ExtendedACL]{
			Set: func(c *config.Call, a, _ *ExtendedACL) error { return a.add(c.Args) },
			No:  func(c *config.Call, a, _ *ExtendedACL) error { a.remove(c.Args); return nil },
		})},
	}...)},
}

// extended returns the list of that name, made when there is none.
func (c *Config) extended(name string) *ExtendedACL {
	if a := c.Extended.Edit(name); a != nil {
		return a
	}
	return c.Extended.Put(name, ExtendedACL{Name: name})
}

func dropExtended(c *config.Call, t, _ *Config) error {
	t.Extended.Delete(c.Args.Get("acl"))
	return nil
}

// numbered lists print without numbers of their entries, as `access-list N`.
func (a *ExtendedACL) numbered() bool { return extendedNumber(a.Name) }

func extendedNumber(name string) bool {
	n, err := strconv.Atoi(name)
	return err == nil && (n >= 100 && n <= 199 || n >= 2000 && n <= 2699)
}

// entryOf is an entry as typed, Sequence 0 without a number.
func entryOf(a cli.Args) ExtendedACE {
	e := ExtendedACE{}
	e.Sequence, _ = a.Int("sequence")
	start := slices.IndexFunc(a, func(w cli.Word) bool { return w.Name != "acl" && w.Name != "sequence" && w.Text != "access-list" })
	if start >= 0 {
		e.Text = config.Printed(a[start:])
	}
	return e
}

// add puts an entry at its number, or ten behind the last; what is there already
// stays where it is.
func (a *ExtendedACL) add(args cli.Args) error {
	e := entryOf(args)
	if a.Entries.Has(e.Text) {
		return nil
	}
	last := 0
	if l := a.Entries.Last(); l != nil {
		last = l.Sequence
	}
	if e.Sequence == 0 {
		e.Sequence = last + 10
	}
	if e.Sequence > maxSequence {
		return config.Refusal("% Sequence number exceeds the maximum") // from memory
	}
	if e.Sequence > last {
		a.Entries.Put(e.Text, e)
		return nil
	}
	for o := range a.Entries.All() {
		if o.Sequence == e.Sequence {
			return config.Refusal("% Duplicate sequence number") // the sentence is documented, its mark is not
		}
	}
	a.Entries.Insert(e.Text, e, func(o *ExtendedACE) bool { return o.Sequence > e.Sequence })
	return nil
}

// maxSequence is the highest number of an entry.
const maxSequence = 2147483647

// remove drops the entry of that number, or of that text.
func (a *ExtendedACL) remove(args cli.Args) {
	e := entryOf(args)
	if e.Sequence == 0 {
		a.Entries.Delete(e.Text)
		return
	}
	a.Entries.DeleteFunc(func(_ string, o *ExtendedACE) bool { return o.Sequence == e.Sequence })
}
