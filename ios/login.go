package ios

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"vtylab/aaa"
	"vtylab/aaa/radius"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/tty"
)

// line is the configuration of a line.
func (s *System) line(l *tty.Line) model.Line { return lineOf(s.Load(), l) }

func lineOf(c *model.Config, l *tty.Line) model.Line {
	if line, ok := c.Line(l.Kind, l.Number); ok {
		return line
	}
	return model.NewLine(l.Kind, l.Number)
}

// Admits takes a connection to lines that take its protocol, that the port of the device
// leads to, and whose access-class lets the peer in.
func (s *System) Admits(t device.Transport, f network.Flow) (func(*tty.Line) *network.Verdict, *network.Verdict) {
	c := s.Load()
	if no := s.quiet(c, f); no != nil {
		return nil, no
	}
	port := int(f.Local.Port())
	protocol, reaches := "ssh", c.SSHReaches
	if t == device.Telnet {
		protocol, reaches = "telnet", c.TelnetReaches
	}
	takes := takers(c, protocol, func(list string) (bool, string) {
		permit, line, logged := c.Admit(list, f)
		if logged != nil {
			s.device.Matched(*logged)
		}
		return permit, line
	})
	return func(l *tty.Line) *network.Verdict {
		if line := lineOf(c, l); !reaches(&line, port) {
			return refusal("", "") // the port leads to other lines
		}
		return takes(l)
	}, nil
}

// takers is what each line says to a connection, whatever port that came to. Permits holds
// it against an access list.
func takers(c *model.Config, protocol string, permits func(list string) (permit bool, line string)) func(*tty.Line) *network.Verdict {
	lists := map[string]*network.Verdict{} // by access list: most lines have the same
	return func(l *tty.Line) *network.Verdict {
		line := lineOf(c, l)
		switch {
		case !line.Allows(protocol):
			return refusal("transport input", fmt.Sprintf("line %s %d", l.Kind, l.Number))
		case line.AccessIn == "":
			return nil
		}
		v, asked := lists[line.AccessIn]
		if !asked {
			if ok, decided := permits(line.AccessIn); !ok {
				v = refusal("access-class "+line.AccessIn, decided)
			}
			lists[line.AccessIn] = v
		}
		return v
	}
}

// Reverse takes `user:3` for user on line 3, and `user:rotary1` for user on a free line
// of rotary group 1 (Reverse SSH Enhancements). A user of the database may have a colon
// in the name.
func (s *System) Reverse(name string, f network.Flow) (user string, wants func(*tty.Line) bool) {
	user, at, ok := strings.Cut(name, ":")
	if !ok {
		return name, nil
	}
	c := s.Load()
	if _, own := c.Users.Find(name, false); own {
		return name, nil
	}
	group, rotary := strings.CutPrefix(at, "rotary")
	n, err := strconv.ParseUint(group, 10, 16)
	if err != nil {
		return name, nil
	}
	takes := takers(c, "ssh", func(list string) (bool, string) { return c.Permits(list, f) }) // the connection was counted when it came
	return user, func(l *tty.Line) bool {
		meant := l.TTY == int(n)
		if rotary {
			meant = n != 0 && lineOf(c, l).Rotary == int(n)
		}
		return meant && takes(l) == nil
	}
}

func refusal(reason, line string) *network.Verdict {
	return &network.Verdict{Outcome: network.Refused, Reason: reason, Line: line}
}

// NoEXEC is `no exec`.
func (s *System) NoEXEC(l *tty.Line) bool { return s.line(l).NoExec }

// aaaSettings are the user database and the passwords.
func aaaSettings(c *model.Config, take func(name string) bool, locks aaa.Locks) aaa.Settings {
	return aaa.Settings{
		User: func(name string, exact bool) (aaa.User, bool) {
			u, ok := c.Users.Find(name, exact)
			if !ok {
				return aaa.User{}, false
			}
			return aaa.User{Name: u.Name, Secret: u.Stored(), NoPassword: u.NoPassword, Privilege: u.Privilege, AutoCommand: u.AutoCommand,
				AccessClass: u.AccessClass, View: u.View, MaxLinks: u.MaxLinks, OneTime: u.SingleUse, Line: "username " + u.Name}, true
		},
		Take:           take,
		Locks:          locks,
		Enable:         c.EnablePassword,
		UsernamePrompt: c.AAA.UsernamePrompt, PasswordPrompt: c.AAA.PasswordPrompt,
		Group:    func(name string) (aaa.Group, bool) { return groupOf(c, name) },
		Directed: c.Tacacs.Directed, Restricted: c.Tacacs.Restricted,
		AllowUnknown: c.Tacacs.AllowUnknown,
		Update:       time.Duration(c.AAA.Update.Minutes) * time.Minute,
		Servers:      func() string { return serversText(c) },
		Dead:         radius.Criteria{Time: time.Duration(c.Radius.DeadSeconds) * time.Second, Tries: c.Radius.DeadTries},
	}
}

// take removes a one-time user from the running configuration, in one step with
// finding it.
func (s *System) take(name string) bool {
	taken := false
	s.Update(func(c *model.Config) error {
		if u, ok := c.Users.Get(name); ok && u.SingleUse {
			c.Users.Delete(name)
			taken = true
		}
		return nil
	})
	if taken {
		s.device.Touch("")
	}
	return taken
}

// LoginRequest is how users log in on a line.
func (s *System) LoginRequest(l *tty.Line, t device.Transport) *aaa.Request {
	c, line := s.Load(), s.line(l)
	return request(aaa.Login, &line, listOf(c.LoginMethods(&line, t == device.SSH)))
}

// ExecRequest is how a user who has logged in gets an EXEC.
func (s *System) ExecRequest(l *tty.Line, _ aaa.Verdict) *aaa.Request {
	c, line := s.Load(), s.line(l)
	return request(aaa.Exec, &line, listOf(c.ExecMethods(&line)))
}

// CommandRequest is how a command is authorized, nil for one that needs no authorization.
func (s *System) CommandRequest(l *tty.Line, a *device.Action) *aaa.Request {
	c, line := s.Load(), s.line(l)
	methods, from := c.CommandMethods(&line, a.Level, a.Mode != "")
	if methods == nil {
		return nil
	}
	return request(aaa.Commands, &line, listOf(methods, from))
}

// ReverseRequest is how a user gets a line that leads out, nil where nobody is asked.
func (s *System) ReverseRequest(l *tty.Line) *aaa.Request {
	c, line := s.Load(), s.line(l)
	methods, from := c.ReverseMethods(&line)
	if methods == nil {
		return nil
	}
	return request(aaa.Reverse, &line, listOf(methods, from))
}

// Accounting is the list that records something on a line.
func (s *System) Accounting(l *tty.Line, of string, level int) aaa.Accounting {
	c := s.Load()
	var line *model.Line
	if l != nil {
		own := lineOf(c, l)
		line = &own
	}
	list, name := c.Accounts(line, of, level)
	if list == nil || list.Action == "none" || list.Action == "" {
		return aaa.Accounting{}
	}
	return aaa.Accounting{Of: of, Name: name, Start: list.Action != "stop-only", Wait: list.Action == "wait-start", Broadcast: list.Broadcast, Groups: list.Groups}
}

// EnableRequest is how the user of a line gets a privilege level.
func (s *System) EnableRequest(l *tty.Line, user string, level int) *aaa.Request {
	c, line := s.Load(), s.line(l)
	r := request(aaa.Enable, &line, listOf(c.EnableMethods()))
	r.User, r.Level = user, level
	return r
}

func request(service string, l *model.Line, list aaa.List) *aaa.Request {
	return &aaa.Request{Service: service, List: list, Line: aaa.Line{Password: l.Password, Privilege: l.Privilege, AutoCommand: l.AutoCommand}}
}

// listOf is a method list as AAA takes it.
func listOf(methods []model.Method, line string) aaa.List {
	list := aaa.List{Line: line, Name: line[strings.LastIndexByte(line, ' ')+1:]}
	for _, m := range methods {
		list.Methods = append(list.Methods, aaa.MethodRef(m))
	}
	return list
}

// SSH is what there is to say of the SSH server.
func (s *System) SSH() exec.SSHStatus {
	c := s.Load()
	x := exec.SSHStatus{Version: s.sshVersion(c), Up: len(s.hostKeys(c)) > 0}
	x.RSA, x.EC = s.sshKeys(c)
	if x.Up {
		x.Ports = sshPorts(c)
	}
	x.Server = func() *keyring.Pair {
		if x.RSA == nil {
			return nil
		}
		k, err := s.device.Keys.Server(x.RSA, s.product.Release.Keys.ServerKey, s.device.Now())
		if err != nil {
			s.device.Problem("making the server key", err)
		}
		return k
	}
	return x
}
