package exec

import (
	"strings"

	"vtylab/cli"
	"vtylab/ifs"
)

var configureCommands = []Command{
	{Syntax: `configure "Enter configuration mode" terminal "Configure from the terminal"`, Level: 15, Run: configureTerminal},
	{Syntax: `configure memory "Configure from NV memory"`, Level: 15, Run: configureMemory},
	{Syntax: `configure network "Configure from a TFTP network host"`, Level: 15, Run: configureNetwork},
	{Syntax: `configure overwrite-network "Overwrite NV memory from TFTP network host"`, Level: 15, Run: configureNetwork},
	{Syntax: `configure`, Level: 15, Run: configureAsk},
	{Syntax: `clear "Reset functions" configuration "Running configuration" lock "Configuration lock"`, Level: 15,
		Run: func(s *Session, _ cli.Args) error { s.Println("Configuration mode is not locked."); return nil }},
}

func configureTerminal(s *Session, _ cli.Args) error {
	if s.Quiet {
		return nil
	}
	s.Println("Enter configuration commands, one per line.  End with CNTL/Z.")
	s.EnterConfig()
	return nil
}

func configureAsk(s *Session, a cli.Args) error {
	answer, err := s.Ask("Configuring from terminal, memory, or network [terminal]? ")
	if err != nil {
		return err
	}
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case answer == "" || strings.HasPrefix("terminal", answer):
		return configureTerminal(s, a)
	case strings.HasPrefix("memory", answer):
		return s.instead("configure memory")
	case strings.HasPrefix("network", answer):
		return s.instead("configure network")
	}
	s.Println("?Must be \"terminal\", \"memory\" or \"network\"")
	return nil
}

// instead gives another command in place of the one that runs: the user needs the right to
// it too.
func (s *Session) instead(line string) error {
	a, err := s.Device.System.Match(s.Shell, line, 0)
	if err != nil {
		return err
	}
	return s.Device.Dispatch(s.Shell, a)
}

func configureNetwork(s *Session, _ cli.Args) error {
	s.Println("%Error opening tftp://255.255.255.255/network-confg (Timed out)")
	return nil
}

func configureMemory(s *Session, _ cli.Args) error {
	text, ok := s.Device.StartupConfig()
	if !ok {
		s.Println(openError("nvram:/startup-config", ifs.ErrNotExist).Error())
		return nil
	}
	return s.Merge(text, "memory")
}
