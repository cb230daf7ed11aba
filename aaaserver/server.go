package aaaserver

import (
	"cmp"
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
	"vtylab/secret"
)

// Options are what a Server works with.
type Options struct {
	// Random gives salts and the State of challenges.
	Random io.Reader
	// Log gets one line for each accounting record, without passwords; nil is none.
	Log io.Writer
}

// Server answers devices. Its methods may be called from any goroutine.
type Server struct {
	config    *Config
	decoy     secret.Secret // verified in place of an unknown user's
	responder *radius.Responder
	log       log

	mu         sync.Mutex
	fault      Fault                    // guarded by mu, as all below
	random     io.Reader                // of salts and states
	accounts   map[string]*account      // by name
	enable     map[int]secret.Secret    // hashed
	challenges map[string]openChallenge // by State
}

// account is a user with what changes. Server.mu guards it.
type account struct {
	*User
	secret secret.Secret
	code   secret.Secret
	logins int  // with this password
	fresh  bool // the password was changed here
}

// New makes a server. The error is what is wrong with the configuration, or the error of
// Random.
func New(c *Config, o Options) (*Server, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Server{config: c, fault: c.Fault, random: o.Random, log: log{to: cmp.Or[io.Writer](o.Log, io.Discard)},
		accounts: map[string]*account{}, enable: map[int]secret.Secret{}, challenges: map[string]openChallenge{}}
	if err := s.hash(); err != nil {
		return nil, fmt.Errorf("aaaserver: %w", err)
	}
	s.responder = radius.NewResponder(c.Key, s.RADIUS())
	return s, nil
}

// hash takes the secrets of the configuration.
func (s *Server) hash() (err error) {
	if s.decoy, err = secret.New(stored, "decoy", s.random); err != nil {
		return err
	}
	for level, e := range s.config.Enable {
		if s.enable[level], err = hashed(e, s.random); err != nil {
			return err
		}
	}
	for name, u := range s.config.Users {
		a := &account{User: u}
		if a.secret, err = hashed(u.Secret, s.random); err != nil {
			return err
		}
		if a.code, err = hashed(u.Code, s.random); err != nil {
			return err
		}
		s.accounts[name] = a
	}
	return nil
}

// SetFault makes something wrong with the server from the next request on. The error is
// that there is no such fault.
func (s *Server) SetFault(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
	return nil
}

// Fault is what is wrong now.
func (s *Server) Fault() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// ServeTACACS is the server of one TACACS+ connection, as tacacs.Serve is.
func (s *Server) ServeTACACS(ctx context.Context, conn net.Conn) error {
	f := s.Fault()
	if f == Malformed {
		conn = shortened{conn}
	}
	return tacacs.Serve(ctx, conn, f.key(s.config.Key), s.TACACS())
}

// ReplyRADIUS is the answer to a RADIUS datagram, of authentication or accounting; nil
// for none. It blocks while a password is hashed, and 10 s with the fault Slow.
func (s *Server) ReplyRADIUS(ctx context.Context, from netip.AddrPort, datagram []byte) []byte {
	f := s.Fault()
	if f == Mute || !f.delay(ctx) {
		return nil
	}
	if f == WrongKey {
		return radius.Reply(ctx, from, datagram, f.key(s.config.Key), s.RADIUS())
	}
	reply := s.responder.Reply(ctx, from, datagram)
	if f == Malformed && reply != nil {
		return reply[:len(reply)-1]
	}
	return reply
}

// user is an account as it is now.
func (s *Server) user(name string) (account, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.accounts[name]; a != nil {
		return *a, true
	}
	return account{User: &User{}, secret: s.decoy}, false
}

// verify reports whether a password is a user's. It takes the same time for a user who
// does not exist.
func (s *Server) verify(name, password string) (account, bool) {
	a, known := s.user(name)
	right := a.secret.Verify(password)
	return a, known && right && s.Fault() != Deny
}

// verifyEnable reports whether a password is that of a level.
func (s *Server) verifyEnable(level int, password string) bool {
	e, known := s.enable[level]
	right := cmp.Or(e, s.decoy).Verify(password)
	return known && right && s.Fault() != Deny
}

// due reports whether a password has to be changed.
func (a *account) due() bool {
	return a.ChangeFirst && !a.fresh || a.ChangeAfter > 0 && a.logins >= a.ChangeAfter
}

// count notes a login.
func (s *Server) count(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.accounts[name]; a != nil {
		a.logins++
	}
}

// change gives a user another password. The error is that it cannot be stored.
func (s *Server) change(name, password string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	hash, err := secret.New(stored, password, s.random)
	if err != nil {
		return err
	}
	if a := s.accounts[name]; a != nil {
		a.secret, a.fresh, a.logins = hash, true, 0
	}
	return nil
}

// Challenges that wait for their answer are bounded in number and time.
const (
	maxChallenges = 1024
	challengeAge  = 2 * time.Minute
)

// codeText asks for the code of a user.
const codeText = "Enter your one-time code: "

// openChallenge is a RADIUS user whose password was right.
type openChallenge struct {
	user  string
	since time.Time
}

// challenge remembers a user, and returns the State for the device.
func (s *Server) challenge(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := make([]byte, 16)
	if _, err := io.ReadFull(s.random, state); err != nil {
		return "", err
	}
	for old, c := range s.challenges {
		if time.Since(c.since) > challengeAge || len(s.challenges) >= maxChallenges {
			delete(s.challenges, old)
		}
	}
	s.challenges[string(state)] = openChallenge{name, time.Now()}
	return string(state), nil
}

// met takes the answer to a challenge, once, and reports whether it is right.
func (s *Server) met(name, state, code string) (account, bool) {
	s.mu.Lock()
	c := s.challenges[state]
	delete(s.challenges, state)
	s.mu.Unlock()
	a, known := s.user(name)
	right := a.code.Verify(code)
	fits := subtle.ConstantTimeCompare([]byte(c.user), []byte(name)) == 1 && time.Since(c.since) <= challengeAge
	return a, known && right && fits && s.Fault() != Deny
}

// exec are the attributes of a user's EXEC, each name=value.
func (a *account) exec(f Fault) (all []string) {
	if f != NoPrivLevel {
		all = append(all, "priv-lvl="+strconv.Itoa(a.Level))
	}
	if a.AutoCommand != "" {
		all = append(all, "autocmd="+a.AutoCommand)
	}
	return append(all, a.Attributes...)
}

// enableLevel is the level of a user $enab15$.
func enableLevel(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "$enab")
	if digits, ok = strings.CutSuffix(digits, "$"); !ok {
		return 0, false
	}
	level, err := strconv.Atoi(digits)
	return level, err == nil
}
