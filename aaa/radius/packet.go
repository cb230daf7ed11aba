package radius

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Code is the kind of a packet (RFC 2865 section 4).
type Code byte

// The codes.
const (
	AccessRequest      Code = 1
	AccessAccept       Code = 2
	AccessReject       Code = 3
	AccountingRequest  Code = 4
	AccountingResponse Code = 5
	AccessChallenge    Code = 11
)

func (c Code) String() string {
	switch c {
	case AccessRequest:
		return "Access-Request"
	case AccessAccept:
		return "Access-Accept"
	case AccessReject:
		return "Access-Reject"
	case AccountingRequest:
		return "Accounting-Request"
	case AccountingResponse:
		return "Accounting-Response"
	case AccessChallenge:
		return "Access-Challenge"
	}
	return fmt.Sprintf("code %d", byte(c))
}

// Packet is a packet as it is on the wire: passwords in it are hidden.
type Packet struct {
	Code          Code
	ID            byte
	Authenticator [16]byte
	Attributes    Attributes
}

// MaxPacket is how long a packet may be, in bytes (RFC 2865 section 3).
const MaxPacket = 4096

const (
	headerLen = 20
	maxValue  = 253 // of an attribute
)

// ErrMalformed is a packet, an attribute or a password without the form that RFC 2865
// wants.
var ErrMalformed = errors.New("malformed")

func malformed(format string, args ...any) error {
	return fmt.Errorf("radius: %s: %w", fmt.Sprintf(format, args...), ErrMalformed)
}

// Parse takes a datagram apart. What follows the packet is padding. The values of
// attributes are copies. The error is ErrMalformed.
func Parse(datagram []byte) (Packet, error) {
	b, err := trim(datagram)
	if err != nil {
		return Packet{}, err
	}
	p := Packet{Code: Code(b[0]), ID: b[1], Authenticator: [16]byte(b[4:headerLen])}
	for rest := b[headerLen:]; len(rest) > 0; {
		if len(rest) < 2 || rest[1] < 2 || int(rest[1]) > len(rest) {
			return Packet{}, malformed("an attribute with %d bytes left", len(rest))
		}
		n := int(rest[1])
		p.Attributes = append(p.Attributes, Attribute{Type(rest[0]), append([]byte{}, rest[2:n]...)})
		rest = rest[n:]
	}
	return p, nil
}

// trim is the packet within a datagram.
func trim(b []byte) ([]byte, error) {
	if len(b) < headerLen {
		return nil, malformed("a packet of %d bytes, want at least %d", len(b), headerLen)
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < headerLen || n > len(b) || n > MaxPacket {
		return nil, malformed("length %d in a datagram of %d bytes", n, len(b))
	}
	return b[:n], nil
}

// Encode makes a datagram. The error is ErrMalformed: a value is longer than 253 bytes,
// or the packet than 4096.
func (p Packet) Encode() ([]byte, error) {
	b := append([]byte{byte(p.Code), p.ID, 0, 0}, p.Authenticator[:]...)
	for _, a := range p.Attributes {
		if len(a.Value) > maxValue {
			return nil, malformed("attribute %d of %d bytes, want at most %d", a.Type, len(a.Value), maxValue)
		}
		b = append(append(b, byte(a.Type), byte(2+len(a.Value))), a.Value...)
	}
	if len(b) > MaxPacket {
		return nil, malformed("a packet of %d bytes, want at most %d", len(b), MaxPacket)
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	return b, nil
}
