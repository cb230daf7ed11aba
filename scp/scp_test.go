package scp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

var (
	receiveInto = func(target string) Command { return Command{Sink: true, Paths: []string{target}} }
	sendFrom    = func(paths ...string) Command { return Command{Paths: paths} }
)

// Each row is a whole dialogue with a receiver of ours: what the peer sends, and exactly what we answer.
func TestReceiveDialogue(t *testing.T) {
	rows := []struct {
		about  string
		cmd    Command
		in     string
		out    string
		files  map[string]string // beyond dir/ and dir/nope
		errors int
	}{
		{"nothing at all", receiveInto("f"), "", "\x00", nil, 0},
		{"one file", receiveInto("f"), "C0644 5 x\nhello\x00", "\x00\x00\x00", map[string]string{"f": "hello"}, 0},
		{"into a directory", receiveInto("dir"), "C0644 5 x\nhello\x00", "\x00\x00\x00", map[string]string{"dir/x": "hello"}, 0},
		{"into a directory of two", Command{Sink: true, TargetDir: true, Paths: []string{"dir"}}, "C0644 1 x\n1\x00C0600 1 y\n2\x00", "\x00\x00\x00\x00\x00", map[string]string{"dir/x": "1", "dir/y": "2"}, 0},
		{"an empty file", receiveInto("f"), "C0644 0 x\n\x00", "\x00\x00\x00", map[string]string{"f": ""}, 0},
		{"times as libssh2 sends them", Command{Sink: true, Preserve: true, Paths: []string{"f"}}, "T1183828267 0 1183828268 0\nC0644 1 x\n1\x00", "\x00\x00\x00\x00", map[string]string{"f": "1"}, 0},
		{"a tree", Command{Sink: true, Recursive: true, Paths: []string{"dir"}}, "D0755 0 sub\nC0644 1 x\n1\x00D0755 0 deep\nE\nE\n", "\x00\x00\x00\x00\x00\x00\x00", map[string]string{"dir/sub/": "", "dir/sub/x": "1", "dir/sub/deep/": ""}, 0},
		{"a tree under a new name", Command{Sink: true, Recursive: true, Paths: []string{"new"}}, "D0755 0 sub\nC0644 1 x\n1\x00E\n", "\x00\x00\x00\x00\x00", map[string]string{"new/": "", "new/x": "1"}, 0},
		{"the peer warns, then goes on", receiveInto("dir"), "\x01scp: a: No such file or directory\nC0644 1 x\n1\x00", "\x00\x00\x00", map[string]string{"dir/x": "1"}, 1},
		{"the peer gives up", receiveInto("dir"), "\x02out of memory\nC0644 1 x\n1\x00", "\x00", nil, 1},
		{"the peer could not read the file", receiveInto("dir"), "C0644 1 x\n1\x01read error\nC0644 1 y\n2\x00", "\x00\x00\x00\x00\x00", map[string]string{"dir/y": "2"}, 1},
		{"refused here, the next one not", receiveInto("dir"), "C0644 1 nope\nC0644 1 y\n2\x00", "\x00\x01scp: dir/nope: Permission denied\n\x00\x00", map[string]string{"dir/y": "2"}, 1},
		{"no directory", Command{Sink: true, TargetDir: true, Paths: []string{"f"}}, "C0644 1 x\n1\x00", "\x01scp: f: Not a directory\n", nil, 1},
		{"two files for one name", receiveInto("f"), "C0644 1 x\n1\x00C0644 1 y\n2\x00", "\x00\x00\x00\x01scp: ambiguous target\n", map[string]string{"f": "1"}, 1},
		{"a directory without -r", receiveInto("dir"), "D0755 0 x\nE\n", "\x00\x01scp: protocol error: received directory without -r\n", nil, 1},
		{"a name that is a path", receiveInto("dir"), "C0644 1 ../x\n1\x00", "\x00\x01scp: error: unexpected filename: \"../x\"\n", nil, 1},
		{"..", receiveInto("dir"), "C0644 1 ..\n1\x00", "\x00\x01scp: error: unexpected filename: \"..\"\n", nil, 1},
		{".. as a directory", Command{Sink: true, Recursive: true, Paths: []string{"dir"}}, "D0755 0 ..\nE\n", "\x00\x01scp: error: unexpected filename: \"..\"\n", nil, 1},
		{"a control character", receiveInto("dir"), "C0644 1 x\x1b[2J\n1\x00", "\x00\x01scp: error: unexpected filename: \"x\\x1b[2J\"\n", nil, 1},
		{"an empty line", receiveInto("f"), "\n", "\x00\x01scp: protocol error: unexpected <newline>\n", nil, 1},
		{"a shell's greeting", receiveInto("f"), "Welcome!\n", "\x00\x01scp: protocol error: expected control record\n", nil, 1},
		{"a negative size", receiveInto("f"), "C0644 -1 x\n", "\x00\x01scp: protocol error: size out of range\n", nil, 1},
		{"a huge size", receiveInto("f"), "C0644 99999999999999999999 x\n", "\x00\x01scp: protocol error: size out of range\n", nil, 1},
		{"more than allowed", receiveInto("dir"), "C0644 1000001 x\nC0644 1 y\n1\x00", "\x00\x01scp: dir/x: File too large\n\x00\x00", map[string]string{"dir/y": "1"}, 1},
		{"an endless line", receiveInto("f"), "C0644 1 " + strings.Repeat("x", maxLine), "\x00\x01scp: protocol error: line exceeds 4096 bytes\n", nil, 1},
	}
	for _, r := range rows {
		for _, split := range []func(io.Reader) io.Reader{func(in io.Reader) io.Reader { return in }, iotest.OneByteReader, iotest.DataErrReader} {
			dst := newTree(map[string]string{"dir/": ""})
			dst.refuse["dir/nope"] = fs.ErrPermission
			var out bytes.Buffer
			p := &Peer{In: split(strings.NewReader(r.in)), Out: &out, MaxSize: 1000000}
			stats, err := p.Receive(dst, r.cmd)
			if out.String() != r.out {
				t.Errorf("%s: answered %q, want %q", r.about, out.String(), r.out)
			}
			delete(dst.files, "dir/")
			want := maps.Clone(r.files)
			if want == nil {
				want = map[string]string{}
			}
			if diff := cmp.Diff(want, dst.files); diff != "" {
				t.Errorf("%s: files (-want +got):\n%s", r.about, diff)
			}
			if stats.Errors != r.errors || (r.errors > 0) != (err != nil) {
				t.Errorf("%s: %+v, %v; want %d errors", r.about, stats, err, r.errors)
			}
		}
	}
}

// Each row is a whole dialogue with a sender of ours.
func TestSendDialogue(t *testing.T) {
	rows := []struct {
		about string
		cmd   Command
		in    string
		out   string
		err   string
	}{
		{"one file", sendFrom("f"), "\x00\x00\x00", "C0644 5 f\nhello\x00", ""},
		{"an empty file", sendFrom("empty"), "\x00\x00\x00", "C0644 0 empty\n\x00", ""},
		{"by its base name", sendFrom("dir/x"), "\x00\x00\x00", "C0644 1 x\n1\x00", ""},
		{"with times", Command{Preserve: true, Paths: []string{"f"}}, "\x00\x00\x00\x00", "T1183828267 0 0 0\nC0644 5 f\nhello\x00", ""},
		{"a tree", Command{Recursive: true, Paths: []string{"dir"}}, "\x00\x00\x00\x00\x00\x00\x00", "D0755 0 dir\nC0644 1 x\n1\x00C0644 1 y\n2\x00E\n", ""},
		{"a directory without -r", sendFrom("dir", "f"), "\x00\x00\x00", "\x01scp: dir: not a regular file\nC0644 5 f\nhello\x00", "not a regular file"},
		{"a missing one, then a file", sendFrom("missing", "f"), "\x00\x00\x00", "\x01scp: missing: No such file or directory\nC0644 5 f\nhello\x00", "file does not exist"},
		{"refused before anything", sendFrom("f"), "\x01Privilege denied.\n", "", "Privilege denied."},
		{"refused before anything, without newline", sendFrom("f"), "\x01Privilege denied.", "", "Privilege denied."},
		{"the shell answers", sendFrom("f"), "bash: scp: not found\n", "", "bash: scp: not found"},
		{"one file refused, the next not", sendFrom("f", "empty"), "\x00\x01scp: f: no\n\x00\x00", "C0644 5 f\nC0644 0 empty\n\x00", "scp: f: no"},
		{"refused after the content", sendFrom("f", "empty"), "\x00\x00\x01scp: f: disk full\n\x00\x00", "C0644 5 f\nhello\x00C0644 0 empty\n\x00", "disk full"},
		{"a directory refused", Command{Recursive: true, Paths: []string{"dir", "f"}}, "\x00\x01no\n\x00\x00", "D0755 0 dir\nC0644 5 f\nhello\x00", "no"},
		{"times refused", Command{Preserve: true, Paths: []string{"f"}}, "\x00\x01no\n", "T1183828267 0 0 0\n", "no"},
		{"the peer gives up", sendFrom("f", "empty"), "\x00\x02no\n", "C0644 5 f\n", "no"},
		{"the peer is gone", sendFrom("f"), "", "", "unexpected EOF"},
		{"the peer is gone later", sendFrom("f"), "\x00", "C0644 5 f\n", "unexpected EOF"},
		{"the file shrank", sendFrom("short"), "\x00\x00\x00", "C0644 9 short\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01scp: short: Undefined error\n", "unexpected EOF"},
		{"the file grew", sendFrom("long"), "\x00\x00\x00", "C0644 2 long\nlo\x00", ""},
		{"an empty line for an answer", sendFrom("f"), "\n", "", "peer says"},
	}
	for _, r := range rows {
		src := newTree(map[string]string{"f": "hello", "empty": "", "short": "", "long": "long", "dir/": "", "dir/x": "1", "dir/y": "2"})
		for name := range src.files {
			src.infos[name] = FileInfo{Mode: 0o644, ModTime: someTime, AccessTime: time.Time{}}
		}
		src.infos["dir"] = FileInfo{Mode: 0o755}
		src.infos["short"] = FileInfo{Mode: 0o644, Size: 9}
		src.infos["long"] = FileInfo{Mode: 0o644, Size: 2}
		var out bytes.Buffer
		_, err := (&Peer{In: strings.NewReader(r.in), Out: &out}).Send(src, r.cmd)
		if got := out.String(); got != r.out {
			t.Errorf("%s: sent %q, want %q", r.about, got, r.out)
		}
		if r.err == "" && err != nil || r.err != "" && (err == nil || !strings.Contains(err.Error(), r.err)) {
			t.Errorf("%s: %v, want %q", r.about, err, r.err)
		}
		if got, want := ExitStatus(err), min(1, len(r.err)); got != want {
			t.Errorf("%s: exit status %d, want %d", r.about, got, want)
		}
	}
}

func TestErrorsOfTheSink(t *testing.T) {
	worded := func(path string, err error) string { return "%Error writing " + path + " (" + err.Error() + ")" }
	rows := []struct {
		about string
		dst   *tree
		want  string
	}{
		{"writing fails", &tree{full: 3, infos: map[string]FileInfo{}}, "\x00\x00\x01%Error writing f (full)\n"},
		{"committing fails", &tree{commit: errors.New("no"), infos: map[string]FileInfo{}}, "\x00\x00\x01%Error writing f (no)\n"},
	}
	for _, r := range rows {
		var out bytes.Buffer
		p := &Peer{In: strings.NewReader("C0644 5 x\nhello\x00"), Out: &out, ErrorText: worded}
		stats, err := p.Receive(r.dst, receiveInto("f"))
		if out.String() != r.want || err == nil || stats.Files != 0 || stats.Bytes != 5 || len(r.dst.files) != 0 {
			t.Errorf("%s: %q, %+v, %v; want %q", r.about, out.String(), stats, err, r.want)
		}
	}
}

// The peer may go away after any byte; a file whose status has not arrived is never committed.
func TestEveryTruncationAborts(t *testing.T) {
	const first = "T1183828267 0 1183828268 0\nC0644 5 x\nhello\x00"
	const whole = first + "D0755 0 sub\nC0600 3 y\nabc\x00E\n"
	for n := range len(whole) {
		dst := newTree(map[string]string{"dir/": ""})
		p := &Peer{In: strings.NewReader(whole[:n]), Out: io.Discard}
		_, err := p.Receive(dst, Command{Sink: true, Recursive: true, Preserve: true, Paths: []string{"dir"}})
		wantX, wantY := n >= len(first), n >= len(whole)-2
		_, x := dst.files["dir/x"]
		_, y := dst.files["dir/sub/y"]
		begun := strings.Count(whole[:n], "x\n") + strings.Count(whole[:n], "y\n")
		ended := len(dst.files) - 1 + dst.aborted
		if dst.IsDir("dir/sub") {
			ended--
		}
		if x != wantX || y != wantY || begun != ended {
			t.Errorf("after %q: x %v, y %v, %d begun, %d ended", whole[:n], x, y, begun, ended)
		}
		if clean := n == 0 || n == len(first); clean != (err == nil) {
			t.Errorf("after %q: %v", whole[:n], err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	defer goleak.VerifyNone(t)
	big := make([]byte, 3*bufferSize+1)
	for i := range big {
		big[i] = byte(rand.Uint32())
	}
	src := newTree(map[string]string{
		"top/": "", "top/empty": "", "top/a file": "x", "top/exact": string(big[:bufferSize]), "top/less": string(big[:bufferSize-1]),
		"top/more": string(big[:bufferSize+1]), "top/big": string(big), "top/sub/": "", "top/sub/deep/": "", "top/sub/deep/f": "f", "top/sub/hollow/": "",
	})
	for i, name := range []string{"top", "top/empty", "top/a file", "top/exact", "top/big", "top/sub", "top/sub/deep/f"} {
		src.infos[name] = FileInfo{Mode: uint32(0o4640 + i), ModTime: time.Unix(int64(i), 0), AccessTime: time.Unix(int64(2*i), 0)}
	}
	dst := newTree(map[string]string{"to/": ""})
	toDst, fromSrc := io.Pipe()
	toSrc, fromDst := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		_, err := (&Peer{In: toSrc, Out: fromSrc}).Send(src, Command{Recursive: true, Preserve: true, Paths: []string{"top", "top/sub/deep/f"}})
		fromSrc.Close()
		sent <- err
	}()
	stats, err := (&Peer{In: toDst, Out: fromDst}).Receive(dst, Command{Sink: true, Recursive: true, Preserve: true, TargetDir: true, Paths: []string{"to"}})
	if err := errors.Join(err, <-sent); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"to/": "", "to/f": "f"}
	for name, data := range src.files {
		want["to/"+name] = data
	}
	if diff := cmp.Diff(want, dst.files); diff != "" {
		t.Errorf("files differ (-want +got): %d bytes of difference", len(diff))
	}
	for name, info := range src.infos {
		got := dst.infos["to/"+name]
		if got.Mode != info.Mode || !got.ModTime.Equal(info.ModTime) || !got.AccessTime.Equal(info.AccessTime) {
			t.Errorf("%s: %+v, want %+v", name, got, info)
		}
	}
	if stats.Files != 8 || stats.Errors != 0 {
		t.Errorf("stats: %+v", stats)
	}
}

func TestTooDeep(t *testing.T) {
	in := strings.Repeat("D0755 0 d\n", maxDepth+1)
	var out bytes.Buffer
	_, err := (&Peer{In: strings.NewReader(in), Out: &out}).Receive(newTree(map[string]string{"dir/": ""}), Command{Sink: true, Recursive: true, Paths: []string{"dir"}})
	if err == nil || !strings.HasSuffix(out.String(), "too deep\n") {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestRefuse(t *testing.T) {
	var out bytes.Buffer
	var tokens []string
	trace := &Trace{func(tok Token) { tokens = append(tokens, fmt.Sprint(tok.Sent, " ", tok)) }}
	if err := Refuse(&out, trace, "Privilege denied."); err != nil || out.String() != "\x01Privilege denied.\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	if diff := cmp.Diff([]string{"true Privilege denied."}, tokens); diff != "" {
		t.Error(diff)
	}
	// Both ends of ours understand it.
	_, err := (&Peer{In: &out, Out: io.Discard}).Receive(newTree(map[string]string{}), receiveInto("f"))
	if e := (*PeerError)(nil); !errors.As(err, &e) || e.Text != "Privilege denied." {
		t.Errorf("receiver: %v", err)
	}
}

func TestTrace(t *testing.T) {
	var tokens []string
	trace := &Trace{func(tok Token) {
		direction := "recv "
		if tok.Sent {
			direction = "send "
		}
		tokens = append(tokens, direction+tok.String())
	}}
	in := strings.NewReader("C0644 1381 R2backup.cfg\n" + strings.Repeat("x", 1381) + "\x00")
	if _, err := (&Peer{In: in, Out: io.Discard, Trace: trace}).Receive(newTree(map[string]string{}), receiveInto("f")); err != nil {
		t.Fatal(err)
	}
	want := []string{"send <OK>", "recv C0644 1381 R2backup.cfg", "send <OK>", "recv 1381 bytes", "recv <OK>", "send <OK>", "recv <EOF>"}
	if diff := cmp.Diff(want, tokens); diff != "" {
		t.Errorf("receiving (-want +got):\n%s", diff)
	}
	tokens = nil
	src := newTree(map[string]string{"f": "hello"})
	(&Peer{In: strings.NewReader("\x00\x00\x00"), Out: io.Discard, Trace: trace}).Send(src, sendFrom("f", "missing"))
	want = []string{"recv <OK>", "send C0000 5 f", "recv <OK>", "send 5 bytes", "send <OK>", "recv <OK>", "send scp: missing: No such file or directory"}
	if diff := cmp.Diff(want, tokens); diff != "" {
		t.Errorf("sending (-want +got):\n%s", diff)
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
func (zeros) Close() error               { return nil }

type bigSource int64

func (s bigSource) Open(string) (*File, error) {
	return &File{FileInfo: FileInfo{Name: "big", Size: int64(s)}, Body: zeros{}}, nil
}

type discardSink struct{}

func (discardSink) IsDir(string) bool                       { return false }
func (discardSink) Create(string, FileInfo) (Writer, error) { return discardWriter{io.Discard}, nil }
func (discardSink) Mkdir(string, FileInfo) error            { return nil }

type discardWriter struct{ io.Writer }

func (discardWriter) Commit() error { return nil }
func (discardWriter) Abort() error  { return nil }

func TestNothingIsAllocatedPerChunk(t *testing.T) {
	allocs := func(size int64) float64 {
		return testing.AllocsPerRun(10, func() {
			(&Peer{In: strings.NewReader("\x00\x00\x00"), Out: io.Discard}).Send(bigSource(size), sendFrom("big"))
			in := io.MultiReader(strings.NewReader(fmt.Sprintf("C0644 %d x\n", size)), io.LimitReader(zeros{}, size+1))
			(&Peer{In: in, Out: io.Discard}).Receive(discardSink{}, receiveInto("x"))
		})
	}
	if small, large := allocs(1), allocs(100*bufferSize); large > small+5 {
		t.Errorf("%v allocations for one byte, %v for a hundred chunks", small, large)
	}
}

func BenchmarkReceive(b *testing.B) {
	const size = 64 << 20
	b.SetBytes(size)
	for b.Loop() {
		in := io.MultiReader(strings.NewReader(fmt.Sprintf("C0644 %d x\n", size)), io.LimitReader(zeros{}, size+1))
		if _, err := (&Peer{In: in, Out: io.Discard}).Receive(discardSink{}, receiveInto("x")); err != nil {
			b.Fatal(err)
		}
	}
}
