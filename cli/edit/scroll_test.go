package edit

import (
	"strings"
	"testing"
)

// Prompt "R1#" on 20 columns: a line of 15 scrolls, 14 fit.
const (
	fits    = "abcdefghijklmn"                    // typed without scrolling
	scrolls = fits + "o"                          // scrolled by its last character
	typed   = fits + bsFits + "$lmno" + sp9 + bs9 // the echo of scrolls
	home    = "\b\b\b\b\b" + fits + "$" + bsFits1 // Ctrl-A after it
	bsFits  = "\b\b\b\b\b\b\b\b\b\b\b\b\b\b"      // 14
	bsFits1 = bsFits + "\b"                       // 15
	sp9     = "         "
	bs9     = "\b\b\b\b\b\b\b\b\b"
)

func TestKeysInScrolledLine(t *testing.T) {
	runTable(t, Normal, withHistory(20), []keyRow{
		{fits, fits + "|", fits, "the last character that fits"},
		{scrolls, scrolls + "|", typed, "the first that scrolls"},
		{scrolls + "pqrstuvwx", scrolls + "pqrstuvwx|", typed + "pqrstuvwx", "nine more fit"},
		{scrolls + "pqrstuvwxy", scrolls + "pqrstuvwxy|", typed + "pqrstuvwx" + bs(13) + "vwxy" + sp9 + bs9, "the $ is not sent again"},

		{scrolls + "\x7f", fits + "|", typed + ro(1), "Backspace"},
		{scrolls + "\x7f\x7f\x7f\x7f", fits[:11] + "|", typed + ro(4), "Backspace up to the $"},
		{scrolls + "\x7f\x7f\x7f\x7f\x7f", fits[:10] + "|", typed + ro(4) + "\b" + fits[:10], "Backspace onto the $ scrolls back"},
		{scrolls + "\x02\x7f", fits[:13] + "|o", typed + "\b\bo \b\b", "Backspace inside"},

		{scrolls + "\x01", "|" + scrolls, typed + home, "Ctrl-A: there is more on the right"},
		{scrolls + "\x01\x05", scrolls + "|", typed + home + "$lmno" + sp(10) + bs(10), "Ctrl-E scrolls again"},
		{scrolls + "\x05", scrolls + "|", typed, "Ctrl-E at the end"},
		{scrolls + "\x02", fits + "|o", typed + "\b", "Ctrl-B"},
		{scrolls + "\x02\x02\x02\x02\x02", fits[:10] + "|klmno", typed + bs(4) + "\b" + fits + "$" + bs(5), "Ctrl-B onto the $ scrolls back"},
		{scrolls + "\x01\x06", "a|" + scrolls[1:], typed + home + "a", "Ctrl-F"},
		{scrolls + "\x1bb", "|" + scrolls, typed + home, "Esc B"},
		{scrolls + "\x01\x1bf", scrolls + "|", typed + home + "$lmno" + sp(10) + bs(10), "Esc F"},
		{scrolls + "\x06", scrolls + "|", typed + "\a", "Ctrl-F at the end"},

		{scrolls + "\x04", scrolls + "|", typed + "\a", "Ctrl-D at the end"},
		{scrolls + "\x02\x04", fits + "|", typed + "\b" + " \b", "Ctrl-D inside"},
		{scrolls + "\x01\x04", "|" + scrolls[1:], typed + home + scrolls[1:] + " " + bs(15), "Ctrl-D brings the hidden character"},
		{scrolls + "\x01\x0b", "|", typed + home + sp(15) + bs(15), "Ctrl-K cuts what is hidden too"},
		{scrolls + "\x02\x02\x0b", fits[:13] + "|", typed + "\b\b  \b\b", "Ctrl-K inside"},
		{scrolls + "\x15", "|", typed + ro(5), "Ctrl-U"},
		{scrolls + "\x02\x15", "|o", typed + "\b" + bs(4) + "o    " + bs(5), "Ctrl-U inside"},
		{scrolls + "\x17", "|", typed + ro(5), "Ctrl-W of the whole line"},
		{"abcdefg hijklmn\x17", "abcdefg |", "abcdefg hijklm" + bsFits + "$klmn" + sp9 + bs9 + bs(5) + "abcdefg ", "Ctrl-W past the $ scrolls back"},
		{"abcdefghijk mno\x17", "abcdefghijk |", "abcdefghijk mn" + bsFits + "$ mno" + sp9 + bs9 + ro(3), "Ctrl-W within the view"},
		{"abcdefghijk mno\x02\x02\x1bd", "abcdefghijk m|", "abcdefghijk mn" + bsFits + "$ mno" + sp9 + bs9 + "\b\b  \b\b", "Esc D"},

		{scrolls + "\x14", fits[:13] + "on|", typed + "\b\bon", "Ctrl-T"},
		{scrolls + "\x02\x02\x02\x02\x14", fits[:10] + "lk|mno", typed + bs(4) + "k", "Ctrl-T next to the $"},
		{scrolls + "\x02\x02\x1bu", fits[:13] + "NO|", typed + "\b\bNO", "Esc U"},
		{"abcdefghijk MNO\x02\x02\x1bl", "abcdefghijk Mno|", "abcdefghijk MN" + bsFits + "$ MNO" + sp9 + bs9 + "\b\bno", "Esc L"},
		{"abcdefghijk mno\x02\x02\x1bc", "abcdefghijk mNo|", "abcdefghijk mn" + bsFits + "$ mno" + sp9 + bs9 + "\b\bNo", "Esc C"},

		{scrolls + "\x12", scrolls + "|", typed + "\r\nR1#$lmno", "Ctrl-R shows the same part"},
		{scrolls + "\x10", "recent|", typed + ro(5) + "recent", "Ctrl-P"},
		{scrolls + "\x01x", "x|" + scrolls, typed + home + "xabcdefghijklm$" + bsFits, "typing at the start of a long line"},
		{scrolls + "\x02x", fits + "x|o", typed + "\bxo\b", "typing inside"},
		{scrolls + "?", scrolls + "|", typed + "?\r\n{" + scrolls + "}R1#$lmno", "help"},
		{scrolls + "\t", scrolls + "!|", typed + "{" + scrolls + "}\r\nR1#$lmno!", "completion"},
		{scrolls + "\r", "|", typed + "\r\n{Enter " + scrolls + "}R1#", "Enter"},
		{scrolls + "\x15\x19", scrolls + "|", typed + ro(5) + "$lmno", "Ctrl-Y of a long text"},
	})
}

// The capture in netmiko issue 160: prompt of 11, width 80.
func TestScrollCapture(t *testing.T) {
	e := New()
	e.Begin("pynet-rtr1#", Normal)
	e.Output()
	e.Input([]byte("show archive config differences flash:/candidate_config.txt system:/running-config"))
	want := "show archive config differences flash:/candidate_config.txt system" +
		bs(66) + "$e config differences flash:/candidate_config.txt system:" + sp9 + bs9 +
		"/running-" +
		bs(65) + "ifferences flash:/candidate_config.txt system:/running-c" + sp9 + bs9 +
		"onfig"
	if got := string(e.Output()); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNeverScrolls(t *testing.T) {
	long := strings.Repeat("x", 250)
	for _, width := range []int{-1, 0, 17, 511, 512, 1000} {
		e := New()
		e.SetWidth(width)
		if line, out := run(t, e, Normal, long, 9); line != long+"|" || out != long {
			t.Errorf("width %d: echo %q", width, out)
		}
	}
}

// A new width counts from the next prompt on.
func TestSetWidth(t *testing.T) {
	e := New()
	run(t, e, Normal, scrolls, 5)
	e.SetWidth(20)
	e.Input([]byte("p"))
	if got := string(e.Output()); got != "p" {
		t.Errorf("got %q", got)
	}
	e.Redisplay()
	if got, want := string(e.Output()), "R1#$lmnop"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
