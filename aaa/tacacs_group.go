package aaa

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"vtylab/aaa/tacacs"
	"vtylab/network"
)

// tacacsProtocol asks a server of TACACS+, which asks the user itself.
var tacacsProtocol = &protocol{asksUser: true, authenticate: loginOverTacacs, authorizeExec: execOverTacacs, authorizeCommand: commandOverTacacs, account: accountOverTacacs}

// eachTacacs asks the servers of a group one after the other, until one has decided. A
// server that does not answer, or answers ERROR, leaves it to the next. Told is the event to
// trace for each server.
func (d *Dialogue) eachTacacs(ctx context.Context, g *Group, told Asked, ask func(*tacacs.Client, *tacacs.Server, tacacs.Identity) Verdict) Verdict {
	last := Verdict{Result: Error, Reason: ReasonNoServer}
	client := d.service.tacacs()
	servers, user := d.ordered(g)
	for _, s := range servers {
		address, found := d.service.outside.address(ctx, &s)
		if !found || client == nil || ctx.Err() != nil {
			continue
		}
		told.Request, told.Group, told.Server, told.Address = &d.Request, g.Name, s, address
		told.First, told.Preferred = last.Server == "", s.id(g.Protocol) == d.Request.Login.from
		d.service.trace(told)
		d.spent = false
		id := d.identity()
		id.User = user
		v := ask(client, d.service.tacacsServer(&s, address), id)
		if v.Protocol, v.Server, v.from = g.Protocol, s.Host, s.id(g.Protocol); v.Result != Error {
			return v
		}
		last = v
	}
	return last
}

// tacacsServer is a server as the client takes it.
func (s *Service) tacacsServer(x *Server, address netip.Addr) *tacacs.Server {
	key, _ := x.Key.Reveal()
	return &tacacs.Server{
		Addr: netip.AddrPortFrom(address, x.Port), Key: key, Timeout: x.Timeout, Single: x.Single, Scope: x.VRF,
		Dial: func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			return s.outside.Network.Dial(ctx, x.path(network.TCP, to))
		},
	}
}

// identity is who a request is about: the type and the service of an ASCII login.
func (d *Dialogue) identity() tacacs.Identity {
	r := &d.Request
	id := tacacs.Identity{User: r.User, Port: r.Port, RemoteAddr: remote(r), Level: 1, Type: tacacs.TypeASCII, Service: tacacs.ServiceLogin, Method: authenMethod(r.Login), Tag: r.ID}
	switch r.Service {
	case Enable:
		id.Level, id.Service = r.Level, tacacs.ServiceEnable
	case Commands:
		id.Level = r.Command.Level
	}
	return id
}

// remote is where a user is: `async` at the console.
func remote(r *Request) string {
	if r.Peer.IsValid() {
		return r.Peer.Addr().Unmap().String()
	}
	if r.Port == "" {
		return ""
	}
	return "async"
}

// authenMethod is how a login was decided (RFC 8907 section 6.1).
func authenMethod(login Verdict) tacacs.Method {
	switch {
	case login.Protocol == TACACS:
		return tacacs.MethodTACACS
	case login.Protocol == RADIUS:
		return tacacs.MethodRADIUS
	}
	switch login.Method {
	case "local", "local-case":
		return tacacs.MethodLocal
	case "line":
		return tacacs.MethodLine
	case "enable":
		return tacacs.MethodEnable
	case "none":
		return tacacs.MethodNone
	}
	return tacacs.MethodNotSet
}

// loginOverTacacs is a login or enable. The server asks, and the user answers: what the
// server wants to know besides name and password is asked in its own words.
func loginOverTacacs(ctx context.Context, d *Dialogue, g *Group) Verdict {
	return d.eachTacacs(ctx, g, Asked{}, func(c *tacacs.Client, s *tacacs.Server, id tacacs.Identity) Verdict {
		session, reply, err := c.Login(ctx, s, tacacs.ActionLogin, id)
		for err == nil && reply.Status.Asks() {
			answer, bad := d.Ask(ctx, question(reply))
			if bad != nil {
				session.Abort("")
				return ended(bad)
			}
			reply, err = session.Continue(ctx, answer)
		}
		if err != nil {
			return unanswered(err)
		}
		v := Verdict{Message: reply.Message}
		switch reply.Status {
		case tacacs.Pass:
		case tacacs.Error:
			v.Result, v.Reason = Error, cmp.Or(reply.Message, ReasonServerError)
		default: // FAIL; RESTART asks for another type of login, FOLLOW for another server
			v.Result, v.Reason = Fail, ReasonRejected
		}
		return v
	})
}

// promptOf is a question of a server's: its last line is the prompt, the others come first.
func promptOf(message string, echo bool) Prompt {
	text := strings.ReplaceAll(message, "\r\n", "\n")
	last := strings.LastIndexByte(text, '\n') + 1
	return Prompt{What: AskData, Before: strings.TrimSuffix(text[:last], "\n"), Text: text[last:], Echo: echo}
}

// question is what a server of TACACS+ wants to know.
func question(r tacacs.Reply) Prompt {
	p := promptOf(r.Message, !r.NoEcho)
	switch r.Status {
	case tacacs.GetUser:
		p.What, p.Text = AskUser, cmp.Or(p.Text, "Username: ")
	case tacacs.GetPass:
		p.What, p.Text = AskPassword, cmp.Or(p.Text, "Password: ")
	}
	return p
}

// unanswered is the verdict on a server that has not decided. What fits no packet is
// refused: a long name or password must not lead to the next method.
func unanswered(err error) Verdict {
	switch {
	case errors.Is(err, tacacs.ErrUnsendable):
		return Verdict{Result: Fail, Reason: ReasonTooLong}
	case errors.Is(err, tacacs.ErrKey):
		return Verdict{Result: Error, Reason: ReasonKey}
	}
	return Verdict{Result: Error, Reason: ReasonNoServer}
}

// execOverTacacs asks for an EXEC (RFC 8907 section 6.1).
func execOverTacacs(ctx context.Context, d *Dialogue, g *Group) Verdict {
	return d.authorizeOverTacacs(ctx, g, []string{"service=shell", "cmd*"}, knownOfExec)
}

// commandOverTacacs asks whether a command may be given, or a line be used: cmd=show
// cmd-arg=version cmd-arg=<cr>.
func commandOverTacacs(ctx context.Context, d *Dialogue, g *Group) Verdict {
	if d.Request.Service == Reverse {
		return d.authorizeOverTacacs(ctx, g, append([]string{"service=raccess"}, d.Request.Command.Words...), nil)
	}
	args := []string{"service=shell"}
	for i, w := range append(slices.Clone(d.Request.Command.Words), "<cr>") {
		name := "cmd-arg="
		if i == 0 {
			name = "cmd="
		}
		args = append(args, name+w)
	}
	return d.authorizeOverTacacs(ctx, g, args, nil)
}

// authorizeOverTacacs asks for an authorization. Attributes of the answer that the device
// has no use for, and that are not optional, refuse it; a nil list knows all.
func (d *Dialogue) authorizeOverTacacs(ctx context.Context, g *Group, args, known []string) Verdict {
	return d.eachTacacs(ctx, g, Asked{Args: args}, func(c *tacacs.Client, s *tacacs.Server, id tacacs.Identity) Verdict {
		r, err := c.Authorize(ctx, s, id, args)
		if err != nil {
			return unanswered(err)
		}
		v := Verdict{Message: r.Message}
		switch r.Status {
		case tacacs.PassAdd, tacacs.PassReplace:
		case tacacs.AuthorError:
			v.Result, v.Reason = Error, ReasonServerError
			return v
		default:
			v.Result, v.Reason = Fail, ReasonRejected
			return v
		}
		for _, arg := range r.Args {
			a := attribute(arg)
			switch {
			case known == nil, slices.Contains(known, a.Name):
				v.Attributes = append(v.Attributes, a)
			case !a.Optional && !d.Settings.AllowUnknown:
				v.Result, v.Reason = Fail, ReasonAttribute+" "+a.Name
			}
		}
		return v
	})
}

// knownOfExec are the attributes that an EXEC takes, or knows and has no use for. The
// service and the command are those of the request.
var knownOfExec = []string{PrivilegeLevel, AutoCommand, IdleTime, Timeout, OutACL, NoEscape, NoHangup, CLIView, "service", "cmd",
	"callback-dialstring", "callback-line", "callback-rotary", "nocallback-verify"}

// attribute takes name=value apart, or name*value, which is optional.
func attribute(arg string) Attribute {
	at := strings.IndexAny(arg, "=*")
	if at < 0 {
		return Attribute{Name: arg}
	}
	return Attribute{Name: arg[:at], Value: arg[at+1:], Optional: arg[at] == '*'}
}

// accountOverTacacs sends a record (RFC 8907 section 7). The order of the arguments is that
// of a 12.x router (IOS Cookbook 4.7).
func accountOverTacacs(ctx context.Context, d *Dialogue, g *Group, r *Record) Verdict {
	flags := map[Stage]tacacs.Flags{Begun: tacacs.AcctStart, Ended: tacacs.AcctStop, Going: tacacs.AcctWatchdog}[r.Stage]
	args := r.arguments()
	return d.eachTacacs(ctx, g, Asked{Args: args, Account: true}, func(c *tacacs.Client, s *tacacs.Server, id tacacs.Identity) Verdict {
		reply, err := c.Account(ctx, s, id, flags, args)
		switch {
		case err != nil:
			return unanswered(err)
		case reply.Status != tacacs.AcctSuccess:
			return Verdict{Result: Error, Reason: ReasonServerError}
		}
		return Verdict{}
	})
}

// servicesOf are the services that records are of.
var servicesOf = map[string]string{AccountExec: "shell", AccountCommands: "shell", AccountConnection: "connection", AccountSystem: "system"}

// normalExit is the cause of a session that its user has ended, as Cisco goes into detail:
// seen with UserRequest. What goes with the other causes is not known.
const normalExit = 1020

func (r *Record) arguments() []string {
	zone, _ := r.Begun.Zone()
	args := []string{"task_id=" + strconv.FormatUint(uint64(r.Task), 10)}
	if r.List.Of != AccountConnection { // those of the Catalyst 2960 have neither
		args = append(args, "start_time="+strconv.FormatInt(r.Begun.Unix(), 10), "timezone="+zone)
	}
	args = append(args, "service="+servicesOf[r.List.Of])
	args = append(args, r.Details...)
	if r.Cause != 0 && r.List.Of == AccountExec {
		args = append(args, "disc-cause="+strconv.Itoa(int(r.Cause)))
		if r.Cause == UserRequest {
			args = append(args, "disc-cause-ext="+strconv.Itoa(normalExit))
		}
	}
	if r.Stage != Begun && r.List.Of != AccountCommands {
		args = append(args, "elapsed_time="+strconv.Itoa(int(r.Elapsed.Seconds())))
	}
	return args
}
