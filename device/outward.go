package device

import (
	"bytes"

	"vtylab/tty"
)

// outward reports whether a line leads to what is plugged in at its other end: who
// comes to it over the network gets no EXEC. (Cisco calls that reverse Telnet and
// reverse SSH.)
func outward(l *tty.Line) bool { return l.Kind == tty.Auxiliary }

// live is the life of a shell on a line that is reached over the network, from the
// welcome on: an EXEC, the one command that takes its place, or what is plugged in.
func (x *Shell) live(t Transport) {
	sys := x.Device.System
	x.Screen().Gather()
	switch {
	case outward(x.Line):
		if !x.Device.allowsOut(x) {
			x.Println(sys.Denied())
			x.Flush()
			return
		}
		sys.Incoming(x)
		x.Flush()
		_ = x.Pass(x.passed(t)) // the user has left
		return
	case x.autocommand != "" && !x.noHangup:
		defer x.account()()
		sys.Welcome(x, t)
		x.Screen().Send()
		x.once(x.autocommand)
		return
	}
	defer x.account()()
	sys.Welcome(x, t)
	if x.autocommand != "" {
		_ = x.Run(x.autocommand) // what it comes to is printed
	}
	_ = x.Session.Run() // ended tells
	x.Device.ended(x)
}

// passed is what becomes of that which is typed for a device at the other end of the
// line. Nothing is plugged in there, so that it is dropped; but over SSH, which many
// clients have no break for, the string of `ip ssh break-string` stands for one.
func (x *Shell) passed(t Transport) func([]byte) {
	mark := []byte(x.Device.Settings().BreakString)
	if t != SSH || len(mark) == 0 {
		return func([]byte) {}
	}
	var tail []byte
	return func(typed []byte) {
		tail = append(tail, typed...)
		for {
			_, rest, found := bytes.Cut(tail, mark)
			if !found {
				break
			}
			x.Line.Break()
			tail = rest
		}
		tail = bytes.Clone(tail[max(0, len(tail)-len(mark)+1):])
	}
}
