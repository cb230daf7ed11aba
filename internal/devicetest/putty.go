package devicetest

import (
	"strings"

	"vtylab/internal/foreign"
)

// PuTTY is one of PuTTY's tools, for a login user:password. 127.0.0.1 is the
// router.
func (r *Router) PuTTY(name, login string, args ...string) foreign.Program {
	r.t.Helper()
	user, password, _ := strings.Cut(login, ":")
	var hostKeys [][]byte
	for _, pair := range r.Device.Keys.All() {
		hostKeys = append(hostKeys, pair.Signer().Blob())
	}
	return foreign.PuTTY(r.t, name, r.Port, hostKeys, append([]string{"-l", user, "-pw", password}, args...)...)
}
