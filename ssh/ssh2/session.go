package ssh2

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// Reason codes of RFC 4254 section 5.1.
const (
	openProhibited  = 1
	openUnknownType = 3
	openShortage    = 4
)

// ErrSubsystem ends a connection that asked for a subsystem the server does not
// have.
var ErrSubsystem = errors.New("ssh2: subsystem refused")

// open answers a CHANNEL_OPEN: sessions only, and on IOS one per connection. A
// second beside the first gets OPEN_FAILURE with reason 4 and empty texts, 17
// bytes, and the first lives on (SSHLibrary#288, robotframework#2565). Where
// the connection is closed instead (paramiko#2230, #55) the first had ended,
// which on IOS ends the connection.
func (s *Server) open(m *chanOpenMsg) error {
	if s.t.traced() {
		s.t.emit(ssh.ChannelOpen{Type: m.Type})
	}
	if m.Type != "session" {
		return s.t.out.post(encode(&chanFailureMsg{Recipient: m.Sender, Reason: openUnknownType, Text: "Unknown channel type"}))
	}
	c := newChannel(&s.mux, s.ctx)
	c.h = &session{s: s, ch: c}
	if s.finished.Load() || !s.mux.add(c) {
		c.cancel()
		return s.t.out.post(encode(&chanFailureMsg{Recipient: m.Sender, Reason: openShortage}))
	}
	if err := c.confirmed(m.Sender, m.Window, m.MaxPacket); err != nil {
		return err
	}
	return s.t.out.post(encode(&chanConfirmMsg{Recipient: m.Sender, Sender: c.local, Window: s.common.Window, MaxPacket: s.common.MaxPacket}))
}

// session is a session channel (RFC 4254 section 6) seen from the server.
type session struct {
	s  *Server
	ch *channel

	// Set by the reader before the program starts.
	kind    ssh.Kind
	command string
	pty     *ssh.PTY
	running bool

	mu       sync.Mutex // guards all below
	onWindow func(ssh.Window)
	window   *ssh.Window // came before onWindow was set
	onBreak  func()
	exited   bool
}

var _ ssh.Session = (*session)(nil)

func (x *session) Kind() ssh.Kind              { return x.kind }
func (x *session) Command() string             { return x.command }
func (x *session) PTY() *ssh.PTY               { return x.pty }
func (x *session) Context() context.Context    { return x.ch.ctx }
func (x *session) Read(p []byte) (int, error)  { return x.ch.read(p, false) }
func (x *session) Write(p []byte) (int, error) { return x.ch.write(p, payload{}) }
func (x *session) Untraced() io.Writer         { return untracedWriter{x.ch} }
func (x *session) Stderr() io.Writer           { return stderrWriter{x.ch} }
func (x *session) Close() error                { return x.s.Close() }

// stderrWriter writes SSH_EXTENDED_DATA_STDERR.
type stderrWriter struct{ ch *channel }

func (w stderrWriter) Write(p []byte) (int, error) { return w.ch.write(p, payload{code: 1}) }

// untracedWriter writes data without PacketSent.
type untracedWriter struct{ ch *channel }

func (w untracedWriter) Write(p []byte) (int, error) { return w.ch.write(p, payload{untraced: true}) }

// OnWindowChange also reports a change that came before it was called.
func (x *session) OnWindowChange(f func(ssh.Window)) {
	x.mu.Lock()
	x.onWindow = f
	early := x.window
	x.window = nil
	x.mu.Unlock()
	if early != nil && f != nil {
		f(*early)
	}
}

// Exit sends exit-status, EOF and CLOSE, then ends the connection if this was
// its last session.
func (x *session) Exit(status int) error {
	return x.end(x.ch.request("exit-status", false, binary.BigEndian.AppendUint32(nil, uint32(status))))
}

// end closes the channel behind the messages given, once.
func (x *session) end(messages ...[]byte) error {
	x.mu.Lock()
	again := x.exited
	x.exited = true
	x.mu.Unlock()
	if again {
		return nil
	}
	// The client may be gone before the send returns: known first, its leaving
	// is in order.
	last := x.s.mux.sessionEnded() == 0 && x.s.ctx.Err() == nil
	if last {
		x.s.finished.Store(true)
	}
	var err error
	if x.ch.markClose() {
		messages = append(messages, channelMsg(msgChanEOF, x.ch.remote), channelMsg(msgChanClose, x.ch.remote))
		err = x.s.t.out.send(messages...)
	}
	x.ch.free()
	if last && err == nil && x.ch.peerClosed() {
		x.s.parting.Leave()
	} else if last {
		x.s.sessionsOver()
	}
	return err
}

func (x *session) opened(*chanConfirmMsg) error {
	return x.s.t.unexpected(msgChanConfirm, "")
}

func (x *session) openFailed(*chanFailureMsg) error {
	return x.s.t.unexpected(msgChanFailure, "")
}

func (x *session) replied(bool) error {
	return protocolErrorf("reply to no channel request")
}

// closed is the client's CLOSE. A program that runs learns of it by itself; a
// session that ran nothing ends here, and one that has ended was waiting for it.
func (x *session) closed() {
	x.mu.Lock()
	exited := x.exited
	x.mu.Unlock()
	if exited && x.s.finished.Load() {
		x.s.sessions.Go(x.s.parting.Leave)
	} else if !x.running {
		x.s.sessions.Go(func() { _ = x.end() })
	}
}

// request answers a CHANNEL_REQUEST. Unknown ones are refused, env is ignored.
func (x *session) request(m *chanRequestMsg) error {
	if x.s.t.traced() {
		x.s.t.emit(ssh.ChannelRequest{Type: m.Type})
	}
	var ok bool
	var err error
	switch m.Type {
	case "pty-req":
		ok, err = x.ptyRequest(m.Data)
	case "window-change":
		ok, err = x.windowChange(m.Data)
	case "break":
		ok = x.breakRequest()
	case "shell", "exec", "subsystem":
		return x.startRequest(m)
	}
	if err != nil || !m.WantReply {
		return err
	}
	return x.reply(ok)
}

func (x *session) reply(ok bool) error {
	kind := byte(msgChanReqFailure)
	if ok {
		kind = msgChanSuccess
	}
	return x.s.t.out.post(channelMsg(kind, x.ch.remote))
}

func (x *session) ptyRequest(data []byte) (bool, error) {
	var p ptyRequest
	if err := decodeFields(data, "pty-req", &p); err != nil {
		return false, err
	}
	if x.running || x.pty != nil {
		return false, nil
	}
	x.pty = p.pty()
	if x.s.t.traced() {
		x.s.t.emit(ssh.PTYSet{Requested: x.pty.Window, Set: x.pty.Window})
	}
	return true, nil
}

// breakRequest passes on a break of the line behind the session. Its length makes no
// difference here.
func (x *session) breakRequest() bool {
	x.mu.Lock()
	f := x.onBreak
	x.mu.Unlock()
	if f != nil {
		f()
	}
	return f != nil
}

// OnBreak sets what a request for a break is told.
func (x *session) OnBreak(f func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.onBreak = f
}

func (x *session) windowChange(data []byte) (bool, error) {
	var w windowChange
	if err := decodeFields(data, "window-change", &w); err != nil {
		return false, err
	}
	size := ssh.Window{Columns: w.Columns, Rows: w.Rows}
	x.mu.Lock()
	f := x.onWindow
	if f == nil {
		x.window = &size
	}
	x.mu.Unlock()
	if f != nil {
		f(size)
	}
	return true, nil
}

// startRequest runs a program (RFC 4254 section 6.5), once per channel.
func (x *session) startRequest(m *chanRequestMsg) error {
	kind := map[string]ssh.Kind{"shell": ssh.Shell, "exec": ssh.Exec, "subsystem": ssh.Subsystem}[m.Type]
	var command string
	if kind != ssh.Shell {
		s, rest, ok := wire.CutString(m.Data)
		if !ok || len(rest) > 0 {
			return protocolErrorf("malformed %s request", m.Type)
		}
		command = string(s)
	} else if len(m.Data) > 0 {
		return protocolErrorf("malformed shell request")
	}
	if kind == ssh.Subsystem && (x.s.cfg.Subsystem == nil || !x.s.cfg.Subsystem(command)) {
		return x.refuseSubsystem(m.WantReply)
	}
	if x.running {
		if m.WantReply {
			return x.reply(false)
		}
		return nil
	}
	x.kind, x.command, x.running = kind, command, true
	if x.s.t.traced() {
		x.s.t.emit(ssh.SessionStarted{Kind: kind, Command: command})
	}
	if m.WantReply {
		if err := x.reply(true); err != nil {
			return err
		}
	}
	x.s.sessions.Go(func() {
		x.s.cfg.Handle(x)
		_ = x.end() // of a session left open; the connection's end shows elsewhere
	})
	return nil
}

// refuseSubsystem answers, then drops the connection, as IOS does to sftp.
func (x *session) refuseSubsystem(reply bool) error {
	if reply {
		x.s.parted = x.s.t.farewell(channelMsg(msgChanReqFailure, x.ch.remote))
	}
	return ErrSubsystem
}
