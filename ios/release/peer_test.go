package release_test

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"hash"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"
)

// peer is an SSH-2 client that does as a script says, packet by packet, with
// what clients of old had: group 1 or group exchange, AES in CBC or CTR mode. It
// shares no code with the engine.
type peer struct {
	*testing.T
	conn   net.Conn
	r      *bufio.Reader
	ident  string   // ours
	server string   // the server's
	names  []string // of our KEXINIT: kex, host key, cipher twice, MAC twice
	size   int      // of our KEXINIT, filled up with languages; 0 is as it comes
	longE  bool     // our Diffie-Hellman value has its highest bit set

	init, theirInit []byte
	longF           bool // so has the server's
	out, in         direction
	wait            [][]byte // packets for the next write
}

// direction is the packets of one direction.
type direction struct {
	seq   uint32
	crypt func([]byte) // nil before the keys are known
	hash  func() hash.Hash
	key   []byte
}

func (d *direction) mac(packet []byte) []byte {
	h := hmac.New(d.hash, d.key)
	binary.Write(h, binary.BigEndian, d.seq)
	h.Write(packet)
	return h.Sum(nil)
}

// hashes are the MACs the script may choose.
var hashes = map[string]func() hash.Hash{"hmac-md5": md5.New, "hmac-sha1": sha1.New}

func (p *peer) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// put adds a message to the next write, with the least padding.
func (p *peer) put(payload []byte) {
	block := 8
	if p.out.crypt != nil {
		block = 16
	}
	padding := block - (5+len(payload))%block
	if padding < 4 {
		padding += block
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)+padding))
	b = append(append(append(b, byte(padding)), payload...), make([]byte, padding)...)
	if p.out.crypt != nil {
		mac := p.out.mac(b)
		p.out.crypt(b)
		b = append(b, mac...)
	}
	p.out.seq++
	p.wait = append(p.wait, b)
}

// send writes what was put, in one piece or in pieces of the sizes given.
func (p *peer) send(pieces ...int) {
	p.Helper()
	b := bytes.Join(p.wait, nil)
	p.wait = nil
	for _, n := range append(pieces, len(b)) {
		n = min(n, len(b))
		_, err := p.conn.Write(b[:n])
		p.must(err)
		if b = b[n:]; len(b) == 0 {
			return
		}
	}
}

// say is put and send.
func (p *peer) say(payload []byte) {
	p.Helper()
	p.put(payload)
	p.send()
}

// want reads a message, which must be of a type.
func (p *peer) want(kind byte) []byte {
	p.Helper()
	head := make([]byte, 16)
	if p.in.crypt == nil {
		head = head[:8]
	}
	_, err := io.ReadFull(p.r, head)
	p.must(err)
	if p.in.crypt != nil {
		p.in.crypt(head)
	}
	rest := make([]byte, int(binary.BigEndian.Uint32(head))+4-len(head))
	_, err = io.ReadFull(p.r, rest)
	p.must(err)
	if p.in.crypt != nil {
		p.in.crypt(rest)
	}
	packet := append(head, rest...)
	if p.in.crypt != nil {
		mac := make([]byte, p.in.hash().Size())
		_, err = io.ReadFull(p.r, mac)
		p.must(err)
		if !hmac.Equal(mac, p.in.mac(packet)) {
			p.Fatalf("packet %d has a wrong MAC", p.in.seq)
		}
	}
	p.in.seq++
	payload := packet[5 : len(packet)-int(packet[4])]
	if payload[0] != kind {
		p.Fatalf("got message %d, want %d", payload[0], kind)
	}
	return payload
}

// str is a string of RFC 4251, number a multiple precision integer.
func str(s string) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(s))), s...) }

func number(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return str(string(b))
}

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// message joins a type and its fields.
func message(kind byte, fields ...[]byte) []byte {
	return append([]byte{kind}, bytes.Join(fields, nil)...)
}

// cut takes a string off a message.
func cut(b []byte) (string, []byte) {
	n := binary.BigEndian.Uint32(b)
	return string(b[4 : 4+n]), b[4+n:]
}

// identify exchanges identification lines, the server's first, and reads its
// KEXINIT.
func (p *peer) identify() {
	p.Helper()
	line, err := p.r.ReadString('\n')
	p.must(err)
	p.server = strings.TrimSuffix(line, "\n")
	_, err = io.WriteString(p.conn, p.ident+"\n")
	p.must(err)
	p.theirInit = p.want(20)
}

// kexInit sends our KEXINIT.
func (p *peer) kexInit(pieces ...int) {
	p.Helper()
	m := message(20, make([]byte, 16))
	for _, names := range append(p.names, "none", "none") {
		m = append(m, str(names)...)
	}
	languages := ""
	if p.size > 0 {
		languages = strings.Repeat("x-language,", 99)[:p.size-len(m)-4-4-5]
	}
	m = append(append(append(m, str(languages)...), str("")...), 0, 0, 0, 0, 0)
	p.init = m
	p.put(m)
	p.send(pieces...)
}

// group1 is the prime of RFC 2409 section 6.2.
var group1, _ = new(big.Int).SetString("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"+
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)

// gexRange is what a client of group exchange asks for.
var gexRange = slices.Concat(u32(1024), u32(2048), u32(8192))

// exchange runs the key exchange we name first and changes the keys.
func (p *peer) exchange() {
	p.Helper()
	prime, generator, init, reply := group1, big.NewInt(2), byte(30), byte(31)
	var fields []byte // of the exchange hash
	if strings.HasPrefix(p.names[0], "diffie-hellman-group-exchange") {
		p.say(message(34, gexRange))
		m := p.want(31)[1:]
		fields = append(slices.Clone(gexRange), m...)
		a, m := cut(m)
		b, _ := cut(m)
		prime, generator, init, reply = new(big.Int).SetBytes([]byte(a)), new(big.Int).SetBytes([]byte(b)), 32, 33
	}
	var x, e *big.Int
	for e == nil || (e.BitLen() == prime.BitLen()) != p.longE || e.BitLen() <= prime.BitLen()-8 {
		var err error
		x, err = rand.Int(rand.Reader, group1)
		p.must(err)
		e = new(big.Int).Exp(generator, x, prime)
	}
	p.say(message(init, number(e)))
	answer := p.want(reply)[1:]
	hostKey, answer := cut(answer)
	value, answer := cut(answer)
	p.longF = len(value) == prime.BitLen()/8+1
	f := new(big.Int).SetBytes([]byte(value))
	secret := number(new(big.Int).Exp(f, x, prime))
	h := sha1.New()
	for _, s := range []string{p.ident, p.server, string(p.init), string(p.theirInit), hostKey} {
		h.Write(str(s))
	}
	h.Write(fields)
	h.Write(number(e))
	h.Write(number(f))
	h.Write(secret)
	id := h.Sum(nil)
	key, err := xssh.ParsePublicKey([]byte(hostKey))
	p.must(err)
	signature, _ := cut(answer)
	var s xssh.Signature
	p.must(xssh.Unmarshal([]byte(signature), &s))
	p.must(key.Verify(id, &s))
	p.want(21)
	p.say(message(21))
	p.keys(secret, id)
}

// keys derives the keys of both directions.
func (p *peer) keys(secret, id []byte) {
	derive := func(letter byte, n int) []byte {
		var out []byte
		for len(out) < n {
			h := sha1.New()
			h.Write(secret)
			h.Write(id)
			if len(out) == 0 {
				h.Write([]byte{letter})
				h.Write(id)
			}
			h.Write(out)
			out = h.Sum(out)
		}
		return out[:n]
	}
	for i, d := range []*direction{&p.out, &p.in} {
		names, _, _ := strings.Cut(p.names[2+i], ",")
		size := 16
		if strings.HasPrefix(names, "aes256") {
			size = 32
		}
		block, err := aes.NewCipher(derive('C'+byte(i), size))
		p.must(err)
		iv := derive('A'+byte(i), 16)
		switch {
		case strings.HasSuffix(names, "-ctr"):
			stream := cipher.NewCTR(block, iv)
			d.crypt = func(b []byte) { stream.XORKeyStream(b, b) }
		case i == 0:
			mode := cipher.NewCBCEncrypter(block, iv)
			d.crypt = func(b []byte) { mode.CryptBlocks(b, b) }
		default:
			mode := cipher.NewCBCDecrypter(block, iv)
			d.crypt = func(b []byte) { mode.CryptBlocks(b, b) }
		}
		mac, _, _ := strings.Cut(p.names[4+i], ",")
		d.hash = hashes[mac]
		d.key = derive('E'+byte(i), d.hash().Size())
	}
}
