package aaa

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"vtylab/secret"
)

// Dialogue is a request on its way through its list: what the methods work with.
type Dialogue struct {
	Request  Request // with the answers there were so far
	Settings *Settings
	Ref      MethodRef // the method that runs

	service *Service
	ask     Ask
	spent   bool // the method that runs has had the password
	verify  func(secret.Secret, string) bool
}

func (s *Service) dialogue(r *Request, ask Ask) *Dialogue {
	d := &Dialogue{Request: *r, Settings: s.settings.Load(), service: s, ask: ask, verify: s.verify}
	if r.Service != Login {
		d.Request.Named = true
	}
	return d
}

// authenticate asks for the user, if that has to be known, then one method after the
// other.
func (d *Dialogue) authenticate(ctx context.Context) Verdict {
	if d.Request.Proved {
		return d.proved()
	}
	if d.needsUser() {
		if _, err := d.Ask(ctx, Prompt{What: AskUser, Text: cmp.Or(d.Settings.UsernamePrompt, "Username: "), Echo: true}); err != nil {
			return ended(err)
		}
	}
	return d.each(ctx, func(m *Method) func(context.Context, *Dialogue) Verdict { return m.Authenticate })
}

// proved is the verdict on a user who has proved who it is.
func (d *Dialogue) proved() Verdict {
	u := d.find(d.Request.User)
	if u != nil && d.locked(u) {
		return Verdict{Result: Fail, Method: "publickey", Reason: ReasonLocked, Account: u}
	}
	return Verdict{Result: Pass, Method: "publickey", Account: u}
}

// needsUser reports whether the name has to be asked for.
func (d *Dialogue) needsUser() bool {
	user, _ := d.Request.List.Asks()
	return user && !d.Request.Named && !d.serverAsks()
}

// Asks reports what a login by the list asks for: for the name where a method before
// one that asks for nothing wants it.
func (l List) Asks() (user, password bool) {
	for _, ref := range l.Methods {
		m := lookup(ref.Name)
		if !m.AsksUser && !m.AsksPassword {
			break
		}
		user, password = user || m.AsksUser, true
	}
	return user, password
}

// each runs the list: the first method that decides, decides.
func (d *Dialogue) each(ctx context.Context, do func(*Method) func(context.Context, *Dialogue) Verdict) Verdict {
	last := Verdict{Result: Error, Reason: ReasonNoMethod, Line: d.Request.List.Line}
	d.service.trace(Picked{&d.Request})
	for _, d.Ref = range d.Request.List.Methods {
		d.spent = false
		d.trying(last)
		last = do(lookup(d.Ref.Name))(ctx, d)
		d.service.trace(Tried{&d.Request, d.Ref, last})
		last.Method, last.Line = cmp.Or(last.Method, d.Ref.String()), cmp.Or(last.Line, d.Request.List.Line)
		if last.Result != Error || ctx.Err() != nil {
			break
		}
	}
	return last
}

// trying tells of the method that is next; last is what the one before came to.
func (d *Dialogue) trying(last Verdict) {
	if d.service.outside.Trace == nil {
		return
	}
	e := Trying{Request: &d.Request, Method: d.Ref, Fallback: last.Method != ""}
	if d.Ref.Name == group.Name {
		_, e.Group = d.group()
	}
	d.service.trace(e)
}

// admit applies what limits a user who has given the right password, and takes a
// one-time user whose password that was away.
func (d *Dialogue) admit(v Verdict) Verdict {
	own := v.Account
	if own == nil {
		v.Account = d.find(d.Request.User)
	}
	if d.Request.Limit != nil {
		if no := d.Request.Limit(d.Request.User, v.Account); no != nil {
			v.Result, v.Reason, v.Line = Fail, no.Reason, cmp.Or(no.Line, v.Line)
			return v
		}
	}
	if own != nil && own.OneTime && !d.Request.Probe && (d.Settings.Take == nil || !d.Settings.Take(own.Name)) {
		v.Result, v.Reason, v.Line = Fail, ReasonUsed, own.Line
	}
	return v
}

// find is a user whatever the case of the name, nil when there is none.
func (d *Dialogue) find(name string) *User {
	u, ok := d.user(name, false)
	if !ok {
		return nil
	}
	return &u
}

func (d *Dialogue) user(name string, exact bool) (User, bool) {
	if d.Settings.User == nil {
		return User{}, false
	}
	return d.Settings.User(name, exact)
}

// errUnasked is the end of a conversation in which nobody can be asked.
var errUnasked = errors.New("aaa: nobody to ask")

// Ask is the Ask for the methods. It answers from what is known: the name always, the
// password to the first question of a method for it. What it has to ask for is known
// to the methods behind.
func (d *Dialogue) Ask(ctx context.Context, p Prompt) (string, error) {
	known := &d.Request
	switch {
	case p.What == AskUser && known.Named:
		return known.User, nil
	case p.What == AskPassword && known.Typed && !d.spent, p.What == AskData && known.Typed && !d.spent && d.ask == nil:
		d.spent = true
		return known.Password, nil
	case d.ask == nil:
		return "", errUnasked
	}
	d.service.trace(Questioned{&d.Request})
	answer, err := d.ask(ctx, p)
	if err != nil {
		return "", err
	}
	d.service.trace(Answered{&d.Request})
	switch {
	case p.What == AskUser:
		known.User, known.Named = answer, true
	case p.What == AskPassword && !known.Typed:
		known.Password, known.Typed, d.spent = answer, true, true
	}
	return answer, nil
}

// Password is the password, asked for in the words of the product.
func (d *Dialogue) Password(ctx context.Context) (string, error) {
	text := d.Settings.PasswordPrompt
	if d.Request.Service == Enable {
		text = d.Settings.EnablePrompt
	}
	return d.Ask(ctx, Prompt{What: AskPassword, Text: cmp.Or(text, "Password: ")})
}

// compare is the verdict of a method that has one password to compare with. It asks
// first, so that the questions do not depend on what is configured.
func (d *Dialogue) compare(ctx context.Context, s secret.Secret, wrong string) Verdict {
	typed, err := d.Password(ctx)
	switch {
	case err != nil:
		return ended(err)
	case s.IsZero():
		return Verdict{Result: Error, Reason: ReasonNoPassword}
	case d.verify(s, typed):
		return Verdict{Result: Pass}
	}
	return Verdict{Result: Fail, Reason: wrong}
}

// ended is the verdict on a conversation that the other side has ended.
func ended(err error) Verdict {
	reason := ReasonGone
	if errors.Is(err, errUnasked) {
		reason = ReasonUnasked
	}
	return Verdict{Result: Fail, Reason: reason, Err: err}
}

// Method is one method of authentication or authorization.
type Method struct {
	Name string
	// AsksUser and AsksPassword are what a login by it needs to know.
	AsksUser, AsksPassword bool
	// Authenticate decides on a login or enable, AuthorizeExec on an EXEC.
	Authenticate, AuthorizeExec func(context.Context, *Dialogue) Verdict
	// AuthorizeCommand decides on a command, and on a way out over a line; nil leaves that
	// to the next method.
	AuthorizeCommand func(context.Context, *Dialogue) Verdict
}

// known are the methods there are. Others can be configured, and decide nothing.
var known = []*Method{local, localCase, line, enable, group, none, ifAuthenticated}

func lookup(name string) *Method {
	i := slices.IndexFunc(known, func(m *Method) bool { return m.Name == name })
	if i < 0 {
		return unsupported
	}
	return known[i]
}
