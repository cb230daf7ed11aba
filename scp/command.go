package scp

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/shlex"
)

const maxCommand = 4096

// Command is the remote command of scp: `scp -t flash:` here, or ours for another host.
type Command struct {
	Sink      bool     // -t: the side that runs it receives; otherwise -f: it sends
	Recursive bool     // -r
	Preserve  bool     // -p
	TargetDir bool     // -d: the target must be a directory
	Verbose   bool     // -v
	Quiet     bool     // -q
	Paths     []string // one with -t, one or more with -f
}

// ErrNotSCP says that a command line is not scp's at all.
var ErrNotSCP = errors.New("scp: not an scp command")

// ParseCommand reads a remote command line. The error is ErrNotSCP, or says what is wrong with a line
// that does begin with scp. Options it does not know are ignored, as clients differ in what
// they pass on.
func ParseCommand(line string) (Command, error) {
	if first, _, _ := strings.Cut(strings.TrimLeft(line, " "), " "); first != "scp" {
		return Command{}, ErrNotSCP
	}
	if len(line) > maxCommand {
		return Command{}, fmt.Errorf("scp: command of %d bytes exceeds %d", len(line), maxCommand)
	}
	words, err := shlex.Split(line)
	if err != nil || len(words) == 0 {
		return Command{}, fmt.Errorf("scp: splitting %q: %w", line, err)
	}
	return parseWords(words[1:])
}

func parseWords(words []string) (c Command, err error) {
	from := false
	flags := map[rune]*bool{'t': &c.Sink, 'f': &from, 'r': &c.Recursive, 'p': &c.Preserve, 'd': &c.TargetDir, 'v': &c.Verbose, 'q': &c.Quiet}
	options := true
	for _, w := range words {
		switch {
		case options && w == "--":
			options = false
		case options && len(w) > 1 && w[0] == '-':
			for _, letter := range w[1:] {
				if f := flags[letter]; f != nil {
					*f = true
				}
			}
		default:
			options = false
			c.Paths = append(c.Paths, w)
		}
	}
	switch {
	case c.Sink == from:
		return c, errors.New("scp: neither or both of -t and -f")
	case len(c.Paths) == 0:
		return c, errors.New("scp: no file named")
	case c.Sink && len(c.Paths) > 1:
		return c, errors.New("scp: ambiguous target")
	}
	return c, nil
}

// String is the command line to run on another host, quoted for its shell.
func (c Command) String() string {
	var b strings.Builder
	b.WriteString("scp")
	for _, f := range []struct {
		on   bool
		flag string
	}{{c.Verbose, " -v"}, {c.Quiet, " -q"}, {c.Recursive, " -r"}, {c.Preserve, " -p"}, {c.TargetDir, " -d"}, {c.Sink, " -t"}, {!c.Sink, " -f"}} {
		if f.on {
			b.WriteString(f.flag)
		}
	}
	for i, p := range c.Paths {
		if i == 0 && strings.HasPrefix(p, "-") {
			b.WriteString(" --")
		}
		b.WriteString(" " + quote(p))
	}
	return b.String()
}

// quote leaves plain names alone, and ~ to the shell.
func quote(s string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("@%_-+=:,./~", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
