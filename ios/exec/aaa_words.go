package exec

import (
	"fmt"
	"strings"

	"vtylab/aaa"
	"vtylab/device"
)

// The switches of AAA.
const (
	debugAuthentication = "aaa authentication"
	debugAuthorization  = "aaa authorization"
	debugAccounting     = "aaa accounting"
)

var aaaSwitches = []debugSwitch{
	{debugAuthentication, `aaa "AAA Authentication, Authorization and Accounting" authentication "Authentication"`, "General OS:", "AAA Authentication debugging"},
	{debugAuthorization, `aaa authorization "Authorization"`, "General OS:", "AAA Authorization debugging"},
	{debugAccounting, `aaa accounting "Accounting"`, "General OS:", "AAA Accounting debugging"},
	{debugTacacs, `tacacs "TACACS authentication and authorization"`, "General OS:", "TACACS access control debugging"},
	{debugTacacsEvents, `tacacs events "TACACS+ protocol events"`, "General OS:", "TACACS+ events debugging"},
	{debugTacacsPacket, `tacacs packet "TACACS+ packets"`, "General OS:", "TACACS+ packets debugging"},
	{debugTacacsAuthentication, `tacacs authentication "TACACS+ authentication"`, "General OS:", "TACACS+ authentication debugging"},
	{debugTacacsAuthorization, `tacacs authorization "TACACS+ authorization"`, "General OS:", "TACACS+ authorization debugging"},
	{debugTacacsAccounting, `tacacs accounting "TACACS+ protocol accounting"`, "General OS:", "TACACS+ accounting debugging"},
	{debugRadius, `radius "RADIUS protocol"`, "Radius protocol:", "Radius protocol debugging"},
	{debugRadiusAuthentication, `radius authentication "RADIUS authentication"`, "Radius protocol:", "Radius protocol authentication debugging"},
	{debugRadiusAccounting, `radius accounting "RADIUS accounting"`, "Radius protocol:", "Radius protocol accounting debugging"},
	{debugRadiusBrief, `radius brief "Only I/O transactions are recorded"`, "Radius protocol:", "Radius protocol brief debugging"},
	{debugRadiusVerbose, `radius verbose "Include non essential RADIUS debugs"`, "Radius protocol:", "Radius protocol verbose debugging"},
}

// Printer prints debug output: a line, and lines without a time stamp that belong to it.
type Printer func(line string, more ...string)

// aaaWords are the words of AAA for one event.
type aaaWords struct {
	on    *device.Debug
	print Printer
	host  string
	long  bool // pointers have 12 digits
}

// printf prints a line, in which what users and servers have said cannot begin another one.
func (w *aaaWords) printf(format string, args ...any) {
	w.print(oneLine(fmt.Sprintf(format, args...)))
}

// AAAWords prints what AAA does on a device of a name, as far as a switch of debugging is on
// for it.
func AAAWords(t *ShowTraits, host string, on *device.Debug, e aaa.Event, print Printer) {
	w := &aaaWords{on, print, host, t.ControlBlock > 8}
	switch e := e.(type) {
	case aaa.Tacacs:
		w.tacacs(e.Event)
	case aaa.Asked:
		w.asked(e)
	case aaa.Radius:
		w.radius(e.Event)
	case aaa.Recorded:
		w.recorded(e)
	case aaa.Picked:
		w.picked(e.Request)
	case aaa.Needed:
		w.needed(e.Request)
	case aaa.Granted:
		w.granted(e)
	case aaa.Authorized:
		if e.Request.Service == aaa.Exec && on.On(debugAuthorization) && e.Result == aaa.Pass {
			w.printf("AAA/AUTHOR/EXEC(%08X): Authorization successful", e.Request.ID)
		}
	default:
		w.enable(e)
	}
}

// picked is a method list (aaa-snmp A9, ios-cli C6).
func (w *aaaWords) picked(r *aaa.Request) {
	switch {
	case r.Service == aaa.Login && w.on.On(debugAuthentication):
		w.printf("AAA/BIND(%08X): Bind i/f", r.ID)
		w.printf("AAA/AUTHEN/LOGIN (%08X): Pick method list '%s'", r.ID, r.List.Name)
	case r.Service == aaa.Enable && w.on.On(debugAuthentication):
		w.printf("AAA/AUTHEN/START (%d): port='%s' list='' action=LOGIN service=ENABLE", sessionOf(r.ID), r.Port)
		switch {
		case r.List.Name != "":
			w.printf(`AAA/AUTHEN/START (%d): using "%s" list`, sessionOf(r.ID), r.List.Name)
		case r.Peer.IsValid():
			w.printf("AAA/AUTHEN/START (%d): non-console enable - default to enable password", sessionOf(r.ID))
		default:
			w.printf("AAA/AUTHEN/START (%d): console enable - default to enable password (if any)", sessionOf(r.ID))
		}
	case r.Service == aaa.Exec && w.on.On(debugAuthorization) && r.List.Name != "":
		w.printf("AAA/AUTHOR (0x%X): Pick method list '%s'", r.ID, r.List.Name)
	}
}

// granted is an attribute of an EXEC.
func (w *aaaWords) granted(e aaa.Granted) {
	if w.on.On(debugAuthorization) && e.Request.Service == aaa.Exec {
		w.printf("AAA/AUTHOR/EXEC(%08X): processing AV %s=%s", e.Request.ID, e.Attribute.Name, e.Attribute.Value)
	}
}

// needed is a command that may have to be authorized.
func (w *aaaWords) needed(r *aaa.Request) {
	if !w.on.On(debugAuthorization) {
		return
	}
	w.printf("AAA/AUTHOR: auth_need : user= '%s' ruser= '%s'rem_addr= '%s' priv= %d list= '%s' AUTHOR-TYPE= 'commands'",
		r.User, w.host, remoteOf(r), r.Command.Level, r.List.Name)
}

// remoteOf is where the user of a request is.
func remoteOf(r *aaa.Request) string {
	if r.Peer.IsValid() {
		return r.Peer.Addr().Unmap().String()
	}
	return "async"
}

// sessionOf is a number such as those that old code has for a request: it is made up, and
// the same for the same one.
func sessionOf(id uint32) uint32 { return id*2654435761 | 1 }

// enable is the old code that `enable` still goes through (captures of IOL 17.15).
func (w *aaaWords) enable(e aaa.Event) {
	if !w.on.On(debugAuthentication) {
		return
	}
	switch e := e.(type) {
	case aaa.Trying:
		if e.Request.Service != aaa.Enable {
			return
		}
		id := sessionOf(e.Request.ID)
		if e.Fallback {
			w.printf("AAA/AUTHEN/START (%d): Restart", id+1)
			id++
		}
		w.printf("AAA/AUTHEN/START (%d): Method=%s", id, methodWord(e))
	case aaa.Questioned:
		if e.Request.Service == aaa.Enable {
			w.printf("AAA/AUTHEN (%d): status = GETPASS", sessionOf(e.Request.ID))
		}
	case aaa.Answered:
		if id := sessionOf(e.Request.ID); e.Request.Service == aaa.Enable {
			w.printf("AAA/AUTHEN/CONT (%d): continue_login (user='%s')", id, undefined(e.Request.User))
			w.printf("AAA/AUTHEN (%d): status = GETPASS", id)
		}
	case aaa.Tried:
		if e.Request.Service != aaa.Enable {
			return
		}
		id := sessionOf(e.Request.ID)
		if e.Verdict.Result == aaa.Fail && e.Method.Name != "group" {
			w.printf("AAA/AUTHEN(%d): password incorrect", id)
		}
		w.printf("AAA/AUTHEN (%d): status = %s", id, strings.ToUpper(e.Verdict.Result.String()))
	}
}

func undefined(user string) string {
	if user == "" {
		return "(undef)"
	}
	return user
}

// methodWord is a method of enable: ENABLE, or a group with its protocol.
func methodWord(e aaa.Trying) string {
	if e.Group != nil {
		return e.Method.Group + " (" + e.Group.Protocol + ")"
	}
	return strings.ToUpper(e.Method.Name)
}

// recorded is a record of accounting (from memory).
func (w *aaaWords) recorded(e aaa.Recorded) {
	if !w.on.On(debugAccounting) {
		return
	}
	r := e.Record
	kind := map[string]string{aaa.AccountExec: "EXEC", aaa.AccountCommands: "CMD", aaa.AccountConnection: "CONN", aaa.AccountSystem: "SYSTEM"}[r.List.Of]
	if e.Done {
		w.printf("AAA/ACCT/%s(%08X): %s protocol reply %s", kind, r.Request.ID, r.Stage, strings.ToUpper(e.Result.String()))
		return
	}
	w.printf("AAA/ACCT/%s(%08X): Pick method list '%s'", kind, r.Request.ID, r.List.Name)
	w.printf("AAA/ACCT/%s(%08X): Queueing record is %s", kind, r.Request.ID, r.Stage)
}
