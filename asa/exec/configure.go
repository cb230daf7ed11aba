package exec

import (
	"strings"

	"vtylab/asa/model"
	"vtylab/cli"
)

var configureCommands = []Command{
	{Syntax: `configure "Configure using various methods" terminal "Configure from the terminal"`, Level: 15, Run: configure},
}

// configure enters configuration mode; the first time it asks about anonymous
// reporting, behind the new prompt (asa-ssh-scp 2).
func configure(s *Session, _ cli.Args) error {
	if s.Quiet {
		return nil
	}
	s.EnterConfig()
	if s.Config().CallHome != model.Unasked {
		return nil
	}
	s.Printf("%s\n%s", s.Prompt(), notice)
	answer, err := s.Ask("the product? [Y]es, [N]o, [A]sk later: ")
	if err != nil {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		err = s.Configure("call-home reporting anonymous")
		s.Println("", "Enabling anonymous reporting.", `Adding "call-home reporting anonymous" to running configuration...`,
			"", "Please remember to save your configuration.", "")
	case "n", "no":
		err = s.Configure("no call-home reporting anonymous")
		s.Println("In the future, if you would like to enable this feature,", `issue the command "call-home reporting anonymous".`,
			"", "Please remember to save your configuration.", "") // the last is what follows a yes
	}
	return err
}

const notice = `
***************************** NOTICE *****************************

Help to improve the ASA platform by enabling anonymous reporting,
which allows Cisco to securely receive minimal error and health
information from the device. To learn more about this feature,
please visit: http://www.cisco.com/go/smartcall

Would you like to enable anonymous error reporting to help improve
`
