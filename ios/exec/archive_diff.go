package exec

import (
	"io"
	"strings"

	"vtylab/cli"
	"vtylab/config/diff"
	"vtylab/tty"
)

// configText is the text of a file as a configuration. The error is what the device
// says.
func (s *Session) configText(url string) (string, error) {
	_, f, err := s.openURL(url)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig))
	if err != nil {
		return "", openError(url, err)
	}
	return string(text), nil
}

// showDifferences compares two files; the second one is by default the running
// configuration, the first one the start-up configuration.
func showDifferences(s *Session, a cli.Args) error {
	from, to := a.Get("a"), a.Get("b")
	if from == "" {
		from = "nvram:startup-config"
	}
	if to == "" {
		to = "system:running-config"
	}
	before, err := s.configText(from)
	after := ""
	if err == nil {
		after, err = s.configText(to)
	}
	if err != nil {
		s.Println(err.Error())
		return nil
	}
	s.Println("!Contextual Config Diffs:")
	lines := diff.Contextual(diff.Parse(before), diff.Parse(after))
	if len(lines) == 0 {
		lines = []string{"!No changes were found"}
	}
	s.Println(tty.Printable(strings.Join(lines, "\n")))
	return nil
}

// showIncremental lists what a file would add to the running configuration.
func showIncremental(s *Session, a cli.Args) error {
	text, err := s.configText(a.Get("a"))
	if err != nil {
		s.Println(err.Error())
		return nil
	}
	extra := diff.Extra
	if a.Has("ignorecase") {
		extra = diff.ExtraFold
	}
	s.Println("!List of Commands:")
	lines := diff.Text(extra(diff.Parse(s.Device.RunningConfig(false)), diff.Parse(text)))
	if len(lines) == 0 {
		s.Println("!No changes were found")
		return nil
	}
	s.Println(tty.Printable(strings.Join(lines, "\n")), "end")
	return nil
}
