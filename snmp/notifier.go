package snmp

import (
	"context"
	"encoding/binary"
	"io"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"vtylab/network"
)

// Device is what SNMP needs of the device that it runs on. Its methods may be called
// from any goroutine.
type Device interface {
	// Steady is a clock that nobody sets.
	Steady() time.Time
	// EngineBoots is snmpEngineBoots (RFC 3414 section 2.2), 1 or more.
	EngineBoots() int
	// Trace is who is told of packets, nil for nobody.
	Trace() func(Event)
	// Refused is told of a request that was not authentic.
	Refused(f network.Flow)
}

// sendDelay is how long a notification waits after it was queued (the seed's sample of
// `debug snmp packet`: 10:18:42.619 to 42.879).
const sendDelay = 260 * time.Millisecond

// Agent is the SNMP of one device. Its goroutines run while there is something to send or
// to answer.
type Agent struct {
	device   Device
	stack    network.Stack
	rand     io.Reader
	settings atomic.Pointer[Settings]
	counters Counters
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	work     sync.WaitGroup

	listening sync.Mutex // one change of port at a time; taken before mu
	port      io.Closer  // nil while closed; guarded by listening

	mu        sync.Mutex
	started   time.Time // when the agent started; guarded by mu, like all below
	on        bool
	closed    bool
	queue     []*Notification           // what run has not taken yet
	input     []request                 // what serve has not taken yet
	serving   bool                      // serve runs
	running   bool                      // run is
	tallies   map[netip.AddrPort]*tally // of the hosts
	informs   int                       // goroutines of informs
	requestID uint32                    // of the last notification
}

// New makes an agent that is off, on a network. Rand makes what encryption needs.
func New(d Device, stack network.Stack, rand io.Reader) *Agent {
	a := &Agent{device: d, stack: stack, rand: rand, requestID: firstRequest - requestStep}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.settings.Store(&Settings{})
	return a
}

// Request ids of notifications (NRUSSO: 23, then 28).
const (
	firstRequest = 23
	requestStep  = 5
)

// Settings are those that were applied last.
func (a *Agent) Settings() *Settings { return a.settings.Load() }

// Counters are what the agent has counted since it was made.
func (a *Agent) Counters() *Counters { return &a.counters }

// Apply takes the settings, and opens or closes the port. It reports whether that starts
// the agent.
func (a *Agent) Apply(s *Settings) (started bool, err error) {
	a.settings.Store(s)
	started = a.start(s)
	return started, a.listen(s.On)
}

// start notes when the agent starts.
func (a *Agent) start(s *Settings) (started bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	started = s.On && !a.on && !a.closed
	a.retally(s.Hosts)
	if a.on = s.On; started {
		a.started = a.device.Steady()
	}
	return started
}

// Restart makes the agent one that is off: the device boots anew.
func (a *Agent) Restart() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on, a.queue, a.input = false, nil, nil
}

// Uptime is sysUpTime: the time since the agent started, 0 while it is off.
func (a *Agent) Uptime() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.on {
		return 0
	}
	return a.device.Steady().Sub(a.started)
}

// Boots is snmpEngineBoots (RFC 3414 section 2.2).
func (a *Agent) Boots() int { return a.device.EngineBoots() }

// TicksOf is a time in hundredths of a second.
func TicksOf(d time.Duration) Ticks { return Ticks(d / (10 * time.Millisecond)) }

// Close ends what is being sent, and waits for it.
func (a *Agent) Close() {
	a.mu.Lock()
	a.closed, a.queue = true, nil
	a.cancel()
	a.mu.Unlock()
	_ = a.listen(false)
	a.work.Wait()
}

// tally is what became of the notifications for a host.
type tally struct{ sent, dropped int }

// Sent is how many notifications for a host were sent and dropped since it was
// configured.
func (a *Agent) Sent(to netip.AddrPort) (sent, dropped int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := a.tallies[to]; t != nil {
		return t.sent, t.dropped
	}
	return 0, 0
}

// count counts a notification for a host.
func (a *Agent) count(h *Host, sent bool) {
	if sent {
		a.counters.Out.Add(1)
		a.counters.Traps.Add(1)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.tallies[h.To()]
	switch {
	case t == nil: // it is not configured any more
	case sent:
		t.sent++
	default:
		t.dropped++
	}
}

// retally drops the tallies of hosts that are not configured any more, and begins
// those of new ones; guarded by mu.
func (a *Agent) retally(hosts []Host) {
	tallies := make(map[netip.AddrPort]*tally, len(hosts))
	for i := range hosts {
		to := hosts[i].To()
		if tallies[to] = a.tallies[to]; tallies[to] == nil {
			tallies[to] = &tally{}
		}
	}
	a.tallies = tallies
}

// Notify sends a notification to the hosts that want it, unless its type is off. It
// does not wait: as many as QueueLength may wait, and what comes then is
// dropped.
func (a *Agent) Notify(n *Notification) {
	s := a.Settings()
	if !s.On || len(s.Hosts) == 0 || s.Sends == nil || !s.Sends(n.Type, n.Word) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.queue) >= max(s.QueueLength, 1) {
		for i := range s.Hosts {
			if t := a.tallies[s.Hosts[i].To()]; t != nil && s.Hosts[i].Wants(n.Type) {
				t.dropped++
			}
		}
		return
	}
	a.queue = append(a.queue, n)
	if !a.running {
		a.running = true
		a.work.Go(a.run)
	}
}

// run sends what is queued, and ends when nothing is. What came together is queued for
// all hosts before the first is sent (CSCdr72939).
func (a *Agent) run() {
	for {
		batch := a.take()
		if batch == nil {
			return
		}
		var packets []*packet
		for _, n := range batch {
			packets = append(packets, a.packets(n)...)
		}
		if len(packets) == 0 {
			continue
		}
		wait := time.NewTimer(sendDelay)
		select {
		case <-wait.C:
		case <-a.ctx.Done():
			wait.Stop()
		}
		for _, p := range packets {
			a.send(p)
		}
	}
}

// take takes all that is queued; nil ends run.
func (a *Agent) take() []*Notification {
	a.mu.Lock()
	defer a.mu.Unlock()
	batch := a.queue
	a.queue = nil
	a.running = batch != nil
	return batch
}

// packet is a notification on its way to one host. Its connection is closed by who has
// it.
type packet struct {
	host    Host
	conn    network.Conn
	message *Message
	keys    *Keys
	data    []byte
}

// packets makes those of a notification.
func (a *Agent) packets(n *Notification) (all []*packet) {
	s := a.Settings()
	for _, h := range s.Hosts {
		if !h.Wants(n.Type) {
			continue
		}
		p, err := a.packet(s, h, n)
		if err != nil {
			a.count(&h, false)
			continue
		}
		a.trace(Queued{h.Address, p.message})
		all = append(all, p)
	}
	return all
}

// packet opens the way to a host, and makes the message for it.
func (a *Agent) packet(s *Settings, h Host, n *Notification) (*packet, error) {
	source := s.TrapSource
	if h.Inform {
		source = s.InformSource
	}
	conn, err := a.stack.Dial(a.ctx, network.Path{Proto: network.UDP, VRF: h.VRF, Source: source, To: h.To()})
	if err != nil {
		return nil, err
	}
	p := &packet{host: h, conn: conn, message: a.message(h, n, conn.Flow().Local.Addr()), keys: &Keys{}}
	if h.Version == V3 {
		p.keys, err = a.secure(s, h, p.message)
	}
	if err == nil {
		p.data, err = p.message.marshal(p.keys)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	if s.TrafficClass >= 0 {
		_ = conn.SetTrafficClass(s.TrafficClass) // packets without it are still packets
	}
	return p, nil
}

// message is a notification in the form that a host takes. From is the address of the
// device that it comes from.
func (a *Agent) message(h Host, n *Notification, from netip.Addr) *Message {
	now := TicksOf(a.Uptime())
	if h.Version == V1 {
		return &Message{Version: V1, Community: h.User, Kind: TrapV1, Vars: n.Vars,
			Trap: TrapHeader{n.Enterprise, agentAddress(from), n.Generic, n.Specific, now}}
	}
	m := &Message{Version: h.Version, Kind: TrapV2, RequestID: a.nextRequest(), Vars: []Var{{SysUpTime, now}, {TrapOID, n.OID()}}}
	m.Vars = append(m.Vars, n.Vars...)
	if h.Inform {
		m.Kind = Inform
	}
	if h.Version == V2c {
		m.Community = h.User
	}
	return m
}

// agentAddress is an address as a trap of version 1 has it: 0.0.0.0 where it is not of
// IPv4 (RFC 3584 section 3.2).
func agentAddress(a netip.Addr) netip.Addr {
	if a = a.Unmap(); a.Is4() {
		return a
	}
	return netip.IPv4Unspecified()
}

func (a *Agent) nextRequest() uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requestID += requestStep
	return a.requestID
}

// trace tells who watches.
func (a *Agent) trace(e Event) {
	if f := a.device.Trace(); f != nil {
		f(e)
	}
}

// send sends a packet. An inform is left to a goroutine of its own, which waits for the
// answer.
func (a *Agent) send(p *packet) {
	if a.ctx.Err() != nil {
		p.conn.Close()
		return
	}
	if p.host.Inform && a.reserve() {
		a.work.Go(func() { a.inform(p) })
		return
	}
	defer p.conn.Close()
	if p.host.Inform || !a.write(p) {
		a.count(&p.host, false)
	}
}

// reserve counts one more inform without an answer, unless there are as many as may be.
func (a *Agent) reserve() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.informs >= a.Settings().InformPending {
		return false
	}
	a.informs++
	return true
}

func (a *Agent) write(p *packet) bool {
	if _, err := p.conn.Write(p.data); err != nil {
		return false
	}
	a.count(&p.host, true)
	a.trace(Sent{p.host.Address})
	return true
}

// inform sends an inform until it is answered.
func (a *Agent) inform(p *packet) {
	defer func() {
		p.conn.Close()
		a.mu.Lock()
		defer a.mu.Unlock()
		a.informs--
	}()
	defer context.AfterFunc(a.ctx, func() { p.conn.Close() })()
	s := a.Settings()
	for range s.InformRetries + 1 {
		if p.conn.SetReadDeadline(time.Now().Add(s.InformTimeout)) != nil {
			break
		}
		if p.host.Version == V3 && !a.synchronize(p) {
			continue
		}
		if !a.write(p) || a.answered(p) || a.ctx.Err() != nil {
			return
		}
	}
	a.count(&p.host, false)
}

// maxStrange bounds the datagrams that are no answer to an inform, and are passed over.
const maxStrange = 64

// maxDatagram is what is read of a datagram, in octets.
const maxDatagram = 17940

// answered waits for the response to an inform, until the deadline of its connection.
func (a *Agent) answered(p *packet) bool {
	buffer := make([]byte, maxDatagram)
	for range maxStrange {
		n, err := p.conn.Read(buffer)
		if err != nil {
			return false
		}
		if m, err := p.read(buffer[:n]); err == nil && m.Kind == Response && m.RequestID == p.message.RequestID {
			return true
		}
	}
	return false
}

// read is an answer. One of version 3 has to be protected like the inform.
func (p *packet) read(data []byte) (*Message, error) {
	if p.host.Version != V3 {
		return decode(data)
	}
	h, err := readHeader(data)
	if err != nil {
		return nil, err
	}
	if h.engine != p.message.Security.Engine || p.host.Flags&^h.flags != 0 || h.flags&Authenticated != 0 && !p.keys.authentic(data, h) {
		return nil, errNoUser
	}
	return decodeSecure(data, p.keys, p.message.Security)
}

// synchronize asks the engine of a host for its boots and its time, which an inform of
// version 3 has to have (RFC 3414 section 4), until the deadline of its connection.
func (a *Agent) synchronize(p *packet) bool {
	probe := &Message{Version: V3, Kind: Get, ID: p.message.ID, RequestID: p.message.RequestID, MaxSize: p.message.MaxSize, Flags: Reportable}
	data, err := probe.marshal(&Keys{})
	if err != nil {
		return false
	}
	if _, err := p.conn.Write(data); err != nil {
		return false
	}
	buffer := make([]byte, maxDatagram)
	for range maxStrange {
		n, err := p.conn.Read(buffer)
		if err != nil {
			return false
		}
		if h, err := readHeader(buffer[:n]); err == nil && uint32(h.id) == probe.ID && h.engine == p.message.Security.Engine {
			p.message.Security.Boots, p.message.Security.Time = uint32(h.boots), uint32(h.time)
			p.data, err = p.message.marshal(p.keys)
			return err == nil
		}
	}
	return false
}

// secure makes a message one of version 3. A trap is protected by the engine of the
// device, an inform by that of the host, which has to be configured.
func (a *Agent) secure(s *Settings, h Host, m *Message) (*Keys, error) {
	engine, remote := s.Engine, netip.Addr{}
	if h.Inform {
		engine, remote = s.RemoteEngine(h.Address), h.Address
	}
	u, known := s.User(h.User, remote)
	if !known || engine == "" {
		return nil, errNoUser
	}
	keys, err := u.keys(engine, a.rand)
	if err != nil {
		return nil, err
	}
	id, err := a.random()
	m.ID, m.MaxSize, m.Flags = id, s.PacketSize, h.Flags
	m.Security = Security{Engine: engine, Boots: uint32(a.device.EngineBoots()), Time: uint32(a.Uptime() / time.Second), User: h.User}
	m.Context.Engine = s.Engine
	if h.Inform {
		m.Flags |= Reportable
	}
	return keys, err
}

// random is a message id, 0 to 2^31-1.
func (a *Agent) random() (uint32, error) {
	var b [4]byte
	_, err := io.ReadFull(a.rand, b[:])
	return binary.BigEndian.Uint32(b[:]) &^ (1 << 31), err
}

// Informs is how many wait for their answer.
func (a *Agent) Informs() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.informs
}
