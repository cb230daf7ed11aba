package edit

import "strings"

// Lines scroll by ten columns, and the first or last column of the view shows
// '$' where there is more. The view must be wide enough to show something.
const (
	scrollStep = 10
	minView    = 13
)

// view is what the terminal shows after the prompt. A cell is a column of the
// terminal; cells are counted from the end of the prompt.
type view struct {
	width int // columns of the terminal
	limit int // cells the line may take, 0 when it may take any number
	off   int // cells of the line that are scrolled off to the left
	shown int // cells in use on the terminal
	at    int // cell the terminal's cursor is on
	buf   []byte
}

func (v *view) clear() { v.off, v.shown, v.at = 0, 0, 0 }

// limit returns how many cells a line may take behind prompt: a line that
// reaches this length scrolls. (Capture: netmiko issue 160, prompt of 11,
// width 80, scrolled by the 67th character.)
func limit(width int, prompt string) int {
	columns := len(prompt) - 1 - strings.LastIndexAny(prompt, "\r\n")
	n := width - columns - 2
	if width <= 0 || width >= 511 || n < minView {
		return 0
	}
	return n
}

// isOdd reports whether b is not shown as itself: a control character is shown
// as ^ and its letter, a tab as a space.
func isOdd(b byte) bool { return b < 0x20 || b == 0x7f }

func anyOdd(text []byte) bool {
	for _, b := range text {
		if isOdd(b) {
			return true
		}
	}
	return false
}

// col returns the cell, not counting scrolling, of line[i].
func (e *Editor) col(i int) int {
	col := i
	if e.odd {
		for _, b := range e.line[:i] {
			if isOdd(b) && b != '\t' {
				col++
			}
		}
	}
	return col
}

// appendCells appends what the terminal shows for text.
func appendCells(dst, text []byte) []byte {
	for _, b := range text {
		switch {
		case b == '\t':
			dst = append(dst, ' ')
		case isOdd(b):
			dst = append(dst, '^', b^0x40)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// refresh brings the terminal up to date after the line changed from cell from
// on, which was not moved by the change.
func (e *Editor) refresh(from int) {
	switch e.mode {
	case OneKey:
		return
	case Secret:
		e.masked()
		return
	}
	switch old := e.off; {
	case !e.scroll():
		from = max(from, min(e.off, 1))
	case old > 0 && e.off > 0:
		from = 1 // '$' is there already
	default:
		from = 0
	}
	e.goTo(from)
	e.paint()
}

// masked shows as many masks as a secret has characters.
func (e *Editor) masked() {
	if e.mask == 0 {
		return
	}
	for ; e.at < len(e.line); e.at++ {
		e.out = append(e.out, e.mask)
		e.shown++
	}
	if e.at > len(e.line) {
		e.rubOut(e.at - len(e.line))
	}
}

// refreshCursor does so after the cursor moved.
func (e *Editor) refreshCursor() {
	old := e.off
	if e.scroll(); e.off != old {
		e.off = old
		e.refresh(0)
		return
	}
	e.goTo(e.col(e.cur) - e.off)
}

// scroll chooses the part of the line to show, and reports whether it is
// another than before. The cursor must be on a cell that is not a '$'.
func (e *Editor) scroll() bool {
	if e.limit == 0 {
		return false
	}
	old, cur, n := e.off, e.col(e.cur), e.col(len(e.line))
	for last := e.limit - 1; cur-e.off > last || cur-e.off == last && n-e.off > last; {
		e.off += scrollStep
	}
	for e.off > 0 && cur-e.off < 1 {
		e.off -= scrollStep
	}
	return e.off != old
}

// visible returns how many cells the view takes, and whether the last of them
// is a '$'.
func (e *Editor) visible() (n int, clipped bool) {
	n = e.col(len(e.line)) - e.off
	if e.limit > 0 && n >= e.limit {
		return e.limit, true
	}
	return n, false
}

// goTo moves the terminal's cursor to cell c: back by backspaces, forward by
// sending again what is there.
func (e *Editor) goTo(c int) {
	for ; e.at > c; e.at-- {
		e.out = append(e.out, '\b')
	}
	e.put(c)
}

// put sends the cells of the view from the terminal's cursor up to cell c.
func (e *Editor) put(c int) {
	if c <= e.at {
		return
	}
	cells := e.line
	if e.odd {
		e.buf = appendCells(e.buf[:0], e.line)
		cells = e.buf
	}
	first := len(e.out)
	e.out = append(e.out, cells[e.off+e.at:e.off+c]...)
	if e.off > 0 && e.at == 0 {
		e.out[first] = '$'
	}
	if n, clipped := e.visible(); clipped && c == n {
		e.out[len(e.out)-1] = '$'
	}
	e.at = c
}

// paint sends the view from the terminal's cursor on, blanks what a longer
// view left behind, and puts the cursor in its place.
func (e *Editor) paint() {
	n, _ := e.visible()
	e.put(n)
	for ; e.at < e.shown; e.at++ {
		e.out = append(e.out, ' ')
	}
	e.shown = n
	e.goTo(e.col(e.cur) - e.off)
}

// rubOut erases the n cells before the terminal's cursor, which are the last.
func (e *Editor) rubOut(n int) {
	for range n {
		e.out = append(e.out, "\b \b"...)
	}
	e.at -= n
	e.shown -= n
}

// rewrite sends again the cells of line[from:cur], whose number is unchanged.
func (e *Editor) rewrite(from int) {
	old := e.off
	if e.scroll() {
		e.off = old
		e.refresh(0)
		return
	}
	e.goTo(max(e.col(from)-e.off, min(e.off, 1)))
	e.refreshCursor()
}
