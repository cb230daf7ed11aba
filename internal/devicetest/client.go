package devicetest

import (
	"context"

	"vtylab/ssh/ssh2"
)

// ClientConfig is our own SSH client with algorithms that are quick and that
// every release has. It takes any host key.
func ClientConfig(user string, auth ...ssh2.ClientAuth) *ssh2.ClientConfig {
	cfg := &ssh2.ClientConfig{Config: ssh2.NewConfig(), User: user, Auth: auth,
		HostKey: func(context.Context, string, []byte) error { return nil }}
	cfg.Algorithms.Kex = append(cfg.Algorithms.Kex, "diffie-hellman-group14-sha1")
	cfg.Algorithms.Ciphers = []string{"aes128-ctr"}
	cfg.Algorithms.MACs = []string{"hmac-sha1", "hmac-sha2-256-etm@openssh.com"}
	return cfg
}

// Password logs in with a password, which is tried up to four times.
func Password(password string) ssh2.ClientAuth {
	return ssh2.Password(4, func(context.Context) (string, error) { return password, nil })
}
