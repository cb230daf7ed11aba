package config

import (
	"context"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"vtylab/cli"
)

// early is a line of a text that was resolved, and perhaps asked, before the lines
// in front of it were applied.
type early struct {
	*Resolved
	call  *Call
	asked bool
	err   error // of Before
}

// lookAhead calls Before for the lines of a text whose rows are marked Ahead, on
// all processors at once: a text may hold hundreds of passwords, and hashing one
// takes milliseconds. What it finds out waits until the line is applied, if the
// line is that command then and not, for example, the text of a banner.
//
// Each such line has randomness of its own, so that its salt does not depend on
// which line is done first. Its seed is read from the reader of the text, in the
// order of the lines.
func (t *paste) lookAhead(ctx context.Context, root any) {
	var work []*early
	for i, line := range t.lines {
		if !t.lang.asksAhead(line) {
			continue
		}
		r, err := t.lang.resolveText(Top(), line)
		if err != nil {
			continue
		}
		e := &early{Resolved: r}
		t.early[i] = e
		var seed [32]byte
		if !r.cmd.ahead || r.form != Set {
			continue
		}
		if _, err := io.ReadFull(t.rand, seed[:]); err != nil {
			continue // the line meets the same error when it is applied
		}
		e.call = &Call{Args: r.Args, Facts: t.facts, Rand: rand.NewChaCha8(seed), Root: root, Pasted: true}
		work = append(work, e)
	}
	askAll(ctx, work)
}

// askAll calls Before for all lines, as many at once as there are processors. It
// returns when all are done, or those that were begun when ctx ended.
func askAll(ctx context.Context, work []*early) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(work)) {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(len(work)) && ctx.Err() == nil; n = next.Add(1) {
				e := work[n-1]
				e.err, e.asked = e.cmd.ask(e.call), true
			}
		})
	}
	wg.Wait()
}

// asksAhead reports whether a line may be a command of Global that is marked
// Ahead, by its first word.
func (g *grammar) asksAhead(line string) bool {
	line = strings.TrimLeft(line, cli.Blanks)
	word := firstWord(line)
	for _, first := range g.ahead {
		if word != "" && len(word) <= len(first) && strings.EqualFold(word, first[:len(word)]) {
			return true
		}
	}
	return false
}
