package aaa

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vtylab/aaa/tacacs"
)

// Servers that do not answer take their time, each of them; then the local database has the
// password that was typed. Nobody is asked twice.
func TestDeadServers(t *testing.T) {
	tests := []struct {
		why    string
		mute   int // servers that say nothing, in front of the others
		answer *script
		want   Result
		method string
		took   time.Duration
	}{
		{"one is mute", 1, nil, Pass, "local", 5 * time.Second},
		{"two are mute", 2, nil, Pass, "local", 10 * time.Second},
		{"the first is mute, the second lets in", 1, answering(tacacs.Pass), Pass, "group tacacs+", 5 * time.Second},
		{"the first is mute, the second says no", 1, answering(tacacs.Fail), Fail, "group tacacs+", 5 * time.Second},
		{"the first is mute, the second has an error", 1, answering(tacacs.Error), Pass, "local", 5 * time.Second},
		{"both refuse the connection", 0, nil, Pass, "local", 0},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := base()
				scripts := make([]*script, tt.mute, tt.mute+1)
				scripts = append(scripts, tt.answer)
				s, n := asking(t, iosSettings(c), scripts...)
				for i := range tt.mute {
					n.mute = append(n.mute, fmt.Sprintf("10.9.0.%d", i+1))
				}
				a := &answers{texts: []string{"ann"}}
				began := time.Now()
				v := s.Authenticate(t.Context(), &Request{Service: Login, List: list("group:tacacs+ local"), User: "Ann", Named: true}, a.ask)
				if took := time.Since(began); v.Result != tt.want || v.Method != tt.method || took != tt.took || len(a.asked) != 1 {
					t.Errorf("%v by %s after %v, asked %q; want %v by %s after %v and one question", v.Result, v.Method, took, a.asked, tt.want, tt.method, tt.took)
				}
			})
		})
	}
}

// A command is authorized word by word. An attribute of an EXEC that the device does not
// know refuses it, unless it is optional.
func TestAuthorizeOverTacacs(t *testing.T) {
	var asked []string
	x := &script{author: func(r tacacs.AuthorRequest) tacacs.Response {
		asked = append(asked, fmt.Sprintf("%s at %d by %v: %s", r.User, r.Level, r.Method, strings.Join(r.Args, " ")))
		switch {
		case slices.Contains(r.Args, "cmd=reload"):
			return tacacs.Response{Status: tacacs.AuthorFail}
		case r.User == "odd":
			return tacacs.Response{Status: tacacs.PassAdd, Args: []string{"priv-lvl=15", "local-user-name=x"}}
		case r.User == "fine":
			return tacacs.Response{Status: tacacs.PassAdd, Args: []string{"priv-lvl=15", "local-user-name*x"}}
		}
		return tacacs.Response{Status: tacacs.PassAdd}
	}}
	c, l := base()
	s, _ := asking(t, iosSettings(c), x)
	login := Verdict{Method: "local"}
	command := func(words string) Result {
		return s.Authorize(t.Context(), &Request{Service: Commands, List: list("group:tacacs+"), User: "Ann", Named: true, Login: login,
			Command: Command{Level: 15, Words: strings.Fields(words)}}).Result
	}
	exec := func(user string) Verdict {
		return s.AuthorizeExec(t.Context(), &Request{Service: Exec, List: list("group:tacacs+"), Line: iosLine(l), User: user})
	}
	if got := []Result{command("show version"), command("reload")}; !slices.Equal(got, []Result{Pass, Fail}) {
		t.Errorf("show version and reload are %v, want pass and fail", got)
	}
	if odd, fine := exec("odd"), exec("fine"); odd.Result != Fail || !strings.HasSuffix(odd.Reason, "local-user-name") || fine.Result != Pass || fine.Privilege() != 15 {
		t.Errorf("a mandatory unknown attribute: %v, %s; an optional one: %v at %d", odd.Result, odd.Reason, fine.Result, fine.Privilege())
	}
	want := []string{
		"Ann at 15 by 5: service=shell cmd=show cmd-arg=version cmd-arg=<cr>",
		"Ann at 15 by 5: service=shell cmd=reload cmd-arg=<cr>",
		"odd at 1 by 0: service=shell cmd*",
		"fine at 1 by 0: service=shell cmd*",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}

// Records come in the order in which they were made: to the first group that takes them, or
// to each with broadcast. A server that is dead delays them and nobody else.
func TestAccounting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var records []string
		x := &script{acct: func(r tacacs.AcctRequest) tacacs.AcctReply {
			mu.Lock()
			defer mu.Unlock()
			records = append(records, fmt.Sprintf("%v %s on %s: %s", r.Flags, r.User, r.Port, strings.Join(r.Args, " ")))
			return tacacs.AcctReply{Status: tacacs.AcctSuccess}
		}}
		c, _ := base()
		set := iosSettings(c)
		set.Update = time.Minute
		s, n := asking(t, set, nil, x)
		n.mute = []string{"10.9.0.1"}
		zone := time.FixedZone("CET", 3600)
		s.outside.Now = func() time.Time { return time.Date(2000, 1, 1, 1, 0, 0, 0, zone) }
		r := &Request{Service: Exec, User: "Ann", Port: "tty3"}
		began := time.Now()
		exec := Accounting{Of: AccountExec, Name: "default", Start: true, Groups: []string{"one", "two"}}
		a := s.Begin(t.Context(), exec, r)
		r2 := *r
		r2.Command = Command{Level: 15, Words: []string{"show", "version"}}
		s.AccountCommand(Accounting{Of: AccountCommands, Groups: []string{"one"}, Broadcast: true}, &r2)
		s.AccountSystem(Accounting{Of: AccountSystem, Groups: []string{"one"}}, Begun, "reload")
		if took := time.Since(began); took != 0 {
			t.Errorf("who is recorded waits %v", took)
		}
		time.Sleep(90 * time.Second)
		a.End(UserRequest)
		a.End(UserRequest)
		s.Begin(t.Context(), Accounting{}, r).End(UserRequest)
		stop := s.Begin(t.Context(), Accounting{Of: AccountConnection, Groups: []string{"one"}}, r, "protocol=ssh", "addr=10.0.0.2")
		stop.End(0, "bytes_in=5")
		time.Sleep(time.Minute)
		wait := exec
		wait.Wait = true
		began = time.Now()
		s.Begin(t.Context(), wait, r)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("wait-start took %v, want the time of the server that is dead", took)
		}
		mu.Lock()
		defer mu.Unlock()
		want := []string{
			"START Ann on tty3: task_id=1 start_time=946684800 timezone=CET service=shell",
			"STOP Ann on tty3: task_id=2 start_time=946684800 timezone=CET service=shell priv-lvl=15 cmd=show version <cr>",
			"START  on : task_id=3 start_time=946684800 timezone=CET service=system event=sys_acct reason=reload",
			"WATCHDOG Ann on tty3: task_id=1 start_time=946684800 timezone=CET service=shell elapsed_time=60",
			"STOP Ann on tty3: task_id=1 start_time=946684800 timezone=CET service=shell disc-cause=1 disc-cause-ext=1020 elapsed_time=90",
			"STOP Ann on tty3: task_id=4 service=connection protocol=ssh addr=10.0.0.2 bytes_in=5 elapsed_time=0",
			"START Ann on tty3: task_id=5 start_time=946684800 timezone=CET service=shell",
		}
		if diff := cmp.Diff(want, records); diff != "" {
			t.Error(diff)
		}
	})
}

// user@server goes to that server alone, without its name.
func TestDirectedRequest(t *testing.T) {
	var users []string
	x := &script{author: func(r tacacs.AuthorRequest) tacacs.Response {
		users = append(users, r.User)
		return tacacs.Response{Status: tacacs.PassAdd}
	}}
	for _, tt := range []struct {
		directed, restricted bool
		user                 string
		dials                []string
		want                 string
		result               Result
	}{
		{false, false, "Ann@10.9.0.2", []string{"10.9.0.1:49"}, "Ann@10.9.0.2", Pass},
		{true, false, "Ann@10.9.0.2", []string{"10.9.0.2:49"}, "Ann", Pass},
		{true, false, "Ann@elsewhere", []string{"10.9.0.1:49"}, "Ann@elsewhere", Pass},
		{true, true, "Ann@elsewhere", nil, "", Error},
	} {
		c, l := base()
		set := iosSettings(c)
		set.Directed, set.Restricted = tt.directed, tt.restricted
		s, n := asking(t, set, x, x)
		users = nil
		v := s.AuthorizeExec(t.Context(), &Request{Service: Exec, List: list("group:tacacs+"), Line: iosLine(l), User: tt.user})
		if got := strings.Join(users, " "); got != tt.want || v.Result != tt.result || !slices.Equal(n.dials, tt.dials) {
			t.Errorf("%s, directed %v, restricted %v: %v, %q of %q; want %v, %q of %q", tt.user, tt.directed, tt.restricted, v.Result, got, n.dials, tt.result, tt.want, tt.dials)
		}
	}
}

// What fits no packet ends the list: a name or a password that is too long, or has a NUL, must
// not lead to the next method while the servers are up.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, tt := range []struct{ protocol, user, password string }{
		{TACACS, long, "x"}, {RADIUS, long, "x"}, {RADIUS, "Ann", long}, {RADIUS, "Ann", "a\x00b"},
	} {
		c, _ := base()
		set := iosSettings(c)
		s, _ := asking(t, set, answering(tacacs.Pass))
		group := set.Group
		set.Group = func(name string) (Group, bool) {
			g, ok := group(name)
			g.Protocol = tt.protocol
			return g, ok
		}
		v := s.Authenticate(t.Context(), &Request{Service: Login, List: list("group:x none"), User: tt.user, Named: true, Password: tt.password, Typed: true}, nil)
		if v.Result != Fail || v.Reason != ReasonTooLong {
			t.Errorf("%s, user of %d, password of %d bytes: %v by %s, %s; want fail, %s", tt.protocol, len(tt.user), len(tt.password), v.Result, v.Method, v.Reason, ReasonTooLong)
		}
	}
	c, _ := base()
	s, _ := asking(t, iosSettings(c), &script{author: func(tacacs.AuthorRequest) tacacs.Response { return tacacs.Response{Status: tacacs.AuthorFail} }})
	r := &Request{Service: Commands, List: list("group:x none"), User: "Ann", Command: Command{Level: 15, Words: slices.Repeat([]string{"a"}, 300)}}
	if v := s.Authorize(t.Context(), r); v.Result != Fail {
		t.Errorf("a command of 300 words: %v by %s, %s", v.Result, v.Method, v.Reason)
	}
}
