package exec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

const aclName = `[<1-2799>$acl "ACL number" | WORD$acl "ACL name"]`

var accessListCommands = []Command{
	{Syntax: `show "Show running system information" access-lists "List access lists" ` + aclName, Level: 1, Filter: true, Run: showAccessLists},
	{Syntax: `show ip "IP information" access-lists "List IP access lists" ` + aclName, Level: 1, Filter: true, Run: showAccessLists},
}

// accessList is one as it is listed.
type accessList struct {
	kind, name string
	entries    []string
}

// showAccessLists lists all, or those of one name.
func showAccessLists(s *Session, a cli.Args) error {
	c, want := s.Config(), a.Get("acl")
	for _, l := range slices.Concat(standardLists(c), extendedLists(c)) {
		if want != "" && want != l.name {
			continue
		}
		s.Printf("%s IP access list %s\n", l.kind, l.name)
		s.Println(l.entries...)
	}
	return nil
}

func standardLists(c *model.Config) []accessList {
	var all []accessList
	for l := range c.ACLs.All() {
		list := accessList{kind: "Standard", name: l.Name}
		for e := range l.Entries.All() {
			if e.Remark == "" {
				list.add(e.Sequence, standardEntry(*e))
			}
		}
		all = append(all, list)
	}
	return byNumber(all)
}

func extendedLists(c *model.Config) []accessList {
	var all []accessList
	for l := range c.Extended.All() {
		list := accessList{kind: "Extended", name: l.Name}
		for e := range l.Entries.All() {
			if !strings.HasPrefix(e.Text, "remark ") {
				list.add(e.Sequence, wideDeny(e.Text))
			}
		}
		all = append(all, list)
	}
	return byNumber(all)
}

func (l *accessList) add(sequence int, entry string) {
	l.entries = append(l.entries, fmt.Sprintf("    %d %s", sequence, entry))
}

func byNumber(lists []accessList) []accessList {
	slices.SortStableFunc(lists, func(a, b accessList) int { return listNumber(a.name) - listNumber(b.name) })
	return lists
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
func standardEntry(e model.ACE) string {
	text := wideDeny(yesNo(e.Permit, "permit ", "deny "))
	switch e.Wildcard {
	case ^uint32(0):
		text += "any"
	case 0:
		text += model.Dotted(e.Address)
	default:
		text += model.Dotted(e.Address) + ", wildcard bits " + model.Dotted(e.Wildcard)
	}
	return text + yesNo(e.Log, " log", "")
}
