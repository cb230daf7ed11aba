package ssh2

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"hash"
)

// macSpec is one row of the MAC table (RFC 4253 section 6.4, RFC 6668; -etm:
// OpenSSH PROTOCOL 1.5).
type macSpec struct {
	name   string
	hash   func() hash.Hash
	keyLen int
	size   int
	etm    bool // encrypt-then-MAC: the length stays readable
}

var macs = []macSpec{
	{"hmac-sha1", sha1.New, 20, 20, false},
	{"hmac-sha1-96", sha1.New, 20, 12, false},
	{"hmac-md5", md5.New, 16, 16, false},
	{"hmac-md5-96", md5.New, 16, 12, false},
	{"hmac-sha2-256", sha256.New, 32, 32, false},
	{"hmac-sha2-512", sha512.New, 64, 64, false},
	{"hmac-sha2-256-etm@openssh.com", sha256.New, 32, 32, true},
	{"hmac-sha2-512-etm@openssh.com", sha512.New, 64, 64, true},
}

func findMAC(name string) (macSpec, bool) {
	for _, m := range macs {
		if m.name == name {
			return m, true
		}
	}
	return macSpec{}, false
}

// mac is a keyed MAC of one direction.
type mac struct {
	hash hash.Hash
	size int
	seq  [4]byte
	sum  [sha512.Size]byte
}

func newMAC(spec macSpec, key []byte) *mac {
	return &mac{hash: hmac.New(spec.hash, key), size: spec.size}
}

// tag is valid until the next call.
func (m *mac) tag(seq uint32, data []byte) []byte {
	binary.BigEndian.PutUint32(m.seq[:], seq)
	m.hash.Reset()
	m.hash.Write(m.seq[:])
	m.hash.Write(data)
	return m.hash.Sum(m.sum[:0])[:m.size]
}

func (m *mac) verify(seq uint32, data, tag []byte) bool {
	return subtle.ConstantTimeCompare(m.tag(seq, data), tag) == 1
}
