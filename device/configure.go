package device

import (
	"errors"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// configure runs a line of a configuration mode.
func (s *Session) configure(line string) error {
	text := strings.TrimSpace(line)
	if text == "" || text[0] == '!' {
		return nil
	}
	if strings.EqualFold(text, "do") {
		return s.complain(&cli.Error{Kind: cli.Incomplete}, line, 0)
	}
	if rest, at, ok := doPrefix(line); ok {
		return s.execute(rest, at)
	}
	r, err := s.Device.Language.Resolve(s.pos, line, s.Privilege)
	if err != nil {
		return s.complain(err, line, 0)
	}
	switch act := r.Act.(type) {
	case nil:
		return s.apply(r, line)
	case config.Exit:
		if s.pos = r.At().Up(); s.pos == nil {
			s.pos = config.Top()
			s.leaveConfig()
		}
	case config.End:
		s.leaveConfig()
	case config.Help:
		s.Println(helpText...)
	case *Command:
		s.pos = config.Top()
		return act.Run(s, r.Args)
	}
	return nil
}

// doPrefix cuts `do ` from an EXEC command typed in a configuration mode.
func doPrefix(line string) (rest string, at int, ok bool) {
	trimmed := strings.TrimLeft(line, " \t")
	word, rest, found := strings.Cut(trimmed, " ")
	if !found || !strings.EqualFold(word, "do") {
		return "", 0, false
	}
	return rest, len(line) - len(rest), true
}

// apply makes a change through the store and lets the services follow.
func (s *Session) apply(r *config.Resolved, line string) error {
	p, err := s.Device.running.Prepare(r, s, s.Device.rand)
	if err == nil {
		var next *config.Position
		var told config.Told
		if next, told, err = s.Device.running.Commit(p); err == nil {
			s.Device.touched(s.User)
			s.Device.Apply()
		}
		s.Println(told.Lines...)
		s.Device.note(told.Notes)
		if err == nil {
			if next == nil {
				s.leaveConfig()
			} else {
				s.pos = next
			}
			return nil
		}
	}
	var refusal config.Refusal
	var wrong *cli.Error
	switch {
	case errors.As(err, &refusal):
		s.Println(string(refusal))
		return nil
	case errors.As(err, &wrong):
		if wrong.Pos == 0 {
			wrong.Pos = len(line) - len(strings.TrimLeft(line, " "))
		}
		return s.complain(wrong, line, 0)
	}
	return err
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

// Help prints the answer to the command `help`.
func (s *Session) Help() { s.Println(helpText...) }
