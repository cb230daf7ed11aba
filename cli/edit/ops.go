package edit

// Words are separated by spaces, so that an address or an interface name is
// one word.

// wordStart returns the index where the word left of i starts.
func (e *Editor) wordStart(i int) int {
	for i > 0 && e.line[i-1] == ' ' {
		i--
	}
	for i > 0 && e.line[i-1] != ' ' {
		i--
	}
	return i
}

// wordEnd returns the index after the word at or right of i.
func (e *Editor) wordEnd(i int) int {
	i = e.skipSpaces(i)
	for i < len(e.line) && e.line[i] != ' ' {
		i++
	}
	return i
}

func (e *Editor) skipSpaces(i int) int {
	for i < len(e.line) && e.line[i] == ' ' {
		i++
	}
	return i
}

// moveTo puts the cursor at index i. Moving nowhere is what a key does that
// wants to leave the line.
func (e *Editor) moveTo(i int) Event {
	if i < 0 || i > len(e.line) || i == e.cur {
		e.bell()
		return None
	}
	e.cur = i
	e.refreshCursor()
	return None
}

func (e *Editor) left() Event      { return e.moveTo(e.cur - 1) }
func (e *Editor) right() Event     { return e.moveTo(e.cur + 1) }
func (e *Editor) wordLeft() Event  { return e.moveTo(e.wordStart(e.cur)) }
func (e *Editor) wordRight() Event { return e.moveTo(e.wordEnd(e.cur)) }

// start and finish are silent where the cursor is there already: tools send
// them without looking.
func (e *Editor) start() Event {
	e.cur = 0
	e.refreshCursor()
	return None
}

func (e *Editor) finish() Event {
	e.cur = len(e.line)
	e.refreshCursor()
	return None
}

// insert types b at the cursor.
func (e *Editor) insert(b byte) {
	e.yank = -1
	if len(e.line) >= MaxLine {
		e.bell()
		return
	}
	from := e.col(e.cur)
	e.odd = e.odd || isOdd(b)
	e.line = append(e.line, b)
	if e.cur < len(e.line)-1 {
		copy(e.line[e.cur+1:], e.line[e.cur:])
		e.line[e.cur] = b
	}
	e.cur++
	e.refresh(from - e.off)
}

// cut removes line[a:b]; the cursor is a or b, and is a afterwards.
func (e *Editor) cut(a, b int) {
	atEnd := e.cur == len(e.line) && b == e.cur
	e.line = append(e.line[:a], e.line[b:]...)
	e.cur = a
	if e.mode == Secret {
		e.masked()
		return
	}
	switch col := e.col(a) - e.off; {
	case atEnd && (col > 0 || e.off == 0):
		e.rubOut(e.at - col)
	case atEnd && len(e.line) == 0:
		e.rubOut(e.at)
		e.off = 0
	default:
		e.refresh(col)
	}
}

func (e *Editor) deleteLeft() Event {
	if e.cur == 0 {
		e.bell()
		return None
	}
	e.cut(e.cur-1, e.cur)
	return None
}

// deleteRight does nothing on an empty line: Ctrl-D is no end of file here.
func (e *Editor) deleteRight() Event {
	switch {
	case e.cur < len(e.line):
		e.cut(e.cur, e.cur+1)
	case e.cur > 0:
		e.bell()
	}
	return None
}

// kill cuts line[a:b] and keeps it for Ctrl-Y. Nothing to kill is no error:
// tools send Ctrl-U to be sure of an empty line.
func (e *Editor) kill(a, b int) Event {
	if a == b {
		return None
	}
	if e.mode != Secret {
		e.kills.push(e.line[a:b])
	}
	e.cut(a, b)
	return None
}

func (e *Editor) killStart() Event     { return e.kill(0, e.cur) }
func (e *Editor) killEnd() Event       { return e.kill(e.cur, len(e.line)) }
func (e *Editor) killWordLeft() Event  { return e.kill(e.wordStart(e.cur), e.cur) }
func (e *Editor) killWordRight() Event { return e.kill(e.cur, e.wordEnd(e.cur)) }

// yankLast inserts what was killed last.
func (e *Editor) yankLast() Event {
	e.kills.at = 0
	return e.yankAt(e.cur)
}

// yankOlder replaces what Ctrl-Y just inserted by the kill before it, and goes
// round after the oldest.
func (e *Editor) yankOlder() Event {
	if e.popped < 0 {
		e.bell()
		return None
	}
	e.kills.at++
	return e.yankAt(e.popped)
}

func (e *Editor) yankAt(a int) Event {
	text, ok := e.kills.get()
	if !ok || len(e.line)-(e.cur-a)+len(text) > MaxLine {
		e.bell()
		return None
	}
	e.splice(a, e.cur, text)
	e.yank = a
	return None
}

// splice puts text in place of line[a:b], and the cursor after it.
func (e *Editor) splice(a, b int, text []byte) {
	tail := len(e.line) - b
	n := a + len(text) + tail
	for len(e.line) < n {
		e.line = append(e.line, 0)
	}
	copy(e.line[a+len(text):], e.line[b:b+tail])
	e.line = e.line[:n]
	e.cur = a + copy(e.line[a:], text)
	e.odd = e.odd || anyOdd(text)
	e.refresh(e.col(a) - e.off)
}

// transpose swaps the characters left of the cursor and at it, and at the end
// of the line the last two.
func (e *Editor) transpose() Event {
	i := min(e.cur, len(e.line)-1)
	if i < 1 {
		e.bell()
		return None
	}
	e.line[i-1], e.line[i] = e.line[i], e.line[i-1]
	e.cur = i + 1
	e.rewrite(i - 1)
	return None
}

// changeWord applies f to the word at the cursor, which ends up after it.
func (e *Editor) changeWord(f func(word []byte)) Event {
	a, b := e.skipSpaces(e.cur), e.wordEnd(e.cur)
	if a == b {
		e.bell()
		return None
	}
	from := e.cur
	f(e.line[a:b])
	e.cur = b
	e.rewrite(from)
	return None
}

func (e *Editor) capitalise() Event { return e.changeWord(func(w []byte) { upper(w[:1]) }) }
func (e *Editor) upperWord() Event  { return e.changeWord(upper) }
func (e *Editor) lowerWord() Event  { return e.changeWord(lower) }

func upper(w []byte) {
	for i, b := range w {
		if 'a' <= b && b <= 'z' {
			w[i] = b - 'a' + 'A'
		}
	}
}

func lower(w []byte) {
	for i, b := range w {
		if 'A' <= b && b <= 'Z' {
			w[i] = b - 'A' + 'a'
		}
	}
}

// older and newer walk the history. Newer than the newest is an empty line.
func (e *Editor) older() Event { return e.recallEntry(e.recall + 1) }
func (e *Editor) newer() Event { return e.recallEntry(e.recall - 1) }

func (e *Editor) recallEntry(n int) Event {
	if e.mode != Normal || n < 0 || n > e.history.len() {
		e.bell()
		return None
	}
	e.goTo(e.shown)
	e.rubOut(e.shown)
	e.off = 0
	e.line = append(e.line[:0], e.history.newest(n)...)
	e.cur, e.recall, e.odd = len(e.line), n, anyOdd(e.line)
	e.refresh(0)
	return None
}
