package ssh2

import (
	"context"
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// channel is one end of a session channel (RFC 4254 section 5). The reader
// fills in and errIn; programs empty them and write.
type channel struct {
	m      *mux
	h      handler
	local  uint32
	remote uint32
	ctx    context.Context
	cancel context.CancelFunc
	open   atomic.Bool // remote is known

	mu       sync.Mutex // guards all below
	readable sync.Cond  // in or errIn has bytes, or eof or closed was set
	writable sync.Cond  // window grew, or closed was set

	in, errIn wire.Ring
	merged    bool   // errIn's goes to in
	window    uint32 // what the peer may still send
	size      uint32 // what it may send at most before it hears from us
	tight     bool   // it has nearly sent that since
	used      uint32 // read by the program, not yet given back to the peer
	eof       bool   // peer's EOF
	closed    bool   // peer's CLOSE, or the connection is gone

	outWindow uint32
	outMax    uint32
	sentEOF   bool
	sentClose bool
}

func newChannel(m *mux, ctx context.Context) *channel {
	c := &channel{m: m, window: m.t.cfg.Window, size: m.t.cfg.Window}
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.readable.L, c.writable.L = &c.mu, &c.mu
	return c
}

// confirmed takes the numbers of the peer's open or confirmation. A maximum
// packet size of 0 is refused: no data would ever fit, however large the window.
func (c *channel) confirmed(remote, window, maxPacket uint32) error {
	if maxPacket == 0 {
		return protocolErrorf("channel %d: maximum packet size 0", c.local)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remote, c.outWindow = remote, window
	c.outMax = min(maxPacket, c.m.t.cfg.MaxData)
	c.open.Store(true)
	return nil
}

// read takes from in, or with stderr from errIn.
func (c *channel) read(p []byte, stderr bool) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c.mu.Lock()
	r := &c.in
	if stderr {
		r = &c.errIn
	}
	for r.Len() == 0 && !c.eof && !c.closed {
		c.readable.Wait()
	}
	if r.Len() == 0 {
		c.mu.Unlock()
		return 0, io.EOF
	}
	n := r.Read(p)
	adjust := c.credit(uint32(n))
	c.mu.Unlock()
	if adjust > 0 {
		// A failure shows in the next read.
		_ = c.m.t.out.send(windowAdjust(c.remote, adjust))
	}
	return n, nil
}

// credit counts n bytes as consumed and returns the WINDOW_ADJUST that is due:
// half a window at a time. The lock is held.
//
// The first window is what a CHANNEL_OPEN_CONFIRMATION shows, 8192 bytes on most
// devices, and copies through it at half the speed of the rest. No capture tells
// how far a device opens it afterwards, so a peer that uses it up gets twice as
// much with each adjustment, up to MaxWindow. A keyboard never does.
func (c *channel) credit(n uint32) uint32 {
	c.used += n
	if c.used < c.size/2 || c.closed || c.eof || c.sentClose {
		return 0
	}
	adjust := c.used
	if limit := c.m.t.cfg.MaxWindow; c.tight && c.size < limit {
		more := min(c.size, limit-c.size)
		c.size += more
		adjust += more
	}
	c.used, c.tight = 0, false
	c.window += adjust
	return adjust
}

// payload is what goes into CHANNEL_DATA, or with a type code into
// CHANNEL_EXTENDED_DATA (RFC 4254 section 5.2).
type payload struct {
	code     uint32
	untraced bool // its packets make no events
}

// write sends p. It returns when all of it is queued.
func (c *channel) write(p []byte, as payload) (n int, err error) {
	// A long write is sent by another goroutine while this one encrypts.
	flush := c.m.t.out.Flush
	if len(p) > 2*maxChannelPacket {
		flush = func() error { c.m.t.out.FlushBehind(); return nil }
	}
	queued := 0
	for len(p) > 0 {
		size, err := c.reserve(len(p), queued > 0, flush)
		if err != nil {
			return n, err
		}
		if err := c.m.t.out.data(c.remote, as, p[:size]); err != nil {
			return n, err
		}
		p, n, queued = p[size:], n+size, queued+size
		if queued >= 2*maxChannelPacket {
			if err := flush(); err != nil {
				return n, err
			}
			queued = 0
		}
	}
	return n, flush()
}

// reserve takes up to n bytes from the peer's window, waiting for it to open;
// before it waits it flushes what was queued.
func (c *channel) reserve(n int, queued bool, flush func() error) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.outWindow == 0 && !c.closed && !c.sentEOF {
		if queued {
			queued = false
			c.mu.Unlock()
			err := flush()
			c.mu.Lock()
			if err != nil {
				return 0, err
			}
			continue
		}
		c.writable.Wait()
	}
	if c.closed || c.sentEOF {
		return 0, io.ErrClosedPipe
	}
	size := min(uint32(min(n, maxChannelPacket)), c.outWindow, c.outMax)
	c.outWindow -= size
	return int(size), nil
}

// received takes data off a message; the reader calls it.
func (c *channel) received(data []byte, code uint32) error {
	c.mu.Lock()
	if uint32(len(data)) > c.window {
		c.mu.Unlock()
		return protocolErrorf("channel %d: %d bytes overflow a window of %d", c.local, len(data), c.window)
	}
	if uint32(len(data)) > c.m.t.cfg.MaxPacket {
		c.mu.Unlock()
		return protocolErrorf("channel %d: %d bytes of data, maximum %d", c.local, len(data), c.m.t.cfg.MaxPacket)
	}
	if c.eof || c.closed {
		c.mu.Unlock()
		return protocolErrorf("channel %d: data after end", c.local)
	}
	c.window -= uint32(len(data))
	c.tight = c.tight || c.window < c.size/4
	var adjust uint32
	switch {
	case c.sentClose || code > 1 || code == 1 && !c.m.t.client:
		// Nobody will read it.
		adjust = c.credit(uint32(len(data)))
	case code == 1 && !c.merged:
		c.errIn.Write(data)
	case len(data) > 0:
		c.in.Write(data)
	}
	c.readable.Broadcast()
	c.mu.Unlock()
	if adjust > 0 {
		return c.m.t.out.post(windowAdjust(c.remote, adjust))
	}
	return nil
}

// adjusted opens the peer's window further (RFC 4254 section 5.2).
func (c *channel) adjusted(n uint32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outWindow+n < c.outWindow {
		return protocolErrorf("channel %d: window adjust by %d wraps", c.local, n)
	}
	c.outWindow += n
	c.writable.Broadcast()
	return nil
}

func (c *channel) peerEOF() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.eof = true
	c.readable.Broadcast()
}

// finish marks the channel as gone: reads end after what is buffered, writes
// fail.
func (c *channel) finish() {
	c.mu.Lock()
	c.closed = true
	c.readable.Broadcast()
	c.writable.Broadcast()
	c.mu.Unlock()
	c.cancel()
}

func (c *channel) peerClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// free returns buffers that no program will empty any more.
func (c *channel) free() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in.Free()
	c.errIn.Free()
}

// closeWrite sends EOF once.
func (c *channel) closeWrite() error {
	if !c.markEOF() {
		return nil
	}
	return c.m.t.out.send(channelMsg(msgChanEOF, c.remote))
}

func (c *channel) markEOF() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.sentEOF && !c.sentClose
	c.sentEOF = true
	c.writable.Broadcast()
	return first
}

// markClose tells whether this is the first of our CLOSEs; after it nothing
// more is sent.
func (c *channel) markClose() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.sentClose
	c.sentClose, c.sentEOF = true, true
	c.writable.Broadcast()
	return first
}

// request sends a channel request that wants no reply.
func (c *channel) request(name string, want bool, data []byte) []byte {
	return encode(&chanRequestMsg{c.remote, name, want, data})
}

func channelMsg(kind byte, recipient uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{kind}, recipient)
}

func windowAdjust(recipient, n uint32) []byte {
	return binary.BigEndian.AppendUint32(channelMsg(msgWindowAdjust, recipient), n)
}

// decodeModes reads the encoded terminal modes of RFC 4254 section 8 as far as
// they make sense.
func decodeModes(b []byte) map[byte]uint32 {
	modes := map[byte]uint32{}
	for len(b) >= 5 && b[0] != 0 && b[0] < 160 {
		modes[b[0]] = binary.BigEndian.Uint32(b[1:])
		b = b[5:]
	}
	return modes
}

func encodeModes(modes map[byte]uint32) []byte {
	var b []byte
	for op := 1; op < 160; op++ {
		if v, ok := modes[byte(op)]; ok {
			b = binary.BigEndian.AppendUint32(append(b, byte(op)), v)
		}
	}
	return append(b, 0)
}

func (w ptyRequest) pty() *ssh.PTY {
	return &ssh.PTY{Term: w.Term, Window: ssh.Window{Columns: w.Columns, Rows: w.Rows}, Modes: decodeModes(w.Modes)}
}
