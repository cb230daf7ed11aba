package device

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

// builtinAliases are the EXEC aliases every device has (show aliases).
var builtinAliases = []model.Alias{
	{Name: "h", Text: "help"}, {Name: "lo", Text: "logout"}, {Name: "p", Text: "ping"}, {Name: "r", Text: "resume"},
	{Name: "s", Text: "show"}, {Name: "u", Text: "undebug"}, {Name: "un", Text: "undebug"}, {Name: "w", Text: "where"},
}

// Aliases are those of EXEC mode, built in and configured.
func (s *Session) Aliases() []model.Alias {
	all := slices.Clone(builtinAliases)
	for a := range s.Device.Config().Aliases.All() {
		if a.Mode == "exec" {
			all = append(all, *a)
		}
	}
	return all
}

// expandAlias replaces a first word that is an alias.
func (s *Session) expandAlias(line string) string {
	text := strings.TrimLeft(line, " \t")
	word, _, _ := strings.Cut(text, " ")
	aliases := s.Aliases()
	for i := len(aliases) - 1; i >= 0; i-- {
		if aliases[i].Name == word {
			return aliases[i].Text + text[len(word):]
		}
	}
	return line
}

// execute runs an EXEC line. Offset is where it begins in what was typed, for
// the caret behind `do`.
func (s *Session) execute(typed string, offset int) error {
	if model.Comment(typed) {
		return nil
	}
	line := s.expandAlias(typed)
	if s.Stamp {
		m := s.Device.moment()
		s.Printf("Load for five secs: 0%%/0%%; one minute: 0%%; five minutes: 0%%\n%s, %s%s\n\n", TimeSource(m), m.Mark, m.Time.Format("15:04:05.000 MST Mon Jan 2 2006"))
	}
	m, err := s.Device.exec.Match(line, s.Privilege)
	if command, modifier, at := splitFilter(line); at >= 0 {
		if c, e := s.Device.exec.Match(command, s.Privilege); e == nil && c.Do.Filter {
			return s.explain(s.filtered(c, modifier, at+offset), command, offset)
		}
	}
	if err != nil {
		return s.complain(err, line, offset)
	}
	return s.explain(m.Do.Run(s, m.Args), line, offset)
}

// ErrLastWord is returned by a command whose last word fits the grammar and
// names nothing the device has: the caret goes there.
var ErrLastWord = errors.New("device: no such thing")

// explain answers ErrLastWord of the command that line was.
func (s *Session) explain(err error, line string, offset int) error {
	if !errors.Is(err, ErrLastWord) {
		return err
	}
	line = strings.TrimRight(line, " \t")
	s.caret(offset + strings.LastIndexAny(line, " \t") + 1)
	return nil
}

// complain prints why a line was not understood.
func (s *Session) complain(err error, line string, offset int) error {
	var e *cli.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.First && e.Kind == cli.Invalid && s.pos == nil && s.Line.Config().TransportPreferred != "none" {
		return s.unknown(strings.Fields(line)[0])
	}
	switch e.Kind {
	case cli.Ambiguous:
		s.Printf("%% Ambiguous command:  \"%s\"\n", e.Text)
	case cli.Incomplete:
		if word := strings.TrimSpace(line); word != "" && !strings.Contains(word, " ") && s.pos == nil && strings.HasPrefix("show", strings.ToLower(word)) {
			s.Println(`% Type "show ?" for a list of subcommands`)
			return nil
		}
		s.Printf("%% Incomplete command.\n\n")
	default:
		s.caret(offset + e.Pos)
	}
	return nil
}

func (s *Session) caret(column int) {
	s.Printf("%s^\n%% Invalid input detected at '^' marker.\n\n", strings.Repeat(" ", len(s.prompt)+column))
}

// unknown is an unknown first word, which a device takes for the name of a host
// to connect to. Our resolver answers at once where a device waits for one.
func (s *Session) unknown(name string) error {
	c := s.Device.Config()
	if _, err := netip.ParseAddr(name); err == nil {
		s.Printf("Trying %s ... \n%% Destination unreachable; gateway or host down\n\n", name)
		return nil
	}
	if c.Domain.Lookup {
		servers := c.Domain.Servers
		if len(servers) == 0 {
			servers = []string{"255.255.255.255"}
		}
		s.Printf("Translating \"%s\"...domain server (%s)\n", name, strings.Join(servers, ") ("))
	} else {
		s.Printf("Translating \"%s\"\n", name)
	}
	s.Println("% Unknown command or computer name, or unable to find computer address")
	return nil
}
