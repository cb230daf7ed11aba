package exec

import (
	"strings"

	"vtylab/cli"
)

// Section is what `?` answers for one mode, and how that is headed.
type Section struct {
	Heading string
	Help    cli.Help
}

// Help is what EXEC has to say to `?` behind a line.
func (x *EXEC) Help(s *Session, line string) (cli.Help, error) {
	if command, modifier, at := splitFilter(line); at >= 0 {
		if _, err := x.commands.Match(command, s.Privilege); err != nil {
			return cli.Help{}, err
		}
		return x.modifier.Help(modifier, s.Privilege)
	}
	h, err := x.commands.Help(line, s.Privilege)
	if h.CR {
		h.Items = append(h.Items, cli.Item{Name: "|", Text: "Output modifiers"})
	}
	return h, err
}

// Complete answers TAB behind an EXEC line.
func (x *EXEC) Complete(s *Session, line string) string {
	if command, modifier, at := splitFilter(line); at >= 0 {
		done, _ := x.modifier.Complete(modifier, s.Privilege)
		return command + "|" + done
	}
	done, _ := x.commands.Complete(line, s.Privilege)
	return done
}

// Answer prints the sections that have something to say: an empty row, the heading
// if there is one, and a row for each word (captured in configuration modes; that
// EXEC has no heading is from memory).
func (s *Session) Answer(sections []Section) {
	s.NewPage()
	for _, x := range sections {
		s.Println("")
		if x.Heading != "" {
			s.Println(x.Heading)
		}
		if x.Help.Word {
			s.Printf("%s", names(x.Help, s.Width.Get()))
		} else {
			s.Printf("%s", x.Help.Print(s.Width.Get(), "<cr>"))
		}
	}
}

// names prints the words that a word may become in columns (from memory).
func names(h cli.Help, width int) string {
	column := 0
	for _, i := range h.Items {
		column = max(column, len(i.Name)+2)
	}
	each := max(1, (max(width, 80)-2)/max(column, 1))
	var b strings.Builder
	for n, i := range h.Items {
		if n%each == 0 {
			b.WriteString("  ")
		}
		if n == len(h.Items)-1 || n%each == each-1 {
			b.WriteString(i.Name + "\n")
		} else {
			b.WriteString(i.Name + strings.Repeat(" ", column-len(i.Name)))
		}
	}
	return b.String()
}
