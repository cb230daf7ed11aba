package edit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func bs(n int) string { return strings.Repeat("\b", n) }
func sp(n int) string { return strings.Repeat(" ", n) }
func ro(n int) string { return strings.Repeat("\b \b", n) }

// A row of a key table: after Begin("R1#"), in is typed; out is everything
// sent after that prompt, and line is the text and the cursor (|) at the end.
type keyRow struct {
	in, line, out, comment string
}

// run types in in pieces of n bytes on a terminal of the given width.
func run(t *testing.T, e *Editor, mode Mode, in string, n int) (line, out string) {
	t.Helper()
	e.Begin("R1#", mode)
	e.Output()
	var b strings.Builder
	for len(in) > 0 {
		piece := []byte(in[:min(n, len(in))])
		in = in[len(piece):]
		for len(piece) > 0 {
			used, ev := e.Input(piece)
			e.WriteTo(&b)
			switch ev {
			case Help:
				fmt.Fprintf(&b, "{%s}", e.Line())
				e.Redisplay()
			case Tab:
				fmt.Fprintf(&b, "{%s}", e.Line())
				e.Complete(e.Line() + "!")
			case Enter, EndMode, Interrupt:
				fmt.Fprintf(&b, "{%v %s}", ev, e.Line())
				e.Begin("R1#", mode)
			case Abort, Suspend:
				fmt.Fprintf(&b, "{%v}", ev)
			case Key:
				fmt.Fprintf(&b, "{%q}", e.Key())
				e.Begin("", mode)
			}
			e.WriteTo(&b)
			piece = piece[used:]
		}
	}
	return string(e.line[:e.cur]) + "|" + string(e.line[e.cur:]), b.String()
}

// runTable runs every row with its input cut in every way.
func runTable(t *testing.T, mode Mode, setup func() *Editor, rows []keyRow) {
	t.Helper()
	for _, row := range rows {
		for n := 1; n <= len(row.in); n++ {
			line, out := run(t, setup(), mode, row.in, n)
			if line != row.line || out != row.out {
				t.Errorf("%s\n  typed %q in pieces of %d\n  line %q, want %q\n  echo %q\n  want %q",
					row.comment, row.in, n, line, row.line, out, row.out)
				break
			}
		}
	}
}

func withHistory(width int) func() *Editor {
	return func() *Editor {
		e := New()
		e.SetWidth(width)
		e.History().Add("old")
		e.History().Add("recent")
		return e
	}
}

func TestKeys(t *testing.T) {
	runTable(t, Normal, withHistory(80), []keyRow{
		{"show", "show|", "show", "characters are echoed as they are"},
		{"so\x02h", "sh|o", "so\bho\b", "a character inside moves the tail"},
		{"so\x01x", "x|so", "so\b\bxso\b\b", "and at the start"},
		{"caf\xe9", "caf\xe9|", "caf\xe9", "bytes from 0x80 on are taken as they are"},
		{"a\x00b", "ab|", "ab", "NUL is ignored"},

		{"ab\x7f", "a|", "ab\b \b", "DEL at the end"},
		{"ab\x08", "a|", "ab\b \b", "BS is the same key"},
		{"abc\x02\x7f", "a|c", "abc\b\bc \b\b", "DEL inside"},
		{"abc\x01\x7f", "|abc", "abc" + bs(3) + "\a", "DEL at the start is refused"},
		{"\x7f", "|", "\a", "DEL on an empty line is refused"},

		{"abc\x01", "|abc", "abc" + bs(3), "Ctrl-A from the end"},
		{"abc\x02\x01", "|abc", "abc" + bs(3), "Ctrl-A from inside"},
		{"abc\x01\x01", "|abc", "abc" + bs(3), "Ctrl-A at the start does nothing"},
		{"abc\x1b[H", "|abc", "abc" + bs(3), "Home"},
		{"abc\x1bOH", "|abc", "abc" + bs(3), "Home of a keypad"},
		{"abc\x1b[1~", "|abc", "abc" + bs(3), "Home of a VT220"},
		{"abc\x1b[7~", "|abc", "abc" + bs(3), "Home of rxvt"},

		{"abc\x05", "abc|", "abc", "Ctrl-E at the end does nothing"},
		{"abc\x02\x02\x05", "abc|", "abc\b\bbc", "Ctrl-E from inside sends the tail"},
		{"abc\x01\x05", "abc|", "abc" + bs(3) + "abc", "Ctrl-E from the start"},
		{"abc\x01\x1b[F", "abc|", "abc" + bs(3) + "abc", "End"},
		{"abc\x01\x1bOF", "abc|", "abc" + bs(3) + "abc", "End of a keypad"},
		{"abc\x01\x1b[4~", "abc|", "abc" + bs(3) + "abc", "End of a VT220"},
		{"abc\x01\x1b[8~", "abc|", "abc" + bs(3) + "abc", "End of rxvt"},

		{"abc\x02", "ab|c", "abc\b", "Ctrl-B"},
		{"abc\x1b[D", "ab|c", "abc\b", "Left"},
		{"abc\x1bOD", "ab|c", "abc\b", "Left in application mode"},
		{"abc\x02\x02", "a|bc", "abc\b\b", "Ctrl-B inside"},
		{"abc\x01\x02", "|abc", "abc" + bs(3) + "\a", "Ctrl-B at the start is refused"},

		{"abc\x06", "abc|", "abc\a", "Ctrl-F at the end is refused"},
		{"abc\x02\x02\x06", "ab|c", "abc\b\bb", "Ctrl-F sends the character"},
		{"abc\x01\x1b[C", "a|bc", "abc" + bs(3) + "a", "Right"},
		{"abc\x01\x1bOC", "a|bc", "abc" + bs(3) + "a", "Right in application mode"},

		{"abc\x04", "abc|", "abc\a", "Ctrl-D at the end is refused"},
		{"abc\x02\x02\x04", "a|c", "abc\b\bc \b\b", "Ctrl-D inside"},
		{"abc\x01\x04", "|bc", "abc" + bs(3) + "bc " + bs(3), "Ctrl-D at the start"},
		{"\x04", "|", "", "Ctrl-D on an empty line is no end of file"},

		{"abc\x0b", "abc|", "abc", "Ctrl-K at the end does nothing"},
		{"abc\x02\x02\x0b", "a|", "abc\b\b  \b\b", "Ctrl-K inside"},
		{"abc\x01\x0b", "|", "abc" + bs(3) + sp(3) + bs(3), "Ctrl-K at the start"},

		{"abc\x15", "|", "abc" + ro(3), "Ctrl-U at the end"},
		{"abc\x18", "|", "abc" + ro(3), "Ctrl-X is the same key"},
		{"abc\x02\x15", "|c", "abc\b\b\bc  " + bs(3), "Ctrl-U inside keeps the tail"},
		{"abc\x01\x15", "|abc", "abc" + bs(3), "Ctrl-U at the start does nothing"},
		{"\x15", "|", "", "Ctrl-U on an empty line is silent"},

		{"ip a.b\x17", "ip |", "ip a.b" + ro(3), "Ctrl-W: an address is one word"},
		{"ip a  \x17", "ip |", "ip a  " + ro(3), "Ctrl-W takes the spaces after the word"},
		{"ip ab\x02\x17", "ip |b", "ip ab\b\bb \b\b", "Ctrl-W inside a word"},
		{"ip\x01\x17", "|ip", "ip\b\b", "Ctrl-W at the start does nothing"},

		{"ip ab\x1bd", "ip ab|", "ip ab", "Esc D at the end does nothing"},
		{"ip ab\x01\x1bd", "| ab", "ip ab" + bs(5) + " ab  " + bs(5), "Esc D at the start"},
		{"ip ab\x01\x06\x06\x1bD", "ip|", "ip ab" + bs(5) + "ip   \b\b\b", "Esc D before a space takes the next word"},

		{"ip ab\x1bb", "ip |ab", "ip ab\b\b", "Esc B"},
		{"ip ab\x1bb\x1bB", "|ip ab", "ip ab\b\b\b\b\b", "Esc B skips spaces"},
		{"ip ab\x02\x1bb", "ip |ab", "ip ab\b\b", "Esc B inside a word"},
		{"ip\x01\x1bb", "|ip", "ip\b\b\a", "Esc B at the start is refused"},
		{"ip ab\x01\x1bf", "ip| ab", "ip ab" + bs(5) + "ip", "Esc F"},
		{"ip ab\x01\x1bf\x1bF", "ip ab|", "ip ab" + bs(5) + "ip ab", "Esc F skips spaces"},
		{"ip\x1bf", "ip|", "ip\a", "Esc F at the end is refused"},

		{"ab\x14", "ba|", "ab\b\bba", "Ctrl-T at the end swaps the last two"},
		{"abc\x02\x14", "acb|", "abc\b\bcb", "Ctrl-T swaps left of the cursor with the cursor"},
		{"abcd\x02\x02\x14", "acb|d", "abcd\b\b\bcb", "Ctrl-T inside moves on"},
		{"ab\x01\x14", "|ab", "ab\b\b\a", "Ctrl-T at the start is refused"},
		{"a\x14", "a|", "a\a", "Ctrl-T needs two characters"},

		{"ab\x1bc", "ab|", "ab\a", "Esc C at the end is refused"},
		{"ip ab\x01\x1bc", "Ip| ab", "ip ab" + bs(5) + "Ip", "Esc C"},
		{"ip ab\x02\x02\x02\x1bC", "ip Ab|", "ip ab\b\b\b Ab", "Esc C before a space"},
		{"ip ab\x02\x1bu", "ip aB|", "ip ab\bB", "Esc U from the cursor on"},
		{"ip ab\x01\x1bU", "IP| ab", "ip ab" + bs(5) + "IP", "Esc U"},
		{"IP AB\x01\x1bl", "ip| AB", "IP AB" + bs(5) + "ip", "Esc L"},
		{"IP\x1bl", "IP|", "IP\a", "Esc L at the end is refused"},

		{"ab cd\x17\x01\x19", "cd|ab ", "ab cd" + ro(2) + bs(3) + "cdab " + bs(3), "Ctrl-Y inserts what was cut"},
		{"ab cd\x17\x17\x19", "ab |", "ab cd" + ro(2) + ro(3) + "ab ", "Ctrl-Y takes the last cut"},
		{"ab cd\x17\x17\x19\x1by", "cd|", "ab cd" + ro(2) + ro(3) + "ab " + bs(3) + "cd \b", "Esc Y the one before it"},
		{"ab cd\x17\x17\x19\x1by\x1bY", "ab |", "ab cd" + ro(2) + ro(3) + "ab " + bs(3) + "cd \b\b\bab ", "and goes round"},
		{"\x19", "|", "\a", "Ctrl-Y with nothing cut is refused"},
		{"ab\x15\x19x\x1by", "abx|", "ab" + ro(2) + "abx\a", "Esc Y only follows Ctrl-Y"},
		{"\x1by", "|", "\a", "Esc Y alone is refused"},

		{"ab\x12", "ab|", "ab\r\nR1#ab", "Ctrl-R"},
		{"ab\x0c", "ab|", "ab\r\nR1#ab", "Ctrl-L"},
		{"ab\x02\x12", "a|b", "ab\b\r\nR1#ab\b", "Ctrl-R keeps the cursor"},

		{"\x10", "recent|", "recent", "Ctrl-P"},
		{"\x1b[A", "recent|", "recent", "Up"},
		{"\x1bOA", "recent|", "recent", "Up in application mode"},
		{"\x10\x10", "old|", "recent" + ro(6) + "old", "Ctrl-P again"},
		{"\x10\x10\x10", "old|", "recent" + ro(6) + "old\a", "Ctrl-P at the oldest is refused"},
		{"\x10\x10\x0e", "recent|", "recent" + ro(6) + "old" + ro(3) + "recent", "Ctrl-N"},
		{"\x10\x1b[B", "|", "recent" + ro(6), "Down after the newest is an empty line"},
		{"\x10\x1bOB", "|", "recent" + ro(6), "Down in application mode"},
		{"ab\x0e", "ab|", "ab\a", "Ctrl-N on a new line is refused"},
		{"ab\x10", "recent|", "ab" + ro(2) + "recent", "Ctrl-P drops what was typed"},
		{"ab\x01\x10", "recent|", "ab\b\bab" + ro(2) + "recent", "Ctrl-P from inside"},

		{"a\x16?", "a?|", "a?", "Ctrl-V quotes ?"},
		{"a\x1bq?", "a?|", "a?", "Esc Q quotes ?"},
		{"\x16\x03", "\x03|", "^C", "a quoted control character shows as two"},
		{"\x16\x03\x7f", "|", "^C" + ro(2), "and goes as two"},
		{"\x16\x03\x02\x06a", "\x03a|", "^C\b\b^Ca", "the cursor passes both"},
		{"\x16\x03\x02a", "a|\x03", "^C\b\ba^C\b\b", "inserting before it"},
		{"a\x16\r", "|", "a\r\n{Enter a}R1#", "Enter cannot be quoted"},

		{"\x07a\x0f\x11\x13\x1c", "a|", "\aa\a\a\a\a", "other control keys are refused"},
		{"a\x1b[3~b", "ab|", "ab", "the Delete key does nothing"},
		{"a\x1b[15~\x1b[1;5Pb", "ab|", "ab", "nor do function keys"},
		{"a\x1b[1;5D", "|a", "a\b", "Ctrl-Left is Left"},
		{"a\x1bz", "a|", "a\a", "an unknown Esc key is refused"},
		{"a\x1b\r", "|", "a\r\n{Enter a}R1#", "Enter ends a sequence"},
		{"a\x1b[1\r", "|", "a\r\n{Enter a}R1#", "also a long one"},
	})
}

func TestEvents(t *testing.T) {
	runTable(t, Normal, withHistory(80), []keyRow{
		{"ab\r", "|", "ab\r\n{Enter ab}R1#", "CR"},
		{"ab\n", "|", "ab\r\n{Enter ab}R1#", "LF"},
		{"ab\r\n", "|", "ab\r\n{Enter ab}R1#", "CR LF is one Enter"},
		{"ab\r\x00", "|", "ab\r\n{Enter ab}R1#", "CR NUL is one Enter"},
		{"a\r\n\n", "|", "a\r\n{Enter a}R1#\r\n{Enter }R1#", "another LF is another Enter"},
		{"\r\r", "|", "\r\n{Enter }R1#\r\n{Enter }R1#", "two CR are two"},
		{"\n\r", "|", "\r\n{Enter }R1#\r\n{Enter }R1#", "LF CR are two"},
		{"ab\x02\r", "|", "ab\b\r\n{Enter ab}R1#", "Enter inside takes the whole line"},
		{"a\r\x10", "a|", "a\r\n{Enter a}R1#a", "Enter adds to the history"},
		{" \r\x10", "recent|", " \r\n{Enter  }R1#recent", "but not an empty line"},

		{"sh?", "sh|", "sh?\r\n{sh}R1#sh", "help"},
		{"sh ?x", "sh x|", "sh ?\r\n{sh }R1#sh x", "typing goes on after help"},
		{"ab\x02?", "a|b", "ab\b?\r\n{a}R1#ab\b", "help inside is for what is before the cursor"},
		{"sh\t", "sh!|", "sh{sh}\r\nR1#sh!", "completion"},
		{"ab\x02\t", "a!|b", "ab\b{a}\r\nR1#a!b\b", "completion inside keeps the tail"},

		{"ab\x1a", "|", "ab^Z\r\n{EndMode ab}R1#", "Ctrl-Z"},
		{"ab\x03", "|", "ab\r\n{Interrupt ab}R1#", "Ctrl-C"},
		{"a\x1eb", "ab|", "a{Abort}b", "Ctrl-^ leaves the line alone"},
		{"a\x1ex", "a|", "a{Abort}{Suspend}", "Ctrl-^ x"},
		{"a\x1e\x1eXx", "ax|", "a{Abort}{Abort}{Suspend}x", "Ctrl-^ Ctrl-^ X"},
		{"\r\x1e\x03", "|", "\r\n{Enter }R1#{Abort}\r\n{Interrupt }R1#", "what unicon sends to recover"},
	})
}

func TestModes(t *testing.T) {
	runTable(t, Text, withHistory(80), []keyRow{
		{"a?b", "a?b|", "a?b", "? is text"},
		{"a\tb", "a\tb|", "a b", "TAB is text, shown as a space"},
		{"a\tb\x02\x02\x04", "a|b", "a b\b\bb \b\b", "and one column wide"},
		{"a\x10", "a|", "a\a", "no history"},
		{"ab\x02x\r", "|", "ab\bxb\b\r\n{Enter axb}R1#", "but editing"},
		{"a\x1a", "|", "a^Z\r\n{EndMode a}R1#", "Ctrl-Z"},
	})
	runTable(t, Secret, withHistory(80), []keyRow{
		{"pw?\r\n", "|", "\r\n{Enter pw?}R1#", "nothing but Enter is echoed"},
		{"pwx\x7f\x08z\r", "|", "\r\n{Enter pz}R1#", "Backspace works"},
		{"no no\x17\x15pw\r", "|", "\r\n{Enter pw}R1#", "Ctrl-U and Ctrl-W work"},
		{"\x7fa\x10\x02b\r", "|", "\r\n{Enter ab}R1#", "other keys are silent"},
		{"a\x12b\r", "|", "\r\nR1#\r\n{Enter ab}R1#", "Ctrl-R shows the prompt"},
		{"a\x03", "|", "\r\n{Interrupt a}R1#", "Ctrl-C"},
		{"a\x1a", "|", "\r\n{EndMode a}R1#", "Ctrl-Z"},
	})
	masked := func() *Editor {
		e := withHistory(80)()
		e.SetMask('*')
		return e
	}
	runTable(t, Secret, masked, []keyRow{
		{"pw?\r\n", "|", "***\r\n{Enter pw?}R1#", "a mask for each character"},
		{"pwx\x7f\x08z\r", "|", "***" + ro(1) + ro(1) + "*\r\n{Enter pz}R1#", "Backspace works"},
		{"no no\x17\x15pw\r", "|", "*****" + ro(2) + ro(3) + "**\r\n{Enter pw}R1#", "Ctrl-U and Ctrl-W work"},
		{"\x7fa\x10\x02b\r", "|", "**\r\n{Enter ab}R1#", "other keys are silent"},
		{"ab\x12c\r", "|", "**\r\nR1#***\r\n{Enter abc}R1#", "Ctrl-R shows the prompt and the masks"},
		{"a\x03b", "b|", "*\r\n{Interrupt a}R1#*", "Ctrl-C"},
	})
	runTable(t, Normal, withHistory(80), []keyRow{
		{"\n\n", "|", "\r\n{Enter }R1#\r\n{Enter }R1#", "two LF are two Enter"},
		{"\r\n\n", "|", "\r\n{Enter }R1#\r\n{Enter }R1#", "CR LF LF are two"},
		{"\n\r", "|", "\r\n{Enter }R1#\r\n{Enter }R1#", "LF CR are two"},
	})
	runTable(t, OneKey, withHistory(80), []keyRow{
		{"y", "|", "{'y'}", "any key"},
		{"\x03\x1e\x1b", "|", `{'\x03'}{'\x1e'}{'\x1b'}`, "control keys are keys"},
		{"\r\ny", "|", `{'\r'}{'y'}`, "CR LF is one key"},
		{"\x00\n", "|", `{'\n'}`, "NUL is none"},
	})
}

func TestNoEditing(t *testing.T) {
	setup := func() *Editor {
		e := withHistory(80)()
		e.SetEditing(false)
		return e
	}
	runTable(t, Normal, setup, []keyRow{
		{"ab\x7fc\x08d", "ad|", "ab" + ro(1) + "c" + ro(1) + "d", "Backspace works"},
		{"ab cd\x17\x15", "|", "ab cd" + ro(2) + ro(3), "Ctrl-W and Ctrl-U work"},
		{"ab\x12", "ab|", "ab\r\nR1#ab", "Ctrl-R works"},
		{"ab?", "ab|", "ab?\r\n{ab}R1#ab", "help works"},
		{"a\x01\x02\x10\x19\x16\x1b", "a|", "a" + strings.Repeat("\a", 6), "the rest is refused"},
		{"ab\x1a", "|", "ab^Z\r\n{EndMode ab}R1#", "Ctrl-Z works"},
		{"ab\r", "|", "ab\r\n{Enter ab}R1#", "Enter works"},
	})
}

func TestLineLimit(t *testing.T) {
	e := New()
	e.SetWidth(0)
	long := strings.Repeat("x", MaxLine)
	line, out := run(t, e, Normal, long+"yz", 7)
	if line != long+"|" || out != long+"\a\a" {
		t.Errorf("line of %d, echo %q", len(line)-1, out)
	}
	line, out = run(t, e, Normal, "ab\x15"+long[1:]+"\x19", 300)
	if line != long[1:]+"|" || !strings.HasSuffix(out, "x\a") {
		t.Errorf("Ctrl-Y past the limit: line of %d, echo %q", len(line)-1, out)
	}
	e.Complete(long + "zz")
	if got := string(e.line); got != long {
		t.Errorf("completed to %d bytes", len(got))
	}
}

func TestHistory(t *testing.T) {
	h := NewHistory()
	for i := range 12 {
		h.Add(fmt.Sprint("line ", i))
	}
	h.Add("")
	h.Add("   ")
	if got := h.Lines(); len(got) != 10 || got[0] != "line 2" || got[9] != "line 11" {
		t.Errorf("ten lines: %q", got)
	}
	h.SetSize(2)
	h.Add("again")
	h.Add("again")
	if got := h.Lines(); !slices.Equal(got, []string{"again", "again"}) {
		t.Errorf("equal lines: %q", got)
	}
	h.SetSize(1000)
	if h.Size() != MaxHistory {
		t.Errorf("size %d", h.Size())
	}
	h.SetSize(-1)
	h.Add("x")
	if got := h.Lines(); len(got) != 0 {
		t.Errorf("no history: %q", got)
	}
}

func TestKillBuffer(t *testing.T) {
	e := New()
	keys := ""
	for i := range 12 {
		keys += fmt.Sprintf("cut%d\x15", i)
	}
	for back, want := range []string{"cut11", "cut10", "cut9", "cut8", "cut7", "cut6", "cut5", "cut4", "cut3", "cut2", "cut11"} {
		line, _ := run(t, e, Normal, keys+"\x19"+strings.Repeat("\x1by", back), 1000)
		if line != want+"|" {
			t.Errorf("%d × Esc Y: %q, want %q", back, line, want)
		}
	}
}

func TestTwoHistories(t *testing.T) {
	e, config := New(), NewHistory()
	run(t, e, Normal, "conf t\r", 10)
	exec := e.History()
	e.SetHistory(config)
	run(t, e, Normal, "hostname R2\r", 20)
	if got := exec.Lines(); !slices.Equal(got, []string{"conf t"}) {
		t.Errorf("EXEC: %q", got)
	}
	if got := config.Lines(); !slices.Equal(got, []string{"hostname R2"}) {
		t.Errorf("configuration: %q", got)
	}
}

// A message that interrupts typing is followed by the prompt and the line.
func TestRedisplayAfterMessage(t *testing.T) {
	e := New()
	e.Begin("R1#", Normal)
	e.Input([]byte("show ver\x02\x02"))
	if !e.Pending() {
		t.Error("nothing pending")
	}
	e.Output()
	e.Redisplay()
	if got, want := string(e.Output()), "R1#show ver\b\b"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A line end is CR, LF or CR LF, whatever the editor reads.
func TestLineEnds(t *testing.T) {
	e := New()
	e.Begin("", Normal)
	for _, c := range []struct {
		mode Mode
		in   string
		want int
	}{
		{Normal, "a\r", 1}, {Normal, "\nb\n", 2}, {Secret, "c\r\n", 3}, {Text, "\r\n\x00", 4}, {OneKey, "\r", 5}, {Normal, "\nd\x1b\r", 6},
	} {
		e.Begin("", c.mode)
		for in := []byte(c.in); len(in) > 0; {
			n, _ := e.Input(in)
			in = in[n:]
		}
		if got := e.LineEnds(); got != c.want {
			t.Errorf("after %q: %d line ends, want %d", c.in, got, c.want)
		}
	}
}
