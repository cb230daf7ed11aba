package exec

import (
	"math"

	"vtylab/cli"
)

var terminalCommands = []Command{
	{Syntax: `terminal "Set terminal line parameters" pager "Control page length for pagination" [lines "The number of lines per page"]
		<0-2147483647>$lines "Page length, 0 is no paging"`, Level: 2, Run: terminalPager},
	{Syntax: `show "Show running system information" pager "Show pager settings"`, Level: 2, Run: showPager},
	{Syntax: `show terminal "Show terminal settings"`, Level: 2, Run: showTerminal},
}

// PageRows is the length of a screen that shows as many lines and the prompt of the
// pager.
func PageRows(lines int) int {
	if lines == 0 {
		return 0
	}
	return min(lines, math.MaxInt32-1) + 1
}

func terminalPager(s *Session, a cli.Args) error {
	lines, _ := a.Int("lines")
	s.Length.Set(PageRows(lines))
	return nil
}

// showPager and showTerminal are laid out as in captures (asa-ssh-scp 2).
func showPager(s *Session, _ cli.Args) error {
	if rows := s.Length.Get(); rows > 0 {
		s.Printf("pager lines %d\n", rows-1)
	} else {
		s.Println("no pager")
	}
	return nil
}

func showTerminal(s *Session, _ cli.Args) error {
	s.Printf("\nWidth = %d, no monitor\nterminal interactive\n", s.Width.Get())
	return nil
}
