package model

import "vtylab/config"

// LineLists are the method lists that a line names besides those of login and exec. Lines
// share them; they are replaced, never edited in place.
type LineLists struct {
	Reverse                string // authorization reverse-access
	AcctExec, AcctConnect  string
	Commands, AcctCommands [16]string // by level
}

// lists are those of a line, which may have none.
func (l *Line) lists() *LineLists {
	if l.Lists == nil {
		return &noLists
	}
	return l.Lists
}

var noLists LineLists

// lineList is a command that names a list.
func lineList(field func(*LineLists, int) *string) config.Setting[Line] {
	put := func(c *config.Call, l *Line, name string) {
		lists := *l.lists()
		level, _ := c.Args.Int("level")
		*field(&lists, level) = name
		l.Lists = &lists
		if lists == noLists {
			l.Lists = nil
		}
	}
	return config.Setting[Line]{
		Set: func(c *config.Call, l, _ *Line) error { put(c, l, c.Args.Get("list")); return nil },
		No:  func(c *config.Call, l, _ *Line) error { put(c, l, ""); return nil },
		Show: func(v *config.View, l, _ *Line) {
			if name := *field(l.lists(), 0); name != "" {
				v.Line("%s %s", v.Words, name)
			}
		},
	}
}

// lineLevelList is lineList for commands, by their level.
func lineLevelList(field func(*LineLists) *[16]string) config.Setting[Line] {
	s := lineList(func(l *LineLists, level int) *string { return &field(l)[level] })
	s.Show = func(v *config.View, l, _ *Line) {
		for level, name := range field(l.lists()) {
			if name != "" {
				v.Line("%s %d %s", v.Words, level, name)
			}
		}
	}
	return s
}

var lineAAARows = []row[Line]{
	{`authorization commands "For exec (shell) commands" <0-15>$level "Enable level" {default "Use the default authorization list" | WORD$list "Use an authorization list with this name"}`,
		lineLevelList(func(l *LineLists) *[16]string { return &l.Commands })},
	{`authorization reverse-access "For reverse access connections" {default "Use the default authorization list" | WORD$list "Use an authorization list with this name"}`,
		lineList(func(l *LineLists, _ int) *string { return &l.Reverse })},
	{`accounting "Accounting parameters" commands "For exec (shell) commands" <0-15>$level "Enable level" {default "Use the default accounting list" | WORD$list "Use an accounting list with this name"}`,
		lineLevelList(func(l *LineLists) *[16]string { return &l.AcctCommands })},
	{`accounting connection "For connection accounting" {default "Use the default accounting list" | WORD$list "Use an accounting list with this name"}`,
		lineList(func(l *LineLists, _ int) *string { return &l.AcctConnect })},
	{`accounting exec "For starting an exec (shell)" {default "Use the default accounting list" | WORD$list "Use an accounting list with this name"}`,
		lineList(func(l *LineLists, _ int) *string { return &l.AcctExec })},
}
