package network

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// receiver is an open UDP port of the device.
type receiver struct {
	host *Host
	port Port
	mu   sync.Mutex     // one datagram at a time
	take func(Datagram) // nil once closed; guarded by mu

	sockets []net.PacketConn // of the carriers, often none
	busy    sync.WaitGroup   // who reads them
}

// Receive opens a UDP port of the device. See Stack.
func (h *Host) Receive(p Port, receive func(Datagram)) (io.Closer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.receivers[p.Number] != nil {
		return nil, fmt.Errorf("network: %s: in use", p)
	}
	if h.receivers == nil {
		h.receivers = map[uint16]*receiver{}
	}
	r := &receiver{host: h, port: p, take: receive}
	if err := r.open(h.o.Datagrams.of(p.Number)); err != nil {
		return nil, fmt.Errorf("network: %s: %w", p, err)
	}
	h.receivers[p.Number] = r
	return r, nil
}

// open opens the carriers of the port: all of them, or none.
func (r *receiver) open(carriers Carriers) error {
	for _, c := range carriers {
		s, err := net.ListenPacket("udp", c.Address)
		if err != nil {
			r.closeSockets()
			return err
		}
		r.sockets = append(r.sockets, s)
		r.busy.Go(func() { r.serve(s, c.Interface) })
	}
	return nil
}

func (r *receiver) closeSockets() {
	for _, s := range r.sockets {
		s.Close()
	}
	r.busy.Wait()
}

// maxDatagram is the largest of UDP over IPv4, in octets.
const maxDatagram = 65507

// serve brings in what comes to an address of the host, until that is closed. An error of
// one datagram, such as that nobody took an answer, says nothing of the next.
func (r *receiver) serve(s net.PacketConn, iface string) {
	buffer := make([]byte, maxDatagram)
	for {
		n, from, err := s.ReadFrom(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			r.host.o.Problem(fmt.Errorf("network: %s: receiving: %w", r.port, err))
			time.Sleep(firstPause)
		default:
			f := arrivingFlow(r.host.view.Load().named(iface), UDP, r.port.Number, from, s.LocalAddr())
			r.deliver(Datagram{Flow: f, Data: buffer[:n], Reply: func(b []byte) error { _, err := s.WriteTo(b, from); return err }})
		}
	}
}

// Receives are the addresses of the host that carry a UDP port, empty while it is not
// open.
func (h *Host) Receives(port uint16) (all []net.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.receivers[port]; r != nil {
		for _, s := range r.sockets {
			all = append(all, s.LocalAddr())
		}
	}
	return all
}

// Close closes the port and waits for the datagram that is being taken.
func (r *receiver) Close() error {
	r.host.mu.Lock()
	if r.host.receivers[r.port.Number] == r {
		delete(r.host.receivers, r.port.Number)
	}
	r.host.mu.Unlock()
	r.closeSockets()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.take = nil
	return nil
}

// Deliver is Connect for a datagram to a UDP port. It returns when the receiver has
// taken it; what that answers goes to reply. The error is a *Verdict.
func (h *Host) Deliver(iface string, from, to netip.AddrPort, data []byte, reply func([]byte) error) error {
	i := h.view.Load().named(iface)
	f := Flow{Proto: UDP, VRF: i.VRF, Interface: i.Name, Local: to, Remote: from}
	h.mu.Lock()
	r := h.receivers[to.Port()]
	h.mu.Unlock()
	if r == nil || !r.deliver(Datagram{Flow: f, Data: data, Reply: reply}) {
		return closedPort(f)
	}
	return nil
}

func (r *receiver) deliver(d Datagram) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.take == nil || !r.port.takes(d.Flow) {
		return false
	}
	r.take(d)
	return true
}
