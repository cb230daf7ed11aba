package device

import (
	"errors"
	"io"
	"strings"

	"vtylab/cli"
	"vtylab/cli/edit"
)

// modifierTree is what may stand behind the `|` of a show command. Those that
// write files are for level 15, like copy.
func modifierTree() *cli.Tree[struct{}] {
	return cli.NewTree(nil, []cli.Row[struct{}]{
		{Level: 15, Syntax: `append "Append redirected output to URL (URLs supporting append operation only)" URL$url "Uniform Resource Locator"`},
		{Syntax: `begin "Begin with the line that matches" LINE$re "Regular Expression"`},
		{Syntax: `count "Count number of lines which match regexp" LINE$re "Regular Expression"`},
		{Syntax: `exclude "Exclude lines that match" LINE$re "Regular Expression"`},
		{Syntax: `include "Include lines that match" LINE$re "Regular Expression"`},
		{Level: 15, Syntax: `redirect "Redirect output to URL" URL$url "Uniform Resource Locator"`},
		{Syntax: `section "Filter a section of output" {exclude "Exclude section(s) of output" LINE$re "Regular Expression"
			| include "Include section(s) of output" LINE$re "Regular Expression" | LINE$re "Regular Expression"}`},
		{Level: 15, Syntax: `tee "Copy output to URL" [/append "Append"] URL$url "Uniform Resource Locator"`},
	})
}

// splitFilter cuts a line at its first `|`; at is where the modifier begins.
func splitFilter(line string) (command, modifier string, at int) {
	i := strings.IndexByte(line, '|')
	if i < 0 {
		return line, "", -1
	}
	return line[:i], line[i+1:], i + 1
}

// filtered runs a command with its output modified.
func (s *Session) filtered(m cli.Match[*Command], modifier string, at int) error {
	f, err := s.Device.modifier.Match(modifier, s.Privilege)
	if err != nil {
		return s.complain(notFirst(err), modifier, at)
	}
	next := s.sink
	defer func() { s.sink = next }()
	out, err := s.output(f.Args, next)
	if err != nil {
		s.Println(err.Error())
		return nil
	}
	s.sink = out
	err = m.Do.Run(s, m.Args)
	if closed := out.Close(); err == nil && closed != nil && !errors.Is(closed, edit.ErrStopped) {
		s.sink = next
		s.Println(closed.Error())
	}
	return err
}

// notFirst keeps a wrong modifier from being taken for a host name.
func notFirst(err error) error {
	var e *cli.Error
	if errors.As(err, &e) {
		e.First = false
	}
	return err
}

var filterKinds = map[string]edit.FilterKind{
	"begin": edit.Begin, "count": edit.Count, "exclude": edit.Exclude, "include": edit.Include, "section": edit.Section,
}

// output makes the writer that a modifier asks for.
func (s *Session) output(a cli.Args, next io.Writer) (io.WriteCloser, error) {
	word := a[0].Text
	kind, ok := filterKinds[word]
	if !ok {
		return s.redirect(word, a, next)
	}
	if word == "section" && a.Has("exclude") {
		kind = edit.SectionExclude
	}
	f, err := edit.NewFilter(kind, a.Get("re"), next)
	if err != nil {
		return nil, errors.New("% Invalid regular expression")
	}
	return f, nil
}
