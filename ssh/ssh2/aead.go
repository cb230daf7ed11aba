package ssh2

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/poly1305" //nolint:staticcheck // the OpenSSH construction is not RFC 8439's
)

// gcmCipher is AES-GCM (RFC 5647 section 7): the length is associated data, the
// nonce is four fixed bytes and a counter.
type gcmCipher struct {
	aead  cipher.AEAD
	nonce [12]byte
}

func newGCM(s cipherSpec, key, iv []byte) (*gcmCipher, error) {
	b, err := s.new(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(b)
	if err != nil {
		return nil, err
	}
	g := &gcmCipher{aead: aead}
	copy(g.nonce[:], iv)
	return g, nil
}

func (g *gcmCipher) layout() layout {
	return layout{block: 16, clear: 4, head: 4, tag: 16, mac: true}
}

func (g *gcmCipher) next() {
	binary.BigEndian.PutUint64(g.nonce[4:], binary.BigEndian.Uint64(g.nonce[4:])+1)
}

func (g *gcmCipher) seal(p []byte, _ uint32) {
	g.aead.Seal(p[4:4], g.nonce[:], p[4:len(p)-16], p[:4])
	g.next()
}

func (g *gcmCipher) length(p []byte, _ uint32) uint32 { return binary.BigEndian.Uint32(p) }

func (g *gcmCipher) open(p []byte, _ uint32) bool {
	_, err := g.aead.Open(p[4:4], g.nonce[:], p[4:], p[:4])
	g.next()
	return err == nil
}

// chachaCipher is chacha20-poly1305@openssh.com (OpenSSH
// PROTOCOL.chacha20poly1305): the second half of the key encrypts the length,
// the first half the rest and, in its first block, makes the Poly1305 key.
//
// The body goes through the AEAD of RFC 8439, whose key stream is the same and
// whose code is several times faster than that of package chacha20; its tag,
// which covers other bytes, is overwritten or dropped.
type chachaCipher struct {
	content, header [32]byte
	stream          cipher.AEAD // keyed with content
	nonce           [12]byte
	poly            [32]byte
	tag             [16]byte
}

func newChacha(key []byte) (*chachaCipher, error) {
	c := &chachaCipher{}
	copy(c.content[:], key[:32])
	copy(c.header[:], key[32:])
	var err error
	c.stream, err = chacha20poly1305.New(c.content[:])
	return c, err
}

func (c *chachaCipher) layout() layout {
	return layout{block: 8, clear: 4, head: 4, tag: 16, mac: true}
}

// first turns dst with the first block of a key's stream for packet seq.
func (c *chachaCipher) first(key *[32]byte, dst, src []byte, seq uint32) {
	binary.BigEndian.PutUint32(c.nonce[8:], seq)
	s, err := chacha20.NewUnauthenticatedCipher(key[:], c.nonce[:])
	if err != nil {
		panic(err) // only for a wrong key or nonce size
	}
	s.XORKeyStream(dst, src)
}

// authenticate leaves the tag of packet seq in c.tag.
func (c *chachaCipher) authenticate(p []byte, seq uint32) {
	clear(c.poly[:])
	c.first(&c.content, c.poly[:], c.poly[:], seq)
	poly1305.Sum(&c.tag, p, &c.poly)
}

// crypt turns the body of packet seq; encryption and decryption are the same.
// It overwrites the tag.
func (c *chachaCipher) crypt(p []byte, seq uint32) {
	binary.BigEndian.PutUint32(c.nonce[8:], seq)
	c.stream.Seal(p[4:4], c.nonce[:], p[4:len(p)-16], nil)
}

func (c *chachaCipher) seal(p []byte, seq uint32) {
	c.crypt(p, seq)
	c.first(&c.header, p[:4], p[:4], seq)
	c.authenticate(p[:len(p)-16], seq)
	copy(p[len(p)-16:], c.tag[:])
}

// length leaves p encrypted: the tag covers it so.
func (c *chachaCipher) length(p []byte, seq uint32) uint32 {
	var plain [4]byte
	c.first(&c.header, plain[:], p[:4], seq)
	return binary.BigEndian.Uint32(plain[:])
}

func (c *chachaCipher) open(p []byte, seq uint32) bool {
	c.authenticate(p[:len(p)-16], seq)
	if subtle.ConstantTimeCompare(c.tag[:], p[len(p)-16:]) != 1 {
		return false
	}
	c.crypt(p, seq)
	return true
}
