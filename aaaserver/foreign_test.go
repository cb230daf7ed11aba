package aaaserver

import (
	"bytes"
	crand "crypto/rand"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/aaa/radius"
	"vtylab/internal/foreign"
)

// open is a server at ports of 127.0.0.1, until the test is over.
func open(t *testing.T, text string) (tcp, udp string) {
	c, err := Load("users.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(c, Options{Random: crand.Reader, Log: &bytes.Buffer{}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { _ = s.ServeTACACS(t.Context(), conn) })
		}
	})
	p := listenUDP(t)
	running.Go(func() {
		receive(p, func(from netip.AddrPort, b []byte) {
			if reply := s.ReplyRADIUS(t.Context(), from, b); reply != nil {
				_, _ = p.WriteToUDPAddrPort(reply, from)
			}
		})
	})
	t.Cleanup(func() {
		l.Close()
		p.Close()
		running.Wait()
	})
	return port(l.Addr()), port(p.LocalAddr())
}

func port(a net.Addr) string {
	_, p, _ := net.SplitHostPort(a.String())
	return p
}

func listenUDP(t *testing.T) *net.UDPConn {
	p, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// receive takes datagrams until the socket is closed. What was sent to a closed port
// comes back as an error, and is passed over.
func receive(p *net.UDPConn, take func(netip.AddrPort, []byte)) {
	for b := make([]byte, 5000); ; {
		n, from, err := p.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			take(from, b[:n])
		}
	}
}

const practice = `
key: cisco
users:
  lab: {secret: cisco123, level: 15}
  token: {secret: cisco123, code: 4711}
enable: {15: fifteen}
`

// Authen::TacacsPlus logs in, by ASCII and by PAP.
func TestPerlTACACS(t *testing.T) {
	tcp, _ := open(t, practice)
	const script = `
my ($port, $key, $password, $type) = @ARGV;
my $c = new Authen::TacacsPlus(Host => "127.0.0.1", Key => $key, Port => $port, Timeout => 5) or die "no connection";
print $c->authen("lab", $password, $type) ? "pass" : "fail: " . Authen::TacacsPlus::errmsg();`
	for _, tt := range []struct{ key, password, kind, want string }{
		{"cisco", "cisco123", "1", "pass"}, {"cisco", "wrong", "1", "fail: Authentication failed"},
		{"cisco", "cisco123", "2", "pass"}, {"cisco", "wrong", "2", "fail: Authentication failed"},
		{"other", "cisco123", "1", "fail: Protocol error"},
	} {
		got := foreign.Perl(t, "Authen::TacacsPlus", "-e", script, tcp, tt.key, tt.password, tt.kind).Run().Ends(0)
		if got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
}

// FreeRADIUS's client logs in, enables, is asked for a code and sends a record.
func TestRADClient(t *testing.T) {
	_, udp := open(t, practice)
	for _, tt := range []struct{ kind, attributes, want string }{
		{"auth", `User-Name=lab,User-Password=cisco123`, "Access-Accept"},
		{"auth", `User-Name=lab,User-Password=cisco123,Message-Authenticator=0x00`, `Cisco-AVPair = "shell:priv-lvl=15"`},
		{"auth", `User-Name="$enab15$",User-Password=fifteen`, "Administrative-User"},
		{"auth", `User-Name=token,User-Password=cisco123`, `Reply-Message = "Enter your one-time code: "`},
		{"auth", `User-Name=lab,User-Password=wrong,Message-Authenticator=0x00`, "Access-Reject"},
		{"acct", `User-Name=lab,Acct-Status-Type=Start,Acct-Session-Id=0000000C`, "Accounting-Response"},
	} {
		got := foreign.RADClient(t, udp, tt.kind, "cisco", tt.attributes).Run()
		if !strings.Contains(got.Out, tt.want) {
			t.Errorf("%s: no %s in\n%s%s", tt.attributes, tt.want, got.Out, got.Errs)
		}
	}
}

// The client of RADIUS against FreeRADIUS.
func TestFreeRADIUS(t *testing.T) {
	auth, acct := foreign.FreeRADIUS(t, "cisco", "lab Cleartext-Password := \"cisco123\"\n\tService-Type = NAS-Prompt-User,\n\tCisco-AVPair = \"shell:priv-lvl=15\"\n")
	p := listenUDP(t)
	c := radius.NewClient(crand.Reader, socket{p}, nil)
	var running sync.WaitGroup
	running.Go(func() { receive(p, c.Receive) })
	defer running.Wait()
	defer p.Close()
	defer c.Close()
	s := &radius.Server{Addr: netip.MustParseAddrPort("127.0.0.1:" + auth), Acct: netip.MustParseAddrPort("127.0.0.1:" + acct),
		Key: "cisco", Timeout: 500 * time.Millisecond, Retransmit: 60}
	for _, message := range []bool{false, true} {
		for password, want := range map[string]radius.Code{"cisco123": radius.AccessAccept, "wrong": radius.AccessReject} {
			r, _, err := c.Exchange(t.Context(), []*radius.Server{s}, radius.Request{Code: radius.AccessRequest, MessageAuthenticator: message, Attributes: radius.Attributes{
				radius.String(radius.UserName, "lab"), radius.String(radius.UserPassword, password), radius.Addr(radius.NASIPAddress, netip.MustParseAddr("10.0.0.1"))}})
			if err != nil || r.Code != want || strings.Join(r.Attributes.AVPairs(), " ") != "shell:priv-lvl=15" {
				t.Errorf("%s: %+v, %v, want %s", password, r, err, want)
			}
		}
	}
	r, _, err := c.Exchange(t.Context(), []*radius.Server{s}, radius.Request{Code: radius.AccountingRequest, Attributes: radius.Attributes{
		radius.Uint32(radius.AcctStatusType, radius.AcctStart), radius.String(radius.AcctSessionID, "0000000C"), radius.String(radius.UserName, "lab")}})
	if err != nil || r.Code != radius.AccountingResponse {
		t.Errorf("%+v, %v", r, err)
	}
	s.Key, s.Retransmit = "other", 0
	if _, _, err := c.Exchange(t.Context(), []*radius.Server{s}, radius.Request{Code: radius.AccessRequest, Attributes: radius.Attributes{
		radius.String(radius.UserName, "lab"), radius.String(radius.UserPassword, "cisco123")}}); err != radius.ErrNoReply || c.Stats(s).Authen.BadAuthenticators != 1 {
		t.Errorf("with another key: %v, %+v", err, c.Stats(s))
	}
}

// socket is the transport of a client.
type socket struct{ *net.UDPConn }

func (s socket) Send(_ *radius.Server, to netip.AddrPort, b []byte) error {
	_, err := s.WriteToUDPAddrPort(b, to)
	return err
}
