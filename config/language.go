package config

import (
	"slices"
	"strings"

	"vtylab/cli"
)

// Traits are the small differences between releases that are neither words nor
// default values.
type Traits struct {
	SecretType        int    // that `enable secret WORD` hashes to
	ConfirmNoUsername bool   // XE asks before `no username`
	Type0Warning      string // printed when a user's clear-text password is configured
	// EnableType0Warning is likewise for `enable password`.
	EnableType0Warning string
	NumbersEntries     bool // extended access lists print as named ones, with the numbers of their entries
	LogsUsers          bool // a message says that a user was configured
	FactoryHostname    string
	HyphenDomain       bool   // prints `ip domain-name` instead of `ip domain name`
	SilentEncryption   bool   // does not print `no service password-encryption`
	KeyAdvice          string // printed by `ip ssh version` and others while there is no key
	UserMethodWarning  string // printed by `ip ssh server authenticate user`
	VTYHeading         string // of `?` at a vty, where it is not that of other lines
	AccountingBlock    bool   // `aaa accounting` prints its action and groups on lines of their own
}

// Release is what makes one language of the rows of this package.
type Release struct {
	Words   cli.Vocabulary
	Traits  Traits
	Version string // of the `version` line: "15.5"
	Layout  string // order of NVGEN, see layout.go
	// Preset adjusts the built-in defaults before the factory text.
	Preset func(*Config)
	// Factory is configuration text that a device of this release is born with.
	Factory string
}

// Act is a command of a configuration mode that acts instead of configuring
// (`crypto key generate rsa`); Do is the caller's.
type Act struct {
	Syntax string
	Do     any
}

// command is a row without its type.
type command struct {
	group   string
	words   string
	act     any
	passive *passiveRow
	edit    func(c *Call, verb verb) error
	ask     func(c *Call) error
	show    func(v *View, target, fresh any)
}

type verb int

const (
	doSet verb = iota
	doNo
	doDefault
)

// mode is one configuration mode.
type mode struct {
	name, suffix, heading string
	commands              []*command
	tree                  *cli.Tree[*command]
	raw                   taker // takes lines as they are
	fresh                 any
	closing               string // word that ends a block
	tail                  string // that word as it prints behind the block
}

// taker understands a line of a mode that takes lines as they are, for a user who
// may give the mode's commands; nil leaves it to those.
type taker func(l *Language, p *Position, line string, level int) *Resolved

// configLevel is the privilege level that every command here needs.
const configLevel = 15

// section is one word of the layout with the rows that print there.
type section struct {
	name     string
	commands []*command
}

// Language is the command language of one release. It is immutable and shared
// by all devices of that release.
type Language struct {
	Release
	modes   map[string]*mode
	layout  []section
	passive map[string][]*passiveRow // by group
	factory *Config
	blank   *Config // factory, with its interfaces up
	bare    *Config // defaults without the factory text
}

// NewLanguage compiles the rows of this package for a release.
func NewLanguage(r Release, acts []Act) *Language {
	l := &Language{Release: r, modes: map[string]*mode{}, passive: map[string][]*passiveRow{}}
	l.bare = New()
	l.bare.Hostname = r.Traits.FactoryHostname
	if r.Preset != nil {
		r.Preset(l.bare)
	}
	rows := map[string][]cli.Row[*command]{}
	for _, d := range definitions() {
		d.declare(l, rows)
	}
	l.declarePassive(rows)
	for _, a := range acts {
		rows[global] = append(rows[global], cli.Row[*command]{Syntax: a.Syntax, Level: configLevel, Do: &command{act: a.Do}, Positive: true})
	}
	for name, m := range l.modes {
		m.tree = cli.NewTree(r.Words, append(rows[name], builtins(m)...))
		m.tree.Rows(func(i int, row *cli.Row[*command]) {
			row.Do.words = m.tree.Leading(i)
			m.commands = append(m.commands, row.Do)
		})
	}
	l.finishModes()
	for _, name := range strings.Fields(r.Layout) {
		l.layout = append(l.layout, section{name, l.shown(name)})
	}
	l.factory = l.bare
	l.factory = l.Parse(r.Factory).Config
	l.blank = l.factory.Clone()
	l.blank.noShutdown()
	return l
}

// finishModes puts the commands of lines in their order and adds the modes that
// differ from another one in their prompt or heading only.
func (l *Language) finishModes() {
	also := func(name, of string, change func(m *mode)) {
		m := *l.modes[of]
		m.name = name
		change(&m)
		l.modes[name] = &m
	}
	for _, of := range []string{lineMode.name, aaaLineMode.name} {
		l.modes[of].order(lineLayout)
		also("vty"+of, of, func(m *mode) {
			if l.Traits.VTYHeading != "" {
				m.heading = l.Traits.VTYHeading
			}
		})
	}
	also("subif", "interface", func(m *mode) { m.suffix = "config-subif" })
}

// order sorts the commands of a mode by their first words.
func (m *mode) order(layout string) {
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
func (l *Language) shown(group string) []*command {
	return slices.DeleteFunc(slices.Clone(l.modes[global].commands), func(c *command) bool {
		return c.group != group || c.show == nil
	})
}

// Factory returns a new copy of the configuration a device is born with.
func (l *Language) Factory() *Config { return l.factory.Clone() }

// Blank returns a new copy of what a start-up configuration is applied to: the
// interfaces are shut on a device without one, while one that has a
// configuration shuts those that it says.
func (l *Language) Blank() *Config { return l.blank.Clone() }

// Modes returns the names of all modes, for tests.
func (l *Language) Modes() []string {
	var names []string
	for name := range l.modes {
		names = append(names, name)
	}
	return names
}

// Check reports a command word without help in any mode, for tests.
func (l *Language) Check() error {
	for _, m := range l.modes {
		if m.tree == nil {
			continue
		}
		if err := m.tree.Check(); err != nil {
			return err
		}
	}
	return nil
}

const global = "config"

// definition is the rows of one mode, of whatever type.
type definition interface {
	declare(l *Language, rows map[string][]cli.Row[*command])
}

// modeOf declares a mode that edits a T.
type modeOf[T any] struct {
	name, suffix, heading string
	// locate finds what a place of this mode edits, by the place's key.
	locate func(c *Config, key string) []*T
	fresh  func(l *Language) *T
	raw    taker
	groups []group[T]
}

// group is a run of rows that NVGEN prints together; the layout names it.
type group[T any] struct {
	name string
	rows []Row[T]
}

func (d *modeOf[T]) declare(l *Language, rows map[string][]cli.Row[*command]) {
	fresh := d.fresh(l)
	l.modes[d.name] = &mode{name: d.name, suffix: d.suffix, heading: d.heading, raw: d.raw, fresh: fresh}
	for _, g := range d.groups {
		for _, r := range g.rows {
			rows[d.name] = append(rows[d.name], cli.Row[*command]{Syntax: r.Syntax, Level: configLevel, Do: d.erase(g.name, r.Does, fresh)})
		}
	}
}

func (d *modeOf[T]) erase(group string, s Setting[T], fresh *T) *command {
	forms := map[verb]func(*Call, *T, *T) error{doSet: s.Set, doNo: s.No, doDefault: s.Reset}
	if s.Reset == nil {
		forms[doDefault] = s.No
	}
	cmd := &command{group: group, ask: s.Before}
	cmd.edit = func(c *Call, v verb) error {
		form := forms[v]
		if form == nil {
			return &cli.Error{Kind: cli.Incomplete}
		}
		for _, t := range d.locate(c.Config, c.Key) {
			if err := form(c, t, fresh); err != nil {
				return err
			}
		}
		return nil
	}
	if s.Show != nil {
		cmd.show = func(v *View, target, fresh any) { s.Show(v, target.(*T), fresh.(*T)) }
	}
	return cmd
}

// builtins are the words every configuration mode has.
func builtins(m *mode) []cli.Row[*command] {
	what := "Exit from configure mode"
	if m.name != global {
		what = "Exit from " + uncapitalized(strings.TrimSuffix(strings.TrimSuffix(m.heading, " commands:"), " mode:")) + " mode"
	}
	rows := []cli.Row[*command]{
		{Syntax: `exit "` + what + `"`, Level: 1, Do: &command{act: Exit{}}, Positive: true},
	}
	if m.closing != "" {
		rows = append(rows, cli.Row[*command]{Syntax: m.closing + ` "` + what + `"`, Level: 1, Do: &command{act: Exit{}}, Positive: true})
	}
	if m.name == global {
		rows = append(rows,
			cli.Row[*command]{Syntax: `end "Exit from configure mode"`, Level: 1, Do: &command{act: End{}}, Positive: true})
	}
	if m.name == global || m.name == lineMode.name || m.name == aaaLineMode.name {
		rows = append(rows,
			cli.Row[*command]{Syntax: `help "Description of the interactive help system"`, Level: 1, Do: &command{act: Help{}}, Positive: true},
		)
	}
	return rows
}

// uncapitalized is a phrase as it stands within a sentence: its first word begins
// with a small letter unless it is an acronym.
func uncapitalized(s string) string {
	if first, _, _ := strings.Cut(s, " "); first == strings.ToUpper(first) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// Exit, End and Help are acts that every configuration mode has.
type (
	Exit struct{}
	End  struct{}
	Help struct{}
)
