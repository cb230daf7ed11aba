package transcripts

import (
	"crypto/rand"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/rogpeppe/go-internal/txtar"

	"vtylab/aaaserver"
	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/network"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the device says")

// A transcript is a txtar file: a start-up configuration (startup.cfg) and
// captures of the console, each of a new device. What follows a prompt is typed,
// everything else has to appear, to the character. A file named
// console@PLATFORM runs on that release, console@A,B on each of them, otherwise on
// the default; ssh@PLATFORM is a shell over SSH, of user cisco with password cisco.
//
// With a file named lab the capture is of R1 among other devices, which have the same
// release: each line of lab is a cable, such as R1:GigabitEthernet0/0
// R2:GigabitEthernet0/0, and R2.cfg is the start-up configuration of R2. Every device has
// a key pair. T1.tacacs and T1.radius are servers (package aaaserver), whose first line is
// a comment with the address of eth1.
//
// A line that ends in ? is sent without Enter. In what is typed
//
//	«cisco»    is not echoed (passwords)
//	‹y›        is not echoed either, and without Enter at the end of a line;
//	           ‹\t› is TAB, ‹\x1a› Ctrl-Z, ‹\e[A› an arrow
//	«~1m30s~»  lets time pass
//
// and a line of three dots stands for any lines. --More-- stays where it was, as
// in the log of a terminal program.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
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
	s := scene{configs: map[string]string{}}
	for i := range archive.Files {
		f := &archive.Files[i]
		if f.Name == "lab" {
			s.cables = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
			continue
		}
		if name, ok := strings.CutSuffix(f.Name, ".cfg"); ok {
			s.configs[name] = string(f.Data)
			continue
		}
		if name, protocol, _ := strings.Cut(f.Name, "."); protocol == aaaserver.TACACS || protocol == aaaserver.RADIUS {
			s.servers = append(s.servers, server{name, protocol, string(f.Data)})
			continue
		}
		where, releases, ok := strings.Cut(f.Name, "@")
		if !ok {
			releases = devicetest.Default()
		}
		want := string(f.Data)
		for release := range strings.SplitSeq(releases, ",") {
			model := devicetest.Product(t, release)
			synctest.Test(t, func(t *testing.T) {
				got := s.play(t, where, model, want)
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

// scene is what a capture needs besides: start-up configurations, cables.
type scene struct {
	configs map[string]string
	cables  []string
	servers []server
}

// server is a node that is no device: its configuration begins with its address, as a
// comment.
type server struct{ name, protocol, config string }

// start gives a server its node.
func (x server) start(t *testing.T, n *network.Node) {
	first, _, _ := strings.Cut(x.config, "\n")
	address := netip.MustParsePrefix(strings.TrimPrefix(first, "# "))
	if err := n.Apply(network.NewSettings(x.name, []network.Interface{{Name: "eth1", Up: true, Addresses: []netip.Prefix{address}}})); err != nil {
		t.Fatal(err)
	}
	c, err := aaaserver.Load(x.name, []byte(x.config))
	if err != nil {
		t.Fatal(err)
	}
	s, err := aaaserver.New(c, aaaserver.Options{Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen(n, x.protocol)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
}

// play runs a capture against a new device and returns it as it came out, with
// what was typed in its place.
func (s *scene) play(t *testing.T, where string, m device.Product, capture string) string {
	port := devicetest.NewPort()
	stack := network.Stack(port.Host)
	if s.cables != nil {
		stack = s.lab(t, m)
	}
	d := devicetest.New(t, m, s.configs["startup"], func(o *device.Options) { o.Network = stack })
	if s.cables != nil {
		addKey(t, d)
	}
	term := terminal(t, where, d, port)
	defer term.Close()
	p := &player{patient: s.cables != nil, want: strings.Split(strings.TrimSuffix(capture, "\n"), "\n"), term: term}
	for p.step() {
	}
	return p.out.String()
}

// lab boots the other devices, and returns the network of R1.
func (s *scene) lab(t *testing.T, m device.Product) network.Stack {
	fabric := network.NewFabric(network.FabricOptions{})
	nodes := map[string]*network.Node{}
	node := func(name string) *network.Node {
		if nodes[name] == nil {
			n, err := fabric.Add(name)
			if err != nil {
				t.Fatal(err)
			}
			nodes[name] = n
		}
		return nodes[name]
	}
	for i, cable := range s.cables {
		segment := fabric.Segment(strconv.Itoa(i))
		for end := range strings.FieldsSeq(cable) {
			name, iface, _ := strings.Cut(end, ":")
			fabric.Connect(node(name), iface, segment)
		}
	}
	for _, x := range s.servers {
		x.start(t, node(x.name))
		delete(nodes, x.name)
	}
	for name, n := range nodes {
		if name != "R1" {
			addKey(t, devicetest.New(t, m, s.configs[name], func(o *device.Options) { o.Network = n }))
		}
	}
	return node("R1")
}

func addKey(t *testing.T, d *device.Device) {
	key, err := devicetest.HostKey()
	if err != nil {
		t.Fatal(err)
	}
	d.AddKeys(key)
}

// terminal is one at the console, or on a vty.
func terminal(t *testing.T, where string, d *device.Device, port *devicetest.Port) *devicetest.Terminal {
	if where != "ssh" {
		return devicetest.Attach(d)
	}
	term, err := devicetest.LogIn(port, "cisco", "cisco")
	if err != nil {
		t.Fatal(err)
	}
	return term
}

// player walks a capture and the device's output side by side.
type player struct {
	term    *devicetest.Terminal
	patient bool     // commands may take a while
	want    []string // lines not seen yet
	any     bool     // three dots were passed
	echo    bool     // the next row ends the one that was typed in
	prompt  string   // of that row
	out     strings.Builder
}

// step waits until the device waits, notes what it said, and types what the
// capture shows behind the prompt. It reports false at the end.
func (p *player) step() bool {
	rows, prompt := p.term.Shown()
	for quiet := time.Now(); p.patient && !typedAt.MatchString(prompt) && time.Since(quiet) < longest; {
		time.Sleep(100 * time.Millisecond)
		more, now := p.term.Shown()
		if len(more) > 0 || now != "" {
			quiet = time.Now()
		}
		if len(more) > 0 {
			more[0], prompt = prompt+more[0], ""
		}
		rows, prompt = append(rows, more...), prompt+now
	}
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

// longest is how long a command among other devices may show nothing.
const longest = 45 * time.Second

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
var typedAt = regexp.MustCompile(`^([\w.-]+(\([\w+-]+\))?[#>]|.*(\[.*\][?:]? ?|Username: |Password: |sername: | --More-- |<--- More --->))`)

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
	case slices.Contains(more, p.prompt):
		p.endRow()
	}
	p.term.Type(keys)
}

// more are the prompts of pagers.
var more = []string{" --More-- ", "<--- More --->"}

func unescape(s string) string {
	s = strings.ReplaceAll(s, `\e`, `\x1b`)
	if u, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return u
	}
	return s
}
