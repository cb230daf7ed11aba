package model

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The entries of an extended access list have numbers like those of a standard
// one: one each, to insert before and to remove by.
func TestEntries(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"as typed", "permit tcp any any\ndeny ip any any log", "10 permit tcp any any\n20 deny ip any any log"},
		{"numbers as typed", "10 permit tcp any any\n25 deny ip any any", "10 permit tcp any any\n25 deny ip any any"},
		{"abbreviated", "30 perm tcp any any\nrem x y", "30 permit tcp any any\n40 remark x y"},
		{"removed by number", "10 permit tcp any any\n20 deny ip any any\nno 10", "20 deny ip any any"},
		{"by number and text", "permit 1 any any\npermit 2 any any\nno 10 permit 1 any any", "20 permit 2 any any"},
		{"by text", "permit 1 any any\n15 permit 2 any any\nno permit 2 any any", "10 permit 1 any any"},
		{"by default", "permit 1 any any\npermit 2 any any\ndefault 20", "10 permit 1 any any"},
		{"a number nobody has", "permit 1 any any\nno 11", "10 permit 1 any any"},
		{"inserted", "permit 1 any any\npermit 2 any any\n15 permit 3 any any\npermit 4 any any", "10 permit 1 any any\n15 permit 3 any any\n20 permit 2 any any\n30 permit 4 any any"},
		{"in front", "permit 1 any any\n5 permit 2 any any", "5 permit 2 any any\n10 permit 1 any any"},
		{"typed again", "permit 1 any any\npermit 2 any any\npermit 1 any any\n50 permit 2 any any", "10 permit 1 any any\n20 permit 2 any any"},
	} {
		for _, head := range []string{"ip access-list extended A\n", "ip access-list extended 110\n"} {
			before := parse(head).Config
			s := merge(before.Clone(), head+tt.in)
			for _, r := range s.Rejected {
				t.Errorf("%s: %q rejected: %v", tt.name, r.Line, r.Err)
			}
			var got []string
			for e := range extendedOf(s.Config).Entries.All() {
				got = append(got, itoa(e.Sequence)+" "+e.Text)
			}
			if d := cmp.Diff(tt.want, strings.Join(got, "\n")); d != "" {
				t.Errorf("%s: %s", tt.name, d)
			}
			shown := lang.Render(s.Config, false)
			merge(s.Config.Clone(), head+"no 10\n15 permit 99 any any\nno 15\n1 permit 98 any any\nno permit 2 any any\nno permit 1 any any")
			if d := cmp.Diff(shown, lang.Render(s.Config, false)); d != "" {
				t.Errorf("%s: a snapshot changes: %s", tt.name, d)
			}
			if d := cmp.Diff(shown, lang.Render(parse(shown).Config, false)); d != "" {
				t.Errorf("%s: not stable (-first +again):\n%s", tt.name, d)
			}
			if extendedOf(before).Entries.Len() > 0 {
				t.Errorf("%s: an older snapshot has %v", tt.name, before.ACLs)
			}
		}
	}
}

// What is not an entry is complained about, and no number is beyond the last.
func TestNoEntries(t *testing.T) {
	for _, line := range []string{"10", "no", "no permit", "no 0", "10 permit", "permit", "permit 1 any any\n10 permit 2 any any"} {
		s := parse("ip access-list extended A\n" + line)
		if len(s.Rejected) != 1 {
			t.Errorf("%q is not rejected", line)
		}
	}
	for _, line := range []string{"ip access-list extended 50", "ip access-list standard 150", "ip access-list standard 0"} {
		if s := parse(line); len(s.Rejected) == 0 {
			t.Errorf("%q is taken", line)
		}
	}
	s := parse("ip access-list extended A\n2147483640 permit 1 any any\npermit 2 any any")
	if len(s.Rejected) != 1 || extendedOf(s.Config).Entries.Len() != 1 {
		t.Errorf("behind the last number: %v, %v", s.Rejected, s.Config.ACLs)
	}
}

// extendedOf is the one extended list of a configuration.
func extendedOf(c *Config) *ACL { return c.ACLs.Last() }
