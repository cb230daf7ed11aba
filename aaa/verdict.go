package aaa

import (
	"slices"
	"strconv"
	"time"
)

// Result is what a method or a list of them comes to.
type Result int

// The answers of a method.
const (
	Pass Result = iota
	Fail
	Error
)

func (r Result) String() string { return [...]string{"pass", "fail", "error"}[r] }

// Verdict is what became of a request.
type Verdict struct {
	Result Result
	// User is the name that was given, Account the entry of the local database that the
	// name has, if a method looked; authorization takes it from here.
	User    string
	Account *User
	// Method is the one that decided, or the last that could not; "" when there was none.
	Method string
	// Reason says why not, for the operator: one of the reasons below, or a text of the
	// server's or the caller's.
	Reason string
	// Line is the configuration line that decided, as far as it is known.
	Line string
	// Message is what a server wants the user to read.
	Message string
	// Attributes are what the user gets, by the names of TACACS+ (RFC 8907 section 8).
	Attributes []Attribute
	// Err is the error that an Ask ended the conversation with.
	Err error
	// Protocol is that of the server which decided, "" where none did, and Server its
	// host.
	Protocol, Server string
	// from is that server: what follows asks it first.
	from serverID
	// Granted are what a RADIUS server has let the user have with the login.
	Granted []Attribute

	// ID is that of the request.
	ID uint32

	password string // that was typed, until the EXEC is authorized
}

// Reasons of the built-in methods.
const (
	ReasonUnknownUser   = "unknown user"
	ReasonWrongPassword = "wrong password"
	ReasonWrongSecret   = "wrong secret" // of enable
	ReasonNoPassword    = "no password set"
	ReasonNoServer      = "no server has answered"
	ReasonServerError   = "the server has an error"
	ReasonKey           = "the server has another key"
	ReasonTooLong       = "the request does not fit a packet"
	ReasonRejected      = "the server says no"
	ReasonAttribute     = "the server demands an attribute that the device does not know:"
	ReasonNoMethod      = "no method"
	ReasonUnsupported   = "the method is not emulated"
	ReasonLocked        = "the user is locked out"
	ReasonUsed          = "the one-time user has logged in already"
	ReasonGone          = "the conversation has ended"
	ReasonUnasked       = "it asks for more than the way in can answer"
)

// Forget is the verdict without the password that was typed: nothing is authorized any more
// that a server might be asked with it.
func (v Verdict) Forget() Verdict {
	v.password = ""
	return v
}

// Attribute is one thing that a user gets.
type Attribute struct {
	Name, Value string
	Optional    bool
}

// The attributes of an EXEC (RFC 8907 section 8, "Configuring RADIUS" of Cisco's for the
// same names in a Cisco-AVPair).
const (
	PrivilegeLevel = "priv-lvl"
	AutoCommand    = "autocmd"
	IdleTime       = "idletime" // minutes
	Timeout        = "timeout"  // minutes
	OutACL         = "acl"
	NoEscape       = "noescape"
	NoHangup       = "nohangup"
	CLIView        = "cli-view-name" // in place of a level ("Role-Based CLI Access")
)

// Attribute is the value of an attribute, "" without it.
func (v Verdict) Attribute(name string) string {
	i := slices.IndexFunc(v.Attributes, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		return ""
	}
	return v.Attributes[i].Value
}

// Minutes is an attribute that counts minutes; ok is false where there is none.
func (v Verdict) Minutes(name string) (d time.Duration, ok bool) {
	n, err := strconv.ParseUint(v.Attribute(name), 10, 16)
	return time.Duration(n) * time.Minute, err == nil
}

// RootView is the view that has all rights.
const RootView = "root"

// Privilege is the privilege level of an EXEC, 0 to 15. What is no level is 1, and so is that
// of a view but the root view.
func (v Verdict) Privilege() int {
	switch v.Attribute(CLIView) {
	case "":
	case RootView:
		return 15
	default:
		return 1
	}
	n, err := strconv.Atoi(v.Attribute(PrivilegeLevel))
	if err != nil || n < 0 || n > 15 {
		return 1
	}
	return n
}

func lineAttributes(l Line) []Attribute {
	return execAttributes(strconv.Itoa(l.Privilege), l.AutoCommand)
}

// execAttributes leaves out what is "".
func execAttributes(level, command string) (all []Attribute) {
	if level != "" {
		all = append(all, Attribute{Name: PrivilegeLevel, Value: level})
	}
	if command != "" {
		all = append(all, Attribute{Name: AutoCommand, Value: command})
	}
	return all
}

// merge is base with the attributes that over has in place of base's.
func merge(base, over []Attribute) []Attribute {
	for _, a := range over {
		i := slices.IndexFunc(base, func(b Attribute) bool { return b.Name == a.Name })
		if i < 0 {
			base = append(base, a)
		} else {
			base[i] = a
		}
	}
	return base
}
