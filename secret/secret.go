// Package secret holds the password types of Cisco devices: how a password is stored in a
// configuration, and how a typed one is checked against it. Those of IOS have numbers; [SHA512] is ASA's.
//
//	0  clear text
//	4  unsalted SHA-256, withdrawn by Cisco; checked, never made
//	5  md5-crypt with a salt of four characters
//	6  AES under a key of the device; kept as it is, matches nothing
//	7  XOR with a fixed key, reversible
//	8  PBKDF2-HMAC-SHA256, 20000 rounds
//	9  scrypt, N=16384 r=1 p=1
//
// The package knows no command and no user: the configuration model stores a [Secret], and AAA asks it
// to verify.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxPlain is the longest password, in bytes: an IOS command line holds no more.
const MaxPlain = 254

// Secret is a password as a configuration stores it. The zero value is "no password" and matches
// nothing. It does not print its text, whichever verb is used; write Text where the text is meant.
type Secret struct {
	Type int
	Text string
}

// ErrType reports a password type that is unknown, or that cannot be made from clear text.
var ErrType = errors.New("unknown password type")

// FormError reports a stored password that has not the form of its type, or a clear password that
// cannot be stored. It does not carry the text.
type FormError struct {
	Type   int
	Reason string
}

// Error says what is wrong with the form, without the text.
func (e *FormError) Error() string { return fmt.Sprintf("secret: type %d: %s", e.Type, e.Reason) }

// kind is one password type. A nil make means that the type is accepted but never produced.
type kind struct {
	check  func(stored string) string // the reason why the form is wrong, or ""
	make   func(plain string, rand io.Reader) (string, error)
	verify func(stored, plain string) bool
}

var kinds = map[int]kind{
	0: {checkClear, makeClear, verifyClear},
	4: {checkSHA256, nil, verifySHA256},
	5: {checkMD5, makeMD5, verifyMD5},
	6: {checkAES, nil, func(string, string) bool { return false }},
	7: {check7, make7, verify7},
	8: {pbkdf2Kind.check, pbkdf2Kind.make, pbkdf2Kind.verify},
	9: {scryptKind.check, scryptKind.make, scryptKind.verify},

	SHA512: {checkSHA512, makeSHA512, verifySHA512},
}

// New stores a clear password as the given type; rand gives the salt.
func New(typ int, plain string, rand io.Reader) (Secret, error) {
	k, ok := kinds[typ]
	if !ok || k.make == nil {
		return Secret{}, fmt.Errorf("secret: making type %d: %w", typ, ErrType)
	}
	if reason := checkClear(plain); reason != "" {
		return Secret{}, &FormError{typ, reason}
	}
	text, err := k.make(plain, rand)
	if err != nil {
		return Secret{}, fmt.Errorf("secret: making type %d: %w", typ, err)
	}
	return Secret{typ, text}, nil
}

// Parse takes a password in its stored form, as read from a configuration. The error is a
// *FormError, or ErrType for a type that does not exist.
func Parse(typ int, stored string) (Secret, error) {
	k, ok := kinds[typ]
	if !ok {
		return Secret{}, fmt.Errorf("secret: parsing type %d: %w", typ, ErrType)
	}
	if reason := k.check(stored); reason != "" {
		return Secret{}, &FormError{typ, reason}
	}
	return Secret{typ, stored}, nil
}

// IsZero reports whether there is no password at all.
func (s Secret) IsZero() bool { return s == Secret{} }

// Verify reports whether plain is the password, in a time that does not depend on where the two
// differ. A secret that is zero or malformed matches nothing, and nothing matches a plain with a NUL:
// HMAC (RFC 2104 section 2) pads a short key with zeros, so that types 8 and 9 would take "cisco\x00"
// for "cisco".
func (s Secret) Verify(plain string) bool {
	k, ok := kinds[s.Type]
	if !ok || len(plain) > MaxPlain || strings.Contains(plain, "\x00") || k.check(s.Text) != "" {
		return false
	}
	return k.verify(s.Text, plain)
}

// Reveal gives the clear password of the reversible types 0 and 7.
func (s Secret) Reveal() (string, bool) {
	switch {
	case s.Type == 0 && s.Text != "":
		return s.Text, true
	case s.Type == 7:
		plain, err := Decrypt7(s.Text)
		return plain, err == nil
	}
	return "", false
}

// String names the type and hides the text.
func (s Secret) String() string {
	if s.IsZero() {
		return "secret none"
	}
	return fmt.Sprintf("secret type %d", s.Type)
}

// Format makes every verb of package fmt print what String returns. It cannot help where fmt does
// not call methods, which is for unexported fields.
func (s Secret) Format(f fmt.State, verb rune) { io.WriteString(f, s.String()) }

func checkClear(plain string) string {
	switch {
	case plain == "":
		return "empty"
	case len(plain) > MaxPlain:
		return fmt.Sprintf("%d bytes exceed %d", len(plain), MaxPlain)
	case strings.Contains(plain, "\x00"):
		return "holds a NUL"
	}
	return ""
}

func makeClear(plain string, _ io.Reader) (string, error) { return plain, nil }

func verifyClear(stored, plain string) bool { return equal(stored, plain) }

// equal compares digests, so that not even the length of the stored text shows in the time taken.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
