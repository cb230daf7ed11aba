package foreign

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"

	xssh "golang.org/x/crypto/ssh"
)

// HostKey is the RSA key of SSH servers that tests make with golang.org/x/crypto/ssh. It
// is made once; a failure panics.
var HostKey = sync.OnceValue(func() xssh.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	signer, err := xssh.NewSignerFromKey(key)
	if err != nil {
		panic(err)
	}
	return signer
})
