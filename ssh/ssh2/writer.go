package ssh2

import (
	"cmp"
	"encoding/binary"
	"io"
	"sync"
	"time"

	"vtylab/ssh"
)

// Bounds of what waits for the socket.
const (
	// highWater holds data writers back.
	highWater = 256 << 10
	// maxHeld bounds the messages kept back during a key exchange, and what the
	// reader may queue for a peer that does not read.
	maxHeld = 1 << 20
)

// writer queues packets and sends them. Packets are encrypted into pending in
// the order of their sequence numbers; one goroutine at a time empties it into
// the socket while others go on queueing, so that many small packets share one
// system call.
type writer struct {
	t    *transport
	mu   sync.Mutex // guards all below
	cond sync.Cond  // pending shrank, keys changed, or stopped

	cipher sealer
	seq    uint32
	count  int64 // packets since the last key exchange

	buf      *buffer // pending packets are buf.b[:n]
	n        int
	flushing bool
	kexing   bool     // our KEXINIT is out, our NEWKEYS is not
	held     [][]byte // messages that wait for it
	heldSize int
	err      error
	broken   error // err, when it came from the socket
}

// begin makes room for a packet with n bytes of payload and returns the place
// for the payload. finish must follow.
func (o *writer) begin(n int) []byte {
	lay := o.cipher.layout()
	need := o.n + 5 + n + 2*lay.block + 4 + lay.tag
	if o.buf == nil {
		o.buf = getBuffer(need)
	} else if need > len(o.buf.b) {
		if need > 2*maxChannelPacket {
			need = max(need, 2*highWater) // bulk: grow once, not by steps
		}
		next := getBuffer(need)
		copy(next.b, o.buf.b[:o.n])
		o.buf.release()
		o.buf = next
	}
	return o.buf.b[o.n+5 : o.n+5+n]
}

// finish pads, encrypts and queues the packet begun. Padding is the least that
// RFC 4253 section 6 allows: IOS peers were seen to break on more. Told packets
// make an event.
func (o *writer) finish(n int, told bool) {
	t, lay := o.t, o.cipher.layout()
	padding := lay.block - (5+n-lay.clear)%lay.block
	if padding < 4 {
		padding += lay.block
	}
	total := 5 + n + padding
	packet := o.buf.b[o.n : o.n+total+lay.tag]
	binary.BigEndian.PutUint32(packet, uint32(total-4))
	packet[4] = byte(padding)
	pad := packet[5+n : total]
	if lay.mac {
		if _, err := io.ReadFull(t.cfg.Rand, pad); err != nil && o.err == nil {
			o.err = err
		}
	} else {
		clear(pad)
	}
	kind, seq := packet[5], o.seq
	o.cipher.seal(packet, o.seq)
	o.n += len(packet)
	o.seq++
	o.count++
	if t.cfg.RekeyBytes > 0 {
		t.kex.volume.Add(int64(len(packet)))
	}
	if told && t.traced() {
		t.emit(ssh.PacketSent{Length: total, Padding: padding, Type: kind, Seq: seq, MAC: lay.mac})
	}
}

// queue adds a message; the lock is held.
func (o *writer) queue(p []byte) {
	copy(o.begin(len(p)), p)
	o.finish(len(p), true)
}

// hold keeps back, during a key exchange, what RFC 4253 section 7.1 forbids to
// send then; the lock is held.
func (o *writer) hold(p []byte) error {
	if o.heldSize += len(p); o.heldSize > maxHeld {
		return protocolErrorf("peer does not answer KEXINIT")
	}
	o.held = append(o.held, append([]byte(nil), p...))
	return nil
}

// add queues messages, or holds them during a key exchange.
func (o *writer) add(messages ...[]byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	for _, p := range messages {
		if o.kexing {
			if err := o.hold(p); err != nil {
				return err
			}
		} else {
			o.queue(p)
		}
	}
	return nil
}

// send queues messages and sends them before it returns, or leaves that to the
// goroutine that is sending already.
func (o *writer) send(messages ...[]byte) error {
	if err := o.add(messages...); err != nil {
		return err
	}
	return o.flush()
}

// post queues messages and returns: for the reader and for timers, which must
// not wait for the socket. Only when the peer lets megabytes pile up does it
// wait.
func (o *writer) post(messages ...[]byte) error {
	if err := o.add(messages...); err != nil {
		return err
	}
	o.flushBehind()
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.n > maxHeld && o.err == nil {
		o.cond.Wait()
	}
	return o.err
}

// data queues CHANNEL_DATA or CHANNEL_EXTENDED_DATA, waiting while a key
// exchange runs or too much is queued.
func (o *writer) data(recipient uint32, as payload, p []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && (o.kexing || o.n >= highWater) {
		if o.n > 0 && !o.flushing {
			o.startFlusher()
		}
		o.cond.Wait()
	}
	if o.err != nil {
		return o.err
	}
	head := 9
	if as.code != 0 {
		head = 13
	}
	b := o.begin(head + len(p))
	b[0] = msgChanData
	binary.BigEndian.PutUint32(b[1:], recipient)
	if as.code != 0 {
		b[0] = msgChanExtData
		binary.BigEndian.PutUint32(b[5:], as.code)
	}
	binary.BigEndian.PutUint32(b[head-4:], uint32(len(p)))
	copy(b[head:], p)
	o.finish(len(b), !as.untraced)
	if o.t.rekeyDue(o.count) {
		o.t.rekeyLocked()
	}
	return nil
}

// flush sends what is queued. It returns at once when another goroutine does so
// already. That the connection ends behind what was sent is no error: the peer
// may be quicker than we are.
func (o *writer) flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flushing {
		return o.unsent()
	}
	o.flushing = true
	return o.drain()
}

// unsent is why something that is queued will not be sent; the lock is held.
func (o *writer) unsent() error {
	if o.n == 0 {
		return nil
	}
	return o.err
}

// flushBehind is flush in a goroutine.
func (o *writer) flushBehind() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.flushing && o.n > 0 && o.err == nil {
		o.startFlusher()
	}
}

// startFlusher is flushBehind with the lock held.
func (o *writer) startFlusher() {
	o.flushing = true
	o.t.wg.Add(1)
	go func() {
		defer o.t.wg.Done()
		o.mu.Lock()
		defer o.mu.Unlock()
		o.drain()
	}()
}

// drain writes until nothing is queued. The lock is held, but not while the
// socket is written.
func (o *writer) drain() (failed error) {
	for o.n > 0 && o.err == nil {
		buf, n := o.buf, o.n
		o.buf, o.n = nil, 0
		o.mu.Unlock()
		_, err := o.t.conn.Write(buf.b[:n])
		buf.release()
		o.mu.Lock()
		if err != nil {
			o.failed(err)
			failed = o.err
		}
		o.cond.Broadcast()
	}
	o.flushing = false
	o.cond.Broadcast()
	return cmp.Or(failed, o.unsent())
}

// failed notes that the socket cannot be written any more; the lock is held.
func (o *writer) failed(err error) {
	if o.err != nil {
		return
	}
	o.err, o.broken = err, err
	// The reader must learn of it too, but may find a DISCONNECT first.
	if o.t.conn.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		o.t.conn.Close()
	}
}

// drained waits until everything queued or held is on its way.
func (o *writer) drained() error {
	o.flushBehind()
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.err == nil && (o.n > 0 || o.flushing || o.kexing) {
		o.cond.Wait()
	}
	return o.err
}

// readerGone says that no key exchange will complete any more.
func (o *writer) readerGone() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kexing = false
	o.cond.Broadcast()
}

// last sends a final message, even during a key exchange, and refuses all
// others; nil is none.
func (o *writer) last(p []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	if p != nil {
		o.queue(p)
	}
	o.kexing = false
	for o.flushing && o.err == nil {
		o.cond.Wait()
	}
	o.flushing = true
	o.drain()
	if o.err == nil {
		o.err = ErrClosed
		return nil
	}
	return o.err
}

// stop makes every later write fail with err.
func (o *writer) stop(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
	o.cond.Broadcast()
}

func (o *writer) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf.release()
	o.buf, o.n, o.held = nil, 0, nil
}
