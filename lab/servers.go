package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"

	"vtylab/aaaserver"
	"vtylab/network"
)

// The protocols that a host may be a server of.
const (
	serveTACACS = "tacacs"
	serveRADIUS = "radius"
)

// serverPorts are the ports of a protocol: of TACACS+ one of TCP, of RADIUS the old and the
// new ones of authentication and accounting.
var serverPorts = map[string][]network.Port{
	serveTACACS: {{Proto: network.TCP, Number: 49}},
	serveRADIUS: {{Proto: network.UDP, Number: 1645}, {Proto: network.UDP, Number: 1646}, {Proto: network.UDP, Number: 1812}, {Proto: network.UDP, Number: 1813}},
}

// box is a server in a box that runs on a host.
type box struct {
	*aaaserver.Server
	ctx    context.Context
	cancel context.CancelFunc
	ports  []io.Closer
	work   sync.WaitGroup
}

// serve starts the server of a host: its configuration is the text of the node.
func (l *Lab) serve(n *Node) error {
	text, _, err := n.Startup()
	if err != nil {
		return err
	}
	c, err := aaaserver.Load(n.Name, []byte(text))
	var bad *aaaserver.Error
	if errors.As(err, &bad) && bad.Line > 0 {
		return fmt.Errorf("%s: %s", n.where(bad.Line), bad.Text)
	}
	if err != nil {
		return err
	}
	var log io.Writer
	if l.o.Log != nil {
		log = recordLog{l.o.Log.WithField("server", n.Name)}
	}
	server, err := aaaserver.New(c, aaaserver.Options{Random: rand.Reader, Log: log})
	if err != nil {
		return err
	}
	b := &box{Server: server}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	n.Server, n.box = server, b
	for _, p := range portsOf(n.kind.server, c) {
		if err := b.open(n.Net, p); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	return nil
}

// portsOf are the ports that a server listens on.
func portsOf(protocol string, c *aaaserver.Config) []network.Port {
	usual := serverPorts[protocol]
	if len(c.Ports) == 0 {
		return usual
	}
	var own []network.Port
	for _, n := range c.Ports {
		own = append(own, network.Port{Proto: usual[0].Proto, Number: n})
	}
	return own
}

// recordLog tells the operator of records, one a line.
type recordLog struct{ log logrus.FieldLogger }

func (r recordLog) Write(p []byte) (int, error) {
	r.log.Info(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

// open opens a port of the server.
func (b *box) open(n *network.Node, p network.Port) error {
	p.VRF = network.AllVRFs
	var c io.Closer
	var err error
	if p.Proto == network.TCP {
		c, err = n.Listen(p, func(network.Flow) (network.Handler, *network.Verdict) {
			return func(conn network.Conn) { _ = b.ServeTACACS(b.ctx, conn) }, nil // the device says what it got
		})
	} else {
		c, err = n.Receive(p, b.receive)
	}
	if err == nil {
		b.ports = append(b.ports, c)
	}
	return err
}

// receive answers a datagram without keeping the next one waiting: there may be as many on
// their way as a port of the network holds.
func (b *box) receive(d network.Datagram) {
	data := append([]byte(nil), d.Data...)
	b.work.Go(func() {
		if reply := b.ReplyRADIUS(b.ctx, d.Flow.Remote, data); reply != nil {
			_ = d.Reply(reply) // what is lost is asked for again
		}
	})
}

// close ends the server.
func (b *box) close() {
	b.cancel()
	for _, c := range b.ports {
		c.Close()
	}
	b.work.Wait()
}
