package exec

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
)

var runningCommands = []device.Command{
	{Syntax: `show "Show running system information" running-config "Current operating configuration"
		[all "Configuration with defaults" | brief "configuration without certificate data" | full "full configuration"]`, Level: 15, Filter: true, Run: showRunning},
	{Syntax: `show running-config view "View options" full "full configuration"`, Level: 15, Filter: true, Run: showRunning},
	{Syntax: `show running-config interface "Show interface configuration" INTERFACE$name "Interface"`, Level: 15, Filter: true, Run: showRunningInterface},
	{Syntax: `show running-config linenum "Display line numbers in output"`, Level: 15, Filter: true, Run: showRunningNumbered},
	{Syntax: `show running-config vrf "Show VRF aware configuration" [WORD$name "VRF name"]`, Level: 15, Filter: true, Run: showRunningVRF},
	{Syntax: `show running-config partition "Configuration corresponding a partition" {access-list "All access-list configurations"
		| class-map "All class-map configurations" | interface "All interface specific configurations" [INTERFACE$name "Interface"]
		| line "All line mode configurations" | policy-map "All policy-map configurations" | router "All routing configurations"}$part`,
		Level: 15, Filter: true, Run: showPartition},
	{Syntax: `show running-config aaa "Show AAA configurations"`, Level: 15, Filter: true, Run: showRunningAAA},
	{Syntax: `show startup-config "Contents of startup configuration"`, Level: 15, Filter: true, Run: showStartup},
	{Syntax: `show configuration "Contents of Non-Volatile memory"`, Level: 15, Filter: true, Run: showStartup},
}

func showRunning(s *device.Session, a cli.Args) error {
	printConfiguration(s, s.Device.RunningConfig(a.Has("all")))
	return nil
}

// showRunningNumbered counts the lines; how it looks is from memory.
func showRunningNumbered(s *device.Session, _ cli.Args) error {
	text := s.Device.RunningConfig(false)
	s.Printf("Building configuration...\n\nCurrent configuration : %d bytes\n", len(text)+1)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		s.Printf("%5d : %s\n", i+1, line)
	}
	s.Println("")
	return nil
}

// showRunningAAA starts at a "!" without a header (genieparser).
func showRunningAAA(s *device.Session, _ cli.Args) error {
	s.Println("!")
	for line := range strings.Lines(s.Device.RunningConfig(false)) {
		if strings.HasPrefix(line, "aaa ") || strings.HasPrefix(line, "username ") {
			s.Printf("%s", line)
		}
	}
	s.Println("!", "")
	return nil
}

// printConfiguration prints a configuration behind its size: all bytes with LF
// line ends, and the empty line that follows `end` (ios-cli B1).
func printConfiguration(s *device.Session, text string) {
	s.Printf("Building configuration...\n\nCurrent configuration : %d bytes\n%s\n", len(text)+1, text)
}

func showRunningInterface(s *device.Session, a cli.Args) error {
	header := "interface " + a.Get("name")
	text := config.Section(s.Device.RunningConfig(false), func(line string) bool { return line == header })
	if text == "" {
		return device.ErrLastWord
	}
	printConfiguration(s, "!\n"+text+"end\n")
	return nil
}

// partitions are the first lines of the blocks of each partition.
var partitions = map[string][]string{
	"access-list": {"access-list ", "ip access-list "},
	"class-map":   {"class-map "},
	"interface":   {"interface "},
	"line":        {"line "},
	"policy-map":  {"policy-map "},
	"router":      {"router "},
}

// showPartition is laid out as in the command reference.
func showPartition(s *device.Session, a cli.Args) error {
	part, name := a.Get("part"), a.Get("name")
	title := part
	if name != "" {
		title += " " + name
	}
	text := config.Section(s.Device.RunningConfig(false), func(line string) bool {
		return slices.ContainsFunc(partitions[part], func(p string) bool {
			return strings.HasPrefix(line, p) && (name == "" || line == p+name)
		})
	})
	printConfiguration(s, "!\nConfiguration of Partition "+title+"\n!\n!\n!\n"+text+"!\n!\nend\n")
	return nil
}

// showRunningVRF is what the configuration says of VRFs, or of one.
func showRunningVRF(s *device.Session, a cli.Args) error {
	var b strings.Builder
	running := s.Device.RunningConfig(false)
	for _, v := range vrfs(running) {
		if name := a.Get("name"); name != "" && name != v.name {
			continue
		}
		b.WriteString(config.Section(running, func(line string) bool {
			return line == "vrf definition "+v.name || line == "ip vrf "+v.name
		}) + "!\n")
		for _, port := range v.interfaces {
			b.WriteString(config.Section(running, func(line string) bool {
				name, ok := strings.CutPrefix(line, "interface ")
				return ok && brief(name) == port
			}) + "!\n")
		}
	}
	printConfiguration(s, b.String()+"end\n")
	return nil
}

func showStartup(s *device.Session, _ cli.Args) error {
	text, ok := s.Device.StartupConfig()
	if !ok {
		s.Println("startup-config is not present")
		return nil
	}
	s.Printf("Using %d out of %d bytes\n%s", len(text), s.Device.NVRAMSize(), text)
	if !strings.HasSuffix(text, "\n") {
		s.Println("")
	}
	return nil
}
