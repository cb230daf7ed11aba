package ssh2

import (
	"encoding/binary"
	"io"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// maxHeld bounds the messages kept back during a key exchange, and what the
// reader may queue for a peer that does not read.
const maxHeld = 1 << 20

// writer seals packets into the queue in front of the socket, in the order of their
// sequence numbers. The lock of the queue guards the rest too.
type writer struct {
	wire.Writer
	t *transport

	cipher sealer
	seq    uint32
	count  int64 // packets since the last key exchange

	kexing   bool     // our KEXINIT is out, our NEWKEYS is not
	held     [][]byte // messages that wait for it
	heldSize int
}

// begin makes room for a packet with n bytes of payload and returns the place
// for the payload. finish must follow.
func (o *writer) begin(n int) []byte {
	lay := o.cipher.layout()
	return o.Room(5 + n + 2*lay.block + 4 + lay.tag)[5 : 5+n]
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
	packet := o.Room(total + lay.tag)
	binary.BigEndian.PutUint32(packet, uint32(total-4))
	packet[4] = byte(padding)
	pad := packet[5+n : total]
	if lay.mac {
		if _, err := io.ReadFull(t.cfg.Rand, pad); err != nil {
			o.Fail(err)
		}
	} else {
		clear(pad)
	}
	kind, seq := packet[5], o.seq
	o.cipher.seal(packet, o.seq)
	o.Add(len(packet))
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
	o.Lock()
	defer o.Unlock()
	if o.Err() != nil {
		return o.Err()
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
	return o.Flush()
}

// post queues messages and returns: for the reader and for timers, which must
// not wait for the socket. Only when the peer lets megabytes pile up does it
// wait.
func (o *writer) post(messages ...[]byte) error {
	if err := o.add(messages...); err != nil {
		return err
	}
	o.Lock()
	defer o.Unlock()
	o.StartFlush()
	for o.Len() > maxHeld && o.Err() == nil {
		o.Wait()
	}
	return o.Err()
}

// data queues CHANNEL_DATA or CHANNEL_EXTENDED_DATA, waiting while a key
// exchange runs or too much is queued.
func (o *writer) data(recipient uint32, as payload, p []byte) error {
	o.Lock()
	defer o.Unlock()
	for o.Err() == nil && (o.kexing || o.Len() >= wire.HighWater) {
		o.StartFlush()
		o.Wait()
	}
	if o.Err() != nil {
		return o.Err()
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

// drained waits until everything queued or held is on its way.
func (o *writer) drained() error {
	o.Lock()
	defer o.Unlock()
	o.StartFlush()
	for o.Err() == nil && (!o.Idle() || o.kexing) {
		o.Wait()
	}
	return o.Err()
}

// readerGone says that no key exchange will complete any more.
func (o *writer) readerGone() {
	o.Lock()
	defer o.Unlock()
	o.kexing = false
	o.Wake()
}

// last sends a final message, even during a key exchange, and refuses all
// others; nil is none.
func (o *writer) last(p []byte) error {
	o.Lock()
	defer o.Unlock()
	if o.Err() != nil {
		return o.Err()
	}
	if p != nil {
		o.queue(p)
	}
	o.kexing = false
	return o.Finish(ssh.ErrClosed)
}

func (o *writer) release() {
	o.Release()
	o.held = nil
}
