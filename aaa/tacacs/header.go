package tacacs

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"
)

// Header is what stands before each body, in clear (RFC 8907 section 4.1).
type Header struct {
	Version byte // 0xc0 or 0xc1
	Kind    Kind
	Seq     byte // a client's are odd, from 1; a server's even
	Flags   HeaderFlags
	Session uint32
	Length  uint32 // of the body
}

// Kind is the type of a packet.
type Kind byte

// The types of packets. Each is a session of its own.
const (
	Authentication Kind = 1
	Authorization  Kind = 2
	Accounting     Kind = 3
)

// HeaderFlags are the flags of a packet.
type HeaderFlags byte

// Unencrypted says that the body is in clear, SingleConnect that the sender can carry
// many sessions over the connection; that counts in the first packet of each side only.
const (
	Unencrypted   HeaderFlags = 0x01
	SingleConnect HeaderFlags = 0x04
)

// HeaderLength is that of a header, in bytes.
const HeaderLength = 12

const (
	maxBody = 64 << 10

	majorVersion = 0xc0 // the upper four bits of a version
	minorDefault = 0xc0
	minorOne     = 0xc1 // a START of PAP, CHAP or MSCHAP (RFC 8907 section 5.4.2)

	// maxSeq is the last sequence number of a session. They do not wrap.
	maxSeq = 255
)

func (h *Header) append(b []byte) []byte {
	b = append(b, h.Version, byte(h.Kind), h.Seq, byte(h.Flags))
	b = binary.BigEndian.AppendUint32(b, h.Session)
	return binary.BigEndian.AppendUint32(b, h.Length)
}

// parseHeader takes a header of HeaderLength bytes. The error is a *ProtocolError.
func parseHeader(b []byte) (Header, error) {
	h := Header{Version: b[0], Kind: Kind(b[1]), Seq: b[2], Flags: HeaderFlags(b[3]),
		Session: binary.BigEndian.Uint32(b[4:]), Length: binary.BigEndian.Uint32(b[8:])}
	switch {
	case h.Version != minorDefault && h.Version != minorOne:
		return h, violation("version 0x%02x, want 0x%02x or 0x%02x", h.Version, minorDefault, minorOne)
	case h.Kind < Authentication || h.Kind > Accounting:
		return h, violation("packet type %d, want 1 to 3", h.Kind)
	case h.Seq == 0:
		return h, violation("sequence number 0")
	case h.Length > maxBody:
		return h, violation("a body of %d bytes, want at most %d", h.Length, maxBody)
	}
	return h, nil
}

// packet is a packet as it is on the wire: its body is still obfuscated.
type packet struct {
	Header
	body []byte
}

// readPacket reads one packet. The error is that of the reader, io.EOF before the first
// byte, or a *ProtocolError.
func readPacket(r io.Reader) (packet, error) {
	var start [HeaderLength]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return packet{}, err
	}
	h, err := parseHeader(start[:])
	if err != nil {
		return packet{}, err
	}
	body := make([]byte, h.Length)
	if _, err := io.ReadFull(r, body); err != nil {
		return packet{}, fmt.Errorf("reading a body of %d bytes: %w", h.Length, noEOF(err))
	}
	return packet{h, body}, nil
}

// noEOF is the error of a reader that ended within a packet.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// seal makes a packet of a body in clear. An empty key leaves the body as it is and says
// so in the flags.
func seal(h Header, key string, body []byte) ([]byte, error) {
	if len(body) > maxBody {
		return nil, violation("a body of %d bytes, want at most %d", len(body), maxBody)
	}
	h.Length = uint32(len(body))
	if key == "" {
		h.Flags |= Unencrypted
	}
	wire := append(h.append(make([]byte, 0, HeaderLength+len(body))), body...)
	if key != "" {
		obfuscate(wire[HeaderLength:], h, key)
	}
	return wire, nil
}

// open gives the body of a packet in clear, in place. ErrKey is a packet in clear where
// a key is configured, or the other way round (RFC 8907 section 4.5).
func (p *packet) open(key string) ([]byte, error) {
	if clear := p.Flags&Unencrypted != 0; clear != (key == "") {
		return nil, fmt.Errorf("tacacs: unencrypted flag %t, key configured %t: %w", clear, key != "", ErrKey)
	}
	if key != "" {
		obfuscate(p.body, p.Header, key)
	}
	return p.body, nil
}

// obfuscate adds the pad of a packet to its body, or takes it away (RFC 8907 section
// 4.5). Flags and length are not in the pad.
func obfuscate(body []byte, h Header, key string) {
	seed := binary.BigEndian.AppendUint32(nil, h.Session)
	seed = append(append(seed, key...), h.Version, h.Seq)
	pad := md5.Sum(seed)
	for {
		n := subtle.XORBytes(body, body, pad[:])
		if body = body[n:]; len(body) == 0 {
			return
		}
		pad = md5.Sum(append(seed[:len(seed):len(seed)], pad[:]...))
	}
}
