package release

import (
	"maps"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

// suite is the SSH algorithms of a release: those in use by default, most
// preferred first, for the server and the client alike, and those that its
// commands accept besides.
type suite struct {
	defaults, more model.Algorithms
}

// preset makes the defaults those of a configuration.
func (s suite) preset(c *model.Config) {
	c.SSH.Server = s.defaults
	c.SSH.Client = model.Algorithms{MAC: s.defaults.MAC, Encryption: s.defaults.Encryption, Kex: s.defaults.Kex}
}

// words are the vocabulary of `ip ssh server algorithm` and its client kin.
func (s suite) words() cli.Vocabulary {
	d, m := s.defaults, s.more
	return with(s.clientWords(), cli.Vocabulary{
		"ssh-macs":        anyOf(d.MAC, m.MAC),
		"ssh-ciphers":     anyOf(d.Encryption, m.Encryption),
		"ssh-kexes":       anyOf(d.Kex, m.Kex),
		"ssh-hostkeys":    anyOf(d.HostKey, m.HostKey),
		"ssh-methods":     anyOf(d.Authentication, m.Authentication),
		"ssh-publickeys":  anyOf(d.PublicKey, m.PublicKey),
		"ssh-certificate": "",
	})
}

// clientWords are those of the command `ssh`, of every release.
func (s suite) clientWords() cli.Vocabulary {
	return cli.Vocabulary{"ssh-c": words(s.defaults.Encryption, s.more.Encryption), "ssh-m": words(s.defaults.MAC, s.more.MAC)}
}

// anyOf is the grammar of a list of algorithms.
func anyOf(lists ...[]string) string {
	return "{" + words(lists...) + "}+$alg"
}

// words are algorithms as alternatives.
func words(lists ...[]string) string {
	var all []string
	for _, name := range slices.Concat(lists...) {
		all = append(all, name+` "`+algorithmHelp[name]+`"`)
	}
	return strings.Join(all, " | ")
}

// with joins vocabularies.
func with(vocabularies ...cli.Vocabulary) cli.Vocabulary {
	all := cli.Vocabulary{}
	for _, v := range vocabularies {
		maps.Copy(all, v)
	}
	return all
}

// Names in the order in which releases prefer them (ios-ssh-scp 2.3; the wire
// shows the same, ssh-wire 4.1).
var (
	ctr     = []string{"aes128-ctr", "aes192-ctr", "aes256-ctr"}
	cbc     = []string{"aes128-cbc", "3des-cbc", "aes192-cbc", "aes256-cbc"}
	gcm     = []string{"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm", "aes256-gcm"}
	hmacSHA = []string{"hmac-sha1", "hmac-sha1-96"}
	hmacMD5 = []string{"hmac-md5", "hmac-md5-96"}
	dh      = []string{"diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"}
	ecdh    = []string{"ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521"}
	ecdsa   = []string{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"}
	methods = []string{"publickey", "keyboard", "password"}
)

// algorithmHelp is what `?` says of a name. The key exchanges are from a 17.x
// capture (dh-group-exchange-sha1 and dh-group1-sha1 by analogy), hmac-sha1 and
// hmac-sha1-96 from a 15.2 capture; the others are from memory.
var algorithmHelp = map[string]string{
	"3des-cbc":                      "Three-key 3DES in CBC mode",
	"aes128-cbc":                    "AES with 128-bit key in CBC mode",
	"aes192-cbc":                    "AES with 192-bit key in CBC mode",
	"aes256-cbc":                    "AES with 256-bit key in CBC mode",
	"aes128-ctr":                    "AES with 128-bit key in CTR mode",
	"aes192-ctr":                    "AES with 192-bit key in CTR mode",
	"aes256-ctr":                    "AES with 256-bit key in CTR mode",
	"aes128-gcm":                    "AES with 128-bit key in GCM mode",
	"aes256-gcm":                    "AES with 256-bit key in GCM mode",
	"aes128-gcm@openssh.com":        "AES with 128-bit key in GCM mode, OpenSSH name",
	"aes256-gcm@openssh.com":        "AES with 256-bit key in GCM mode, OpenSSH name",
	"chacha20-poly1305@openssh.com": "ChaCha20 stream cipher with Poly1305",

	"hmac-md5":                      "HMAC-MD5 (digest length = key length = 128 bits)",
	"hmac-md5-96":                   "HMAC-MD5-96 (digest length = 96 bits, key length = 128 bits)",
	"hmac-sha1":                     "HMAC-SHA1 (digest length = key length = 160 bits)",
	"hmac-sha1-96":                  "HMAC-SHA1-96 (digest length = 96 bits, key length = 160 bits)",
	"hmac-sha2-256":                 "HMAC-SHA2-256 (digest length = key length = 256 bits)",
	"hmac-sha2-512":                 "HMAC-SHA2-512 (digest length = key length = 512 bits)",
	"hmac-sha2-256-etm@openssh.com": "HMAC-SHA2-256 Encrypt-then-MAC (digest length = key length = 256 bits)",
	"hmac-sha2-512-etm@openssh.com": "HMAC-SHA2-512 Encrypt-then-MAC (digest length = key length = 512 bits)",

	"curve25519-sha256":                  "Curve 25519 key exchange algorithm",
	"curve25519-sha256@libssh.org":       "Curve 25519 key exchange algorithm old name",
	"diffie-hellman-group-exchange-sha1": "DH_GEX_SHA1 diffie-hellman key exchange algorithm",
	"diffie-hellman-group1-sha1":         "DH_GRP1_SHA1 diffie-hellman key exchange algorithm",
	"diffie-hellman-group14-sha1":        "DH_GRP14_SHA1 diffie-hellman key exchange algorithm",
	"diffie-hellman-group14-sha256":      "DH_GRP14_SHA256 diffie-hellman key exchange algorithm",
	"diffie-hellman-group16-sha512":      "DH_GRP16_SHA512 diffie-hellman key exchange algorithm",
	"ecdh-sha2-nistp256":                 "ECDH_SHA2_P256 ecdh key exchange algorithm",
	"ecdh-sha2-nistp384":                 "ECDH_SHA2_P384 ecdh key exchange algorithm",
	"ecdh-sha2-nistp521":                 "ECDH_SHA2_P521 ecdh key exchange algorithm",

	"ssh-rsa":                    "RSA public key algorithm",
	"rsa-sha2-256":               "RSA public key algorithm with SHA2-256",
	"rsa-sha2-512":               "RSA public key algorithm with SHA2-512",
	"ssh-ed25519":                "Ed25519 public key algorithm",
	"ecdsa-sha2-nistp256":        "ECDSA public key algorithm, NIST P-256",
	"ecdsa-sha2-nistp384":        "ECDSA public key algorithm, NIST P-384",
	"ecdsa-sha2-nistp521":        "ECDSA public key algorithm, NIST P-521",
	"x509v3-ssh-rsa":             "X.509v3 certificate with an RSA key",
	"x509v3-rsa2048-sha256":      "X.509v3 certificate with an RSA key and SHA2-256",
	"x509v3-ecdsa-sha2-nistp256": "X.509v3 certificate with an ECDSA key, NIST P-256",
	"x509v3-ecdsa-sha2-nistp384": "X.509v3 certificate with an ECDSA key, NIST P-384",
	"x509v3-ecdsa-sha2-nistp521": "X.509v3 certificate with an ECDSA key, NIST P-521",

	"publickey": "Public-key-based authentication",
	"keyboard":  "Keyboard-interactive authentication",
	"password":  "Password-based authentication",
}

// Arguments that releases share. Help of the sizes from memory.
const (
	dhSizes     = `{1024 "Diffie Group 1 1024-bit key" | 2048 "Diffie Group 14 2048-bit key" | 4096 "Diffie Group 16 4096-bit key"}$bits`
	dhSizes17   = `{2048 "Diffie Group 14 2048-bit key" | 4096 "Diffie Group 16 4096-bit key"}$bits`
	bothVersion = `<1-2>$version "Protocol version"`
	rsaKeyType  = `ssh-rsa$type "ssh-rsa key hash"`
	rsaModulus  = `<360-4096>$bits "size of the key modulus [360-4096]"`
)
