package exec

import (
	"vtylab/cli"
	"vtylab/ios/model"
	"vtylab/tty"
)

var terminalCommands = []Command{
	{Syntax: `terminal "Set terminal line parameters" length "Set number of lines on a screen" <0-512>$n "Number of lines on screen (0 for no pausing)"`,
		Level: 1, Run: func(s *Session, a cli.Args) error { return resize(&s.Length, a) }},
	{Syntax: `terminal width "Set width of the display terminal" <0-512>$n "Number of characters on a screen line"`,
		Level: 1, Run: func(s *Session, a cli.Args) error { return resize(&s.Width, a) }},
	{Syntax: `terminal history "Enable and control the command history function" [size "Set history buffer size" <0-256>$n "Size of history buffer"]`,
		Level: 1, Run: terminalHistory},
	{Syntax: `terminal monitor "Copy debug output to the current terminal line"`, Level: 15, Run: terminalMonitor},
	{Syntax: `terminal editing "Enable command line editing"`, Level: 1,
		Run: func(s *Session, _ cli.Args) error { s.SetEditing(true); return nil }},
	{Syntax: `terminal no "Negate a command or set its defaults" {monitor "Copy debug output to the current terminal line"
		| exec "Configure EXEC" prompt "EXEC prompt" timestamp "Print timestamps for show commands"
		| editing "Enable command line editing" | history "Enable and control the command history function"
		| domain-lookup "Enable domain lookups in show commands" | length "Set number of lines on a screen" | width "Set width of the display terminal"}`, Level: 1, Run: terminalNo},
	{Syntax: `terminal default "Set a command to its defaults" {length "Set number of lines on a screen" | width "Set width of the display terminal"
		| history "Enable and control the command history function"}`, Level: 1, Run: terminalNo},
	{Syntax: `terminal exec "Configure EXEC" prompt "EXEC prompt" timestamp "Print timestamps for show commands"`, Level: 1,
		Run: func(s *Session, _ cli.Args) error { s.kept().stamp = true; return nil }},
	{Syntax: `terminal escape-character "Change the current line's escape character" WORD$char "Escape character or its ASCII decimal equivalent"`, Level: 1, Run: terminalEscape},
	{Syntax: `terminal {session-timeout "Set interval for closing connection when there is no input traffic"} WORD "Value"`, Level: 1, Run: silent},
	{Syntax: `terminal {full-help "Provide help to unprivileged user" | domain-lookup "Enable domain lookups in show commands"}`, Level: 1, Run: silent},
	{Syntax: `show "Show running system information" terminal "Display terminal configuration parameters"`, Level: 1, Filter: true, Run: showTerminal},
}

// silent commands are accepted and change nothing that can be seen.
func silent(*Session, cli.Args) error { return nil }

func resize(d *tty.Dimension, a cli.Args) error {
	n, _ := a.Int("n")
	d.Set(n)
	return nil
}

func terminalEscape(s *Session, a cli.Args) error {
	n, ok := model.EscapeOf(a.Get("char"))
	if !ok {
		s.Println("% Invalid escape character") // from memory
		return nil
	}
	s.Escape.Set(n)
	return nil
}

func terminalMonitor(s *Session, _ cli.Args) error {
	if s.Line.Kind == tty.Console {
		s.Println("% Console already monitors")
		return nil
	}
	s.SetMonitor(true)
	return nil
}

func terminalHistory(s *Session, a cli.Args) error {
	n, ok := a.Int("n")
	if !ok {
		n = s.Line.Settings().HistorySize()
	}
	s.SetHistorySize(n)
	return nil
}

// terminalNo is both `terminal no X` and `terminal default X`.
func terminalNo(s *Session, a cli.Args) error {
	line := s.Line.Settings()
	negate := a.Has("no")
	switch {
	case a.Has("monitor"):
		s.SetMonitor(false)
	case a.Has("editing"):
		s.SetEditing(false)
	case a.Has("timestamp"):
		s.kept().stamp = false
	case a.Has("history") && negate:
		s.SetHistorySize(0)
	case a.Has("history"):
		s.SetHistorySize(line.HistorySize())
	case a.Has("length"):
		s.Length.Set(line.Length)
	case a.Has("width"):
		s.Width.Set(line.Width)
	}
	return nil
}

func showTerminal(s *Session, _ cli.Args) error {
	describeLine(s, s.Line, s.Session)
	return nil
}
