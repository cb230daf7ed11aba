package exec

import (
	"vtylab/asa/model"
	"vtylab/cli"
)

// Help texts are from memory.
var runningCommands = []Command{
	{Syntax: `show "Show running system information" running-config "Current operating configuration" [all "Current operating configuration including defaults"]`, Level: 15, Run: showRunning},
	{Syntax: `show running-config {aaa "Show AAA configuration information" | console "Serial console functions" | enable "Show enable password"
		| hostname "Show hostname" | interface "Show interface configuration" | pager "Show pager configuration"
		| ssh "Show SSH configuration" | username "Show user database"}$part`, Level: 15, Run: showPart},
	{Syntax: `write "Copy running configuration" terminal "Copy running configuration to the terminal"`, Level: 15, Run: writeTerminal},
}

func showRunning(s *Session, a cli.Args) error {
	s.Printf("%s", s.Shown(a.Has("all")))
	return nil
}

func showPart(s *Session, a cli.Args) error {
	s.Printf("%s", s.System.Language().RenderIn(s.Config().Masked(), model.Parts[a.Get("part")]))
	return nil
}

func writeTerminal(s *Session, _ cli.Args) error {
	s.Printf("%s[OK]\n", s.Shown(false))
	return nil
}
