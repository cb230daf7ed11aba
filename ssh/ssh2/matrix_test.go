package ssh2

import (
	"fmt"
	"strings"
	"testing"

	"vtylab/ssh"
)

func kexNames() (names []string) {
	for _, k := range kexMethods {
		names = append(names, k.name)
	}
	return names
}

func cipherNames() (names []string) {
	for _, c := range ciphers {
		names = append(names, c.name)
	}
	return names
}

func macNames() (names []string) {
	for _, m := range macs {
		names = append(names, m.name)
	}
	return names
}

// Every cipher with every MAC, and the key exchanges taken in turn with them.
func TestCiphersAndMACs(t *testing.T) {
	kexes := []string{"curve25519-sha256", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha1"}
	i := 0
	for _, cipher := range cipherNames() {
		for _, mac := range macNames() {
			kex := kexes[i%len(kexes)]
			i++
			t.Run(cipher+"/"+mac, func(t *testing.T) {
				t.Parallel()
				server, client := testServer(), testClient()
				client.Algorithms.Ciphers, client.Algorithms.MACs, client.Algorithms.Kex = []string{cipher}, []string{mac}, []string{kex}
				server.Algorithms.Ciphers, server.Algorithms.MACs, server.Algorithms.Kex = []string{cipher}, []string{mac}, []string{kex}
				testRoundTrip(t, server, client)
			})
		}
	}
}

// Every key exchange with every host key and signature algorithm.
func TestKexAndHostKeys(t *testing.T) {
	hostKeys := []struct {
		algorithm string
		key       ssh.Signer
	}{
		{ssh.KeyRSA, rsa768()}, {ssh.KeyRSA, rsa1024()}, {ssh.KeyRSASHA256, rsa2048()}, {ssh.KeyRSASHA512, rsa2048()},
		{ssh.KeyECDSA256, ecdsa256()}, {ssh.KeyECDSA384, ecdsa384()}, {ssh.KeyECDSA521, ecdsa521()}, {ssh.KeyEd25519, ed25519K()},
	}
	for _, kex := range kexNames() {
		for i, hk := range hostKeys {
			t.Run(fmt.Sprintf("%s/%s/%d", kex, hk.algorithm, i), func(t *testing.T) {
				t.Parallel()
				server, client := testServer(), testClient()
				server.HostKeys = []ssh.Signer{hk.key}
				server.Algorithms.Kex, client.Algorithms.Kex = []string{kex}, []string{kex}
				server.Algorithms.HostKey, client.Algorithms.HostKey = []string{hk.algorithm}, []string{hk.algorithm}
				testRoundTrip(t, server, client)
			})
		}
	}
}

// testRoundTrip sends more than a window both ways, with a rekey on the way.
func testRoundTrip(t *testing.T, server *ServerConfig, client *ClientConfig) {
	server.Window, server.MaxPacket = 8192, 4096
	server.RekeyBytes = 40 << 10
	c, s, done := connect(t, server, client)
	info := s.Info()
	if info.Kex != client.Algorithms.Kex[0] {
		t.Errorf("kex = %s, want %s", info.Kex, client.Algorithms.Kex[0])
	}
	if got, want := info.In.Cipher, c.Info().Out.Cipher; got != want || got != client.Algorithms.Ciphers[0] {
		t.Errorf("server in cipher %s, client out cipher %s", got, want)
	}
	in := strings.Repeat("0123456789abcdef", 6000)
	if out, status := run(t, c, "cat", in); out != in || status != 0 {
		t.Errorf("cat returned %d bytes, status %d; want %d, 0", len(out), status, len(in))
	}
	if err := <-done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}
