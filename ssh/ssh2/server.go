package ssh2

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// Server is the server's end of one connection.
type Server struct {
	t      *transport
	cfg    *ServerConfig
	common Config // cfg.Config with its zero fields filled
	mux    mux
	idents *ssh.Idents

	ctx      context.Context
	cancel   context.CancelCauseFunc
	sessions sync.WaitGroup
	finished atomic.Bool // the last session has ended in order
	parted   bool        // our FIN is behind all we had to say; the reader's

	parting wire.Parting

	mu      sync.Mutex // guards all below
	user    string
	started time.Time
}

// NewServer makes a server of an accepted connection; Serve runs it. The
// configuration may be shared and must not change any more.
func NewServer(conn net.Conn, cfg *ServerConfig) *Server {
	s := &Server{cfg: cfg, common: cfg.Config.withDefaults(), started: time.Now()}
	s.t = newTransport(conn, &s.common, false)
	s.t.kex.hostKeys = cfg.HostKeys
	if s.t.kex.hostKeys == nil {
		s.t.kex.hostKeys = []ssh.Signer{}
	}
	s.parting.Init(conn, &s.t.work, s.t.out.drained, func() { s.t.out.Stop(ssh.ErrClosed) })
	s.mux.t, s.mux.onOpen = s.t, s.open
	s.t.connection = s.mux.message
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	return s
}

var _ ssh.Engine = (*Server)(nil)

// Identified tells, before Serve, that the identification lines have been
// exchanged already, by ssh.Greet: Serve goes on behind them. The login timeout
// counts from when that began.
func (s *Server) Identified(lines ssh.Idents) { s.idents = &lines }

// Serve runs the connection until it ends: key exchange, authentication, then
// Handle for each session. When it returns, every goroutine of the connection
// has ended. The error is nil after a session that ended in order.
func (s *Server) Serve(ctx context.Context) error {
	if s.idents == nil && s.t.traced() {
		s.t.emit(ssh.Started{})
	}
	stopOuter := context.AfterFunc(ctx, func() { s.cancel(context.Cause(ctx)) })
	stopConn := context.AfterFunc(s.ctx, s.t.abort)
	err := s.serve()
	if s.finished.Load() {
		err = nil
		s.t.out.readerGone()
		s.parting.Leave()
		s.parted = true
	} else if cause := context.Cause(s.ctx); cause != nil {
		err = cause
	} else if s.t.fail(err) {
		s.parted = true
	}
	stopOuter()
	stopConn()
	s.cancel(ssh.ErrClosed)
	if s.parted {
		s.t.out.Stop(ssh.ErrClosed)
	} else {
		s.t.abort()
	}
	s.mux.finishAll()
	s.sessions.Wait()
	s.ended(err)
	if s.parted {
		wire.Linger(s.t.conn)
		s.t.abort()
	}
	s.parting.Stop()
	s.t.wait()
	return err
}

// ended tells how the connection ended, once its sessions have.
func (s *Server) ended(err error) {
	if s.t.traced() {
		s.t.emit(ssh.Disconnected{Phase: s.t.getPhase(), Err: err})
	}
	if s.cfg.OnEnd != nil {
		s.cfg.OnEnd(s.Info(), err)
	}
}

// sessionsOver waits, after the last session's CLOSE, for the client's: OpenSSH
// sends it once it has delivered all output, and loses what it has not
// delivered when the connection goes first.
func (s *Server) sessionsOver() { s.parting.LeaveAfter(closeTime) }

// serve is a connection's life in order.
func (s *Server) serve() error {
	if left := s.common.LoginTimeout; left > 0 {
		if s.idents != nil && !s.idents.Began.IsZero() {
			left -= time.Since(s.idents.Began)
		}
		login := time.AfterFunc(left, func() { s.cancel(ssh.ErrLoginTimeout) })
		defer login.Stop()
		return s.negotiate(login)
	}
	return s.negotiate(nil)
}

func (s *Server) negotiate(login *time.Timer) error {
	if err := s.t.identify(s.idents); err != nil {
		return err
	}
	s.t.setPhase(ssh.KeyExchange)
	err := s.t.reason(s.t.firstKex())
	s.report(s.cfg.OnKex, err)
	if err != nil {
		return err
	}
	s.t.setPhase(ssh.Authentication)
	err = s.t.reason(s.authenticate())
	s.report(s.cfg.OnAuth, err)
	if err != nil {
		return err
	}
	if login != nil && !login.Stop() {
		return ssh.ErrLoginTimeout
	}
	s.t.setPhase(ssh.Connected)
	return s.t.reason(s.mux.run())
}

// report calls OnKex or OnAuth, if set.
func (s *Server) report(to func(ssh.ConnInfo, error), err error) {
	if to != nil {
		to(s.Info(), s.cause(err))
	}
}

// cause replaces the network error that our own closing leads to by the reason
// for closing.
func (s *Server) cause(err error) error {
	if err != nil && s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return err
}

// Info tells what is known of the connection by now.
func (s *Server) Info() ssh.ConnInfo {
	s.mu.Lock()
	user, started := s.user, s.started
	s.mu.Unlock()
	return s.t.info(user, started)
}

func (t *transport) info(user string, started time.Time) ssh.ConnInfo {
	t.kex.mu.Lock()
	defer t.kex.mu.Unlock()
	return ssh.ConnInfo{
		User:      user,
		LocalAddr: t.conn.LocalAddr(), RemoteAddr: t.conn.RemoteAddr(),
		ClientVersion: t.kex.clientVersion, ServerVersion: t.kex.serverVersion,
		SessionID: t.kex.id,
		Kex:       t.kex.kexName, HostKey: t.kex.hostName,
		In: t.kex.dirIn, Out: t.kex.dirOut,
		Started: started,
	}
}

// RequestRekey starts a key exchange unless one runs. It does not wait for it.
func (s *Server) RequestRekey() { s.t.requestRekey() }

// Close drops the connection; Serve returns soon after.
func (s *Server) Close() error {
	s.cancel(ssh.ErrClosed)
	s.t.abort()
	return nil
}
