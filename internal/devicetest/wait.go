package devicetest

import (
	"strings"
	"testing"
	"time"

	"vtylab/internal/foreign"
)

// Eventually polls what only another process can make true.
func Eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(foreign.Patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("%s: not within %v", what, foreign.Patience)
}

// WantLines checks that all lines are in text, in this order.
func WantLines(t testing.TB, text string, lines ...string) {
	t.Helper()
	rest := text
	for _, l := range lines {
		i := strings.Index(rest, l)
		if i < 0 {
			t.Fatalf("no %q, or not in its place, in\n%s", l, text)
		}
		rest = rest[i+len(l):]
	}
}
