package exec

import (
	"fmt"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/syslog"
)

var loggingCommands = []device.Command{
	{Syntax: `show "Show running system information" logging "Show the contents of logging buffers"`, Level: 1, Filter: true, Run: showLogging},
	{Syntax: `clear "Reset functions" logging "Clear logging buffer"`, Level: 15, Run: clearLogging},
}

func showLogging(s *device.Session, _ cli.Args) error {
	set, n := s.Device.Logs.Settings(), s.Device.Logs.Stats()
	s.Printf("Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)\n\n")
	s.Printf("No Active Message Discriminator.\n\n\n\nNo Inactive Message Discriminator.\n\n\n")
	loggingRow(s, "Console", set.Console, n.Console.Logged)
	loggingRow(s, "Monitor", set.Monitor, n.Monitor.Logged)
	loggingRow(s, "Buffer", set.Buffered, n.Buffered.Logged)
	s.Printf("    Exception Logging: size (4096 bytes)\n    Count and timestamp logging messages: disabled\n    Persistent logging: disabled\n\nNo active filter modules.\n\n")
	if set.Trap.On {
		s.Printf("    Trap logging: level %s, %d message lines logged\n", set.Trap.Level, n.Trap.Logged)
	} else {
		s.Printf("    Trap logging: disabled\n")
	}
	s.Printf("\nLog Buffer (%d bytes):\n\n", s.Device.Logs.Buffer().Size())
	s.Println(s.Device.Logs.Buffer().Lines()...)
	return nil
}

func loggingRow(s *device.Session, name string, d syslog.Destination, logged int) {
	label := fmt.Sprintf("    %s logging: ", name)
	if name == "Buffer" {
		label += " "
	}
	if !d.On {
		s.Printf("%sdisabled\n", label)
		return
	}
	s.Printf("%slevel %s, %d messages logged, xml disabled,\n%21sfiltering disabled\n", label, d.Level, logged, "")
}

func clearLogging(s *device.Session, _ cli.Args) error {
	ok, err := s.Confirm("Clear logging buffer")
	if err == nil && ok {
		s.Device.Logs.Buffer().Clear()
	}
	return err
}
