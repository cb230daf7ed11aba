package snmp

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"vtylab/network"
)

// Port is where the agent listens.
const Port = 161

// MaxInput is how many requests may wait (`show snmp`: Maximum queue size 1000).
const MaxInput = 1000

// request is a datagram that was received.
type request struct {
	flow  network.Flow
	data  []byte
	reply func([]byte) error
}

// listen opens or closes the port of the agent, which is closed for good with it. It waits for a datagram that is being
// taken.
func (a *Agent) listen(on bool) error {
	a.listening.Lock()
	defer a.listening.Unlock()
	switch {
	case on && a.port == nil && a.ctx.Err() == nil:
		port, err := a.stack.Receive(network.Port{Proto: network.UDP, VRF: network.AllVRFs, Number: Port}, a.receive)
		if err != nil {
			return fmt.Errorf("snmp: %w", err)
		}
		a.port = port
	case !on && a.port != nil:
		a.port.Close()
		a.port = nil
	}
	return nil
}

// receive queues a request: who sends it must not wait for the answer.
func (a *Agent) receive(d network.Datagram) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.input) >= MaxInput {
		a.counters.InputDrops.Add(1)
		return
	}
	a.input = append(a.input, request{d.Flow, slices.Clone(d.Data), d.Reply})
	if !a.serving {
		a.serving = true
		a.work.Go(a.serve)
	}
}

// serve answers requests, and ends when there are none.
func (a *Agent) serve() {
	for {
		r, ok := a.nextInput()
		if !ok {
			return
		}
		a.counters.In.Add(1)
		reply := a.handle(r.flow, r.data)
		if reply == nil {
			continue
		}
		if r.reply(reply) == nil {
			a.counters.Out.Add(1)
			a.trace(Sent{r.flow.Remote.Addr()})
		}
	}
}

func (a *Agent) nextInput() (r request, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.input) == 0 || a.closed {
		a.serving, a.input = false, nil
		return request{}, false
	}
	r = a.input[0]
	a.input = a.input[1:]
	return r, true
}

// handle is the answer to a datagram, nil for none. What it cannot read it counts.
func (a *Agent) handle(f network.Flow, data []byte) (reply []byte) {
	defer func() {
		if p := recover(); p != nil { // the decoder is another's, and anybody may send anything
			a.counters.ASNErrors.Add(1)
			reply = nil
		}
	}()
	version := versionOf(data)
	switch version {
	case 0, 1:
		return a.handleCommunity(f, data)
	case 3:
		return a.handleUser(f, data)
	case -1:
		a.counters.ASNErrors.Add(1)
	default:
		a.counters.BadVersions.Add(1)
	}
	return nil
}

// versionOf is the version field of a message, -1 for no message.
func versionOf(data []byte) int {
	r := (&ber{rest: data}).in(0x30)
	if n := r.number(); r.err == nil {
		return n
	}
	return -1
}

// handleCommunity answers a request of version 1 or 2c.
func (a *Agent) handleCommunity(f network.Flow, data []byte) []byte {
	m, err := decode(data)
	if err != nil {
		a.counters.ASNErrors.Add(1)
		return nil
	}
	a.trace(Received{f, m})
	s := a.Settings()
	x, known := Access{}, false
	if s.Community != nil {
		x, known = s.Community(m.Community, f)
	}
	if !known {
		a.counters.UnknownCommunity.Add(1)
		a.device.Refused(f)
		return nil
	}
	return a.respond(s, m, x, &Keys{}, s.PacketSize)
}

// respond encodes the answer to a request. One that is longer than who asks takes
// becomes the error tooBig (RFC 3416 section 4.2.1).
func (a *Agent) respond(s *Settings, m *Message, x Access, k *Keys, limit int) []byte {
	mib := MIB(nil)
	if s.MIB != nil {
		mib = s.MIB()
	}
	r := a.answer(m, x, mib, limit)
	if r == nil {
		return nil
	}
	data, err := a.seal(s, m, r, k)
	if err == nil && len(data) > limit {
		r.Status, r.Index, r.Vars = int(TooBig), 0, nil
		if m.Version == V1 {
			r.Vars = m.Vars
		}
		a.counters.failed(TooBig)
		data, err = a.seal(s, m, r, k)
	}
	if err != nil {
		a.counters.failed(GenErr)
		return nil
	}
	a.counters.Responses.Add(1)
	a.trace(Answered{r})
	return data
}

// seal encodes an answer, protected as what was asked.
func (a *Agent) seal(s *Settings, asked, r *Message, k *Keys) ([]byte, error) {
	if asked.Version == V3 {
		r.ID, r.MaxSize, r.Flags, r.Context = asked.ID, s.PacketSize, asked.Flags&^Reportable, asked.Context
		r.Security = a.security(s, asked.Security.User)
	}
	return r.marshal(k)
}

// security is what the engine of the device puts into a message.
func (a *Agent) security(s *Settings, user string) Security {
	return Security{Engine: s.Engine, Boots: uint32(a.device.EngineBoots()), Time: uint32(a.Uptime() / time.Second), User: user}
}

// Reports of the User-based Security Model (RFC 3414 section 3.2).
var (
	errLevel   = &report{1}
	errWindow  = &report{2}
	errUser    = &report{3}
	errEngine  = &report{4}
	errDigest  = &report{5}
	errDecrypt = &report{6}
)

// report is the number of a counter below usmStats.
type report struct{ number uint32 }

func (r *report) Error() string { return fmt.Sprintf("snmp: usmStats %d", r.number) }

var usmStats = must("1.3.6.1.6.3.15.1.1")

// window is how far the time of a message may be off, in seconds (RFC 3414 section
// 2.2.3).
const window = 150

// handleUser answers a request of version 3.
func (a *Agent) handleUser(f network.Flow, data []byte) []byte {
	h, err := readHeader(data)
	if err != nil {
		a.counters.ASNErrors.Add(1)
		return nil
	}
	s := a.Settings()
	m, k, x, err := a.admit(s, h, f, data)
	var why *report
	if errors.As(err, &why) {
		return a.report(s, h, k, data, why)
	}
	if err != nil {
		a.counters.ASNErrors.Add(1)
		return nil
	}
	a.trace(Received{f, m})
	limit := s.PacketSize
	if h.maxSize >= 484 { // RFC 3412 section 6.3
		limit = min(limit, h.maxSize)
	}
	return a.respond(s, m, x, k, limit)
}

// admit checks who has sent a message, and reads it (RFC 3414 section 3.2). The error is
// a *report where who has sent it is to be told.
func (a *Agent) admit(s *Settings, h *header, f network.Flow, data []byte) (m *Message, k *Keys, x Access, err error) {
	if h.engine != s.Engine {
		return nil, nil, x, errEngine
	}
	u, known := User{}, false
	if s.User != nil {
		u, known = s.User(h.user, noAddress)
	}
	if !known {
		return nil, nil, x, errUser
	}
	level := h.flags & (Authenticated | Encrypted)
	if k, err = u.keys(s.Engine, a.rand); err != nil || level == Encrypted || level&Authenticated != 0 && u.Auth == "" || level&Encrypted != 0 && u.Priv == "" {
		return nil, nil, x, errLevel
	}
	if level&Authenticated != 0 {
		if !k.authentic(data, h) {
			a.device.Refused(f)
			return nil, nil, x, errDigest
		}
		if off := h.time - int(a.Uptime()/time.Second); h.boots != a.device.EngineBoots() || off < -window || off > window {
			return nil, k, x, errWindow
		}
	}
	if m, err = decodeSecure(data, k, Security{Engine: h.engine, User: h.user}); err != nil {
		if level&Encrypted != 0 {
			err = errDecrypt
		}
		return nil, nil, x, err
	}
	if s.Group == nil {
		return m, k, x, errUser
	}
	x, known = s.Group(u, level, f)
	if !known {
		return m, k, Access{Denied: true}, nil
	}
	return m, k, x, nil
}

// report tells who sent a message why it was not taken, if that wants to know. A time
// that is off is told with the keys of the user, everything else without.
func (a *Agent) report(s *Settings, h *header, k *Keys, data []byte, why *report) []byte {
	n := a.counters.usm[why.number-1].Add(1)
	if h.flags&Reportable == 0 {
		return nil
	}
	r := &Message{Version: V3, Kind: Report, ID: uint32(h.id), MaxSize: s.PacketSize, Security: a.security(s, h.user),
		Context: Context{Engine: s.Engine}, Vars: []Var{{usmStats.At(why.number, 0), Counter(n)}}}
	if h.flags&Encrypted == 0 && h.flags&Authenticated == 0 {
		if m, err := decode(data); err == nil {
			r.RequestID = m.RequestID
		}
	}
	if why == errWindow {
		r.Flags = Authenticated
	} else {
		k = &Keys{}
	}
	reply, err := r.marshal(k)
	if err != nil {
		return nil
	}
	a.trace(Answered{r})
	return reply
}
