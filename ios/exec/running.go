package exec

import (
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

var runningCommands = []Command{
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

func showRunning(s *Session, a cli.Args) error {
	printConfiguration(s, s.Device.RunningConfig(a.Has("all")))
	return nil
}

// showRunningNumbered counts the lines; how it looks is from memory.
func showRunningNumbered(s *Session, _ cli.Args) error {
	text := s.Device.RunningConfig(false)
	s.Printf("Building configuration...\n\nCurrent configuration : %d bytes\n", len(text)+1)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		s.Printf("%5d : %s\n", i+1, line)
	}
	s.Println("")
	return nil
}

// Above and below `aaa new-model`, show running-config aaa has these; it starts at
// a "!" without a header (genieparser has two captures).
const (
	aaaLayout = `
		!
		aaa-local aaa aaa-console aaa-exec aaa-accounting users
		! ! ! ! !
		radius tacacs aaa-group
		! !`
	aaaLastLayout = `
		aaa-session
		! !`
)

func showRunningAAA(s *Session, _ cli.Args) error {
	c, l := s.Config(), s.System.Language()
	s.Printf("%s", l.RenderIn(c, aaaLayout))
	if c.AAA.NewModel {
		s.Println("aaa new-model")
	}
	s.Printf("%s", l.RenderIn(c, aaaLastLayout))
	for _, source := range []string{c.Radius.SourceText("radius"), c.Tacacs.SourceText("tacacs")} {
		if source != "" {
			s.Println(source)
		}
	}
	s.Println("")
	return nil
}

// printConfiguration prints a configuration behind its size: all bytes with LF
// line ends, and the empty line that follows `end` (ios-cli B1).
func printConfiguration(s *Session, text string) {
	s.Printf("Building configuration...\n\nCurrent configuration : %d bytes\n%s\n", len(text)+1, text)
}

// blocks are those of some groups of the layout whose first line fits.
func blocks(s *Session, layout string, fits func(header string) bool) string {
	return config.Section(s.System.Language().RenderIn(s.Config(), layout), fits)
}

func showRunningInterface(s *Session, a cli.Args) error {
	header := "interface " + a.Get("name")
	text := blocks(s, "interface", func(line string) bool { return line == header || strings.HasPrefix(line, header+" ") })
	if text == "" {
		return errLastWord
	}
	printConfiguration(s, "!\n"+text+"end\n")
	return nil
}

// partitions are where the blocks of each partition print, and how they begin.
var partitions = map[string]struct {
	layout  string
	headers []string
}{
	"access-list": {"acl-named acl", []string{"access-list ", "ip access-list "}},
	"class-map":   {"class-map", []string{"class-map "}},
	"interface":   {"interface", []string{"interface "}},
	"line":        {"lines", []string{"line "}},
	"policy-map":  {"class-map", []string{"policy-map "}},
	"router":      {"router", []string{"router "}},
}

// showPartition is laid out as in the command reference.
func showPartition(s *Session, a cli.Args) error {
	title, name := a.Get("part"), a.Get("name")
	part := partitions[title]
	if name != "" {
		title += " " + name
	}
	text := blocks(s, part.layout, func(line string) bool {
		return slices.ContainsFunc(part.headers, func(p string) bool {
			return strings.HasPrefix(line, p) && (name == "" || line == p+name)
		})
	})
	printConfiguration(s, "!\nConfiguration of Partition "+title+"\n!\n!\n!\n"+text+"!\n!\nend\n")
	return nil
}

// showRunningVRF is what the configuration says of VRFs, or of one.
func showRunningVRF(s *Session, a cli.Args) error {
	var b strings.Builder
	c := s.Config()
	text := s.System.Language().RenderIn(c, "vrf interface")
	interfaces := interfacesIn(c)
	for v := range c.VRFs.All() {
		if name := a.Get("name"); name != "" && name != v.Name {
			continue
		}
		headers := []string{v.Header()}
		for _, name := range interfaces[v.Name] {
			headers = append(headers, "interface "+name)
		}
		for _, header := range headers {
			b.WriteString(config.Section(text, func(line string) bool { return line == header || strings.HasPrefix(line, header+" ") }) + "!\n")
		}
	}
	printConfiguration(s, b.String()+"end\n")
	return nil
}

func showStartup(s *Session, _ cli.Args) error {
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
