package devicetest

import (
	"context"
	"errors"
	"io"
	"strings"

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

// Visit logs in to the router over SSH as user:password, runs a command, or a shell
// for "", sends input and its end, and returns what the router sends until the session
// ends.
func (r *Bubble) Visit(login, command, input string) (string, error) {
	user, password, _ := strings.Cut(login, ":")
	c := ssh2.NewClient(r.Dial(), ClientConfig(user, Password(password)))
	defer c.Close()
	ctx := r.t.Context()
	if err := c.Handshake(ctx); err != nil {
		return "", err
	}
	x, err := c.Open(ctx)
	if err != nil {
		return "", err
	}
	if command == "" {
		err = x.Shell(ctx)
	} else {
		err = x.Exec(ctx, command)
	}
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(x, input); err != nil {
		return "", err
	}
	x.CloseWrite()
	sent, err := io.ReadAll(x)
	_, ended := x.Wait()
	return string(sent), errors.Join(err, ended)
}
