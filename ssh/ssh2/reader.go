package ssh2

import (
	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// reader takes packets off the socket. It belongs to the reader goroutine.
type reader struct {
	wire.Reader
	t *transport

	cipher opener
	seq    uint32
	count  int64 // packets since the last key exchange
	lost   bool  // what still comes is swallowed and not told
}

// packet reads one packet and returns its payload, which is at least one byte
// and valid until the next call.
func (in *reader) packet() ([]byte, error) {
	t, lay := in.t, in.cipher.layout()
	if err := in.Fill(lay.head); err != nil {
		return nil, err
	}
	length := in.cipher.length(in.Peek(lay.head), in.seq)
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
	for in.Len() < total {
		if err := in.Read(in.Ahead(total)); err != nil {
			return nil, err
		}
		if t.traced() {
			t.emit(ssh.PacketPartial{Block: lay.block, Need: need, MACLen: lay.tag})
		}
	}
	packet := in.Take(total)
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
			left -= len(in.Take(in.Len()))
			if left > 0 && in.Read(1) != nil {
				break
			}
		}
	}
	return &ssh.PacketLengthError{Length: length}
}
