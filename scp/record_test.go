package scp

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCommand(t *testing.T) {
	rows := []struct {
		line string
		want Command
	}{
		{"scp -t flash:", Command{Sink: true, Paths: []string{"flash:"}}},
		{"scp -v -f running-config", Command{Verbose: true, Paths: []string{"running-config"}}}, // OpenSSH -v
		{"scp -r -p -d -t -- flash:dir", Command{Sink: true, Recursive: true, Preserve: true, TargetDir: true, Paths: []string{"flash:dir"}}},
		{"scp -pt 'flash:a b'", Command{Sink: true, Preserve: true, Paths: []string{"flash:a b"}}}, // libssh2
		{"scp -qrpf a b", Command{Quiet: true, Recursive: true, Preserve: true, Paths: []string{"a", "b"}}},
		{"scp -X -3zt x", Command{Sink: true, Paths: []string{"x"}}}, // unknown options
		{"  scp   -t   x ", Command{Sink: true, Paths: []string{"x"}}},
		{`scp -f "a\"b" -t`, Command{Paths: []string{`a"b`, "-t"}}}, // options end at the first path
		{"scp -t -- -x", Command{Sink: true, Paths: []string{"-x"}}},
		{"scp -t -", Command{Sink: true, Paths: []string{"-"}}},
	}
	for _, r := range rows {
		got, err := ParseCommand(r.line)
		if err != nil || !cmp.Equal(got, r.want) {
			t.Errorf("ParseCommand(%q) = %+v, %v; want %+v", r.line, got, err, r.want)
			continue
		}
		if back, err := ParseCommand(got.String()); err != nil || !cmp.Equal(back, got) {
			t.Errorf("%+v prints as %q, which parses as %+v, %v", got, got, back, err)
		}
	}
}

func TestParseCommandRefuses(t *testing.T) {
	for _, line := range []string{"", " ", "show version", "scpx -t x", "/usr/bin/scp -t x", "'scp' -t x"} {
		if c, err := ParseCommand(line); !errors.Is(err, ErrNotSCP) {
			t.Errorf("ParseCommand(%q) = %+v, %v; want ErrNotSCP", line, c, err)
		}
	}
	for _, line := range []string{"scp", "scp x", "scp -t", "scp -f", "scp -t a b", "scp -tf x", "scp -t 'x", "scp -t " + strings.Repeat("x", maxCommand)} {
		if c, err := ParseCommand(line); err == nil || errors.Is(err, ErrNotSCP) {
			t.Errorf("ParseCommand(%.50q) = %+v, %v; want another error", line, c, err)
		}
	}
}

func TestCommandString(t *testing.T) {
	for want, c := range map[string]Command{
		"scp -v -t r1.cfg":     {Sink: true, Verbose: true, Paths: []string{"r1.cfg"}},
		"scp -f ~/x":           {Paths: []string{"~/x"}},
		"scp -r -p -f a 'b c'": {Recursive: true, Preserve: true, Paths: []string{"a", "b c"}},
		`scp -t 'it'\''s;rm'`:  {Sink: true, Paths: []string{"it's;rm"}},
		"scp -f -- -x ''":      {Paths: []string{"-x", ""}},
	} {
		if got := c.String(); got != want {
			t.Errorf("%+v prints as %s, want %s", c, got, want)
		}
	}
}

func TestParseRecordRefuses(t *testing.T) {
	for _, line := range []string{
		"", "X", "c0644 1 x", "C", "C0644", "C0644 ", "C0644 1", "C0644 1 ", "C644 1 x", "C00644 1 x", "C0844 1 x", "C-644 1 x", "C+644 1 x", "C0644  1 x",
		"C0644 x x", "C0644 1x x", "C0644 +1 x", "C0644 0x1 x", "C0644 9223372036854775807 x", "C0644 1 a/b", "C0644 1 .", "C0644 1 ..", "C0644 1 a\x00b", "C0644 1 a\rb",
		"T", "T1", "T1 0 1", "T1 0 1 0 0", "T1 1000000 1 0", "T-1 0 1 0", "T1 0  0", "T1 0 1 x",
	} {
		if r, err := parseRecord(line); err == nil {
			t.Errorf("parseRecord(%q) = %+v", line, r)
		} else if !errors.As(err, new(refusal)) {
			t.Errorf("parseRecord(%q): %v is no refusal", line, err)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, s := range []string{"C0644 1381 r1.cfg", "D0755 0 dir", "E", "T1183828267 0 1183828268 0", "C0644 1 a b", "C7777 0 x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := parseRecord(line)
		if err != nil {
			return
		}
		if (r.kind == 'C' || r.kind == 'D') && (strings.ContainsAny(r.Name, "/\n\x00") || r.Name == ".." || r.Size < 0 || r.Mode > 0o7777) {
			t.Errorf("parseRecord(%q) = %+v", line, r)
		}
		again, err := parseRecord(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("parseRecord(%q) prints as %q, which parses as %+v, %v", line, r, again, err)
		}
	})
}

func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{"scp -t flash:", "scp -rpdt -- 'a b'", "scp -v -f a b c", `scp -f "a\"b" -t`, "scp -t -", "scp", "scp -t 'x", "  scp   -t   x ", "show version"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := ParseCommand(line)
		if err != nil {
			return
		}
		if len(c.Paths) == 0 || c.Sink && len(c.Paths) != 1 {
			t.Errorf("ParseCommand(%q) = %+v", line, c)
		}
		if back, err := ParseCommand(c.String()); err != nil && len(c.String()) <= maxCommand || err == nil && !cmp.Equal(back, c) {
			t.Errorf("%q prints as %q, which parses as %+v, %v", line, c, back, err)
		}
	})
}

// FuzzSend answers a sender with anything: it must end, and what it says is
// records and the content of files.
func FuzzSend(f *testing.F) {
	for _, s := range []string{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\x00\x01scp: f: no\n\x00\x00\x00", "\x02fatal\n", "bash: scp: not found\n", "\x00\x00\x01disk full", "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answers string) {
		src := newTree(map[string]string{"f": "hello", "dir/": "", "dir/x": "1"})
		src.infos["f"], src.infos["dir/x"], src.infos["dir"] = FileInfo{Mode: 0o644}, FileInfo{Mode: 0o600}, FileInfo{Mode: 0o755}
		var out strings.Builder
		stats, err := (&Peer{In: strings.NewReader(answers), Out: &out}).Send(src, Command{Recursive: true, Preserve: true, Paths: []string{"f", "dir", "none"}})
		if err == nil {
			t.Errorf("%q: %+v, %v, though a file does not exist", answers, stats, err)
		}
		if stats.Files > 2 || stats.Bytes > 6 || out.Len() > 500 {
			t.Errorf("%q: %+v, %d bytes sent", answers, stats, out.Len())
		}
	})
}

// FuzzReceive feeds a receiver anything: it must end, and end what it began.
func FuzzReceive(f *testing.F) {
	f.Add("T1 0 1 0\nC0644 5 x\nhello\x00D0755 0 sub\nC0600 3 y\nabc\x00E\n")
	f.Add("\x01warning\n\x02fatal\n")
	f.Add("C0644 5 ../x\nhello\x00")
	f.Add("C0644 99999999999999 x\nhello")
	f.Add("D0755 0 a\nD0755 0 b\nE\nE\nE\n")
	f.Add("C0644 0 \n\x00C0644 -1 x\n")
	f.Fuzz(func(t *testing.T, in string) {
		dst := newTree(map[string]string{"dir/": ""})
		var out strings.Builder
		stats, err := (&Peer{In: strings.NewReader(in), Out: &out}).Receive(dst, Command{Sink: true, Recursive: true, Paths: []string{"dir"}})
		if err == nil && stats.Errors > 0 {
			t.Errorf("%q: no error, but %+v", in, stats)
		}
		for name := range dst.files {
			if !strings.HasPrefix(name, "dir/") || strings.Contains(name, "..") && strings.Contains(name, "/../") {
				t.Errorf("%q: made %q", in, name)
			}
		}
	})
}
