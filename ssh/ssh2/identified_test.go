package ssh2

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vtylab/ssh"
)

// greeted serves a connection the way a server for both versions does: lines first,
// then the engine for the client's version. The channel gets what comes of it.
func greeted(ctx context.Context, conn *memConn, cfg *ServerConfig) <-chan error {
	done := make(chan error, 1)
	go func() {
		lines, err := ssh.Greet(ctx, conn, cfg.Version, cfg.VersionEnd, cfg.Trace)
		if err != nil {
			done <- err
			return
		}
		if !ssh.Speaks2(lines.Remote) {
			done <- errors.New("the client does not speak SSH-2")
			return
		}
		s := NewServer(conn, cfg)
		s.Identified(lines)
		var engine ssh.Engine = s
		done <- engine.Serve(ctx)
	}()
	return done
}

// A connection whose lines were exchanged before shows the same events, in the same
// order, as one that the engine has from the beginning.
func TestEventsAfterGreeting(t *testing.T) {
	ecdsa256()
	var seen [2][]string
	for i, serve := range []func(t *testing.T, conn *memConn, cfg *ServerConfig) <-chan error{
		func(t *testing.T, conn *memConn, cfg *ServerConfig) <-chan error {
			_, done := start(t, conn, cfg)
			return done
		},
		func(t *testing.T, conn *memConn, cfg *ServerConfig) <-chan error {
			return greeted(t.Context(), conn, cfg)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			cfg := testServer()
			cfg.Version, cfg.VersionEnd = "SSH-1.99-Cisco-1.25", "\n"
			over := false
			cfg.Trace = func(e ssh.Event) {
				switch e := e.(type) {
				case ssh.PacketSent:
					seen[i] = append(seen[i], fmt.Sprintf("PacketSent %s %d", MessageName(e.Type), e.Seq))
				case ssh.SocketRead, ssh.VersionSent, ssh.VersionReceived:
					seen[i] = append(seen[i], fmt.Sprintf("%T %v", e, e))
				case ssh.Disconnected:
					over = e.Err == nil
				default:
					seen[i] = append(seen[i], fmt.Sprintf("%T", e))
				}
			}
			cc, sc := memPair()
			done := serve(t, sc, cfg)
			p := newScript(t, cc, &Config{Version: "SSH-2.0-script"})
			p.login()
			synctest.Wait()
			p.openSession()
			synctest.Wait()
			p.status()
			cc.CloseWrite()
			if err := <-done; err != nil || !over {
				t.Errorf("Serve = %v, told of an end in order: %v", err, over)
			}
		})
	}
	if diff := cmp.Diff(seen[0], seen[1]); diff != "" || !slices.Contains(seen[0], "ssh.AuthSuccess") {
		t.Errorf("%d events; with the lines exchanged before (-without +with):\n%s", len(seen[0]), diff)
	}
}

// The login timeout counts from the server's line, whoever sent it.
func TestLoginTimeoutAfterGreeting(t *testing.T) {
	ecdsa256()
	for _, wait := range []time.Duration{0, 50 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			cfg := testServer()
			cfg.LoginTimeout = 2 * time.Minute
			cc, sc := memPair()
			ctx, cancel := context.WithTimeoutCause(t.Context(), cfg.LoginTimeout, ssh.ErrLoginTimeout)
			defer cancel()
			began := time.Now()
			done := greeted(ctx, sc, cfg)
			timer := time.AfterFunc(wait, func() { io.WriteString(cc, "SSH-2.0-slow\r\n") })
			defer timer.Stop()
			if err := <-done; err != ssh.ErrLoginTimeout || time.Since(began) != cfg.LoginTimeout {
				t.Errorf("a client's line after %v: ended with %v after %v, want %v after %v", wait, err, time.Since(began), ssh.ErrLoginTimeout, cfg.LoginTimeout)
			}
			cc.Close()
		})
	}
}
