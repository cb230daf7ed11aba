package config

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
)

// ACL is a standard IP access list, numbered or named.
type ACL struct {
	Name    string
	Named   bool // ip access-list standard NAME
	Entries []ACE
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
	for _, e := range a.Entries {
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

var numberedACLRows = []Row[Config]{
	{`access-list "Add an access list entry" {<1-99>$acl "IP standard access list" | <1300-1999>$acl "IP standard access list (expanded range)"}
	  / {` + aceGrammar + `}`, Setting[Config]{
		Set: func(c *Call, t, _ *Config) error {
			t.acl(c.Args.Get("acl"), false).add(aceOf(c.Args))
			return nil
		},
		// `no access-list N …` removes the whole list on a device.
		No: func(c *Call, t, _ *Config) error { t.dropACL(c.Args.Get("acl")); return nil },
		Show: func(v *View, t, _ *Config) {
			for _, a := range t.ACLs {
				for _, e := range a.Entries {
					if !a.Named {
						v.Line("access-list %s %s", a.Name, e)
					}
				}
			}
		},
	}},
}

var namedACLRows = []Row[Config]{
	{`ip access-list "Named access-list" standard "Standard Access List"
	  {<1-99>$acl "Standard IP access-list number" | <1300-1999>$acl "Standard IP access-list number (expanded range)" | WORD$acl "Access-list name"}`, Setting[Config]{
		Set: func(c *Call, t, _ *Config) error {
			name := c.Args.Get("acl")
			n, err := strconv.Atoi(name)
			if err == nil && !(n >= 1 && n <= 99 || n >= 1300 && n <= 1999) {
				return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
			}
			t.acl(name, err != nil)
			c.Enter("std-nacl", name)
			return nil
		},
		No: func(c *Call, t, _ *Config) error { t.dropACL(c.Args.Get("acl")); return nil },
		Show: func(v *View, t, _ *Config) {
			for _, a := range t.ACLs {
				if a.Named {
					v.Line("ip access-list standard %s", a.Name)
					v.Body("std-nacl", &a)
				}
			}
		},
	}},
}

// aclMode edits one access list.
var aclMode = &modeOf[ACL]{
	name: "std-nacl", suffix: "config-std-nacl", heading: "Standard Access List configuration commands:",
	locate: func(c *Config, key string) []*ACL { return []*ACL{c.acl(key, true)} },
	fresh:  func(*Language) *ACL { return &ACL{} },
	groups: []group[ACL]{{"std-nacl", []Row[ACL]{
		{`[<1-2147483647>$sequence "Sequence Number"] {` + aceGrammar + `}`, Setting[ACL]{
			Set: func(c *Call, a, _ *ACL) error { a.add(aceOf(c.Args)); return nil },
			No:  func(c *Call, a, _ *ACL) error { a.remove(aceOf(c.Args)); return nil },
			Show: func(v *View, a, _ *ACL) {
				for _, e := range a.Entries {
					v.Line("%s", e)
				}
			},
		}},
	}}},
}

// acl returns the list of that name, made when there is none.
func (c *Config) acl(name string, named bool) *ACL {
	i := slices.IndexFunc(c.ACLs, func(a ACL) bool { return a.Name == name })
	if i < 0 {
		c.ACLs = append(c.ACLs, ACL{Name: name, Named: named})
		i = len(c.ACLs) - 1
	}
	return &c.ACLs[i]
}

func (c *Config) dropACL(name string) {
	c.ACLs = slices.DeleteFunc(slices.Clone(c.ACLs), func(a ACL) bool { return a.Name == name })
}

// add puts an entry at its sequence number, or ten behind the last.
func (a *ACL) add(e ACE) {
	if e.same(a.Entries) {
		return
	}
	entries := slices.Clone(a.Entries)
	if e.Sequence == 0 {
		e.Sequence = 10
		if n := len(entries); n > 0 {
			e.Sequence = entries[n-1].Sequence + 10
		}
	}
	entries = slices.DeleteFunc(entries, func(o ACE) bool { return o.Sequence == e.Sequence })
	entries = append(entries, e)
	slices.SortStableFunc(entries, func(x, y ACE) int { return x.Sequence - y.Sequence })
	a.Entries = entries
}

func (a *ACL) remove(e ACE) {
	a.Entries = slices.DeleteFunc(slices.Clone(a.Entries), func(o ACE) bool {
		if e.Sequence != 0 {
			return o.Sequence == e.Sequence
		}
		return e.same([]ACE{o})
	})
}

// same reports whether one of entries says the same as e.
func (e ACE) same(entries []ACE) bool {
	return slices.ContainsFunc(entries, func(o ACE) bool {
		o.Sequence, o.Log = e.Sequence, e.Log
		return o == e
	})
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
