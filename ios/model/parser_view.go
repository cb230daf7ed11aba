package model

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/secret"
)

// ParserView is `parser view`: the commands that its users have, in place of those of a
// privilege level. A superview has those of its views (ios-cli C3; "Role-Based CLI Access").
type ParserView struct {
	Name     string
	Super    bool
	Secret   secret.Secret
	Commands []ViewCommand // replaced, never edited in place, like Views
	Views    []string      // of a superview
}

// ViewCommand is the beginning of a command that a view has or lacks; with All, all that
// begin so.
type ViewCommand struct {
	Mode, How string // How is include, include-exclusive or exclude
	All       bool
	Words     string
}

// RootView is the view that has all commands and needs no configuration.
const RootView = "root"

var parserViewRows = []row[Config]{
	{`parser "Configure parser" view "View Commands" WORD$view "View Name" / [superview "Super view"]`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("view")
			if name == RootView {
				return config.Refusal("% View root is built in") // from memory
			}
			if !t.Views.Has(name) {
				t.Views.Put(name, ParserView{Name: name, Super: c.Args.Has("superview")})
				noteView(c, name)
			}
			if v, _ := t.Views.Get(name); v.Super {
				c.Enter("superview", name)
			} else {
				c.Enter("view", name)
			}
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { t.Views.Delete(c.Args.Get("view")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for p := range t.Views.All() {
				mode, header := "view", "parser view "+p.Name
				if p.Super {
					mode, header = "superview", header+" superview"
				}
				v.Line("%s", header)
				v.Body(mode, p)
				v.Line("!")
			}
		},
	}},
}

// noteView logs that a view was made.
func noteView(c *config.Call, name string) {
	n := config.Notice{Facility: "PARSER", Severity: 6, Mnemonic: "VIEW_CREATED", Text: "view '" + name + "' successfully created."}
	if c.Args.Has("superview") {
		n.Mnemonic, n.Text = "SUPER_VIEW_CREATED", "super "+n.Text
	}
	c.Note(n)
}

var viewSecretRow = row[ParserView]{`secret "Set a secret for the current view" ` + secretGrammar("view"), config.Setting[ParserView]{
	Before: askSecret(true),
	Set: func(c *config.Call, p, _ *ParserView) error {
		p.Secret = c.Answer.(secret.Secret)
		return nil
	},
	No: func(_ *config.Call, p, _ *ParserView) error { p.Secret = secret.Secret{}; return nil },
	Show: func(v *config.View, p, _ *ParserView) {
		if p.Secret.Text != "" {
			v.Line("secret %s", storedText(p.Secret, false))
		}
	},
}}

var viewCommandRow = row[ParserView]{`commands "Configure commands for a view" ` + privilegeMode + `
	{include "Add command to the view" | include-exclusive "Include in this view but exclude from others" | exclude "Exclude the command from the view"}$how
	[all "Wild card support"] LINE$command "Keywords of the command"`, config.Setting[ParserView]{
	Set: func(c *config.Call, p, _ *ParserView) error {
		x := viewCommandOf(c)
		p.drop(x)
		p.Commands = append(slices.Clip(p.Commands), x)
		return nil
	},
	No: func(c *config.Call, p, _ *ParserView) error { p.drop(viewCommandOf(c)); return nil },
	Show: func(v *config.View, p, _ *ParserView) {
		for _, x := range p.Commands {
			all := ""
			if x.All {
				all = "all "
			}
			v.Line("commands %s %s %s%s", x.Mode, x.How, all, x.Words)
		}
	},
}}

var superViewRow = row[ParserView]{`view "View commands" WORD$view "View Name"`, config.Setting[ParserView]{
	Set: func(c *config.Call, p, _ *ParserView) error {
		name := c.Args.Get("view")
		if v, ok := root(c).Views.Get(name); !c.Pasted && (!ok || v.Super) { // in a text it may come later
			return config.Refusal("% View " + name + " does not exist") // from memory
		}
		if !slices.Contains(p.Views, name) {
			p.Views = append(slices.Clip(p.Views), name)
		}
		return nil
	},
	No: func(c *config.Call, p, _ *ParserView) error {
		p.Views = slices.DeleteFunc(slices.Clone(p.Views), func(v string) bool { return v == c.Args.Get("view") })
		return nil
	},
	Show: func(v *config.View, p, _ *ParserView) {
		for _, name := range p.Views {
			v.Line("view %s", name)
		}
	},
}}

var (
	viewMode      = viewModeOf("view", viewSecretRow, viewCommandRow)
	superViewMode = viewModeOf("superview", viewSecretRow, superViewRow)
)

func viewModeOf(name string, rows ...row[ParserView]) *config.Mode[*Config, ParserView] {
	return &config.Mode[*Config, ParserView]{
		Name: name, Suffix: "config-view", Heading: "View configuration commands:",
		At: func(c *Config, key string) []*ParserView {
			if !c.Views.Has(key) {
				return nil
			}
			return []*ParserView{c.Views.Edit(key)}
		},
		Fresh:  func(*Config) *ParserView { return &ParserView{} },
		Groups: []config.Group[ParserView]{group(name, rows...)},
	}
}

func viewCommandOf(c *config.Call) ViewCommand {
	id := commandOf(c)
	return ViewCommand{id.mode, c.Args.Get("how"), c.Args.Has("all"), id.words}
}

// drop takes out what the view says of a command.
func (p *ParserView) drop(x ViewCommand) {
	p.Commands = slices.DeleteFunc(slices.Clone(p.Commands), func(o ViewCommand) bool { return o.Mode == x.Mode && o.Words == x.Words })
}

// hidden is a level that nobody has.
const hidden = 16

// ViewRights are the commands of a view in a mode, "" for EXEC. A view that does not exist
// has what every view has.
func (c *Config) ViewRights(view, mode string) cli.Rights {
	name, known := privilegeModeOf(mode)
	return func(words cli.Args, own int, whole bool) int {
		if everyView(mode, words, own) || known && c.viewHas(view, name, words, whole) {
			return 0
		}
		return hidden
	}
}

// everyView reports whether the words are of a command that every view has: `enable`,
// `exit` and `show parser view` in EXEC, the ways out of a configuration mode.
func everyView(mode string, words cli.Args, own int) bool {
	if mode != "" {
		return own == config.BuiltinLevel
	}
	text := words.String()
	first, _, _ := strings.Cut(text, " ")
	return first == "enable" || first == "exit" || begins("show parser view", text) || begins(text, "show parser view")
}

// viewHas reports whether a view has the beginning of a command.
func (c *Config) viewHas(view, mode string, words cli.Args, whole bool) bool {
	v, ok := c.Views.Get(view)
	if !ok {
		return false
	}
	members := v.Views
	if !v.Super {
		members = []string{view}
	}
	return slices.ContainsFunc(members, func(m string) bool {
		own, ok := c.Views.Get(m)
		return ok && own.has(mode, words, whole)
	}) && !c.exclusive(members, mode, words)
}

// exclusive reports whether a command belongs to another view alone.
func (c *Config) exclusive(members []string, mode string, words cli.Args) bool {
	for v := range c.Views.All() {
		if slices.Contains(members, v.Name) {
			continue
		}
		if x, ok := v.says(mode, words); ok && x.How == "include-exclusive" {
			return true
		}
	}
	return false
}

// has reports whether the view includes the beginning of a command or, unless that is whole,
// a command that begins so.
func (p *ParserView) has(mode string, words cli.Args, whole bool) bool {
	if x, ok := p.says(mode, words); ok {
		return x.How != "exclude"
	}
	text := words.String()
	return !whole && slices.ContainsFunc(p.Commands, func(x ViewCommand) bool {
		return x.Mode == mode && x.How != "exclude" && begins(x.Words, text)
	})
}

// says is what the view says of a command: of itself, else of the longest beginning with
// `all`. An argument goes with the keyword before it.
func (p *ParserView) says(mode string, words cli.Args) (x ViewCommand, ok bool) {
	find := func(words cli.Args, all bool) bool {
		i := slices.IndexFunc(p.Commands, func(o ViewCommand) bool {
			return o.Mode == mode && o.Words == words.String() && (o.All || !all)
		})
		if i >= 0 {
			x, ok = p.Commands[i], true
		}
		return i >= 0
	}
	n := len(words)
	for ; n > 0; n-- {
		if find(words[:n], false) {
			return x, true
		}
		if words[n-1].Keyword {
			break
		}
	}
	for n--; n > 0; n-- {
		if find(words[:n], true) {
			return x, true
		}
	}
	return x, false
}

// begins reports whether a command begins with some words.
func begins(command, words string) bool {
	return command == words || strings.HasPrefix(command, words+" ")
}
