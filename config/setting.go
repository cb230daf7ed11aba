package config

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"vtylab/cli"
)

// Row declares one configuration command of a mode that edits a T.
type Row[T any] struct {
	Syntax string
	Does   Setting[T]
}

// Setting is what a configuration command does. Fresh is a T with its default
// values; a nil function means that the command has no such form.
type Setting[T any] struct {
	// Before asks the user what Set needs to know, outside any lock.
	Before func(c *Call) error
	// Ahead is set when Before is slow and has no use for c.UI. Then it may be called
	// before the lines in front of its own are applied, and for several lines of a
	// text at once: c.Root is the model as it was when the text began.
	Ahead bool
	Set   func(c *Call, t, fresh *T) error
	No    func(c *Call, t, fresh *T) error
	// Reset is `default …`; nil means the same as No.
	Reset func(c *Call, t, fresh *T) error
	Show  func(v *View, t, fresh *T)
}

// UI is the user behind a command, as far as a command may ask.
type UI interface {
	// Say prints a line of the device's text.
	Say(line string)
	// Invite asks, in Before, for what Text reads or for lines that follow; it is
	// for who types, not for the text of a configuration.
	Invite(line string)
	// Text reads one line of free text, without prompt (banners). ErrEndOfText says
	// that the text of a configuration ended.
	Text() (string, error)
	// Secret reads one line without echo.
	Secret(prompt string) (string, error)
	// Confirm asks a [confirm] question.
	Confirm(question string) (bool, error)
}

// Call is one execution of a configuration command.
type Call struct {
	Args cli.Args
	// Root is the model being edited; in Before it is the model as it is, and must
	// not be modified. A product has one function that gives it its type.
	Root any
	// Facts are what the product told the Machine of its device.
	Facts  any
	Rand   io.Reader
	UI     UI
	Key    string // of the place the command is typed in
	Answer any    // what Before found out
	Clear  int    // length of a password that Before got in the clear
	Pasted bool   // the command stands in the text of a configuration
	enter  []place
	notes  []Notice
}

// Value returns the first named argument.
func (c *Call) Value() string {
	for _, w := range c.Args {
		if w.Name != "" {
			return w.Text
		}
	}
	return ""
}

// Notice is a message that a command leaves in the device's log.
type Notice struct {
	Facility       string
	Severity       int
	Mnemonic, Text string
}

// Note leaves a message in the device's log.
func (c *Call) Note(n Notice) { c.notes = append(c.notes, n) }

// Enter makes the command lead into a sub-mode.
func (c *Call) Enter(mode, key string) { c.enter = append(c.enter, place{mode, key}) }

// Refusal is an error whose text is the device's own; it may have several lines.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// View collects the lines that a configuration renders to.
type View struct {
	All    bool   // defaults too: show running-config all
	Words  string // leading keywords of the row being shown
	Root   any    // the model
	bare   any    // its defaults
	indent string
	out    *strings.Builder
	lang   *grammar
	// byRow are the passive lines of global mode.
	byRow map[int][]*PassiveLine
}

// Line adds a line.
func (v *View) Line(format string, args ...any) {
	v.out.WriteString(v.indent)
	fmt.Fprintf(v.out, format, args...)
	v.out.WriteByte('\n')
}

// Sub returns a view one level deeper.
func (v *View) Sub() *View {
	s := *v
	s.indent += " "
	return &s
}

// Text adds lines that Rendered returned.
func (v *View) Text(lines string) { v.out.WriteString(lines) }

// Int is a command whose one number lives in field.
func Int[T any](field func(*T) *int) Setting[T] {
	return Setting[T]{
		Set: func(c *Call, t, _ *T) error {
			for _, w := range c.Args {
				if w.Name != "" {
					*field(t), _ = c.Args.Int(w.Name)
				}
			}
			return nil
		},
		No: func(_ *Call, t, fresh *T) error { *field(t) = *field(fresh); return nil },
		Show: func(v *View, t, fresh *T) {
			if v.All || *field(t) != *field(fresh) {
				v.Line("%s %d", v.Words, *field(t))
			}
		},
	}
}

// IntOrNone is Int for a number that is normally absent; absent shows as
// `no …` among all defaults.
func IntOrNone[T any](field func(*T) *int, none int) Setting[T] {
	s := Int(field)
	s.Show = func(v *View, t, fresh *T) {
		switch {
		case *field(t) != none && (v.All || *field(t) != *field(fresh)):
			v.Line("%s %d", v.Words, *field(t))
		case *field(t) == none && (v.All || *field(fresh) != none):
			v.Line("no %s", v.Words)
		}
	}
	return s
}

// Text is a command whose one word or line lives in field; empty is absent.
func Text[T any](field func(*T) *string) Setting[T] {
	return Setting[T]{
		Set: func(c *Call, t, _ *T) error { *field(t) = c.Value(); return nil },
		No:  func(_ *Call, t, fresh *T) error { *field(t) = *field(fresh); return nil },
		Show: func(v *View, t, fresh *T) {
			if *field(t) != "" && (v.All || *field(t) != *field(fresh)) {
				v.Line("%s %s", v.Words, *field(t))
			}
		},
	}
}

// Flag is a command that is on or off.
func Flag[T any](field func(*T) *bool) Setting[T] {
	return Setting[T]{
		Set:   func(_ *Call, t, _ *T) error { *field(t) = true; return nil },
		No:    func(_ *Call, t, _ *T) error { *field(t) = false; return nil },
		Reset: func(_ *Call, t, fresh *T) error { *field(t) = *field(fresh); return nil },
		Show: func(v *View, t, fresh *T) {
			if !v.All && *field(t) == *field(fresh) {
				return
			}
			if *field(t) {
				v.Line("%s", v.Words)
			} else {
				v.Line("no %s", v.Words)
			}
		},
	}
}

// List is a command whose words replace a whole list (`ip ssh server algorithm
// mac A B`); `no … A` drops one word and refuses to drop the last with last.
func List[T any](field func(*T) *[]string, last string) Setting[T] {
	reset := func(_ *Call, t, fresh *T) error { *field(t) = slices.Clone(*field(fresh)); return nil }
	return Setting[T]{
		Set: func(c *Call, t, _ *T) error { *field(t) = c.Args.All("alg"); return nil },
		No: func(c *Call, t, fresh *T) error {
			drop := c.Args.All("alg")
			if len(drop) == 0 {
				return reset(c, t, fresh)
			}
			left := slices.DeleteFunc(slices.Clone(*field(t)), func(s string) bool { return slices.Contains(drop, s) })
			if len(left) == 0 {
				return Refusal(last)
			}
			*field(t) = left
			return nil
		},
		Reset: reset,
		Show: func(v *View, t, fresh *T) {
			if len(*field(t)) > 0 && (v.All || !slices.Equal(*field(t), *field(fresh))) {
				v.Line("%s %s", v.Words, strings.Join(*field(t), " "))
			}
		},
	}
}

// Always shows a setting even when it has its default value.
func Always[T any](s Setting[T]) Setting[T] {
	show := s.Show
	s.Show = func(v *View, t, fresh *T) {
		all := *v
		all.All = true
		show(&all, t, fresh)
	}
	return s
}

// Unlisted keeps a setting's default value out of show running-config all.
func Unlisted[T any](s Setting[T]) Setting[T] {
	show := s.Show
	s.Show = func(v *View, t, fresh *T) {
		plain := *v
		plain.All = false
		show(&plain, t, fresh)
	}
	return s
}

// Alternate is another spelling of a command: it acts and never shows.
func Alternate[T any](s Setting[T]) Setting[T] {
	s.Show = nil
	return s
}
