package ssh2

import (
	"io"

	"vtylab/ssh"
)

// Sizes of the read buffer: small while a connection is quiet, smaller still
// once a user is in and types, large while the small one comes back full.
const (
	idleRead  = 512
	quietRead = 2 << 10
	busyRead  = 64 << 10
)

// reader takes packets off the socket. It belongs to the reader goroutine.
type reader struct {
	t      *transport
	cipher opener
	seq    uint32
	count  int64 // packets since the last key exchange

	buf  *buffer
	r, w int    // unread bytes are buf.b[r:w]
	busy bool   // the last read filled a small buffer
	lost bool   // what still comes is swallowed and not told
	rest []byte // came with the identification line
}

// packet reads one packet and returns its payload, which is at least one byte
// and valid until the next call.
func (in *reader) packet() ([]byte, error) {
	t, lay := in.t, in.cipher.layout()
	if err := in.fill(lay.head); err != nil {
		return nil, err
	}
	length := in.cipher.length(in.buf.b[in.r:in.r+lay.head], in.seq)
	if t.traced() {
		t.emit(ssh.PacketLength{Length: length + 4})
	}
	if !lay.fits(length) {
		return nil, in.badLength(length)
	}
	need := int(length) + 4 - lay.head
	if t.traced() {
		t.emit(ssh.PacketPartial{Block: lay.block, Need: need, MACLen: lay.tag})
	}
	total := int(length) + 4 + lay.tag
	for in.w-in.r < total {
		if err := in.read(in.ahead(total)); err != nil {
			return nil, err
		}
		if t.traced() {
			t.emit(ssh.PacketPartial{Block: lay.block, Need: need, MACLen: lay.tag})
		}
	}
	packet := in.buf.b[in.r : in.r+total]
	in.r += total
	if !in.cipher.open(packet, in.seq) {
		return nil, ErrMAC
	}
	payload, err := in.payload(packet[:4+length], lay)
	if err != nil {
		return nil, err
	}
	in.seq++
	in.count++
	if t.cfg.RekeyBytes > 0 {
		t.kex.volume.Add(int64(total))
	}
	return payload, nil
}

// payload strips a decrypted packet. For a NEWKEYS it changes the keys, so that
// the events come in the order of the device's.
func (in *reader) payload(packet []byte, lay layout) ([]byte, error) {
	t := in.t
	if t.traced() && lay.mac {
		t.emit(ssh.PacketMAC{Seq: in.seq})
	}
	padding := int(packet[4])
	if t.traced() {
		t.emit(ssh.PacketPadding{Length: padding})
	}
	if padding < 4 || 5+padding >= len(packet) {
		return nil, protocolErrorf("padding %d in a packet of %d", padding, len(packet))
	}
	payload := packet[5 : len(packet)-padding]
	seq := in.seq
	if payload[0] == msgNewKeys && len(payload) == 1 && t.kex.takeIn(in) {
		if t.traced() {
			t.emit(ssh.NewKeys{Out: false})
		}
	}
	if t.traced() {
		t.emit(ssh.PacketReceived{Type: payload[0], Seq: seq})
	}
	return payload, nil
}

// fits bounds a length field and holds it to the cipher's block size.
func (l layout) fits(length uint32) bool {
	return length >= 5 && length <= maxPacketLength &&
		(int(length)+4-l.clear)%l.block == 0 && int(length)+4 >= l.head
}

// badLength reports a length. With CBC it first swallows as much as the longest
// packet: how many bytes it takes to end the connection must not tell what the
// decrypted length was (CVE-2008-5161).
func (in *reader) badLength(length uint32) error {
	if in.t.traced() {
		in.t.emit(ssh.BadPacketLength{Length: length})
	}
	if in.cipher.layout().cbc {
		in.lost = true
		for left := maxPacketLength; left > 0; {
			left -= in.w - in.r
			in.r = in.w
			if left > 0 && in.read(1) != nil {
				break
			}
		}
	}
	return &PacketLengthError{length}
}

// await reads until something is there.
func (in *reader) await() error {
	for in.w == in.r {
		if err := in.read(1); err != nil {
			return err
		}
	}
	return nil
}

// fill reads until n bytes are there.
func (in *reader) fill(n int) error {
	for in.w-in.r < n {
		if err := in.read(n); err != nil {
			return err
		}
	}
	return nil
}

// ahead is how much room a packet of n bytes gets before it is there. Until a
// user has logged in, that follows what has come and not what was announced.
func (in *reader) ahead(n int) int {
	if in.t.getPhase() == ssh.Connected {
		return n
	}
	return min(n, 2*(in.w-in.r)+quietRead)
}

// read reads the socket once, with room for n unread bytes in all.
func (in *reader) read(n int) error {
	in.room(n)
	into := in.buf.b[in.w:]
	if limit := int(in.t.trace.maxRead.Load()); limit > 0 && len(into) > limit {
		into = into[:limit]
	}
	var got int
	var err error
	if len(in.rest) > 0 {
		got = copy(into, in.rest)
		if in.rest = in.rest[got:]; len(in.rest) == 0 {
			in.rest = nil
		}
	} else {
		got, err = in.t.conn.Read(into)
		in.busy = got == len(into) && len(into) >= idleRead/2 || got >= quietRead
	}
	if got > 0 {
		in.w += got
		if !in.lost && in.t.traced() {
			in.t.emit(ssh.SocketRead{Bytes: got})
		}
		return nil
	}
	if err == io.EOF && in.w > in.r {
		return io.ErrUnexpectedEOF
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// usual is the size of the buffer for what usually comes. Who traces sees reads
// as long as ever.
func (in *reader) usual() int {
	switch {
	case in.t.getPhase() != ssh.Connected:
		return quietRead
	case in.busy:
		return busyRead
	case in.t.traced():
		return quietRead
	}
	return idleRead
}

// room makes space behind the unread bytes for n of them in all and some more.
func (in *reader) room(n int) {
	want := max(in.usual(), n)
	unread := in.w - in.r
	if in.buf != nil && len(in.buf.b) >= want && (len(in.buf.b) < 2*want || unread > 0) {
		// Compact only when the tail is too short for a useful read.
		if in.w == in.r {
			in.r, in.w = 0, 0
		} else if in.r+n > len(in.buf.b) || len(in.buf.b)-in.w < idleRead/2 {
			copy(in.buf.b, in.buf.b[in.r:in.w])
			in.r, in.w = 0, unread
		}
		return
	}
	next := getBuffer(want)
	if in.buf != nil {
		copy(next.b, in.buf.b[in.r:in.w])
		in.buf.release()
	}
	in.buf, in.r, in.w = next, 0, unread
}

func (in *reader) release() {
	in.buf.release()
	in.buf, in.r, in.w, in.rest = nil, 0, 0, nil
}
