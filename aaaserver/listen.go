package aaaserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"vtylab/network"
)

// The protocols of Listen.
const (
	TACACS = "tacacs"
	RADIUS = "radius"
)

// usualPorts are the ports of a protocol: of TACACS+ one of TCP, of RADIUS the old and the
// new ones of authentication and accounting.
var usualPorts = map[string][]network.Port{
	TACACS: {{Proto: network.TCP, Number: 49}},
	RADIUS: {{Proto: network.UDP, Number: 1645}, {Proto: network.UDP, Number: 1646}, {Proto: network.UDP, Number: 1812}, {Proto: network.UDP, Number: 1813}},
}

// Network is where a server listens: that of a node.
type Network interface {
	Listen(p network.Port, accept network.Accept) (io.Closer, error)
	Receive(p network.Port, receive func(network.Datagram)) (io.Closer, error)
}

// Listen answers one of the protocols on a network, at the ports of the configuration or
// the usual ones. Close of what it returns ends that, and waits for requests that are being
// answered. The error is that of a port, and then nothing is open.
func (s *Server) Listen(n Network, protocol string) (io.Closer, error) {
	l := &listener{server: s, slots: make(chan struct{}, maxAnswers)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	for _, p := range s.ports(protocol) {
		p.VRF = network.AllVRFs
		c, err := l.open(n, p)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("aaaserver: %w", err)
		}
		l.ports = append(l.ports, c)
	}
	return l, nil
}

// ports are those that the server listens on.
func (s *Server) ports(protocol string) []network.Port {
	usual := usualPorts[protocol]
	if len(s.config.Ports) == 0 || len(usual) == 0 {
		return usual
	}
	own := make([]network.Port, 0, len(s.config.Ports))
	for _, n := range s.config.Ports {
		own = append(own, network.Port{Proto: usual[0].Proto, Number: n})
	}
	return own
}

// listener is a server that listens.
type listener struct {
	server *Server
	ctx    context.Context
	cancel context.CancelFunc
	ports  []io.Closer
	slots  chan struct{} // one for each datagram that is being answered
	work   sync.WaitGroup
}

// maxAnswers is how many datagrams are answered at once; others are lost, and asked again.
const maxAnswers = 256

func (l *listener) open(n Network, p network.Port) (io.Closer, error) {
	if p.Proto == network.TCP {
		return n.Listen(p, func(network.Flow) (network.Handler, *network.Verdict) { return l.serve, nil })
	}
	return n.Receive(p, l.receive)
}

// serve is a connection of TACACS+. What was wrong with it, the device says.
func (l *listener) serve(c network.Conn) { _ = l.server.ServeTACACS(l.ctx, c) }

// receive answers a datagram without keeping the next one waiting.
func (l *listener) receive(d network.Datagram) {
	select {
	case l.slots <- struct{}{}:
	default:
		return
	}
	data := bytes.Clone(d.Data)
	l.work.Go(func() {
		defer func() { <-l.slots }()
		if reply := l.server.ReplyRADIUS(l.ctx, d.Flow.Remote, data); reply != nil {
			_ = d.Reply(reply) // what is lost is asked for again
		}
	})
}

// Close ends the server.
func (l *listener) Close() error {
	l.cancel()
	var errs []error
	for _, c := range l.ports {
		errs = append(errs, c.Close())
	}
	l.work.Wait()
	return errors.Join(errs...)
}
