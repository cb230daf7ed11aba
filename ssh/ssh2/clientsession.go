package ssh2

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// ErrNoStatus says that a session ended without an exit-status.
var ErrNoStatus = errors.New("ssh2: session ended without an exit status")

// ErrRequestRefused says that the server answered a channel request with
// CHANNEL_FAILURE.
var ErrRequestRefused = errors.New("ssh2: channel request refused")

// OpenError is a CHANNEL_OPEN_FAILURE (RFC 4254 section 5.1).
type OpenError struct {
	Reason uint32
	Text   string
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("ssh2: channel open refused: %d %q", e.Reason, e.Text)
}

// ClientSession is a session channel (RFC 4254 section 6) seen from the client.
// Reads return what the program writes; Read and Stderr may be used by one
// goroutine each. Output that is not read closes the window.
type ClientSession struct {
	c  *Client
	ch *channel

	requests sync.Mutex // one request at a time
	answers  chan error // the reader's, for the open and for each request

	mu       sync.Mutex // guards all below
	awaiting bool
	status   int
	exited   bool
}

// Open opens a session.
func (c *Client) Open(ctx context.Context) (*ClientSession, error) {
	x := &ClientSession{c: c, ch: newChannel(&c.mux, c.ctx), answers: make(chan error, 1)}
	x.ch.h = x
	if !c.mux.add(x.ch) {
		x.ch.cancel()
		return nil, errors.New("ssh2: too many channels")
	}
	if c.ctx.Err() != nil {
		x.ch.finish() // finishAll may have come before add
		return nil, context.Cause(c.ctx)
	}
	open := &chanOpenMsg{Type: "session", Sender: x.ch.local, Window: c.common.Window, MaxPacket: c.common.MaxPacket}
	if err := x.ask(ctx, encode(open)); err != nil {
		return nil, err
	}
	return x, nil
}

// ask sends a message and waits for its answer.
func (x *ClientSession) ask(ctx context.Context, message []byte) error {
	x.requests.Lock()
	defer x.requests.Unlock()
	x.await(true)
	if err := x.c.t.out.send(message); err != nil {
		return x.answered(err)
	}
	select {
	case err := <-x.answers:
		return err
	case <-x.ch.ctx.Done():
		if c := context.Cause(x.c.ctx); c != nil {
			return x.answered(c)
		}
		return x.answered(io.ErrClosedPipe)
	case <-ctx.Done():
		// The answer may still come; the channel is of no use any more.
		_ = x.Close()
		return context.Cause(ctx)
	}
}

// answered is the answer that came before the end, which a quick program or an
// early DISCONNECT may put right behind it; without one it is err.
func (x *ClientSession) answered(err error) error {
	select {
	case answer := <-x.answers:
		return answer
	default:
		return err
	}
}

func (x *ClientSession) await(on bool) (before bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before, x.awaiting = x.awaiting, on
	return before
}

// answer hands an answer to ask, which must be waiting for one.
func (x *ClientSession) answer(err error) error {
	if !x.await(false) {
		return protocolErrorf("answer to no request")
	}
	x.answers <- err
	return nil
}

func (x *ClientSession) startRequest(ctx context.Context, name string, data []byte) error {
	if x.c.t.traced() {
		x.c.t.emit(ssh.RequestSent{Type: name})
	}
	return x.ask(ctx, x.ch.request(name, true, data))
}

// RequestPTY asks for a terminal.
func (x *ClientSession) RequestPTY(ctx context.Context, p ssh.PTY) error {
	return x.startRequest(ctx, "pty-req", encode(&ptyRequest{Term: p.Term, Columns: p.Window.Columns, Rows: p.Window.Rows, Modes: encodeModes(p.Modes)}))
}

// Shell starts a shell.
func (x *ClientSession) Shell(ctx context.Context) error {
	return x.started(ssh.SessionStarted{Kind: ssh.Shell}, x.startRequest(ctx, "shell", nil))
}

// Exec starts a command.
func (x *ClientSession) Exec(ctx context.Context, command string) error {
	return x.started(ssh.SessionStarted{Kind: ssh.Exec, Command: command}, x.startRequest(ctx, "exec", wire.AppendString(nil, command)))
}

func (x *ClientSession) started(e ssh.SessionStarted, err error) error {
	if err == nil && x.c.t.traced() {
		x.c.t.emit(e)
	}
	return err
}

// Subsystem starts a subsystem.
func (x *ClientSession) Subsystem(ctx context.Context, name string) error {
	return x.startRequest(ctx, "subsystem", wire.AppendString(nil, name))
}

// WindowChange tells a new size of the terminal; there is no answer.
func (x *ClientSession) WindowChange(w ssh.Window) error {
	return x.c.t.out.send(x.ch.request("window-change", false, encode(&windowChange{Columns: w.Columns, Rows: w.Rows})))
}

// Break asks for a break of the line behind the session (RFC 4335), of the length that
// the server chooses; there is no answer.
func (x *ClientSession) Break() error {
	return x.c.t.out.send(x.ch.request("break", false, make([]byte, 4)))
}

func (x *ClientSession) Read(p []byte) (int, error)  { return x.ch.read(p, false) }
func (x *ClientSession) Write(p []byte) (int, error) { return x.ch.write(p, payload{}) }

// Stderr reads the program's extended data.
func (x *ClientSession) Stderr() io.Reader { return stderrReader{x.ch} }

// Merge makes Read return the program's extended data too, in the order in which it
// comes. It is called before the program starts.
func (x *ClientSession) Merge() {
	x.ch.mu.Lock()
	defer x.ch.mu.Unlock()
	x.ch.merged = true
}

type stderrReader struct{ ch *channel }

func (r stderrReader) Read(p []byte) (int, error) { return r.ch.read(p, true) }

// CloseWrite ends the program's input.
func (x *ClientSession) CloseWrite() error { return x.ch.closeWrite() }

// Close closes the channel without waiting for the program.
func (x *ClientSession) Close() error {
	if !x.ch.open.Load() || !x.ch.markClose() {
		return nil
	}
	return x.c.t.out.send(channelMsg(msgChanClose, x.ch.remote))
}

// Wait returns the program's exit status once the server has closed the
// channel. What was not read by then can still be read.
func (x *ClientSession) Wait() (int, error) {
	<-x.ch.ctx.Done()
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.exited {
		if cause := context.Cause(x.c.ctx); cause != nil && cause != ssh.ErrClosed {
			return -1, cause
		}
		return -1, ErrNoStatus
	}
	return x.status, nil
}

func (x *ClientSession) opened(m *chanConfirmMsg) error {
	if x.ch.open.Load() {
		return x.c.t.unexpected(msgChanConfirm, "")
	}
	if err := x.ch.confirmed(m.Sender, m.Window, m.MaxPacket); err != nil {
		return err
	}
	return x.answer(nil)
}

func (x *ClientSession) openFailed(m *chanFailureMsg) error {
	if x.ch.open.Load() {
		return x.c.t.unexpected(msgChanFailure, "")
	}
	err := x.answer(&OpenError{m.Reason, m.Text})
	x.c.mux.remove(x.ch)
	x.ch.finish()
	return err
}

func (x *ClientSession) replied(ok bool) error {
	if ok {
		return x.answer(nil)
	}
	return x.answer(ErrRequestRefused)
}

func (x *ClientSession) closed() {}

// request takes the program's status (RFC 4254 section 6.10).
func (x *ClientSession) request(m *chanRequestMsg) error {
	if x.c.t.traced() {
		x.c.t.emit(ssh.ChannelRequest{Type: m.Type})
	}
	if m.Type == "exit-status" && len(m.Data) == 4 {
		x.mu.Lock()
		x.status, x.exited = int(int32(binary.BigEndian.Uint32(m.Data))), true
		x.mu.Unlock()
	}
	if !m.WantReply {
		return nil
	}
	return x.c.t.out.post(channelMsg(msgChanReqFailure, x.ch.remote))
}
