package bench

import (
	"crypto/rand"
	"crypto/rsa"
	"net"
	"testing"

	xssh "golang.org/x/crypto/ssh"
)

// minimal is the least server that golang.org/x/crypto/ssh can be: one key, one
// password, no session.
func minimal(b *testing.B) (addr string) {
	b.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := xssh.NewSignerFromKey(key)
	if err != nil {
		b.Fatal(err)
	}
	cfg := &xssh.ServerConfig{PasswordCallback: func(c xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) { return nil, nil }}
	all, old := xssh.SupportedAlgorithms(), xssh.InsecureAlgorithms()
	cfg.KeyExchanges = append(all.KeyExchanges, old.KeyExchanges...)
	cfg.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
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

// A login with a password, from the TCP connection to the end of authentication,
// with the same client, an RSA key of 2,048 bits, in turn on the device and on a
// minimal server. The client's half is in both figures.
func BenchmarkLogin(b *testing.B) {
	for _, c := range []struct{ kex, hostKey, release string }{
		{"diffie-hellman-group1-sha1", "ssh-rsa", "ios-15.5"},
		{"diffie-hellman-group14-sha1", "ssh-rsa", "ios-15.5"},
		{"diffie-hellman-group14-sha256", "rsa-sha2-256", "iosxe-17.15"},
		{"diffie-hellman-group16-sha512", "rsa-sha2-512", "iosxe-17.15"},
		{"ecdh-sha2-nistp256", "rsa-sha2-256", "iosxe-17.15"},
		{"ecdh-sha2-nistp521", "rsa-sha2-256", "iosxe-17.15"},
		{"curve25519-sha256", "rsa-sha2-256", "iosxe-17.15"},
	} {
		b.Run(c.kex, func(b *testing.B) {
			_, ours := router(b, c.release, manyVTYs)
			theirs := minimal(b)
			cfg := client(c.kex, c.hostKey)
			if c.release == "iosxe-17.15" {
				cfg.MACs = []string{"hmac-sha2-256-etm@openssh.com"}
			} else {
				cfg.MACs = []string{"hmac-sha1"}
			}
			login := func(addr string) func() {
				return func() {
					conn, err := xssh.Dial("tcp", addr, cfg)
					if err != nil {
						b.Fatal(err)
					}
					conn.Close()
				}
			}
			versus(b, "x/crypto", 0, login(ours), login(theirs))
		})
	}
}
