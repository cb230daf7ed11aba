package ssh2

import (
	"crypto"
	"encoding/binary"
	"errors"
	"io"
	"math/big"

	"vtylab/ssh"
)

// kexMethods are the key exchanges implemented.
var kexMethods = []kexMethod{
	dhMethod("diffie-hellman-group1-sha1", crypto.SHA1, 1024),
	dhMethod("diffie-hellman-group14-sha1", crypto.SHA1, 2048),
	dhMethod("diffie-hellman-group14-sha256", crypto.SHA256, 2048),
	dhMethod("diffie-hellman-group16-sha512", crypto.SHA512, 4096),
	{"diffie-hellman-group-exchange-sha1", crypto.SHA1, gexServer, gexClient},
	{"diffie-hellman-group-exchange-sha256", crypto.SHA256, gexServer, gexClient},
	ecdhMethod("curve25519-sha256", crypto.SHA256, x25519),
	ecdhMethod("curve25519-sha256@libssh.org", crypto.SHA256, x25519),
	ecdhMethod("ecdh-sha2-nistp256", crypto.SHA256, p256),
	ecdhMethod("ecdh-sha2-nistp384", crypto.SHA384, p384),
	ecdhMethod("ecdh-sha2-nistp521", crypto.SHA512, p521),
}

// ErrGroupRange says that a group exchange found no modulus for the client's
// range.
var ErrGroupRange = errors.New("ssh2: no Diffie-Hellman group within the range asked for")

var errPublicValue = protocolErrorf("Diffie-Hellman value out of range")

// RFC 4253 section 8.
type dhInitMsg struct {
	E *big.Int `sshtype:"30"`
}

// RFC 4253 section 8.
type dhReplyMsg struct {
	HostKey   []byte `sshtype:"31"`
	F         *big.Int
	Signature []byte
}

// RFC 4419 section 3.
type gexRequestMsg struct {
	Min       uint32 `sshtype:"34"`
	Preferred uint32
	Max       uint32
}

// RFC 4419 section 3.
type gexGroupMsg struct {
	P *big.Int `sshtype:"31"`
	G *big.Int
}

// RFC 4419 section 3.
type gexInitMsg struct {
	E *big.Int `sshtype:"32"`
}

// RFC 4419 section 3.
type gexReplyMsg struct {
	HostKey   []byte `sshtype:"33"`
	F         *big.Int
	Signature []byte
}

type dhGroup struct{ p, g *big.Int }

// exponentBits is how long a private exponent must be for a group (RFC 7919
// section 5.2, rounded up): the full length would cost ten times as much.
func (g dhGroup) exponentBits() int {
	switch n := g.p.BitLen(); {
	case !g.known():
		return min(n-1, 512)
	case n <= 2048:
		return 256
	default:
		return 328
	}
}

// known groups are safe primes; of others we have only the server's word.
func (g dhGroup) known() bool {
	own, ok := groups[g.p.BitLen()]
	return ok && own.p.Cmp(g.p) == 0
}

// keyPair makes a private exponent and its public value.
func (g dhGroup) keyPair(rand io.Reader) (private, public *big.Int, err error) {
	bits := g.exponentBits()
	b := make([]byte, (bits+7)/8)
	if _, err := io.ReadFull(rand, b); err != nil {
		return nil, nil, err
	}
	private = new(big.Int).SetBytes(b)
	private.SetBit(private, bits-1, 1)
	for i := private.BitLen() - 1; i >= bits; i-- {
		private.SetBit(private, i, 0)
	}
	return private, new(big.Int).Exp(g.g, private, g.p), nil
}

// secret combines our exponent with the peer's value, which must lie within 2
// and p-2 (RFC 4253 section 8).
func (g dhGroup) secret(private, theirs *big.Int) ([]byte, error) {
	limit := new(big.Int).Sub(g.p, big.NewInt(1))
	if theirs.Cmp(big.NewInt(1)) <= 0 || theirs.Cmp(limit) >= 0 {
		return nil, errPublicValue
	}
	return appendMPInt(nil, new(big.Int).Exp(theirs, private, g.p)), nil
}

func dhMethod(name string, hash crypto.Hash, bits int) kexMethod {
	return kexMethod{name, hash,
		func(x *exchange) error { return dhServer(x, groups[bits]) },
		func(x *exchange) error { return dhClient(x, groups[bits]) }}
}

func dhServer(x *exchange, g dhGroup) error {
	x.expecting("SSH2_MSG_KEXDH_INIT")
	y, f, err := g.keyPair(x.t.cfg.Rand) // while the client makes its own
	if err != nil {
		return err
	}
	var init dhInitMsg
	if err := x.read(msgKexDHInit, "SSH2_MSG_KEXDH_INIT", &init); err != nil {
		return err
	}
	if x.secret, err = g.secret(y, init.E); err != nil {
		return err
	}
	x.sum(x.hostKeyBlob(), appendMPInt(appendMPInt(nil, init.E), f))
	sig, err := x.sign()
	if err != nil {
		return err
	}
	return x.reply(&dhReplyMsg{x.hostKeyBlob(), f, sig})
}

func dhClient(x *exchange, g dhGroup) error {
	private, e, err := g.keyPair(x.t.cfg.Rand)
	if err != nil {
		return err
	}
	if err := x.write(&dhInitMsg{e}); err != nil {
		return err
	}
	x.expecting("SSH2_MSG_KEXDH_REPLY")
	var reply dhReplyMsg
	if err := x.read(msgKexDHReply, "SSH2_MSG_KEXDH_REPLY", &reply); err != nil {
		return err
	}
	if x.secret, err = g.secret(private, reply.F); err != nil {
		return err
	}
	x.sum(reply.HostKey, appendMPInt(appendMPInt(nil, e), reply.F))
	return x.verify(reply.HostKey, reply.Signature)
}

func gexServer(x *exchange) error {
	x.expecting("SSH2_MSG_KEX_DH_GEX_REQUEST")
	var req gexRequestMsg
	if err := x.read(msgKexGexRequest, "SSH2_MSG_KEX_DH_GEX_REQUEST", &req); err != nil {
		return err
	}
	if x.t.traced() {
		x.t.emit(ssh.GexRequest{Min: req.Min, Preferred: req.Preferred, Max: req.Max})
	}
	bits := chooseGroup(req, x.t.cfg.MinDHBits, x.t.cfg.MaxDHBits)
	if bits == 0 {
		if x.t.traced() {
			x.t.emit(ssh.GexInvalid{})
		}
		return ErrGroupRange
	}
	if x.t.traced() {
		x.t.emit(ssh.GexGroup{Bits: bits})
	}
	g := groups[bits]
	if err := x.write(&gexGroupMsg{g.p, g.g}); err != nil {
		return err
	}
	x.expecting("SSH2_MSG_KEX_DH_GEX_INIT")
	y, f, err := g.keyPair(x.t.cfg.Rand)
	if err != nil {
		return err
	}
	var init gexInitMsg
	if err := x.read(msgKexGexInit, "SSH2_MSG_KEX_DH_GEX_INIT", &init); err != nil {
		return err
	}
	if x.secret, err = g.secret(y, init.E); err != nil {
		return err
	}
	x.sum(x.hostKeyBlob(), gexFields(req, g, init.E, f))
	sig, err := x.sign()
	if err != nil {
		return err
	}
	return x.reply(&gexReplyMsg{x.hostKeyBlob(), f, sig})
}

// chooseGroup returns the size of the group for a range, 0 for none. IOS
// refuses a preferred size below its own minimum even when the range holds a
// larger one (ssh2-python#130: 1024 < 1536 < 2048), and one above 4096.
func chooseGroup(req gexRequestMsg, minBits, maxBits int) int {
	if req.Min > req.Preferred || req.Preferred > req.Max ||
		req.Preferred < uint32(minBits) || req.Preferred > uint32(maxBits) {
		return 0
	}
	best := 0
	for _, bits := range []int{4096, 2048, 1024} {
		if bits < minBits || bits > maxBits || bits < int(req.Min) || uint32(bits) > req.Max {
			continue
		}
		// The smallest that is not below the preferred size, else the largest.
		if best == 0 || bits >= int(req.Preferred) {
			best = bits
		}
	}
	return best
}

func gexClient(x *exchange) error {
	cfg := x.t.cfg
	req := gexRequestMsg{uint32(cfg.MinDHBits), uint32(min(max(cfg.MinDHBits, 2048), cfg.MaxDHBits)), uint32(cfg.MaxDHBits)}
	if err := x.write(&req); err != nil {
		return err
	}
	x.expecting("SSH2_MSG_KEX_DH_GEX_GROUP")
	var group gexGroupMsg
	if err := x.read(msgKexDHReply, "SSH2_MSG_KEX_DH_GEX_GROUP", &group); err != nil {
		return err
	}
	g := dhGroup{group.P, group.G}
	if err := g.check(req); err != nil {
		return err
	}
	if x.t.traced() {
		x.t.emit(ssh.GexGroup{Bits: g.p.BitLen()})
	}
	private, e, err := g.keyPair(cfg.Rand)
	if err != nil {
		return err
	}
	if err := x.write(&gexInitMsg{e}); err != nil {
		return err
	}
	x.expecting("SSH2_MSG_KEX_DH_GEX_REPLY")
	var reply gexReplyMsg
	if err := x.read(msgKexGexReply, "SSH2_MSG_KEX_DH_GEX_REPLY", &reply); err != nil {
		return err
	}
	if x.secret, err = g.secret(private, reply.F); err != nil {
		return err
	}
	x.sum(reply.HostKey, gexFields(req, g, e, reply.F))
	return x.verify(reply.HostKey, reply.Signature)
}

// check looks at a group that a server proposes.
func (g dhGroup) check(req gexRequestMsg) error {
	n := g.p.BitLen()
	if g.p.Sign() <= 0 || n < int(req.Min) || n > int(req.Max) || g.p.Bit(0) == 0 {
		return ErrGroupRange
	}
	limit := new(big.Int).Sub(g.p, big.NewInt(1))
	if g.g.Cmp(big.NewInt(1)) <= 0 || g.g.Cmp(limit) >= 0 {
		return errPublicValue
	}
	return nil
}

func gexFields(req gexRequestMsg, g dhGroup, e, f *big.Int) []byte {
	b := binary.BigEndian.AppendUint32(nil, req.Min)
	b = binary.BigEndian.AppendUint32(b, req.Preferred)
	b = binary.BigEndian.AppendUint32(b, req.Max)
	for _, n := range []*big.Int{g.p, g.g, e, f} {
		b = appendMPInt(b, n)
	}
	return b
}
