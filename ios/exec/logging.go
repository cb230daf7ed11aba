package exec

import (
	"strings"

	"vtylab/cli"
	"vtylab/syslog"
	"vtylab/tty"
)

var loggingCommands = []Command{
	{Syntax: `show "Show running system information" logging "Show the contents of logging buffers"`, Level: 1, Filter: true, Run: showLogging},
	{Syntax: `clear "Reset functions" logging "Clear logging buffer"`, Level: 15, Run: clearLogging},
}

func showLogging(s *Session, _ cli.Args) error {
	set, n := s.Device.Logs.Settings(), s.Device.Logs.Stats()
	state := yesNo(set.On, "enabled", "disabled")
	s.Printf("Syslog logging: %s (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)\n\n", state)
	s.Printf("No Active Message Discriminator.\n\n\n\nNo Inactive Message Discriminator.\n\n\n")
	loggingRow(s, "Console logging: ", set.Console, n.Console.Logged)
	loggingRow(s, "Monitor logging: ", set.Monitor, n.Monitor.Logged)
	monitorRows(s)
	loggingRow(s, "Buffer logging:  ", set.Buffered, n.Buffered.Logged)
	s.Printf("    Exception Logging: size (4096 bytes)\n    Count and timestamp logging messages: disabled\n    Persistent logging: disabled\n")
	if s.Release.Show.FilterModules {
		s.Printf("\nNo active filter modules.\n\n")
	}
	if set.Trap.On {
		s.Printf("    Trap logging: level %s, %d message lines logged\n", set.Trap.Level, n.Trap.Logged)
	} else {
		s.Printf("    Trap logging: disabled\n")
	}
	hostRows(s, n.Hosts)
	if set.Buffered.On {
		s.Printf("\nLog Buffer (%d bytes):\n\n", s.Device.Logs.Buffer().Size())
		s.Println(s.Device.Logs.Buffer().Lines()...)
	}
	return nil
}

// loggingRow is a destination on the device. The second line of the buffer's is
// one column short, as captured.
func loggingRow(s *Session, label string, d syslog.Destination, logged int) {
	if !d.On {
		s.Printf("    %sdisabled\n", label)
		return
	}
	indent := 21
	if strings.HasPrefix(label, "Buffer") {
		indent = 20
	}
	s.Printf("    %slevel %s, %d messages logged, xml disabled,\n%*sfiltering disabled\n", label, d.Level, logged, indent, "")
}

// monitorRows are the lines that asked for messages with `terminal monitor`.
func monitorRows(s *Session) {
	for _, l := range s.Device.Lines() {
		if shown, on := l.Monitors(); on && l.Kind == tty.VTY {
			s.Printf("        Logging to: vty%d(%d)\n", l.TTY, shown)
		}
	}
}

// hostRows are the logging hosts (captured, 15.2 and 17.15).
func hostRows(s *Session, hosts []syslog.HostCount) {
	for _, h := range hosts {
		s.Printf("        Logging to %s  (udp port %d, audit disabled,\n%14slink up),\n", h.Address, h.PortOr514(), "")
		s.Printf("%14[1]s%[2]d message lines logged, \n%14[1]s0 message lines rate-limited, \n%14[1]s0 message lines dropped-by-MD, \n", "", h.Logged)
		s.Printf("%14[1]sxml disabled, sequence number disabled\n%14[1]sfiltering disabled\n", "")
	}
	if len(hosts) > 0 || !s.Release.Show.FilterModules {
		s.Printf("        Logging Source-Interface:       VRF Name:\n")
	}
}

func clearLogging(s *Session, _ cli.Args) error {
	ok, err := s.Confirm("Clear logging buffer")
	if err == nil && ok {
		s.Device.Logs.Buffer().Clear()
	}
	return err
}
