package model

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// Privileges are the commands that `privilege` has moved to other levels (ios-cli C3).
type Privileges = config.Table[commandID, Privilege]

// commandID is the beginning of a command in a mode of `privilege`.
type commandID struct{ mode, words string }

// Privilege is the level of the beginning of a command; with All that of all commands which
// begin so.
type Privilege struct {
	Level int
	All   bool
}

// privilegeModes are the modes of `privilege`, as they print, and the modes they stand for.
// The order is from memory.
var privilegeModes = []struct {
	name string
	of   []string
}{
	{"interface", []string{"interface", rangeMode, "subif"}},
	{"line", []string{"line", "line-aaa", "vtyline", "vtyline-aaa"}},
	{"configure", []string{config.Global}},
	{"exec", []string{""}},
}

const privilegeMode = `{exec "Exec mode" | configure "Global configuration mode" | interface "Interface configuration mode" | line "Line configuration mode"}$mode`

var privilegeRows = []row[Config]{
	{`privilege "Command privilege parameters" ` + privilegeMode + ` [all "All suboption will be set to the samelevel"] level "Set privilege level of command" <0-15>$level "Privilege level"
	  LINE$command "Initial keywords of the command to modify"`,
		config.Setting[Config]{Set: movePrivilege, No: resetPrivilege, Show: showPrivileges}},
	{`privilege ` + privilegeMode + ` reset "Reset privilege level of command" LINE$command "Initial keywords of the command to modify"`,
		config.Setting[Config]{Set: resetPrivilege, No: func(*config.Call, *Config, *Config) error { return nil }}},
}

// movePrivilege moves a command, and what it begins with: who may not give `show` may not
// give `show ip` either.
func movePrivilege(c *config.Call, t, _ *Config) error {
	id := commandOf(c)
	level, _ := c.Args.Int("level")
	t.Privileges.Put(id, Privilege{level, c.Args.Has("all")})
	for i := range id.words {
		if id.words[i] != ' ' {
			continue
		}
		begin := commandID{id.mode, id.words[:i]}
		all := false
		if old, ok := t.Privileges.Get(begin); ok {
			all = old.All
		}
		t.Privileges.Put(begin, Privilege{level, all})
	}
	return nil
}

// resetPrivilege gives a command back its own level. What it begins with stays where it is
// (from memory).
func resetPrivilege(c *config.Call, t, _ *Config) error {
	t.Privileges.Delete(commandOf(c))
	return nil
}

// showPrivileges prints a command before what it begins with, so that reading it back moves
// that last.
func showPrivileges(v *config.View, t, _ *Config) {
	for _, m := range privilegeModes {
		var all []string
		for id := range t.Privileges.Keys() {
			if id.mode == m.name {
				all = append(all, id.words)
			}
		}
		slices.SortFunc(all, longerFirst)
		for _, words := range all {
			p, _ := t.Privileges.Get(commandID{m.name, words})
			with := ""
			if p.All {
				with = " all"
			}
			v.Line("privilege %s%s level %d %s", m.name, with, p.Level, words)
		}
	}
}

// longerFirst orders commands by their words, and puts each before what it begins with.
func longerFirst(a, b string) int {
	switch {
	case strings.HasPrefix(a, b+" "):
		return -1
	case strings.HasPrefix(b, a+" "):
		return 1
	}
	return strings.Compare(a, b)
}

func commandOf(c *config.Call) commandID {
	id := commandID{c.Args.Get("mode"), strings.Join(strings.Fields(c.Args.Get("command")), " ")}
	if f, ok := c.Facts.(Facts); ok {
		id.words = f.FullWords(LanguageMode(id.mode), id.words)
	}
	return id
}

// LanguageMode is the mode whose commands a mode of `privilege` has, "" for EXEC.
func LanguageMode(name string) string {
	for _, m := range privilegeModes {
		if m.name == name {
			return m.of[0]
		}
	}
	return ""
}

// privilegeModeOf is the mode of `privilege` that a mode belongs to.
func privilegeModeOf(mode string) (name string, ok bool) {
	for _, m := range privilegeModes {
		if slices.Contains(m.of, mode) {
			return m.name, true
		}
	}
	return "", false
}

// Levels are the levels of the commands of a mode, "" for EXEC; nil where none has moved.
func (c *Config) Levels(mode string) cli.Rights {
	name, ok := privilegeModeOf(mode)
	if !ok || c.Privileges.Len() == 0 {
		return nil
	}
	return func(words cli.Args, own int, _ bool) int { return c.levelOf(name, words, own) }
}

// levelOf is the level of the beginning of a command: its own entry, else that of the longest
// beginning with `all`. An argument needs what the keyword before it needs.
func (c *Config) levelOf(mode string, words cli.Args, own int) int {
	for n := len(words); n > 0; n-- {
		if p, ok := c.Privileges.Get(commandID{mode, words[:n].String()}); ok {
			return p.Level
		}
		if words[n-1].Keyword {
			words = words[:n]
			break
		}
	}
	for n := len(words) - 1; n > 0; n-- {
		if p, ok := c.Privileges.Get(commandID{mode, words[:n].String()}); ok && p.All {
			return p.Level
		}
	}
	return own
}
