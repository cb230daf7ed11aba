package edit

import (
	"bytes"
	"errors"
	"io"
	"regexp"
)

// ErrStopped is what a Pager returns after the user stopped the output.
var ErrStopped = errors.New("edit: output stopped at --More--")

// What IOS shows when the screen is full, and what wipes that out.
const (
	more      = " --More-- "
	eraseMore = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"
)

// Pager writes command output to a terminal and waits for a key whenever the
// screen is full. Output comes in with "\n" line ends (or CR LF) and goes out
// with CR LF.
type Pager struct {
	more   string // the prompt when the screen is full
	erase  string // wipes it out
	w      io.Writer
	key    func() (byte, error)
	length func() int
	width  func() int

	out    []byte // for w, before it is written
	rows   int    // rows of this page that were used up
	col    int    // column of the next character of the current line
	inLine bool   // something of the current line was sent
	cr     bool   // the last byte was a CR
	err    error

	filter *regexp.Regexp // from /RE, +RE or -RE
	kind   byte           // which of the three
	line   []byte         // the line the filter is waiting for
}

// NewPager returns a pager that writes to w. It takes keys from key, which
// should read them through an Editor in mode OneKey so that CR LF is one key,
// and asks length and width for the size of the screen whenever it needs it,
// because a command can change it. A length of 0 never waits.
func NewPager(w io.Writer, key func() (byte, error), length, width func() int) *Pager {
	return &Pager{more: more, erase: eraseMore, w: w, key: key, length: length, width: width}
}

// SetPrompt replaces the prompt of IOS; erase is what wipes it out.
func (p *Pager) SetPrompt(more, erase string) { p.more, p.erase = more, erase }

// Reset prepares for the output of another command.
func (p *Pager) Reset() {
	p.out, p.line = p.out[:0], p.line[:0]
	p.rows, p.col, p.inLine, p.cr = 0, 0, false, false
	p.err, p.filter = nil, nil
}

// Write sends output. It returns ErrStopped, and discards what it gets, from
// the key on that stopped the output.
func (p *Pager) Write(b []byte) (int, error) {
	for i, c := range b {
		if p.err != nil {
			return i, p.err
		}
		p.put(c)
	}
	return len(b), p.send()
}

// Flush sends a last line without line end that a pattern typed at --More--
// has held back.
func (p *Pager) Flush() error {
	if len(p.line) > 0 {
		p.filtered()
	}
	return p.send()
}

// put takes one byte of output.
func (p *Pager) put(c byte) {
	if p.filter == nil && !p.inLine && p.full() {
		p.wait()
	}
	switch {
	case p.err != nil:
	case p.filter == nil:
		p.show(c)
	default:
		p.line = append(p.line, c)
		if c == '\n' {
			p.filtered()
		}
	}
}

// filtered shows the line that the filter waited for, or drops it. If the page
// is full, the filter may become another before that is decided.
func (p *Pager) filtered() {
	defer func() { p.line = p.line[:0] }()
	for p.matches() {
		if p.kind == '/' {
			p.filter = nil
		}
		if p.full() && p.wait() {
			continue
		}
		if p.err == nil {
			p.showLine()
		}
		return
	}
}

func (p *Pager) matches() bool {
	if p.filter == nil {
		return true
	}
	return p.filter.Match(bytes.TrimRight(p.line, "\r\n")) != (p.kind == '-')
}

func (p *Pager) showLine() {
	for _, c := range p.line {
		p.show(c)
	}
}

// show sends one byte and counts rows.
func (p *Pager) show(c byte) {
	p.inLine = c != '\n'
	if c == '\n' {
		if !p.cr {
			p.out = append(p.out, '\r')
		}
		p.rows += p.height()
		p.col = 0
	}
	p.cr = c == '\r'
	p.out = append(p.out, c)
	switch {
	case c == '\b':
		p.col = max(p.col-1, 0)
	case c == '\t':
		p.col = p.col&^7 + 8
	case c >= ' ':
		p.col++
	}
}

// height returns how many rows the current line takes.
func (p *Pager) height() int {
	if w := p.width(); w > 0 && p.col > w {
		return (p.col + w - 1) / w
	}
	return 1
}

// page returns how many rows fit above --More--, 0 if there is no end.
func (p *Pager) page() int {
	if n := p.length(); n > 0 {
		return max(n-1, 1)
	}
	return 0
}

func (p *Pager) full() bool {
	n := p.page()
	return n > 0 && p.rows >= n
}

// send writes what is pending.
func (p *Pager) send() error {
	if len(p.out) > 0 {
		if _, err := p.w.Write(p.out); err != nil && p.err == nil {
			p.err = err
		}
		p.out = p.out[:0]
	}
	return p.err
}

// wait shows --More-- until a key says how to go on. It reports whether that
// was with another filter.
func (p *Pager) wait() (filtering bool) {
	for p.err == nil {
		p.out = append(p.out, p.more...)
		k := p.nextKey()
		p.out = append(p.out, p.erase...)
		switch k {
		case ' ', 'y', 'Y':
			p.rows = 0
			return false
		case '\r', '\n':
			p.rows = max(p.page()-1, 0)
			return false
		case '/', '+', '-':
			if p.readFilter(k) {
				p.rows = 0
				return true
			}
		default:
			p.stop()
		}
	}
	return false
}

func (p *Pager) stop() {
	p.send()
	if p.err == nil {
		p.err = ErrStopped
	}
}

// nextKey sends what is pending and waits for a key; after an error the key is
// 0.
func (p *Pager) nextKey() byte {
	if p.send() != nil {
		return 0
	}
	k, err := p.key()
	if err != nil {
		p.err = err
		return 0
	}
	return k
}

// readFilter reads the pattern after kind, and reports whether there is one.
// A pattern that does not compile rings the bell.
func (p *Pager) readFilter(kind byte) bool {
	p.out = append(p.out, kind)
	pattern, ok := p.readPattern()
	if !ok {
		return false
	}
	p.out = append(p.out, '\r', '\n')
	re, err := CompileRegexp(pattern)
	if err != nil {
		p.out = append(p.out, '\a')
	}
	if err != nil || pattern == "" {
		return false
	}
	p.out = append(p.out, "filtering...\r\n"...)
	p.filter, p.kind = re, kind
	return true
}

// readPattern reads and echoes keys up to Enter.
func (p *Pager) readPattern() (pattern string, ok bool) {
	var text []byte
	for {
		switch k := p.nextKey(); {
		case p.err != nil:
			return "", false
		case k == '\r' || k == '\n':
			return string(text), true
		case k == '\b' || k == 0x7f:
			text = p.rubOut(text, 1)
		case k == 'U'&0x1f:
			text = p.rubOut(text, len(text))
		case k < ' ':
			p.stop()
		case len(text) < MaxLine:
			text = append(text, k)
			p.out = append(p.out, k)
		}
	}
}

func (p *Pager) rubOut(text []byte, n int) []byte {
	n = min(n, len(text))
	for range n {
		p.out = append(p.out, "\b \b"...)
	}
	return text[:len(text)-n]
}
