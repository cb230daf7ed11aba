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
	{Syntax: `show "Show running system information" access-lists "List access lists" ` + aclName, Level: 1, Filter: true,
		Run: showAccessLists(model.StandardACL, model.ExtendedACL, model.IPv6ACL)},
	{Syntax: `show ip "IP information" access-lists "List IP access lists" ` + aclName, Level: 1, Filter: true,
		Run: showAccessLists(model.StandardACL, model.ExtendedACL)},
	{Syntax: `show ipv6 "IPv6 information" access-list "Summary of access lists" [WORD$acl "Access list name"]`, Level: 1, Filter: true,
		Run: showAccessLists(model.IPv6ACL)},
	{Syntax: `clear "Reset functions" access-list "Clear access list statistical information" counters "Clear access list counters" ` + aclName, Level: 15,
		Run: clearAccessLists(model.StandardACL, model.ExtendedACL, model.IPv6ACL)},
	{Syntax: `clear "Reset functions" ip "IP" access-list "Clear IP access list statistical information" counters "Clear access list counters" ` + aclName, Level: 15,
		Run: clearAccessLists(model.StandardACL, model.ExtendedACL)},
	{Syntax: `clear "Reset functions" ipv6 "IPv6" access-list "Clear IPv6 access list statistical information" [WORD$acl "Access list name"]`, Level: 15,
		Run: clearAccessLists(model.IPv6ACL)},
}

// clearAccessLists lets the entries of all, or of those of one name, count from 0.
func clearAccessLists(kinds ...model.ACLKind) func(s *Session, a cli.Args) error {
	return func(s *Session, a cli.Args) error {
		c, want := s.Config(), a.Get("acl")
		for _, kind := range kinds {
			for l := range c.ACLsOf(kind) {
				if want == "" || want == l.Name {
					l.ClearHits()
				}
			}
		}
		return nil
	}
}

// showAccessLists lists all, or those of one name.
func showAccessLists(kinds ...model.ACLKind) func(s *Session, a cli.Args) error {
	return func(s *Session, a cli.Args) error {
		c, want := s.Config(), a.Get("acl")
		for _, kind := range kinds {
			for _, l := range slices.SortedStableFunc(c.ACLsOf(kind), byNumber) {
				if want == "" || want == l.Name {
					s.Println(listed(l)...)
				}
			}
		}
		return nil
	}
}

// listed is a list as it is shown. An IPv6 list names the number of an entry
// behind it.
func listed(l *model.ACL) []string {
	lines := []string{[...]string{"Standard IP access list ", "Extended IP access list ", "IPv6 access list "}[l.Kind] + l.Name}
	for e := range l.Entries.All() {
		switch {
		case e.Remark:
		case l.Kind == model.StandardACL:
			lines = append(lines, fmt.Sprintf("    %d %s", e.Sequence, standardEntry(e))+matches(e))
		case l.Kind == model.ExtendedACL:
			lines = append(lines, fmt.Sprintf("    %d %s", e.Sequence, wideDeny(e.Text))+matches(e))
		case l.Kind == model.IPv6ACL:
			lines = append(lines, fmt.Sprintf("    %s%s sequence %d", e.Text, matches(e), e.Sequence))
		}
	}
	return lines
}

// matches is how many packets an entry has decided, "" for none (ios-cli E).
func matches(e *model.ACE) string {
	switch n := e.Says.Hits.Count(); n {
	case 0:
		return ""
	case 1:
		return " (1 match)"
	default:
		return fmt.Sprintf(" (%d matches)", n)
	}
}

func byNumber(a, b *model.ACL) int { return listNumber(a.Name) - listNumber(b.Name) }

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
func standardEntry(e *model.ACE) string {
	words := strings.Fields(e.Text)
	if len(words) > 2 && words[2] != "log" {
		words[1] += ", wildcard bits"
	}
	return wideDeny(strings.Join(words, " "))
}
