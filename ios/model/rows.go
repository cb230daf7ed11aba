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

// shown is the configuration that is printed.
func shown(v *config.View) *Config { return v.Root.(*Config) }

// Facts are what rows ask of the device that has the configuration.
type Facts interface {
	// HasSSHKey reports whether a key exists that SSH can use under c.
	HasSSHKey(c *Config) bool
	// Booting reports whether the start-up configuration is being read.
	Booting() bool
	// FullWords are the words of the beginning of a command of a mode, "" for EXEC,
	// keywords in full. Words that the mode does not know stay as they are.
	FullWords(mode, line string) string
}

// hasSSHKey is Facts.HasSSHKey; a configuration without a device is taken to have
// a key.
func hasSSHKey(c *config.Call) bool {
	f, ok := c.Facts.(Facts)
	return !ok || f.HasSSHKey(root(c))
}

// starting reports whether a command stands in the start-up configuration, or in
// a text that belongs to no device.
func starting(c *config.Call) bool {
	f, ok := c.Facts.(Facts)
	return !ok || f.Booting()
}
