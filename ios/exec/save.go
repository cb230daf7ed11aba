package exec

import (
	"errors"

	"vtylab/cli"
	"vtylab/ifs"
)

var saveCommands = []Command{
	{Syntax: `write "Write running configuration to memory, network, or terminal" [memory "Write to NV memory"]`, Level: 15, Run: save},
	{Syntax: `write network "Write to network TFTP server"`, Level: 15, Run: writeNetwork},
	{Syntax: `write terminal "Write to terminal"`, Level: 15, Filter: true, Run: showRunning},
	{Syntax: `write erase "Erase NV memory"`, Level: 15, Run: eraseStartup},
	{Syntax: `erase "Erase a filesystem" {startup-config "Erase contents of configuration memory" | nvram: "Filesystem to be erased"}`, Level: 15, Run: eraseStartup},
}

func save(s *Session, _ cli.Args) error {
	s.Println("Building configuration...")
	if err := s.Device.Save(s.User); err != nil {
		s.Printf("%% Error writing nvram:/startup-config (%s)\n", ifs.Reason(unwrap(err)))
		return nil
	}
	s.Println("[OK]")
	if s.Config().Archive.WriteMemory && archivePath(s) != "" {
		makeArchive(s)
	}
	return nil
}

// unwrap finds the file system's error, which has the reason for the user.
func unwrap(err error) error {
	var e *ifs.Error
	if errors.As(err, &e) {
		return e
	}
	return err
}

func eraseStartup(s *Session, _ cli.Args) error {
	ok, err := s.Confirm("Erasing the nvram filesystem will remove all configuration files! Continue?")
	if err != nil || !ok {
		return err
	}
	if err := s.Device.EraseStartup(); err != nil {
		s.Printf("%%Error erasing nvram: (%s)\n", ifs.Reason(err))
		return nil
	}
	s.Println("[OK]", "Erase of nvram: complete")
	s.Device.Log("SYS", 7, "NV_BLOCK_INIT", "Initialized the geometry of nvram")
	return nil
}

// writeNetwork is `copy running-config tftp:` by its old name (captured).
func writeNetwork(s *Session, _ cli.Args) error {
	s.Println("This command has been replaced by the command:", "         'copy system:/running-config <url>'")
	return copyBetween(s, "running-config", "tftp:", true)
}
