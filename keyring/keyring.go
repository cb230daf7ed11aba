// Package keyring holds the key pairs of a device: how they are made, kept in the
// private part of nvram, and picked for SSH. It knows no configuration.
package keyring

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
	"sync"
	"time"

	"vtylab/ssh"
)

// Kind is what a key pair is for.
type Kind int

// The kinds of key pairs. Usage keys are two pairs of one name.
const (
	General Kind = iota
	Signature
	Encryption
	EC
)

// Pair is one key pair of the device. It is immutable.
type Pair struct {
	Label      string
	Kind       Kind
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
func (k *Pair) Public() []byte {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil // RSA and ECDSA keys always marshal
	}
	return der
}

// Private is the private key: *rsa.PrivateKey or *ecdsa.PrivateKey. SSH version 1
// decrypts with it.
func (k *Pair) Private() crypto.Signer { return k.private }

// Signer is the key pair as a host key.
func (k *Pair) Signer() ssh.Signer { return k.signer }

// Generate makes a key pair; for RSA it takes the time that takes.
func Generate(label string, kind Kind, bits int, exportable bool, now time.Time) (*Pair, error) {
	k := &Pair{Label: label, Kind: kind, Bits: bits, Exportable: exportable, Generated: now}
	var err error
	if kind == EC {
		curves := map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 521: elliptic.P521()}
		k.private, err = ecdsa.GenerateKey(curves[bits], rand.Reader)
	} else {
		k.private, err = rsa.GenerateKey(rand.Reader, bits)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: generating %d bit key %s: %w", bits, label, err)
	}
	k.signer, err = ssh.NewSigner(k.private)
	return k, err
}

// Ring holds the key pairs of a device, in the order generated. It is safe
// for concurrent use.
type Ring struct {
	mu    sync.Mutex
	pairs []*Pair // replaced, never edited in place; guarded by mu

	serverMu sync.Mutex
	server   *Pair // guarded by serverMu
}

// All returns the pairs, oldest first.
func (r *Ring) All() []*Pair {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pairs
}

// Add puts pairs in place of those of the same name and family.
func (r *Ring) Add(pairs ...*Pair) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(r.pairs), func(k *Pair) bool {
		return k.Label == pairs[0].Label && (k.Kind == EC) == (pairs[0].Kind == EC)
	})
	r.pairs = append(left, pairs...)
}

// Remove drops the pairs for which drop is true.
func (r *Ring) Remove(drop func(*Pair) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pairs = slices.DeleteFunc(slices.Clone(r.pairs), drop)
}

// Find returns the pairs of a name, of the EC family or of RSA.
func (r *Ring) Find(label string, ec bool) []*Pair {
	return slices.DeleteFunc(slices.Clone(r.All()), func(k *Pair) bool {
		return k.Label != label || (k.Kind == EC) != ec
	})
}

// ForSSH picks the pairs that SSH uses: the first RSA pair that can sign and the
// first EC pair, of these labels unless they are "". Either may be nil.
func (r *Ring) ForSSH(rsaLabel, ecLabel string) (rsaPair, ecPair *Pair) {
	for _, k := range r.All() {
		switch {
		case k.Temporary || k.Kind == Encryption:
		case k.Kind == EC:
			if ecPair == nil && named(k, ecLabel) {
				ecPair = k
			}
		case rsaPair == nil && named(k, rsaLabel):
			rsaPair = k
		}
	}
	return rsaPair, ecPair
}

func named(k *Pair, label string) bool { return label == "" || k.Label == label }

// Saved marks pairs as stored.
func (r *Ring) Saved(stored []*Pair) {
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

// Encode is the private part of nvram: PEM blocks with what else is known of a
// pair in their headers.
func Encode(pairs []*Pair) ([]byte, error) {
	var b bytes.Buffer
	for _, k := range pairs {
		if k.Temporary {
			continue
		}
		der, err := x509.MarshalPKCS8PrivateKey(k.private)
		if err != nil {
			return nil, fmt.Errorf("keyring: encoding key %s: %w", k.Label, err)
		}
		block := &pem.Block{Type: "PRIVATE KEY", Bytes: der, Headers: map[string]string{
			"Label": k.Label, "Kind": strconv.Itoa(int(k.Kind)), "Exportable": strconv.FormatBool(k.Exportable),
			"Generated": k.Generated.UTC().Format(time.RFC3339),
		}}
		if err := pem.Encode(&b, block); err != nil {
			return nil, fmt.Errorf("keyring: encoding key %s: %w", k.Label, err)
		}
	}
	return b.Bytes(), nil
}

// Decode reads what Encode wrote. A damaged block is an error: keys are not
// lost silently.
func (r *Ring) Decode(data []byte) error {
	pairs, err := decode(data)
	if err != nil {
		return fmt.Errorf("keyring: private-config: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pairs = pairs
	return nil
}

func decode(data []byte) (pairs []*Pair, err error) {
	for len(bytes.TrimSpace(data)) > 0 {
		block, rest := pem.Decode(data)
		if block == nil {
			return nil, fmt.Errorf("no PEM block at %d bytes from the end", len(data))
		}
		k, err := decodeKey(block)
		if err != nil {
			return nil, err
		}
		pairs, data = append(pairs, k), rest
	}
	return pairs, nil
}

func decodeKey(block *pem.Block) (*Pair, error) {
	h := block.Headers
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", h["Label"], err)
	}
	kind, _ := strconv.Atoi(h["Kind"])
	k := &Pair{Label: h["Label"], Kind: Kind(kind), Exportable: h["Exportable"] == "true", Saved: true}
	k.Generated, _ = time.Parse(time.RFC3339, h["Generated"])
	switch p := key.(type) {
	case *rsa.PrivateKey:
		k.Bits, k.private = p.N.BitLen(), p
	case *ecdsa.PrivateKey:
		k.Bits, k.private, k.Kind = p.Curve.Params().BitSize, p, EC
	default:
		return nil, fmt.Errorf("key %s is %T, want RSA or EC", h["Label"], key)
	}
	k.signer, err = ssh.NewSigner(k.private)
	return k, err
}

// Server is the temporary pair that SSH keeps beside an RSA pair, named after it.
// It is made when somebody looks at it, and again when the RSA pair has another
// name.
func (r *Ring) Server(of *Pair, bits int, now time.Time) (*Pair, error) {
	label := of.Label + ".server"
	r.serverMu.Lock()
	defer r.serverMu.Unlock()
	if r.server == nil || r.server.Label != label {
		k, err := Generate(label, Encryption, bits, false, now)
		if err != nil {
			return nil, err
		}
		k.Temporary = true
		r.server = k
	}
	return r.server, nil
}
