package aaa

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"vtylab/aaa/tacacs"
	"vtylab/ios/model"
	"vtylab/secret"
)

// list makes a list of words, a group as group:tacacs+.
func list(words string) List { return iosList(methods(words)) }

// answers plays the user: each question takes the next answer, and is written down.
type answers struct {
	texts []string
	asked []string
}

var errHungUp = errors.New("hung up")

func (a *answers) ask(_ context.Context, p Prompt) (string, error) {
	a.asked = append(a.asked, p.Text)
	if len(a.texts) == 0 {
		return "", errHungUp
	}
	next := a.texts[0]
	a.texts = a.texts[1:]
	return next, nil
}

// servers is the one server of a test, or none.
func servers(x *script) []*script {
	if x == nil {
		return nil
	}
	return []*script{x}
}

func TestAuthenticate(t *testing.T) {
	tests := []struct {
		why, list, user, password string
		server                    *script
		want                      Result
		method, reason            string
	}{
		{"local user", "local", "Ann", "ann", nil, Pass, "local", ""},
		{"local ignores the case of names", "local", "ANN", "ann", nil, Pass, "local", ""},
		{"local-case does not", "local-case", "ANN", "ann", nil, Error, "local-case", ReasonUnknownUser},
		{"wrong password", "local", "Ann", "x", nil, Fail, "local", ReasonWrongPassword},
		{"a wrong password ends the list", "local none", "Ann", "x", nil, Fail, "local", ReasonWrongPassword},
		{"an unknown user moves on", "local none", "eve", "x", nil, Pass, "none", ""},
		{"an unknown user alone", "local", "eve", "x", nil, Error, "local", ReasonUnknownUser},
		{"nopassword", "local", "free", "", nil, Pass, "local", ""},
		{"empty password is none", "local", "Ann", "", nil, Fail, "local", ReasonWrongPassword},
		{"a user without a password", "local", "bare", "", nil, Fail, "local", ReasonWrongPassword},
		{"line password", "line", "", "line", nil, Pass, "line", ""},
		{"wrong line password", "line none", "", "x", nil, Fail, "line", ReasonWrongPassword},
		{"enable password", "enable", "", "enable", nil, Pass, "enable", ""},
		{"wrong enable secret", "enable", "", "x", nil, Fail, "enable", ReasonWrongSecret},
		{"a silent group moves on", "group:tacacs+ local", "Ann", "ann", answering(tacacs.Error), Pass, "local", ""},
		{"no servers at all", "group:tacacs+ local", "Ann", "ann", nil, Pass, "local", ""},
		{"a reject ends the list", "group:tacacs+ local", "Ann", "ann", answering(tacacs.Fail), Fail, "group tacacs+", ReasonRejected},
		{"a server lets in", "group:radius local", "eve", "x", answering(tacacs.Pass), Pass, "group radius", ""},
		{"nothing answers", "group:tacacs+", "Ann", "ann", answering(tacacs.Error), Error, "group tacacs+", ReasonServerError},
		{"no servers, alone", "group:tacacs+", "Ann", "ann", nil, Error, "group tacacs+", ReasonNoServer},
		{"a method without behaviour", "krb5", "Ann", "ann", nil, Error, "krb5", ReasonUnsupported},
		{"no list at all", "", "Ann", "ann", nil, Error, "", ReasonNoMethod},
		{"a NUL does not end a password", "local", "hashed", "right\x00", nil, Fail, "local", ReasonWrongPassword},
	}
	c, l := base()
	c.Users.Put("bare", model.User{Name: "bare", Privilege: 1})
	hashed, err := secret.New(8, "right", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.Users.Put("hashed", model.User{Name: "hashed", Privilege: 1, Secret: hashed})
	for _, tt := range tests {
		service, _ := asking(t, iosSettings(c), servers(tt.server)...)
		methods := list(tt.list)
		methods.Line = "aaa authentication login default " + tt.list
		v := service.Authenticate(t.Context(), &Request{Service: Login, List: methods, Line: iosLine(l),
			User: tt.user, Named: true, Password: tt.password, Typed: true}, nil)
		if v.Result != tt.want || v.Method != tt.method || v.Reason != tt.reason || v.User != tt.user || v.Line != methods.Line {
			t.Errorf("%s: %s with %s/%q: got %+v, want %d, %s, %s", tt.why, tt.list, tt.user, tt.password, v, tt.want, tt.method, tt.reason)
		}
	}
}

// Each thing is asked for once in the whole list, and only what the list needs.
func TestAuthenticateAsks(t *testing.T) {
	c, l := base()
	c.AAA.PasswordPrompt = "AD Password: "
	bare := l
	bare.Password = secret.Secret{}
	tests := []struct {
		why, service, list string
		line               model.Line
		level              int
		texts, asked       string // by "|"
		want               Result
	}{
		{"user and password", Login, "local", l, 0, "Ann|ann", "Username: |AD Password: ", Pass},
		{"the password of the first method is the second's too", Login, "group:radius local", l, 0, "Ann|ann", "Username: |AD Password: ", Pass},
		{"the user comes first, wherever it is needed", Login, "line local", bare, 0, "Ann|ann", "Username: |AD Password: ", Pass},
		{"line asks for a password only", Login, "line", l, 0, "line", "AD Password: ", Pass},
		{"so does enable", Login, "enable none", l, 0, "enable", "AD Password: ", Pass},
		{"also when it is not set", Login, "line none", bare, 0, "x", "AD Password: ", Pass},
		{"none asks nothing", Login, "none local", l, 0, "", "", Pass},
		{"none ends what is needed", Login, "line none local", bare, 0, "x", "AD Password: ", Pass},
		{"the user hangs up", Login, "local none", l, 0, "Ann", "Username: |AD Password: ", Fail},
		{"at once", Login, "local none", l, 0, "", "Username: ", Fail},
		{"enable", Enable, "enable", l, 15, "enable", "Secret? ", Pass},
		{"enable to a level that has no password", Enable, "enable", l, 7, "", "", Error},
		{"enable by the user's own password: the user is known", Enable, "local", l, 15, "x", "Secret? ", Error},
		{"enable without a question", Enable, "none", l, 15, "", "", Pass},
		{"no password, then the line's", Enable, "enable line", l, 7, "line", "Secret? ", Pass},
	}
	for _, tt := range tests {
		set := iosSettings(c)
		set.EnablePrompt = "Secret? "
		a := &answers{}
		if tt.texts != "" {
			a.texts = strings.Split(tt.texts, "|")
		}
		r := &Request{Service: tt.service, List: list(tt.list), Line: iosLine(tt.line), Level: tt.level}
		before := fmt.Sprintf("%+v", *r)
		v := New(set, Outside{}).Authenticate(t.Context(), r, a.ask)
		if got := strings.Join(a.asked, "|"); got != tt.asked || v.Result != tt.want {
			t.Errorf("%s: asked %q and came to %+v, want %q and %d", tt.why, got, v, tt.asked, tt.want)
		}
		if len(a.asked) > strings.Count(tt.texts, "|")+1 && !errors.Is(v.Err, errHungUp) {
			t.Errorf("%s: the verdict does not have the error of Ask: %+v", tt.why, v)
		}
		if after := fmt.Sprintf("%+v", *r); after != before {
			t.Errorf("%s: the request was %s and is %s", tt.why, before, after)
		}
	}
}

// SSH's password method has one answer, and brings the user's name even if that is
// empty; keyboard-interactive can be asked.
func TestAuthenticateKnown(t *testing.T) {
	c, _ := base()
	s := New(iosSettings(c), Outside{})
	a := &answers{texts: []string{"ann"}}
	v := s.Authenticate(t.Context(), &Request{Service: Login, List: list("local"), User: "Ann", Named: true}, a.ask)
	if v.Result != Pass || strings.Join(a.asked, "|") != "Password: " {
		t.Errorf("keyboard-interactive: asked %q and came to %+v", a.asked, v)
	}
	a = &answers{texts: []string{"x"}}
	v = s.Authenticate(t.Context(), &Request{Service: Login, List: list("local"), Named: true}, a.ask)
	if v.Result != Error || strings.Join(a.asked, "|") != "Password: " {
		t.Errorf("an empty name: asked %q and came to %+v", a.asked, v)
	}
	v = s.Authenticate(t.Context(), &Request{Service: Login, List: list("local none"), User: "Ann", Named: true}, nil)
	if v.Result != Fail || v.Reason != ReasonUnasked {
		t.Errorf("nobody can be asked: %+v", v)
	}
}

// A server asks what it likes. A password that was typed answers its first question
// for one; a second question needs somebody to ask.
func TestGroupAsks(t *testing.T) {
	c, _ := base()
	var starts []string
	s, _ := asking(t, iosSettings(c), &script{login: func(ctx context.Context, start tacacs.Start, ask func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply {
		starts = append(starts, fmt.Sprintf("%s on %s from %s", start.User, start.Port, start.RemoteAddr))
		old, err := ask(ctx, tacacs.Reply{Status: tacacs.GetPass, NoEcho: true})
		if err != nil || old.Message != "expired" {
			return tacacs.Reply{Status: tacacs.Error}
		}
		fresh, err := ask(ctx, tacacs.Reply{Status: tacacs.GetData, NoEcho: true, Message: "Your password has expired.\nEnter a new one now.\nNew Password: "})
		if err != nil {
			return tacacs.Reply{Status: tacacs.Fail}
		}
		return tacacs.Reply{Status: tacacs.Pass, Message: "now " + string(fresh.Message)}
	}})
	request := &Request{Service: Login, List: list("group:tacacs+ local"), User: "Ann", Named: true, Port: "tty3", Peer: netip.MustParseAddrPort("10.0.0.9:4000")}
	a := &answers{texts: []string{"expired", "new"}}
	v := s.Authenticate(t.Context(), request, a.ask)
	if got := strings.Join(a.asked, "|"); got != "Password: |New Password: " || v.Result != Pass || v.Message != "now new" || v.Method != "group tacacs+" || v.Protocol != TACACS || v.Server != "10.9.0.1" {
		t.Errorf("asked %q and came to %+v", got, v)
	}
	a = &answers{texts: []string{"ann"}}
	if v = s.Authenticate(t.Context(), request, a.ask); len(a.asked) != 1 || v.Result != Pass || v.Method != "local" {
		t.Errorf("local has the answer to the server: asked %q and came to %+v", a.asked, v)
	}
	once := *request
	once.Password, once.Typed = "expired", true
	if v = s.Authenticate(t.Context(), &once, nil); v.Result != Fail || v.Method != "group tacacs+" || v.Err == nil {
		t.Errorf("SSH password with a server that has a second question: %+v", v)
	}
	if want := "Ann on tty3 from 10.0.0.9"; starts[0] != want {
		t.Errorf("the server is asked for %q, want %q", starts[0], want)
	}
}

// When the connection is gone, no method after the one that noticed is tried.
func TestAuthenticateEnds(t *testing.T) {
	c, _ := base()
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := asking(t, iosSettings(c), &script{login: func(context.Context, tacacs.Start, func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply {
		cancel()
		return tacacs.Reply{Status: tacacs.Error}
	}})
	if v := s.Authenticate(ctx, &Request{Service: Login, List: list("group:tacacs+ none"), Named: true}, nil); v.Result != Error {
		t.Errorf("got %+v", v)
	}
}

func TestAuthorize(t *testing.T) {
	answer := &script{author: func(r tacacs.AuthorRequest) tacacs.Response {
		if !slices.Equal(r.Args, []string{"service=shell", "cmd*"}) {
			return tacacs.Response{Status: tacacs.AuthorFail}
		}
		return tacacs.Response{Status: tacacs.PassAdd, Args: []string{"timeout=5", "priv-lvl=7"}}
	}}
	tests := []struct {
		why, list, user string
		prepare         func(*model.Config, *model.Line)
		server          *script
		level           int
		want            Result
	}{
		{"AAA off, login local", "", "Ann", func(c *model.Config, l *model.Line) { c.AAA.NewModel, l.Login = false, model.LoginLocal }, nil, 15, Pass},
		{"AAA off, login local, unknown user", "", "eve", func(c *model.Config, l *model.Line) { c.AAA.NewModel, l.Login = false, model.LoginLocal }, nil, 1, Pass},
		{"AAA on, no list: level 1", "", "Ann", nil, nil, 1, Pass},
		{"AAA on, no list: the line's level", "", "Ann", func(_ *model.Config, l *model.Line) { l.Privilege = 7 }, nil, 7, Pass},
		{"local", "local", "Ann", nil, nil, 15, Pass},
		{"local, unknown user", "local", "eve", nil, nil, 1, Error},
		{"if-authenticated gives no level", "if-authenticated", "Ann", nil, nil, 1, Pass},
		{"dead servers and no fallback", "group:tacacs+", "Ann", nil, nil, 1, Error},
		{"dead servers, then local", "group:tacacs+ local", "Ann", nil, nil, 15, Pass},
		{"a server has other attributes", "group:tacacs+ local", "Ann", nil, answer, 7, Pass},
		{"local-case authorizes nobody", "local-case", "Ann", nil, nil, 1, Error},
		{"nor does krb5", "krb5", "Ann", nil, nil, 1, Error},
		{"the console is left alone", "group:tacacs+", "Ann", func(_ *model.Config, l *model.Line) { l.Kind = model.Console }, nil, 1, Pass},
		{"unless told otherwise", "local", "Ann", func(c *model.Config, l *model.Line) { l.Kind, c.AAA.Console = model.Console, true }, nil, 15, Pass},
	}
	for _, tt := range tests {
		c, l := base()
		c.AAA.NewModel = true
		if tt.list != "" {
			c.AAA.Exec.Put("default", methods(tt.list))
		}
		if tt.prepare != nil {
			tt.prepare(c, &l)
		}
		s, _ := asking(t, iosSettings(c), servers(tt.server)...)
		v := s.AuthorizeExec(t.Context(), &Request{Service: Exec, List: iosExec(c, l), Line: iosLine(l), User: tt.user})
		if v.Result != tt.want || v.Privilege() != tt.level {
			t.Errorf("%s: got level %d, %d, want %d, %d", tt.why, v.Privilege(), v.Result, tt.level, tt.want)
		}
		if tt.server != nil && v.Attribute("timeout") != "5" {
			t.Errorf("%s: attributes %v", tt.why, v.Attributes)
		}
	}
	c, l := base()
	l.AutoCommand = "show clock"
	s := New(iosSettings(c), Outside{})
	for user, want := range map[string]string{"bob": "show users", "Ann": "show clock"} {
		v := s.AuthorizeExec(t.Context(), &Request{Service: Exec, List: list("local"), Line: iosLine(l), User: user})
		if got := v.Attribute(AutoCommand); got != want {
			t.Errorf("autocommand of %s: got %q, want %q", user, got, want)
		}
	}
	for _, level := range []string{"", "x", "-1", "16"} {
		if got := (Verdict{Attributes: []Attribute{{Name: PrivilegeLevel, Value: level}}}).Privilege(); got != 1 {
			t.Errorf("level %q is %d", level, got)
		}
	}
}

func TestAuthenticateEnable(t *testing.T) {
	c, l := base()
	c.Enable.Passwords = map[int]secret.Secret{5: clear("five")}
	for _, tt := range []struct {
		list, password string
		level          int
		want           Result
		reason         string
	}{
		{"enable", "enable", 15, Pass, ""},
		{"enable", "x", 15, Fail, ReasonWrongSecret},
		{"enable", "five", 5, Pass, ""},
		{"enable", "x", 5, Fail, ReasonWrongPassword},
		{"enable", "enable", 7, Error, ReasonNoPassword},
		{"none", "", 15, Pass, ""},
		{"group:tacacs+ enable", "enable", 15, Pass, ""},
		{"local", "ann", 15, Pass, ""},
	} {
		v := New(iosSettings(c), Outside{}).Authenticate(t.Context(), &Request{Service: Enable, List: list(tt.list), Level: tt.level,
			User: "Ann", Password: tt.password, Typed: true, Line: iosLine(l)}, nil)
		if v.Result != tt.want || v.Reason != tt.reason {
			t.Errorf("%s to level %d with %q: got %+v, want %d, %q", tt.list, tt.level, tt.password, v, tt.want, tt.reason)
		}
	}
}

// A key has proved who the user is: the list is not asked, limits apply, and only
// what is no probe takes a one-time user away.
func TestProved(t *testing.T) {
	var taken []string
	set := &Settings{
		User: func(name string, _ bool) (User, bool) {
			return User{Name: "once", OneTime: true, MaxLinks: 1, Line: "username once one-time"}, name == "once"
		},
		Take: func(name string) bool { taken = append(taken, name); return len(taken) == 1 },
	}
	s := New(set, Outside{})
	r := Request{Service: Login, List: list("group:tacacs+"), User: "once", Named: true, Proved: true, Probe: true}
	if v := s.Authenticate(t.Context(), &r, nil); v.Result != Pass || len(taken) != 0 || v.Account.Name != "once" {
		t.Errorf("a probe: %+v, taken %v", v, taken)
	}
	r.Probe = false
	full := r
	full.Limit = func(name string, u *User) *Verdict {
		return &Verdict{Reason: fmt.Sprintf("%s has its %d connection", name, u.MaxLinks), Line: u.Line}
	}
	if v := s.Authenticate(t.Context(), &full, nil); v.Result != Fail || v.Reason != "once has its 1 connection" || v.Line != "username once one-time" || len(taken) != 0 {
		t.Errorf("beyond the limit: %+v, taken %v", v, taken)
	}
	if v := s.Authenticate(t.Context(), &r, nil); v.Result != Pass || v.Method != "publickey" || len(taken) != 1 {
		t.Errorf("the key itself: %+v, taken %v", v, taken)
	}
	if v := s.Authenticate(t.Context(), &r, nil); v.Result != Fail || v.Reason != ReasonUsed {
		t.Errorf("once more: %+v", v)
	}
	r.User = "remote"
	if v := s.Authenticate(t.Context(), &r, nil); v.Result != Pass || v.Account != nil {
		t.Errorf("a user who is not local: %+v", v)
	}
}

// Of eight logins at once of a one-time user, one gets in. Its EXEC has what the
// entry said, which is gone by then.
func TestOneTimeUser(t *testing.T) {
	const logins = 8
	var mu sync.Mutex
	users := map[string]User{"once": {Name: "once", Secret: clear("x"), Privilege: 15, OneTime: true, AutoCommand: "show clock"}}
	var found sync.WaitGroup // all have found the user before one is through
	found.Add(logins)
	s := New(&Settings{
		User: func(name string, _ bool) (User, bool) {
			mu.Lock()
			defer mu.Unlock()
			u, ok := users[name]
			return u, ok
		},
		Take: func(name string) bool {
			mu.Lock()
			defer mu.Unlock()
			_, ok := users[name]
			delete(users, name)
			return ok
		},
	}, Outside{})
	s.verify = func(own secret.Secret, typed string) bool {
		found.Done()
		found.Wait()
		return own.Verify(typed)
	}
	verdicts := make([]Verdict, logins)
	var work sync.WaitGroup
	for i := range verdicts {
		work.Go(func() {
			verdicts[i] = s.Authenticate(t.Context(), &Request{Service: Login, List: list("local"), User: "once", Named: true, Password: "x", Typed: true}, nil)
		})
	}
	work.Wait()
	slices.SortFunc(verdicts, func(a, b Verdict) int { return int(a.Result) - int(b.Result) })
	for i, v := range verdicts {
		if i > 0 && (v.Result != Fail || v.Reason != ReasonUsed) || i == 0 && v.Result != Pass {
			t.Errorf("login %d: %+v", i, v)
		}
	}
	v := s.AuthorizeExec(t.Context(), &Request{Service: Exec, List: list("local"), User: "once", Account: verdicts[0].Account, Line: Line{Privilege: 1}})
	if v.Result != Pass || v.Privilege() != 15 || v.Attribute(AutoCommand) != "show clock" {
		t.Errorf("the EXEC: %+v", v)
	}
	// A wrong password leaves it, and so does a login by another method.
	s.verify = secret.Secret.Verify
	users["once"] = User{Name: "once", Secret: clear("x"), OneTime: true}
	s.Authenticate(t.Context(), &Request{Service: Login, List: list("local"), User: "once", Named: true, Password: "y", Typed: true}, nil)
	s.Authenticate(t.Context(), &Request{Service: Login, List: list("none"), User: "once", Named: true}, nil)
	if len(users) != 1 {
		t.Error("the one-time user is gone without a login")
	}
}

// Nobody's login compares with the password of another: what a refusal cost is hidden
// by who carries it to the user (ssh2: TestFailureHidesItsCost).
func TestComparesOnlyTheOwn(t *testing.T) {
	users := map[string]User{"bare": {Name: "bare"}, "free": {Name: "free", NoPassword: true}, "once": {Name: "once", OneTime: true, Secret: clear("right")}}
	for _, kind := range []int{0, 5, 7, 8, 9} {
		s, err := secret.New(kind, "right", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint("type", kind)
		users[name] = User{Name: name, Secret: s}
	}
	// "hashcat" in SHA-256 is withdrawn from being made.
	users["type4"] = User{Name: "type4", Secret: secret.Secret{Type: 4, Text: "2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI"}}
	s := New(&Settings{
		User:   func(name string, _ bool) (User, bool) { u, ok := users[name]; return u, ok },
		Take:   func(string) bool { return false },
		Enable: func(int) (secret.Secret, bool, bool) { return users["type9"].Secret, true, true },
	}, Outside{})
	var compared []secret.Secret
	s.verify = func(own secret.Secret, typed string) bool {
		compared = append(compared, own)
		return own.Verify(typed)
	}
	decide := func(r *Request) Verdict {
		compared = nil
		return s.Authenticate(t.Context(), r, nil)
	}
	login := func(words, user, password string) *Request {
		return &Request{Service: Login, List: list(words), User: user, Named: true, Password: password, Typed: true, Line: Line{Password: users["type7"].Secret}}
	}
	for _, words := range []string{"local", "local-case"} {
		for _, user := range []string{"eve", "bare", "type0", "type4", "type5", "type7", "type8", "type9"} {
			v := decide(login(words, user, "wrong"))
			var want []secret.Secret
			if u, known := users[user]; known {
				want = append(want, u.Secret)
			}
			if v.Result == Pass || !slices.Equal(compared, want) {
				t.Errorf("%s as %s: %+v after comparing with %v, want its own", words, user, v, compared)
			}
		}
	}
	for _, user := range []string{"free", "type0", "type4", "type5", "type7", "type8", "type9"} {
		u, password := users[user], "right"
		if u.Secret.Type == 4 {
			password = "hashcat"
		}
		v := decide(login("local", user, password))
		if v.Result != Pass || len(compared) > 1 || len(compared) == 1 && compared[0] != u.Secret {
			t.Errorf("%s gets in: %+v after comparing with %v, want its own", user, v, compared)
		}
	}
	limited := login("local", "type9", "right")
	limited.Limit = func(string, *User) *Verdict { return &Verdict{Reason: "too many"} }
	for why, r := range map[string]*Request{
		"used up":           login("local", "once", "right"),
		"beyond a limit":    limited,
		"enable":            {Service: Enable, List: list("enable"), Level: 15, Password: "wrong", Typed: true},
		"no list":           login("", "type0", "right"),
		"a key of nobody's": {Service: Login, User: "once", Proved: true, Named: true},
	} {
		if v := decide(r); v.Result == Pass {
			t.Errorf("%s: %+v", why, v)
		}
	}
	if v := decide(&Request{Service: Login, List: list("local"), User: "eve", Named: true}); v.Result == Pass || v.Reason != ReasonUnasked {
		t.Errorf("nobody can be asked: %+v", v)
	}
}
