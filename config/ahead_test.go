package config

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read applies a text to a new configuration, with randomness from a seed.
func read(ctx context.Context, l *Language[*toy], text string) (*toy, *Script) {
	m, s := NewMachine(l, nil), &Script{}
	m.Read(ctx, text, rand.NewChaCha8([32]byte{1}), s)
	return m.Load(), s
}

func contents(t *Table[string, string]) (all []string) {
	for s := range t.All() {
		all = append(all, *s)
	}
	return all
}

// Secrets of a text are hashed in advance: once each, at most one for each line,
// and for the command that the line turns out to be.
func TestHashedAhead(t *testing.T) {
	const text = `user a secret x
text .
user banner secret y
.
group
 user m secret z
exit
group
 exit
user a secret w
user b secret bad
no user nobody secret v
us c sec v
group
passive 1
user d secret u
`
	l, hashed := newToy("[passive]\n+ passive \"Passive\" WORD \"Value\"")
	c, s := read(t.Context(), l, text)
	var words []string
	for _, u := range append(contents(&c.Users), contents(&c.Members)...) {
		words = append(words, strings.Fields(u)[0])
	}
	// user d is typed in the group, where the passive command of global mode led out.
	if d := cmp.Diff([]string{"w", "v", "u", "z"}, words); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if c.Text != "user banner secret y\n" {
		t.Errorf("the text is %q", c.Text)
	}
	if len(s.Rejected) != 1 || s.Rejected[0].Number != 11 || s.Rejected[0].Err != errBadSecret {
		t.Errorf("rejected: %v, want line 11", s.Rejected)
	}
	// Seven secrets, one of which is refused before it is hashed, and one that stands
	// in a text; that of the group is hashed as the user it looks like, too.
	if n := hashed.Load(); n != 7 {
		t.Errorf("%d secrets hashed, want 7", n)
	}
}

// The salts depend on the seed and the text, not on which line is done first.
func TestHashedAheadIsDeterministic(t *testing.T) {
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "user u%d secret x\n", i)
	}
	l, hashed := newToy("")
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	var first []string
	for _, processors := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(processors)
		c, _ := read(t.Context(), l, text.String())
		all := contents(&c.Users)
		if first == nil {
			first = all
		}
		if d := cmp.Diff(first, all); d != "" {
			t.Errorf("with %d processors (-1 +%d):\n%s", processors, processors, d)
		}
	}
	salts := map[string]bool{}
	for _, s := range first {
		salts[s] = true
	}
	if len(salts) != 200 || hashed.Load() != 600 {
		t.Errorf("%d salts for 200 users, %d secrets hashed in three readings", len(salts), hashed.Load())
	}
}

// A text that is no longer wanted is not applied, and leaves nothing half done.
func TestHashedAheadEnds(t *testing.T) {
	l, _ := newToy("")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c, s := read(ctx, l, "user a secret x\nuser b secret x\n"); c.Users.Len() != 0 || len(s.Rejected) != 0 {
		t.Errorf("%d users, rejected %v", c.Users.Len(), s.Rejected)
	}
}
