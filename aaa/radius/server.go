package radius

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"
)

// Handler is what a server answers.
type Handler interface {
	// Access decides on an Access-Request.
	Access(ctx context.Context, request AccessQuery) Answer
	// Account takes a record and reports whether it is stored: only then it is answered.
	Account(ctx context.Context, record Packet) bool
}

// AccessQuery is an Access-Request as a server sees it.
type AccessQuery struct {
	Packet
	// Password is that of User-Password in clear, HasPassword that there was one. With
	// another key than the client's it is nonsense.
	Password    string
	HasPassword bool
	From        netip.AddrPort
}

// Answer is an AccessAccept, AccessReject or AccessChallenge. Any other code is no
// answer. A Message-Authenticator is added where the request has one.
type Answer struct {
	Code       Code
	Attributes Attributes
}

// Reply is the answer of a server to a datagram, nil for none: it is no request, cannot
// be verified (RFC 2866 section 3, RFC 2869 section 5.14), or the handler has no answer.
// It blocks as long as the handler does.
func Reply(ctx context.Context, from netip.AddrPort, datagram []byte, key string, h Handler) []byte {
	request, err := Parse(datagram)
	if err != nil {
		return nil
	}
	wire, _ := trim(datagram) // Parse has done so
	switch request.Code {
	case AccessRequest:
		return access(ctx, from, request, wire, key, h)
	case AccountingRequest:
		if !rightAuthenticator(wire, zero, key) || !h.Account(ctx, request) {
			return nil
		}
		return respond(request, Answer{Code: AccountingResponse}, key, false)
	}
	return nil
}

func access(ctx context.Context, from netip.AddrPort, request Packet, wire []byte, key string, h Handler) []byte {
	message, right := signed(wire, request.Authenticator, key)
	if !right {
		return nil
	}
	q := AccessQuery{Packet: request, From: from}
	if hidden, ok := request.Attributes.Bytes(UserPassword); ok {
		password, err := RevealPassword(hidden, key, request.Authenticator)
		if err != nil {
			return nil
		}
		q.Password, q.HasPassword = password, true
	}
	answer := h.Access(ctx, q)
	switch answer.Code {
	case AccessAccept, AccessReject, AccessChallenge:
		return respond(request, answer, key, message)
	}
	return nil
}

// respond makes the reply to a request, nil for one that is too long.
func respond(request Packet, a Answer, key string, message bool) []byte {
	p := Packet{Code: a.Code, ID: request.ID, Authenticator: request.Authenticator}
	if message {
		p.Attributes = append(p.Attributes, unsigned())
	}
	p.Attributes = append(p.Attributes, a.Attributes...)
	for _, r := range request.Attributes { // RFC 2865 section 5.33
		if r.Type == ProxyState {
			p.Attributes = append(p.Attributes, r)
		}
	}
	wire, err := p.Encode()
	if err != nil {
		return nil
	}
	if message {
		sign(wire, request.Authenticator, key)
	}
	sum := digest(wire, request.Authenticator, key)
	copy(wire[4:], sum[:])
	return wire
}

// Bounds of what a Responder remembers.
const (
	maxDuplicates = 1024
	duplicateAge  = 30 * time.Second
)

// Responder is Reply with a memory: a request that comes again gets the same answer, and
// the handler sees it once (RFC 5080 section 2.2.2). It remembers 1024 requests for 30 s.
// Its methods may be called from any goroutine.
type Responder struct {
	key     string
	handler Handler

	mu    sync.Mutex
	known map[duplicate]*answered // guarded by mu
	order []*answered             // of known, the oldest first; guarded by mu
}

// duplicate is what two datagrams have in common when one is the other again.
type duplicate struct {
	from netip.AddrPort
	sum  [sha256.Size]byte
}

// answered is a request and its answer, nil while there is none.
type answered struct {
	duplicate
	reply []byte
	since time.Time
}

// NewResponder makes a server of a key.
func NewResponder(key string, h Handler) *Responder {
	return &Responder{key: key, handler: h, known: map[duplicate]*answered{}}
}

// Reply is the answer to a datagram, nil for none. It blocks as long as the handler
// does; a request that comes again meanwhile has no answer.
func (r *Responder) Reply(ctx context.Context, from netip.AddrPort, datagram []byte) []byte {
	wire, err := trim(datagram)
	if err != nil {
		return nil
	}
	a, isNew := r.remember(from, wire)
	if !isNew {
		r.mu.Lock()
		defer r.mu.Unlock()
		return a.reply
	}
	reply := Reply(ctx, from, wire, r.key, r.handler)
	r.mu.Lock()
	defer r.mu.Unlock()
	a.reply = reply
	if reply == nil && r.known[a.duplicate] == a {
		delete(r.known, a.duplicate) // the client may have more luck with the next try
	}
	return reply
}

// remember finds a request that came before, or makes it one.
func (r *Responder) remember(from netip.AddrPort, wire []byte) (a *answered, isNew bool) {
	d := duplicate{from, sha256.Sum256(wire)}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for len(r.order) > 0 && (len(r.order) >= maxDuplicates || now.Sub(r.order[0].since) > duplicateAge) {
		if old := r.order[0]; r.known[old.duplicate] == old {
			delete(r.known, old.duplicate)
		}
		r.order = r.order[1:]
	}
	if a = r.known[d]; a != nil {
		return a, false
	}
	a = &answered{duplicate: d, since: now}
	r.known[d] = a
	r.order = append(r.order, a)
	return a, true
}
