package ssh2

import (
	"context"
	"errors"
	"slices"
	"time"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

// maxAuthRequests bounds all requests of a connection, those that do not count
// as failures included.
const maxAuthRequests = 64

// attempt is one USERAUTH_REQUEST on its way.
type attempt struct {
	s   *Server
	ctx context.Context
	req authRequestMsg
	at  time.Time // when the client said what is to be judged
	// next is a request that came where an answer was awaited: RFC 4256 section
	// 3.1 lets a client give up a method so.
	next []byte
	err  error // of the connection, met while asking
}

// outcome is what a method makes of a request.
type outcome int

const (
	failed   outcome = iota // counts, and is answered late
	refused                 // answered with FAILURE, does not count
	answered                // the method has answered itself
	accepted
)

// authMethods are the methods of RFC 4252 and RFC 4256. One runs when the
// Authenticator lists it for the user; "none" always may.
var authMethods = []struct {
	name string
	run  func(a *attempt) (outcome, error)
}{
	{"none", (*attempt).none},
	{"publickey", (*attempt).publicKey},
	{"keyboard-interactive", (*attempt).interactive},
	{"password", (*attempt).password},
}

// authenticate runs the user authentication protocol (RFC 4252) until a user is
// accepted.
func (s *Server) authenticate() error {
	p, err := s.t.next()
	if err != nil {
		return err
	}
	if p[0] != msgServiceRequest {
		return s.t.unexpected(p[0], MessageName(msgServiceRequest))
	}
	if err := s.service(p); err != nil {
		return err
	}
	failures, banner := 0, s.cfg.Auth.Banner()
	var next []byte
	for range maxAuthRequests {
		p, err := s.authRequest(next)
		if err != nil {
			return err
		}
		if next = nil; p[0] == msgServiceRequest {
			if err := s.service(p); err != nil {
				return err
			}
			continue
		}
		a := &attempt{s: s, ctx: s.ctx, at: time.Now()}
		if err := a.decode(p); err != nil {
			return err
		}
		if banner != "" {
			if err := s.t.out.add(encode(&authBannerMsg{Text: banner})); err != nil {
				return err
			}
			banner = ""
		}
		out, err := a.run()
		if err != nil {
			return err
		}
		next = a.next
		switch out {
		case accepted:
			return a.accept()
		case failed:
			failures++
			err = a.fail(failures >= s.common.MaxAuthFailures)
		case refused:
			err = a.refuse()
		}
		if err != nil {
			return err
		}
	}
	return protocolErrorf("too many authentication requests")
}

// service answers a SERVICE_REQUEST: there is one service to begin with.
func (s *Server) service(p []byte) error {
	var m serviceRequestMsg
	if err := decode(p, &m); err != nil {
		return err
	}
	if m.Service != "ssh-userauth" {
		return errNoService
	}
	return s.t.out.send(encode(&serviceAcceptMsg{m.Service}))
}

// authRequest takes the next request, or the one that came early. Paramiko 2
// asks for the service again before each attempt; OpenSSH answers that too.
func (s *Server) authRequest(early []byte) ([]byte, error) {
	if early != nil {
		return early, nil
	}
	p, err := s.t.next()
	if err == nil && p[0] != msgAuthRequest && p[0] != msgServiceRequest {
		err = s.t.unexpected(p[0], MessageName(msgAuthRequest))
	}
	return p, err
}

// decode reads a request. Its user may differ from the one before, which RFC
// 4252 section 5 allows to a server that can forget what it knew of the other;
// OpenSSH cannot, and disconnects. Here nothing of a user outlives a request but
// the count of failures, which is the connection's. The service is always the
// same, as there is one.
func (a *attempt) decode(p []byte) error {
	if err := decode(p, &a.req); err != nil {
		return err
	}
	// The payload must outlive the packet.
	a.req.Payload = slices.Clone(a.req.Payload)
	if a.req.Service != "ssh-connection" {
		return errNoService
	}
	return nil
}

func (a *attempt) run() (outcome, error) {
	if a.s.t.traced() {
		a.s.t.emit(ssh.AuthMethod{User: a.req.User, Method: a.req.Method})
	}
	for _, m := range authMethods {
		if m.name != a.req.Method {
			continue
		}
		if m.name != "none" && !slices.Contains(a.methods(), m.name) {
			return refused, nil
		}
		out, err := m.run(a)
		if err == nil && a.ctx.Err() != nil {
			err = context.Cause(a.ctx)
		}
		return out, err
	}
	return refused, nil
}

func (a *attempt) methods() []string { return a.s.cfg.Auth.Methods(a.req.User) }

// accept opens the connection protocol.
func (a *attempt) accept() error {
	a.s.mu.Lock()
	a.s.user = a.req.User
	a.s.mu.Unlock()
	if err := a.s.t.out.send([]byte{msgAuthSuccess}); err != nil {
		return err
	}
	if a.s.t.traced() {
		a.s.t.emit(ssh.AuthSuccess{User: a.req.User, Method: a.req.Method})
	}
	return nil
}

// fail answers a failed attempt after the delay of the configuration; last ends
// the connection. The delay runs from the moment the client spoke, so that the
// answer does not tell how long it took to find.
func (a *attempt) fail(last bool) error {
	if a.s.t.traced() {
		a.s.t.emit(ssh.AuthFailed{User: a.req.User, Method: a.req.Method})
	}
	if d := a.s.common.FailureDelay - time.Since(a.at); d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-a.ctx.Done():
			return context.Cause(a.ctx)
		}
	}
	if err := a.refuse(); err != nil || !last {
		return err
	}
	if a.s.t.traced() {
		a.s.t.emit(ssh.AuthExhausted{User: a.req.User})
	}
	return ssh.ErrAuthExhausted
}

// refuse sends USERAUTH_FAILURE.
func (a *attempt) refuse() error {
	methods := a.methods()
	if err := a.s.t.out.send(encode(&authFailureMsg{Methods: methods})); err != nil {
		return err
	}
	if a.s.t.traced() {
		a.s.t.emit(ssh.AuthContinue{User: a.req.User, Methods: methods})
	}
	return nil
}

func verdict(ok bool) outcome {
	if ok {
		return accepted
	}
	return failed
}

// none is RFC 4252 section 5.2.
func (a *attempt) none() (outcome, error) {
	if len(a.req.Payload) > 0 {
		return refused, protocolErrorf("malformed %s", MessageName(msgAuthRequest))
	}
	if a.s.cfg.Auth.None(a.ctx, a.req.User) {
		return accepted, nil
	}
	return refused, nil
}

// password is RFC 4252 section 8. A change of the password is refused: IOS does
// it within keyboard-interactive.
func (a *attempt) password() (outcome, error) {
	var p authPassword
	if err := decodeFields(a.req.Payload, "password request", &p); err != nil {
		return failed, err
	}
	if p.Change || len(p.New) > 0 {
		return failed, nil
	}
	return verdict(a.s.cfg.Auth.Password(a.ctx, a.req.User, string(p.Password))), nil
}

// publicKey is RFC 4252 section 7.
func (a *attempt) publicKey() (outcome, error) {
	var p authPublicKey
	if err := decodeFields(a.req.Payload, "publickey request", &p); err != nil {
		return failed, err
	}
	if p.Signed == (len(p.Signature) == 0) {
		return failed, protocolErrorf("malformed publickey request")
	}
	if a.s.t.traced() {
		a.s.t.emit(ssh.PublicKeyOffered{User: a.req.User, Algorithm: p.Algorithm, Signed: p.Signed})
	}
	key := ssh.PublicKey{Algorithm: p.Algorithm, Blob: p.Blob}
	usable := slices.Contains(a.s.common.Algorithms.PublicKey, p.Algorithm) &&
		slices.Contains(ssh.KeyAlgorithms(ssh.KeyFormat(p.Blob)), p.Algorithm) &&
		a.s.cfg.Auth.PublicKey(a.ctx, a.req.User, key)
	switch {
	case !p.Signed && !usable:
		return refused, nil
	case !p.Signed:
		return answered, a.s.t.out.send(encode(&authPKOKMsg{p.Algorithm, p.Blob}))
	case !usable:
		return failed, nil
	}
	ok := a.signatureOK(&p)
	if a.s.t.traced() {
		a.s.t.emit(ssh.SignatureChecked{User: a.req.User, OK: ok})
	}
	key.Proved = true
	return verdict(ok && a.s.cfg.Auth.PublicKey(a.ctx, a.req.User, key)), nil
}

// signatureOK verifies a signed request; what is signed binds it to this
// session, this user and this key.
func (a *attempt) signatureOK(p *authPublicKey) bool {
	signature, rest, ok := wire.CutString(p.Signature)
	if !ok || len(rest) > 0 {
		return false
	}
	data := signedRequest(a.s.t.kex.sessionID, a.req.User, p.Algorithm, p.Blob)
	return ssh.Verify(p.Blob, p.Algorithm, data, signature) == nil
}

// signedRequest is what a publickey request signs (RFC 4252 section 7).
func signedRequest(sessionID []byte, user, algorithm string, blob []byte) []byte {
	fields := encode(&authPublicKey{Signed: true, Algorithm: algorithm, Blob: blob})
	request := encode(&authRequestMsg{user, "ssh-connection", "publickey", fields})
	return append(wire.AppendString(nil, string(sessionID)), request...)
}

// interactive is RFC 4256.
func (a *attempt) interactive() (outcome, error) {
	var p authInteractive
	if err := decodeFields(a.req.Payload, "keyboard-interactive request", &p); err != nil {
		return failed, err
	}
	ok := a.s.cfg.Auth.KeyboardInteractive(a.ctx, a.req.User, a.ask)
	switch {
	case a.err != nil:
		return failed, a.err
	case a.next != nil:
		return answered, nil
	}
	return verdict(ok), nil
}

var errAbandoned = errors.New("ssh2: client gave up keyboard-interactive")

// maxAnswers bounds the responses to one round.
const maxAnswers = 64

// ask is one round: INFO_REQUEST and INFO_RESPONSE.
func (a *attempt) ask(name, instruction string, prompts []ssh.Prompt) ([]string, error) {
	if a.err != nil {
		return nil, a.err
	}
	if a.next != nil {
		return nil, errAbandoned
	}
	answers, err := a.round(name, instruction, prompts)
	if err != nil && err != errAbandoned {
		a.err = err
	}
	return answers, err
}

func (a *attempt) round(name, instruction string, prompts []ssh.Prompt) ([]string, error) {
	m := infoRequestMsg{Name: name, Instruction: instruction, Count: uint32(len(prompts))}
	for _, p := range prompts {
		echo := byte(0)
		if p.Echo {
			echo = 1
		}
		m.Prompts = append(wire.AppendString(m.Prompts, p.Text), echo)
	}
	if err := a.s.t.out.send(encode(&m)); err != nil {
		return nil, err
	}
	p, err := a.s.t.next()
	if err != nil {
		return nil, err
	}
	a.at = time.Now()
	switch p[0] {
	case msgInfoResponse:
		return decodeAnswers(p, len(prompts))
	case msgAuthRequest:
		a.next = slices.Clone(p)
		return nil, errAbandoned
	}
	return nil, a.s.t.unexpected(p[0], MessageName(msgInfoResponse))
}

func decodeAnswers(p []byte, want int) ([]string, error) {
	var m infoResponseMsg
	if err := decode(p, &m); err != nil {
		return nil, err
	}
	if int64(m.Count) != int64(want) || m.Count > maxAnswers {
		return nil, protocolErrorf("%d answers to %d prompts", m.Count, want)
	}
	answers := make([]string, 0, want)
	rest := m.Responses
	for range want {
		s, r, ok := wire.CutString(rest)
		if !ok {
			return nil, protocolErrorf("malformed %s", MessageName(p[0]))
		}
		answers, rest = append(answers, string(s)), r
	}
	if len(rest) > 0 {
		return nil, protocolErrorf("malformed %s", MessageName(p[0]))
	}
	return answers, nil
}
