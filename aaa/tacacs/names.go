package tacacs

import "fmt"

// The numbers of RFC 8907. String gives the names of the RFC, for errors and logs of
// the program; a product has words of its own.

// Action is what an authentication is for (section 5.1).
type Action byte

// The actions.
const (
	ActionLogin    Action = 1
	ActionChPass   Action = 2
	ActionSendAuth Action = 4
)

// AuthenType is how a user proves to be one (section 5.1).
type AuthenType byte

// The types of authentication.
const (
	TypeNotSet   AuthenType = 0
	TypeASCII    AuthenType = 1
	TypePAP      AuthenType = 2
	TypeCHAP     AuthenType = 3
	TypeARAP     AuthenType = 4
	TypeMSCHAP   AuthenType = 5
	TypeMSCHAPv2 AuthenType = 6
)

// Service is what a user wants (section 5.1).
type Service byte

// The services.
const (
	ServiceNone   Service = 0
	ServiceLogin  Service = 1
	ServiceEnable Service = 2
	ServicePPP    Service = 3
)

// Method is how the device has authenticated a user (section 6.1).
type Method byte

// The methods.
const (
	MethodNotSet Method = 0x00
	MethodNone   Method = 0x01
	MethodKRB5   Method = 0x02
	MethodLine   Method = 0x03
	MethodEnable Method = 0x04
	MethodLocal  Method = 0x05
	MethodTACACS Method = 0x06
	MethodGuest  Method = 0x08
	MethodRADIUS Method = 0x10
	MethodKRB4   Method = 0x11
	MethodRCmd   Method = 0x20
)

// Status is a server's answer to an authentication (section 5.2).
type Status byte

// The answers. The three that begin with Get ask the user.
const (
	Pass    Status = 1
	Fail    Status = 2
	GetData Status = 3
	GetUser Status = 4
	GetPass Status = 5
	Restart Status = 6
	Error   Status = 7
	Follow  Status = 0x21
)

// Asks reports whether the server wants an answer of the user; every other status ends
// the session.
func (s Status) Asks() bool { return s >= GetData && s <= GetPass }

func (s Status) known() bool { return s >= Pass && s <= Error || s == Follow }

func (s Status) String() string {
	return name(s, map[Status]string{Pass: "PASS", Fail: "FAIL", GetData: "GETDATA", GetUser: "GETUSER",
		GetPass: "GETPASS", Restart: "RESTART", Error: "ERROR", Follow: "FOLLOW"})
}

// AuthorStatus is a server's answer to an authorization (section 6.2).
type AuthorStatus byte

// The answers: the arguments of the request with those of the response, those of the
// response alone, no, the server cannot say, ask another server (deprecated).
const (
	PassAdd      AuthorStatus = 0x01
	PassReplace  AuthorStatus = 0x02
	AuthorFail   AuthorStatus = 0x10
	AuthorError  AuthorStatus = 0x11
	AuthorFollow AuthorStatus = 0x21
)

func (s AuthorStatus) known() bool {
	switch s {
	case PassAdd, PassReplace, AuthorFail, AuthorError, AuthorFollow:
		return true
	}
	return false
}

func (s AuthorStatus) String() string {
	return name(s, map[AuthorStatus]string{PassAdd: "PASS_ADD", PassReplace: "PASS_REPL", AuthorFail: "FAIL",
		AuthorError: "ERROR", AuthorFollow: "FOLLOW"})
}

// AcctStatus is a server's answer to a record (section 7.2).
type AcctStatus byte

// The answers.
const (
	AcctSuccess AcctStatus = 0x01
	AcctError   AcctStatus = 0x02
	AcctFollow  AcctStatus = 0x21
)

func (s AcctStatus) known() bool { return s == AcctSuccess || s == AcctError || s == AcctFollow }

func (s AcctStatus) String() string {
	return name(s, map[AcctStatus]string{AcctSuccess: "SUCCESS", AcctError: "ERROR", AcctFollow: "FOLLOW"})
}

// Flags say what a record is (section 7.1).
type Flags byte

// The records. A watchdog with new values has Start too.
const (
	AcctStart    Flags = 0x02
	AcctStop     Flags = 0x04
	AcctWatchdog Flags = 0x08
)

func (f Flags) String() string {
	return name(f, map[Flags]string{AcctStart: "START", AcctStop: "STOP", AcctWatchdog: "WATCHDOG",
		AcctWatchdog | AcctStart: "WATCHDOG UPDATE"})
}

func name[T ~byte](value T, names map[T]string) string {
	if s, ok := names[value]; ok {
		return s
	}
	return fmt.Sprintf("0x%02x", byte(value))
}
