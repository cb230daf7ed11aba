package products

import (
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	if got := All()[0].Name(); got != "ios-15.5" {
		t.Errorf("default is %s", got)
	}
	var names []string
	for _, p := range All() {
		if got, err := Lookup(p.Name()); err != nil || got != p {
			t.Errorf("Lookup(%s): %v, %v", p.Name(), got, err)
		}
		if p.Summary() == "" || p.Hostname() == "" {
			t.Errorf("%s has no summary or no host name", p.Name())
		}
		names = append(names, p.Name())
	}
	want := `no release "ios-9"; there are ` + strings.Join(names, ", ")
	if _, err := Lookup("ios-9"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Every command compiles on every release of every product, and every word of it
// has its help.
func TestEveryWordHasHelp(t *testing.T) {
	for _, p := range All() {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
}
