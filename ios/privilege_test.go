package ios_test

import (
	"slices"
	"strings"
	"testing"

	"vtylab/device"
	"vtylab/internal/devicetest"
)

// levels writes down what levels commands are under.
type levels struct{ seen []int }

func (l *levels) Before(_ *device.Shell, a *device.Action) error {
	l.seen = append(l.seen, a.Level)
	return nil
}

func (l *levels) After(*device.Shell, *device.Action, error) {}

// A command that has moved is authorized by the list of its new level.
func TestMovedCommandIsUnderItsLevel(t *testing.T) {
	g := &levels{}
	const more = "privilege exec level 5 show clock\nprivilege configure level 7 hostname\nprivilege exec level 6 configure terminal\nusername six privilege 6 password six\nline vty 0 4\n login local\n"
	devicetest.InBubble(t, "ios-15.5", more, func(t *testing.T, r *devicetest.Bubble) {
		g.seen = nil
		r.Visit("cisco:cisco", "", "show clock\rshow users\rconfigure terminal\rhostname R1\rend\rexit\r")
		if want := []int{5, 1, 6, 7, 1, 0}; !slices.Equal(g.seen, want) {
			t.Errorf("levels %v, want %v", g.seen, want)
		}
		out, _ := r.Visit("six:six", "show clock", "")
		refused, _ := r.Visit("guest:guest", "show clock", "")
		if !strings.Contains(out, "UTC") || !strings.Contains(refused, "invalid autocommand") {
			t.Errorf("an exec request prints %q at level 6, %q at level 1", out, refused)
		}
	}, func(o *device.Options) { o.Gates = append(o.Gates, g) })
}
