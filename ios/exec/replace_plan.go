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
	t := &trial{ctx: ctx, m: s.Scratch(), goal: goal}
	t.now = t.m.Render(false)
	for range maxPasses {
		if ctx.Err() != nil {
			break
		}
		have := lists(diff.Parse(t.now))
		if p.left = diff.Contextual(have, goal); len(p.left) == 0 {
			break
		}
		t.lines = nil
		t.remove(have, goal)
		t.add(have, goal)
		if len(t.lines) == 0 {
			break
		}
		p.passes = append(p.passes, t.lines)
	}
	p.left = diff.Contextual(lists(diff.Parse(t.now)), goal)
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
	ctx   context.Context // its end ends all attempts
	m     *config.Machine[*model.Config]
	goal  []*diff.Block
	now   string // as text
	lines []string
}

// step is one difference: a block that is to go or to come, below the lines that lead
// there.
type step struct {
	headers []string
	block   *diff.Block
}

// remove takes away what goal has not, the last first.
func (t *trial) remove(have, goal []*diff.Block) {
	var steps []step
	var collect func(headers []string, have, goal []*diff.Block)
	collect = func(headers []string, have, goal []*diff.Block) {
		both := diff.Index(goal)
		for _, x := range slices.Backward(diff.Extra(goal, have)) {
			if there := both[x.Line]; there != nil {
				collect(append(slices.Clip(headers), x.Line), x.Lines, there.Lines)
			} else {
				steps = append(steps, step{headers, x})
			}
		}
	}
	collect(nil, have, goal)
	t.take(steps, removal, t.removeOne)
}

// removal is what takes a block away, as a rule.
func removal(b *diff.Block) []string {
	first, _, _ := strings.Cut(b.Line, "\n")
	if positive, ok := strings.CutPrefix(first, "no "); ok {
		return []string{positive}
	}
	return []string{"no " + first}
}

func (t *trial) removeOne(x step) {
	if name, _, ok := isList(x.block.Line); ok {
		t.attempt(x.headers, "no "+name)
	} else if !t.withdraw(x.headers, x.block.Line) { // a port, a line
		below := append(slices.Clip(x.headers), x.block.Line)
		for _, b := range slices.Backward(x.block.Lines) {
			t.removeOne(step{below, b})
		}
	}
}

// add gives what have lacks.
func (t *trial) add(have, goal []*diff.Block) {
	var steps []step
	var collect func(headers []string, have, goal []*diff.Block)
	collect = func(headers []string, have, goal []*diff.Block) {
		both := diff.Index(have)
		for _, x := range diff.Extra(have, goal) {
			if there := both[x.Line]; there != nil {
				collect(append(slices.Clip(headers), x.Line), there.Lines, x.Lines)
			} else {
				steps = append(steps, step{headers, x})
			}
		}
	}
	collect(nil, have, goal)
	t.take(steps, addition, t.addOne)
}

// addition is what makes a block.
func addition(b *diff.Block) []string {
	if _, entries, ok := isList(b.Line); ok {
		return entries
	}
	return diff.Text([]*diff.Block{b})
}

func (t *trial) addOne(x step) {
	if _, entries, ok := isList(x.block.Line); ok {
		t.attempt(x.headers, strings.Join(entries, "\n"))
		return
	}
	t.attempt(x.headers, x.block.Line)
	below := append(slices.Clip(x.headers), x.block.Line)
	for _, b := range x.block.Lines {
		t.addOne(step{below, b})
	}
}

// fewSteps are tried one by one: what changes nothing is not noted.
const fewSteps = 16

// take takes steps: all at once where their commands bring the configuration nearer to
// the goal by as many lines as they are about; otherwise in halves, in the end one by
// one. So a thousand differences do not mean a thousand texts of the configuration.
func (t *trial) take(steps []step, commands func(*diff.Block) []string, one func(step)) {
	if len(steps) <= fewSteps {
		for _, x := range steps {
			if t.ctx.Err() != nil {
				return
			}
			one(x)
		}
		return
	}
	lines := 0
	all := make([]command, 0, len(steps))
	for _, x := range steps {
		lines += size(x.block)
		all = append(all, command{x.headers, commands(x.block)})
	}
	if !t.attemptIf(all, func(before, after string) bool { return t.apart(before)-t.apart(after) >= lines }) {
		half := len(steps) / 2
		t.take(steps[:half], commands, one)
		t.take(steps[half:], commands, one)
	}
}

// apart is how many lines of a configuration have to go, and to come, for the goal.
func (t *trial) apart(text string) (lines int) {
	have := lists(diff.Parse(text))
	for _, b := range append(diff.Extra(t.goal, have), diff.Extra(have, t.goal)...) {
		lines += size(b)
	}
	return lines
}

// size is how many lines of a configuration a block is.
func size(b *diff.Block) int {
	n := 1 + strings.Count(b.Line, "\n")
	if _, entries, ok := isList(b.Line); ok {
		n = len(entries)
	}
	for _, below := range b.Lines {
		n += size(below)
	}
	return n
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
	return slices.ContainsFunc(ways, func(w string) bool { return t.attemptIf([]command{{headers, []string{w}}}, shorter) }) ||
		slices.ContainsFunc(ways, func(w string) bool { return t.attempt(headers, w) })
}

// command is what is typed below the lines that lead there. It may be several lines.
type command struct {
	headers, lines []string
}

// text is the command with its headers, each line as far to the right as it stands deep.
func (c command) text() (text []string) {
	for depth, h := range append(slices.Clip(c.headers), strings.Join(c.lines, "\n")) {
		for i, l := range strings.Split(h, "\n") {
			if i == 0 || !strings.HasPrefix(h, "banner ") {
				l = strings.Repeat(" ", depth) + l
			}
			text = append(text, l)
		}
	}
	return text
}

// attempt runs a command; it is noted if it has changed anything.
func (t *trial) attempt(headers []string, line string) bool {
	return t.attemptIf([]command{{headers, []string{line}}}, func(before, after string) bool { return before != after })
}

// attemptIf runs commands, and notes them if the change is wanted.
func (t *trial) attemptIf(all []command, wanted func(before, after string) bool) bool {
	var text []string
	for _, c := range all {
		text = append(text, c.text()...)
	}
	kept := t.m.Load()
	var refused []string
	t.m.Read(t.ctx, strings.Join(text, "\n")+"\n", rand.Reader, &refusals{&refused})
	if len(refused) > 0 || t.ctx.Err() != nil {
		t.m.Replace(kept)
		return false
	}
	after := t.m.Render(false)
	if !wanted(t.now, after) {
		t.m.Replace(kept)
		return false
	}
	t.now = after
	for _, c := range all {
		noted := c.text()
		if n := len(c.headers); n > 0 && t.same(c.headers) {
			noted = noted[n:]
		}
		t.lines = append(t.lines, noted...)
	}
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
