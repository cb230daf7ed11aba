// Package resolver finds the addresses of host names as a device does: static names
// (`ip host`), then a question to each name server (`ip name-server`) over the device's
// own network.
package resolver

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"vtylab/network"
)

// Settings are what a configuration says of names. They are replaced as a whole;
// nothing in them is modified.
type Settings struct {
	// On is `ip domain lookup`: without it only static names are known.
	On bool
	// Timeout is how long one question waits for its answer, Retries how often it is
	// asked again.
	Timeout time.Duration
	Retries int
	// VRF are the names in a routing table, "" the global one; nil knows none.
	VRF func(name string) Names
}

// Names are the names of hosts in one routing table.
type Names struct {
	// Static finds a name of `ip host`, nil is none. Its addresses are in order.
	Static func(name string) []netip.Addr
	// Servers are asked one after the other.
	Servers []netip.Addr
	// Domains complete a name without a dot, in order.
	Domains []string
	// Source is the interface that questions leave from, "" for the route's.
	Source string
}

// In are the names in a routing table, "" the global one.
func (s *Settings) In(vrf string) Names {
	if s.VRF == nil {
		return Names{}
	}
	return s.VRF(vrf)
}

// Resolver finds addresses. Its methods may be called from any goroutine.
type Resolver struct {
	stack    network.Stack
	rand     io.Reader
	settings atomic.Pointer[Settings]
}

// New makes a resolver that knows nothing, on a network. Rand makes the identifiers of
// questions.
func New(stack network.Stack, rand io.Reader) *Resolver {
	r := &Resolver{stack: stack, rand: rand}
	r.settings.Store(&Settings{})
	return r
}

// Apply takes the settings for the questions that follow.
func (r *Resolver) Apply(s *Settings) error {
	r.settings.Store(s)
	return nil
}

// Settings are those that were applied last.
func (r *Resolver) Settings() *Settings { return r.settings.Load() }

// ErrNotFound says that a name has no address.
var ErrNotFound = errors.New("resolver: no such host")

// Static is the address of a name that needs no question: an address itself, or a
// static name in a routing table.
func (r *Resolver) Static(vrf, name string) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a.Unmap()}
	}
	if n := r.Settings().In(vrf); n.Static != nil {
		return n.Static(name)
	}
	return nil
}

// Lookup asks the servers of a routing table for a name that is not static. It blocks
// until one has the answer, all were asked, or ctx ends. The error is ErrNotFound or the
// cause of ctx.
func (r *Resolver) Lookup(ctx context.Context, vrf, name string) ([]netip.Addr, error) {
	s := r.Settings()
	if !s.On {
		return nil, ErrNotFound
	}
	n := s.In(vrf)
	q := &query{timeout: s.Timeout, tries: s.Retries + 1, path: network.Path{Proto: network.UDP, VRF: vrf, Source: n.Source}}
	for _, full := range n.candidates(name) {
		for _, server := range n.Servers {
			q.path.To = netip.AddrPortFrom(server, port)
			found, err := r.ask(ctx, q, full)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if err == nil && len(found) > 0 {
				return found, nil
			}
		}
	}
	return nil, ErrNotFound
}

// candidates are the names to ask for: one without a dot is completed first.
func (n *Names) candidates(name string) []string {
	var all []string
	if !strings.Contains(name, ".") {
		for _, d := range n.Domains {
			all = append(all, name+"."+d)
		}
	}
	return append(all, name)
}

// port is that of name servers (RFC 1035 section 4.2).
const port = 53

// query is how a server is asked.
type query struct {
	path    network.Path
	timeout time.Duration
	tries   int
}

// ask asks a server for the addresses of a name: of IPv4, and of IPv6 when it has none.
func (r *Resolver) ask(ctx context.Context, q *query, name string) ([]netip.Addr, error) {
	found, err := r.askFor(ctx, q, name, dnsmessage.TypeA)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return r.askFor(ctx, q, name, dnsmessage.TypeAAAA)
}

func (r *Resolver) askFor(ctx context.Context, how *query, name string, kind dnsmessage.Type) ([]netip.Addr, error) {
	q, err := r.question(name, kind)
	if err != nil {
		return nil, err
	}
	conn, err := r.stack.Dial(ctx, how.path)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	for range how.tries {
		if _, err = conn.Write(q.packed); err != nil {
			return nil, err
		}
		conn.SetReadDeadline(time.Now().Add(how.timeout))
		var found []netip.Addr
		if found, err = q.answer(conn); err == nil || ctx.Err() != nil {
			return found, err
		}
	}
	return nil, err
}

// question is one, as it is sent.
type question struct {
	id     uint16
	asked  dnsmessage.Question
	packed []byte
}

func (r *Resolver) question(name string, kind dnsmessage.Type) (*question, error) {
	full, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	if err != nil {
		return nil, fmt.Errorf("resolver: name %q: %w", name, err)
	}
	var id [2]byte
	if _, err := io.ReadFull(r.rand, id[:]); err != nil {
		return nil, fmt.Errorf("resolver: %w", err)
	}
	q := &question{id: binary.BigEndian.Uint16(id[:]), asked: dnsmessage.Question{Name: full, Type: kind, Class: dnsmessage.ClassINET}}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: q.id, RecursionDesired: true}, Questions: []dnsmessage.Question{q.asked}}
	if q.packed, err = m.Pack(); err != nil {
		return nil, fmt.Errorf("resolver: name %q: %w", name, err)
	}
	return q, nil
}

// maxStrange bounds the datagrams that are no answer to the question, and are passed
// over.
const maxStrange = 64

// answer reads the answer to a question; other datagrams are passed over.
func (q *question) answer(c io.Reader) ([]netip.Addr, error) {
	buffer := make([]byte, 4<<10)
	for range maxStrange {
		n, err := c.Read(buffer)
		if err != nil {
			return nil, err
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || m.ID != q.id || !m.Response || len(m.Questions) != 1 || !q.same(m.Questions[0]) {
			continue
		}
		return addresses(m.Answers), nil
	}
	return nil, errors.New("resolver: the server answers other questions")
}

func (q *question) same(o dnsmessage.Question) bool {
	return o.Type == q.asked.Type && o.Class == q.asked.Class && strings.EqualFold(o.Name.String(), q.asked.Name.String())
}

func addresses(answers []dnsmessage.Resource) (all []netip.Addr) {
	for _, a := range answers {
		switch b := a.Body.(type) {
		case *dnsmessage.AResource:
			all = append(all, netip.AddrFrom4(b.A))
		case *dnsmessage.AAAAResource:
			all = append(all, netip.AddrFrom16(b.AAAA))
		}
	}
	return all
}
