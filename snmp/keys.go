package snmp

import (
	"errors"
	"fmt"
	"io"
	"net/netip"

	"github.com/gosnmp/gosnmp"
)

// errNoUser says that a host of version 3 has no user, or no engine.
var errNoUser = errors.New("snmp: no such user")

// noAddress stands for the device itself where a remote entity has an address.
var noAddress netip.Addr

// User is a user of version 3.
type User struct {
	Name, Group string
	Auth        string // "md5", "sha", "" for none
	Priv        string // "des", "aes128", "aes192", "aes256", "" for none; "3des" has no keys
	// AuthKey and PrivKey are passwords, or, with Localized, the octets of localized keys
	// (RFC 3414 section 2.6).
	AuthKey, PrivKey string
	Localized        bool
}

// Localize is the user with localized keys in the place of passwords. It takes some
// milliseconds.
func (u User) Localize(engine string) (User, error) {
	k, err := u.keys(engine, nil)
	if err != nil {
		return u, err
	}
	u.AuthKey, u.PrivKey, u.Localized = string(k.authKey), string(k.privKey), true
	return u, nil
}

// Keys are those of a user at one engine. The zero Keys protect nothing.
type Keys struct {
	auth    gosnmp.SnmpV3AuthProtocol
	priv    gosnmp.SnmpV3PrivProtocol
	authKey []byte
	privKey []byte
	rand    io.Reader // of salts
}

var (
	authProtocols = map[string]gosnmp.SnmpV3AuthProtocol{"": gosnmp.NoAuth, "md5": gosnmp.MD5, "sha": gosnmp.SHA}
	privProtocols = map[string]gosnmp.SnmpV3PrivProtocol{"": gosnmp.NoPriv, "des": gosnmp.DES, "aes128": gosnmp.AES, "aes192": gosnmp.AES192C, "aes256": gosnmp.AES256C}
)

// keys makes those of a user at an engine; from passwords that takes some
// milliseconds.
func (u *User) keys(engine string, rand io.Reader) (*Keys, error) {
	auth, known := authProtocols[u.Auth]
	priv, also := privProtocols[u.Priv]
	if !known || !also {
		return nil, fmt.Errorf("snmp: user %s: no keys of %s %s", u.Name, u.Auth, u.Priv)
	}
	usm := &gosnmp.UsmSecurityParameters{UserName: u.Name, AuthoritativeEngineID: engine, AuthenticationProtocol: auth, PrivacyProtocol: priv}
	if u.Localized {
		usm.SecretKey, usm.PrivacyKey = []byte(u.AuthKey), []byte(u.PrivKey)
	} else {
		usm.AuthenticationPassphrase, usm.PrivacyPassphrase = u.AuthKey, u.PrivKey
	}
	if err := usm.InitSecurityKeys(); err != nil {
		return nil, fmt.Errorf("snmp: user %s: %w", u.Name, err)
	}
	k := &Keys{auth: auth, priv: priv, authKey: usm.SecretKey, privKey: usm.PrivacyKey, rand: rand}
	return k, k.check()
}

// keySizes are how many octets of a localized key a protocol uses.
var keySizes = map[gosnmp.SnmpV3PrivProtocol]int{gosnmp.DES: 16, gosnmp.AES: 16, gosnmp.AES192C: 24, gosnmp.AES256C: 32}

// check refuses a localized key that is too short, and cuts one that is longer than its
// cipher takes.
func (k *Keys) check() error {
	n := keySizes[k.priv]
	if len(k.privKey) < n {
		return fmt.Errorf("snmp: key of %d octets, want %d", len(k.privKey), n)
	}
	k.privKey = k.privKey[:n]
	return nil
}

// usm are the keys as gosnmp takes them, anew for each message.
func (k *Keys) usm() *gosnmp.UsmSecurityParameters {
	return &gosnmp.UsmSecurityParameters{AuthenticationProtocol: max(k.auth, gosnmp.NoAuth), PrivacyProtocol: max(k.priv, gosnmp.NoPriv),
		SecretKey: k.authKey, PrivacyKey: k.privKey}
}

// salt sets the eight octets that make each message's encryption another one.
func (k *Keys) salt(usm *gosnmp.UsmSecurityParameters) error {
	usm.PrivacyParameters = make([]byte, 8)
	_, err := io.ReadFull(k.rand, usm.PrivacyParameters)
	return err
}
