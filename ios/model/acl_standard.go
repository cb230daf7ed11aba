package model

import (
	"net/netip"

	"vtylab/cli"
	"vtylab/network"
)

const standardGrammar = `{deny "Specify packets to reject" | permit "Specify packets to forward"}
	{any "Any source host" | host "A single host address" A.B.C.D$host "Host address"
	 | A.B.C.D$address "Address to match" [A.B.C.D$wildcard "Wildcard bits"]} [log "Log matches against this entry"]
	| remark "Access list entry comment" LINE$remark "Comment up to 100 characters"`

var numberedStandardRows = []row[Config]{
	{`access-list "Add an access list entry" {<1-99>$acl "IP standard access list" | <1300-1999>$acl "IP standard access list (expanded range)"}
	  / {` + standardGrammar + `}`, numberedACL(StandardACL)},
}

var namedStandardRows = []row[Config]{
	{`ip access-list "Named access-list" standard "Standard Access List"
	  {<1-99>$acl "Standard IP access-list number" | <1300-1999>$acl "Standard IP access-list number (expanded range)" | WORD$acl "Access-list name"}`,
		namedACL(StandardACL, standardNumber)},
}

var standardMode = aclMode(StandardACL, "Standard Access List configuration commands:", `<1-2147483647>$sequence "Sequence Number"`, standardGrammar)

// standardEntry reads an entry of a standard list; its `any` is all of IPv4.
func standardEntry(words cli.Args) network.Entry {
	e := network.Entry{Permit: words.Has("permit")}
	address, free := netip.IPv4Unspecified(), netip.IPv4Unspecified()
	switch {
	case words.Has("any"):
		free = allFree
	case words.Has("host"):
		address = netip.MustParseAddr(words.Get("host"))
	case words.Get("address") != "":
		address = netip.MustParseAddr(words.Get("address"))
		if w := words.Get("wildcard"); w != "" {
			free = netip.MustParseAddr(w)
		}
	}
	e.From = wildcard(address, free)
	if words.Has("log") {
		e.Logs = network.LogSource
	}
	return e
}

// standardText is an entry as a device prints it, whatever way it was typed.
func standardText(e network.Entry, log bool) string {
	text := "deny "
	if e.Permit {
		text = "permit "
	}
	switch e.From.Free {
	case allFree:
		text += "any"
	case netip.IPv4Unspecified():
		text += e.From.Address.String()
	default:
		text += e.From.Address.String() + " " + e.From.Free.String()
	}
	if log {
		text += " log"
	}
	return text
}
