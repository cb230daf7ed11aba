package model

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// ACL is a standard IP access list, numbered or named.
type ACL struct {
	Name    string
	Named   bool                     // ip access-list standard NAME
	Entries config.Table[aceID, ACE] // in the order of their sequence numbers
}

// Clone shares the entries.
func (a ACL) Clone() ACL {
	a.Entries = a.Entries.Clone()
	return a
}

// ACE is one entry of a standard access list. Bits set in Wildcard are free.
type ACE struct {
	Sequence          int
	Permit, Log       bool
	Remark            string
	Address, Wildcard uint32
}

// Permits reports whether the list lets an address pass. What no entry names is
// denied; a list without entries permits, as an undefined one does.
func (a ACL) Permits(addr netip.Addr) bool {
	addr = addr.Unmap()
	empty := true
	for e := range a.Entries.All() {
		if e.Remark != "" {
			continue
		}
		empty = false
		if addr.Is4() && (ipv4(addr)^e.Address)&^e.Wildcard == 0 {
			return e.Permit
		}
	}
	return empty
}

func ipv4(a netip.Addr) uint32 { b := a.As4(); return binary.BigEndian.Uint32(b[:]) }

// Dotted writes an address or a wildcard: 0.0.0.255.
func Dotted(n uint32) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b).String()
}

const aceGrammar = `{deny "Specify packets to reject" | permit "Specify packets to forward"}
	{any "Any source host" | host "A single host address" A.B.C.D$host "Host address"
	 | A.B.C.D$address "Address to match" [A.B.C.D$wildcard "Wildcard bits"]} [log "Log matches against this entry"]
	| remark "Access list entry comment" LINE$remark "Comment up to 100 characters"`

var numberedACLRows = []row[Config]{
	{`access-list "Add an access list entry" {<1-99>$acl "IP standard access list" | <1300-1999>$acl "IP standard access list (expanded range)"}
	  / {` + aceGrammar + `}`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			t.acl(c.Args.Get("acl"), false).add(aceOf(c.Args))
			return nil
		},
		// `no access-list N …` removes the whole list on a device.
		No: func(c *config.Call, t, _ *Config) error { t.ACLs.Delete(c.Args.Get("acl")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.ACLs.All() {
				for e := range a.Entries.All() {
					if !a.Named {
						v.Line("access-list %s %s", a.Name, *e)
					}
				}
			}
		},
	}},
}

var namedACLRows = []row[Config]{
	{`ip access-list "Named access-list" standard "Standard Access List"
	  {<1-99>$acl "Standard IP access-list number" | <1300-1999>$acl "Standard IP access-list number (expanded range)" | WORD$acl "Access-list name"}`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("acl")
			n, err := strconv.Atoi(name)
			if err == nil && !(n >= 1 && n <= 99 || n >= 1300 && n <= 1999) {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
			}
			t.acl(name, err != nil)
			c.Enter("std-nacl", name)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { t.ACLs.Delete(c.Args.Get("acl")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for a := range t.ACLs.All() {
				if a.Named {
					v.Line("ip access-list standard %s", a.Name)
					v.Body("std-nacl", a)
				}
			}
		},
	}},
}

// aclMode edits one access list.
var aclMode = &config.Mode[*Config, ACL]{
	Name: "std-nacl", Suffix: "config-std-nacl", Heading: "Standard Access List configuration commands:",
	At:    func(c *Config, key string) []*ACL { return []*ACL{c.acl(key, true)} },
	Fresh: func(*Config) *ACL { return &ACL{} },
	Groups: []config.Group[ACL]{group("std-nacl", []row[ACL]{
		{`[<1-2147483647>$sequence "Sequence Number"] {` + aceGrammar + `}`, config.Setting[ACL]{
			Set: func(c *config.Call, a, _ *ACL) error { a.add(aceOf(c.Args)); return nil },
			No:  func(c *config.Call, a, _ *ACL) error { a.remove(aceOf(c.Args)); return nil },
			Show: func(v *config.View, a, _ *ACL) {
				for e := range a.Entries.All() {
					v.Line("%s", *e)
				}
			},
		}},
	}...)},
}

// acl returns the list of that name to be edited, made when there is none.
func (c *Config) acl(name string, named bool) *ACL {
	if a := c.ACLs.Edit(name); a != nil {
		return a
	}
	return c.ACLs.Put(name, ACL{Name: name, Named: named})
}

// aceID is what an entry says: a list has it once.
type aceID struct {
	permit            bool
	remark            string
	address, wildcard uint32
}

func (e ACE) id() aceID { return aceID{e.Permit, e.Remark, e.Address, e.Wildcard} }

// add puts an entry at its sequence number, where it replaces another one, or ten
// behind the last.
func (a *ACL) add(e ACE) {
	if a.Entries.Has(e.id()) {
		return
	}
	last := a.Entries.Last()
	switch {
	case e.Sequence == 0 && last == nil:
		e.Sequence = 10
	case e.Sequence == 0:
		e.Sequence = last.Sequence + 10
	case last != nil && e.Sequence <= last.Sequence:
		a.Entries.DeleteFunc(func(_ aceID, o *ACE) bool { return o.Sequence == e.Sequence })
		a.Entries.Insert(e.id(), e, func(o *ACE) bool { return o.Sequence > e.Sequence })
		return
	}
	a.Entries.Put(e.id(), e)
}

func (a *ACL) remove(e ACE) {
	if e.Sequence == 0 {
		a.Entries.Delete(e.id())
		return
	}
	a.Entries.DeleteFunc(func(_ aceID, o *ACE) bool { return o.Sequence == e.Sequence })
}

func aceOf(a cli.Args) ACE {
	e := ACE{Permit: a.Has("permit"), Log: a.Has("log"), Remark: a.Get("remark")}
	e.Sequence, _ = a.Int("sequence")
	switch {
	case a.Has("any"):
		e.Wildcard = ^uint32(0)
	case a.Has("host"):
		e.Address = ipv4(netip.MustParseAddr(a.Get("host")))
	case a.Get("address") != "":
		e.Address = ipv4(netip.MustParseAddr(a.Get("address")))
		if w := a.Get("wildcard"); w != "" {
			e.Wildcard = ipv4(netip.MustParseAddr(w))
		}
	}
	e.Address &^= e.Wildcard
	return e
}

// String is the entry as configuration words.
func (e ACE) String() string {
	if e.Remark != "" {
		return "remark " + e.Remark
	}
	words := []string{"deny"}
	if e.Permit {
		words[0] = "permit"
	}
	switch e.Wildcard {
	case ^uint32(0):
		words = append(words, "any")
	case 0:
		words = append(words, Dotted(e.Address))
	default:
		words = append(words, Dotted(e.Address), Dotted(e.Wildcard))
	}
	if e.Log {
		words = append(words, "log")
	}
	return strings.Join(words, " ")
}
