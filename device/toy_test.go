package device_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/config"
	"vtylab/device"
	"vtylab/ifs"
	"vtylab/internal/devicetest"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/secret"
	"vtylab/snmp"
	"vtylab/ssh"
	"vtylab/sshserver"
	"vtylab/syslog"
	"vtylab/tty"
)

// toy is a product with a few commands, so that what device does by itself is seen
// without IOS: it needs no `do`, and its words are its own.
type toy struct{ language *config.Language[*toyModel] }

// toyModel is its configuration.
type toyModel struct {
	Name, Password string
	VTYs           int
	Closed         bool // nobody gets an EXEC
	Passive        config.Passive
}

func (m *toyModel) Clone() *toyModel { n := *m; n.Passive = m.Passive.Clone(); return &n }

var newToy = sync.OnceValue(func() *toy {
	type row = config.Row[toyModel]
	return &toy{
		language: config.NewLanguage(config.Spec[*toyModel]{
			Bare: &toyModel{Name: "Toy", VTYs: 2},
			Modes: []config.Definition[*toyModel]{&config.Mode[*toyModel, toyModel]{
				Name: config.Global, Suffix: "config", Heading: "Commands:",
				At:    func(m *toyModel, _ string) []*toyModel { return []*toyModel{m} },
				Fresh: func(bare *toyModel) *toyModel { return bare },
				Groups: []config.Group[toyModel]{{Name: "all", Rows: []row{
					{Syntax: `name "Name" WORD$name "Name"`, Does: config.Text(func(m *toyModel) *string { return &m.Name })},
					{Syntax: `password "Password" WORD!$text "Password"`, Does: config.Text(func(m *toyModel) *string { return &m.Password })},
					{Syntax: `lines "Lines" <1-9>$n "How many"`, Does: config.Int(func(m *toyModel) *int { return &m.VTYs })},
					{Syntax: `closed "Closed"`, Does: config.Flag(func(m *toyModel) *bool { return &m.Closed })},
				}}},
			}},
			Kept:     func(m *toyModel) *config.Passive { return &m.Passive },
			Layout:   "all end",
			Acts:     []config.Act{{Syntax: `ring "Ring"`, Do: "ring"}},
			Builtins: func(_, _, _ string) []config.Act { return []config.Act{{Syntax: `leave "Leave"`, Do: config.End{}}} },
			Comment:  func(line string) bool { return strings.TrimSpace(line) == "" || line[0] == '#' },
			Header:   func(string) bool { return false },
		}),
	}
})

// execRows are the EXEC commands of a toy.
var execRows = []cli.Row[func(*device.Shell, cli.Args) error]{
	{Syntax: `bye "End"`, Do: func(x *device.Shell, _ cli.Args) error { return x.Logout() }},
	{Syntax: `enter "Configure"`, Do: func(x *device.Shell, _ cli.Args) error { x.EnterConfig(); return nil }},
	{Syntax: `who "Who is there"`, Do: func(x *device.Shell, _ cli.Args) error {
		x.Println(fmt.Sprintf("%s, level %d", x.Name(), x.Privilege))
		return nil
	}},
	{Syntax: `merge "Merge" LINE$text "Commands with ; between"`, Do: func(x *device.Shell, a cli.Args) error {
		return x.Merge(strings.ReplaceAll(a.Get("text"), ";", "\n"), "toybox")
	}},
	{Syntax: `save "Save"`, Do: func(x *device.Shell, _ cli.Args) error { return x.Device.Save(x.User) }},
	{Syntax: `reboot "Boot anew"`, Do: func(x *device.Shell, _ cli.Args) error {
		x.Device.Reload(x.Name(), "toy")
		return tty.ErrHangup
	}},
	{Syntax: `refuse "Refuse"`, Do: func(*device.Shell, cli.Args) error { return config.Refusal("toys refuse") }},
}

func (t *toy) Name() string     { return "toy" }
func (t *toy) Summary() string  { return "a toy" }
func (t *toy) Hostname() string { return "Toy" }
func (t *toy) Check() error     { return t.language.Check() }
func (t *toy) Hardware() *device.Hardware {
	return &device.Hardware{Flash: []string{"box:"}, FlashSize: 1 << 20, NVRAMSize: 1 << 16, FlashFiles: []device.FlashFile{{Name: "image", Size: 10}}}
}

func (t *toy) New(d *device.Device) device.System {
	return &toySystem{Machine: config.NewMachine(t.language, nil), d: d, exec: cli.NewTree(nil, execRows)}
}

// toySystem is the toy on one device. It logs an event as its Go name.
type toySystem struct {
	*config.Machine[*toyModel]
	d     *device.Device
	exec  *cli.Tree[func(*device.Shell, cli.Args) error]
	mu    sync.Mutex
	rings []string // names of the device when it rang; guarded by mu
}

func (s *toySystem) Restart(blank bool, name string) {
	m := s.Factory()
	if blank {
		m = s.Blank()
	}
	if name != "" {
		m.Name = name
	}
	s.Replace(m)
}

func (s *toySystem) Settings() *device.Settings {
	m := s.Load()
	line := &tty.Settings{Length: 24, Width: 80, History: 10}
	return &device.Settings{
		Hostname: m.Name, Location: time.UTC,
		Lines:     []tty.Range{{Kind: tty.Console}, {Kind: tty.VTY, Last: m.VTYs - 1, TTY: 1}},
		Line:      func(tty.Kind, int) *tty.Settings { return line },
		FreshLine: line,
		Logging:   syslog.DefaultSettings(),
		Network:   network.Settings{Node: m.Name, Interfaces: func(func(network.Interface) bool) {}, Interface: func(string) (network.Interface, bool) { return network.Interface{}, false }, Routes: func(func(network.Route) bool) {}},
		Login: device.Login{Attempts: 2, Response: 30 * time.Second, Methods: []string{"password"},
			Authorizes: func(string, []byte) bool { return false },
			Limits:     func(*aaa.User, device.Transport, int, network.Flow) (reason, line string) { return "", "" }},
		SSH: sshserver.Settings{Software: "Toy"},
		AAA: aaa.Settings{},
	}
}

func (s *toySystem) ConfigText(all bool) string               { return s.Render(all) }
func (s *toySystem) FactoryText() string                      { return s.Language.Render(s.Factory(), false) }
func (s *toySystem) SSHKeys() (rsaPair, ecPair *keyring.Pair) { return nil, nil }
func (s *toySystem) KeyLabel() string                         { return s.Load().Name }
func (s *toySystem) Prompt(x *device.Shell) string {
	if x.Position != nil {
		return s.Load().Name + "=" // in configuration
	}
	return s.Load().Name + "-"
}
func (s *toySystem) More() (prompt, erase string) { return "more", "\b\b\b\b" }
func (s *toySystem) Mask() byte                   { return 0 }
func (s *toySystem) Expiring() string             { return "soon" }
func (s *toySystem) DoPrefix() string             { return "" }
func (s *toySystem) Preface(*device.Shell) string { return "" }
func (s *toySystem) Complain(x *device.Shell, m *device.Mistake) {
	x.Println(fmt.Sprintf("what is %q?", m.Line))
}
func (s *toySystem) Rejected(r config.Rejected) string {
	return fmt.Sprintf("%d: what is %q?", r.Number, r.Line)
}
func (s *toySystem) PrintHelp(x *device.Shell, line string)           { x.Println("help") }
func (s *toySystem) HelpCommand(x *device.Shell)                      { x.Println("help") }
func (s *toySystem) CompleteLine(_ *device.Shell, line string) string { return line }
func (s *toySystem) Greeting(booted bool) string {
	if booted {
		return "booted, press RETURN"
	}
	return "press RETURN"
}
func (s *toySystem) LoginBanner(*tty.Line) string { return "" }
func (s *toySystem) BeforeLogin(x *device.Shell, _ *aaa.Request) bool {
	x.Println("log in")
	return true
}
func (s *toySystem) Incoming(*device.Shell) {}
func (s *toySystem) Reverse(name string, _ network.Flow) (string, func(*tty.Line) bool) {
	return name, nil
}
func (s *toySystem) LoginFailed(x *device.Shell, _ *aaa.Request, last bool) {
	x.Println(fmt.Sprintf("wrong, last: %v", last))
}
func (s *toySystem) LoginTimeout(p aaa.Prompt) string                    { return "\ntoo late for " + p.Text + "\n" }
func (s *toySystem) Welcome(x *device.Shell, _ device.Transport)         { x.Println("welcome") }
func (s *toySystem) Denied() string                                      { return "closed" }
func (*toySystem) CommandDenied() string                                 { return "no" }
func (*toySystem) AAATrace(aaa.Event)                                    {}
func (*toySystem) CommandRequest(*tty.Line, *device.Action) *aaa.Request { return nil }
func (*toySystem) ReverseRequest(*tty.Line) *aaa.Request                 { return nil }
func (*toySystem) Accounting(*tty.Line, string, int) aaa.Accounting      { return aaa.Accounting{} }
func (s *toySystem) ShutdownNotice(left time.Duration) string            { return "ends in " + left.String() }
func (s *toySystem) InvalidCommand(line string) string                   { return "no command " + line }
func (s *toySystem) SSHTrace(int) (t ssh.Trace, maxRead int)             { return nil, 0 }
func (s *toySystem) EchoTrace() func(network.Flow)                       { return nil }
func (s *toySystem) SSHClientTrace(int) (ssh.Trace, int)                 { return nil, 0 }
func (s *toySystem) SCPTrace(*sshserver.Connection, bool, string)        {}
func (s *toySystem) PrivateText() string                                 { return "" }
func (s *toySystem) SNMPTrace() func(snmp.Event)                         { return nil }
func (s *toySystem) Notifications(device.Event) []*snmp.Notification     { return nil }

func (s *toySystem) On(e device.Event) []syslog.Message {
	switch e.(type) {
	case device.LoggingChanged, device.SSHServer, device.Command, device.Disconnected, device.LoginRefused:
		return nil
	}
	return []syslog.Message{{Facility: "TOY", Severity: 5, Mnemonic: "EVENT", Text: fmt.Sprintf("%T%v", e, e)}}
}

func (s *toySystem) Match(x *device.Shell, line string, offset int) (device.Action, error) {
	m, err := s.exec.Match(line, x.Privilege)
	if err != nil {
		return device.Action{}, &device.Mistake{Err: err, Line: line, Offset: offset}
	}
	return device.Action{Words: m.Args.Masked().String(), Run: func() error { return m.Do(x, m.Args) }}, nil
}

// Act is `ring`, which remembers what the device was called then.
func (s *toySystem) Act(x *device.Shell, r *config.Resolved) device.Action {
	return device.Action{Words: r.Words(), Level: config.Level, Mode: config.Global, Run: func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.rings = append(s.rings, s.Load().Name)
		if s.Load().Name == "mute" {
			return config.Refusal("mute toys do not ring")
		}
		return nil
	}}
}

func (s *toySystem) Admits(device.Transport, network.Flow) (func(*tty.Line) *network.Verdict, *network.Verdict) {
	return func(*tty.Line) *network.Verdict { return nil }, nil
}

func (s *toySystem) LoginRequest(*tty.Line, device.Transport) *aaa.Request {
	r := &aaa.Request{Service: aaa.Login, List: aaa.Methods("none"), Line: aaa.Line{Privilege: 15}}
	if p := s.Load().Password; p != "" {
		r.List, r.Line.Password = aaa.Methods("line"), secret.Secret{Text: p}
	}
	return r
}

func (s *toySystem) ExecRequest(_ *tty.Line, login aaa.Verdict) *aaa.Request {
	r := &aaa.Request{Service: aaa.Exec, User: login.User, List: aaa.Methods("none"), Line: aaa.Line{Privilege: 15}}
	if s.Load().Closed {
		r.List = aaa.List{}
	}
	return r
}

func (s *toySystem) LoginPause() time.Duration { return 0 }

func (s *toySystem) Access(x *device.Shell) config.Access {
	return config.Access{Level: x.Privilege}
}

func (s *toySystem) NoEXEC(*tty.Line) bool { return false }

// newToyDevice boots a toy.
func newToyDevice(t *testing.T, startup string, options ...func(*device.Options)) (*device.Device, *toySystem) {
	t.Helper()
	d := devicetest.New(t, newToy(), startup, options...)
	return d, d.System.(*toySystem)
}

// logged are the events that were logged since it was asked last.
func logged(d *device.Device) (all []string) {
	for _, l := range d.Logs.Buffer().Lines() {
		_, text, _ := strings.Cut(l, "%TOY-5-EVENT: device.")
		all = append(all, text)
	}
	d.Logs.Buffer().Clear()
	return all
}

// names are the files of a place.
func names(fs ifs.FS) (all []string) {
	entries, _ := fs.ReadDir("")
	for _, e := range entries {
		all = append(all, e.Name)
	}
	slices.Sort(all)
	return all
}
