package exec

import (
	"vtylab/cli"
	"vtylab/ifs"
)

var formatCommands = []Command{
	{Syntax: `format "Format a filesystem" PATH$path "Filesystem to be formatted"`, Level: 15, Run: format},
	{Syntax: `squeeze "Squeeze a filesystem" PATH$path "Filesystem to be squeezed"`, Level: 15, Run: squeeze},
}

// disk is the flash that a command names; only that can be formatted.
func disk(s *Session, a cli.Args) (p ifs.Path, err error) {
	p, err = local(s, a.Get("path"))
	if err != nil || p.Name != "" || p.FS().Info().Type != "disk" {
		return p, errLastWord
	}
	return p, nil
}

func format(s *Session, a cli.Args) error {
	p, err := disk(s, a)
	if err != nil {
		return err
	}
	for _, question := range []string{
		"Format operation may take a while. Continue?",
		`Format operation will destroy all data in "` + p.Prefix + `".  Continue?`,
	} {
		if ok, err := s.Confirm(question); err != nil || !ok {
			return err
		}
	}
	entries, err := p.FS().ReadDir("")
	for _, e := range entries {
		if err == nil {
			err = remove(child(p, e), true)
		}
	}
	if err != nil {
		s.Printf("%%Error formatting %s (%s)\n", p.Prefix, ifs.Reason(err))
		return nil
	}
	if s.Directory.Mount == p.Mount {
		s.Directory.Name = ""
	}
	s.Printf("Format of %s complete\n", p.Prefix)
	return nil
}

// squeeze has nothing to do: files that are deleted are gone at once.
func squeeze(s *Session, a cli.Args) error {
	if _, err := disk(s, a); err != nil {
		return err
	}
	ok, err := s.Confirm("Squeeze operation may take a while. Continue?")
	if err == nil && ok {
		s.Println("squeeze in progress...", "Rebuild file system directory...", "Squeeze complete")
	}
	return err
}
