package ssh2

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// keyed takes a script to where users authenticate.
func (s *script) keyed() {
	s.t.Helper()
	s.keyExchange(nil)
	s.send(encode(&serviceRequestMsg{"ssh-userauth"}))
	s.want(msgServiceAccept)
}

// interactive asks for keyboard-interactive and leaves the question open.
func (s *script) interactive(user string) {
	s.t.Helper()
	s.send(encode(&authRequestMsg{user, "ssh-connection", "keyboard-interactive", encode(&authInteractive{})}))
	s.want(msgInfoRequest)
}

func (s *script) answer(text string) {
	s.t.Helper()
	s.send(encode(&infoResponseMsg{Count: 1, Responses: wire.AppendString(nil, text)}))
}

// probe offers a key without a signature.
func (s *script) probe(user string, key ssh.Signer) {
	s.t.Helper()
	s.send(encode(&authRequestMsg{user, "ssh-connection", "publickey",
		encode(&authPublicKey{Algorithm: key.Algorithms()[0], Blob: key.Blob()})}))
}

// signed offers a key as user, with a signature that says signedUser in session id.
func (s *script) signed(user string, key ssh.Signer, id []byte, signedUser string) {
	s.t.Helper()
	algorithm := key.Algorithms()[0]
	sig, err := key.Sign(s.cfg.Rand, algorithm, signedRequest(id, signedUser, algorithm, key.Blob()))
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(encode(&authRequestMsg{user, "ssh-connection", "publickey",
		encode(&authPublicKey{Signed: true, Algorithm: algorithm, Blob: key.Blob(), Signature: wire.AppendString(nil, string(sig))})}))
}

// status runs a command to its end.
func (s *script) status() {
	s.t.Helper()
	s.send(encode(&chanRequestMsg{3, "exec", false, wire.AppendString(nil, "status 0")}))
	for {
		p, err := s.next()
		if err != nil {
			s.t.Fatalf("reading the end of a command: %v", err)
		}
		if p[0] == msgChanClose {
			s.send(channelMsg(msgChanClose, 3))
			return
		}
	}
}

// ended reads until the server says goodbye and returns why.
func (s *script) ended() *ssh.DisconnectError {
	for {
		_, err := s.next()
		var d *ssh.DisconnectError
		if errors.As(err, &d) || err != nil {
			return d
		}
	}
}

// The user name may change from request to request (RFC 4252 section 5); what
// one user has shown never serves another, and failures count on.
func TestUserChanges(t *testing.T) {
	key := ecdsa256()
	tests := []struct {
		name  string
		do    func(p *script)
		err   error // of Serve
		user  string
		calls string // of the Authenticator
	}{
		{"a second user may log in", func(p *script) {
			p.password("lab", "wrong")
			p.want(msgAuthFailure)
			p.password("cisco", "cisco")
			p.want(msgAuthSuccess)
		}, io.EOF, "cisco", "password lab wrong, password cisco cisco"},
		{"the right password of another", func(p *script) {
			p.password("cisco", "wrong")
			p.want(msgAuthFailure)
			p.password("lab", "cisco")
			p.want(msgAuthFailure)
		}, io.EOF, "", "password cisco wrong, password lab cisco"},
		{"failures count on", func(p *script) {
			for _, user := range []string{"a", "b", "c"} {
				p.password(user, "wrong")
				p.want(msgAuthFailure)
			}
			if _, err := p.next(); err == nil {
				p.t.Error("the server goes on after the third failure")
			}
		}, ssh.ErrAuthExhausted, "", "password a wrong, password b wrong, password c wrong"},
		{"failures count on, whatever the method", func(p *script) {
			p.interactive("a")
			p.answer("wrong")
			p.want(msgAuthFailure)
			p.signed("b", key, p.kex.sessionID, "b")
			p.want(msgAuthFailure)
			p.password("cisco", "wrong")
			p.want(msgAuthFailure)
		}, ssh.ErrAuthExhausted, "", "interactive a, publickey b ecdsa-sha2-nistp256, password cisco wrong"},
		{"a question is answered for who was asked last", func(p *script) {
			p.interactive("cisco")
			p.interactive("lab")
			p.answer("cisco")
			p.want(msgAuthFailure)
		}, io.EOF, "", "interactive cisco, interactive lab"},
		{"a key that is known for another user", func(p *script) {
			p.probe("cisco", key)
			p.want(msgAuthPKOK)
			p.signed("lab", key, p.kex.sessionID, "lab")
			p.want(msgAuthFailure)
		}, io.EOF, "", "publickey cisco ecdsa-sha2-nistp256, publickey lab ecdsa-sha2-nistp256"},
		{"a signature that names another user", func(p *script) {
			p.signed("cisco", key, p.kex.sessionID, "lab")
			p.want(msgAuthFailure)
		}, io.EOF, "", "publickey cisco ecdsa-sha2-nistp256"},
		{"a probe is no login", func(p *script) {
			p.probe("cisco", key)
			p.want(msgAuthPKOK)
			p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil}))
			p.want(msgAuthFailure)
		}, io.EOF, "", "publickey cisco ecdsa-sha2-nistp256, none cisco"},
		{"another service at first", func(p *script) {
			p.send(encode(&authRequestMsg{"cisco", "ssh-userauth", "none", nil}))
			wantDisconnect(p, reasonNoService)
		}, errNoService, "", ""},
		{"another service later", func(p *script) {
			p.password("cisco", "wrong")
			p.want(msgAuthFailure)
			p.send(encode(&authRequestMsg{"cisco", "root-shell", "password", encode(&authPassword{Password: []byte("cisco")})}))
			wantDisconnect(p, reasonNoService)
		}, errNoService, "", "password cisco wrong"},
		{"another service within a question", func(p *script) {
			p.interactive("cisco")
			p.send(encode(&authRequestMsg{"cisco", "", "none", nil}))
			wantDisconnect(p, reasonNoService)
		}, errNoService, "", "interactive cisco"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg, auth, user := testServer(), &testAuth{key: key.Blob()}, ""
			cfg.Auth = auth
			cfg.OnAuth = func(i ssh.ConnInfo, _ error) { user = i.User }
			err := hostile(t, cfg, func(p *script, _ *memConn) {
				p.keyed()
				tt.do(p)
			})
			if !errors.Is(err, tt.err) {
				t.Errorf("Serve = %v, want %v", err, tt.err)
			}
			if got := strings.Join(auth.calls, ", "); got != tt.calls || user != tt.user {
				t.Errorf("asked %q, logged in %q; want %q, %q", got, user, tt.calls, tt.user)
			}
		})
	}
}

func wantDisconnect(p *script, reason uint32) {
	p.t.Helper()
	if d := p.ended(); d == nil || d.Reason != reason {
		p.t.Errorf("the server ended with %v, want a DISCONNECT with reason %d", d, reason)
	}
}

// A signature that let its user into one session does not open another.
func TestReplayedSignature(t *testing.T) {
	key := ecdsa256()
	cfg := testServer()
	cfg.Auth = &testAuth{key: key.Blob()}
	var first []byte
	hostile(t, cfg, func(p *script, _ *memConn) {
		p.keyed()
		first = slices.Clone(p.kex.sessionID)
		p.signed("cisco", key, first, "cisco")
		p.want(msgAuthSuccess)
	})
	hostile(t, cfg, func(p *script, _ *memConn) {
		p.keyed()
		p.signed("cisco", key, first, "cisco")
		p.want(msgAuthFailure)
	})
}

// An unknown user and an unknown key are answered alike: a probe at once, a
// signed request as a failed attempt, whether or not the signature is right.
func TestUnknownKeysAnswerAlike(t *testing.T) {
	type answer struct {
		bytes  string
		after  time.Duration
		events string
	}
	known, other := ecdsa256(), ed25519K()
	answers := func(user string, key ssh.Signer, signed bool) (a answer) {
		synctest.Test(t, func(t *testing.T) {
			cfg := testServer()
			cfg.Auth, cfg.FailureDelay = &testAuth{key: known.Blob()}, 2*time.Second
			cfg.Algorithms.PublicKey = []string{ssh.KeyECDSA256, ssh.KeyEd25519}
			cfg.Trace = func(e ssh.Event) {
				switch e.(type) {
				case ssh.SignatureChecked, ssh.AuthFailed, ssh.AuthContinue:
					a.events += fmt.Sprintf("%T ", e)
				}
			}
			hostile(t, cfg, func(p *script, _ *memConn) {
				p.keyed()
				began := time.Now()
				if signed {
					p.signed(user, key, p.kex.sessionID, user)
				} else {
					p.probe(user, key)
				}
				a.bytes = string(p.want(msgAuthFailure))
				a.after = time.Since(began)
			})
		})
		return a
	}
	for _, signed := range []bool{false, true} {
		want := answers("cisco", other, signed)
		for _, user := range []string{"eve", "root"} {
			for _, key := range []ssh.Signer{known, other} {
				if got := answers(user, key, signed); got != want {
					t.Errorf("signed %v: user %q gets %+v, an unknown key %+v", signed, user, got, want)
				}
			}
		}
	}
}

// The answer to a failed attempt comes a fixed time after the client spoke,
// whatever it cost to find.
func TestFailureHidesItsCost(t *testing.T) {
	ecdsa256()
	for _, cost := range []time.Duration{0, 50 * time.Millisecond, 1900 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			cfg := testServer()
			cfg.Auth, cfg.FailureDelay = slowAuth{&testAuth{}, cost}, 2*time.Second
			hostile(t, cfg, func(p *script, _ *memConn) {
				p.keyed()
				answered := func(what string, ask func()) {
					began := time.Now()
					ask()
					p.want(msgAuthFailure)
					if got := time.Since(began); got != cfg.FailureDelay {
						t.Errorf("%s that costs %v is answered after %v", what, cost, got)
					}
				}
				answered("a password", func() { p.password("cisco", "wrong") })
				p.interactive("cisco")
				time.Sleep(time.Minute) // to think
				answered("an answer", func() { p.answer("wrong") })
			})
		})
	}
}

// slowAuth takes its time over passwords.
type slowAuth struct {
	*testAuth
	cost time.Duration
}

func (a slowAuth) Password(ctx context.Context, user, password string) bool {
	time.Sleep(a.cost)
	return a.testAuth.Password(ctx, user, password)
}

func (a slowAuth) KeyboardInteractive(ctx context.Context, user string, ask ssh.Challenge) bool {
	ok := a.testAuth.KeyboardInteractive(ctx, user, ask)
	time.Sleep(a.cost)
	return ok
}

// The service may be asked for again before each attempt; the attempts count.
func TestServiceAskedAgain(t *testing.T) {
	service := encode(&serviceRequestMsg{"ssh-userauth"})
	err := hostile(t, testServer(), func(p *script, _ *memConn) {
		p.keyed()
		p.password("cisco", "wrong")
		p.want(msgAuthFailure)
		p.send(service)
		p.want(msgServiceAccept)
		p.password("cisco", "cisco")
		p.want(msgAuthSuccess)
	})
	if !errors.Is(err, io.EOF) {
		t.Errorf("Serve = %v, want EOF", err)
	}
	for name, tt := range map[string]struct {
		again []byte
		times int
		err   error
	}{
		"another service": {encode(&serviceRequestMsg{"ssh-connection"}), 1, errNoService},
		"for ever":        {service, maxAuthRequests, protocolErrorf("too many authentication requests")},
	} {
		t.Run(name, func(t *testing.T) {
			err := hostile(t, testServer(), func(p *script, _ *memConn) {
				p.keyed()
				for range tt.times {
					p.send(tt.again)
				}
				if p.ended() == nil {
					t.Error("no DISCONNECT")
				}
			})
			if err == nil || err.Error() != tt.err.Error() {
				t.Errorf("Serve = %v, want %v", err, tt.err)
			}
		})
	}
}

// Requests that a client sent before it knew of its success are ignored (RFC
// 4252 section 5.3), whoever they name.
func TestLateRequests(t *testing.T) {
	auth := &testAuth{}
	cfg := testServer()
	cfg.Auth = auth
	err := hostile(t, cfg, func(p *script, _ *memConn) {
		p.keyed()
		p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "password", encode(&authPassword{Password: []byte("cisco")})}),
			encode(&authRequestMsg{"lab", "ssh-connection", "password", encode(&authPassword{Password: []byte("x")})}),
			encode(&authRequestMsg{"cisco", "no-such-service", "none", nil}), raw(msgAuthRequest))
		p.want(msgAuthSuccess)
		p.openSession()
		p.status()
	})
	if err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	if got := strings.Join(auth.calls, ", "); got != "password cisco cisco" {
		t.Errorf("asked %q", got)
	}
}

// No key exchange takes the place of a login, whoever begins it and whenever.
func TestRekeyBeforeLogin(t *testing.T) {
	after := map[string][]byte{
		"CHANNEL_OPEN":     encode(&chanOpenMsg{Type: "session", Window: 1, MaxPacket: 1}),
		"CHANNEL_REQUEST":  encode(&chanRequestMsg{3, "exec", true, wire.AppendString(nil, "x")}),
		"GLOBAL_REQUEST":   encode(&globalRequestMsg{"x", true, nil}),
		"USERAUTH_SUCCESS": raw(msgAuthSuccess),
		"INFO_RESPONSE":    encode(&infoResponseMsg{Count: 1, Responses: wire.AppendString(nil, "cisco")}),
	}
	when := map[string]func(p *script){
		"before the service": func(p *script) { p.keyExchange(nil) },
		"with the service":   func(p *script) { p.keyed() },
		"after a failure": func(p *script) {
			p.keyed()
			p.password("cisco", "wrong")
			p.want(msgAuthFailure)
		},
		"after a probe": func(p *script) {
			p.keyed()
			p.probe("cisco", ecdsa256())
			p.want(msgAuthPKOK)
		},
		"after a question given up": func(p *script) {
			p.keyed()
			p.interactive("cisco")
			p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil}))
			p.want(msgAuthFailure)
		},
	}
	for name, enter := range when {
		for kind, message := range after {
			for _, who := range []string{"client", "server"} {
				t.Run(name+"/"+who+"/"+kind, func(t *testing.T) {
					cfg := testServer()
					cfg.Auth = &testAuth{key: ecdsa256().Blob()}
					cfg.Handle = func(ssh.Session) { t.Error("a session was started") }
					cc, sc := memPair()
					s, done := start(t, sc, cfg)
					p := newScript(t, cc, &Config{})
					enter(p)
					if who == "client" {
						p.requestRekey()
					} else {
						s.RequestRekey()
					}
					p.out.send(message) // held back until the exchange is over
					wantDisconnect(p, reasonProtocolError)
					cc.Close()
					var unexpected *ssh.UnexpectedError
					if err := <-done; !errors.As(err, &unexpected) || unexpected.Type != message[0] {
						t.Errorf("Serve = %v, want unexpected %s", err, MessageName(message[0]))
					}
				})
			}
		}
	}
}

// Nobody keeps us busy for ever with what has no effect, in any state.
func TestIdleMessages(t *testing.T) {
	messages := map[string][]byte{
		"IGNORE": raw(msgIgnore, 0, 0, 0, 0), "DEBUG": raw(msgDebug, 1, 0, 0, 0, 0, 0, 0, 0, 0), "UNIMPLEMENTED": raw(msgUnimplemented, 0, 0, 0, 0),
		"late USERAUTH_REQUEST": encode(&authRequestMsg{"cisco", "ssh-connection", "none", nil}),
	}
	states := map[string]func(p *script){
		"before KEXINIT": func(p *script) { p.identified() },
		"within the key exchange": func(p *script) {
			p.identified()
			m, _ := p.kexInit()
			p.send(encode(m))
		},
		"before the service":          func(p *script) { p.keyExchange(nil) },
		"before authentication":       func(p *script) { p.keyed() },
		"within keyboard-interactive": func(p *script) { p.keyed(); p.interactive("cisco") },
		"logged in":                   func(p *script) { p.login() },
		"within a session": func(p *script) {
			p.login()
			p.openSession()
			p.send(encode(&chanRequestMsg{3, "shell", false, nil}))
		},
	}
	for state, enter := range states {
		for name, message := range messages {
			if name == "late USERAUTH_REQUEST" && state != "logged in" {
				continue
			}
			t.Run(state+"/"+name, func(t *testing.T) {
				err := hostile(t, testServer(), func(p *script, _ *memConn) {
					enter(p)
					for range maxIdleMessages {
						p.out.send(message)
					}
					if d := p.ended(); d == nil || d.Text != "too many idle messages" {
						t.Errorf("the server ended with %v", d)
					}
				})
				var protocol *protocolError
				if !errors.As(err, &protocol) {
					t.Errorf("Serve = %v, want a protocol error", err)
				}
			})
		}
	}
}

// PuTTY keeps a connection alive with IGNORE: that may go on for ever.
func TestKeepalives(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		err := hostile(t, testServer(), func(p *script, _ *memConn) {
			p.login()
			p.openSession()
			for range 3 * maxIdleMessages {
				time.Sleep(time.Second)
				p.send(raw(msgIgnore, 0, 0, 0, 0))
			}
			p.status()
		})
		if err != nil {
			t.Errorf("Serve = %v, want nil", err)
		}
	})
}
