package config

import (
	"slices"
	"strconv"

	"vtylab/cli"
)

// ExtendedACL is an extended IP access list, by number or by name. Its entries are
// in the order of their numbers, and are replaced, never edited in place.
type ExtendedACL struct {
	Name    string
	Entries []ExtendedACE
}

// ExtendedACE is one entry: `permit tcp any any eq 22`, or a remark. What it says
// is read when a connection is held against it.
type ExtendedACE struct {
	Sequence int
	Text     string
}

const extendedNumbers = `<100-199>$acl "IP extended access list" | <2000-2699>$acl "IP extended access list (expanded range)"`

var numberedExtendedRows = []Row[Config]{
	{`access-list "Add an access list entry" {` + extendedNumbers + `} / {` + extendedEntry + `}`, Setting[Config]{
		Set: func(c *Call, t, _ *Config) error { return t.extended(c.Args.Get("acl")).add(c.Args) },
		// `no access-list N …` removes the whole list on a device.
		No: dropExtended,
		Show: func(v *View, t, _ *Config) {
			for _, a := range t.Extended {
				for _, e := range a.Entries {
					if a.numbered() && !v.Traits.NumbersEntries {
						v.Line("access-list %s %s", a.Name, e.Text)
					}
				}
			}
		},
	}},
}

var namedExtendedRows = []Row[Config]{
	{`ip access-list "Named access-list" extended "Extended Access List" {` + extendedNumbers + ` | WORD$acl "Access-list name"}`, Setting[Config]{
		Set: func(c *Call, t, _ *Config) error {
			name := c.Args.Get("acl")
			if _, err := strconv.Atoi(name); err == nil && !extendedNumber(name) {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
			}
			t.extended(name)
			c.Enter("ext-nacl", name)
			return nil
		},
		No: dropExtended,
		Show: func(v *View, t, _ *Config) {
			for _, a := range t.Extended {
				if !a.numbered() || v.Traits.NumbersEntries {
					v.Line("ip access-list extended %s", a.Name)
					v.Body("ext-nacl", &a)
					v.Line("!")
				}
			}
		},
	}},
}

// extendedMode edits one list.
var extendedMode = &modeOf[ExtendedACL]{
	name: "ext-nacl", suffix: "config-ext-nacl", heading: "Extended Access List configuration commands:",
	locate: func(c *Config, key string) []*ExtendedACL { return []*ExtendedACL{c.extended(key)} },
	fresh:  func(*Language) *ExtendedACL { return &ExtendedACL{} },
	groups: []group[ExtendedACL]{{"ext-nacl", []Row[ExtendedACL]{
		{`{` + extendedEntry + `} /`, Setting[ExtendedACL]{
			Set: func(c *Call, a, _ *ExtendedACL) error { return a.add(c.Args) },
			No:  func(c *Call, a, _ *ExtendedACL) error { a.remove(c.Args); return nil },
			Show: func(v *View, a, _ *ExtendedACL) {
				for _, e := range a.Entries {
					if v.Traits.NumbersEntries {
						v.Line("%d %s", e.Sequence, e.Text)
					} else {
						v.Line("%s", e.Text)
					}
				}
			},
		}},
		{`<1-2147483647>$sequence "Sequence Number" / {` + extendedEntry + `}`, Alternate(Setting[ExtendedACL]{
			Set: func(c *Call, a, _ *ExtendedACL) error { return a.add(c.Args) },
			No:  func(c *Call, a, _ *ExtendedACL) error { a.remove(c.Args); return nil },
		})},
	}}},
}

// extended returns the list of that name, made when there is none.
func (c *Config) extended(name string) *ExtendedACL {
	i := slices.IndexFunc(c.Extended, func(a ExtendedACL) bool { return a.Name == name })
	if i < 0 {
		c.Extended = append(c.Extended, ExtendedACL{Name: name})
		i = len(c.Extended) - 1
	}
	return &c.Extended[i]
}

func dropExtended(c *Call, t, _ *Config) error {
	t.Extended = slices.DeleteFunc(slices.Clone(t.Extended), func(a ExtendedACL) bool { return a.Name == c.Args.Get("acl") })
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
		e.Text = printed(a[start:])
	}
	return e
}

// add puts an entry at its number, or ten behind the last; what is there already
// stays where it is.
func (a *ExtendedACL) add(args cli.Args) error {
	e := entryOf(args)
	if slices.ContainsFunc(a.Entries, func(o ExtendedACE) bool { return o.Text == e.Text }) {
		return nil
	}
	last := 0
	if n := len(a.Entries); n > 0 {
		last = a.Entries[n-1].Sequence
	}
	if e.Sequence == 0 {
		e.Sequence = last + 10
	}
	if e.Sequence > maxSequence {
		return Refusal("% Sequence number exceeds the maximum") // from memory
	}
	if e.Sequence > last {
		a.Entries = append(a.Entries, e)
		return nil
	}
	i, taken := slices.BinarySearchFunc(a.Entries, e, func(x, y ExtendedACE) int { return x.Sequence - y.Sequence })
	if taken {
		return Refusal("% Duplicate sequence number") // the sentence is documented, its mark is not
	}
	a.Entries = slices.Insert(slices.Clone(a.Entries), i, e)
	return nil
}

// maxSequence is the highest number of an entry.
const maxSequence = 2147483647

// remove drops the entry of that number, or of that text.
func (a *ExtendedACL) remove(args cli.Args) {
	e := entryOf(args)
	a.Entries = slices.DeleteFunc(slices.Clone(a.Entries), func(o ExtendedACE) bool {
		return e.Sequence != 0 && o.Sequence == e.Sequence || e.Sequence == 0 && o.Text == e.Text
	})
}
