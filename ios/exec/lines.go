package exec

import (
	"fmt"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/ios/model"
	"vtylab/tty"
)

var lineCommands = []Command{
	{Syntax: `show "Show running system information" line "TTY line information" [<0-1871>$tty "Line number" | aux "Auxiliary line" <0-0>$aux "Line number"
		| console "Primary terminal line" <0-0>$con "Line number" | vty "Virtual terminal" <0-1869>$vty "Line number"]`, Level: 1, Filter: true, Run: showLine},
	{Syntax: `clear "Reset functions" line "Reset a terminal line" {<0-1871>$tty "Line number" | aux "Auxiliary line" <0-0>$aux "Line number"
		| console "Primary terminal line" <0-0>$con "Line number" | vty "Virtual terminal" <0-1869>$vty "Line number"}`, Level: 15, Run: clearLine},
}

// lineOf finds the line a command names; given is false when it names none.
func lineOf(s *Session, a cli.Args) (l *tty.Line, given bool) {
	for name, kind := range map[string]tty.Kind{"con": tty.Console, "aux": tty.Auxiliary, "vty": tty.VTY} {
		if n, ok := a.Int(name); ok {
			return s.Device.FindLine(kind, n), true
		}
	}
	n, ok := a.Int("tty")
	for _, l := range s.Device.Lines() {
		if ok && l.TTY == n {
			return l, true
		}
	}
	return nil, ok
}

func showLine(s *Session, a cli.Args) error {
	l, given := lineOf(s, a)
	switch {
	case !given:
		s.Println(s.Release.Show.LineTable)
		for _, l := range s.Device.Lines() {
			s.Println(lineRow(s, l))
		}
		s.Println("")
	case l == nil:
		return errLastWord
	default:
		s.Println(s.Release.Show.LineTable, lineRow(s, l), "")
		describeLine(s, l, l.Session())
	}
	return nil
}

// lineRow is a line in the table of show line.
func lineRow(s *Session, l *tty.Line) string {
	c := s.line(l)
	mark, typ, speed, in, out, rotary := " ", "VTY", "", "-", "-", "-"
	if l.Busy() {
		mark = "*"
	}
	switch l.Kind {
	case tty.Console:
		typ = "CTY"
	case tty.Auxiliary:
		typ, speed = "AUX", "9600/9600"
	}
	if c.AccessIn != "" {
		in = c.AccessIn
	}
	if c.AccessOut != "" {
		out = c.AccessOut
	}
	if c.Rotary != 0 {
		rotary = fmt.Sprint(c.Rotary)
	}
	return fmt.Sprintf("%s%6d %-3s %11s  -    -%7s%5s%5s%7d%8d     0/0       -", mark, l.TTY, typ, speed, rotary, out, in, l.Uses(), 0)
}

// describeLine is the long form, which show terminal shares. Settings of a
// session win over the line's.
func describeLine(s *Session, l *tty.Line, x *tty.Session) {
	c := s.line(l)
	length, width, escape, state, modem, active := c.Length, c.Width, c.Escape, "Ready", "Idle", "never"
	if x != nil {
		length, width, escape, state, modem = x.Length.Get(), x.Width.Get(), x.Escape.Get(), "Ready, Active", "Ready"
		active = clock(x.Age())
	}
	s.Printf("Line %d, Location: \"\", Type: \"\"\n", l.TTY)
	s.Printf("Length: %d lines, Width: %d columns\n", length, width)
	s.Println("Baud rate (TX/RX) is 9600/9600")
	s.Printf("Status: PSI Enabled, %s, No Exit Banner, Automore On\n", state)
	s.Println("Capabilities: "+yesNo(monitors(s, l), "Receives Logging Output", "none"),
		"Modem state: "+modem,
		"Special Chars: Escape  Hold  Stop  Start  Disconnect  Activation",
		fmt.Sprintf("                %-6s none   -     -       none", escapeText(escape)),
		"Timeouts:      Idle EXEC    Idle Session   Modem Answer  Session   Dispatch")
	s.Printf("               %s        %s                        none     not set\n",
		timeoutText(c.ExecTimeout, " never "), timeoutText(tty.Timeout{Minutes: c.SessionTimeout}, "never"))
	s.Println("                            Idle Session Disconnect Warning",
		"                              never",
		"                            Login-sequence User Response",
		"                             00:00:30",
		"                            Autoselect Initial Wait",
		"                              not set",
		"Modem type is unknown.",
		"Session limit is not set.")
	s.Printf("Time since activation: %s\n", active)
	s.Println("Editing is enabled.")
	s.Printf("History is enabled, history size is %d.\n", historySize(c, x))
	s.Println("DNS resolution in show commands is enabled", "Full user help is disabled")
	s.Printf("Allowed input transports are %s.\n", transports(c.TransportIn))
	s.Printf("Allowed output transports are %s.\n", transports(c.TransportOut))
	s.Printf("Preferred transport is %s.\n", c.TransportPreferred)
	s.Println("Shell: disabled", "Shell trace: off", "No output characters are padded", "No special data dispatching characters")
}

// escapeText is an escape character with the key that suspends a connection: ^^x.
func escapeText(key int) string {
	switch {
	case key == tty.NoEscape:
		return "none"
	case key < ' ' || key == 0x7f:
		return "^" + string(rune(key^0x40)) + "x"
	}
	return string(rune(key)) + "x"
}

// monitors reports whether log messages go to the line.
func monitors(s *Session, l *tty.Line) bool {
	if l.Kind == tty.Console {
		return s.Config().Logging.Console != model.Off
	}
	_, on := l.Monitors()
	return on
}

func historySize(c model.Line, x *tty.Session) int {
	if x != nil {
		return x.HistorySize.Get()
	}
	return c.History
}

func yesNo(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}

func timeoutText(t tty.Timeout, never string) string {
	d := time.Duration(t.Minutes)*time.Minute + time.Duration(t.Seconds)*time.Second
	if d == 0 {
		return never
	}
	return clock(d)
}

// transports is how a line spells its protocols out.
func transports(list []string) string {
	if len(list) == 1 && list[0] == "all" {
		return "lat pad telnet rlogin mop ssh nasi"
	}
	return strings.Join(list, " ")
}

func clearLine(s *Session, a cli.Args) error {
	l, _ := lineOf(s, a)
	if l == nil {
		return errLastWord
	}
	if l == s.Line {
		s.Println("% Not allowed to clear current line")
		return nil
	}
	ok, err := s.Confirm("")
	if err != nil || !ok {
		return err
	}
	l.Clear()
	s.Println(" [OK]")
	return nil
}
