package edit

// state is where the editor is in a sequence of bytes that make one key.
type state uint8

const (
	ground   state = iota
	quote          // after Ctrl-V or Esc Q: the next byte is text
	escape         // after ESC
	csi            // after ESC [
	csiOther       // after ESC [ and something that makes the key unknown
	csiHome        // after ESC [ 1 or 7
	csiEnd         // after ESC [ 4 or 8
	ss3            // after ESC O
)

// action is what a key does.
type action struct {
	do    func(*Editor) Event
	basic bool // works without enhanced editing, and in a password
}

// Control keys, by the letter of their ^ notation. One that is not here rings
// the bell.
var controls = [256]action{
	'M': {(*Editor).enter, true},
	'J': {(*Editor).enter, true},
	'C': {(*Editor).interrupt, true},
	'Z': {(*Editor).endMode, true},
	'^': {(*Editor).abort, true},
	'I': {(*Editor).tab, true},

	'H': {(*Editor).deleteLeft, true},
	'?': {(*Editor).deleteLeft, true},
	'U': {(*Editor).killStart, true},
	'W': {(*Editor).killWordLeft, true},
	'R': {(*Editor).again, true},

	'A': {(*Editor).start, false},
	'B': {(*Editor).left, false},
	'D': {(*Editor).deleteRight, false},
	'E': {(*Editor).finish, false},
	'F': {(*Editor).right, false},
	'K': {(*Editor).killEnd, false},
	'L': {(*Editor).again, false},
	'N': {(*Editor).newer, false},
	'P': {(*Editor).older, false},
	'T': {(*Editor).transpose, false},
	'V': {(*Editor).quoteNext, false},
	'X': {(*Editor).killStart, false},
	'Y': {(*Editor).yankLast, false},
}

// Keys after ESC. Letters work in either case.
var escapes = [256]action{
	'B': {(*Editor).wordLeft, false},
	'C': {(*Editor).capitalise, false},
	'D': {(*Editor).killWordRight, false},
	'F': {(*Editor).wordRight, false},
	'L': {(*Editor).lowerWord, false},
	'Q': {(*Editor).quoteNext, false},
	'U': {(*Editor).upperWord, false},
	'Y': {(*Editor).yankOlder, false},
}

// Last bytes of ESC [ and ESC O sequences. Other sequences do nothing.
var arrows = [256]action{
	'A': {(*Editor).older, false},
	'B': {(*Editor).newer, false},
	'C': {(*Editor).right, false},
	'D': {(*Editor).left, false},
	'H': {(*Editor).start, false},
	'F': {(*Editor).finish, false},
}

// step takes one byte.
func (e *Editor) step(b byte) Event {
	crlf := e.afterCR && b == '\n'
	e.afterCR, e.isCR = false, b == '\r'
	if crlf || b == 0 {
		return None
	}
	if e.isCR || b == '\n' {
		e.ends++
	}
	if e.mode == OneKey {
		e.key, e.afterCR = b, e.isCR
		if e.awaits {
			e.mode, e.awaits = e.resume, false
		}
		return Key
	}
	if e.afterUp {
		e.afterUp = false
		if b|0x20 == 'x' {
			return Suspend
		}
	}
	if e.state != ground {
		return e.sequence(b)
	}
	return e.plain(b)
}

// plain takes a byte that no sequence claims.
func (e *Editor) plain(b byte) Event {
	switch {
	case b == '?' && e.mode == Normal:
		e.out = append(e.out, "?\r\n"...)
		return e.ask(Help)
	case b >= 0x20 && b != 0x7f:
		e.insert(b)
		return None
	case b == 0x1b && e.enhanced():
		e.state = escape
		return None
	}
	return e.perform(controls[b^0x40])
}

// sequence takes a byte after Ctrl-V or ESC. A control character ends the
// sequence and is a key of its own, except where it is quoted; Enter cannot be
// quoted.
func (e *Editor) sequence(b byte) Event {
	s := e.state
	e.state = ground
	switch {
	case b == '\r' || b == '\n':
		return e.plain(b)
	case s == quote:
		e.insert(b)
		return None
	case b < 0x20:
		return e.plain(b)
	}
	switch s {
	case escape:
		return e.escaped(b)
	case ss3:
		return e.performKnown(arrows[b])
	}
	return e.bracketed(s, b)
}

func (e *Editor) escaped(b byte) Event {
	switch {
	case b == '[':
		e.state = csi
		return None
	case b == 'O':
		e.state = ss3
		return None
	case 'a' <= b && b <= 'z':
		b -= 0x20
	}
	return e.perform(escapes[b])
}

// bracketed takes a byte of ESC [ … up to its final byte, @ to ~.
func (e *Editor) bracketed(s state, b byte) Event {
	final := b >= 0x40 && b <= 0x7e
	switch {
	case final && b == '~' && s == csiHome:
		return e.perform(arrows['H'])
	case final && b == '~' && s == csiEnd:
		return e.perform(arrows['F'])
	case final:
		return e.performKnown(arrows[b])
	case s == csi && (b == '1' || b == '7'):
		e.state = csiHome
	case s == csi && (b == '4' || b == '8'):
		e.state = csiEnd
	default:
		e.state = csiOther
	}
	return None
}

func (e *Editor) performKnown(a action) Event {
	if a.do == nil {
		return None
	}
	return e.perform(a)
}

// perform runs the action of a key, or refuses the key.
func (e *Editor) perform(a action) Event {
	if a.do == nil || !a.basic && !e.enhanced() {
		e.bell()
		return None
	}
	e.popped, e.yank = e.yank, -1
	return a.do(e)
}

// enhanced reports whether all editing keys work.
func (e *Editor) enhanced() bool { return e.editing && e.mode != Secret }

func (e *Editor) enter() Event {
	e.afterCR = e.isCR
	return e.end(Enter, "\r\n")
}

func (e *Editor) interrupt() Event { return e.end(Interrupt, "\r\n") }

func (e *Editor) endMode() Event { return e.end(EndMode, "^Z\r\n") }

func (e *Editor) abort() Event {
	e.afterUp = true
	return Abort
}

func (e *Editor) tab() Event {
	if e.mode == Normal {
		return e.ask(Tab)
	}
	e.insert('\t')
	return None
}

func (e *Editor) quoteNext() Event {
	e.state = quote
	return None
}

func (e *Editor) again() Event {
	e.newline()
	e.Redisplay()
	return None
}
