package model

import (
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
	"vtylab/secret"
	"vtylab/tty"
)

// LineKind is a class of terminal lines.
type LineKind = tty.Kind

// The lines of a router.
const (
	Console   = tty.Console
	Auxiliary = tty.Auxiliary
	VTY       = tty.VTY
)

// LoginMethod is what a line asks before it gives an EXEC.
type LoginMethod int

// The values of `login`; with AAA on, LoginList names a method list instead.
const (
	NoLogin LoginMethod = iota
	LoginPassword
	LoginLocal
)

// Line is the configuration of one terminal line.
type Line struct {
	Kind   LineKind
	Number int

	tty.Settings
	SessionTimeout            int // minutes
	Privilege                 int
	Password                  secret.Secret
	Login                     LoginMethod
	LoginList, AuthorExec     string
	Lists                     *LineLists // nil for none
	TransportIn, TransportOut []string
	TransportPreferred        string
	ShowTransportIn           bool // prints even when it is the default
	AccessIn, AccessOut       string
	AccessVRF                 bool
	Rotary                    int
	AutoCommand               string
	ExecBanner, MOTDBanner    bool
	NoExec                    bool
	PromptTimestamp           bool
	Passive                   config.PassiveLines
}

// LineID tells lines apart.
type LineID struct {
	Kind   LineKind
	Number int
}

// ID is the line's key in Config.Lines.
func (l Line) ID() LineID { return LineID{l.Kind, l.Number} }

// Clone shares the commands without behaviour.
func (l Line) Clone() Line {
	l.Passive = l.Passive.Clone()
	return l
}

// NewLine returns a line with the defaults of IOS 15.
func NewLine(kind LineKind, number int) Line {
	l := Line{
		Kind: kind, Number: number,
		Settings:    tty.Settings{ExecTimeout: tty.Timeout{Minutes: 10}, Length: 24, Width: 80, History: 10, Escape: tty.DefaultEscape},
		Privilege:   1,
		TransportIn: []string{"all"}, TransportOut: []string{"all"}, TransportPreferred: "telnet",
		ExecBanner: true, MOTDBanner: true,
	}
	switch kind {
	case VTY:
		l.Login = LoginPassword
	case Auxiliary:
		l.TransportIn = []string{"none"} // from memory
	}
	return l
}

// Allows reports whether the line takes connections of a protocol ("ssh").
func (l Line) Allows(protocol string) bool {
	return slices.Contains(l.TransportIn, "all") || slices.Contains(l.TransportIn, protocol)
}

const (
	protocols = `{acercon "Remote console for ACE-based blade" | lat "DEC LAT protocol"
	| mop "DEC MOP Remote Console Protocol" | nasi "NASI protocol" | pad "X.3 PAD"
	| rlogin "Unix rlogin protocol" | ssh "TCP/IP SSH protocol" | telnet "TCP/IP Telnet protocol"
	| udptn "UDPTN async via UDP protocol" | v120 "Async over ISDN"}`
	allOrNone = `all$protocol "All protocols" | none$protocol "No protocols"`
	// transports are several protocols; all and none stand alone.
	transports = `{` + allOrNone + ` | ` + protocols + `+$protocol}`
)

// lineLayout is the order in which a line block is printed (ios-cli B2), by the
// first words of its commands; what is not named here comes last.
const lineLayout = `
	location activation-character session-timeout access-class ipv6 exec-timeout absolute-timeout
	privilege password logout-warning authorization accounting logging login exec
	exec-banner motd-banner length width history rotary autocommand
	session-limit modem transport databits parity stopbits speed flowcontrol`

// lineRows are the commands of a line with and without AAA.
var lineRows = []row[Line]{
	{`session-timeout "Set interval for closing connection when there is no input traffic"
	  <0-35791>$minutes "Session timeout interval in minutes"`, config.Int(func(l *Line) *int { return &l.SessionTimeout })},
	{`access-class "Filter connections based on an IP access list" {<1-199>$acl "IP access list" | WORD$acl "Access-list name"}
	  {in "Filter incoming connections" | out "Filter outgoing connections"} [vrf-also "Same access list is applied for all VRFs"]`, accessClass},
	{`exec-timeout "Set the EXEC timeout" <0-35791>$minutes "Timeout in minutes" [<0-2147483>$seconds "Timeout in seconds"]`, execTimeout},
	{`absolute-timeout "Set absolute timeout for line disconnection" <0-10000>$minutes "Absolute timeout interval in minutes"`,
		config.Int(func(l *Line) *int { return &l.AbsoluteTimeout })},
	{`privilege "Change privilege level for line" level "Assign default privilege level for line" <0-15>$level "Default privilege level for line"`,
		config.Int(func(l *Line) *int { return &l.Privilege })},
	{`password "Set a password" ` + passwordGrammar("line"), lengthChecked(linePassword)},
	{`logging "Modify message logging facilities" synchronous "Synchronized message output"`,
		config.Flag(func(l *Line) *bool { return &l.Synchronous })},
	{`exec "Configure EXEC"`, execAllowed},
	{`exec prompt "EXEC prompt" timestamp "Print timestamps for show commands"`,
		config.Flag(func(l *Line) *bool { return &l.PromptTimestamp })},
	{`exec-banner "Enable the display of the EXEC banner"`, config.Flag(func(l *Line) *bool { return &l.ExecBanner })},
	{`motd-banner "Enable the display of the MOTD banner"`, config.Flag(func(l *Line) *bool { return &l.MOTDBanner })},
	{`length "Set number of lines on a screen" <0-512>$lines "Number of lines on screen (0 for no pausing)"`,
		config.Int(func(l *Line) *int { return &l.Length })},
	{`width "Set width of the display terminal" <0-512>$columns "Number of characters on a screen line"`,
		config.Int(func(l *Line) *int { return &l.Width })},
	{`history "Enable and control the command history function"`, history},
	{`history size "Set history buffer size" <0-256>$size "Size of history buffer"`,
		config.Int(func(l *Line) *int { return &l.History })},
	{`rotary "Add line to a rotary group" <0-127>$group "Rotary group to add line to"`, config.Int(func(l *Line) *int { return &l.Rotary })},
	{`autocommand "Automatically execute an EXEC command" LINE$text "Appropriate EXEC command"`, config.Text(func(l *Line) *string { return &l.AutoCommand })},
	{`transport "Define transport protocols for line" preferred "Specify the preferred protocol to use" {` + allOrNone + ` | ` + protocols + `$protocol}`, transportPreferred},
	{`transport input "Define which protocols to use when connecting to the terminal server" ` + transports,
		transport("input", func(l *Line) *[]string { return &l.TransportIn })},
	{`transport output "Define which protocols to use for outgoing connections" ` + transports,
		transport("output", func(l *Line) *[]string { return &l.TransportOut })},
}

// What a line asks before it gives an EXEC is said in other words with AAA.
var (
	plainLineRows = []row[Line]{
		{`login "Enable password checking" [local "Local password checking"]`, login},
	}
	aaaLineRows = []row[Line]{
		{`authorization "Authorization parameters" exec "For starting an exec (shell)" {default "Use the default authorization list" | WORD$list "Use an authorization list with this name"}`,
			authorizationExec},
		{`login "Enable password checking" authentication "Authentication parameters." {default "Use the default authentication list." | WORD$list "Use an authentication list with this name."}`,
			loginAuthentication},
	}
)

var execTimeout = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error {
		l.ExecTimeout.Minutes, _ = c.Args.Int("minutes")
		l.ExecTimeout.Seconds, _ = c.Args.Int("seconds")
		return nil
	},
	No:    func(_ *config.Call, l, _ *Line) error { l.ExecTimeout = tty.Timeout{}; return nil },
	Reset: func(_ *config.Call, l, fresh *Line) error { l.ExecTimeout = fresh.ExecTimeout; return nil },
	Show: func(v *config.View, l, fresh *Line) {
		if v.All || l.ExecTimeout != fresh.ExecTimeout {
			v.Line("exec-timeout %d %d", l.ExecTimeout.Minutes, l.ExecTimeout.Seconds)
		}
	},
}

var accessClass = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error {
		if c.Args.Has("in") {
			l.AccessIn, l.AccessVRF = c.Args.Get("acl"), c.Args.Has("vrf-also")
		} else {
			l.AccessOut = c.Args.Get("acl")
		}
		return nil
	},
	No: func(c *config.Call, l, _ *Line) error {
		if !c.Args.Has("out") {
			l.AccessIn, l.AccessVRF = "", false
		}
		if !c.Args.Has("in") {
			l.AccessOut = ""
		}
		return nil
	},
	Show: func(v *config.View, l, _ *Line) {
		vrf := ""
		if l.AccessVRF {
			vrf = " vrf-also"
		}
		if l.AccessIn != "" {
			v.Line("access-class %s in%s", l.AccessIn, vrf)
		}
		if l.AccessOut != "" {
			v.Line("access-class %s out", l.AccessOut)
		}
	},
}

var linePassword = config.Setting[Line]{
	Before: askSecret(false),
	Set: func(c *config.Call, l, _ *Line) error {
		l.Password = protect(c, c.Answer.(secret.Secret))
		c.Answer = l.Password // for the other lines of a range
		return nil
	},
	No: func(_ *config.Call, l, _ *Line) error { l.Password = secret.Secret{}; return nil },
	Show: func(v *config.View, l, _ *Line) {
		if l.Password.Text != "" {
			v.Line("password %s", storedText(l.Password, true))
		}
	},
}

// login vanishes from the rendering while AAA is on, except for named lists.
var login = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error {
		if c.Args.Has("local") {
			l.Login = LoginLocal
			return nil
		}
		l.Login = LoginPassword
		if l.Password.Text == "" {
			c.UI.Say("% Login disabled on line " + itoa(TTY(l.Kind, l.Number)) + ", until 'password' is set")
		}
		return nil
	},
	No:    func(_ *config.Call, l, _ *Line) error { l.Login = NoLogin; return nil },
	Reset: func(_ *config.Call, l, _ *Line) error { l.Login = NewLine(l.Kind, l.Number).Login; return nil },
	Show: func(v *config.View, l, _ *Line) {
		switch {
		case l.Login == LoginLocal:
			v.Line("login local")
		case l.Login == LoginPassword:
			v.Line("login")
		case l.Kind == VTY:
			v.Line("no login")
		}
	},
}

// loginAuthentication warns once of a list that is not there, and takes it.
var loginAuthentication = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error {
		l.LoginList = c.Args.Get("list")
		known := root(c).AAA.Login.Has(l.LoginList)
		if l.LoginList != "" && !known && l.Number == firstOf(c.Key) {
			c.UI.Say(`AAA: Warning authentication list "` + l.LoginList + `" is not defined for LOGIN.`)
		}
		return nil
	},
	No: func(_ *config.Call, l, _ *Line) error { l.LoginList = ""; return nil },
	Show: func(v *config.View, l, _ *Line) {
		if l.LoginList != "" {
			v.Line("login authentication %s", l.LoginList)
		}
	},
}

var authorizationExec = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error { l.AuthorExec = c.Args.Get("list"); return nil },
	No:  func(_ *config.Call, l, _ *Line) error { l.AuthorExec = ""; return nil },
	Show: func(v *config.View, l, _ *Line) {
		if l.AuthorExec != "" {
			v.Line("authorization exec %s", l.AuthorExec)
		}
	},
}

var execAllowed = config.Setting[Line]{
	Set: func(_ *config.Call, l, _ *Line) error { l.NoExec = false; return nil },
	No:  func(_ *config.Call, l, _ *Line) error { l.NoExec = true; return nil },
	Show: func(v *config.View, l, _ *Line) {
		if l.NoExec {
			v.Line("no exec")
		}
	},
}

var history = config.Setting[Line]{
	Set: func(_ *config.Call, l, _ *Line) error { l.NoHistory = false; return nil },
	No:  func(_ *config.Call, l, _ *Line) error { l.NoHistory = true; return nil },
	Reset: func(_ *config.Call, l, fresh *Line) error {
		l.NoHistory, l.History = false, fresh.History
		return nil
	},
	Show: func(v *config.View, l, _ *Line) {
		if l.NoHistory {
			v.Line("no history")
		}
	},
}

var transportPreferred = config.Setting[Line]{
	Set: func(c *config.Call, l, _ *Line) error { l.TransportPreferred = c.Args.Get("protocol"); return nil },
	No:  func(_ *config.Call, l, _ *Line) error { l.TransportPreferred = "none"; return nil },
	Reset: func(_ *config.Call, l, fresh *Line) error {
		l.TransportPreferred = fresh.TransportPreferred
		return nil
	},
	Show: func(v *config.View, l, fresh *Line) {
		if v.All || l.TransportPreferred != fresh.TransportPreferred {
			v.Line("transport preferred %s", l.TransportPreferred)
		}
	},
}

// transportOrder is how IOS prints a list of protocols, whatever was typed.
var transportOrder = []string{"acercon", "lat", "pad", "telnet", "rlogin", "udptn", "mop", "v120", "ssh", "nasi"}

func transport(direction string, field func(*Line) *[]string) config.Setting[Line] {
	return config.Setting[Line]{
		Set: func(c *config.Call, l, _ *Line) error {
			typed := c.Args.All("protocol")
			slices.SortFunc(typed, func(a, b string) int {
				return slices.Index(transportOrder, a) - slices.Index(transportOrder, b)
			})
			*field(l) = typed
			if l.Kind == Auxiliary { // the 7500 of the Secure Shell guide prints `all`
				l.ShowTransportIn = l.ShowTransportIn || direction == "input"
			}
			return nil
		},
		No: func(_ *config.Call, l, _ *Line) error { *field(l) = []string{"none"}; return nil },
		Reset: func(_ *config.Call, l, fresh *Line) error {
			d := defaultLine(l, fresh)
			*field(l) = *field(d)
			if direction == "input" {
				l.ShowTransportIn = d.ShowTransportIn
			}
			return nil
		},
		Show: func(v *config.View, l, fresh *Line) {
			shown := v.All || (direction == "input" && l.ShowTransportIn)
			if shown || !slices.Equal(*field(l), *field(defaultLine(l, fresh))) {
				v.Line("transport %s %s", direction, strings.Join(*field(l), " "))
			}
		},
	}
}

// defaultLine picks the line to compare with: a release may have its own
// default transport on vtys only.
func defaultLine(l, fresh *Line) *Line {
	if l.Kind == VTY {
		return fresh
	}
	n := NewLine(l.Kind, l.Number)
	return &n
}

// TTY is the absolute line number: con 0, aux 1, vty from 2.
func TTY(kind LineKind, number int) int {
	return [...]int{0, 1, 2}[kind] + number
}

// LineRanges are the lines that are configured, in the order of their numbers.
func (c *Config) LineRanges() []tty.Range {
	last := [...]int{Console: -1, Auxiliary: -1, VTY: -1}
	for l := range c.Lines.All() {
		last[l.Kind] = max(last[l.Kind], l.Number)
	}
	ranges := make([]tty.Range, 0, len(last))
	for k, n := range last {
		if n >= 0 {
			ranges = append(ranges, tty.Range{Kind: LineKind(k), Last: n, TTY: TTY(LineKind(k), 0)})
		}
	}
	return ranges
}

// TerminalOf are the settings of the terminal of a line; one that is not
// configured has its defaults.
func (c *Config) TerminalOf(k LineKind, number int) *tty.Settings {
	if l, ok := c.Lines.Get(LineID{k, number}); ok {
		return &l.Settings
	}
	l := NewLine(k, number)
	return &l.Settings
}

// TakesSSH reports whether a vty does.
func (c *Config) TakesSSH() bool {
	for l := range c.Lines.All() {
		if l.Kind == VTY && l.Allows("ssh") {
			return true
		}
	}
	return false
}

// lineMode edits the lines of one `line` command; its key is "vty 0 4". With AAA
// it is another mode: `login local` and `login authentication` never are there
// together.
var (
	lineMode    = lineModeOf("line", plainLineRows)
	aaaLineMode = lineModeOf("line-aaa", slices.Concat(aaaLineRows, lineAAARows))
)

func lineModeOf(name string, rows []row[Line]) *config.Mode[*Config, Line] {
	return &config.Mode[*Config, Line]{
		Name: name, Suffix: "config-line", Heading: "Line configuration commands:",
		At: linesAt,
		Fresh: func(bare *Config) *Line {
			if n, ok := bare.Line(VTY, 0); ok {
				return &n
			}
			n := NewLine(VTY, 0)
			return &n
		},
		Keeps:  func(l *Line) *config.PassiveLines { return &l.Passive },
		Groups: []config.Group[Line]{group("line", slices.Concat(lineRows, rows, escapeRows)...)},
	}
}

// lineModeNow is which of the two modes lines are in.
func lineModeNow(aaa bool) string {
	if aaa {
		return aaaLineMode.Name
	}
	return lineMode.Name
}

// linesAt are the lines of a key.
func linesAt(c *Config, key string) []*Line {
	kind, first, last := parseLineKey(key)
	var found []*Line
	for n := first; n <= last; n++ {
		if l := c.Lines.Edit(LineID{kind, n}); l != nil {
			found = append(found, l)
		}
	}
	return found
}

// firstOf is the number of the first line of a key.
func firstOf(key string) int {
	_, first, _ := parseLineKey(key)
	return first
}

func parseLineKey(key string) (kind LineKind, first, last int) {
	words := strings.Fields(key)
	kind = LineKind(slices.Index([]string{"con", "aux", "vty"}, words[0]))
	first, _ = strconv.Atoi(words[1])
	last, _ = strconv.Atoi(words[len(words)-1])
	return kind, first, last
}

var linesRows = []row[Config]{
	{`line "Configure a terminal line" console "Primary terminal line" <0-0>$first "First Line number"`, lineEntry(Console)},
	{`line aux "Auxiliary line" <0-0>$first "First Line number"`, lineEntry(Auxiliary)},
	{`line vty "Virtual terminal" <0-1869>$first "First Line number" [<0-1869>$last "Last Line number"]`, vtyEntry},
}

func lineEntry(kind LineKind) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			c.Enter(lineModeNow(t.AAA.NewModel), kind.String()+" 0")
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for l := range t.Lines.All() {
				if l.Kind == kind {
					v.Line("line %s %d", kind, l.Number)
					v.Body(lineModeNow(t.AAA.NewModel), l)
				}
			}
		},
	}
}

// vtyEntry creates the lines it names; `no line vty N` removes from N on.
var vtyEntry = config.Setting[Config]{
	Set: func(c *config.Call, t, fresh *Config) error {
		first, last := vtyRange(c.Args)
		if last < first {
			return &cli.Error{Kind: cli.Invalid, Pos: c.Args[len(c.Args)-1].Pos}
		}
		for n := range last + 1 {
			if !t.Lines.Has(LineID{VTY, n}) {
				l, _ := fresh.Line(VTY, 0)
				l.Number = n
				t.addLine(l)
			}
		}
		c.Enter("vty"+lineModeNow(t.AAA.NewModel), "vty "+itoa(first)+" "+itoa(last))
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		first, _ := vtyRange(c.Args)
		if first < 5 {
			return config.Refusal("% Can't delete last 5 VTY lines")
		}
		t.Lines.DeleteFunc(func(id LineID, _ *Line) bool { return id.Kind == VTY && id.Number >= first })
		return nil
	},
	Show: showVTYs,
}

func vtyRange(a cli.Args) (first, last int) {
	first, _ = a.Int("first")
	last, ok := a.Int("last")
	if !ok {
		last = first
	}
	return first, last
}

// showVTYs merges neighbours that render alike; 0-4 and 5-15 stay apart, as
// they do on a device.
func showVTYs(v *config.View, t, _ *Config) {
	var vtys []*Line
	for l := range t.Lines.All() {
		if l.Kind == VTY {
			vtys = append(vtys, l)
		}
	}
	slices.SortFunc(vtys, func(a, b *Line) int { return a.Number - b.Number })
	mode := lineModeNow(t.AAA.NewModel)
	for i := 0; i < len(vtys); {
		body := v.Rendered(mode, vtys[i])
		j := i + 1
		for j < len(vtys) && vtys[j].Number != 5 && v.Rendered(mode, vtys[j]) == body {
			j++
		}
		if j == i+1 {
			v.Line("line vty %d", vtys[i].Number)
		} else {
			v.Line("line vty %d %d", vtys[i].Number, vtys[j-1].Number)
		}
		v.Text(body)
		i = j
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
