package exec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/ifs"
)

var tclCommands = []Command{
	{Syntax: `tclsh "Tool Command Language shell"`, Level: 15, Run: func(s *Session, _ cli.Args) error { s.kept().tcl = true; return nil }},
}

// Tcl reports whether the session is in the shell of Tcl.
func (s *Session) Tcl() bool { return s.kept().tcl }

// tcl finds what a line of the shell of Tcl is: what automation tools type there, else a
// command of EXEC.
func (x *EXEC) tcl(s *Session, line string, offset int) (device.Action, error) {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	run := func(do func() error) (device.Action, error) {
		return device.Action{Words: word, Level: 15, Run: do}, nil
	}
	switch word {
	case "tclquit", "exit":
		return run(func() error { s.kept().tcl = false; return nil })
	case "puts":
		return run(func() error { return s.puts(line) })
	}
	return x.match(s, line, offset)
}

// puts is `puts ?-nonewline? ?[open FILE MODE]? TEXT`, which may go on for several lines.
func (s *Session) puts(line string) error {
	text, err := s.complete(line)
	if err != nil {
		return err
	}
	m := putsCommand.FindStringSubmatch(text)
	if m == nil {
		s.Println(`wrong # args: should be "puts ?-nonewline? ?channelId? string"`)
		return nil
	}
	out := tclWord(m[4])
	if m[1] == "" {
		out += "\n"
	}
	if m[2] == "" {
		s.Printf("%s", out)
		return nil
	}
	if err := s.tclWrite(tclWord(m[2]), m[3], out); err != nil {
		s.Println(err.Error())
	}
	return nil
}

var putsCommand = regexp.MustCompile(`(?s)^\s*puts\s+(-nonewline\s+)?(?:\[\s*open\s+("[^"]*"|\{[^}]*\}|\S+)\s+([rwa]\+?)\s*\]\s+)?(.*?)\s*$`)

// complete reads the lines that a word in braces or quotes goes on in. One that is longer
// than a file may be is read to its end and not kept (the message is Tcl's, from memory).
func (s *Session) complete(line string) (string, error) {
	text := tclText{left: maxAppend}
	for text.add(line); text.open(); text.add("\n" + line) {
		var err error
		if line, err = s.Ask("+>"); err != nil {
			return "", err
		}
	}
	if text.left < 0 {
		return "", fmt.Errorf("max size for a Tcl value (%d bytes) exceeded", maxAppend)
	}
	return text.String(), nil
}

// tclText is what has been typed of a command, and where in it the end is (tcl(n), rules 4
// and 6).
type tclText struct {
	strings.Builder
	left            int // bytes that are kept yet, below 0 when there were too many
	depth           int // of braces
	quoted, escaped bool
}

func (t *tclText) add(text string) {
	if t.left -= len(text); t.left >= 0 {
		t.WriteString(text)
	} else {
		t.left = -1
		t.Reset()
	}
	for i := range len(text) {
		switch c := text[i]; {
		case t.escaped:
			t.escaped = false
		case c == '\\':
			t.escaped = true
		case c == '"' && t.depth == 0:
			t.quoted = !t.quoted
		case t.quoted:
		case c == '{':
			t.depth++
		case c == '}':
			t.depth--
		}
	}
}

// open reports whether a brace or a quote is.
func (t *tclText) open() bool { return t.quoted || t.depth > 0 }

// tclWord is a word without what holds it together. Only braces keep it as it is.
func tclWord(w string) string {
	if len(w) > 1 && w[0] == '{' && w[len(w)-1] == '}' {
		return w[1 : len(w)-1]
	}
	if len(w) > 1 && w[0] == '"' && w[len(w)-1] == '"' {
		w = w[1 : len(w)-1]
	}
	return tclEscapes.Replace(w)
}

var tclEscapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\"`, `"`, `\$`, "$", `\[`, "[", `\]`, "]", `\{`, "{", `\}`, "}")

// tclWrite writes a file of the device. The error is that of Tcl's open.
func (s *Session) tclWrite(url, mode, text string) error {
	p, err := local(s, url)
	if err == nil && strings.HasPrefix(mode, "a") {
		var old []byte
		if old, err = ifs.ReadFile(p.FS(), p.Name, maxAppend); errors.Is(err, ifs.ErrNotExist) {
			err = nil
		}
		text = string(old) + text
	}
	if err == nil && strings.HasPrefix(mode, "r") {
		err = ifs.ErrPermission
	}
	if err == nil {
		err = ifs.WriteFile(p.FS(), p.Name, []byte(text))
	}
	if err != nil {
		return errors.New(`couldn't open "` + url + `": ` + strings.ToLower(ifs.Reason(err)))
	}
	return nil
}
