package aaa

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"vtylab/aaa/radius"
	"vtylab/network"
)

// radiusProtocol asks a server of RADIUS: with the name and the password, which the device
// asks for.
var radiusProtocol = &protocol{authenticate: loginOverRadius, authorizeExec: execOverRadius, account: accountOverRadius}

// radiusSource is the port that requests come from (aaa-snmp B1).
const radiusSource = 1645

// radiusWire is the way to the servers: a connection to each port of one that requests are
// on their way to. They are closed when none is.
type radiusWire struct {
	service *Service

	mu    sync.Mutex
	busy  int                         // requests on their way; guarded by mu
	conns map[radiusPeer]network.Conn // guarded by mu
}

// radiusPeer is one port of a server, as it is reached.
type radiusPeer struct {
	host, vrf, source string
	to                netip.AddrPort
}

// begin keeps connections until end.
func (w *radiusWire) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy++
}

func (w *radiusWire) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy--; w.busy > 0 {
		return
	}
	for _, c := range w.conns {
		c.Close() // its reader ends
	}
	w.conns = nil
}

// Send is the Transport of the client.
func (w *radiusWire) Send(s *radius.Server, to netip.AddrPort, datagram []byte) error {
	peer := s.Via.(radiusPeer)
	peer.to = to
	c, err := w.conn(peer)
	if err != nil {
		return err
	}
	_, err = c.Write(datagram)
	return err
}

// conn is the connection to a port of a server, which begin has to precede.
func (w *radiusWire) conn(p radiusPeer) (network.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.conns[p]; c != nil {
		return c, nil
	}
	c, err := w.service.outside.Network.Dial(context.Background(), network.Path{Proto: network.UDP, VRF: p.vrf, Source: p.source, To: p.to, From: radiusSource})
	if err != nil {
		return nil, err
	}
	if w.conns == nil {
		w.conns = map[radiusPeer]network.Conn{}
	}
	if !w.service.outside.Go(func() { w.read(c, p.to) }) {
		c.Close()
		return nil, radius.ErrClosed
	}
	w.conns[p] = c
	return c, nil
}

// read takes what comes from a port of a server until the connection is closed. An ICMP
// message is an error of one Read: the server is waited for all the same.
func (w *radiusWire) read(c network.Conn, from netip.AddrPort) {
	buffer := make([]byte, radius.MaxPacket+1)
	for failed := 0; failed < maxReadErrors; {
		n, err := c.Read(buffer)
		switch client := w.service.radius(); {
		case errors.Is(err, net.ErrClosed) || client == nil:
			return
		case err != nil:
			failed++
		default:
			failed = 0
			client.Receive(from, buffer[:n])
		}
	}
}

// maxReadErrors is how many errors in a row end a connection: nothing is sent in between.
const maxReadErrors = 16

// radiusServers are the servers of a group as the client takes them, and the name of the
// user for them.
func (d *Dialogue) radiusServers(ctx context.Context, g *Group) (all []*radius.Server, user string) {
	servers, user := d.ordered(g)
	for _, s := range servers {
		address, found := d.service.outside.address(ctx, &s)
		if !found {
			continue
		}
		key, _ := s.Key.Reveal()
		all = append(all, &radius.Server{
			Addr: netip.AddrPortFrom(address, s.Port), Acct: netip.AddrPortFrom(address, s.AcctPort), Key: key,
			Timeout: s.Timeout, Retransmit: s.Retransmit, Via: radiusPeer{host: s.Host, vrf: s.VRF, source: s.Source},
			Dead: d.Settings.Dead, Deadtime: g.DeadTime,
		})
	}
	return all, user
}

// askRadius sends a request to the servers of a group until one answers.
func (d *Dialogue) askRadius(ctx context.Context, g *Group, make func(user string, own netip.Addr) radius.Request) (radius.Packet, *Verdict) {
	client := d.service.radius()
	servers, user := d.radiusServers(ctx, g)
	if client == nil || len(servers) == 0 {
		return radius.Packet{}, &Verdict{Result: Error, Reason: ReasonNoServer}
	}
	wire := d.service.clients.wire
	wire.begin()
	defer wire.end()
	request := make(user, wire.own(servers[0]))
	request.Tag = d.Request.ID
	reply, by, err := client.Exchange(ctx, servers, request)
	switch {
	case errors.Is(err, radius.ErrMalformed): // as unanswered
		return radius.Packet{}, &Verdict{Result: Fail, Reason: ReasonTooLong, Protocol: g.Protocol}
	case err != nil:
		return radius.Packet{}, &Verdict{Result: Error, Reason: ReasonNoServer, Protocol: g.Protocol}
	}
	peer := by.Via.(radiusPeer)
	return reply, &Verdict{Protocol: g.Protocol, Server: peer.host, from: serverID{g.Protocol, peer.host, peer.vrf, by.Addr.Port()}}
}

// own is the address of the device towards a server, the zero Addr without a way.
func (w *radiusWire) own(s *radius.Server) netip.Addr {
	peer := s.Via.(radiusPeer)
	peer.to = s.Addr
	c, err := w.conn(peer)
	if err != nil {
		return netip.Addr{}
	}
	return c.Flow().Local.Addr()
}

// enableUser is who asks for a privilege level (aaa-snmp B2).
func enableUser(level int) string { return fmt.Sprintf("$enab%d$", level) }

// loginOverRadius is a login or enable: an Access-Request, and one more for each question
// that the server has (RFC 2865 section 4.4).
func loginOverRadius(ctx context.Context, d *Dialogue, g *Group) Verdict {
	password, err := d.Password(ctx)
	if err != nil {
		return ended(err)
	}
	v := d.access(ctx, g, password, radius.Authen)
	if v.Result == Fail && v.Err == nil {
		v.Reason = cmp.Or(v.Reason, ReasonRejected)
	}
	return v
}

// maxChallenges bounds how often a server may ask on.
const maxChallenges = 16

// access sends an Access-Request and answers challenges.
func (d *Dialogue) access(ctx context.Context, g *Group, password string, use radius.Use) Verdict {
	var state radius.Attributes
	for range maxChallenges {
		reply, v := d.askRadius(ctx, g, func(user string, own netip.Addr) radius.Request {
			return radius.Request{Code: radius.AccessRequest, Use: use,
				Attributes: slices.Concat(d.accessAttributes(user, password, own), state)}
		})
		if v.Result != Pass {
			return *v
		}
		switch v.Message = strings.Join(reply.Attributes.Texts(radius.ReplyMessage), "\n"); reply.Code {
		case radius.AccessAccept:
			v.Granted = granted(reply.Attributes)
			return *v
		case radius.AccessReject:
			v.Result = Fail
			return *v
		}
		answer, err := d.Ask(ctx, challenge(reply.Attributes, v.Message))
		if err != nil {
			return ended(err)
		}
		password, state = answer, nil
		if s, ok := reply.Attributes.Bytes(radius.State); ok {
			state = radius.Attributes{{Type: radius.State, Value: s}}
		}
	}
	return Verdict{Result: Fail, Reason: ReasonRejected, Protocol: g.Protocol}
}

// challenge is what a server of RADIUS wants to know.
func challenge(a radius.Attributes, text string) Prompt {
	seen, _ := a.Number(radius.Prompt)
	p := promptOf(text, seen == 1)
	p.Text = cmp.Or(p.Text, "Password: ")
	return p
}

// accessAttributes are those of a login in the order of a 15.x router, which has no
// NAS-Port, and those of a request from no line, as IOL 17.15 sends them (aaa-snmp B2).
func (d *Dialogue) accessAttributes(user, password string, own netip.Addr) radius.Attributes {
	if d.Request.Service == Enable {
		user = enableUser(d.Request.Level)
	}
	who := radius.Attributes{radius.String(radius.UserName, user), radius.String(radius.UserPassword, password)}
	var device radius.Attributes
	if own.Is4() {
		device = radius.Attributes{radius.Addr(radius.NASIPAddress, own)}
	}
	if d.Request.Port == "" {
		return slices.Concat(device, d.where(), who)
	}
	return slices.Concat(who, d.where(), device)
}

// where is the line of a request, and where its user is.
func (d *Dialogue) where() (a radius.Attributes) {
	r := &d.Request
	kind := uint32(radius.PortAsync)
	if r.Peer.IsValid() {
		kind = radius.PortVirtual
	}
	if r.Port != "" {
		a = append(a, radius.String(radius.NASPortID, r.Port))
	}
	a = append(a, radius.Uint32(radius.NASPortType, kind))
	if r.Peer.IsValid() {
		a = append(a, radius.String(radius.CallingStationID, remote(r)))
	}
	return a
}

// granted are the attributes of an Access-Accept in the names of TACACS+: those of a
// Cisco-AVPair for a shell, the level of Service-Type where none of them has one, and the
// limits of time.
func granted(a radius.Attributes) []Attribute {
	var all []Attribute
	for _, text := range a.AVPairs() {
		if pair, ok := strings.CutPrefix(text, "shell:"); ok {
			all = append(all, attribute(pair))
		}
	}
	add := func(name, value string) {
		if !slices.ContainsFunc(all, func(a Attribute) bool { return a.Name == name }) {
			all = append(all, Attribute{Name: name, Value: value})
		}
	}
	switch service, _ := a.Number(radius.ServiceType); service {
	case radius.ServiceAdministrative:
		add(PrivilegeLevel, "15")
	case radius.ServiceNASPrompt:
		add(PrivilegeLevel, "1")
	}
	for _, limit := range []struct {
		t    radius.Type
		name string
	}{{radius.IdleTimeout, IdleTime}, {radius.SessionTimeout, Timeout}} {
		if n, ok := a.Number(limit.t); ok {
			add(limit.name, strconv.Itoa(int((n+59)/60)))
		}
	}
	for _, class := range a.Texts(radius.Class) {
		all = append(all, Attribute{Name: className, Value: class})
	}
	return all
}

// className is what a server wants to find in the records of a session (RFC 2865 section
// 5.25). No AVPair has the name.
const className = "\x00class"

// execOverRadius takes what the server has said with the login. Who was let in by another
// method is asked about: with the password that was typed (which one a device sends is not
// known).
func execOverRadius(ctx context.Context, d *Dialogue, g *Group) Verdict {
	login := &d.Request.Login
	if login.Protocol == RADIUS {
		return Verdict{Attributes: honoured(login.Granted), Protocol: RADIUS, Server: login.Server}
	}
	v := d.access(ctx, g, login.password, radius.Author)
	if v.Result == Fail {
		v.Reason = cmp.Or(v.Reason, ReasonRejected)
	}
	v.Attributes = honoured(v.Granted)
	return v
}

// honoured are the attributes that an EXEC has a use for; RADIUS ignores all others.
func honoured(all []Attribute) (known []Attribute) {
	for _, a := range all {
		if slices.Contains(knownOfExec, a.Name) {
			known = append(known, a)
		}
	}
	return known
}

// accountOverRadius sends a record (RFC 2866). There are none of commands.
func accountOverRadius(ctx context.Context, d *Dialogue, g *Group, r *Record) Verdict {
	if r.List.Of == AccountCommands {
		return Verdict{Result: Error, Reason: ReasonUnsupported}
	}
	_, v := d.askRadius(ctx, g, func(user string, own netip.Addr) radius.Request {
		return radius.Request{Code: radius.AccountingRequest, Attributes: d.recordAttributes(r, user, own)}
	})
	return *v
}

// recordAttributes are those of a record, in the order of vector B-3 (aaa-snmp F2).
func (d *Dialogue) recordAttributes(r *Record, user string, own netip.Addr) radius.Attributes {
	a := radius.Attributes{radius.String(radius.AcctSessionID, fmt.Sprintf("%08X", r.Task))}
	if r.List.Of == AccountSystem {
		a = append(a, radius.Uint32(radius.AcctStatusType, map[Stage]uint32{Begun: radius.AcctOn, Ended: radius.AcctOff}[r.Stage]))
	} else {
		a = append(a, radius.String(radius.UserName, user), radius.Uint32(radius.AcctAuthentic, authentic(&d.Request.Login)),
			radius.Uint32(radius.AcctStatusType, map[Stage]uint32{Begun: radius.AcctStart, Ended: radius.AcctStop, Going: radius.AcctInterim}[r.Stage]))
		if port, err := strconv.ParseUint(strings.TrimPrefix(d.Request.Port, "tty"), 10, 32); err == nil {
			a = append(a, radius.Uint32(radius.NASPort, uint32(port)))
		}
		a = append(a, d.where()...)
		a = append(a, d.sessionAttributes(r)...)
	}
	if own.Is4() {
		a = append(a, radius.Addr(radius.NASIPAddress, own))
	}
	return append(a, radius.Uint32(radius.AcctDelayTime, 0))
}

// sessionAttributes are what a session has besides: its service, the class that the server
// gave it, and how it ended.
func (d *Dialogue) sessionAttributes(r *Record) (a radius.Attributes) {
	service := uint32(radius.ServiceNASPrompt)
	if r.List.Of == AccountConnection {
		service = radius.ServiceLogin
	}
	a = append(a, radius.Uint32(radius.ServiceType, service))
	for _, g := range d.Request.Login.Granted {
		if g.Name == className {
			a = append(a, radius.Attribute{Type: radius.Class, Value: []byte(g.Value)})
		}
	}
	if r.Stage != Begun {
		a = append(a, radius.Uint32(radius.AcctSessionTime, uint32(r.Elapsed.Seconds())))
	}
	if r.Cause != 0 {
		a = append(a, radius.Uint32(radius.AcctTerminateCause, uint32(r.Cause)))
	}
	return a
}

// authentic is how the user was authenticated: by RADIUS, by the device, or otherwise.
func authentic(login *Verdict) uint32 {
	switch login.Protocol {
	case RADIUS:
		return 1
	case "":
		return 2
	}
	return 3
}
