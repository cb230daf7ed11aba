package device

import (
	"strings"

	"vtylab/cli"
)

// help answers `?` for the text before the cursor.
func (s *Session) help(line string) {
	if s.pos == nil {
		s.execHelp(line)
		return
	}
	if rest, _, ok := doPrefix(line); ok {
		s.execHelp(rest)
		return
	}
	h, heading, err := s.Device.Language.Help(s.pos, line, s.Privilege)
	s.answer(h, heading, err)
}

func (s *Session) execHelp(line string) {
	line = s.expandAlias(line)
	if command, modifier, at := splitFilter(line); at >= 0 && s.filterable(command) {
		last := s.lastStage(modifier, at)
		h, err := s.Device.modifier.Help(last.text, s.Privilege)
		s.answer(h, "", err)
		return
	}
	h, err := s.Device.exec.Help(line, s.Privilege)
	if !h.Word && h.CR && s.filterable(line) {
		h.Items = append(h.Items, cli.Item{Name: "|", Text: "Output modifiers"})
	}
	heading := ""
	if strings.TrimSpace(line) == "" {
		heading = "Exec commands:"
	}
	s.answer(h, heading, err)
}

func (s *Session) filterable(command string) bool {
	m, err := s.Device.exec.Match(command, s.Privilege)
	return err == nil && m.Do.Filter
}

func (s *Session) answer(h cli.Help, heading string, err error) {
	s.pager.Reset()
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
	s.Printf("%s", h.Print(s.Width.Get(), s.Device.Show.CR))
	s.Println("")
}

// complete answers TAB: the line to show, which is the same when the last word
// is no unique beginning.
func (s *Session) complete(line string) string {
	switch rest, at, do := doPrefix(line); {
	case s.pos == nil:
		return s.execComplete(line)
	case do:
		return line[:at] + s.execComplete(rest)
	}
	done, _ := s.Device.Language.Complete(s.pos, line, s.Privilege)
	return done
}

func (s *Session) execComplete(line string) string {
	if command, modifier, at := splitFilter(line); at >= 0 && s.filterable(s.expandAlias(command)) {
		last := s.lastStage(modifier, at)
		done, _ := s.Device.modifier.Complete(last.text, s.Privilege)
		return line[:last.at] + done
	}
	done, _ := s.Device.exec.Complete(line, s.Privilege)
	return done
}
