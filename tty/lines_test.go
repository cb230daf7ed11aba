package tty

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// names are lines as `con 0 vty 0 vty 1`, with their absolute numbers.
func names(lines []*Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%v=%d", l, l.TTY))
	}
	return strings.Join(all, " ")
}

func ranges(vtys int) []Range {
	return []Range{{Console, 0, 0, 0}, {Auxiliary, 0, 0, 1}, {VTY, 0, vtys - 1, 2}}
}

// The set follows the ranges of a configuration; a line that stays is the same
// line, and one that goes while it is busy goes when it is free.
func TestLinesFollowRanges(t *testing.T) {
	ls := NewLines(newBench())
	check := func(what, want string) {
		t.Helper()
		if got := names(ls.All()); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	check("no ranges", "")
	ls.Apply(ranges(3))
	check("three vtys", "con 0=0 aux 0=1 vty 0=2 vty 1=3 vty 2=4")
	second := ls.Find(VTY, 1)
	before := ls.All()
	ls.Apply(ranges(3))
	if &before[0] != &ls.All()[0] {
		t.Error("the same ranges make another list")
	}
	ls.Apply(ranges(4))
	check("one more", "con 0=0 aux 0=1 vty 0=2 vty 1=3 vty 2=4 vty 3=5")
	if ls.Find(VTY, 1) != second {
		t.Error("a line that stays is another one")
	}
	if !second.Take("10.0.0.1") || !ls.Find(VTY, 3).Take("10.0.0.2") {
		t.Fatal("lines are not free")
	}
	ls.Apply(ranges(1))
	check("busy ones stay", "con 0=0 aux 0=1 vty 0=2 vty 1=3 vty 3=5")
	second.Release()
	check("until they are free", "con 0=0 aux 0=1 vty 0=2 vty 3=5")
	last := ls.Find(VTY, 3)
	ls.Apply(ranges(4))
	check("back", "con 0=0 aux 0=1 vty 0=2 vty 1=3 vty 2=4 vty 3=5")
	if ls.Find(VTY, 3) != last || !last.Busy() {
		t.Error("a busy line that came back is another one")
	}
	last.Release()
	check("free, and configured", "con 0=0 aux 0=1 vty 0=2 vty 1=3 vty 2=4 vty 3=5")
	if ls.Find(VTY, 4) != nil || ls.Find(Console, 1) != nil {
		t.Error("there is a line that is not configured")
	}
}

// A connection gets the first free vty that fits; a line has one at a time.
func TestReserve(t *testing.T) {
	ls := NewLines(newBench())
	ls.Apply(ranges(3))
	odd := func(l *Line) bool { return l.Number%2 == 1 }
	any := func(l *Line) bool { return l.Kind == VTY }
	for i, c := range []struct {
		fits func(*Line) bool
		want string
	}{{odd, "vty 1"}, {odd, "<nil>"}, {any, "vty 0"}, {any, "vty 2"}, {any, "<nil>"}} {
		got := "<nil>"
		if l := ls.Reserve(fmt.Sprint("10.0.0.", i), c.fits); l != nil {
			got = l.String()
		}
		if got != c.want {
			t.Errorf("connection %d gets %s, want %s", i, got, c.want)
		}
	}
	l := ls.Find(VTY, 0)
	if l.Peer() != "10.0.0.2" || l.Uses() != 1 || !l.Busy() {
		t.Errorf("vty 0: peer %s, %d uses, busy %v", l.Peer(), l.Uses(), l.Busy())
	}
	ended := 0
	l.OnClear(func() { ended++ })
	l.Clear()
	l.Release()
	l.Clear()
	if l.Peer() != "" || l.Busy() || l.Screen() != nil || ended != 1 {
		t.Errorf("released: peer %q, busy %v, ended %d times", l.Peer(), l.Busy(), ended)
	}
	if ls.Reserve("10.0.0.9", any) != l || l.Uses() != 2 {
		t.Errorf("the line is not taken again, %d uses", l.Uses())
	}
}

// Of many who come at once, each line is one's.
func TestReserveAtOnce(t *testing.T) {
	ls := NewLines(newBench())
	ls.Apply(ranges(10))
	var work sync.WaitGroup
	got := make(chan *Line, 50)
	for range cap(got) {
		work.Go(func() { got <- ls.Reserve("10.0.0.1", func(l *Line) bool { return l.Kind == VTY }) })
	}
	work.Wait()
	close(got)
	had := map[*Line]int{}
	for l := range got {
		had[l]++
	}
	if had[nil] != 40 || len(had) != 11 {
		t.Errorf("%d of 50 got none of 10 lines, %d lines were given", had[nil], len(had)-1)
	}
}

// Sessions are in the order of the lines, however they came, and gone with them.
func TestSeats(t *testing.T) {
	ls := NewLines(newBench())
	ls.Apply(ranges(3))
	seat := func(k Kind, n int) *Session {
		l := ls.Find(k, n).Attach(io.Discard)
		s := NewSession(context.Background(), l, newKeyboard())
		l.Seat(s)
		return s
	}
	second, first, console := seat(VTY, 2), seat(VTY, 0), seat(Console, 0)
	check := func(what string, want ...*Session) {
		t.Helper()
		if got := ls.Sessions(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("three", console, first, second)
	first.Line.Seat(nil)
	check("one has left", console, second)
	second.Line.Release()
	check("a line is released", console)
	if console.Line.Session() != console {
		t.Error("the console has another session")
	}
	again := NewSession(context.Background(), console.Line, newKeyboard())
	console.Line.Seat(again)
	check("another session on the line", again)
}

// What is logged before a line has a screen is kept for it, up to a bound.
func TestEarlyMessages(t *testing.T) {
	b := newBench()
	ls := NewLines(b)
	ls.Apply(ranges(1))
	l := ls.Find(Console, 0)
	for i := range 2 * maxEarly {
		l.Message(fmt.Sprint(i))
	}
	if early := l.TakeEarly(); len(early) != maxEarly || early[0] != "0" {
		t.Errorf("%d messages were kept, want %d", len(early), maxEarly)
	}
	if early := l.TakeEarly(); early != nil {
		t.Errorf("taken again: %q", early)
	}
	var out lockedBuilder
	l.Attach(&out).Message("late")
	b.work.Wait()
	if out.String() != "late\r\n" || l.TakeEarly() != nil {
		t.Errorf("the screen shows %q", out.String())
	}
}
