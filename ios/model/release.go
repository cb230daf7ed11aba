package model

import (
	_ "embed"

	"vtylab/cli"
	"vtylab/config"
)

// Release is what the rows of this package need to know of a release. Every
// Config of the release points to it.
type Release struct {
	// Words replace the @names in rows; a row that uses a name which is not here
	// does not exist in the release.
	Words   cli.Vocabulary
	Traits  Traits
	Version string // of the `version` line: "15.5"
	Layout  string // order of NVGEN, see layout.go
	// Preset adjusts the built-in defaults before the factory text.
	Preset func(*Config)
	// Factory is configuration text that a device of this release is born with.
	Factory string
}

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

//go:embed passive.txt
var passiveRows string

// NewLanguage compiles the rows of this package for a release. Acts are the
// commands that act in global configuration mode.
func NewLanguage(r *Release, acts []config.Act) *config.Language[*Config] {
	bare := New()
	bare.Release = r
	bare.Hostname = r.Traits.FactoryHostname
	if r.Preset != nil {
		r.Preset(bare)
	}
	return config.NewLanguage(config.Spec[*Config]{
		Words:    r.Words,
		Bare:     bare,
		Modes:    modes(),
		Variants: variants(r),
		Kept:     func(c *Config) *config.Passive { return &c.Passive }, PassiveRows: passiveRows, Hooks: hooks, Protect: protectKey,
		Orders: map[string]string{lineMode.Name: lineLayout, aaaLineMode.Name: lineLayout},
		Layout: r.Layout, Inline: []string{"aaa-local"},
		Factory: r.Factory, Blank: (*Config).noShutdown,
		Acts: acts, Builtins: builtins, Verbs: verbs,
		Comment: Comment, Header: header,
	})
}

// verbs are in front of the commands of every mode.
var verbs = []config.Verb{
	{Word: "default", Help: "Set a command to its defaults", Short: 2, Form: config.Default},
	{Word: "do", Form: config.Other},
	{Word: "no", Help: "Negate a command or set its defaults", Short: 1, Form: config.No},
}

// variants are modes with the commands of another one.
func variants(r *Release) []config.Variant {
	return []config.Variant{
		{Name: "vty" + lineMode.Name, Of: lineMode.Name, Heading: r.Traits.VTYHeading},
		{Name: "vty" + aaaLineMode.Name, Of: aaaLineMode.Name, Heading: r.Traits.VTYHeading},
		{Name: rangeMode, Of: interfaceMode.Name, Suffix: "config-if-range"},
		{Name: "subif", Of: "interface", Suffix: "config-subif"},
	}
}
