package exec

import (
	"vtylab/cli"
)

var bootCommands = []Command{
	{Syntax: `show "Show running system information" @show-boot`, Level: 1, Filter: true, Run: showBoot},
}

func showBoot(s *Session, _ cli.Args) error {
	s.Printf("%s", s.Release.Show.Boot)
	return nil
}
