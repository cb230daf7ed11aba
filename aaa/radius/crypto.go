package radius

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/subtle"
	"strings"
)

const (
	block       = md5.Size
	maxPassword = 128 // RFC 2865 section 5.2
)

// HidePassword hides a User-Password of at most 128 bytes under the key of a server and
// the authenticator of a request (RFC 2865 section 5.2). The error is ErrMalformed.
func HidePassword(password, key string, authenticator [16]byte) ([]byte, error) {
	if len(password) > maxPassword {
		return nil, malformed("a password of %d bytes, want at most %d", len(password), maxPassword)
	}
	if strings.Contains(password, "\x00") {
		return nil, malformed("a password with a NUL") // it is the padding
	}
	hidden := make([]byte, max(block, (len(password)+block-1)/block*block))
	copy(hidden, password)
	previous := authenticator[:]
	for b := hidden; len(b) > 0; b = b[block:] {
		mask(b, key, previous)
		previous = b[:block]
	}
	return hidden, nil
}

// RevealPassword undoes HidePassword. The error is ErrMalformed. A wrong key gives a
// wrong password.
func RevealPassword(hidden []byte, key string, authenticator [16]byte) (string, error) {
	if len(hidden) == 0 || len(hidden) > maxPassword || len(hidden)%block != 0 {
		return "", malformed("a hidden password of %d bytes", len(hidden))
	}
	clear := bytes.Clone(hidden)
	previous := authenticator[:]
	for i := 0; i < len(clear); i += block {
		mask(clear[i:], key, previous)
		previous = hidden[i : i+block]
	}
	return strings.TrimRight(string(clear), "\x00"), nil
}

// mask adds the pad of one block to it, or takes it away.
func mask(b []byte, key string, previous []byte) {
	pad := md5.Sum(append([]byte(key), previous...))
	subtle.XORBytes(b, b[:block], pad[:])
}

// digest is the authenticator of a packet that stands for a given one: in a reply that
// of the request, in an Accounting-Request zeros (RFC 2865 and 2866, section 3).
func digest(packet []byte, standsFor [16]byte, key string) [16]byte {
	h := md5.New()
	h.Write(packet[:4])
	h.Write(standsFor[:])
	h.Write(packet[headerLen:])
	h.Write([]byte(key))
	return [16]byte(h.Sum(nil))
}

// sign sets the Message-Authenticator of a packet, which has to be there and be its
// first attribute, under a request's authenticator (RFC 2869 section 5.14).
func sign(packet []byte, authenticator [16]byte, key string) {
	sum := hmacOf(packet, headerLen+2, authenticator, key)
	copy(packet[headerLen+2:], sum)
}

// hmacOf is the Message-Authenticator of a packet that has it at a place.
func hmacOf(packet []byte, at int, authenticator [16]byte, key string) []byte {
	h := hmac.New(md5.New, []byte(key))
	h.Write(packet[:4])
	h.Write(authenticator[:])
	h.Write(packet[headerLen:at])
	h.Write(make([]byte, block))
	h.Write(packet[at+block:])
	return h.Sum(nil)
}

// signed reports whether a packet has a Message-Authenticator, and whether each is
// right. The packet has to be one that Parse takes.
func signed(packet []byte, authenticator [16]byte, key string) (present, right bool) {
	right = true
	for at := headerLen; at < len(packet); at += int(packet[at+1]) {
		if Type(packet[at]) != MessageAuthenticator {
			continue
		}
		present = true
		if packet[at+1] != 2+block || !hmac.Equal(packet[at+2:at+2+block], hmacOf(packet, at+2, authenticator, key)) {
			right = false
		}
	}
	return present, right
}

// rightAuthenticator reports whether the authenticator of a packet is right. standsFor
// is as in digest.
func rightAuthenticator(packet []byte, standsFor [16]byte, key string) bool {
	want := digest(packet, standsFor, key)
	return subtle.ConstantTimeCompare(packet[4:headerLen], want[:]) == 1
}

// zero is the authenticator that an Accounting-Request is made with.
var zero [16]byte

// unsigned is the Message-Authenticator that sign fills in.
func unsigned() Attribute { return Attribute{MessageAuthenticator, make([]byte, block)} }
