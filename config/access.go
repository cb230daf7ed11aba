package config

import "vtylab/cli"

// Access is what somebody may use of the configuration: the commands of a privilege level.
type Access struct {
	Level int
	// Rights move the commands of a mode to other levels; nil leaves all where they are.
	Rights func(mode string) cli.Rights
	// Levels are the rights that say which level a command is under, where Rights do not;
	// nil: they do.
	Levels func(mode string) cli.Rights
}

// Full is access to all commands.
var Full = Access{Level: Level}

// tree is the tree of a mode for somebody.
func (g *grammar) tree(p *Position, who Access) *cli.Tree[*command] {
	t := g.modes[p.mode].tree
	if who.Rights == nil {
		return t
	}
	return t.For(who.Rights(p.mode))
}

// level is the privilege level of a command.
func (a Access) level(mode string, words cli.Args, own int) int {
	levels := a.Levels
	if levels == nil {
		levels = a.Rights
	}
	if levels == nil {
		return own
	}
	if r := levels(mode); r != nil {
		return r(words, own, true)
	}
	return own
}

// FullWords are the words of the beginning of a command of a mode, keywords in full.
func (g *grammar) FullWords(mode, line string) string { return g.modes[mode].tree.Full(line) }
