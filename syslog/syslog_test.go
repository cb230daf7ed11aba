package syslog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMessage(t *testing.T) {
	for want, m := range map[string]Message{
		"%SSH-5-ENABLED: SSH 1.99 has been enabled":           {Facility: "SSH", Severity: 5, Mnemonic: "ENABLED", Text: "SSH 1.99 has been enabled"},
		"%ASA-6-315011: SSH session from IP":                  {Facility: "ASA", Severity: 6, Mnemonic: "315011", Text: "SSH session from IP"},
		"SSH0: starting SSH control process":                  Debugf("SSH%d: starting SSH control process", 0),
		"RSA key size needs to be atleast 768 bits, 100% so.": {Severity: 5, Text: "RSA key size needs to be atleast 768 bits, 100% so."},
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	est := time.FixedZone("EST", -5*3600)
	at := time.Date(2013, 3, 1, 0, 2, 11, 3_900_000, time.UTC)
	date := func(s Stamp) Stamp { s.Kind = Datetime; return s }
	rows := []struct {
		stamp Stamp
		at    Moment
		want  string
	}{
		{Stamp{}, Moment{Time: at}, ""},
		{date(Stamp{}), Moment{Time: at}, "*Mar  1 00:02:11: "},
		{date(Stamp{Msec: true}), Moment{Time: at}, "*Mar  1 00:02:11.003: "},
		{date(Stamp{Msec: true}), Moment{Time: at, Mark: LostSync}, ".Mar  1 00:02:11.003: "},
		{date(Stamp{Msec: true}), Moment{Time: at, Mark: Synchronized}, "Mar  1 00:02:11.003: "},
		{date(Stamp{Msec: true}), Moment{Time: at.In(est)}, "*Mar  1 00:02:11.003: "},
		{date(Stamp{Msec: true, Local: true}), Moment{Time: at.In(est)}, "*Feb 28 19:02:11.003: "},
		{date(Stamp{Msec: true, Local: true, Zone: true}), Moment{Time: at.In(est)}, "*Feb 28 19:02:11.003 EST: "},
		{date(Stamp{Zone: true}), Moment{Time: at.In(est)}, "*Mar  1 00:02:11 UTC: "},
		{date(Stamp{Msec: true, Local: true, Zone: true, Year: true}), Moment{Time: at.In(est)}, "*Feb 28 2013 19:02:11.003 EST: "},
		{Stamp{Kind: Uptime, Msec: true, Zone: true}, Moment{Time: at, Uptime: 131 * time.Second}, "00:02:11: "},
		{Stamp{Kind: Uptime}, Moment{Uptime: 24*time.Hour - 1}, "23:59:59: "},
		{Stamp{Kind: Uptime}, Moment{Uptime: 51 * time.Hour}, "2d03h: "},
		{Stamp{Kind: Uptime}, Moment{Uptime: 23 * 24 * time.Hour}, "3w2d: "},
		{Stamp{Kind: Uptime}, Moment{Uptime: (365 + 84) * 24 * time.Hour}, "1y12w: "},
	}
	for _, r := range rows {
		if got := r.stamp.Format(r.at); got != r.want {
			t.Errorf("%+v of %+v: got %q, want %q", r.stamp, r.at, got, r.want)
		}
	}
}

func TestNames(t *testing.T) {
	for s, want := range map[Severity]string{Emergencies: "emergencies", Debugging: "debugging", 9: "severity 9", -1: "severity -1"} {
		if got := s.String(); got != want {
			t.Errorf("Severity(%d) is %q, want %q", int(s), got, want)
		}
	}
}

// A buffer of 2 GiB is said to be that large, and does not grow so far.
func TestBufferIsBounded(t *testing.T) {
	b := NewBuffer(1<<31 - 1)
	line := strings.Repeat("x", 64<<10)
	for range MaxBuffer/len(line) + 10 {
		b.Add(line)
	}
	if n := len(b.Lines()) * (len(line) + 1); n > MaxBuffer || n < MaxBuffer-2*len(line) {
		t.Errorf("the buffer holds %d bytes, want up to %d", n, MaxBuffer)
	}
	if b.Size() != 1<<31-1 {
		t.Errorf("Size = %d", b.Size())
	}
}

func TestBuffer(t *testing.T) {
	b := NewBuffer(20)
	for i := range 1000 {
		b.Add(fmt.Sprintf("line %03d", i)) // nine bytes with the line end
	}
	check := func(what string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, b.Lines()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	check("the newest", "line 998", "line 999")
	if cap(b.lines) > 100 {
		t.Errorf("1000 lines left room for %d", cap(b.lines))
	}
	b.Add("01234567890123456789012345")
	check("the end of a long line", "7890123456789012345")
	b.Resize(4096)
	check("another size")
	b.Add("x")
	check("anew", "x")
	b.Clear()
	check("cleared")
	if b.Size() != 4096 {
		t.Errorf("Size = %d", b.Size())
	}
	none := NewBuffer(0)
	none.Add("x")
	if got := none.Lines(); len(got) != 0 {
		t.Errorf("no buffer holds %q", got)
	}
}

// recorder is a device around a Logger: its console, its monitor and its hosts.
type recorder struct {
	mu   sync.Mutex
	got  []string
	fail error // of dialling and writing
	hold chan struct{}
	open int

	alone bool // nobody monitors
}

func (r *recorder) add(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, what)
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func (r *recorder) options() Options {
	at := time.Date(2026, 3, 1, 0, 2, 11, 3_000_000, time.UTC)
	return Options{
		Now:     func() Moment { return Moment{Time: at, Uptime: 131 * time.Second} },
		Console: func(line string, m Message) { r.add("console " + line) },
		Monitor: func(line string, m Message) bool { r.add("monitor " + line); return !r.alone },
		Dial: func(ctx context.Context, h Host) (io.WriteCloser, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.fail == nil {
				r.open++
			}
			return &recorderConn{r, h, make(chan struct{})}, r.fail
		},
	}
}

type recorderConn struct {
	*recorder
	host   Host
	closed chan struct{}
}

func (c *recorderConn) Write(p []byte) (int, error) {
	if c.hold != nil {
		select {
		case <-c.hold:
		case <-c.closed:
			return 0, io.ErrClosedPipe
		}
	}
	c.add(fmt.Sprintf("%s %s", c.host.Address, p))
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(p), c.fail
}

func (c *recorderConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.closed:
	default:
		close(c.closed)
		c.open--
	}
	return nil
}

var enabled = Message{Facility: "SSH", Severity: Notifications, Mnemonic: "ENABLED", Text: "SSH 1.99 has been enabled"}

func TestLevels(t *testing.T) {
	rows := []struct {
		about string
		set   func(s *Settings)
		m     Message
		want  []string
	}{
		{"as delivered", func(s *Settings) {}, enabled, []string{
			"console *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled",
			"monitor *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"no logging on", func(s *Settings) { s.On = false }, enabled, []string{
			"console *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"no logging console", func(s *Settings) { s.Console.On = false }, enabled, []string{
			"monitor *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"logging monitor warnings", func(s *Settings) { s.Monitor.Level = Warnings; s.Console.On = false }, enabled, nil},
		{"logging monitor notifications", func(s *Settings) { s.Monitor.Level = Notifications; s.Console.On = false }, enabled, []string{
			"monitor *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"debug has its own stamp", func(s *Settings) { s.Debug = Stamp{Kind: Uptime}; s.Monitor.On = false }, Debugf("SSH0: x"), []string{
			"console 00:02:11: SSH0: x"}},
		{"sequence numbers", func(s *Settings) { s.Sequence = true; s.Log = Stamp{}; s.Monitor.On = false }, enabled, []string{
			"console 000001: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"buffered", func(s *Settings) { s.Buffered.On = true; s.Console.On = false; s.Monitor.On = false }, enabled, []string{
			"buffer *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"a host", func(s *Settings) { s.Hosts = []Host{{Address: "h"}}; s.Console.On = false; s.Monitor.On = false }, enabled, []string{
			"h <189>1: *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled"}},
		{"a host, as told", func(s *Settings) {
			s.Hosts = []Host{{Address: "h", TCP: true}}
			s.Console.On, s.Monitor.On, s.Facility, s.OriginID, s.NoCounter, s.Sequence = false, false, 16, "R1", true, true
		}, enabled, []string{
			"h <133>R1: 000001: *Mar  1 00:02:11.003: %SSH-5-ENABLED: SSH 1.99 has been enabled\n"}},
		{"debug does not go to hosts by default", func(s *Settings) { s.Hosts = []Host{{Address: "h"}}; s.Console.On = false; s.Monitor.On = false }, Debugf("x"), nil},
	}
	for _, r := range rows {
		s := DefaultSettings()
		s.Buffered.On = false
		r.set(&s)
		var rec recorder
		l := New(rec.options(), s)
		l.Log(r.m)
		if err := l.Close(t.Context()); err != nil {
			t.Errorf("%s: Close: %v", r.about, err)
		}
		for _, line := range l.Buffer().Lines() {
			rec.add("buffer " + line)
		}
		if diff := cmp.Diff(r.want, rec.take()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.about, diff)
		}
		if rec.open != 0 {
			t.Errorf("%s: %d connections left", r.about, rec.open)
		}
	}
}

func TestStats(t *testing.T) {
	s := DefaultSettings()
	s.Buffered = Destination{true, Notifications}
	s.Hosts = []Host{{Address: "a"}, {Address: "b"}}
	var rec recorder
	l := New(rec.options(), s)
	defer l.Close(t.Context())
	l.Log(enabled)
	l.Log(Message{Facility: "SYS", Severity: Informational, Mnemonic: "LOGOUT"})
	l.Debugf("x")
	want := Stats{Console: Count{3}, Monitor: Count{3}, Buffered: Count{1}, Trap: Count{2}, Hosts: []HostCount{{Host{Address: "a"}, Count{2}}, {Host{Address: "b"}, Count{2}}}}
	if diff := cmp.Diff(want, l.Stats()); diff != "" {
		t.Error(diff)
	}
	rec.alone, s.Hosts = true, []Host{{Address: "c"}, {Address: "b"}}
	l.Apply(s)
	l.Log(enabled)
	want = Stats{Console: Count{4}, Monitor: Count{3}, Buffered: Count{2}, Trap: Count{3}, Hosts: []HostCount{{Host{Address: "c"}, Count{1}}, {Host{Address: "b"}, Count{3}}}}
	if diff := cmp.Diff(want, l.Stats()); diff != "" {
		t.Errorf("nobody monitors, another host: %s", diff)
	}
	l.Restart(s)
	if diff := cmp.Diff(Stats{Hosts: []HostCount{{Host: Host{Address: "c"}}, {Host: Host{Address: "b"}}}}, l.Stats()); diff != "" {
		t.Errorf("after a restart: %s", diff)
	}
	if got := l.Buffer().Lines(); len(got) != 0 {
		t.Errorf("after a restart the buffer holds %q", got)
	}
	if diff := cmp.Diff(s, l.Settings()); diff != "" {
		t.Error(diff)
	}
}

func TestMessageTimeIsKept(t *testing.T) {
	var rec recorder
	s := DefaultSettings()
	s.Monitor.On = false
	m := enabled
	m.Time = time.Date(2020, 2, 18, 20, 37, 15, 0, time.UTC)
	New(rec.options(), s).Log(m)
	if got := rec.take()[0]; !strings.HasPrefix(got, "console *Feb 18 20:37:15.000: ") {
		t.Errorf("got %q", got)
	}
}

func hostsOnly(addresses ...string) Settings {
	s := DefaultSettings()
	s.Console.On, s.Monitor.On, s.Log = false, false, Stamp{}
	for _, a := range addresses {
		s.Hosts = append(s.Hosts, Host{Address: a})
	}
	return s
}

func TestHostsComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rec recorder
		l := New(rec.options(), hostsOnly("a", "b"))
		l.Log(enabled)
		synctest.Wait()
		l.Apply(hostsOnly("b", "c"))
		l.Apply(hostsOnly("b", "c"))
		synctest.Wait()
		if rec.open != 1 {
			t.Errorf("%d connections open, want that of b", rec.open)
		}
		l.Log(enabled)
		synctest.Wait()
		l.Apply(hostsOnly())
		synctest.Wait()
		l.Log(enabled)
		l.Close(t.Context())
		l.Log(enabled)
		const text = "%SSH-5-ENABLED: SSH 1.99 has been enabled"
		want := []string{"a <189>1: " + text, "b <189>1: " + text, "b <189>2: " + text, "c <189>2: " + text}
		if diff := cmp.Diff(want, rec.take()); diff != "" || rec.open != 0 {
			t.Errorf("%d open (-want +got):\n%s", rec.open, diff)
		}
	})
}

func TestFailingHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{fail: errors.New("no route")}
		l := New(rec.options(), hostsOnly("a"))
		l.Log(enabled)
		synctest.Wait()
		rec.mu.Lock()
		rec.fail = nil
		rec.mu.Unlock()
		l.Log(enabled)
		l.Close(t.Context())
		if got := rec.take(); len(got) != 1 || l.Stats().Dropped != 1 {
			t.Errorf("delivered %q, dropped %d", got, l.Stats().Dropped)
		}
	})
}

// A host that does not take its messages costs a bounded queue, and does not keep Close waiting.
func TestStuckHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := recorder{hold: make(chan struct{})}
		l := New(rec.options(), hostsOnly("a"))
		l.Log(enabled)
		synctest.Wait()
		for range maxQueue + 7 {
			l.Log(enabled)
		}
		if got := l.Stats().Dropped; got != 7 {
			t.Errorf("dropped %d, want 7", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || rec.open != 0 {
			t.Errorf("Close: %v, %d open", err, rec.open)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

func TestConcurrentLog(t *testing.T) {
	var rec recorder
	s := hostsOnly("a", "b")
	s.Buffered.On, s.BufferSize = true, 1000
	l := New(rec.options(), s)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 50 {
				l.Log(enabled)
				l.Stats()
				if i%10 == 0 {
					l.Apply(s)
					l.Buffer().Lines()
				}
			}
		})
	}
	wg.Wait()
	l.Close(t.Context())
	if got := len(rec.take()); got != 400 || l.Stats().Trap.Logged != 200 {
		t.Errorf("%d datagrams, %+v; want 400", got, l.Stats())
	}
}

func TestWithoutSurroundings(t *testing.T) {
	l := New(Options{}, hostsOnly("a"))
	l.Log(enabled)
	if err := l.Close(t.Context()); err != nil || l.Stats().Trap.Logged != 1 {
		t.Errorf("%v, %+v", err, l.Stats())
	}
	if (Host{}).PortOr514() != 514 || (Host{Port: 5514}).PortOr514() != 5514 {
		t.Error("PortOr514")
	}
}

// What a stranger chose, say a user name, cannot steer a terminal, forge a line or
// fill a log, wherever messages go.
func TestTextOfStrangers(t *testing.T) {
	for _, c := range []struct{ line, text, want string }{
		{"escape sequences", "user \x1b[2J\x1b]0;x\x07", "user .[2J.]0;x."},
		{"line ends", "user a\r\n*Mar  1: %SYS-5-CONFIG_I: forged\n", "user a..*Mar  1: %SYS-5-CONFIG_I: forged."},
		{"nul, tab, backspace and delete", "\x00\t\b\x7f", "...."},
		{"eight-bit controls, and letters of no one encoding", "\x9b2J \u009b é", ".2J .. .."},
		{"what is printable stays", " ~%s", " ~%s"},
		{"length", strings.Repeat("x", 70000), strings.Repeat("x", MaxText)},
	} {
		t.Run(c.line, func(t *testing.T) {
			var console, monitor []string
			sent := make(chan string, 1)
			s := DefaultSettings()
			s.Log, s.NoCounter, s.Hosts, s.BufferSize = Stamp{}, true, []Host{{Address: "10.0.0.1"}}, 1<<16
			l := New(Options{
				Console: func(line string, m Message) { console = append(console, line, m.Text) },
				Monitor: func(line string, m Message) bool { monitor = append(monitor, line, m.Text); return true },
				Dial:    func(context.Context, Host) (io.WriteCloser, error) { return datagrams{sent}, nil },
			}, s)
			l.Log(Message{Severity: Errors, Text: c.text})
			got := [][]string{console, monitor, {l.Buffer().Lines()[0], strings.TrimPrefix(<-sent, "<187>")}}
			for i, where := range []string{"console", "monitor", "buffer and datagram"} {
				if diff := cmp.Diff([]string{c.want, c.want}, got[i]); diff != "" {
					t.Errorf("%s of %q:\n%s", where, c.text, diff)
				}
			}
			l.Close(t.Context())
		})
	}
}

type datagrams struct{ sent chan<- string }

func (d datagrams) Write(p []byte) (int, error) { d.sent <- string(p); return len(p), nil }
func (d datagrams) Close() error                { return nil }
