package ssh2

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// The guide's authentication time-out: everything up to the login counts.
func TestLoginTimeout(t *testing.T) {
	stages := map[string]func(p *script){
		"silence":      func(p *script) {},
		"identified":   func(p *script) { p.identified() },
		"keys":         func(p *script) { p.keyExchange(nil) },
		"half a login": func(p *script) { p.keyExchange(nil); p.send(encode(&serviceRequestMsg{"ssh-userauth"})) },
		"prompted": func(p *script) {
			p.keyExchange(nil)
			p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
			p.send(encode(&authRequestMsg{"cisco", "ssh-connection", "keyboard-interactive", encode(&authInteractive{})}))
		},
	}
	ecdsa256() // made outside the bubble
	for name, stage := range stages {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := testServer()
				cfg.LoginTimeout = 120 * time.Second
				var kexErr, authErr error
				cfg.OnKex = func(_ ssh.ConnInfo, err error) { kexErr = err }
				cfg.OnAuth = func(_ ssh.ConnInfo, err error) { authErr = err }
				client, server := memPair()
				began := time.Now()
				_, done := start(t, server, cfg)
				p := newScript(t, client, &Config{})
				stage(p)
				if err := <-done; err != ssh.ErrLoginTimeout {
					t.Errorf("Serve = %v, want %v", err, ssh.ErrLoginTimeout)
				}
				if got := time.Since(began); got != 120*time.Second {
					t.Errorf("ended after %v, want 2m0s", got)
				}
				if name == "identified" && kexErr != ssh.ErrLoginTimeout || name == "prompted" && authErr != ssh.ErrLoginTimeout {
					t.Errorf("OnKex %v, OnAuth %v; want %v", kexErr, authErr, ssh.ErrLoginTimeout)
				}
			})
		})
	}
}

// A refused password is answered two seconds later, a refused "none" or probe
// at once; the third failure is answered, then the connection ends.
func TestFailureDelay(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		cfg := testServer()
		cfg.FailureDelay, cfg.MaxAuthFailures = 2*time.Second, 3
		var events []string
		cfg.Trace = func(e ssh.Event) {
			switch e := e.(type) {
			case ssh.AuthFailed:
				events = append(events, "failed "+e.Method)
			case ssh.AuthContinue:
				events = append(events, "continue "+strings.Join(e.Methods, ","))
			case ssh.AuthExhausted:
				events = append(events, "exhausted")
			}
		}
		client, server := memPair()
		_, done := start(t, server, cfg)
		p := newScript(t, client, &Config{})
		p.keyExchange(nil)
		p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
		p.want(msgServiceAccept)
		request := func(method string, fields []byte, want time.Duration) {
			t.Helper()
			began := time.Now()
			p.send(encode(&authRequestMsg{"cisco", "ssh-connection", method, fields}))
			p.want(msgAuthFailure)
			if got := time.Since(began); got != want {
				t.Errorf("%s was answered after %v, want %v", method, got, want)
			}
		}
		password := encode(&authPassword{Password: []byte("wrong")})
		request("none", nil, 0)
		request("publickey", encode(&authPublicKey{Algorithm: ssh.KeyECDSA256, Blob: ecdsa256().Blob()}), 0)
		request("password", password, 2*time.Second)
		request("unknown", nil, 0)
		request("password", encode(&authPassword{Change: true, Password: []byte("cisco"), New: wire.AppendString(nil, "new")}), 2*time.Second)
		request("password", password, 2*time.Second)
		if err := <-done; err != ssh.ErrAuthExhausted {
			t.Errorf("Serve = %v, want %v", err, ssh.ErrAuthExhausted)
		}
		if _, err := p.next(); err == nil {
			t.Error("the server goes on after the last failure")
		}
		all := "continue publickey,keyboard-interactive,password"
		want := []string{all, all, "failed password", all, all, "failed password", all, "failed password", all, "exhausted"}
		if !slices.Equal(events, want) {
			t.Errorf("events %q, want %q", events, want)
		}
	})
}

// Closing ends a wait for the failure delay.
func TestCloseDuringDelay(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		cfg := testServer()
		cfg.FailureDelay = time.Hour
		client, server := memPair()
		s := NewServer(server, cfg)
		done := make(chan error, 1)
		ctx, cancel := context.WithCancelCause(context.Background())
		go func() { done <- s.Serve(ctx) }()
		p := newScript(t, client, &Config{})
		p.keyExchange(nil)
		p.send(encode(&serviceRequestMsg{"ssh-userauth"}))
		p.want(msgServiceAccept)
		p.password("cisco", "wrong")
		synctest.Wait()
		began := time.Now()
		cancel(errTest)
		if err := <-done; err != errTest {
			t.Errorf("Serve = %v, want the context's cause", err)
		}
		if time.Since(began) != 0 {
			t.Errorf("Serve took %v to end", time.Since(began))
		}
	})
}

// Keys change by time, on either side and on both at once, while data flows.
func TestRekeyByTime(t *testing.T) {
	ecdsa256()
	for _, who := range []string{"server", "client", "both"} {
		t.Run(who, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, client := testServer(), testClient()
				if who != "client" {
					server.RekeyInterval = time.Minute
				}
				if who != "server" {
					client.RekeyInterval = time.Minute
				}
				rekeys := 0
				server.Trace = func(e ssh.Event) {
					if _, ok := e.(ssh.NewKeysReceived); ok {
						rekeys++
					}
				}
				cc, sc := memPair()
				_, done := start(t, sc, server)
				c := NewClient(cc, client)
				if err := c.Handshake(t.Context()); err != nil {
					t.Fatal(err)
				}
				x, err := c.Open(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := x.Exec(t.Context(), "cat"); err != nil {
					t.Fatal(err)
				}
				id := string(c.t.kex.sessionID)
				buf := make([]byte, 100)
				for range 40 {
					time.Sleep(15 * time.Second)
					if _, err := x.Write([]byte("hello")); err != nil {
						t.Fatal(err)
					}
					if n, err := x.Read(buf); err != nil || string(buf[:n]) != "hello" {
						t.Fatalf("Read = %q, %v", buf[:n], err)
					}
				}
				if err := x.CloseWrite(); err != nil {
					t.Fatal(err)
				}
				if status, err := x.Wait(); status != 0 || err != nil {
					t.Errorf("Wait = %d, %v", status, err)
				}
				if err := <-done; err != nil {
					t.Errorf("Serve = %v", err)
				}
				if rekeys < 10 || rekeys > 12 {
					t.Errorf("%d key exchanges in ten minutes, want the first and one a minute", rekeys)
				}
				if string(c.t.kex.sessionID) != id {
					t.Error("the session identifier changed")
				}
				c.Close()
			})
		})
	}
}

// A client that does not answer our CLOSE, nor closes its half, is left after a
// while.
func TestLinger(t *testing.T) {
	ecdsa256()
	synctest.Test(t, func(t *testing.T) {
		client, server := memPair()
		_, done := start(t, server, testServer())
		p := newScript(t, client, &Config{})
		p.login()
		p.openSession()
		p.send(encode(&chanRequestMsg{3, "exec", true, wire.AppendString(nil, "status 1")}))
		p.want(msgChanSuccess)
		p.want(msgChanExtData)
		p.want(msgChanRequest)
		p.want(msgChanEOF)
		p.want(msgChanClose)
		began := time.Now()
		if err := <-done; err != nil {
			t.Errorf("Serve = %v, want nil", err)
		}
		if got := time.Since(began); got != closeTime+wire.LingerTime {
			t.Errorf("left after %v, want %v", got, closeTime+wire.LingerTime)
		}
	})
}

// Closing with programs that read, write into a closed window, and wait.
func TestCloseWithSessions(t *testing.T) {
	for _, program := range []string{"read", "write", "context"} {
		t.Run(program, func(t *testing.T) {
			server := testServer()
			started := make(chan struct{})
			server.Handle = func(s ssh.Session) {
				close(started)
				switch program {
				case "read":
					s.Read(make([]byte, 1))
				case "write":
					for {
						if _, err := s.Write(make([]byte, 1<<20)); err != nil {
							return
						}
					}
				case "context":
					<-s.Context().Done()
				}
			}
			c, s, done := connect(t, server, testClient())
			x, err := c.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Shell(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-started
			s.Close()
			if err := <-done; !errors.Is(err, ssh.ErrClosed) {
				t.Errorf("Serve = %v, want %v", err, ssh.ErrClosed)
			}
			if _, err := x.Wait(); err == nil {
				t.Error("the client's session ended in order")
			}
		})
	}
}
