package aaaserver

import (
	"context"
	"strings"

	"vtylab/aaa/tacacs"
)

// The texts of the dialogues (aaa-snmp A4).
const (
	userText     = "Username: "
	passwordText = "Password: "
	oldText      = "Old Password: "
	newText      = "New Password: "
	againText    = "Re-enter New password: "
	expiredText  = "Your password has expired.\nEnter a new one now.\nNew Password: "
	mismatchText = "The New and Re-entered passwords have to be the same.\nTry again.\nNew Password: "
)

// maxMismatches is how often new passwords may differ before the login fails.
const maxMismatches = 3

// TACACS is the server as the handler of tacacs.Serve, for who brings connections of
// another kind. Faults that are in the wire itself are not in it.
func (s *Server) TACACS() tacacs.Handler { return tacacsServer{s} }

type tacacsServer struct{ *Server }

// Authenticate is one login or enable, as far as the device's user goes along.
func (t tacacsServer) Authenticate(ctx context.Context, start tacacs.Start, ask func(context.Context, tacacs.Reply) (tacacs.Continue, error)) tacacs.Reply {
	if !t.ready(ctx) {
		return tacacs.Reply{Status: tacacs.Error}
	}
	d := &dialogue{server: t.Server, start: start, ask: func(r tacacs.Reply) (string, error) {
		c, err := ask(ctx, r)
		if err == nil && !t.Fault().delay(ctx) {
			err = context.Cause(ctx)
		}
		return string(c.Message), err
	}}
	reply, err := d.run()
	if err != nil {
		return tacacs.Reply{Status: tacacs.Error}
	}
	return reply
}

// ready waits as the fault wants, for ever with Mute, and reports whether to answer.
func (t tacacsServer) ready(ctx context.Context) bool {
	f := t.Fault()
	if f == Mute {
		<-ctx.Done()
	}
	return f.delay(ctx)
}

// dialogue is one authentication.
type dialogue struct {
	server *Server
	start  tacacs.Start
	ask    func(tacacs.Reply) (string, error)
}

var (
	pass = tacacs.Reply{Status: tacacs.Pass}
	fail = tacacs.Reply{Status: tacacs.Fail}
)

// run is the reply at the end. An error is the end of the session.
func (d *dialogue) run() (tacacs.Reply, error) {
	switch {
	case d.start.Action != tacacs.ActionLogin:
		return tacacs.Reply{Status: tacacs.Error, Message: "action is not supported"}, nil
	case d.start.Type == tacacs.TypePAP:
		return d.pap(), nil
	case d.start.Type != tacacs.TypeASCII:
		return tacacs.Reply{Status: tacacs.Error, Message: "authentication type is not supported"}, nil
	case d.start.Service == tacacs.ServiceEnable:
		return d.enable()
	}
	return d.login()
}

// pap has everything in the START.
func (d *dialogue) pap() tacacs.Reply {
	a, ok := d.server.verify(d.start.User, string(d.start.Data))
	if !ok || !a.code.IsZero() || a.due() {
		return fail // who has to be asked more cannot come in this way
	}
	d.server.count(d.start.User)
	return pass
}

func (d *dialogue) enable() (tacacs.Reply, error) {
	password, err := d.hidden(tacacs.GetPass, passwordText)
	if err != nil || !d.server.verifyEnable(d.start.Level, password) {
		return fail, err
	}
	return pass, nil
}

// hidden asks for something that must not be seen.
func (d *dialogue) hidden(status tacacs.Status, text string) (string, error) {
	return d.ask(tacacs.Reply{Status: status, NoEcho: true, Message: text})
}

func (d *dialogue) login() (tacacs.Reply, error) {
	user := d.start.User
	if user == "" {
		var err error
		if user, err = d.ask(tacacs.Reply{Status: tacacs.GetUser, Message: userText}); err != nil {
			return fail, err
		}
	}
	password, err := d.hidden(tacacs.GetPass, passwordText)
	if err != nil {
		return fail, err
	}
	blank := password == ""
	if blank && d.server.config.ChangeRefused != "" {
		return tacacs.Reply{Status: tacacs.Fail, Message: d.server.config.ChangeRefused}, nil
	}
	if blank {
		if password, err = d.hidden(tacacs.GetData, oldText); err != nil {
			return fail, err
		}
	}
	a, ok := d.server.verify(user, password)
	if !ok {
		return fail, nil
	}
	if ok, err := d.code(&a); !ok || err != nil {
		return fail, err
	}
	switch {
	case blank:
		return d.change(user, newText)
	case a.due():
		return d.change(user, expiredText)
	}
	d.server.count(user)
	return pass, nil
}

// code asks for the code of a user who has one, and reports whether it is right.
func (d *dialogue) code(a *account) (bool, error) {
	if a.code.IsZero() {
		return true, nil
	}
	code, err := d.hidden(tacacs.GetData, codeText)
	return err == nil && a.code.Verify(code), err
}

// change asks for a new password, twice, until both are the same.
func (d *dialogue) change(user, text string) (tacacs.Reply, error) {
	for range maxMismatches {
		password, err := d.hidden(tacacs.GetData, text)
		if err != nil {
			return fail, err
		}
		again, err := d.hidden(tacacs.GetData, againText)
		if err != nil {
			return fail, err
		}
		if password == again {
			if d.server.change(user, password) != nil { // it is blank, or too long
				return fail, nil
			}
			return pass, nil
		}
		text = mismatchText
	}
	return fail, nil
}

// Authorize decides on an EXEC, or on a command.
func (t tacacsServer) Authorize(ctx context.Context, r tacacs.AuthorRequest) tacacs.Response {
	if !t.ready(ctx) {
		return tacacs.Response{Status: tacacs.AuthorError}
	}
	f := t.Fault()
	a, known := t.user(r.User)
	service, command := requested(r.Args)
	switch {
	case !known || f == Deny || service != "shell":
		return tacacs.Response{Status: tacacs.AuthorFail}
	case command == "":
		return tacacs.Response{Status: tacacs.PassAdd, Args: a.exec(f)}
	case !a.permits(command):
		return tacacs.Response{Status: tacacs.AuthorFail}
	}
	return tacacs.Response{Status: tacacs.PassAdd}
}

// requested is the service of an authorization, and the command without its <cr>; "" is
// an EXEC.
func requested(args []string) (service, command string) {
	var words []string
	for _, a := range args {
		switch name, value := split(a); {
		case name == "service":
			service = value
		case (name == "cmd" || name == "cmd-arg") && value != "" && value != "<cr>":
			words = append(words, value)
		}
	}
	return service, strings.Join(words, " ")
}

// Account logs a record.
func (t tacacsServer) Account(ctx context.Context, r tacacs.AcctRequest) tacacs.AcctReply {
	if !t.ready(ctx) || t.log.tacacs(r) != nil {
		return tacacs.AcctReply{Status: tacacs.AcctError}
	}
	return tacacs.AcctReply{Status: tacacs.AcctSuccess}
}
