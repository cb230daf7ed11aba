package config

import (
	"fmt"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/secret"
)

// Global is the mode in which every configuration begins.
const Global = "config"

// Level is the privilege level that every command of a configuration needs,
// BuiltinLevel that of the commands which every mode has (Spec.Builtins).
const (
	Level        = 15
	BuiltinLevel = 1
)

// Model is the root of a product's configuration. Clone returns a copy that can
// be edited without showing through in the original; it should share what it
// can (Table).
type Model[C any] interface{ Clone() C }

// Spec is what a product's release says of its language.
type Spec[C Model[C]] struct {
	// Words are the release's texts for the @names in rows; a row that uses a name
	// which the release lacks does not exist there.
	Words cli.Vocabulary
	// Bare has the built-in defaults, without the factory text.
	Bare C
	// Modes are the modes with behaviour, the first one Global; Variants those that
	// differ from another one in prompt or heading only.
	Modes    []Definition[C]
	Variants []Variant
	// Kept is where a model keeps commands without behaviour, PassiveRows the table
	// of them (see passive.go), Hooks what its rows do besides, Protect brings a key
	// in them to the form in which it is stored.
	Kept        func(C) *Passive
	PassiveRows string
	Hooks       map[string]Hook
	Protect     func(*Call, secret.Secret) secret.Secret
	// Orders is in which order a mode prints, by the first words of its commands.
	Orders map[string]string
	// Layout is the order of NVGEN: names of groups, and "!" and "end" as they are.
	// Inline are groups that a row of another group prints.
	Layout string
	Inline []string
	// Factory is configuration text that a device of the release is born with.
	// Blank, when not nil, makes of that what a start-up configuration is applied to.
	Factory string
	Blank   func(C)
	// Acts are commands of Global that act instead of configuring, Builtins what
	// every mode has (Exit, End, Help).
	Acts     []Act
	Builtins func(mode, heading, closing string) []Act
	// Verbs are the words that change what a command means.
	Verbs []Verb
	// Comment reports a line that holds nothing to do. Header reports one that
	// stands in front of a shown configuration and is pasted with it.
	Comment, Header func(line string) bool
}

// Verb is a word in front of a command. Short is its shortest abbreviation.
type Verb struct {
	Word, Help string
	Short      int
	Form       Form
}

// Form is what is asked of a command.
type Form int

// The forms of a command: as it is, behind `no`, behind `default`. Other is a
// word that is no form of a command, such as IOS' `do`.
const (
	Set Form = iota
	No
	Default
	Other
)

// Act is a command of a configuration mode that acts instead of configuring
// (`crypto key generate rsa`); Do is the caller's.
type Act struct {
	Syntax string
	Do     any
}

// Exit, End and Help are acts that the machine and its device carry out.
type (
	Exit struct{}
	End  struct{}
	Help struct{}
)

// Variant is a mode that has the commands of another one. Empty texts are that
// one's.
type Variant struct{ Name, Of, Suffix, Heading string }

// command is a row without its type.
type command struct {
	group   string
	words   string
	act     any
	passive *passiveRow
	edit    func(c *Call, form Form) error
	ask     func(c *Call) error
	ahead   bool
	show    func(v *View, target, fresh any)
}

// mode is one configuration mode.
type mode struct {
	name, suffix, heading string
	commands              []*command
	tree                  *cli.Tree[*command]
	free                  FreeText
	names                 map[string]int // of passive lines, with the numbers of their rows
	fresh                 any
	closing               string // word that ends a block
	tail                  string // that word as it prints behind the block
	// kept finds the passive lines of a place, keptBy those of one of its targets.
	kept   func(root any, key string) []*PassiveLines
	keptBy func(target any) *PassiveLines
}

// section is one word of the layout with the rows that print there.
type section struct {
	name     string
	commands []*command
}

// grammar is what does not depend on the type of the model.
type grammar struct {
	modes   map[string]*mode
	passive map[string][]*passiveRow // by group
	layout  []section
	verbs   []Verb
	keeps   func(root any) *Passive
	comment func(string) bool
	header  func(string) bool
	ahead   []string // first words of the rows of Global that are marked Ahead
	seen    resolvedCache
}

// Language is the command language of one release. It is immutable and shared
// by all devices of that release.
type Language[C Model[C]] struct {
	grammar
	bare, factory, blank C
}

// NewLanguage compiles a Spec. What is wrong with it is a defect of the program:
// it panics and says so.
func NewLanguage[C Model[C]](s Spec[C]) *Language[C] {
	l := &Language[C]{bare: s.Bare}
	l.grammar = grammar{modes: map[string]*mode{}, passive: map[string][]*passiveRow{}, verbs: s.Verbs, comment: s.Comment, header: s.Header}
	l.keeps = func(root any) *Passive { return s.Kept(root.(C)) }
	rows := rowsByMode{}
	for _, d := range s.Modes {
		d.declare(l, rows)
	}
	l.declarePassive(s.PassiveRows, s.Hooks, s.Protect, rows)
	for _, a := range s.Acts {
		rows.add(Global, cli.Row[*command]{Syntax: a.Syntax, Level: Level, Do: &command{act: a.Do}, Positive: true})
	}
	for name, m := range l.modes {
		for _, a := range s.Builtins(m.name, m.heading, m.closing) {
			rows.add(name, cli.Row[*command]{Syntax: a.Syntax, Level: BuiltinLevel, Do: &command{act: a.Do}, Positive: true})
		}
		m.compile(s.Words, rows[name])
		m.order(s.Orders[name])
	}
	for _, c := range l.modes[Global].commands {
		if first, _, _ := strings.Cut(c.words, " "); c.ahead && !slices.Contains(l.ahead, first) {
			l.ahead = append(l.ahead, first)
		}
	}
	for _, v := range s.Variants {
		l.modes[v.Name] = l.modes[v.Of].variant(v)
	}
	for name := range strings.FieldsSeq(s.Layout) {
		l.layout = append(l.layout, section{name, l.shown(name)})
	}
	l.mustPlace(s.Inline)
	l.factory = l.bare.Clone()
	l.Merge(l.factory, s.Factory)
	l.blank = l.factory.Clone()
	if s.Blank != nil {
		s.Blank(l.blank)
	}
	return l
}

// rowsByMode collects the rows of each mode while a Language is built.
type rowsByMode map[string][]cli.Row[*command]

func (r rowsByMode) add(mode string, row cli.Row[*command]) { r[mode] = append(r[mode], row) }

// last makes the rows of a mode whose keywords begin with words the last ones.
func (r rowsByMode) last(mode, words string) {
	var others, moved []cli.Row[*command]
	for _, row := range r[mode] {
		if strings.HasPrefix(cli.Keywords(row.Syntax)+" ", words+" ") {
			moved = append(moved, row)
		} else {
			others = append(others, row)
		}
	}
	if len(moved) == 0 {
		panic(fmt.Errorf("config: mode %s has no row %q to print among its passive ones", mode, words))
	}
	r[mode] = append(others, moved...)
}

// compile makes the mode's tree; commands are those that the vocabulary has.
func (m *mode) compile(words cli.Vocabulary, rows []cli.Row[*command]) {
	m.tree = cli.NewTree(words, rows)
	m.tree.Rows(func(i int, row *cli.Row[*command]) {
		row.Do.words = m.tree.Leading(i)
		m.commands = append(m.commands, row.Do)
	})
}

func (m *mode) variant(v Variant) *mode {
	n := *m
	n.name = v.Name
	if v.Suffix != "" {
		n.suffix = v.Suffix
	}
	if v.Heading != "" {
		n.heading = v.Heading
	}
	return &n
}

// order sorts the commands of a mode by their first words; those that are not
// named come last.
func (m *mode) order(layout string) {
	if layout == "" {
		return
	}
	words := strings.Fields(layout)
	place := func(c *command) int {
		first, _, _ := strings.Cut(c.words, " ")
		if i := slices.Index(words, first); i >= 0 {
			return i
		}
		return len(words)
	}
	slices.SortStableFunc(m.commands, func(a, b *command) int { return place(a) - place(b) })
}

// shown are the global commands of a group that NVGEN prints.
func (g *grammar) shown(group string) []*command {
	return slices.DeleteFunc(slices.Clone(g.modes[Global].commands), func(c *command) bool {
		return c.group != group || c.show == nil
	})
}

// mustPlace panics when a group with something to print is in no place of the
// layout, where `write memory` would lose it, or in two.
func (g *grammar) mustPlace(inline []string) {
	placed := map[string]int{}
	for _, s := range g.layout {
		if s.name != "!" && s.name != "end" {
			placed[s.name]++
		}
	}
	for _, name := range inline {
		placed[name]++
	}
	want := map[string]bool{}
	for _, c := range g.modes[Global].commands {
		if c.show != nil || c.passive != nil {
			want[c.group] = true
		}
	}
	for group := range want {
		if placed[group] != 1 {
			panic(fmt.Errorf("config: group %s is in %d places of the layout, want 1", group, placed[group]))
		}
	}
}

// Factory returns a new copy of the configuration a device is born with.
func (l *Language[C]) Factory() C { return l.factory.Clone() }

// Blank returns a new copy of what a start-up configuration is applied to.
func (l *Language[C]) Blank() C { return l.blank.Clone() }

// Bare returns the defaults without the factory text. It must not be modified.
func (l *Language[C]) Bare() C { return l.bare }

// Modes returns the names of all modes, for tests.
func (g *grammar) Modes() []string {
	var names []string
	for name := range g.modes {
		names = append(names, name)
	}
	return names
}

// Rows calls f for the rows of all modes, for tests; secret is set for one that has
// a part which Resolved.Words does not show.
func (g *grammar) Rows(f func(mode, syntax string, secret bool)) {
	for _, m := range g.modes {
		m.tree.Rows(func(_ int, r *cli.Row[*command]) {
			p := r.Do.passive
			f(m.name, r.Syntax, p != nil && p.key || cli.HasSecret(r.Syntax))
		})
	}
}

// Check reports a command word without help in any mode, for tests.
func (g *grammar) Check() error {
	for _, m := range g.modes {
		if err := m.tree.Check(); err != nil {
			return fmt.Errorf("config: mode %s: %w", m.name, err)
		}
	}
	return nil
}
