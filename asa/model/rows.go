package model

import "vtylab/config"

// row is config.Row of this package, so that a table may leave its field names
// out.
type row[T any] struct {
	Syntax string
	Does   config.Setting[T]
}

// group is a run of rows that NVGEN prints together; the layout names it.
func group[T any](name string, rows ...row[T]) config.Group[T] {
	g := config.Group[T]{Name: name}
	for _, r := range rows {
		g.Rows = append(g.Rows, config.Row[T](r))
	}
	return g
}

// root is the configuration that a command edits, or in Before the one there is.
func root(c *config.Call) *Config { return c.Root.(*Config) }

// say prints what a command has to tell who typed it; a text is read in silence.
func say(c *config.Call, line string) {
	if !c.Pasted {
		c.UI.Say(line)
	}
}
