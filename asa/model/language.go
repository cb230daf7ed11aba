package model

import (
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// layout is the order of a 9.20(2)2 (asa-ssh-scp 2.1). The empty row before the
// interfaces is the capture's; names has it.
const layout = `
	!
	hostname enable names
	!
	interfaces pager aaa ssh console users
	!
	prompt call-home`

// Parts are the words of show running-config WORD, and the layout of each.
var Parts = map[string]string{
	"aaa": "aaa", "console": "console", "enable": "enable", "hostname": "hostname",
	"interface": "! interfaces", "pager": "pager", "ssh": "ssh", "username": "users",
}

// NewLanguage compiles the rows of this package for a release. Acts are the
// commands that act in global configuration mode.
func NewLanguage(r *Release, acts []config.Act) *config.Language[*Config] {
	return config.NewLanguage(config.Spec[*Config]{
		Words: Words,
		Bare:  New(r),
		Modes: []config.Definition[*Config]{globalMode, interfaceMode},
		Kept:  func(c *Config) *config.Passive { return &c.Passive },
		// What is configured in an interface prints in this order.
		Orders: map[string]string{interfaceMode.Name: "management-only shutdown nameif security-level ip"},
		Layout: layout,
		Blank:  (*Config).noShutdown,
		Acts:   acts, Builtins: builtins,
		Verbs:   []config.Verb{{Word: "no", Help: "Negate a command or set its defaults", Short: 2, Form: config.No}},
		Comment: Comment, Header: header,
	})
}

// Words are the vocabulary of all releases.
var Words = cli.Vocabulary{"INTERFACE": "GigabitEthernet Management"}

var globalMode = &config.Mode[*Config, Config]{
	Name: config.Global, Suffix: "config", Heading: Heading(config.Global),
	At:    func(c *Config, _ string) []*Config { return []*Config{c} },
	Fresh: func(bare *Config) *Config { return bare },
	Groups: []config.Group[Config]{
		group("hostname", hostnameRows...),
		group("enable", enableRows...),
		group("names", namesRows...),
		group("interfaces", interfaceRows...),
		group("pager", pagerRows...),
		group("aaa", aaaRows...),
		group("ssh", sshRows...),
		group("console", consoleRows...),
		group("users", userRows...),
		group("prompt", promptRows...),
		group("call-home", callHomeRows...),
	},
}

// Heading is what `?` prints above the commands of a mode.
func Heading(mode string) string {
	if mode == config.Global {
		mode = "configure"
	}
	return mode + " mode commands/options:"
}

// builtins are the words every configuration mode has; that `end` is one of them,
// and the help texts, are from memory.
func builtins(mode, _, _ string) []config.Act {
	what := "Exit from config mode"
	if mode != config.Global {
		what = "Exit from " + mode + " configuration mode"
	}
	return []config.Act{
		{Syntax: `exit "` + what + `"`, Do: config.Exit{}},
		{Syntax: `quit "` + what + `"`, Do: config.Exit{}},
		{Syntax: `end "Exit from configure mode"`, Do: config.End{}},
		{Syntax: `help "Interactive help for commands"`, Do: config.Help{}},
	}
}

// Comment reports whether a line holds nothing to do: `!`, and the `:` of the lines
// around a saved configuration.
func Comment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '!' || line[0] == ':'
}

// header reports whether a line is one that a saved configuration has around its
// commands.
func header(line string) bool {
	return strings.HasPrefix(line, "ASA Version ") || strings.HasPrefix(line, "Cryptochecksum:")
}
