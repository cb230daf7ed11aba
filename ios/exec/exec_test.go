package exec

import (
	"testing"
	"time"
)

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                 "0 minutes",
		time.Minute:                       "1 minute",
		time.Hour + 2*time.Minute:         "1 hour, 2 minutes",
		16*24*time.Hour + 18*time.Hour:    "2 weeks, 2 days, 18 hours, 0 minutes",
		366*24*time.Hour + 59*time.Second: "1 year, 1 day, 0 minutes",
	} {
		if got := spell(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		411*time.Hour + 33*time.Minute + 9*time.Second: "411 hours and 33 minutes",
		4*time.Minute + 51*time.Second:                 "4 minutes and 51 seconds",
		time.Hour + 15*time.Minute:                     "1 hour and 15 minutes",
		10 * time.Minute:                               "10 minutes",
		time.Second:                                    "1 second",
		0:                                              "0 seconds",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
