package bench

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"sync"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// minimal is the least server that golang.org/x/crypto/ssh can be: one key, one
// password, no session.
func minimal() (addr string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	signer, err := xssh.NewSignerFromKey(key)
	if err != nil {
		panic(err)
	}
	cfg := &xssh.ServerConfig{PasswordCallback: func(c xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) { return nil, nil }}
	all, old := xssh.SupportedAlgorithms(), xssh.InsecureAlgorithms()
	cfg.KeyExchanges = append(all.KeyExchanges, old.KeyExchanges...)
	cfg.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				c, channels, requests, err := xssh.NewServerConn(conn, cfg)
				if err != nil {
					return
				}
				go xssh.DiscardRequests(requests)
				for n := range channels {
					n.Reject(xssh.Prohibited, "")
				}
				c.Wait()
			}()
		}
	}()
	return l.Addr().String()
}

// crowd is how many log in at once, and how often each.
type crowd struct {
	name     string
	n, times int
}

var crowds = []crowd{{"", 1, 1}, {" 50 at once", 50, 4}}

// logins returns a function in which a crowd logs in.
func logins(b *testing.B, addr string, cfg *ssh2.ClientConfig, by crowd) func() {
	return func() {
		var all sync.WaitGroup
		for range by.n {
			all.Go(func() {
				for range by.times {
					c, err := dial(b.Context(), addr, cfg)
					if err != nil {
						b.Errorf("%s as %s: %v", addr, cfg.User, err)
						return
					}
					c.Close()
				}
			})
		}
		all.Wait()
	}
}

// A login with a password, from the TCP connection to the end of authentication,
// with an RSA key of 2,048 bits, in turn on the device and on a minimal server,
// each in a process of its own.
func BenchmarkLogin(b *testing.B) {
	other := startFresh(b, "x/crypto", "").line()
	for _, c := range []struct{ kex, hostKey, release string }{
		{"diffie-hellman-group1-sha1", "ssh-rsa", "ios-15.5"},
		{"diffie-hellman-group14-sha1", "ssh-rsa", "ios-15.5"},
		{"diffie-hellman-group14-sha256", "rsa-sha2-256", "iosxe-17.15"},
		{"diffie-hellman-group16-sha512", "rsa-sha2-512", "iosxe-17.15"},
		{"ecdh-sha2-nistp256", "rsa-sha2-256", "iosxe-17.15"},
		{"ecdh-sha2-nistp521", "rsa-sha2-256", "iosxe-17.15"},
		{"curve25519-sha256", "rsa-sha2-256", "iosxe-17.15"},
	} {
		for _, by := range crowds {
			b.Run(c.kex+by.name, func(b *testing.B) {
				ours, cfg := freshDevice(b, c.release, ""), client(c.kex, c.hostKey, password)
				versus(b, "x/crypto", 0, logins(b, ours, cfg, by), logins(b, other, cfg, by))
			})
		}
	}
}

// The same with a key of the user, next to OpenSSH's sshd.
func BenchmarkLoginSSHD(b *testing.B) {
	dir := scratch(b)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	signer, err1 := ssh.NewSigner(key)
	public, err2 := xssh.NewPublicKey(&key.PublicKey)
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	other, name := sshd(b, dir, public)
	ours := freshDevice(b, "iosxe-17.15", keyChain(public))
	for _, by := range crowds {
		b.Run("curve25519-sha256"+by.name, func(b *testing.B) {
			cfg := client("curve25519-sha256", "rsa-sha2-256", ssh2.PublicKeys(signer))
			there := *cfg
			there.User = name
			versus(b, "sshd", 0, logins(b, ours, cfg, by), logins(b, other, &there, by))
		})
	}
}

// keyChain lets a key log in as cisco.
func keyChain(public xssh.PublicKey) string {
	return devicetest.PubkeyChain("cisco", string(xssh.MarshalAuthorizedKey(public)))
}

// From the TCP connection to the prompt of a shell, at the median.
func BenchmarkPrompt(b *testing.B) {
	for _, c := range []struct{ kex, hostKey, more string }{
		{"curve25519-sha256", "rsa-sha2-256", ""},
		{"ecdh-sha2-nistp256", "rsa-sha2-256", ""},
		{"curve25519-sha256", "ecdsa-sha2-nistp256", "crypto key generate ec keysize 256 label ec\n"},
		{"ecdh-sha2-nistp256", "ecdsa-sha2-nistp256", "crypto key generate ec keysize 256 label ec\n"},
	} {
		b.Run(c.kex+"/"+c.hostKey, func(b *testing.B) {
			addr := freshDevice(b, "iosxe-17.15", c.more)
			cfg := client(c.kex, c.hostKey, password)
			var all []time.Duration
			for b.Loop() {
				start := time.Now()
				c, err := prompt(b.Context(), addr, cfg)
				all = append(all, time.Since(start))
				if err != nil {
					b.Fatal(err)
				}
				c.Close()
			}
			b.ReportMetric(float64(median(all)), "ns/op")
			b.ReportMetric(float64(all[0]), "min-ns/op")
		})
	}
}
