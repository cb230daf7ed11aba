package exec

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"vtylab/config"
	"vtylab/config/diff"
	"vtylab/ios/model"
)

// maxPasses is how often a replacement is tried (Configuration Replace and Configuration
// Rollback: five passes).
const maxPasses = 5

// plan is how the running configuration becomes another one: passes of commands. Later
// passes are for what an earlier one has changed besides.
type plan struct {
	passes  [][]string
	refused []string // lines of the other configuration that the release does not take
	left    []string // what still differs in the end
}

// replacement works out on a copy which commands lead to a configuration.
func (s *Session) replacement(ctx context.Context, text string) plan {
	var p plan
	want := s.Scratch()
	want.Reset(true)
	want.Read(ctx, text, rand.Reader, &refusals{&p.refused})
	goal := lists(diff.Parse(want.Render(false)))
	t := &trial{m: s.Scratch()}
	for range maxPasses {
		have := lists(diff.Parse(t.m.Render(false)))
		if p.left = diff.Contextual(have, goal); len(p.left) == 0 {
			break
		}
		t.lines = nil
		t.remove(nil, have, goal)
		t.add(nil, have, goal)
		if len(t.lines) == 0 {
			break
		}
		p.passes = append(p.passes, t.lines)
	}
	p.left = diff.Contextual(lists(diff.Parse(t.m.Render(false))), goal)
	return p
}

// refusals reads a text for what is wrong with it.
type refusals struct{ lines *[]string }

func (refusals) Say(string)           {}
func (refusals) Note(config.Notice)   {}
func (refusals) Act(*config.Resolved) {}
func (refusals) Flush()               {}
func (r refusals) Reject(x config.Rejected) {
	*r.lines = append(*r.lines, config.Masked(strings.TrimRight(x.Line, " ")))
}

// lists makes one line of what is an ordered list, entries and all: a list that differs
// is removed and written anew.
func lists(all []*diff.Block) (out []*diff.Block) {
	numbered := map[string]*diff.Block{}
	for _, b := range all {
		words := strings.Fields(b.Line)
		switch {
		case len(words) > 2 && words[0] == "access-list":
			name := "access-list " + words[1]
			if numbered[name] == nil {
				numbered[name] = &diff.Block{Line: name}
				out = append(out, numbered[name])
			}
			numbered[name].Line += "\n" + b.Line
		case strings.HasPrefix(b.Line, "ip access-list ") || strings.HasPrefix(b.Line, "ipv6 access-list "):
			out = append(out, &diff.Block{Line: strings.Join(append([]string{b.Line, b.Line}, diff.Text(indented(b.Lines))...), "\n")})
		default:
			out = append(out, b)
		}
	}
	return out
}

func indented(all []*diff.Block) (out []*diff.Block) {
	for _, b := range all {
		out = append(out, &diff.Block{Line: " " + b.Line, Lines: b.Lines})
	}
	return out
}

// isList tells the line that lists makes from others: it begins with what removes it.
func isList(line string) (name string, entries []string, ok bool) {
	if strings.HasPrefix(line, "banner ") || !strings.Contains(line, "\n") {
		return "", nil, false
	}
	all := strings.Split(line, "\n")
	return all[0], all[1:], true
}

// trial tries commands on a copy of the running configuration, and notes those that
// change it.
type trial struct {
	m     *config.Machine[*model.Config]
	lines []string
}

// remove takes away what goal has not, the last first. Within a block headers are the
// lines that lead there.
func (t *trial) remove(headers []string, have, goal []*diff.Block) {
	for _, x := range slices.Backward(diff.Extra(goal, have)) {
		there := slices.IndexFunc(goal, func(b *diff.Block) bool { return b.Line == x.Line })
		if there >= 0 {
			t.remove(append(slices.Clip(headers), x.Line), x.Lines, goal[there].Lines)
			continue
		}
		if name, _, ok := isList(x.Line); ok {
			t.attempt(headers, "no "+name)
			continue
		}
		if !t.withdraw(headers, x.Line) { // a port, a line
			t.remove(append(slices.Clip(headers), x.Line), x.Lines, nil)
		}
	}
}

// withdraw takes one line away: by `no` and all of it, by `default`, or by `no` and as
// much as the grammar takes; best so that nothing stands in its place.
func (t *trial) withdraw(headers []string, line string) bool {
	first, _, _ := strings.Cut(line, "\n")
	var ways []string
	if positive, ok := strings.CutPrefix(first, "no "); ok {
		ways = []string{"default " + positive, positive}
	} else {
		words := strings.Fields(first)
		ways = []string{"no " + first, "default " + first}
		for n := len(words) - 1; n > 0; n-- {
			ways = append(ways, "no "+strings.Join(words[:n], " "), "default "+strings.Join(words[:n], " "))
		}
	}
	shorter := func(before, after string) bool { return strings.Count(after, "\n") < strings.Count(before, "\n") }
	return slices.ContainsFunc(ways, func(w string) bool { return t.attemptIf(headers, w, shorter) }) ||
		slices.ContainsFunc(ways, func(w string) bool { return t.attempt(headers, w) })
}

// add gives what have lacks.
func (t *trial) add(headers []string, have, goal []*diff.Block) {
	for _, x := range diff.Extra(have, goal) {
		if _, entries, ok := isList(x.Line); ok {
			t.attempt(headers, strings.Join(entries, "\n"))
			continue
		}
		there := slices.IndexFunc(have, func(b *diff.Block) bool { return b.Line == x.Line })
		var below []*diff.Block
		if there >= 0 {
			below = have[there].Lines
		} else {
			t.attempt(headers, x.Line)
		}
		t.add(append(slices.Clip(headers), x.Line), below, x.Lines)
	}
}

// attempt runs a command, which may be several lines, below its headers; it is noted if
// it has changed anything.
func (t *trial) attempt(headers []string, line string) bool {
	return t.attemptIf(headers, line, func(before, after string) bool { return before != after })
}

// attemptIf is attempt for a change that is wanted.
func (t *trial) attemptIf(headers []string, line string, wanted func(before, after string) bool) bool {
	var text []string
	for depth, h := range append(slices.Clip(headers), line) {
		for i, l := range strings.Split(h, "\n") {
			if i == 0 || !strings.HasPrefix(h, "banner ") {
				l = strings.Repeat(" ", depth) + l
			}
			text = append(text, l)
		}
	}
	before, kept := t.m.Render(false), t.m.Load()
	var refused []string
	t.m.Read(context.Background(), strings.Join(text, "\n")+"\n", rand.Reader, &refusals{&refused})
	if len(refused) > 0 || !wanted(before, t.m.Render(false)) {
		t.m.Replace(kept)
		return false
	}
	if n := len(headers); n > 0 && t.same(headers) {
		text = text[n:]
	}
	t.lines = append(t.lines, text...)
	return true
}

// same reports whether the last noted command stands below these headers too.
func (t *trial) same(headers []string) bool {
	depth := len(headers)
	i := len(t.lines) - 1
	for ; i >= 0 && len(t.lines[i])-len(strings.TrimLeft(t.lines[i], " ")) >= depth; i-- {
	}
	if i < depth-1 {
		return false
	}
	for n := depth - 1; n >= 0; n, i = n-1, i-1 {
		if i < 0 || t.lines[i] != strings.Repeat(" ", n)+headers[n] {
			return false
		}
	}
	return true
}
