package secret

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// SHA512 is the type of ASA: PBKDF2-HMAC-SHA512. It has no number; a configuration
// has the word pbkdf2 behind it.
const SHA512 = 512

const (
	sha512Rounds = 5000
	sha512Size   = 16 // bytes of the salt and of the key
	maxRounds    = 100_000
)

// sha512Form is $sha512$ROUNDS$SALT$KEY taken apart.
type sha512Form struct {
	rounds    int
	salt, key []byte
}

func parseSHA512(stored string) (f sha512Form, ok bool) {
	rest, ok := strings.CutPrefix(stored, "$sha512$")
	parts := strings.Split(rest, "$")
	if !ok || len(parts) != 3 {
		return f, false
	}
	var errs [3]error
	f.rounds, errs[0] = strconv.Atoi(parts[0])
	f.salt, errs[1] = base64.StdEncoding.DecodeString(parts[1])
	f.key, errs[2] = base64.StdEncoding.DecodeString(parts[2])
	return f, errs == [3]error{} && 0 < f.rounds && f.rounds <= maxRounds && len(f.salt) == sha512Size && len(f.key) == sha512Size
}

// derive is the form with the key that a password makes.
func (f sha512Form) derive(plain string) (string, error) {
	key, err := pbkdf2.Key(sha512.New, plain, f.salt, f.rounds, sha512Size)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$sha512$%d$%s$%s", f.rounds, base64.StdEncoding.EncodeToString(f.salt), base64.StdEncoding.EncodeToString(key)), nil
}

func checkSHA512(stored string) string {
	if _, ok := parseSHA512(stored); !ok {
		return "not $sha512$ROUNDS$SALT$KEY"
	}
	return ""
}

func makeSHA512(plain string, rand io.Reader) (string, error) {
	f := sha512Form{rounds: sha512Rounds, salt: make([]byte, sha512Size)}
	if _, err := io.ReadFull(rand, f.salt); err != nil {
		return "", fmt.Errorf("reading salt: %w", err)
	}
	return f.derive(plain)
}

func verifySHA512(stored, plain string) bool {
	f, _ := parseSHA512(stored)
	made, err := f.derive(plain)
	return err == nil && equal(stored, made)
}
