package exec

import (
	"slices"
	"strings"

	"vtylab/cli"
)

// debugSwitch is one switch of `debug`: its grammar, the group that show
// debugging lists it in, and what it is called there.
type debugSwitch struct {
	name, syntax, group, text string
}

// debugSwitches: the replies are captured for ip ssh, client, scp and snmp; those
// of detail and packet and the group headings are from memory.
var debugSwitches = []debugSwitch{
	{DebugICMP, `ip icmp "ICMP transactions"`, "Generic IP:", "ICMP packet debugging"},
	{"ip ssh", `ip "IP information" ssh "Incoming ssh debugging"`, "SSH:", "Incoming SSH debugging"},
	{"ip ssh client", `ip ssh client "Client side debugging"`, "SSH:", "SSH Client debugging"},
	{"ip ssh detail", `ip ssh detail "Detailed SSH debugging"`, "SSH:", "ssh detail messages debugging"},
	{"ip ssh packet", `ip ssh packet "SSH packet debugging"`, "SSH:", "ssh packet debugging"},
	{"ip scp", `ip scp "Secure Copy debugging"`, "SCP:", "Incoming SCP debugging"},
	{DebugSNMP, `snmp "SNMP information" packets "SNMP packets"`, "SNMP:", "SNMP packet debugging"},
	{DebugSNMPHeaders, `snmp headers "SNMP packet headers"`, "SNMP:", "SNMP header debugging"},
}

// allSwitches are those of this file and of AAA.
func allSwitches() []debugSwitch { return slices.Concat(debugSwitches, aaaSwitches) }

var debugCommands = debugRows()

func debugRows() []Command {
	rows := []Command{
		{Syntax: `debug "Debugging functions (see also 'undebug')" all "Enable all debugging"`, Level: 15, Run: debugAll},
		{Syntax: `undebug "Disable debugging functions (see also 'debug')" all "Enable all debugging"`, Level: 15, Run: undebugAll},
		{Syntax: `no "Disable debugging functions" debug "Disable debugging functions (see also 'undebug')" all "Enable all debugging"`, Level: 15, Run: undebugAll},
		{Syntax: `show "Show running system information" debugging "State of each debugging option"`, Level: 1, Filter: true, Run: showDebugging},
		{Syntax: `show debugging condition "Condition on debugging"`, Level: 1, Filter: true,
			Run: func(s *Session, _ cli.Args) error { s.Println("% No conditions found"); return nil }},
	}
	for _, d := range allSwitches() {
		on := func(s *Session, _ cli.Args) error { d.set(s, true); return nil }
		off := func(s *Session, _ cli.Args) error { d.set(s, false); return nil }
		rows = append(rows,
			Command{Syntax: `debug "Debugging functions (see also 'undebug')" ` + d.syntax, Level: 15, Run: on},
			Command{Syntax: `undebug "Disable debugging functions (see also 'debug')" ` + d.syntax, Level: 15, Run: off},
			Command{Syntax: `no "Disable debugging functions" debug "Disable debugging functions (see also 'undebug')" ` + d.syntax, Level: 15, Run: off})
	}
	return rows
}

func (d debugSwitch) set(s *Session, on bool) {
	s.Device.Debug.Set(d.name, on)
	state := "off"
	if on {
		state = "on"
	}
	s.Printf("%s is %s\n", d.text, state)
}

func debugAll(s *Session, _ cli.Args) error {
	answer, err := s.Ask("This may severely impact network performance. Continue? (yes/[no]): ")
	if answer = strings.ToLower(strings.TrimSpace(answer)); err != nil || answer == "" || !strings.HasPrefix("yes", answer) {
		return err
	}
	for _, d := range allSwitches() {
		s.Device.Debug.Set(d.name, true)
	}
	s.Println("All possible debugging has been turned on")
	return nil
}

func undebugAll(s *Session, _ cli.Args) error {
	s.Device.Debug.Clear()
	s.Println("All possible debugging has been turned off")
	return nil
}

func showDebugging(s *Session, _ cli.Args) error {
	group := ""
	for _, d := range allSwitches() {
		if !s.Device.Debug.On(d.name) {
			continue
		}
		if d.group != group {
			group = d.group
			s.Println(group)
		}
		s.Printf("  %s is on\n", d.text)
	}
	s.Printf("%s", s.Release.Show.Debugging)
	return nil
}
