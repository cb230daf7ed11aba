package interop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// chainKey is a key pair of a user of a pubkey-chain.
type chainKey struct {
	ssh.Signer
	kind string // as in key-hash
}

func newChainKey(t *testing.T, kind string) chainKey {
	t.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "ssh-rsa":
		key, err = rsa.GenerateKey(rand.Reader, 1024)
	case "ssh-ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		curves := map[string]elliptic.Curve{"ecdsa-sha2-nistp256": elliptic.P256(), "ecdsa-sha2-nistp384": elliptic.P384(), "ecdsa-sha2-nistp521": elliptic.P521()}
		key, err = ecdsa.GenerateKey(curves[kind], rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	return chainKey{signer, kind}
}

// hash is the line of a pubkey-chain.
func (k chainKey) hash() string { return fmt.Sprintf("   key-hash %s %X\n", k.kind, md5.Sum(k.Blob())) }

// owns reports whether the key lets a user in, signing with an algorithm. The
// client probes with the key first, then signs.
func owns(t *testing.T, r *devicetest.Router, user string, k chainKey, algorithm string) bool {
	t.Helper()
	cfg := devicetest.ClientConfig(user, ssh2.PublicKeys(k.Signer))
	cfg.Algorithms.PublicKey = []string{algorithm}
	c := ssh2.NewClient(r.Dial(), cfg)
	err := c.Handshake(t.Context())
	c.Close()
	r.Alone()
	if err != nil && !errors.Is(err, ssh.ErrAuthFailed) {
		t.Fatal(err)
	}
	return err == nil
}

// Which keys and signatures a release takes from users.
func TestUserKeyAlgorithms(t *testing.T) {
	kinds := []string{"ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519"}
	for release, accepted := range map[string]string{
		"ios-15.5":    "ssh-rsa",
		"iosxe-3se":   "ssh-rsa",
		"iosxe-17.15": "ssh-rsa rsa-sha2-256 rsa-sha2-512 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 ssh-ed25519",
	} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			for _, kind := range kinds {
				k := newChainKey(t, kind)
				algorithms := []string{kind}
				if kind == "ssh-rsa" {
					algorithms = []string{"ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"}
				}
				if !strings.Contains(accepted, kind) {
					continue // its pubkey-chain has no word for such a key
				}
				r := devicetest.Start(t, release, "ip ssh pubkey-chain\n  username cisco\n"+k.hash())
				for _, algorithm := range algorithms {
					want := strings.Contains(" "+accepted+" ", " "+algorithm+" ")
					if got := owns(t, r, "cisco", k, algorithm); got != want {
						t.Errorf("a key of %s with a signature of %s: accepted %v, want %v", kind, algorithm, got, want)
					}
				}
				if owns(t, r, "guest", k, kind) {
					t.Errorf("another user logs in with a key of %s", kind)
				}
			}
		})
	}
}

// A chain is full of users, two keys each: every key is its own user's.
func TestFullChain(t *testing.T) {
	for release, users := range map[string]int{"ios-15.5": 10, "iosxe-17.15": 15} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			text.WriteString("ip ssh pubkey-chain\n")
			keys := make([][2]chainKey, users)
			for i := range keys {
				keys[i] = [2]chainKey{newChainKey(t, "ssh-rsa"), newChainKey(t, "ssh-rsa")}
				fmt.Fprintf(&text, "  username user%d\n%s%s", i, keys[i][0].hash(), keys[i][1].hash())
			}
			r := devicetest.Start(t, release, text.String())
			devicetest.WantLines(t, r.File("running-config"), fmt.Sprintf("  username user%d\n%s%s", users-1, keys[users-1][0].hash(), keys[users-1][1].hash()))
			for i, pair := range keys {
				for _, k := range pair {
					if !owns(t, r, fmt.Sprintf("user%d", i), k, "ssh-rsa") {
						t.Errorf("user%d does not log in with a key of the chain", i)
					}
				}
			}
			if owns(t, r, "user0", keys[1][0], "ssh-rsa") {
				t.Error("user0 logs in with the key of user1")
			}
		})
	}
}
