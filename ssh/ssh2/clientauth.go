package ssh2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// ClientAuth is one way for a client to authenticate: Password,
// KeyboardInteractive or PublicKeys.
type ClientAuth interface {
	name() string
	// try makes attempts until one is accepted, the method is refused, or it has
	// no more to offer.
	try(ctx context.Context, c *clientAuth) (done bool, err error)
}

// clientAuth is the client's side of RFC 4252.
type clientAuth struct {
	t       *transport
	cfg     *ClientConfig
	common  *Config
	methods []string     // that can continue
	asked   bool         // the user was, for the attempt that runs
	refused bool         // what the user answered was: the server may end the connection
	read    func(func()) // runs what reads while the user is asked
}

// asking asks the user something while the server owes nothing. If the connection ends
// meanwhile, the context does with its error.
func (a *clientAuth) asking(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if a.t.ahead == nil {
		c := make(chan ahead, 1)
		a.t.ahead = c
		a.read(func() {
			p, err := a.t.next()
			if err != nil {
				cancel(err)
			}
			c <- ahead{p, err}
		})
	}
	if a.refused && a.cfg.Farewell > 0 {
		pause(ctx, a.cfg.Farewell)
	}
	a.refused, a.asked = false, true
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return ask(ctx)
}

// next is the next message, which may have come while the user was asked.
func (a *clientAuth) next() ([]byte, error) {
	if a.t.ahead == nil {
		return a.t.next()
	}
	m := <-a.t.ahead
	a.t.ahead = nil
	return m.packet, m.err
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (c *Client) authenticate(ctx context.Context) error {
	if err := c.t.out.send(encode(&serviceRequestMsg{"ssh-userauth"})); err != nil {
		return err
	}
	var accept serviceAcceptMsg
	if err := c.t.expect(msgServiceAccept, &accept); err != nil {
		return err
	}
	a := &clientAuth{t: c.t, cfg: c.cfg, common: &c.common, read: c.reader.Go}
	// "none" tells which methods there are.
	if done, err := a.attempt("none", nil); done || err != nil {
		return err
	}
	for _, m := range c.cfg.Auth {
		if !slices.Contains(a.methods, m.name()) {
			continue
		}
		if c.t.traced() {
			c.t.emit(ssh.AuthMethod{User: c.cfg.User, Method: m.name()})
		}
		if done, err := m.try(ctx, a); done || err != nil {
			return err
		}
	}
	return ssh.ErrAuthFailed
}

// attempt sends one request and awaits its end.
func (a *clientAuth) attempt(method string, fields []byte) (done bool, err error) {
	if err := a.request(method, fields); err != nil {
		return false, err
	}
	p, err := a.reply()
	if err != nil {
		return false, err
	}
	return a.verdict(p, method)
}

func (a *clientAuth) request(method string, fields []byte) error {
	return a.t.out.send(encode(&authRequestMsg{a.cfg.User, "ssh-connection", method, fields}))
}

// reply reads the next message that is not a banner.
func (a *clientAuth) reply() ([]byte, error) {
	for range maxAuthRequests {
		p, err := a.next()
		if err != nil || p[0] != msgAuthBanner {
			return p, err
		}
		var m authBannerMsg
		if err := decode(p, &m); err != nil {
			return nil, err
		}
		if a.cfg.Banner != nil {
			a.cfg.Banner(m.Text)
		}
	}
	return nil, protocolErrorf("too many banners")
}

// verdict understands USERAUTH_SUCCESS and USERAUTH_FAILURE.
func (a *clientAuth) verdict(p []byte, method string) (done bool, err error) {
	switch p[0] {
	case msgAuthSuccess:
		if a.t.traced() {
			a.t.emit(ssh.AuthSuccess{User: a.cfg.User, Method: method})
		}
		return true, nil
	case msgAuthFailure:
		var m authFailureMsg
		if err := decode(p, &m); err != nil {
			return false, err
		}
		a.methods, a.refused, a.asked = m.Methods, a.asked, false
		if a.t.traced() {
			a.t.emit(ssh.AuthFailed{User: a.cfg.User, Method: method})
		}
		return false, nil
	}
	return false, a.t.unexpected(p[0], MessageName(msgAuthSuccess))
}

type passwordAuth struct {
	ask   func(ctx context.Context) (string, error)
	tries int
}

// Password asks for a password up to tries times (RFC 4252 section 8).
func Password(tries int, ask func(ctx context.Context) (string, error)) ClientAuth {
	return passwordAuth{ask, tries}
}

func (m passwordAuth) name() string { return "password" }

func (m passwordAuth) try(ctx context.Context, a *clientAuth) (bool, error) {
	for i := 0; i < m.tries && slices.Contains(a.methods, m.name()); i++ {
		var password string
		err := a.asking(ctx, func(ctx context.Context) (err error) {
			password, err = m.ask(ctx)
			return err
		})
		if err != nil {
			return false, err
		}
		if err := a.request(m.name(), encode(&authPassword{Password: []byte(password)})); err != nil {
			return false, err
		}
		p, err := a.reply()
		if err != nil {
			return false, err
		}
		if p[0] == msgPasswdChange {
			return false, errors.New("ssh2: server wants the password changed")
		}
		if done, err := a.verdict(p, m.name()); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

type interactiveAuth struct {
	answer func(ctx context.Context, name, instruction string, prompts []ssh.Prompt) ([]string, error)
	tries  int
}

// KeyboardInteractive answers the server's questions, in up to tries attempts
// of any number of rounds (RFC 4256).
func KeyboardInteractive(tries int, answer func(ctx context.Context, name, instruction string, prompts []ssh.Prompt) ([]string, error)) ClientAuth {
	return interactiveAuth{answer, tries}
}

func (m interactiveAuth) name() string { return "keyboard-interactive" }

// maxRounds bounds the questions of one attempt.
const maxRounds = 64

func (m interactiveAuth) try(ctx context.Context, a *clientAuth) (bool, error) {
	for i := 0; i < m.tries && slices.Contains(a.methods, m.name()); i++ {
		if err := a.request(m.name(), encode(&authInteractive{})); err != nil {
			return false, err
		}
		if done, err := m.rounds(ctx, a); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func (m interactiveAuth) rounds(ctx context.Context, a *clientAuth) (bool, error) {
	for range maxRounds {
		p, err := a.reply()
		if err != nil {
			return false, err
		}
		if p[0] != msgInfoRequest {
			return a.verdict(p, m.name())
		}
		name, instruction, prompts, err := decodePrompts(p)
		if err != nil {
			return false, err
		}
		var answers []string
		err = a.asking(ctx, func(ctx context.Context) (err error) {
			answers, err = m.answer(ctx, name, instruction, prompts)
			return err
		})
		if err != nil {
			return false, err
		}
		if len(answers) != len(prompts) {
			return false, fmt.Errorf("ssh2: %d answers to %d prompts", len(answers), len(prompts))
		}
		r := infoResponseMsg{Count: uint32(len(answers))}
		for _, s := range answers {
			r.Responses = wire.AppendString(r.Responses, s)
		}
		if err := a.t.out.send(encode(&r)); err != nil {
			return false, err
		}
	}
	return false, protocolErrorf("too many keyboard-interactive rounds")
}

func decodePrompts(p []byte) (name, instruction string, prompts []ssh.Prompt, err error) {
	var m infoRequestMsg
	if err := decode(p, &m); err != nil {
		return "", "", nil, err
	}
	if m.Count > maxAnswers {
		return "", "", nil, protocolErrorf("%d prompts", m.Count)
	}
	rest := m.Prompts
	for range m.Count {
		text, r, ok := wire.CutString(rest)
		if !ok || len(r) < 1 {
			return "", "", nil, protocolErrorf("malformed %s", MessageName(p[0]))
		}
		prompts, rest = append(prompts, ssh.Prompt{Text: string(text), Echo: r[0] != 0}), r[1:]
	}
	return m.Name, m.Instruction, prompts, nil
}

type keyAuth struct{ keys []ssh.Signer }

// PublicKeys offers keys, each with the algorithms of the configuration it can
// sign with, in that order (RFC 4252 section 7).
func PublicKeys(keys ...ssh.Signer) ClientAuth { return keyAuth{keys} }

func (m keyAuth) name() string { return "publickey" }

func (m keyAuth) try(_ context.Context, a *clientAuth) (bool, error) {
	for _, key := range m.keys {
		for _, algorithm := range a.common.Algorithms.PublicKey {
			if !slices.Contains(key.Algorithms(), algorithm) || !slices.Contains(a.methods, m.name()) {
				continue
			}
			wanted, err := m.probe(a, key, algorithm)
			if err != nil {
				return false, err
			}
			if !wanted {
				continue
			}
			if done, err := m.sign(a, key, algorithm); done || err != nil {
				return done, err
			}
		}
	}
	return false, nil
}

// probe asks whether a signature of this kind would be of use.
func (m keyAuth) probe(a *clientAuth, key ssh.Signer, algorithm string) (bool, error) {
	if err := a.request(m.name(), encode(&authPublicKey{Algorithm: algorithm, Blob: key.Blob()})); err != nil {
		return false, err
	}
	p, err := a.reply()
	if err != nil {
		return false, err
	}
	if p[0] != msgAuthPKOK {
		done, err := a.verdict(p, m.name())
		if done {
			err = a.t.unexpected(msgAuthSuccess, "SSH_MSG_USERAUTH_PK_OK")
		}
		return false, err
	}
	var ok authPKOKMsg
	if err := decode(p, &ok); err != nil {
		return false, err
	}
	return ok.Algorithm == algorithm && slices.Equal(ok.Blob, key.Blob()), nil
}

func (m keyAuth) sign(a *clientAuth, key ssh.Signer, algorithm string) (bool, error) {
	data := signedRequest(a.t.kex.sessionID, a.cfg.User, algorithm, key.Blob())
	sig, err := key.Sign(a.common.Rand, algorithm, data)
	if err != nil {
		return false, err
	}
	fields := encode(&authPublicKey{Signed: true, Algorithm: algorithm, Blob: key.Blob(), Signature: wire.AppendString(nil, string(sig))})
	return a.attempt(m.name(), fields)
}
