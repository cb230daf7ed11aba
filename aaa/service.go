package aaa

import (
	"context"
	"sync/atomic"
	"time"

	"vtylab/aaa/radius"
	"vtylab/secret"
)

// The services that a Request is for.
const (
	Login  = "login"
	Enable = "enable"
	Exec   = "exec"
	// Commands is each command that a user gives, Reverse a way out over a line.
	Commands = "commands"
	Reverse  = "reverse-access"
)

// Settings are what a configuration says of AAA. They read the configuration where
// they need it and copy no table; a function that is nil knows nothing.
type Settings struct {
	// User finds an entry of the local database. With exact false the case of the name
	// does not matter.
	User func(name string, exact bool) (User, bool)
	// Take removes a one-time user. It reports whether the user was still there: of
	// several calls at once, one gets true.
	Take func(name string) bool
	// Locks is who is locked out of the local database; nil: nobody is.
	Locks Locks
	// Enable is the password of a privilege level, and whether it is a secret rather
	// than a password; ok is false when there is none.
	Enable func(level int) (s secret.Secret, isSecret, ok bool)
	// Group is a group of servers by its name in method lists; ok is false where there is
	// none.
	Group func(name string) (g Group, ok bool)
	// Servers is a text that changes when a server does; "" with nil.
	Servers func() string
	// Directed takes the name of a server behind the user's, user@server; with Restricted
	// no other server is asked then (`tacacs-server directed-request`).
	Directed, Restricted bool
	// Update is how often a record is made of what is still going on; 0 is never.
	Update time.Duration
	// Dead says when a server of RADIUS counts as dead.
	Dead radius.Criteria
	// AllowUnknown lets a user in whose server demands what the device does not know.
	AllowUnknown bool
	// The texts of prompts; "" is "Username: " and "Password: ".
	UsernamePrompt, PasswordPrompt, EnablePrompt string
}

// User is an entry of the local database.
type User struct {
	Name        string
	Secret      secret.Secret // password or secret; zero is none, with which nobody gets in
	NoPassword  bool          // any password will do
	Privilege   int           // 0 to 15; 1 leaves the line's
	AutoCommand string        // "" leaves the line's
	AccessClass string
	View        string // "" is none
	MaxLinks    int    // connections at a time; 0 is no limit
	OneTime     bool
	Line        string // the configuration line
}

// Locks locks users of the local database out who fail too often. Its methods may be called
// from several goroutines.
type Locks interface {
	Locked(u *User) bool
	// Failed counts a wrong password, Passed ends the count.
	Failed(u *User)
	Passed(u *User)
}

// MethodRef names a method in a list; Group is the server group of method "group".
type MethodRef struct{ Name, Group string }

// String is the method as the configuration has it.
func (m MethodRef) String() string {
	if m.Group == "" {
		return m.Name
	}
	return m.Name + " " + m.Group
}

// List is a method list. An empty one decides nothing, so nobody gets in by it.
type List struct {
	Name    string
	Methods []MethodRef
	Line    string // the configuration line, "" for a list that a product implies
}

// Methods makes a list of methods that is nowhere configured.
func Methods(names ...string) (l List) {
	for _, n := range names {
		l.Methods = append(l.Methods, MethodRef{Name: n})
	}
	return l
}

// longStop is how long a login may take in all, whatever it waits for (`login timer started
// 1020 sec timeout`, aaa-snmp A5).
const longStop = 1020 * time.Second

// Service decides by the method lists of one device. Its methods may be called from
// several goroutines.
type Service struct {
	settings atomic.Pointer[Settings]
	outside  Outside
	verify   func(s secret.Secret, typed string) bool // secret.Secret.Verify; tests count
	clients  clients
	records  recorder
	tallies  tallies
	ids      atomic.Uint32
}

// New makes a service that follows the settings, and asks servers through what is outside.
func New(s *Settings, o Outside) *Service {
	x := &Service{outside: o, verify: secret.Secret.Verify, tallies: tallies{since: time.Now()}}
	x.Apply(s)
	return x
}

// NewID is the number of a request and of all that follows from it: the unique id of
// `debug aaa`.
func (s *Service) NewID() uint32 { return s.ids.Add(1) }

// Close ends what servers are being asked.
func (s *Service) Close() { s.clients.close() }

func (s *Service) trace(e Event) {
	if s.outside.Trace != nil {
		s.outside.Trace(e)
	}
}

// Apply makes requests that come from now on follow other settings, which it keeps.
func (s *Service) Apply(to *Settings) error {
	s.settings.Store(to)
	s.clients.follow(to)
	return nil
}

// Authenticate decides whether somebody is who the request says, for login or enable.
// It asks, as it goes, for what the methods need and the request does not have: the
// user name first, if a method before `none` needs one; then the password, once for
// the whole list. It blocks as long as the answers and the servers take.
//
// A method that cannot decide (an unknown user, no password configured, no server)
// leaves it to the next one; after the last the verdict is Error, which lets nobody
// in. A one-time user is gone after a login, also if the session never begins.
func (s *Service) Authenticate(ctx context.Context, r *Request, ask Ask) Verdict {
	ctx, cancel := context.WithTimeout(ctx, longStop)
	defer cancel()
	d := s.dialogue(r, ask)
	v := d.authenticate(ctx)
	if v.Result == Pass && d.Request.Service == Login {
		if v = d.admit(v); v.Result == Pass {
			v.password = d.Request.Password
		}
	}
	v.User, v.ID = d.Request.User, r.ID
	return v
}

// Authorize decides whether a user may give a command, or use a line to go out (Commands,
// Reverse). It blocks as long as the servers take. Error lets nobody.
func (s *Service) Authorize(ctx context.Context, r *Request) Verdict {
	d := s.dialogue(r, nil)
	v := d.each(ctx, func(m *Method) func(context.Context, *Dialogue) Verdict {
		if m.AuthorizeCommand == nil {
			return undecided(ReasonUnsupported)
		}
		return m.AuthorizeCommand
	})
	s.trace(Authorized{r, v.Result})
	v.User = d.Request.User
	return v
}

// AuthorizeExec decides whether a user who has logged in gets an EXEC. Whatever the
// result, the attributes have the privilege level, and the autocommand if there is
// one: the line's, unless the method that decided has others.
func (s *Service) AuthorizeExec(ctx context.Context, r *Request) Verdict {
	d := s.dialogue(r, nil)
	v := d.each(ctx, func(m *Method) func(context.Context, *Dialogue) Verdict { return m.AuthorizeExec })
	for _, a := range v.Attributes {
		s.trace(Granted{r, a})
	}
	s.trace(Authorized{r, v.Result})
	v.User = d.Request.User
	v.Attributes = merge(lineAttributes(r.Line), v.Attributes)
	return v
}
