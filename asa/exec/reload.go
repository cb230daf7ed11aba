package exec

import (
	"strings"

	"vtylab/cli"
)

var reloadCommands = []Command{
	{Syntax: `reload "Halt and perform a cold restart" [noconfirm "Do not ask"]`, Level: 15, Run: reload},
}

// reload asks what there is to ask, and boots the device anew (asa-ssh-scp 5.6).
func reload(s *Session, a cli.Args) error {
	if !a.Has("noconfirm") {
		if s.Device.Unsaved() {
			answer, err := s.Ask("System config has been modified. Save? [Y]es/[N]o:")
			if err != nil {
				return err
			}
			if strings.HasPrefix(strings.ToLower(answer), "y") {
				if err := save(s, nil); err != nil {
					return err
				}
			}
		}
		if ok, err := s.Confirm("Proceed with reload?"); err != nil || !ok {
			return err
		}
	}
	s.Device.Announce(shutdown)
	s.Device.Reload(s.User, "Reload Command")
	return s.Logout()
}

// shutdown is what everybody sees; a real device names more parts of itself.
const shutdown = `
***
*** --- START GRACEFUL SHUTDOWN ---
Shutting down isakmp
Shutting down File system

***
*** --- SHUTDOWN NOW ---`
