package ssh

import (
	"crypto"
	"fmt"
	"io"
	"slices"

	xssh "golang.org/x/crypto/ssh"
)

// Names of signature algorithms (RFC 4253 section 6.6, RFC 8332, RFC 5656,
// RFC 8709).
const (
	KeyRSA       = "ssh-rsa"
	KeyRSASHA256 = "rsa-sha2-256"
	KeyRSASHA512 = "rsa-sha2-512"
	KeyECDSA256  = "ecdsa-sha2-nistp256"
	KeyECDSA384  = "ecdsa-sha2-nistp384"
	KeyECDSA521  = "ecdsa-sha2-nistp521"
	KeyEd25519   = "ssh-ed25519"
)

// Signer is a private key: a device's host key, or a user's key in the client
// role.
type Signer interface {
	// Blob is the public key (RFC 4253 section 6.6).
	Blob() []byte
	// Algorithms lists the signature algorithms the key can be used with.
	Algorithms() []string
	// Sign returns a signature blob of one of these algorithms over data.
	Sign(rand io.Reader, algorithm string, data []byte) ([]byte, error)
}

type signer struct {
	key  xssh.AlgorithmSigner
	blob []byte
}

// NewSigner makes a Signer of an *rsa.PrivateKey, *ecdsa.PrivateKey,
// ed25519.PrivateKey or anything that signs like one.
func NewSigner(key crypto.Signer) (Signer, error) {
	s, err := xssh.NewSignerFromSigner(key)
	if err != nil {
		return nil, fmt.Errorf("ssh: unusable key: %w", err)
	}
	as, ok := s.(xssh.AlgorithmSigner)
	if !ok || len(KeyAlgorithms(s.PublicKey().Type())) == 0 {
		return nil, fmt.Errorf("ssh: unusable key: type %s", s.PublicKey().Type())
	}
	return &signer{as, s.PublicKey().Marshal()}, nil
}

func (s *signer) Blob() []byte         { return s.blob }
func (s *signer) Algorithms() []string { return KeyAlgorithms(s.key.PublicKey().Type()) }

func (s *signer) Sign(rand io.Reader, algorithm string, data []byte) ([]byte, error) {
	if !slices.Contains(s.Algorithms(), algorithm) {
		return nil, fmt.Errorf("ssh: a %s key cannot make a %s signature", s.key.PublicKey().Type(), algorithm)
	}
	sig, err := s.key.SignWithAlgorithm(rand, data, algorithm)
	if err != nil {
		return nil, fmt.Errorf("ssh: signing with %s: %w", algorithm, err)
	}
	return xssh.Marshal(sig), nil
}

// KeyAlgorithms lists the signature algorithms of a key format, nil for one we
// do not know: for "ssh-rsa" also both of RFC 8332.
func KeyAlgorithms(format string) []string {
	switch format {
	case KeyRSA:
		return []string{KeyRSASHA512, KeyRSASHA256, KeyRSA}
	case KeyECDSA256, KeyECDSA384, KeyECDSA521, KeyEd25519:
		return []string{format}
	}
	return nil
}

// Verify checks a signature blob over data, made with the key in blob by the
// algorithm named and no other.
func Verify(blob []byte, algorithm string, data, signature []byte) error {
	key, err := xssh.ParsePublicKey(blob)
	if err != nil {
		return fmt.Errorf("ssh: malformed public key: %w", err)
	}
	if !slices.Contains(KeyAlgorithms(key.Type()), algorithm) {
		return fmt.Errorf("ssh: a %s key makes no %s signature", key.Type(), algorithm)
	}
	var sig struct {
		Format string
		Blob   []byte
	}
	if err := xssh.Unmarshal(signature, &sig); err != nil {
		return fmt.Errorf("ssh: malformed signature: %w", err)
	}
	if sig.Format != algorithm {
		return fmt.Errorf("ssh: signature is %q, not %s", sig.Format, algorithm)
	}
	if err := key.Verify(data, &xssh.Signature{Format: sig.Format, Blob: sig.Blob}); err != nil {
		return fmt.Errorf("ssh: %s signature does not verify", algorithm)
	}
	return nil
}

// KeyFormat is the format name inside a public key blob, "" when there is none.
func KeyFormat(blob []byte) string {
	var head struct {
		Format string
		Rest   []byte `ssh:"rest"`
	}
	if xssh.Unmarshal(blob, &head) != nil {
		return ""
	}
	return head.Format
}
