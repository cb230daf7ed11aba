package edit

import "io"

// MaxLine is the longest line a device accepts. A further character is
// dropped and rings the bell.
const MaxLine = 254

// maxIdle is how much memory for output an editor holds on to. The echo of the
// longest line that scrolls all the way stays below.
const maxIdle = 8 << 10

// Mode says what kind of line is being read.
type Mode uint8

const (
	// Normal is a command line: editing, history, help and completion.
	Normal Mode = iota
	// Text is echoed and edited, but has no history, and ? and TAB are
	// characters of it: banner lines, answers to questions.
	Text
	// Secret is for passwords: it echoes nothing but the CR LF of Enter, or the mask.
	Secret
	// OneKey returns the next key at once as a Key event, and echoes
	// nothing: "[confirm]", --More--, keys typed while a command runs.
	OneKey
)

// Event is what a key asks of the caller. Package documentation says what to
// do for each.
type Event uint8

const (
	None      Event = iota // nothing: all input was consumed
	Enter                  // the line is complete
	Help                   // ? was typed
	Tab                    // TAB was typed
	EndMode                // Ctrl-Z ended the line and the mode
	Interrupt              // Ctrl-C discarded the line
	Abort                  // Ctrl-^ was typed
	Suspend                // x was typed after Ctrl-^
	Key                    // a key was typed in mode OneKey
)

var eventNames = [...]string{"None", "Enter", "Help", "Tab", "EndMode", "Interrupt", "Abort", "Suspend", "Key"}

// String returns the event's name.
func (ev Event) String() string {
	if int(ev) < len(eventNames) {
		return eventNames[ev]
	}
	return "Event?"
}

// Editor reads one line at a time. The zero value is not ready: use New.
// An Editor is not safe for concurrent use.
type Editor struct {
	mode    Mode
	prompt  string
	line    []byte // the text being edited
	cur     int    // index in line of the cursor
	odd     bool   // line may hold bytes that are not one cell equal to themselves
	done    bool   // an event ended the line; the next byte starts another
	answer  []byte // what Line returns
	key     byte   // the key of the last Key event
	editing bool   // "terminal editing"
	mask    byte   // echo of a character in mode Secret, 0 for none

	awaits  bool // AwaitKey: the mode after the next key is resume
	resume  Mode
	state   state
	afterCR bool // a LF or NUL now belongs to the CR before it
	isCR    bool // the byte being handled is a CR
	afterUp bool // the last byte was Ctrl-^
	ends    int  // line ends consumed

	history *History
	recall  int // history entry on the line, counted from the newest; 0 is none
	kills   kills
	yank    int // where the text that the last key yanked starts, or -1
	popped  int // yank before the key that is being performed

	view
	out []byte // bytes for the terminal that were not taken yet
}

// New returns an editor with editing enabled, a history of ten lines and a
// terminal 80 columns wide.
func New() *Editor {
	e := &Editor{editing: true, history: NewHistory(), yank: -1}
	e.width = 80
	return e
}

// Begin starts a line: it sends prompt, without a new line before it, and
// drops what an unfinished line held.
func (e *Editor) Begin(prompt string, mode Mode) {
	e.prompt, e.mode, e.awaits = prompt, mode, false
	e.reset()
	if len(e.out) == 0 && cap(e.out) > maxIdle {
		e.out = nil // input without Enter made it grow
	}
	e.Redisplay()
}

// AwaitKey makes the next key a Key event, as in mode OneKey, and leaves the
// line that is being edited as it is: for --More-- in the middle of the answer
// to ?. Afterwards the editor is in the mode it was in.
func (e *Editor) AwaitKey() {
	if e.mode != OneKey {
		e.resume, e.mode, e.awaits = e.mode, OneKey, true
	}
}

func (e *Editor) reset() {
	e.line, e.cur, e.odd, e.done = e.line[:0], 0, false, false
	e.state, e.recall, e.yank = ground, 0, -1
	e.view.clear()
}

// Input consumes keystrokes up to and including the first that makes an
// event, and returns how many bytes those were. It returns None when all of p
// was consumed. How input is cut into calls makes no difference.
func (e *Editor) Input(p []byte) (n int, ev Event) {
	if e.done && len(p) > 0 && !e.awaits {
		e.reset()
	}
	for i, b := range p {
		if ev := e.step(b); ev != None {
			return i + 1, ev
		}
	}
	return len(p), None
}

// LineEnds is how many line ends the editor has consumed since New, in any mode; CR LF
// is one.
func (e *Editor) LineEnds() int { return e.ends }

// Output takes the bytes to send to the terminal. They are valid until the
// next call of any method of e.
func (e *Editor) Output() []byte {
	out := e.out
	e.out = e.out[:0]
	return out
}

// WriteTo sends the pending output to w.
func (e *Editor) WriteTo(w io.Writer) (int64, error) {
	if len(e.out) == 0 {
		return 0, nil
	}
	n, err := w.Write(e.Output())
	return int64(n), err
}

// Line returns the text of the last event: the whole line for Enter, EndMode
// and Interrupt, the text before the cursor for Help and Tab.
func (e *Editor) Line() string { return string(e.answer) }

// LineBytes is Line without the copy: valid until the next event.
func (e *Editor) LineBytes() []byte { return e.answer }

// Key returns the key of the last Key event.
func (e *Editor) Key() byte { return e.key }

// Pending reports whether text was typed on the line that is being read; a
// message that interrupts it must be followed by Redisplay.
func (e *Editor) Pending() bool { return !e.done && len(e.line) > 0 }

// Redisplay sends the prompt and the line again, assuming the terminal's
// cursor is at the start of an empty row: after the answer to ?, or after a
// message when "logging synchronous" is on.
func (e *Editor) Redisplay() {
	e.out = append(e.out, e.prompt...)
	e.view.clear()
	e.limit = limit(e.width, e.prompt)
	e.refresh(0)
}

// Complete shows text in place of what Line returned for a Tab event, on a new
// row: CR LF, the prompt, and the line. Text after the cursor is kept. With
// the text of Line itself the line is redisplayed unchanged, which is how a
// device refuses to complete.
func (e *Editor) Complete(text string) {
	tail := e.line[e.cur:]
	text = text[:min(len(text), MaxLine-len(tail))]
	e.line = append([]byte(text), tail...)
	e.cur = len(text)
	e.odd = anyOdd(e.line)
	e.newline()
	e.Redisplay()
}

// SetWidth tells the width of the terminal; it counts from the next prompt on.
// A width of 0, or of 511 and more, never scrolls.
func (e *Editor) SetWidth(columns int) { e.width = columns }

// SetEditing turns enhanced editing ("terminal editing") on or off. Without it
// only Backspace, Ctrl-U, Ctrl-W and Ctrl-R edit, and there is no history.
func (e *Editor) SetEditing(on bool) { e.editing = on }

// SetMask says what each character of a line in mode Secret is echoed as; 0 is
// nothing, as it is at first.
func (e *Editor) SetMask(b byte) { e.mask = b }

// History returns the lines that Ctrl-P recalls.
func (e *Editor) History() *History { return e.history }

// SetHistory makes e use h, which is not nil: a session can keep EXEC and
// configuration commands apart, and a console its history over logins.
func (e *Editor) SetHistory(h *History) { e.history, e.recall = h, 0 }

// end finishes the line with ev.
func (e *Editor) end(ev Event, echo string) Event {
	if e.mode == Secret {
		echo = "\r\n"
	}
	e.out = append(e.out, echo...)
	e.answer = append(e.answer[:0], e.line...)
	e.done = true
	if e.mode == Normal && ev != Interrupt {
		e.history.add(e.line)
	}
	return ev
}

// ask interrupts the line with ev: the text before the cursor is the question.
func (e *Editor) ask(ev Event) Event {
	e.answer = append(e.answer[:0], e.line[:e.cur]...)
	return ev
}

func (e *Editor) newline() { e.out = append(e.out, '\r', '\n') }

func (e *Editor) bell() {
	if e.mode != Secret {
		e.out = append(e.out, '\a')
	}
}
