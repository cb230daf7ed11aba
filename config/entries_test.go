package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The entries of an extended access list have numbers like those of a standard
// one: one each, to insert before and to remove by.
func TestEntries(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"as typed", "permit tcp any any\ndeny ip any any log", "permit tcp any any\ndeny ip any any log"},
		{"numbers as typed", "10 permit tcp any any\n20 deny ip any any", "10 permit tcp any any\n20 deny ip any any"},
		{"abbreviated", "30 perm tcp any any\nrem x y", "30 permit tcp any any\nremark x y"},
		{"removed by number", "10 permit tcp any any\n20 deny ip any any\nno 10", "20 deny ip any any"},
		{"removed by the number it was not typed with", "permit tcp any any\ndeny ip any any\nno 20", "permit tcp any any"},
		{"the others keep their numbers", "permit 1 any any\npermit 2 any any\npermit 3 any any\npermit 4 any any\nno 10\nno 30", "20 permit 2 any any\n40 permit 4 any any"},
		{"by number and text", "permit 1 any any\npermit 2 any any\nno 10 permit 1 any any", "20 permit 2 any any"},
		{"by text", "permit 1 any any\n15 permit 2 any any\nno permit 2 any any", "permit 1 any any"},
		{"by default", "permit 1 any any\npermit 2 any any\ndefault 20", "permit 1 any any"},
		{"a number nobody has", "permit 1 any any\nno 11", "permit 1 any any"},
		{"replaced", "10 permit tcp any any\n10 deny tcp any any", "10 deny tcp any any"},
		{"inserted", "permit 1 any any\npermit 2 any any\n15 permit 3 any any\npermit 4 any any", "permit 1 any any\n15 permit 3 any any\n20 permit 2 any any\npermit 4 any any"},
		{"in front", "permit 1 any any\n5 permit 2 any any", "5 permit 2 any any\n10 permit 1 any any"},
		{"typed again", "permit 1 any any\npermit 2 any any\npermit 1 any any\n50 permit 2 any any", "permit 1 any any\npermit 2 any any"},
	} {
		const head = "ip access-list extended A\n"
		s := lang.Parse(head + tt.in)
		for _, r := range s.Rejected {
			t.Errorf("%s: %q rejected: %v", tt.name, r.Line, r.Err)
		}
		want := head + " " + strings.ReplaceAll(tt.want, "\n", "\n ") + "\n!\n"
		first := lang.Render(s.Config, false)
		if !strings.Contains(first, want) {
			t.Errorf("%s: %s\nleaves %+v\nwant\n%s", tt.name, tt.in, s.Config.ExtendedACLs(), want)
		}
		again := lang.Parse(first).Config
		if d := cmp.Diff(s.Config.ExtendedACLs(), again.ExtendedACLs(), cmp.AllowUnexported(ExtendedACL{})); d != "" {
			t.Errorf("%s: read again (-first +again):\n%s", tt.name, d)
		}
		if d := cmp.Diff(first, lang.Render(again, false)); d != "" {
			t.Errorf("%s: not stable (-first +again):\n%s", tt.name, d)
		}
	}
}

// What is not an entry is complained about, and no number is beyond the last.
func TestNoEntries(t *testing.T) {
	for _, line := range []string{"10", "no", "no permit", "no 0", "10 permit", "permit"} {
		s := lang.Parse("ip access-list extended A\n" + line)
		if len(s.Rejected) != 1 {
			t.Errorf("%q is not rejected", line)
		}
	}
	s := lang.Parse("ip access-list extended A\n2147483640 permit 1 any any\npermit 2 any any")
	if len(s.Rejected) != 1 || len(s.Config.ExtendedACLs()[0].Entries) != 1 {
		t.Errorf("behind the last number: %v, %v", s.Rejected, s.Config.ExtendedACLs())
	}
}
