package secret

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

const (
	key7     = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
	maxSeed7 = 15
)

// Encrypt7 gives the stored form of a type 7 password. The seed, 0 to 15, says where in the fixed key
// to start; IOS picks one at random.
func Encrypt7(plain string, seed int) (string, error) {
	if seed < 0 || seed > maxSeed7 {
		return "", &FormError{7, fmt.Sprintf("seed %d exceeds %d", seed, maxSeed7)}
	}
	return fmt.Sprintf("%02d%X", seed, xor7([]byte(plain), seed)), nil
}

// Decrypt7 gives the clear text of a stored type 7 password. The error is a *FormError.
func Decrypt7(stored string) (string, error) {
	if len(stored) < 4 || len(stored) > 2+2*MaxPlain {
		return "", &FormError{7, fmt.Sprintf("%d characters", len(stored))}
	}
	seed, ok := seed7(stored)
	if !ok {
		return "", &FormError{7, "no seed from 00 to 15"}
	}
	cipher, err := hex.DecodeString(stored[2:])
	if err != nil {
		return "", &FormError{7, "not pairs of hexadecimal digits"}
	}
	return string(xor7(cipher, seed)), nil
}

func seed7(stored string) (int, bool) {
	tens, ones := int(stored[0])-'0', int(stored[1])-'0'
	seed := 10*tens + ones
	return seed, tens >= 0 && ones >= 0 && ones <= 9 && seed <= maxSeed7
}

func xor7(text []byte, seed int) []byte {
	for i := range text {
		text[i] ^= key7[(seed+i)%len(key7)]
	}
	return text
}

func check7(stored string) string {
	_, err := Decrypt7(stored)
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), "secret: type 7: ")
}

func make7(plain string, rand io.Reader) (string, error) {
	var b [1]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("reading seed: %w", err)
	}
	return Encrypt7(plain, int(b[0])%(maxSeed7+1))
}

func verify7(stored, plain string) bool {
	clear, err := Decrypt7(stored)
	return err == nil && equal(clear, plain)
}
