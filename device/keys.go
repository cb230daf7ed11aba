package device

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"vtylab/ios/model"
	"vtylab/ssh"
)

// KeyKind is what a key pair is for.
type KeyKind int

// The kinds of key pairs. Usage keys are two pairs of one name.
const (
	GeneralKey KeyKind = iota
	SignatureKey
	EncryptionKey
	ECKey
)

// Usage is the word of `show crypto key mypubkey`.
func (k KeyKind) Usage() string {
	return [...]string{"General Purpose Key", "Signature Key", "Encryption Key", "Signature Key"}[k]
}

// KeyPair is one key pair of the device. It is immutable.
type KeyPair struct {
	Label      string
	Kind       KeyKind
	Bits       int
	Exportable bool
	// Temporary pairs (NAME.server) are never stored.
	Temporary bool
	Generated time.Time
	Saved     bool
	private   crypto.Signer
	signer    ssh.Signer
}

// Public is the DER SubjectPublicKeyInfo.
func (k *KeyPair) Public() []byte {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil // RSA and ECDSA keys always marshal
	}
	return der
}

// Signer is the key pair as a host key.
func (k *KeyPair) Signer() ssh.Signer { return k.signer }

// GenerateKey makes a key pair; for RSA it takes the time that takes.
func GenerateKey(label string, kind KeyKind, bits int, exportable bool, now time.Time) (*KeyPair, error) {
	k := &KeyPair{Label: label, Kind: kind, Bits: bits, Exportable: exportable, Generated: now}
	var err error
	if kind == ECKey {
		curves := map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 521: elliptic.P521()}
		k.private, err = ecdsa.GenerateKey(curves[bits], rand.Reader)
	} else {
		k.private, err = rsa.GenerateKey(rand.Reader, bits)
	}
	if err != nil {
		return nil, fmt.Errorf("device: generating %d bit key %s: %w", bits, label, err)
	}
	k.signer, err = ssh.NewSigner(k.private)
	return k, err
}

// KeyRing holds the key pairs of a device, in the order generated. It is safe
// for concurrent use.
type KeyRing struct {
	mu    sync.Mutex
	pairs []*KeyPair // replaced, never edited in place; guarded by mu
}

// All returns the pairs, oldest first.
func (r *KeyRing) All() []*KeyPair {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pairs
}

// Add puts pairs in place of those of the same name and family.
func (r *KeyRing) Add(pairs ...*KeyPair) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(r.pairs), func(k *KeyPair) bool {
		return k.Label == pairs[0].Label && (k.Kind == ECKey) == (pairs[0].Kind == ECKey)
	})
	r.pairs = append(left, pairs...)
}

// Remove drops the pairs for which drop is true.
func (r *KeyRing) Remove(drop func(*KeyPair) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pairs = slices.DeleteFunc(slices.Clone(r.pairs), drop)
}

// Find returns the pairs of a name, of the EC family or of RSA.
func (r *KeyRing) Find(label string, ec bool) []*KeyPair {
	return slices.DeleteFunc(slices.Clone(r.All()), func(k *KeyPair) bool {
		return k.Label != label || (k.Kind == ECKey) != ec
	})
}

// SSHKeys picks the pairs that SSH uses under a configuration: the first RSA
// pair that can sign, or the one that `ip ssh rsa keypair-name` names; and an
// EC pair where the release knows them. Either may be nil.
func (m *Model) SSHKeys(r *KeyRing, c *model.Config) (rsaKey, ecKey *KeyPair) {
	for _, k := range r.All() {
		switch {
		case k.Temporary || k.Kind == EncryptionKey:
		case k.Kind == ECKey:
			if m.Show.ECKeys && ecKey == nil && named(k, c.SSH.ECKeypair) {
				ecKey = k
			}
		case rsaKey == nil && named(k, c.SSH.RSAKeypair):
			rsaKey = k
		}
	}
	return rsaKey, ecKey
}

func named(k *KeyPair, label string) bool { return label == "" || k.Label == label }

// saved marks pairs as stored.
func (r *KeyRing) saved(stored []*KeyPair) {
	r.mu.Lock()
	defer r.mu.Unlock()
	pairs := slices.Clone(r.pairs)
	for i, k := range pairs {
		if !slices.Contains(stored, k) {
			continue
		}
		n := *k
		n.Saved = !k.Temporary
		pairs[i] = &n
	}
	r.pairs = pairs
}

// encodeKeys is the private part of nvram: PEM blocks with what else is known of a
// pair in their headers.
func encodeKeys(pairs []*KeyPair) ([]byte, error) {
	var b bytes.Buffer
	for _, k := range pairs {
		if k.Temporary {
			continue
		}
		der, err := x509.MarshalPKCS8PrivateKey(k.private)
		if err != nil {
			return nil, fmt.Errorf("device: encoding key %s: %w", k.Label, err)
		}
		block := &pem.Block{Type: "PRIVATE KEY", Bytes: der, Headers: map[string]string{
			"Label": k.Label, "Kind": strconv.Itoa(int(k.Kind)), "Exportable": strconv.FormatBool(k.Exportable),
			"Generated": k.Generated.UTC().Format(time.RFC3339),
		}}
		if err := pem.Encode(&b, block); err != nil {
			return nil, fmt.Errorf("device: encoding key %s: %w", k.Label, err)
		}
	}
	return b.Bytes(), nil
}

// decode reads what encodeKeys wrote. A damaged block is an error: keys are not
// lost silently.
func (r *KeyRing) decode(data []byte) error {
	var pairs []*KeyPair
	for len(bytes.TrimSpace(data)) > 0 {
		block, rest := pem.Decode(data)
		if block == nil {
			return fmt.Errorf("device: private-config: no PEM block at %d bytes from the end", len(data))
		}
		k, err := decodeKey(block)
		if err != nil {
			return err
		}
		pairs, data = append(pairs, k), rest
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pairs = pairs
	return nil
}

func decodeKey(block *pem.Block) (*KeyPair, error) {
	h := block.Headers
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("device: private-config: key %s: %w", h["Label"], err)
	}
	kind, _ := strconv.Atoi(h["Kind"])
	k := &KeyPair{Label: h["Label"], Kind: KeyKind(kind), Exportable: h["Exportable"] == "true", Saved: true}
	k.Generated, _ = time.Parse(time.RFC3339, h["Generated"])
	switch p := key.(type) {
	case *rsa.PrivateKey:
		k.Bits, k.private = p.N.BitLen(), p
	case *ecdsa.PrivateKey:
		k.Bits, k.private, k.Kind = p.Curve.Params().BitSize, p, ECKey
	default:
		return nil, fmt.Errorf("device: private-config: key %s is %T, want RSA or EC", h["Label"], key)
	}
	k.signer, err = ssh.NewSigner(k.private)
	return k, err
}

// hexWords prints DER the way show crypto key does: words of eight digits,
// eight a line, each line behind two spaces.
func hexWords(der []byte) []string {
	var lines []string
	var line strings.Builder
	for i := 0; i < len(der); i += 4 {
		if i%32 == 0 {
			line.Reset()
			line.WriteString("  ")
		}
		fmt.Fprintf(&line, "%X", der[i:min(i+4, len(der))])
		if i+4 < len(der) {
			line.WriteByte(' ')
		}
		if i%32 == 28 || i+4 >= len(der) {
			lines = append(lines, line.String())
		}
	}
	return lines
}

// Hex is the public key as `show crypto key mypubkey` prints it.
func (k *KeyPair) Hex() []string { return hexWords(k.Public()) }

// ServerKey is the temporary pair that SSH keeps beside its RSA key, named after
// it; nil while SSH has no RSA key. It is made when somebody looks at it.
func (d *Device) ServerKey() *KeyPair {
	rsaKey, _ := d.SSHKeys(d.Keys, d.Config())
	if rsaKey == nil {
		return nil
	}
	label := rsaKey.Label + ".server"
	d.serverKeyMu.Lock()
	defer d.serverKeyMu.Unlock()
	if d.serverKey == nil || d.serverKey.Label != label {
		k, err := GenerateKey(label, EncryptionKey, d.Model.Keys.ServerKey, false, d.Now())
		if err != nil {
			d.errorf(err, "making the server key")
			return nil
		}
		k.Temporary = true
		d.serverKey = k
	}
	return d.serverKey
}
