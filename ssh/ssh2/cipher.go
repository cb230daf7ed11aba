package ssh2

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"encoding/binary"
)

// sealer makes packets of one direction. A packet is laid out as it goes out:
// length, padding length, payload, padding, room for the tag.
type sealer interface {
	layout() layout
	// seal encrypts p in place and fills its tag.
	seal(p []byte, seq uint32)
}

// opener undoes a sealer.
type opener interface {
	layout() layout
	// length reads the length field. p holds layout().head bytes; what has to be
	// decrypted for it is decrypted in place, once per packet.
	length(p []byte, seq uint32) uint32
	// open decrypts the rest of p in place and verifies its tag.
	open(p []byte, seq uint32) bool
}

// layout is what the packet reader and writer must know of a cipher.
type layout struct {
	block int // padding brings the padded part to a multiple of it
	clear int // 4 when the length field is not part of the padded part
	head  int // bytes needed to know the length
	tag   int // MAC or AEAD tag
	mac   bool
	cbc   bool // a wrong length must not be told from a wrong MAC
}

// cipherSpec is one row of the cipher table. new is nil for chacha, which is no
// block cipher.
type cipherSpec struct {
	name   string
	keyLen int
	ivLen  int
	new    func(key []byte) (cipher.Block, error)
	mode   mode
}

type mode int

const (
	ctr mode = iota // RFC 4344 section 4
	cbc             // RFC 4253 section 6.3
	gcm             // RFC 5647, negotiated the OpenSSH way
	chacha
)

// aes128-gcm and aes256-gcm are the names IOS XE offers next to those of
// OpenSSH.
var ciphers = []cipherSpec{
	{"aes128-ctr", 16, 16, aes.NewCipher, ctr},
	{"aes192-ctr", 24, 16, aes.NewCipher, ctr},
	{"aes256-ctr", 32, 16, aes.NewCipher, ctr},
	{"aes128-cbc", 16, 16, aes.NewCipher, cbc},
	{"aes192-cbc", 24, 16, aes.NewCipher, cbc},
	{"aes256-cbc", 32, 16, aes.NewCipher, cbc},
	{"3des-cbc", 24, 8, des.NewTripleDESCipher, cbc},
	{"aes128-gcm@openssh.com", 16, 12, aes.NewCipher, gcm},
	{"aes256-gcm@openssh.com", 32, 12, aes.NewCipher, gcm},
	{"aes128-gcm", 16, 12, aes.NewCipher, gcm},
	{"aes256-gcm", 32, 12, aes.NewCipher, gcm},
	{"chacha20-poly1305@openssh.com", 64, 0, nil, chacha},
}

func findCipher(name string) (cipherSpec, bool) {
	for _, c := range ciphers {
		if c.name == name {
			return c, true
		}
	}
	return cipherSpec{}, false
}

func (s cipherSpec) aead() bool { return s.mode == gcm || s.mode == chacha }

func newSealer(s cipherSpec, m macSpec, key, iv, macKey []byte) (sealer, error) {
	return newPacketCipher(s, m, key, iv, macKey, cipher.NewCBCEncrypter)
}

func newOpener(s cipherSpec, m macSpec, key, iv, macKey []byte) (opener, error) {
	return newPacketCipher(s, m, key, iv, macKey, cipher.NewCBCDecrypter)
}

// packetCipher is both: only in CBC mode do the directions differ.
type packetCipher interface {
	sealer
	opener
}

func newPacketCipher(s cipherSpec, m macSpec, key, iv, macKey []byte, newCBC func(cipher.Block, []byte) cipher.BlockMode) (packetCipher, error) {
	switch s.mode {
	case gcm:
		return newGCM(s, key, iv)
	case chacha:
		return newChacha(key)
	}
	b, err := s.new(key)
	if err != nil {
		return nil, err
	}
	if s.mode == ctr {
		return newMACed(s, m, ctrMode{cipher.NewCTR(b, iv)}, b.BlockSize(), macKey), nil
	}
	return newMACed(s, m, cbcMode{newCBC(b, iv)}, b.BlockSize(), macKey), nil
}

// clearText is the packet format before the first NEWKEYS.
type clearText struct{}

func (clearText) layout() layout                   { return layout{block: 8, head: 8} }
func (clearText) seal([]byte, uint32)              {}
func (clearText) length(p []byte, _ uint32) uint32 { return binary.BigEndian.Uint32(p) }
func (clearText) open([]byte, uint32) bool         { return true }

// crypter turns bytes in place and goes on where it stopped.
type crypter interface{ crypt(b []byte) }

type ctrMode struct{ cipher.Stream }

func (c ctrMode) crypt(b []byte) { c.XORKeyStream(b, b) }

type cbcMode struct{ cipher.BlockMode }

func (c cbcMode) crypt(b []byte) { c.CryptBlocks(b, b) }

// maced is a cipher with a separate MAC: over the plaintext (RFC 4253 section
// 6.4), or over the ciphertext behind a readable length (-etm).
type maced struct {
	c   crypter
	mac *mac
	etm bool
	lay layout
}

func newMACed(s cipherSpec, m macSpec, c crypter, block int, macKey []byte) *maced {
	x := &maced{c: c, mac: newMAC(m, macKey), etm: m.etm}
	x.lay = layout{block: block, head: block, tag: m.size, mac: true, cbc: s.mode == cbc && !m.etm}
	if m.etm {
		x.lay.clear, x.lay.head = 4, 4
	}
	return x
}

func (x *maced) layout() layout { return x.lay }

func (x *maced) seal(p []byte, seq uint32) {
	body := p[:len(p)-x.lay.tag]
	if x.etm {
		x.c.crypt(body[4:])
		copy(p[len(body):], x.mac.tag(seq, body))
		return
	}
	copy(p[len(body):], x.mac.tag(seq, body))
	x.c.crypt(body)
}

func (x *maced) length(p []byte, _ uint32) uint32 {
	if !x.etm {
		x.c.crypt(p[:x.lay.head])
	}
	return binary.BigEndian.Uint32(p)
}

func (x *maced) open(p []byte, seq uint32) bool {
	body, tag := p[:len(p)-x.lay.tag], p[len(p)-x.lay.tag:]
	if x.etm {
		if !x.mac.verify(seq, body, tag) {
			return false
		}
		x.c.crypt(body[4:])
		return true
	}
	x.c.crypt(body[x.lay.head:])
	return x.mac.verify(seq, body, tag)
}
