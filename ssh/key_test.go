package ssh

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"testing"
)

func testKeys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	keys := map[string]crypto.Signer{}
	add := func(name string, key crypto.Signer, err error) {
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = key
	}
	for name, bits := range map[string]int{"rsa512": 512, "rsa768": 768, "rsa1024": 1024, "rsa2048": 2048} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		add(name, key, err)
	}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		add(name, key, err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	add("ed25519", key, err)
	return keys
}

// Every key makes signatures of its algorithms, which verify as that and
// nothing else.
func TestSigners(t *testing.T) {
	all := []string{KeyRSA, KeyRSASHA256, KeyRSASHA512, KeyECDSA256, KeyECDSA384, KeyECDSA521, KeyEd25519, "ssh-dss", ""}
	data := []byte("exchange hash")
	for name, key := range testKeys(t) {
		s, err := NewSigner(key)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, algorithm := range s.Algorithms() {
			if name == "rsa512" && algorithm == KeyRSASHA512 {
				continue // the hash does not fit into the modulus
			}
			sig, err := s.Sign(rand.Reader, algorithm, data)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			// The device's "signature length" for RSA: 15 and the modulus.
			if k, ok := key.(*rsa.PrivateKey); ok && algorithm == KeyRSA && len(sig) != 15+k.Size() {
				t.Errorf("%s: signature blob of %d bytes, want %d", name, len(sig), 15+k.Size())
			}
			for _, other := range all {
				if err := Verify(s.Blob(), other, data, sig); (err == nil) != (other == algorithm) {
					t.Errorf("%s: %s signature verified as %s: %v", name, algorithm, other, err)
				}
			}
			if Verify(s.Blob(), algorithm, []byte("another"), sig) == nil {
				t.Errorf("%s: %s signature over other data verifies", name, algorithm)
			}
			for n := range sig {
				if Verify(s.Blob(), algorithm, data, sig[:n]) == nil {
					t.Errorf("%s: %s signature cut to %d verifies", name, algorithm, n)
				}
			}
		}
		if _, err := s.Sign(rand.Reader, "ssh-dss", data); err == nil {
			t.Errorf("%s signs as ssh-dss", name)
		}
	}
}

func TestKeyFormat(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	if got := KeyFormat(s.Blob()); got != KeyRSA {
		t.Errorf("KeyFormat = %q", got)
	}
	if got := KeyFormat([]byte{0, 0, 0, 9}); got != "" {
		t.Errorf("KeyFormat of garbage = %q", got)
	}
}

func TestSpeaks2(t *testing.T) {
	for line, want := range map[string]bool{
		"SSH-2.0-x": true, "SSH-1.99-Cisco-1.25": true, "SSH-1.5-x": false, "SSH-2.0": false, "SSH-3.0-x": false,
		"SSH--x": false, "SSH-2-x": false, "": false, "SSH-2.999-x": false,
	} {
		if got := Speaks2(line); got != want {
			t.Errorf("Speaks2(%q) = %v, want %v", line, got, want)
		}
	}
}
