package edit

// MaxHistory is the largest history a device keeps.
const MaxHistory = 256

// History is the lines entered last. Empty lines are not kept; equal ones that
// follow each other are, as on a device.
type History struct {
	size  int
	lines [][]byte // oldest first
}

// NewHistory returns a history of ten lines, the size a line has by default.
func NewHistory() *History { return &History{size: 10} }

// SetSize tells how many lines are kept, 0 to MaxHistory, and forgets the
// oldest that are too many.
func (h *History) SetSize(n int) {
	h.size = max(0, min(n, MaxHistory))
	if drop := len(h.lines) - h.size; drop > 0 {
		h.lines = append([][]byte(nil), h.lines[drop:]...)
	}
}

// Size returns how many lines are kept.
func (h *History) Size() int { return h.size }

// Add appends a line that was entered elsewhere.
func (h *History) Add(line string) { h.add([]byte(line)) }

// Lines returns a copy, oldest first, in the order of "show history".
func (h *History) Lines() []string {
	lines := make([]string, len(h.lines))
	for i, l := range h.lines {
		lines[i] = string(l)
	}
	return lines
}

func (h *History) add(line []byte) {
	if h.size == 0 || isBlank(line) {
		return
	}
	if len(h.lines) < h.size {
		h.lines = append(h.lines, append([]byte(nil), line...))
		return
	}
	oldest := h.lines[0]
	n := copy(h.lines, h.lines[1:])
	h.lines[n] = append(oldest[:0], line...)
}

func (h *History) len() int { return len(h.lines) }

// newest returns the nth line from the newest, which is 1; 0 is empty.
func (h *History) newest(n int) []byte {
	if n < 1 || n > len(h.lines) {
		return nil
	}
	return h.lines[len(h.lines)-n]
}

func isBlank(line []byte) bool {
	for _, b := range line {
		if b != ' ' {
			return false
		}
	}
	return true
}

// maxKills is how many deletions Ctrl-Y and Esc Y can bring back.
const maxKills = 10

// kills is the buffer of deleted text, newest first from last backwards.
type kills struct {
	items [][]byte
	last  int // index of the newest
	at    int // how many deletions back Esc Y went
}

func (k *kills) push(text []byte) {
	if len(k.items) < maxKills {
		k.items = append(k.items, nil)
		k.last = len(k.items) - 1
	} else {
		k.last = (k.last + 1) % maxKills
	}
	k.items[k.last] = append(k.items[k.last][:0], text...)
}

// get returns the deletion that at points to.
func (k *kills) get() (text []byte, ok bool) {
	n := len(k.items)
	if n == 0 {
		return nil, false
	}
	k.at %= n
	return k.items[(k.last-k.at+n)%n], true
}
