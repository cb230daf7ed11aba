package model

import (
	"slices"
	"strings"
	"testing"
)

// A command takes along what it begins with; reading the configuration back changes nothing.
func TestPrivileges(t *testing.T) {
	const text = "privilege exec level 5 show ip route\nprivilege exec level 7 show clock\nprivilege exec all level 3 show ip\nprivilege exec level 1 ping\nprivilege exec reset ping\nprivilege interface level 4 shutdown"
	c := parse(text).Config
	got := lang.Render(c, false)
	var lines []string
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "privilege ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	want := []string{"privilege exec all level 3 show ip", "privilege exec level 3 show", "privilege exec level 5 show ip route", "privilege exec level 7 show clock", "privilege interface level 4 shutdown"}
	if slices.Sort(lines); !slices.Equal(lines, want) {
		t.Errorf("shows %q, want %q", lines, want)
	}
	if again := lang.Render(parse(got).Config, false); again != got {
		t.Errorf("comes back as\n%s", again)
	}
}
