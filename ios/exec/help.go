package exec

import (
	"strings"

	"vtylab/cli"
)

// Help prints the answer to `?` behind an EXEC line.
func (x *EXEC) Help(s *Session, line string) {
	line = s.expandAlias(line)
	if command, modifier, at := splitFilter(line); at >= 0 && x.filterable(s, command) {
		last := x.lastStage(modifier, at, s.Privilege)
		h, err := x.modifier.Help(last.text, s.Privilege)
		s.Answer(h, "", err)
		return
	}
	h, err := x.tree(s).Help(line, s.Privilege)
	if !h.Word && h.CR && x.filterable(s, line) {
		h.Items = append(h.Items, cli.Item{Name: "|", Text: "Output modifiers"})
	}
	heading := ""
	if strings.TrimSpace(line) == "" {
		heading = "Exec commands:"
	}
	s.Answer(h, heading, err)
}

func (x *EXEC) filterable(s *Session, command string) bool {
	m, err := x.tree(s).Match(command, s.Privilege)
	return err == nil && m.Do.Filter
}

// Answer prints help under its heading.
func (s *Session) Answer(h cli.Help, heading string, err error) {
	s.NewPage()
	if err != nil {
		if e, ok := err.(*cli.Error); ok && e.Kind == cli.Ambiguous {
			s.Printf("%% Ambiguous command:  \"%s\"\n", e.Text)
			return
		}
		s.Println("% Unrecognized command")
		return
	}
	if heading != "" {
		s.Println(heading)
	}
	s.Printf("%s", h.Print(s.Width.Get(), s.Release.Show.CR))
	s.Println("")
}

// Complete answers TAB behind an EXEC line: the line to show, which is the same
// when the last word is no unique beginning.
func (x *EXEC) Complete(s *Session, line string) string {
	if command, modifier, at := splitFilter(line); at >= 0 && x.filterable(s, s.expandAlias(command)) {
		last := x.lastStage(modifier, at, s.Privilege)
		done, _ := x.modifier.Complete(last.text, s.Privilege)
		return line[:last.at] + done
	}
	done, _ := x.tree(s).Complete(line, s.Privilege)
	return done
}

// helpText is the answer to `help`.
var helpText = strings.Split(`Help may be requested at any point in a command by entering
a question mark '?'.  If nothing matches, the help list will
be empty and you must backup until entering a '?' shows the
available options.
Two styles of help are provided:
1. Full help is available when you are ready to enter a
   command argument (e.g. 'show ?') and describes each possible
   argument.
2. Partial help is provided when an abbreviated argument is entered
   and you want to know what arguments match the input
   (e.g. 'show pr?'.)
`, "\n")

// PrintHelp prints the answer to the command `help`.
func (s *Session) PrintHelp() { s.Println(helpText...) }
