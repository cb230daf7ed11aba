package exec

import (
	"vtylab/cli"
	"vtylab/device"
)

var bootCommands = []device.Command{
	{Syntax: `show "Show running system information" @show-boot`, Level: 1, Filter: true, Run: showBoot},
}

func showBoot(s *device.Session, _ cli.Args) error {
	s.Printf("%s", s.Device.Show.Boot)
	return nil
}
