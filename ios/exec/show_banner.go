package exec

import (
	"vtylab/cli"
)

var bannerCommands = []Command{
	{Syntax: `show "Show running system information" banner "Display banner information" {motd "Display message of the day banner"
		| login "Display login banner" | exec "Display exec banner" | incoming "Display incoming banner"}$which`,
		Level: 15, Filter: true, Run: showBanner},
}

// showBanner prints the bare text.
func showBanner(s *Session, a cli.Args) error {
	b := s.Config().Banners
	text := map[string]string{"motd": b.MOTD, "login": b.Login, "exec": b.Exec, "incoming": b.Incoming}[a.Get("which")]
	if text != "" {
		s.Println(text)
	}
	return nil
}
