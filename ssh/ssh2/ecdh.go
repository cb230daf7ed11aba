package ssh2

import (
	"crypto"
	"crypto/ecdh"
	"crypto/rand"

	"vtylab/ssh/wire"
)

var (
	x25519 = ecdh.X25519() // RFC 8731
	p256   = ecdh.P256()   // RFC 5656 section 10.1
	p384   = ecdh.P384()
	p521   = ecdh.P521()
)

// RFC 5656 section 4.
type ecdhInitMsg struct {
	Q []byte `sshtype:"30"`
}

// RFC 5656 section 4.
type ecdhReplyMsg struct {
	HostKey   []byte `sshtype:"31"`
	Q         []byte
	Signature []byte
}

func ecdhMethod(name string, hash crypto.Hash, c ecdh.Curve) kexMethod {
	return kexMethod{name, hash,
		func(x *exchange) error { return ecdhServer(x, c) },
		func(x *exchange) error { return ecdhClient(x, c) }}
}

func ecdhServer(x *exchange, c ecdh.Curve) error {
	x.expecting("SSH2_MSG_KEX_ECDH_INIT")
	key, err := c.GenerateKey(rand.Reader) // while the client makes its own
	if err != nil {
		return err
	}
	var init ecdhInitMsg
	if err := x.read(msgKexDHInit, "SSH2_MSG_KEX_ECDH_INIT", &init); err != nil {
		return err
	}
	if err := x.ecdh(c, key, init.Q); err != nil {
		return err
	}
	ours := key.PublicKey().Bytes()
	x.sum(x.hostKeyBlob(), wire.AppendString(wire.AppendString(nil, string(init.Q)), string(ours)))
	sig, err := x.sign()
	if err != nil {
		return err
	}
	return x.reply(&ecdhReplyMsg{x.hostKeyBlob(), ours, sig})
}

func ecdhClient(x *exchange, c ecdh.Curve) error {
	key, err := c.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	ours := key.PublicKey().Bytes()
	if err := x.write(&ecdhInitMsg{ours}); err != nil {
		return err
	}
	x.expecting("SSH2_MSG_KEX_ECDH_REPLY")
	var reply ecdhReplyMsg
	if err := x.read(msgKexDHReply, "SSH2_MSG_KEX_ECDH_REPLY", &reply); err != nil {
		return err
	}
	if err := x.ecdh(c, key, reply.Q); err != nil {
		return err
	}
	x.sum(reply.HostKey, wire.AppendString(wire.AppendString(nil, string(ours)), string(reply.Q)))
	return x.verify(reply.HostKey, reply.Signature)
}

// ecdh sets the secret. The curve refuses points that are not on it, and
// X25519 an all-zero outcome.
func (x *exchange) ecdh(c ecdh.Curve, key *ecdh.PrivateKey, theirs []byte) error {
	pub, err := c.NewPublicKey(theirs)
	if err != nil {
		return protocolErrorf("malformed elliptic curve point")
	}
	secret, err := key.ECDH(pub)
	if err != nil {
		return protocolErrorf("malformed elliptic curve point")
	}
	x.secret = appendMPBytes(nil, secret)
	return nil
}
