package aaaserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
	"vtylab/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var address = netip.MustParseAddrPort("192.0.2.1:1645")

const key = "box"

// box is a server with clients of both protocols.
type box struct {
	*Server
	t      *testing.T
	log    *bytes.Buffer
	tacacs *tacacs.Client
	at     *tacacs.Server
	radius *radius.Client
	server *radius.Server
}

// Send is the transport of the RADIUS client.
func (b *box) Send(_ *radius.Server, _ netip.AddrPort, datagram []byte) error {
	datagram = slices.Clone(datagram)
	go func() {
		if reply := b.ReplyRADIUS(b.t.Context(), address, datagram); reply != nil {
			b.radius.Receive(b.server.Addr, reply)
		}
	}()
	return nil
}

// run gives a test a server of a configuration, under fake time.
func run(t *testing.T, text string, do func(*testing.T, *box)) {
	t.Helper()
	c, err := Load("users.yml", []byte("key: "+key+"\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		b := &box{t: t, log: &bytes.Buffer{}}
		if b.Server, err = New(c, Options{Random: rand.NewChaCha8([32]byte{1}), Log: b.log}); err != nil {
			t.Fatal(err)
		}
		var running sync.WaitGroup
		defer running.Wait()
		b.tacacs = tacacs.NewClient(rand.NewChaCha8([32]byte{2}), nil)
		defer b.tacacs.Close()
		b.at = &tacacs.Server{Addr: address, Key: key, Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
			near, far := net.Pipe()
			running.Go(func() { _ = b.ServeTACACS(t.Context(), far) })
			return near, nil
		}}
		b.radius = radius.NewClient(rand.NewChaCha8([32]byte{3}), b, nil)
		defer b.radius.Close()
		b.server = &radius.Server{Addr: netip.MustParseAddrPort("192.0.2.2:1812"), Acct: netip.MustParseAddrPort("192.0.2.2:1812"), Key: key}
		do(t, b)
	})
}

// login plays a dialogue of TACACS+: a question of the server, then the answer; the last
// line is the status, and a text if there is one.
func (b *box) login(t *testing.T, id tacacs.Identity, script ...string) {
	t.Helper()
	id.Type, id.Service = tacacs.TypeASCII, max(id.Service, tacacs.ServiceLogin)
	x, r, err := b.tacacs.Login(t.Context(), b.at, tacacs.ActionLogin, id)
	var got []string
	for ; err == nil && r.Status.Asks(); r, err = x.Continue(t.Context(), script[len(got)-1]) {
		if got = append(got, r.Message); len(got) >= len(script) {
			t.Fatalf("got %q, want %q", got, script)
		}
		if r.NoEcho == (r.Status == tacacs.GetUser) {
			t.Errorf("%q: no echo %t", r.Message, r.NoEcho)
		}
		got = append(got, script[len(got)])
	}
	if err != nil {
		t.Fatal(err)
	}
	if got = append(got, strings.TrimSuffix(r.Status.String()+" "+r.Message, " ")); !slices.Equal(got, script) {
		t.Errorf("\ngot  %q\nwant %q", got, script)
	}
}

func who(name string) tacacs.Identity { return tacacs.Identity{User: name, Port: "tty2", Level: 1} }

// access plays a request of RADIUS, and returns the reply.
func (b *box) access(t *testing.T, name, password string, more ...radius.Attribute) radius.Packet {
	t.Helper()
	all := append(radius.Attributes{radius.String(radius.UserName, name), radius.String(radius.UserPassword, password)}, more...)
	p, _, err := b.radius.Exchange(t.Context(), []*radius.Server{b.server}, radius.Request{Code: radius.AccessRequest, Attributes: all})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLogins(t *testing.T) {
	run(t, `
users:
  lab: {secret: cisco, level: 15, autocmd: show users, attributes: [idletime=10]}
enable: {15: fifteen}
`, func(t *testing.T, b *box) {
		b.login(t, who("lab"), "Password: ", "cisco", "PASS")
		b.login(t, who("lab"), "Password: ", "wrong", "FAIL")
		b.login(t, who(""), "Username: ", "lab", "Password: ", "cisco", "PASS")
		b.login(t, who("nobody"), "Password: ", "cisco", "FAIL")
		b.login(t, who("nobody"), "Password: ", "decoy", "FAIL")
		enable := tacacs.Identity{User: "lab", Level: 15, Service: tacacs.ServiceEnable}
		b.login(t, enable, "Password: ", "fifteen", "PASS")
		b.login(t, enable, "Password: ", "cisco", "FAIL")
		enable.Level = 14
		b.login(t, enable, "Password: ", "decoy", "FAIL")
		for _, pap := range []struct {
			password string
			want     tacacs.Status
		}{{"cisco", tacacs.Pass}, {"wrong", tacacs.Fail}} {
			_, r, err := b.tacacs.Authenticate(t.Context(), b.at, tacacs.Start{Action: tacacs.ActionLogin,
				Identity: tacacs.Identity{User: "lab", Type: tacacs.TypePAP}, Data: tacacs.Secret(pap.password)})
			if err != nil || r.Status != pap.want {
				t.Errorf("PAP with %s: %+v, %v", pap.password, r, err)
			}
		}
		for _, odd := range []tacacs.Start{{Action: tacacs.ActionChPass}, {Action: tacacs.ActionLogin, Identity: tacacs.Identity{Type: tacacs.TypeCHAP}}} {
			if _, r, err := b.tacacs.Authenticate(t.Context(), b.at, odd); err != nil || r.Status != tacacs.Error {
				t.Errorf("%+v: %+v, %v", odd, r, err)
			}
		}

		p := b.access(t, "lab", "cisco")
		service, _ := p.Attributes.Number(radius.ServiceType)
		if pairs := p.Attributes.AVPairs(); p.Code != radius.AccessAccept || service != radius.ServiceNASPrompt ||
			!slices.Equal(pairs, []string{"shell:priv-lvl=15", "shell:autocmd=show users", "shell:idletime=10"}) {
			t.Errorf("%s %d %q", p.Code, service, pairs)
		}
		for name, password := range map[string]string{"lab": "wrong", "nobody": "decoy", "$enab15$": "cisco", "$enab14$": "decoy", "$enab$": "decoy"} {
			if p := b.access(t, name, password); p.Code != radius.AccessReject {
				t.Errorf("%s: %s", name, p.Code)
			}
		}
		if p := b.access(t, "$enab15$", "fifteen"); p.Code != radius.AccessAccept {
			t.Error(p.Code)
		}
	})
}

// The three dialogues of aaa-snmp A4.
func TestPasswordChange(t *testing.T) {
	run(t, `
users:
  blank: {secret: cisco}
  first: {secret: cisco, change-first: true}
  three: {secret: cisco, change-after: 2}
`, func(t *testing.T, b *box) {
		b.login(t, who("blank"), "Password: ", "", "Old Password: ", "cisco", "New Password: ", "new1", "Re-enter New password: ", "new1", "PASS")
		b.login(t, who("blank"), "Password: ", "cisco", "FAIL")
		b.login(t, who("blank"), "Password: ", "new1", "PASS")
		b.login(t, who("blank"), "Password: ", "", "Old Password: ", "cisco", "FAIL")
		b.login(t, who("nobody"), "Password: ", "", "Old Password: ", "decoy", "FAIL")

		const expired = "Your password has expired.\nEnter a new one now.\nNew Password: "
		b.login(t, who("first"), "Password: ", "cisco", expired, "new2", "Re-enter New password: ", "new2", "PASS")
		b.login(t, who("first"), "Password: ", "new2", "PASS")

		b.login(t, who("three"), "Password: ", "cisco", "PASS")
		b.login(t, who("three"), "Password: ", "cisco", "PASS")
		b.login(t, who("three"), "Password: ", "cisco", expired, "new3", "Re-enter New password: ", "new3", "PASS")
		b.login(t, who("three"), "Password: ", "new3", "PASS")
		if p := b.access(t, "three", "new3"); p.Code != radius.AccessAccept {
			t.Errorf("the new password over RADIUS: %s", p.Code)
		}
	})
}

func TestPasswordMismatch(t *testing.T) {
	run(t, `
users:
  lab: {secret: cisco, change-first: true}
`, func(t *testing.T, b *box) {
		const expired = "Your password has expired.\nEnter a new one now.\nNew Password: "
		const mismatch = "The New and Re-entered passwords have to be the same.\nTry again.\nNew Password: "
		const again = "Re-enter New password: "
		b.login(t, who("lab"), "Password: ", "cisco", expired, "a", again, "b", mismatch, "c", again, "d", mismatch, "e", again, "f", "FAIL")
		b.login(t, who("lab"), "Password: ", "cisco", expired, "", again, "", "FAIL")
		b.login(t, who("lab"), "Password: ", "cisco", expired, strings.Repeat("x", 300), again, strings.Repeat("x", 300), "FAIL")
		b.login(t, who("lab"), "Password: ", "cisco", expired, "a", again, "b", mismatch, "c", again, "c", "PASS")
		b.login(t, who("lab"), "Password: ", "c", "PASS")
	})
}

func TestChangeRefused(t *testing.T) {
	run(t, "users: {lab: {secret: cisco}}\nchange-refused: Not from here.", func(t *testing.T, b *box) {
		b.login(t, who("lab"), "Password: ", "", "FAIL Not from here.")
		b.login(t, who("lab"), "Password: ", "cisco", "PASS")
	})
}

func TestChallenge(t *testing.T) {
	run(t, "users: {lab: {secret: cisco, code: 0123}}", func(t *testing.T, b *box) {
		const ask = "Enter your one-time code: "
		b.login(t, who("lab"), "Password: ", "cisco", ask, "0123", "PASS")
		b.login(t, who("lab"), "Password: ", "cisco", ask, "123", "FAIL")
		b.login(t, who("lab"), "Password: ", "wrong", "FAIL")
		_, r, err := b.tacacs.Authenticate(t.Context(), b.at, tacacs.Start{Action: tacacs.ActionLogin, Identity: tacacs.Identity{User: "lab", Type: tacacs.TypePAP}, Data: "cisco"})
		if err != nil || r.Status != tacacs.Fail {
			t.Errorf("PAP: %+v, %v", r, err)
		}

		challenge := func() radius.Attribute {
			t.Helper()
			p := b.access(t, "lab", "cisco")
			if p.Code != radius.AccessChallenge || p.Attributes.Text(radius.ReplyMessage) != ask {
				t.Errorf("%+v", p)
			}
			return radius.String(radius.State, p.Attributes.Text(radius.State))
		}
		expect := func(want radius.Code, name, code string, state radius.Attribute) {
			t.Helper()
			if p := b.access(t, name, code, state); p.Code != want {
				t.Errorf("%s with %s: %s, want %s", name, code, p.Code, want)
			}
		}
		state := challenge()
		expect(radius.AccessAccept, "lab", "0123", state)
		expect(radius.AccessReject, "lab", "0123", state) // once only
		state = challenge()
		expect(radius.AccessReject, "lab", "124", state)
		expect(radius.AccessReject, "lab", "0123", state)
		expect(radius.AccessReject, "nobody", "0123", challenge())
		expect(radius.AccessReject, "lab", "0123", radius.String(radius.State, "mine"))
		state = challenge()
		time.Sleep(challengeAge + 1)
		expect(radius.AccessReject, "lab", "0123", state)
		if len(b.challenges) != 0 {
			t.Errorf("%d challenges are left", len(b.challenges))
		}
		for range maxChallenges + 10 {
			if _, err := b.challenge("lab"); err != nil {
				t.Fatal(err)
			}
		}
		if len(b.challenges) > maxChallenges {
			t.Errorf("%d challenges", len(b.challenges))
		}
	})
}

func TestAuthorization(t *testing.T) {
	run(t, `
users:
  lab: {secret: cisco, level: 7, attributes: [idletime*10]}
  reader:
    secret: cisco
    commands:
    - deny show running-config.*
    - permit show .*
    - permit exit
`, func(t *testing.T, b *box) {
		tests := []struct {
			user, args, want string
		}{
			{"lab", "service=shell cmd*", "PASS_ADD [priv-lvl=7 idletime*10]"},
			{"lab", "service=shell cmd=", "PASS_ADD [priv-lvl=7 idletime*10]"},
			{"lab", "service=shell cmd=reload cmd-arg=<cr>", "PASS_ADD []"},
			{"lab", "service=ppp protocol=ip", "FAIL []"},
			{"nobody", "service=shell cmd*", "FAIL []"},
			{"reader", "service=shell cmd*", "PASS_ADD [priv-lvl=1]"},
			{"reader", "service=shell cmd=show cmd-arg=version cmd-arg=<cr>", "PASS_ADD []"},
			{"reader", "service=shell cmd=show cmd-arg=running-config cmd-arg=<cr>", "FAIL []"},
			{"reader", "service=shell cmd=show cmd-arg=<cr>", "FAIL []"},
			{"reader", "service=shell cmd=exit cmd-arg=<cr>", "PASS_ADD []"},
			{"reader", "service=shell cmd=configure cmd-arg=terminal cmd-arg=<cr>", "FAIL []"},
		}
		for _, tt := range tests {
			r, err := b.tacacs.Authorize(t.Context(), b.at, who(tt.user), strings.Fields(tt.args))
			if got := fmt.Sprintf("%s %s", r.Status, r.Args); err != nil || got != tt.want {
				t.Errorf("%s: %s: %s, %v, want %s", tt.user, tt.args, got, err, tt.want)
			}
		}
	})
}

func TestFaults(t *testing.T) {
	const users = "users: {lab: {secret: cisco, level: 15}}\nfault: "
	t.Run("mute", func(t *testing.T) {
		run(t, users+"mute", func(t *testing.T, b *box) {
			b.fails(t, tacacs.ErrTimeout, radius.ErrNoReply)
			if err := b.SetFault(Healthy); err != nil {
				t.Error(err)
			}
			b.login(t, who("lab"), "Password: ", "cisco", "PASS")
			if err := b.SetFault("asleep"); err == nil || b.Fault() != Healthy {
				t.Errorf("%v, %q", err, b.Fault())
			}
		})
	})
	t.Run("wrong-key", func(t *testing.T) {
		run(t, users+"wrong-key", func(t *testing.T, b *box) { b.fails(t, tacacs.ErrKey, radius.ErrNoReply) })
	})
	t.Run("malformed", func(t *testing.T) {
		run(t, users+"malformed", func(t *testing.T, b *box) { b.fails(t, tacacs.ErrKey, radius.ErrNoReply) })
	})
	t.Run("slow", func(t *testing.T) {
		run(t, users+"slow", func(t *testing.T, b *box) {
			b.fails(t, tacacs.ErrTimeout, radius.ErrNoReply)
			b.at.Timeout, b.server.Timeout = 11*time.Second, 11*time.Second
			begun := time.Now()
			b.login(t, who("lab"), "Password: ", "cisco", "PASS")
			if took := time.Since(begun); took != 20*time.Second {
				t.Errorf("a login took %s", took)
			}
			begun = time.Now()
			if p := b.access(t, "lab", "cisco"); p.Code != radius.AccessAccept || time.Since(begun) != 10*time.Second {
				t.Errorf("%s after %s", p.Code, time.Since(begun))
			}
		})
	})
	t.Run("deny", func(t *testing.T) {
		run(t, users+"deny", func(t *testing.T, b *box) {
			b.login(t, who("lab"), "Password: ", "cisco", "FAIL")
			r, err := b.tacacs.Authorize(t.Context(), b.at, who("lab"), []string{"service=shell", "cmd*"})
			if err != nil || r.Status != tacacs.AuthorFail {
				t.Errorf("%+v, %v", r, err)
			}
			if p := b.access(t, "lab", "cisco"); p.Code != radius.AccessReject {
				t.Error(p.Code)
			}
		})
	})
	t.Run("no-priv-lvl", func(t *testing.T) {
		run(t, users+"no-priv-lvl", func(t *testing.T, b *box) {
			r, err := b.tacacs.Authorize(t.Context(), b.at, who("lab"), []string{"service=shell", "cmd*"})
			if err != nil || r.Status != tacacs.PassAdd || len(r.Args) > 0 {
				t.Errorf("%+v, %v", r, err)
			}
			if p := b.access(t, "lab", "cisco"); p.Code != radius.AccessAccept || len(p.Attributes.AVPairs()) > 0 {
				t.Errorf("%+v", p)
			}
		})
	})
}

// fails wants errors of a login, an authorization, a record, and of RADIUS.
func (b *box) fails(t *testing.T, wantTACACS, wantRADIUS error) {
	t.Helper()
	_, _, login := b.tacacs.Login(t.Context(), b.at, tacacs.ActionLogin, who("lab"))
	_, author := b.tacacs.Authorize(t.Context(), b.at, who("lab"), []string{"service=shell", "cmd*"})
	_, acct := b.tacacs.Account(t.Context(), b.at, who("lab"), tacacs.AcctStop, nil)
	for _, err := range []error{login, author, acct} {
		if !errors.Is(err, wantTACACS) {
			t.Errorf("%v, want %v", err, wantTACACS)
		}
	}
	_, _, err := b.radius.Exchange(t.Context(), []*radius.Server{b.server}, radius.Request{Code: radius.AccessRequest,
		Attributes: radius.Attributes{radius.String(radius.UserName, "lab"), radius.String(radius.UserPassword, "cisco")}})
	if err != wantRADIUS {
		t.Errorf("%v, want %v", err, wantRADIUS)
	}
	time.Sleep(time.Minute) // late replies
}

func TestAccountingLog(t *testing.T) {
	run(t, "users: {lab: {secret: hunter2}}", func(t *testing.T, b *box) {
		id := tacacs.Identity{User: "lab", Port: "tty2", RemoteAddr: "10.0.0.1", Level: 15}
		for _, args := range [][]string{
			{"task_id=13", "service=shell", "cmd=show version <cr>"},
			{"cmd=username ann privilege 15 secret 0 hunter2 <cr>"}, {"cmd*enable password hunter2"}, {"cmd=tacacs-server host 10.0.0.2 key 7 hunter2"},
			{"cmd=snmp-server community hunter2 RO"}, {"cmd=snmp-server user ann g v3 auth sha hunter2 priv aes 128 hunter2"},
			{"cmd=ntp authentication-key 1 md5 hunter2"}, {"cmd=enable secret \nhunter2"}, {"cmd=neighbor 10.0.0.2 PASSWORD hunter2"}, {"x=line\nb\"reak"},
		} {
			if r, err := b.tacacs.Account(t.Context(), b.at, id, tacacs.AcctStop, args); err != nil || r.Status != tacacs.AcctSuccess {
				t.Errorf("%+v, %v", r, err)
			}
		}
		for _, kind := range []uint32{radius.AcctStart, radius.AcctInterim, radius.AcctStop, radius.AcctOn, radius.AcctOff, 77} {
			_, _, err := b.radius.Exchange(t.Context(), []*radius.Server{b.server}, radius.Request{Code: radius.AccountingRequest, Attributes: radius.Attributes{
				radius.Uint32(radius.AcctStatusType, kind), radius.String(radius.UserName, "lab"), radius.String(radius.UserPassword, "hunter2"), radius.String(radius.NASPortID, "tty3"),
				radius.String(radius.AcctSessionID, "0000000C"), radius.Uint32(radius.AcctSessionTime, 7), radius.AVPair("secret hunter2")}})
			if err != nil {
				t.Error(err)
			}
		}
		log := b.log.String()
		if strings.Contains(log, "hunter2") {
			t.Errorf("a password is in the log:\n%s", log)
		}
		lines := strings.Split(strings.TrimSuffix(log, "\n"), "\n")
		if len(lines) != 16 {
			t.Errorf("%d lines, want 16:\n%s", len(lines), log)
		}
		for i, want := range map[int]string{
			0:  `2000-01-01T00:00:00Z tacacs+ stop user="lab" port="tty2" from="10.0.0.1" task_id="13" service="shell" cmd="show version <cr>"`,
			1:  `2000-01-01T00:00:00Z tacacs+ stop user="lab" port="tty2" from="10.0.0.1" cmd="username ann privilege 15 secret <hidden>"`,
			9:  `2000-01-01T00:00:00Z tacacs+ stop user="lab" port="tty2" from="10.0.0.1" x="line\nb\"reak"`,
			10: `2000-01-01T00:00:00Z radius start user="lab" port="tty3" from="" session="0000000C" session-time="7" text="secret <hidden>"`,
		} {
			if lines[i] != want {
				t.Errorf("line %d\n got %s\nwant %s", i, lines[i], want)
			}
		}
	})
}

// A log that cannot be written to is an error for the device.
func TestLogFails(t *testing.T) {
	run(t, "users: {lab: {secret: cisco}}", func(t *testing.T, b *box) {
		b.Server.log.to = broken{}
		if r, err := b.tacacs.Account(t.Context(), b.at, who("lab"), tacacs.AcctStart, nil); err != nil || r.Status != tacacs.AcctError {
			t.Errorf("%+v, %v", r, err)
		}
		if _, _, err := b.radius.Exchange(t.Context(), []*radius.Server{b.server}, radius.Request{Code: radius.AccountingRequest}); err != radius.ErrNoReply {
			t.Error(err)
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// Secrets of each type are taken; clear ones are not kept.
func TestSecrets(t *testing.T) {
	random := rand.NewChaCha8([32]byte{7})
	c := &Config{Users: map[string]*User{}}
	for _, typ := range []int{0, 5, 8, 9} {
		s, err := secret.New(typ, "cisco", random)
		if err != nil {
			t.Fatal(err)
		}
		c.Users[fmt.Sprint(typ)] = &User{Secret: s}
	}
	s, err := New(c, Options{Random: random})
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range s.accounts {
		if _, ok := s.verify(name, "cisco"); !ok || a.secret.Type == 0 {
			t.Errorf("type %s: %s", name, a.secret)
		}
	}
	for name, c := range map[string]*Config{
		"type 7":       {Users: map[string]*User{"lab": {Secret: secret.Secret{Type: 7, Text: "070C285F4D06"}}}},
		"no secret":    {Users: map[string]*User{"lab": {}}},
		"nil":          {Users: map[string]*User{"lab": nil}},
		"level 16":     {Users: map[string]*User{"lab": {Level: 16, Secret: secret.Secret{Text: "x"}}}},
		"rule":         {Users: map[string]*User{"lab": {Secret: secret.Secret{Text: "x"}, Commands: []Rule{{}}}}},
		"attribute":    {Users: map[string]*User{"lab": {Secret: secret.Secret{Text: "x"}, Attributes: []string{"idletime"}}}},
		"code":         {Users: map[string]*User{"lab": {Secret: secret.Secret{Text: "x"}, Code: secret.Secret{Type: 9, Text: "x"}}}},
		"enable 0":     {Enable: map[int]secret.Secret{0: {Text: "x"}}},
		"enable empty": {Enable: map[int]secret.Secret{1: {}}},
		"fault":        {Fault: "asleep"},
	} {
		if _, err := New(c, Options{Random: random}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(&Config{}, Options{Random: bytes.NewReader(nil)}); err == nil {
		t.Error("without randomness: no error")
	}
}
