package model

import (
	"encoding/binary"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/network"
)

// ACLKind is what an access list is made of.
type ACLKind int

// The kinds of access lists, in the order in which `show access-lists` lists them.
const (
	StandardACL ACLKind = iota // the source alone
	ExtendedACL
	IPv6ACL
)

// header is the command that leads into a list by its name.
func (k ACLKind) header() string {
	return [...]string{"ip access-list standard ", "ip access-list extended ", "ipv6 access-list "}[k]
}

// ACLID is the key of Config.ACLs: lists of different kinds may have one name.
type ACLID struct {
	Kind ACLKind
	Name string
}

// ACL is an access list by number or by name.
type ACL struct {
	ACLID
	Entries  config.Table[string, ACE] // by ACE.id, in the order of their numbers
	compiled *compiledACL
}

// compiledACL is a list in the form that connections are held against, made when
// the first one is.
type compiledACL struct {
	once sync.Once
	list *network.List
}

// ACE is one entry of an access list, or a remark.
type ACE struct {
	Sequence int
	Text     string // as it prints, without its number
	Remark   bool
	// Says is what decides whether the entry fits; its Line and Sequence stay empty. Its
	// Hits are shared by all snapshots that have the entry.
	Says network.Entry
}

// Clone shares the entries.
func (a ACL) Clone() ACL {
	a.Entries = a.Entries.Clone()
	a.compiled = new(compiledACL)
	return a
}

// Numbered lists print their entries as `access-list NUMBER …`.
func (a *ACL) Numbered() bool { return isNumber(a.Name) }

func isNumber(name string) bool { return strings.Trim(name, "0123456789") == "" }

// standardNumber and extendedNumber report whether a list of that kind may have
// that number.
func standardNumber(name string) bool {
	n, err := strconv.Atoi(name)
	return err == nil && (n >= 1 && n <= 99 || n >= 1300 && n <= 1999)
}

func extendedNumber(name string) bool {
	n, err := strconv.Atoi(name)
	return err == nil && (n >= 100 && n <= 199 || n >= 2000 && n <= 2699)
}

// acl returns the list of that kind and name to be edited, made when there is
// none.
func (c *Config) acl(kind ACLKind, name string) *ACL {
	id := ACLID{kind, name}
	if a := c.ACLs.Edit(id); a != nil {
		return a
	}
	return c.ACLs.Put(id, ACL{ACLID: id, compiled: new(compiledACL)})
}

// ACLsOf are the lists of a kind, in the order in which they were made.
func (c *Config) ACLsOf(kind ACLKind) iter.Seq[*ACL] {
	return func(yield func(*ACL) bool) {
		for a := range c.ACLs.All() {
			if a.Kind == kind && !yield(a) {
				return
			}
		}
	}
}

// List returns the IPv4 access list of a number or name; nil when it is not
// defined.
func (c *Config) List(name string) *network.List {
	for _, kind := range []ACLKind{StandardACL, ExtendedACL} {
		if a, ok := c.ACLs.Get(ACLID{kind, name}); ok {
			return a.List()
		}
	}
	return nil
}

// IPv6List returns the IPv6 access list of a name; nil when it is not defined.
func (c *Config) IPv6List(name string) *network.List {
	if a, ok := c.ACLs.Get(ACLID{IPv6ACL, name}); ok {
		return a.List()
	}
	return nil
}

// Permits holds a connection to the device against the IPv4 access list of a
// number or name, and returns the line that decided. A destination in the list is
// any address of the device's interfaces, because a connection that arrives over
// the host has one of the host's. A list that is not defined permits, as "" does.
func (c *Config) Permits(list string, f network.Flow) (permit bool, line string) {
	return c.List(list).PermitsTo(f, c.addresses())
}

// PermitsIPv6 is Permits for an IPv6 access list.
func (c *Config) PermitsIPv6(list string, f network.Flow) (permit bool, line string) {
	return c.IPv6List(list).PermitsTo(f, c.addresses())
}

// Admit is Permits for a connection that has come: the entry that decides counts it.
// Logged is what is to be logged of it, nil for nothing.
func (c *Config) Admit(list string, f network.Flow) (permit bool, line string, logged *network.Match) {
	return c.List(list).Admit(f, c.addresses())
}

// addresses are those of the device's interfaces.
func (c *Config) addresses() iter.Seq[netip.Addr] {
	return func(yield func(netip.Addr) bool) {
		for i := range c.Interfaces.All() {
			for p := range i.Addresses() {
				if !yield(p.Addr()) {
					return
				}
			}
		}
	}
}

// ClearHits lets all entries count from 0. It changes no snapshot.
func (a *ACL) ClearHits() {
	for e := range a.Entries.All() {
		if !e.Remark {
			e.Says.Hits.Clear()
		}
	}
}

// List is the list in the form that connections are held against.
func (a *ACL) List() *network.List {
	a.compiled.once.Do(func() {
		l := &network.List{Name: a.Name}
		for e := range a.Entries.All() {
			if !e.Remark {
				says := e.Says
				says.Line, says.Sequence = a.line(e), e.Sequence
				l.Entries = append(l.Entries, says)
			}
		}
		a.compiled.list = l
	})
	return a.compiled.list
}

// line is an entry on a line of its own.
func (a *ACL) line(e *ACE) string {
	if a.Numbered() {
		return "access-list " + a.Name + " " + e.Text
	}
	return a.Kind.header() + a.Name + " " + e.Text
}

// id is what a list has once: `log` makes no difference to a standard entry.
func (a *ACL) id(e ACE) string {
	if a.Kind == StandardACL && !e.Remark {
		return strings.TrimSuffix(e.Text, " log")
	}
	return e.Text
}

// maxSequence is the highest number of an entry.
const maxSequence = 2147483647

// add puts an entry at its number, or ten behind the last; what is there already
// stays where it is.
func (a *ACL) add(e ACE) error {
	id := a.id(e)
	if a.Entries.Has(id) {
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
	if !e.Remark {
		e.Says.Hits = new(network.Hits)
	}
	if e.Sequence > last {
		a.Entries.Put(id, e)
		return nil
	}
	for o := range a.Entries.All() {
		if o.Sequence == e.Sequence {
			return config.Refusal("% Duplicate sequence number") // the sentence is documented, its mark is not
		}
	}
	a.Entries.Insert(id, e, func(o *ACE) bool { return o.Sequence > e.Sequence })
	return nil
}

// remove drops the entry of that number, or without one the entry that says that.
func (a *ACL) remove(e ACE) {
	if e.Sequence == 0 {
		a.Entries.Delete(a.id(e))
		return
	}
	a.Entries.DeleteFunc(func(_ string, o *ACE) bool { return o.Sequence == e.Sequence })
}

// numberedACL is `access-list NUMBER ENTRY`.
func numberedACL(kind ACLKind) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			return t.acl(kind, c.Args.Get("acl")).add(aceOf(kind, c.Args))
		},
		// `no access-list N …` removes the whole list on a device.
		No: dropACL(kind),
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.ACLsOf(kind) {
				if !printsAsBlock(v, a) {
					for e := range a.Entries.All() {
						v.Line("access-list %s %s", a.Name, e.Text)
					}
				}
			}
		},
	}
}

// namedACL leads into a list; fits reports whether a number is one of the kind.
func namedACL(kind ACLKind, fits func(number string) bool) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("acl")
			if isNumber(name) && !fits(name) {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
			}
			t.acl(kind, name)
			c.Enter(aclModes[kind], name)
			return nil
		},
		No: dropACL(kind),
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.ACLsOf(kind) {
				if printsAsBlock(v, a) {
					v.Line("%s%s", kind.header(), a.Name)
					v.Body(aclModes[kind], a)
					if kind != StandardACL {
						v.Line("!")
					}
				}
			}
		},
	}
}

func dropACL(kind ACLKind) func(c *config.Call, t, _ *Config) error {
	return func(c *config.Call, t, _ *Config) error {
		t.ACLs.Delete(ACLID{kind, c.Args.Get("acl")})
		return nil
	}
}

// printsAsBlock reports whether a list prints as one that has a name.
func printsAsBlock(v *config.View, a *ACL) bool {
	return !a.Numbered() || a.Kind == ExtendedACL && shown(v).Release.Traits.NumbersEntries
}

// aclModes are the modes that edit one list, by its kind.
var aclModes = [...]string{"std-nacl", "ext-nacl", "ipv6-acl"}

// aclMode edits the entries of one list. In front of them, or alone behind `no`,
// stands a number: that is sequence's grammar.
func aclMode(kind ACLKind, heading, sequence, entry string) *config.Mode[*Config, ACL] {
	set := config.Setting[ACL]{
		Set: func(c *config.Call, a, _ *ACL) error { return a.add(aceOf(kind, c.Args)) },
		No:  func(c *config.Call, a, _ *ACL) error { a.remove(aceOf(kind, c.Args)); return nil },
		Show: func(v *config.View, a, _ *ACL) {
			last := 0
			for e := range a.Entries.All() {
				v.Line("%s%s", shownNumber(v, a, last, e), e.Text)
				last = e.Sequence
			}
		},
	}
	return &config.Mode[*Config, ACL]{
		Name: aclModes[kind], Suffix: "config-" + aclModes[kind], Heading: heading,
		At:    func(c *Config, key string) []*ACL { return []*ACL{c.acl(kind, key)} },
		Fresh: func(*Config) *ACL { return &ACL{} },
		Groups: []config.Group[ACL]{group(aclModes[kind], []row[ACL]{
			{`{` + entry + `} /`, set},
			{sequence + ` / {` + entry + `}`, config.Alternate(set)},
		}...)},
	}
}

// shownNumber is what stands in front of an entry that prints in a block: releases
// that number entries do so in all but standard lists. The others number those of
// IPv6 lists that would get another number when they are read (from memory).
func shownNumber(v *config.View, a *ACL, last int, e *ACE) string {
	numbers := shown(v).Release.Traits.NumbersEntries
	switch {
	case a.Kind == ExtendedACL && numbers:
		return itoa(e.Sequence) + " "
	case a.Kind == IPv6ACL && (numbers || e.Sequence != last+10):
		return "sequence " + itoa(e.Sequence) + " "
	}
	return ""
}

// aceOf is an entry as typed, Sequence 0 without a number.
func aceOf(kind ACLKind, a cli.Args) ACE {
	e := ACE{Remark: a.Has("remark")}
	e.Sequence, _ = a.Int("sequence")
	words := entryWords(a)
	switch {
	case e.Remark:
		e.Text = config.Printed(words)
	case kind == StandardACL:
		e.Says = standardEntry(words)
		e.Text = standardText(e.Says, words.Has("log"))
	default:
		e.Says, e.Text = extendedEntry(kind, words), config.Printed(words)
	}
	return e
}

// entryWords are the words of an entry without its number and that of the list.
func entryWords(a cli.Args) cli.Args {
	return slices.DeleteFunc(slices.Clone(a), func(w cli.Word) bool {
		return w.Name == "acl" || w.Name == "sequence" || w.Keyword && (w.Text == "access-list" || w.Text == "sequence")
	})
}

func ipv4(a netip.Addr) uint32 { b := a.As4(); return binary.BigEndian.Uint32(b[:]) }

func dotted(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// allFree are the wildcard bits of `any` in IPv4.
var allFree = dotted(^uint32(0))

// wildcard is the set of an IPv4 address and its wildcard bits.
func wildcard(address, free netip.Addr) network.Addresses {
	return network.Addresses{Address: dotted(ipv4(address) &^ ipv4(free)), Free: free}
}
