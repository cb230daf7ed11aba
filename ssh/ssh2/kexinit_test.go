package ssh2

import (
	"crypto/md5"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"vtylab/ssh"
)

const (
	cbcList  = "aes128-cbc,3des-cbc,aes192-cbc,aes256-cbc"
	ctrList  = "aes128-ctr,aes192-ctr,aes256-ctr"
	gcmList  = "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-gcm,aes256-gcm," + ctrList
	mac4     = "hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96"
	mac2     = "hmac-sha1,hmac-sha1-96"
	macS4    = "hmac-sha2-256,hmac-sha2-512,hmac-sha1,hmac-sha1-96"
	macETM   = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com"
	kex1     = "diffie-hellman-group1-sha1"
	kexG14   = "diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1"
	kexG14_1 = kexG14 + "," + kex1
	kexECDH  = "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521"
	rsa3     = "rsa-sha2-512,rsa-sha2-256,ssh-rsa"
)

// profiles are KEXINITs seen of real devices: the total length and padding of
// the packet where a log shows them, and the hasshServer fingerprint.
var profiles = []struct {
	name                        string
	kex, hostKey, ciphers, macs string
	total, padding              int
	hassh                       string
}{
	{"A 12.2", kex1, "ssh-rsa", cbcList, mac4, 280, 4, "3cc67862bceac0f334c62ad1b76895b4"},
	{"B 15.1", kexG14_1, "ssh-rsa", cbcList, mac4, 344, 5, "bf097937b3f4c4fc599e54d01e3ab594"},
	{"C", kexG14_1, "ssh-rsa", cbcList, mac2, 304, 7, "e9b895448497c5655bb61d0eb5aa0b4d"},
	{"C'", kexG14_1, "ssh-rsa", ctrList + "," + cbcList, mac4, 416, 11, "ed6566982dbfebce951bf0e41231ce80"},
	{"D 15.2", kexG14_1, "ssh-rsa", ctrList + "," + cbcList, mac2, 368, 5, "d73cf5f865c49d7bbcc1a7971f2495b9"},
	{"D'", kexG14_1, "ssh-rsa", ctrList, mac2, 288, 9, "907de79a176f2101df5343ef7ad3440d"},
	{"E 15.5", kexG14, "ssh-rsa", ctrList + "," + cbcList, mac2, 344, 8, "4bb60f7c953b2fa60c730503cc04ea37"},
	{"F XE 16", kexG14, "ssh-rsa", ctrList, macS4, 312, 4, "fa257d9e2ffa5c4543fe7af7f30f024e"},
	{"G1 XE 17", kexECDH + ",diffie-hellman-group14-sha1", rsa3, "aes128-gcm,aes256-gcm," + ctrList,
		macETM + ",hmac-sha2-256,hmac-sha2-512,hmac-sha1", 0, 0, "3415c86b3b497b59f28594e029bea93c"},
	{"G1' XE 17", kexECDH + ",diffie-hellman-group14-sha1", rsa3, "aes128-gcm,aes256-gcm," + ctrList,
		macETM + ",hmac-sha2-256,hmac-sha2-512", 0, 0, "b5b27934ae4d33c3ebae795816c944a9"},
	{"G2 XE 17", "curve25519-sha256@libssh.org," + kexECDH + ",diffie-hellman-group14-sha1", rsa3, gcmList,
		macETM + ",hmac-sha2-256,hmac-sha2-512,hmac-sha1", 0, 0, "d14b85ba1070379100efac9f650d32db"},
	{"H XE 17.16", "curve25519-sha256,curve25519-sha256@libssh.org," + kexECDH + ",diffie-hellman-group14-sha256,diffie-hellman-group16-sha512",
		"rsa-sha2-512,rsa-sha2-256", gcmList, macETM, 648, 7, "daca144891fb493e07ca1e1e81626f7c"},
	{"k8", kex1, "ssh-rsa", "3des-cbc", mac4, 0, 0, "eed9179e7d88e676b195a18f359c70bc"},
}

func TestProfiles(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			split := func(s string) []string { return strings.Split(s, ",") }
			cfg := testServer()
			cfg.HostKeys = []ssh.Signer{rsa2048()}
			// A configured name that no key can serve stays off the wire.
			cfg.Algorithms = Algorithms{Kex: split(p.kex), HostKey: append([]string{"x509v3-ssh-rsa"}, split(p.hostKey)...),
				Ciphers: split(p.ciphers), MACs: split(p.macs)}
			var sent []ssh.PacketSent
			var lists ssh.KexLists
			cfg.Trace = func(e ssh.Event) {
				switch e := e.(type) {
				case ssh.PacketSent:
					sent = append(sent, e)
				case ssh.KexInitSent:
					lists = e.Lists
				}
			}
			client, server := memPair()
			_, done := start(t, server, cfg)
			if _, err := client.Write([]byte("SSH-2.0-test\r\n")); err != nil {
				t.Fatal(err)
			}
			client.CloseWrite()
			<-done
			if len(sent) == 0 || sent[0].Type != msgKexInit {
				t.Fatalf("sent %v, want a KEXINIT", sent)
			}
			if got := sent[0]; p.total != 0 && (got.Length != p.total || got.Padding != p.padding) {
				t.Errorf("KEXINIT is %d/%d, want %d/%d", got.Length, got.Padding, p.total, p.padding)
			}
			if got := strings.Join(lists.HostKey, ","); got != p.hostKey {
				t.Errorf("host key list %s, want %s", got, p.hostKey)
			}
			if got := hassh(lists); got != p.hassh {
				t.Errorf("hasshServer %s, want %s", got, p.hassh)
			}
		})
	}
}

// hassh is the hasshServer fingerprint of a KEXINIT.
func hassh(l ssh.KexLists) string {
	join := func(s []string) string { return strings.Join(s, ",") }
	sum := md5.Sum([]byte(strings.Join([]string{join(l.Kex), join(l.CiphersServer), join(l.MACsServer), join(l.CompressServer)}, ";")))
	return hex.EncodeToString(sum[:])
}

func TestNegotiate(t *testing.T) {
	list := func(kex, hostKey, cipher, mac string) *kexInitMsg {
		s := func(x string) []string { return strings.Fields(x) }
		none := []string{"none"}
		return &kexInitMsg{Kex: s(kex), HostKey: s(hostKey), CiphersClient: s(cipher), CiphersServer: s(cipher),
			MACsClient: s(mac), MACsServer: s(mac), CompressClient: none, CompressServer: none}
	}
	const k1, k14 = "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"
	tests := []struct {
		name           string
		client, server *kexInitMsg
		want           string // of kex hostkey cipher mac, or the class without a match
	}{
		{"client's order decides", list(k14+" "+k1, "ssh-rsa", "aes256-cbc aes128-cbc", "hmac-md5 hmac-sha1"),
			list(k1+" "+k14, "ssh-rsa", "aes128-cbc aes256-cbc", "hmac-sha1 hmac-md5"), k14 + " ssh-rsa aes256-cbc hmac-md5"},
		{"an AEAD cipher needs no MAC", list(k14, "ssh-rsa", "aes128-gcm", "x"), list(k14, "ssh-rsa", "aes128-gcm", "y"), k14 + " ssh-rsa aes128-gcm "},
		{"kex", list(k1, "ssh-rsa", "aes128-cbc", "hmac-md5"), list(k14, "ssh-rsa", "aes128-cbc", "hmac-md5"), "kex"},
		{"a marker is no method", list("kex-strict-c-v00@openssh.com", "a", "b", "c"), list("kex-strict-c-v00@openssh.com", "a", "b", "c"), "kex"},
		{"hostkey", list(k1, "ssh-rsa", "aes128-cbc", "hmac-md5"), list(k1, "ssh-dss", "aes128-cbc", "hmac-md5"), "hostkey"},
		{"cipher", list(k1, "ssh-rsa", "aes128-cbc", "hmac-md5"), list(k1, "ssh-rsa", "aes128-ctr", "hmac-md5"), "cipher"},
		{"mac", list(k1, "ssh-rsa", "aes128-cbc", "hmac-md5"), list(k1, "ssh-rsa", "aes128-cbc", "hmac-sha1"), "mac"},
		{"empty lists", list("", "", "", ""), list(k1, "ssh-rsa", "aes128-cbc", "hmac-sha1"), "kex"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := negotiate(tt.client, tt.server, tt.client)
			got := ""
			if no, ok := err.(*ssh.NoMatchError); ok {
				got = no.Class
			} else if err != nil {
				t.Fatal(err)
			} else {
				got = strings.Join([]string{a.kex.name, a.hostKey, a.client.names.Cipher, a.client.names.MAC}, " ")
			}
			if got != tt.want {
				t.Errorf("negotiated %q, want %q", got, tt.want)
			}
		})
	}
}

func TestChooseGroup(t *testing.T) {
	tests := []struct{ min, preferred, max, own, ownMax, want int }{
		{1024, 4096, 8192, 1024, 4096, 4096},
		{1024, 2048, 8192, 1024, 4096, 2048},
		{2048, 3072, 8192, 2048, 4096, 4096},
		{1024, 1024, 1024, 1024, 4096, 1024},
		{1024, 1024, 8192, 1024, 4096, 1024},
		{1024, 3072, 3072, 1024, 4096, 2048},
		{1024, 1536, 2048, 2048, 4096, 0}, // the capture of ssh2-python#130
		{2048, 8192, 8192, 2048, 4096, 0},
		{4096, 2048, 8192, 2048, 4096, 0},
		{1024, 2048, 8192, 4096, 4096, 0},
		{2100, 2200, 2300, 1024, 4096, 0},
	}
	for _, tt := range tests {
		got := chooseGroup(gexRequestMsg{uint32(tt.min), uint32(tt.preferred), uint32(tt.max)}, tt.own, tt.ownMax)
		if got != tt.want {
			t.Errorf("%d < %d < %d with dh min size %d = %d, want %d", tt.min, tt.preferred, tt.max, tt.own, got, tt.want)
		}
	}
}

// The groups are safe primes, of their size.
func TestGroups(t *testing.T) {
	for bits, g := range groups {
		if g.p.BitLen() != bits || !g.p.ProbablyPrime(1) {
			t.Errorf("group of %d bits is not a prime of that size", bits)
		}
		if bits <= 2048 && !new(big.Int).Rsh(g.p, 1).ProbablyPrime(1) {
			t.Errorf("group of %d bits is not a safe prime", bits)
		}
	}
}
