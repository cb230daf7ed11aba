package asa

import (
	"strconv"
	"time"

	"vtylab/aaa"
	"vtylab/device"
	"vtylab/network"
	"vtylab/tty"
)

// Admits lets in who an `ssh` line of the interface names. Everybody else gets no
// answer (asa-ssh-scp 4).
func (s *System) Admits(_ device.Transport, f network.Flow) (line func(*tty.Line) *network.Verdict, refused *network.Verdict) {
	if !s.Load().Permits(f.Interface, f.Remote.Addr()) {
		return nil, &network.Verdict{Outcome: network.Filtered, Interface: f.Interface, Reason: "no ssh line for interface " + strconv.Quote(f.Interface)}
	}
	return func(*tty.Line) *network.Verdict { return nil }, nil
}

// Reverse is never: a name is a name.
func (s *System) Reverse(name string, _ network.Flow) (string, func(*tty.Line) bool) {
	return name, nil
}

// CommandRequest, ReverseRequest and Accounting are never: nothing configures them.
func (s *System) CommandRequest(*tty.Line, *device.Action) *aaa.Request { return nil }
func (s *System) ReverseRequest(*tty.Line) *aaa.Request                 { return nil }
func (s *System) Accounting(*tty.Line, string, int) aaa.Accounting      { return aaa.Accounting{} }

// LoginPause is none: the SSH server has its own.
func (s *System) LoginPause() time.Duration { return 0 }

// NoEXEC is never: everybody gets an EXEC.
func (s *System) NoEXEC(*tty.Line) bool { return false }

// LoginRequest is how somebody logs in: by the local database, over SSH not at all
// without a line that says so, at the console as they are.
func (s *System) LoginRequest(_ *tty.Line, t device.Transport) *aaa.Request {
	line, local := s.Load().AAA.Local(t == device.SSH)
	r := &aaa.Request{Service: aaa.Login}
	switch {
	case local:
		r.List = database(line)
	case t == device.Console:
		r.List = aaa.Methods("none")
	}
	return r
}

// database is the list LOCAL, named by the line that says so. The case of a user's
// name matters.
func database(line string) aaa.List {
	list := aaa.Methods("local-case")
	list.Line = line
	return list
}

// ExecRequest is how a user who has logged in gets an EXEC: at level 1, or with
// auto-enable at the user's own.
func (s *System) ExecRequest(_ *tty.Line, login aaa.Verdict) *aaa.Request {
	r := &aaa.Request{Service: aaa.Exec, List: aaa.Methods("none"), Line: aaa.Line{Privilege: 1}, User: login.User, Account: login.Account}
	if s.Load().AAA.AutoEnable && login.Account != nil {
		r.List = aaa.Methods("local")
		r.List.Line = "aaa authorization exec LOCAL auto-enable"
	}
	return r
}

// EnableRequest is how the user of a shell gets privileged: with the enable
// password, or the user's own.
func (s *System) EnableRequest(x *device.Shell) *aaa.Request {
	r := &aaa.Request{Service: aaa.Enable, List: aaa.Methods("enable"), User: x.User, Level: 15}
	if s.Load().AAA.Enable {
		r.List = database("aaa authentication enable console LOCAL")
	}
	return r
}

// LocalRequest is how somebody becomes another user: `login`.
func (s *System) LocalRequest() *aaa.Request {
	return &aaa.Request{Service: aaa.Login, List: database("")}
}
