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
	extended := extendedLists(s.Device.RunningConfig(false))
	slices.SortStableFunc(extended, func(a, b extendedList) int { return listNumber(a.name) - listNumber(b.name) })
	for _, l := range extended {
		if want == "" || want == l.name {
			s.Printf("Extended IP access list %s\n", l.name)
			for _, e := range l.entries {
				s.Printf("    %s\n", e)
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

// standardEntry is an entry as show access-lists has it, which differs from the
// configuration in the words between address and wildcard. That deny is as wide
// as permit is from memory.
func standardEntry(e config.ACE) string {
	text := yesNo(e.Permit, "permit ", "deny   ")
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

// extendedList is an access list that nothing here looks at.
type extendedList struct {
	name    string
	entries []string
}

// extendedLists reads them from a configuration.
func extendedLists(text string) []extendedList {
	var all []extendedList
	add := func(name, entry string) {
		if n := len(all); n == 0 || all[n-1].name != name {
			all = append(all, extendedList{name: name})
		}
		l := &all[len(all)-1]
		words := strings.Fields(entry)
		if len(words) > 0 {
			if _, err := strconv.Atoi(words[0]); err != nil {
				words = append([]string{strconv.Itoa(10 * (len(l.entries) + 1))}, words...)
			}
			if words[1] == "deny" {
				words[1] = "deny  "
			}
			if words[1] != "remark" {
				l.entries = append(l.entries, strings.Join(words, " "))
			}
		}
	}
	name := "" // of the block
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		rest, inside := strings.CutPrefix(line, " ")
		words := strings.Fields(line)
		switch {
		case inside && name != "":
			add(name, rest)
		case inside:
		case len(words) == 4 && strings.HasPrefix(line, "ip access-list extended "):
			name = words[3]
			add(name, "")
		case len(words) > 2 && words[0] == "access-list" && isExtended(words[1]):
			name = ""
			add(words[1], strings.Join(words[2:], " "))
		default:
			name = ""
		}
	}
	return all
}

func isExtended(number string) bool {
	n, err := strconv.Atoi(number)
	return err == nil && (n >= 100 && n <= 199 || n >= 2000 && n <= 2699)
}
