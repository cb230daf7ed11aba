package ssh2

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/ssh"
)

var (
	xKex = []string{"diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group14-sha256",
		"diffie-hellman-group16-sha512", "diffie-hellman-group-exchange-sha1", "diffie-hellman-group-exchange-sha256",
		"curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521"}
	xCiphers = []string{"aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-cbc", "3des-cbc", "aes128-gcm@openssh.com",
		"aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"}
	xMACs = []string{"hmac-sha1", "hmac-sha1-96", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"}
)

// picks varies one class at a time.
func xPicks() (picks [][3]string) {
	for _, k := range xKex {
		picks = append(picks, [3]string{k, "aes128-ctr", "hmac-sha1"})
	}
	for _, c := range xCiphers {
		picks = append(picks, [3]string{"ecdh-sha2-nistp256", c, "hmac-sha2-256"})
	}
	for _, m := range xMACs {
		picks = append(picks, [3]string{"ecdh-sha2-nistp256", "aes256-ctr", m})
	}
	return picks
}

func xClientConfig(p [3]string) *xssh.ClientConfig {
	c := &xssh.ClientConfig{User: "cisco", Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey()}
	c.KeyExchanges, c.Ciphers, c.MACs = []string{p[0]}, []string{p[1]}, []string{p[2]}
	return c
}

func TestXCryptoClient(t *testing.T) {
	for _, p := range xPicks() {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			server := testServer()
			server.MinDHBits = 2048
			server.Algorithms = Algorithms{Kex: p[:1], Ciphers: p[1:2], MACs: p[2:], HostKey: []string{ssh.KeyECDSA256}}
			cc, sc := tcpPair(t)
			_, done := start(t, sc, server)
			cfg := xClientConfig(p)
			cfg.RekeyThreshold = 64 << 10
			conn, chans, reqs, err := xssh.NewClientConn(cc, "x", cfg)
			if err != nil {
				t.Fatalf("x/crypto client: %v (server: %v)", err, <-done)
			}
			client := xssh.NewClient(conn, chans, reqs)
			defer client.Close()
			session, err := client.NewSession()
			if err != nil {
				t.Fatal(err)
			}
			in := strings.Repeat("abcd", 100000)
			session.Stdin = strings.NewReader(in)
			out, err := session.Output("cat")
			if err != nil || string(out) != in {
				t.Errorf("cat = %d bytes, %v; want %d", len(out), err, len(in))
			}
		})
	}
}

func TestXCryptoClientSecondSession(t *testing.T) {
	cc, sc := tcpPair(t)
	start(t, sc, testServer())
	conn, chans, reqs, err := xssh.NewClientConn(cc, "x", xClientConfig([3]string{xKex[6], xCiphers[0], xMACs[0]}))
	if err != nil {
		t.Fatal(err)
	}
	client := xssh.NewClient(conn, chans, reqs)
	defer client.Close()
	s, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.NewSession()
	if open, ok := err.(*xssh.OpenChannelError); !ok || open.Reason != xssh.ResourceShortage || open.Message != "" {
		t.Errorf("second session: %v, want resource shortage without text", err)
	}
	_, err = client.Dial("tcp", "192.0.2.1:80")
	if open, ok := err.(*xssh.OpenChannelError); !ok || open.Reason != xssh.UnknownChannelType || open.Message != "Unknown channel type" {
		t.Errorf("direct-tcpip: %v, want unknown channel type", err)
	}
	if ok, _, err := client.SendRequest("keepalive@openssh.com", true, nil); ok || err != nil {
		t.Errorf("keepalive = %v, %v; want refusal", ok, err)
	}
	// The first session is unharmed, and env does not matter to it.
	s.Setenv("LANG", "C")
	if err := s.Run("status 4"); err == nil || err.(*xssh.ExitError).ExitStatus() != 4 {
		t.Errorf("status 4: %v", err)
	}
}

// Public keys with each signature algorithm.
func TestXCryptoClientPublicKey(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := xssh.NewSignerFromKey(rsaKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range ssh.KeyAlgorithms(ssh.KeyRSA) {
		t.Run(algorithm, func(t *testing.T) {
			only, err := xssh.NewSignerWithAlgorithms(signer.(xssh.AlgorithmSigner), []string{algorithm})
			if err != nil {
				t.Fatal(err)
			}
			server := testServer()
			server.Auth = &testAuth{key: signer.PublicKey().Marshal()}
			server.ExtInfo = algorithm != ssh.KeyRSA
			cc, sc := tcpPair(t)
			_, done := start(t, sc, server)
			cfg := xClientConfig([3]string{xKex[6], xCiphers[0], xMACs[0]})
			cfg.Auth = []xssh.AuthMethod{xssh.PublicKeys(only)}
			conn, _, _, err := xssh.NewClientConn(cc, "x", cfg)
			if err != nil {
				t.Fatalf("x/crypto client: %v (server %v)", err, <-done)
			}
			conn.Close()
		})
	}
}

// x/crypto as the server of our client.
func TestXCryptoServer(t *testing.T) {
	for _, p := range xPicks() {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			t.Parallel()
			cc, sc := tcpPair(t)
			done := make(chan struct{})
			go func() { defer close(done); xServe(sc, p) }()
			cfg := testClient()
			cfg.Algorithms.Kex, cfg.Algorithms.Ciphers, cfg.Algorithms.MACs = p[:1], p[1:2], p[2:]
			cfg.RekeyBytes = 100 << 10
			cfg.MinDHBits = 2048
			c := NewClient(cc, cfg)
			if err := c.Handshake(t.Context()); err != nil {
				t.Fatal(err)
			}
			in := strings.Repeat("abcd", 100000)
			if out, status := run(t, c, "cat", in); out != in || status != 9 {
				t.Errorf("cat = %d bytes, status %d; want %d, 9", len(out), status, len(in))
			}
			c.Close()
			<-done
		})
	}
}

// xServe accepts one session and copies its input.
func xServe(conn net.Conn, p [3]string) {
	cfg := &xssh.ServerConfig{
		PasswordCallback: func(c xssh.ConnMetadata, password []byte) (*xssh.Permissions, error) {
			if c.User() == "cisco" && bytes.Equal(password, []byte("cisco")) {
				return nil, nil
			}
			return nil, errTest
		},
	}
	cfg.KeyExchanges, cfg.Ciphers, cfg.MACs = []string{p[0]}, []string{p[1]}, []string{p[2]}
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	signer, err := xssh.NewSignerFromKey(key)
	if err != nil {
		panic(err)
	}
	cfg.AddHostKey(signer)
	sc, chans, reqs, err := xssh.NewServerConn(conn, cfg)
	if err != nil {
		return
	}
	go xssh.DiscardRequests(reqs)
	for nc := range chans {
		ch, reqs, err := nc.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range reqs {
				r.Reply(r.Type == "exec", nil)
				if r.Type == "exec" {
					go func() {
						io.Copy(ch, ch)
						ch.SendRequest("exit-status", false, []byte{0, 0, 0, 9})
						ch.Close()
					}()
				}
			}
		}()
	}
	sc.Wait()
}
