package snmp

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"errors"
	"fmt"
	"hash"
	"slices"

	"github.com/gosnmp/gosnmp"
)

// header is what stands in front of the PDU of a message of version 3 (RFC 3412
// section 6, RFC 3414 section 2.4).
type header struct {
	id, maxSize int
	flags       Flags
	engine      string
	boots, time int
	user        string
	digest      []byte // a part of the message
}

const usmModel = 3

// maxName bounds engine IDs and names of users, in octets (RFC 3411 section 5).
const maxName = 32

// readHeader reads that of a message, without a look at who has sent it. Lengths need
// not be the shortest: net-snmp's are not always.
func readHeader(data []byte) (*header, error) {
	var h header
	r := (&ber{rest: data}).in(0x30)
	version := r.number()
	global := r.in(0x30)
	h.id, h.maxSize = global.number(), global.number()
	flags := global.take(0x04)
	model := global.number()
	usm := (&ber{rest: r.take(0x04), err: r.err}).in(0x30)
	h.engine = string(usm.take(0x04))
	h.boots, h.time = usm.number(), usm.number()
	h.user = string(usm.take(0x04))
	h.digest = usm.take(0x04)
	usm.take(0x04)
	switch err := errors.Join(global.err, usm.err); {
	case err != nil:
		return nil, err
	case version != 3 || model != usmModel || len(flags) != 1:
		return nil, fmt.Errorf("snmp: version %d, security model %d", version, model)
	case len(h.engine) > maxName || len(h.user) > maxName:
		return nil, fmt.Errorf("snmp: names of %d and %d octets exceed %d", len(h.engine), len(h.user), maxName)
	}
	h.flags = Flags(flags[0])
	return &h, nil
}

// ber reads values one after the other. It remembers its first error, and then reads
// nothing more.
type ber struct {
	rest []byte
	err  error
}

var errBER = errors.New("snmp: malformed message")

// take reads a value with a tag: its octets, which are a part of the message.
func (r *ber) take(tag byte) []byte {
	if r.err == nil && (len(r.rest) < 2 || r.rest[0] != tag) {
		r.err = errBER
	}
	if r.err != nil {
		return nil
	}
	n, at := int(r.rest[1]), 2
	if n&0x80 != 0 {
		octets := n & 0x7f
		if octets > 3 || len(r.rest) < 2+octets {
			r.err = errBER
			return nil
		}
		n = 0
		for _, b := range r.rest[2 : 2+octets] {
			n = n<<8 | int(b)
		}
		at += octets
	}
	if n > len(r.rest)-at {
		r.err = errBER
		return nil
	}
	value := r.rest[at : at+n]
	r.rest = r.rest[at+n:]
	return value
}

// in is a reader of what is in a value.
func (r *ber) in(tag byte) *ber {
	value := r.take(tag)
	return &ber{rest: value, err: r.err}
}

// number reads an integer of 0 to 2^31-1.
func (r *ber) number() (n int) {
	value := r.take(0x02)
	if r.err == nil && (len(value) == 0 || len(value) > 5) {
		r.err = errBER
	}
	for _, b := range value {
		n = n<<8 | int(b)
	}
	if n > 1<<31-1 {
		r.err = errBER
	}
	return n
}

// digests are those of the authentication protocols; 12 octets of them are sent (RFC
// 3414 sections 6 and 7).
var digests = map[gosnmp.SnmpV3AuthProtocol]func() hash.Hash{gosnmp.MD5: md5.New, gosnmp.SHA: sha1.New}

const digestSize = 12

// authentic reports whether a message has the digest that the keys make.
func (k *Keys) authentic(data []byte, h *header) bool {
	sum := digests[k.auth]
	if sum == nil || len(h.digest) != digestSize {
		return false
	}
	at := cap(data) - cap(h.digest) // h.digest is a part of data
	mac := hmac.New(sum, k.authKey)
	mac.Write(data[:at])
	mac.Write(make([]byte, digestSize))
	mac.Write(data[at+digestSize:])
	return hmac.Equal(mac.Sum(nil)[:digestSize], h.digest)
}

// decodeSecure reads a message whose digest is right, and decrypts it.
func decodeSecure(data []byte, k *Keys, s Security) (*Message, error) {
	usm := k.usm()
	usm.AuthoritativeEngineID, usm.UserName = s.Engine, s.User
	x := gosnmp.GoSNMP{Version: gosnmp.Version2c, SecurityParameters: usm} // of version 3 it would send reports
	p, err := x.SnmpDecodePacket(slices.Clone(data))
	if err != nil {
		return nil, fmt.Errorf("snmp: decoding: %w", err)
	}
	return messageOf(p)
}
