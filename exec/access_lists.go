package exec

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
)

const aclName = `[<1-2799>$acl "ACL number" | WORD$acl "ACL name"]`

var accessListCommands = []device.Command{
	{Syntax: `show "Show running system information" access-lists "List access lists" ` + aclName, Level: 1, Filter: true, Run: showAccessLists},
	{Syntax: `show ip "IP information" access-lists "List IP access lists" ` + aclName, Level: 1, Filter: true, Run: showAccessLists},
}

// showAccessLists lists all, or those of one name.
func showAccessLists(s *device.Session, a cli.Args) error {
	want := a.Get("acl")
	standard := slices.Clone(s.Device.Config().ACLs)
	slices.SortStableFunc(standard, func(a, b config.ACL) int { return listNumber(a.Name) - listNumber(b.Name) })
	for _, l := range standard {
		if want != "" && want != l.Name {
			continue
		}
		s.Printf("Standard IP access list %s\n", l.Name)
		for _, e := range l.Entries {
			if e.Remark == "" {
				s.Printf("    %d %s\n", e.Sequence, standardEntry(e))
			}
		}
	}
	extended := s.Device.Config().ExtendedACLs()
	slices.SortStableFunc(extended, func(a, b config.ExtendedACL) int { return listNumber(a.Name) - listNumber(b.Name) })
	for _, l := range extended {
		if want != "" && want != l.Name {
			continue
		}
		s.Printf("Extended IP access list %s\n", l.Name)
		for _, e := range l.Entries {
			if !strings.HasPrefix(e.Text, "remark ") {
				s.Printf("    %d %s\n", e.Sequence, wideDeny(e.Text))
			}
		}
	}
	return nil
}

// listNumber puts lists with numbers in their order, before those with names.
func listNumber(name string) int {
	if n, err := strconv.Atoi(name); err == nil {
		return n
	}
	return 10000
}

// wideDeny makes deny as wide as permit (from memory).
func wideDeny(entry string) string {
	if rest, ok := strings.CutPrefix(entry, "deny "); ok {
		return "deny   " + rest
	}
	return entry
}

// standardEntry is an entry as show access-lists has it, which differs from the
// configuration in the words between address and wildcard.
func standardEntry(e config.ACE) string {
	text := wideDeny(yesNo(e.Permit, "permit ", "deny "))
	switch e.Wildcard {
	case ^uint32(0):
		text += "any"
	case 0:
		text += dotted(e.Address)
	default:
		text += dotted(e.Address) + ", wildcard bits " + dotted(e.Wildcard)
	}
	return text + yesNo(e.Log, " log", "")
}

func dotted(n uint32) string {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b).String()
}
