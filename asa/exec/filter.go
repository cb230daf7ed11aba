package exec

import (
	"strings"

	"vtylab/cli"
	"vtylab/cli/edit"
)

// modifierTree is what may stand behind the `|` of a command. Help texts are from
// memory.
func modifierTree() *cli.Tree[struct{}] {
	return cli.NewTree(nil, []cli.Row[struct{}]{
		{Syntax: `begin "Begin with the line that matches" LINE$re "Regular Expression"`},
		{Syntax: `exclude "Exclude lines that match" LINE$re "Regular Expression"`},
		{Syntax: `grep "Include/exclude lines that match" [-v "Exclude lines that match"] LINE$re "Regular Expression"`},
		{Syntax: `include "Include lines that match" LINE$re "Regular Expression"`},
	})
}

// splitFilter cuts a line at its first `|`; at is where the modifier begins, -1 for
// none.
func splitFilter(line string) (command, modifier string, at int) {
	i := strings.IndexByte(line, '|')
	if i < 0 {
		return line, "", -1
	}
	return line[:i], line[i+1:], i + 1
}

// filtered runs a command with its output modified.
func (s *Session) filtered(m cli.Match[*Command], modifier cli.Args) error {
	f, err := edit.NewFilter(kindOf(modifier), modifier.Get("re"), s.Sink())
	if err != nil {
		s.Println("ERROR: Invalid regular expression") // from memory
		return nil
	}
	err = s.Through(f, func() error { return m.Do.Run(s, m.Args) })
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

func kindOf(modifier cli.Args) edit.FilterKind {
	switch {
	case modifier.Has("begin"):
		return edit.Begin
	case modifier.Has("exclude"), modifier.Has("-v"):
		return edit.Exclude
	}
	return edit.Include
}
