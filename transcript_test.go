package vtylab_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"vtylab/device"
	"vtylab/exec"
	"vtylab/platform"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the device says")

// models are compiled once for all tests.
var models = func() func(*testing.T, string) *device.Model {
	var mu sync.Mutex
	made := map[string]*device.Model{}
	return func(t *testing.T, name string) *device.Model {
		mu.Lock()
		defer mu.Unlock()
		if made[name] == nil {
			p, err := platform.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			made[name] = device.NewModel(p, exec.Commands())
		}
		return made[name]
	}
}()

// A transcript is a txtar file: a start-up configuration (startup.cfg) and
// captures of the console, each of a new device. What follows a prompt is typed,
// everything else has to appear, to the character. A file named
// console@PLATFORM runs on that release, console@A,B on each of them, otherwise on
// the default. A line that ends in ? is sent without Enter. In what is typed
//
//	«cisco»    is not echoed (passwords)
//	‹y›        is not echoed either, and without Enter at the end of a line;
//	           ‹\t› is TAB, ‹\x1a› Ctrl-Z, ‹\e[A› an arrow
//	«~1m30s~»  lets time pass
//
// and a line of three dots stands for any lines. --More-- stays where it was, as
// in the log of a terminal program.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) { runTranscript(t, name) })
	}
}

func runTranscript(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	startup := ""
	for i := range archive.Files {
		f := &archive.Files[i]
		if f.Name == "startup.cfg" {
			startup = string(f.Data)
			continue
		}
		_, releases, ok := strings.Cut(f.Name, "@")
		if !ok {
			releases = platform.Default().Name
		}
		want := string(f.Data)
		for release := range strings.SplitSeq(releases, ",") {
			model := models(t, release)
			synctest.Test(t, func(t *testing.T) {
				got := play(t, model, startup, want)
				if got != want && !*update {
					t.Errorf("%s", diff.Diff(name+" "+f.Name, []byte(want), release, []byte(got)))
				}
				f.Data = []byte(got)
			})
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// play runs a capture against a new device and returns it as it came out, with
// what was typed in its place.
func play(t *testing.T, m *device.Model, startup, capture string) string {
	d, err := device.New(m, device.Options{Startup: &startup, Rand: salt{}})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	term := newScript()
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- d.Console(ctx, term, device.ConsoleOptions{Scripted: true}) }()
	p := &player{want: strings.Split(strings.TrimSuffix(capture, "\n"), "\n"), term: term}
	for p.step() {
	}
	term.end()
	cancel()
	<-done
	return p.out.String()
}

// salt makes the salts of secrets repeat.
type salt struct{}

func (salt) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

// player walks a capture and the device's output side by side.
type player struct {
	term   *script
	want   []string // lines not seen yet
	any    bool     // three dots were passed
	echo   bool     // the next row ends the one that was typed in
	prompt string   // of that row
	out    strings.Builder
}

// step waits until the device waits, notes what it said, and types what the
// capture shows behind the prompt. It reports false at the end.
func (p *player) step() bool {
	synctest.Wait()
	rows, prompt := p.term.take()
	if len(rows) == 0 && prompt == "" && p.echo {
		prompt = p.prompt // time passed, and that is all
		p.endRow()
	}
	for _, row := range rows {
		if p.echo {
			p.endRow()
			continue
		}
		p.see(row)
	}
	p.dots()
	p.prompt = prompt
	p.out.WriteString(prompt)
	line, ok := p.find(prompt)
	p.any = false
	if !ok {
		p.endRow()
		return false
	}
	p.typed(line)
	return true
}

// dots passes three dots.
func (p *player) dots() {
	for len(p.want) > 0 && p.want[0] == "..." {
		p.want, p.any = p.want[1:], true
		p.out.WriteString("...\n")
	}
}

func (p *player) endRow() {
	p.echo = false
	p.out.WriteString("\n")
}

// see notes one row of output, unless three dots stand for it.
func (p *player) see(row string) {
	p.dots()
	ahead := p.want // as far as the next line that was typed
	if i := slices.IndexFunc(ahead, typedAt.MatchString); i >= 0 {
		ahead = ahead[:max(i, 1)]
	}
	switch i := slices.Index(ahead, row); {
	case p.any && i != 0:
		return
	case i >= 0:
		p.want = p.want[i+1:]
	}
	p.any = false
	p.out.WriteString(row + "\n")
}

// find returns what the capture shows behind a prompt, and drops it with all
// before; at the end of the capture there is nothing.
func (p *player) find(prompt string) (typed string, ok bool) {
	for i, w := range p.want {
		typed, fits := strings.CutPrefix(w, prompt)
		last := i == len(p.want)-1
		if fits && !(typed == "" && last) {
			p.want = p.want[i+1:]
			return typed, true
		}
	}
	if i := slices.IndexFunc(p.want, typedAt.MatchString); *update && i >= 0 && i < len(p.want)-1 && typedAt.MatchString(prompt) {
		typed = typedAt.ReplaceAllString(p.want[i], "")
		p.want = p.want[i+1:]
		return typed, true
	}
	return "", false
}

// typedAt is a prompt, and probably something behind it.
var typedAt = regexp.MustCompile(`^([\w.-]+(\([\w+-]+\))?[#>]|.*(\[.*\][?:]? ?|Username: |Password: |sername: | --More-- ))`)

// key is a part of a typed line that is not echoed.
var key = regexp.MustCompile(`«[^»]*»|‹[^›]*›`)

func (p *player) typed(line string) {
	p.out.WriteString(line)
	if span, ok := strings.CutPrefix(line, "«~"); ok {
		d, err := time.ParseDuration(strings.TrimSuffix(span, "~»"))
		if err != nil {
			panic(err)
		}
		time.Sleep(d)
		p.echo = true
		return
	}
	p.echo = true
	keys := key.ReplaceAllStringFunc(line, func(s string) string {
		_, n := utf8.DecodeRuneInString(s)
		return unescape(s[n : len(s)-n])
	})
	switch {
	case strings.HasSuffix(line, "?"):
	case !strings.HasSuffix(line, "›"):
		keys += "\r"
	case p.prompt == more:
		p.endRow()
	}
	p.term.keys(keys)
}

const more = " --More-- "

func unescape(s string) string {
	s = strings.ReplaceAll(s, `\e`, `\x1b`)
	if u, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return u
	}
	return s
}

// script is a terminal whose keys come from a test.
type script struct {
	mu    sync.Mutex
	cond  *sync.Cond
	typed []byte   // guarded by mu, like all below
	rows  []string // complete rows that were not taken yet
	row   []byte   // of the cursor
	col   int
	over  bool
	hung  bool
}

func newScript() *script {
	s := &script{}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *script) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.typed) == 0 && !s.over && !s.hung {
		s.cond.Wait()
	}
	if len(s.typed) == 0 || s.hung {
		return 0, io.EOF
	}
	n := copy(p, s.typed)
	s.typed = s.typed[n:]
	return n, nil
}

// Write shows bytes as a terminal does that understands CR, LF and BS.
func (s *script) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range p {
		switch b {
		case '\r':
			s.col = 0
		case '\n':
			s.rows = append(s.rows, string(s.row))
			s.row, s.col = s.row[:0], 0
		case '\b':
			s.col = max(0, s.col-1)
			if len(bytes.Trim(s.row[s.col:], " ")) == 0 {
				s.row = s.row[:s.col] // wiped out
			}
		default:
			s.row = append(s.row[:s.col], append([]byte{b}, s.row[min(s.col+1, len(s.row)):]...)...)
			s.col++
		}
	}
	return len(p), nil
}

func (s *script) Hangup()       { s.set(func() { s.hung = true }) }
func (s *script) Reset()        { s.set(func() { s.hung = false }) }
func (s *script) end()          { s.set(func() { s.over = true }) }
func (s *script) keys(k string) { s.set(func() { s.typed = append(s.typed, k...) }) }

func (s *script) HungUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hung && !s.over
}

func (s *script) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	s.cond.Broadcast()
}

// take returns the rows shown since, and the one the cursor is in.
func (s *script) take() (rows []string, prompt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, prompt = s.rows, string(s.row)
	s.rows, s.row, s.col = nil, s.row[:0], 0
	return rows, prompt
}
