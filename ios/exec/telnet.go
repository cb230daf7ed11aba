package exec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/network"
	"vtylab/telnet"
	"vtylab/tty"
)

var telnetCommands = []Command{
	{Syntax: `telnet "Open a telnet connection" ` + telnetArguments, Level: 1, Run: openTelnet},
	{Syntax: `connect "Open a terminal connection" ` + telnetArguments, Level: 1, Run: openTelnet},
}

// telnetArguments are those that do something here. Their help is captured.
var telnetArguments = `WORD$host "IP address or hostname of a remote system"
	[{/ipv4 "Force use of IP version 4" | /ipv6 "Force use of IP version 6"}$family
	| /noecho "Disable local echo"
	| /quiet "Suppress login/logout messages"
	| /source-interface "Specify source interface" INTERFACE$source "Interface"
	| /stream "Enable stream processing"
	| /vrf "VRF table" WORD$vrf "VRF name"
	| ` + telnetPorts() + `]*`

// services are the ports that `telnet` knows by name (captured).
var services = []struct {
	name, help string
	port       int
}{
	{"bgp", "Border Gateway Protocol", 179}, {"chargen", "Character generator", 19}, {"cmd", "Remote commands (rcmd, 514)", 514},
	{"daytime", "Daytime", 13}, {"discard", "Discard", 9}, {"domain", "Domain Name Service", 53}, {"echo", "Echo", 7},
	{"exec", "Exec (rsh, 512)", 512}, {"finger", "Finger", 79}, {"ftp", "File Transfer Protocol", 21},
	{"ftp-data", "FTP data connections", 20}, {"gopher", "Gopher", 70}, {"hostname", "NIC hostname server", 101},
	{"ident", "Ident Protocol", 113}, {"irc", "Internet Relay Chat", 194}, {"klogin", "Kerberos login", 543},
	{"kshell", "Kerberos shell", 544}, {"login", "Login (rlogin, 513)", 513}, {"lpd", "Printer service", 515},
	{"nntp", "Network News Transport Protocol", 119}, {"pim-auto-rp", "PIM Auto-RP", 496}, {"pop2", "Post Office Protocol v2", 109},
	{"pop3", "Post Office Protocol v3", 110}, {"smtp", "Simple Mail Transport Protocol", 25}, {"sunrpc", "Sun Remote Procedure Call", 111},
	{"syslog", "Syslog", 514}, {"tacacs", "TAC Access Control System", 49}, {"talk", "Talk", 517}, {"telnet", "Telnet", 23},
	{"time", "Time", 37}, {"uucp", "Unix-to-Unix Copy Program", 540}, {"whois", "Nicname", 43}, {"www", "World Wide Web (HTTP, 80)", 80},
}

// telnetPorts is the grammar of a port, by number or by name.
func telnetPorts() string {
	var b strings.Builder
	b.WriteString(`{<0-65535> "Port number"`)
	for _, s := range services {
		help := s.help
		if !strings.HasSuffix(help, ")") {
			help += fmt.Sprintf(" (%d)", s.port)
		}
		fmt.Fprintf(&b, ` | %s "%s"`, s.name, help)
	}
	return b.String() + "}$port"
}

// telnetPort is the port of a command, 23 where it names none.
func telnetPort(a cli.Args) (port int, named bool) {
	if n, ok := a.Int("port"); ok {
		return n, true
	}
	for _, s := range services {
		if s.name == a.Get("port") {
			return s.port, true
		}
	}
	return telnet.DefaultPort, false
}

// openTelnet is the commands `telnet` and `connect`.
func openTelnet(s *Session, a cli.Args) error {
	if vrf := a.Get("vrf"); !s.vrfExists(vrf) {
		s.Printf("%% VRF %s does not exist\n", vrf) // from memory
		return nil
	}
	found, err := s.lookUp(a.Get("vrf"), a.Get("host"))
	if errors.Is(err, errNoHost) {
		s.Println("% Bad IP address or host name")
		return nil
	}
	if err != nil {
		return err
	}
	return s.telnet(a, found)
}

// telnet connects to a host whose addresses are known, and is the user's terminal
// there.
func (s *Session) telnet(a cli.Args, found []netip.Addr) error {
	vrf := a.Get("vrf")
	if !s.vrfExists(vrf) {
		s.Printf("%% VRF %s does not exist\n", vrf) // from memory
		return nil
	}
	address, ok := ofFamily(found, families[a.Get("family")])
	if !ok {
		s.Println("% Bad IP address or host name")
		return nil
	}
	if no := s.outgoing("telnet", address); no != "" {
		s.Println(no)
		return nil
	}
	port, named := telnetPort(a)
	to := netip.AddrPortFrom(address, uint16(port))
	if !a.Has("/quiet") {
		s.Printf("%s ", trying(a.Get("host"), to, named))
		s.Flush()
	}
	var terminal *telnet.Terminal
	err := s.Breakable(func(ctx context.Context) (err error) {
		terminal, err = s.Device.TelnetClient.Dial(ctx, telnet.Request{To: to, VRF: vrf, Source: a.Get("source"),
			Type: terminalType, Stream: a.Has("/stream"), NoEcho: a.Has("/noecho")})
		return err
	})
	if err != nil {
		return s.noTelnet(err)
	}
	if !a.Has("/quiet") {
		s.Println("Open")
	}
	c, ok := s.Connect(a.Get("host"), address.String(), s.recorded(terminal, "telnet", "telnet "+a.Get("host"), address))
	if !ok {
		s.Println("% Too many connections") // from memory
		return nil
	}
	c.Quiet = a.Has("/quiet")
	return s.goOn(c)
}

// trying says where a connection is being made to: a port only where one was named.
func trying(host string, to netip.AddrPort, named bool) string {
	where := strings.ToUpper(to.Addr().String())
	literal, err := netip.ParseAddr(host)
	if named {
		where += fmt.Sprintf(", %d", to.Port())
	}
	if err == nil && literal.Unmap() == to.Addr() {
		return "Trying " + where + " ..."
	}
	return "Trying " + host + " (" + where + ")..."
}

// noTelnet says why there is no connection.
func (s *Session) noTelnet(err error) error {
	var unreached *network.Verdict
	switch {
	case s.Lost() != nil, errors.Is(err, tty.ErrHangup):
		return err
	case errors.As(err, &unreached) && !errors.Is(err, tty.ErrInterrupted) && !errors.Is(err, context.Canceled):
		s.Printf("\n%s\n\n", notReached(unreached))
	default:
		s.Println("")
	}
	return nil
}

// outgoing is why a connection may not be made from the session's line, "" where it may:
// `transport output` and `access-class out` (the texts are from memory). An access list
// is held against the host that is connected to.
func (s *Session) outgoing(protocol string, to netip.Addr) string {
	c, line := s.Config(), s.line(s.Line)
	if !slices.Contains(line.TransportOut, "all") && !slices.Contains(line.TransportOut, protocol) {
		return "% " + protocol + " connections not permitted from this terminal"
	}
	list := cmp.Or(s.AccessOut, line.AccessOut)
	if list == "" {
		return ""
	}
	f := network.Flow{Proto: network.TCP, Local: netip.AddrPortFrom(to, 0), Remote: netip.AddrPortFrom(to, 0)}
	ok, _, logged := c.Admit(list, f)
	if logged != nil {
		s.Device.Matched(*logged)
	}
	if !ok {
		return "% Connections to that host not permitted from this terminal"
	}
	return ""
}

// host takes a line that is no command for the name of a host to connect to, as
// `transport preferred` says; ok is false where that is none. A line that is not looked
// at may hold anything, even a password that was typed too late: its words are not told.
func (x *EXEC) host(s *Session, line string, offset int) (a device.Action, ok bool) {
	preferred := s.line(s.Line).TransportPreferred
	instead := s.Quiet && s.Origin.Via != device.Program // of a shell: an exec request, an autocommand
	if s.Position != nil || instead || preferred == "none" {
		return a, false
	}
	if preferred != "ssh" {
		preferred = "telnet" // no other protocol is spoken here
	}
	return device.Action{Words: preferred + " *", Level: 1, Run: func() error {
		return x.hostTyped(s, preferred, line, offset)
	}}, true
}

// hostTyped looks a host up that takes the place of a command, and connects.
func (x *EXEC) hostTyped(s *Session, preferred, line string, offset int) error {
	m, wrong := x.tree(s).Match(preferred+" "+line, s.Privilege)
	vrf := ""
	if wrong == nil {
		vrf = m.Args.Get("vrf")
	}
	found, err := s.lookUp(vrf, strings.Fields(line)[0])
	if errors.Is(err, errNoHost) {
		return &device.Mistake{Err: &cli.Error{Kind: cli.Invalid, First: true}, Line: line, Offset: offset}
	}
	if err != nil {
		return err
	}
	switch {
	case wrong != nil: // behind the host stands what is no port
		s.Println("% Unknown command or computer name, or unable to find computer address")
		return nil
	case preferred == "ssh":
		return m.Do.Run(s, m.Args)
	}
	return s.telnet(m.Args, found)
}
