package ssh2

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// Bounds of the transport.
const (
	// maxPacketLength is the largest packet_length accepted (RFC 4253 section
	// 6.1 asks for 35000 bytes of packet at least).
	maxPacketLength = 35000
	// maxChannelPacket keeps a CHANNEL_DATA within that.
	maxChannelPacket = 32 << 10
	// maxIdleMessages bounds IGNORE, DEBUG and the like in a row, within idleTime:
	// PuTTY keeps a connection alive with an IGNORE now and then.
	maxIdleMessages = 1024
	idleTime        = time.Minute
	// maxEarlyRekeys bounds the key exchanges between the first and the end of
	// authentication: each costs us a signature and a Diffie-Hellman, for a peer
	// nobody knows yet. OpenSSH begins none there, PuTTY only after an hour or a
	// gigabyte, and we by RekeyInterval or RekeyBytes, which a login hardly reaches.
	maxEarlyRekeys = 8
	// maxPackets per direction ask for a new key exchange, long before the
	// sequence number comes round (RFC 4344 section 3.1).
	maxPackets = 1 << 31
	// closeTime is how long a server waits for the client's CLOSE before it closes
	// its half of the connection.
	closeTime = 10 * time.Second
)

// transport is the binary packet protocol of one connection (RFC 4253 section
// 6) and, in kex.go, its key exchanges.
type transport struct {
	conn   net.Conn
	cfg    *Config
	client bool // our role
	trace  wire.Tracer[ssh.Event]
	ahead  chan ahead // of a read while a client's user is asked, nil for none
	phase  atomic.Int32

	in     reader // the reader goroutine's
	rekeys int    // before the end of authentication; likewise
	out    writer

	kex kexState
	// connection handles a message of RFC 4254; set before the phase is
	// Connected.
	connection func(p []byte) error

	work wire.Group // flushers, rekey timers, what ends a connection
}

func newTransport(conn net.Conn, cfg *Config, client bool) *transport {
	t := &transport{conn: conn, cfg: cfg, client: client}
	t.trace.Set(cfg.Trace, 0)
	t.in.t, t.in.cipher = t, clearText{}
	t.out.t, t.out.cipher = t, clearText{}
	t.in.Init(conn, t)
	t.out.Init(conn, &t.work)
	return t
}

func (t *transport) setPhase(p ssh.Phase) { t.phase.Store(int32(p)) }
func (t *transport) getPhase() ssh.Phase  { return ssh.Phase(t.phase.Load()) }

// identify exchanges identification lines, or takes those already exchanged.
func (t *transport) identify(done *ssh.Idents) error {
	if done == nil {
		lines, err := ssh.Exchange(t.conn, t.cfg.Version, t.cfg.VersionEnd, t.client, t.emit)
		if err != nil {
			return err
		}
		done = &lines
	}
	t.in.Unread(done.Rest)
	t.kex.versions(t.client, done.Local, done.Remote)
	if !ssh.Speaks2(done.Remote) {
		return ErrVersion
	}
	return nil
}

// next reads the next message that is not the transport's own: it answers key
// exchanges and drops what RFC 4253 section 11 says may come any time. The
// message is valid until the next call.
func (t *transport) next() ([]byte, error) {
	idle, since := 0, time.Time{}
	for idle < maxIdleMessages {
		p, err := t.in.packet()
		if err != nil {
			return nil, err
		}
		switch {
		case p[0] == msgKexInit:
			if err := t.rekey(p); err != nil {
				return nil, err
			}
			idle = 0
		case p[0] == msgDisconnect:
			return nil, disconnected(p)
		case p[0] >= msgIgnore && p[0] <= msgDebug || t.late(p[0]):
			if now := time.Now(); now.Sub(since) > idleTime {
				idle, since = 0, now
			}
			idle++
		default:
			t.checkRekey()
			return p, nil
		}
	}
	return nil, protocolErrorf("too many idle messages")
}

// rekey runs a later key exchange from the peer's KEXINIT.
func (t *transport) rekey(init []byte) error {
	if t.getPhase() != ssh.Connected {
		if t.rekeys++; t.rekeys > maxEarlyRekeys {
			return protocolErrorf("more than %d key exchanges before authentication", maxEarlyRekeys)
		}
	}
	return t.exchangeKeys(init)
}

// late tells a request that its client sent before it knew that another had let
// it in: it is ignored (RFC 4252 section 5.3).
func (t *transport) late(kind byte) bool {
	return kind == msgAuthRequest && !t.client && t.getPhase() == ssh.Connected
}

// reason is why the connection ended for which the reader has err. A peer that
// says goodbye and closes may break our write before its DISCONNECT is read.
func (t *transport) reason(err error) error {
	broken := t.out.Broken()
	if broken == nil || !errors.Is(err, broken) && !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if t.ahead != nil { // somebody reads: a connection that cannot be written ends that
		m := <-t.ahead
		if gone := (*ssh.DisconnectError)(nil); errors.As(m.err, &gone) {
			return gone
		}
		if m.err != nil {
			return broken
		}
	}
	for range maxIdleMessages {
		p, err := t.in.packet()
		if err != nil {
			break
		}
		if p[0] == msgDisconnect {
			return disconnected(p)
		}
	}
	return broken
}

// ahead is a message that was read before anybody waited for it.
type ahead struct {
	packet []byte
	err    error
}

func disconnected(p []byte) error {
	var m disconnectMsg
	if err := decode(p, &m); err != nil {
		return err
	}
	return &ssh.DisconnectError{Reason: m.Reason, Text: m.Text}
}

// unexpected is the error for message type got where it does not belong.
func (t *transport) unexpected(got byte, expected string) error {
	if t.traced() {
		t.emit(ssh.UnexpectedMessage{Type: got, Phase: t.getPhase()})
	}
	return &ssh.UnexpectedError{Type: got, Name: MessageName(got), Expected: expected, Phase: t.getPhase()}
}

// expect reads the next message, which must have type want, into msg.
func (t *transport) expect(want byte, msg any) error {
	p, err := t.next()
	if err != nil {
		return err
	}
	if p[0] != want {
		return t.unexpected(p[0], MessageName(want))
	}
	return decode(p, msg)
}

// fail tells the peer why the connection ends, if err is something to tell, and
// reports as farewell does.
func (t *transport) fail(err error) bool {
	if reason, text, ok := disconnectFor(err); ok {
		return t.farewell(encode(&disconnectMsg{Reason: reason, Text: text}))
	}
	for _, silent := range []error{ssh.ErrAuthExhausted, ErrGroupRange, ErrVersion} {
		if errors.Is(err, silent) {
			return t.farewell(nil)
		}
	}
	return false
}

// farewell sends a last message, nil for none, and a FIN; it reports whether both
// are on their way. A peer that does not read does not keep us for long.
func (t *transport) farewell(p []byte) bool {
	timer := time.AfterFunc(wire.LingerTime, func() { t.conn.Close() })
	defer timer.Stop()
	return t.out.last(p) == nil && wire.HalfClose(t.conn)
}

// abort ends the connection at once; whatever waits for it returns.
func (t *transport) abort() {
	t.conn.Close()
	t.out.Stop(ssh.ErrClosed)
}

// wait returns when no goroutine of the transport is left. It must follow abort.
func (t *transport) wait() {
	t.stopTimer()
	t.work.Wait()
	t.in.Release()
	t.out.release()
}
