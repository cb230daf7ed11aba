package secret

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/GehirnInc/crypt/md5_crypt"
	"golang.org/x/crypto/scrypt"
)

// alphabet is that of crypt(3). Types 4, 8 and 9 use it with the bit order of ordinary base64.
const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

var itoa64 = base64.NewEncoding(alphabet).WithPadding(base64.NoPadding)

const (
	digestLen = 43 // 32 bytes in base64
	saltLen   = 14 // ten random bytes in base64
	md5Salt   = 4
	md5Digest = 22
)

func inAlphabet(s string) bool { return strings.Trim(s, alphabet) == "" }

// Type 4.

func checkSHA256(stored string) string {
	if len(stored) != digestLen || !inAlphabet(stored) {
		return "not 43 characters of base64"
	}
	return ""
}

func verifySHA256(stored, plain string) bool {
	sum := sha256.Sum256([]byte(plain))
	return equal(stored, itoa64.EncodeToString(sum[:]))
}

// Type 5.

func checkMD5(stored string) string {
	salt, digest, ok := split(stored, "$1$")
	if !ok || len(salt) != md5Salt || len(digest) != md5Digest {
		return "not $1$SALT$DIGEST"
	}
	return ""
}

func makeMD5(plain string, rand io.Reader) (string, error) {
	var salt [md5Salt]byte
	if _, err := io.ReadFull(rand, salt[:]); err != nil {
		return "", fmt.Errorf("reading salt: %w", err)
	}
	for i, b := range salt {
		salt[i] = alphabet[b%64]
	}
	return hashMD5(plain, string(salt[:]))
}

func hashMD5(plain, salt string) (string, error) {
	return md5_crypt.New().Generate([]byte(plain), []byte("$1$"+salt+"$"))
}

func verifyMD5(stored, plain string) bool {
	salt, _, _ := split(stored, "$1$")
	made, err := hashMD5(plain, salt)
	return err == nil && equal(stored, made)
}

// Type 6.

func checkAES(stored string) string {
	if stored == "" || len(stored) > 2*MaxPlain || strings.ContainsFunc(stored, isBlankOrControl) {
		return "not one word"
	}
	return ""
}

func isBlankOrControl(r rune) bool { return r <= ' ' || r == 0x7f }

// salted is the form $N$SALT$DIGEST that types 8 and 9 share. The key is derived from the
// characters of the salt, not from the bytes they encode.
type salted struct {
	prefix string
	derive func(plain, salt string) ([]byte, error)
}

var pbkdf2Kind = salted{"$8$", func(plain, salt string) ([]byte, error) {
	return pbkdf2.Key(sha256.New, plain, []byte(salt), 20000, 32)
}}

var scryptKind = salted{"$9$", func(plain, salt string) ([]byte, error) {
	return scrypt.Key([]byte(plain), []byte(salt), 16384, 1, 1, 32)
}}

func (k salted) check(stored string) string {
	salt, digest, ok := split(stored, k.prefix)
	if !ok || len(salt) != saltLen || len(digest) != digestLen {
		return "not " + k.prefix + "SALT$DIGEST"
	}
	return ""
}

func (k salted) make(plain string, rand io.Reader) (string, error) {
	var raw [10]byte
	if _, err := io.ReadFull(rand, raw[:]); err != nil {
		return "", fmt.Errorf("reading salt: %w", err)
	}
	return k.hash(plain, itoa64.EncodeToString(raw[:]))
}

func (k salted) hash(plain, salt string) (string, error) {
	key, err := k.derive(plain, salt)
	if err != nil {
		return "", err
	}
	return k.prefix + salt + "$" + itoa64.EncodeToString(key), nil
}

func (k salted) verify(stored, plain string) bool {
	salt, _, _ := split(stored, k.prefix)
	made, err := k.hash(plain, salt)
	return err == nil && equal(stored, made)
}

// split takes $N$SALT$DIGEST apart.
func split(stored, prefix string) (salt, digest string, ok bool) {
	rest, ok := strings.CutPrefix(stored, prefix)
	if !ok {
		return "", "", false
	}
	salt, digest, ok = strings.Cut(rest, "$")
	return salt, digest, ok && inAlphabet(salt) && inAlphabet(digest)
}
