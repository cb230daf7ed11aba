package exec

import (
	"errors"
	"io"
	"strings"

	"vtylab/cli"
	"vtylab/cli/edit"
	"vtylab/device"
)

// modifierTree is what may stand behind the `|` of a show command. Those that
// write files are for level 15, like copy. The help texts are captured.
func modifierTree(t ShowTraits) *cli.Tree[struct{}] {
	rows := []cli.Row[struct{}]{
		{Level: 15, Syntax: `append "Append redirected output to URL (URLs supporting append operation only)" URL$url "Uniform Resource Locator"`},
		{Syntax: `begin "Begin with the line that matches" LINE$re "Regular Expression"`},
		{Syntax: `count "Count number of lines which match regexp" LINE$re "Regular Expression"`},
		{Syntax: `exclude "Exclude lines that match" LINE$re "Regular Expression"`},
		{Syntax: `include "Include lines that match" LINE$re "Regular Expression"`},
		{Level: 15, Syntax: `redirect "Redirect output to URL" URL$url "Uniform Resource Locator"`},
		{Syntax: `section "Filter a section of output" {exclude "Exclude section(s) of output" LINE$re "Regular Expression"
			| include "Include section(s) of output" LINE$re "Regular Expression" | LINE$re "Regular Expression"}`},
		{Level: 15, Syntax: `tee "Copy output to URL" [/append "Append"] URL$url "Uniform Resource Locator"`},
	}
	if t.Format {
		rows = append(rows, cli.Row[struct{}]{Syntax: `format "Format the output using the specified spec file" URL$url "Uniform Resource Locator"`})
	}
	return cli.NewTree(nil, rows)
}

// splitFilter cuts a line at its first `|`; at is where the modifier begins.
func splitFilter(line string) (command, modifier string, at int) {
	i := strings.IndexByte(line, '|')
	if i < 0 {
		return line, "", -1
	}
	return line[:i], line[i+1:], i + 1
}

// stage is one of the modifiers of a line, and where in the line it begins.
type stage struct {
	text string
	at   int
}

// stages are the modifiers behind the first `|`. A release that knows chains
// starts another one at a `|` with a space before it and a modifier behind it;
// any other belongs to the regular expression, as in `include interface | ip`.
func (x *EXEC) stages(modifier string, at, level int) []stage {
	var all []stage
	from := 0
	for i := 1; i < len(modifier) && x.release.Show.Chain; i++ {
		if modifier[i] == '|' && modifier[i-1] == ' ' && x.isModifier(modifier[i+1:], level) {
			all = append(all, stage{strings.TrimRight(modifier[from:i], " "), at + from})
			from = i + 1
		}
	}
	return append(all, stage{modifier[from:], at + from})
}

// lastStage is the modifier that is being typed.
func (x *EXEC) lastStage(modifier string, at, level int) stage {
	all := x.stages(modifier, at, level)
	return all[len(all)-1]
}

// isModifier reports whether text begins like a modifier, or with nothing yet.
func (x *EXEC) isModifier(text string, level int) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return true
	}
	_, err := x.modifier.Help(words[0], level)
	return err == nil
}

// filtered runs a command with its output modified.
func (x *EXEC) filtered(s *Session, m cli.Match[*Command], modifier string, at int) error {
	var chain []cli.Args
	for _, stage := range x.stages(modifier, at, s.Privilege) {
		f, err := x.modifier.Match(stage.text, s.Privilege)
		if err != nil {
			s.Complain(&device.Mistake{Err: notFirst(err), Line: stage.text, Offset: stage.at})
			return nil
		}
		chain = append(chain, f.Args)
	}
	out, err := s.pipe(chain)
	if err != nil {
		s.Println(err.Error())
		return nil
	}
	err = s.Through(out[0], func() error { return m.Do.Run(s, m.Args) })
	for _, w := range out {
		if closed := w.Close(); err == nil && closed != nil && !errors.Is(closed, edit.ErrStopped) {
			s.Println(closed.Error())
		}
	}
	return err
}

// pipe makes the writers of a chain of modifiers, the first one first.
func (s *Session) pipe(chain []cli.Args) ([]io.WriteCloser, error) {
	out := make([]io.WriteCloser, len(chain))
	next := s.Sink()
	for i := len(chain) - 1; i >= 0; i-- {
		w, err := s.output(chain[i], next)
		if err != nil {
			for _, made := range out[i+1:] {
				if f, ok := made.(*fileOutput); ok {
					f.w.Abort()
				}
			}
			return nil, err
		}
		out[i], next = w, w
	}
	return out, nil
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
	if word == "format" {
		return s.format(a.Get("url"), next)
	}
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

// format looks for the spec file, and leaves the output as it is.
func (s *Session) format(url string, next io.Writer) (io.WriteCloser, error) {
	_, spec, err := s.openURL(url)
	if err != nil {
		return nil, err
	}
	return unchanged{next}, spec.Close()
}

// unchanged passes output on.
type unchanged struct{ io.Writer }

func (unchanged) Close() error { return nil }
