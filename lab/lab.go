package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/sirupsen/logrus"

	"vtylab/aaaserver"
	"vtylab/device"
	"vtylab/keyring"
	"vtylab/network"
	"vtylab/products"
)

// Options bring a lab its surroundings.
type Options struct {
	// StateDir keeps each device in a directory of its name; "" keeps all in memory. A
	// configuration that a device has saved there comes before that of the topology,
	// unless this has enforce-startup-config.
	StateDir string
	// Keys are the host keys of devices that have none when they boot: neither saved nor
	// made by a `crypto key generate` of their configuration. nil gives none.
	Keys Keys
	// Uplink is how far addresses lead that no node has. 127.0.0.0/8 and ::1 are a
	// device's own, except with UplinkLoopback, where they are the host. Dial connects
	// there; nil connects to nothing.
	Uplink network.Uplink
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	// Echo sends echo requests there; nil sends none.
	Echo network.EchoFunc
	// Log is for the operator; nil discards.
	Log logrus.FieldLogger
}

// Lab is a topology that runs.
type Lab struct {
	Topology *Topology
	Fabric   *network.Fabric
	// Nodes are devices and hosts in the order of the topology, Devices only those.
	Nodes, Devices []*Node

	o       Options
	byName  map[string]*Node
	refused atomic.Int64
}

// socket is an interface that a link names, and where in the file.
type socket struct {
	iface string
	at    place
}

// Node is a device or a host that runs.
type Node struct {
	*NodeSpec
	Net     *network.Node
	Device  *device.Device    // nil for a host
	Server  *aaaserver.Server // of a host that is one, else nil
	listens io.Closer         // the server
	linked  []socket          // interfaces that links name, in the order of the links
}

// Start builds the network of a topology and boots its devices, on all processors. It
// returns when all of them have booted. After an error nothing runs.
func Start(t *Topology, o Options) (*Lab, error) {
	l := &Lab{Topology: t, o: o, byName: make(map[string]*Node, len(t.Nodes))}
	l.Fabric = network.NewFabric(network.FabricOptions{Uplink: o.Uplink, Dial: o.Dial, Echo: o.Echo})
	if err := l.wire(); err != nil {
		return nil, err
	}
	if err := l.each(l.Nodes, l.boot); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// wire makes the nodes and plugs in their cables, before anything is configured.
func (l *Lab) wire() error {
	for i := range l.Topology.Nodes {
		spec := &l.Topology.Nodes[i]
		node, err := l.Fabric.Add(spec.Name)
		if err != nil {
			return err
		}
		n := &Node{NodeSpec: spec, Net: node}
		l.Nodes, l.byName[n.Name] = append(l.Nodes, n), n
		if !n.Host() {
			l.Devices = append(l.Devices, n)
		}
	}
	for i, link := range l.Topology.Links {
		s := l.Fabric.Segment(fmt.Sprintf("link %d", i+1))
		for j, e := range link.Ends {
			n := l.byName[e.Node]
			n.linked = append(n.linked, socket{e.Interface, link.at[j]})
			l.Fabric.Connect(n.Net, e.Interface, s)
		}
	}
	return nil
}

// each does something for many nodes, as many at once as there are processors, and
// returns what went wrong with the first of them that failed.
func (l *Lab) each(nodes []*Node, do func(*Node) error) error {
	var next atomic.Int64
	var failed atomic.Bool
	errs := make([]error, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for w := range errs {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(nodes) && !failed.Load(); i = int(next.Add(1)) - 1 {
				if err := do(nodes[i]); err != nil {
					errs[w] = fmt.Errorf("%s: %w", nodes[i].Name, err)
					failed.Store(true)
				}
			}
		})
	}
	work.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// hostname is what a device takes as its name; a node may have others.
var hostname = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,62}$`)

// boot starts one node.
func (l *Lab) boot(n *Node) (err error) {
	if n.Host() {
		if err := n.configureHost(); err != nil || n.kind.server == "" {
			return err
		}
		return l.serve(n)
	}
	o := device.Options{Network: n.Net}
	if l.o.Keys != nil {
		o.HostKey = func(label string) (*keyring.Pair, error) { return l.o.Keys(n.Name, label) }
	}
	if hostname.MatchString(n.Name) {
		o.Hostname = n.Name
	}
	if l.o.Log != nil {
		o.Log = l.o.Log.WithField("device", n.Name)
	}
	if l.o.StateDir != "" {
		o.StateDir = filepath.Join(l.o.StateDir, n.Name)
	}
	if n.enforce || o.StateDir == "" || !device.HasStartup(o.StateDir) {
		if o.Startup, err = n.startup(); err != nil {
			return err
		}
		o.Where = n.where
	}
	for _, x := range n.linked {
		if !products.HasPort(n.product, x.iface) {
			o.Ports = append(o.Ports, x.iface)
		}
	}
	if n.Device, err = device.New(n.product, o); err != nil {
		return err
	}
	l.refused.Add(int64(n.Device.Refused()))
	l.checkLinks(n)
	return nil
}

// checkLinks warns of links to interfaces that a device does not have. They come up when
// somebody configures them.
func (l *Lab) checkLinks(n *Node) {
	s := n.Device.Settings()
	if l.o.Log == nil || s.Ports == nil || s.Network.Interface == nil {
		return
	}
	for _, x := range n.linked {
		if _, ok := s.Network.Interface(x.iface); !ok {
			l.o.Log.WithField("device", n.Name).Warnf("%s: link to %s: the device has no such interface", x.at, x.iface)
		}
	}
}

func (n *NodeSpec) startup() (*string, error) {
	text, ok, err := n.Startup()
	if !ok || err != nil {
		return nil, err
	}
	return &text, nil
}

// Node is a node by its name, nil when there is none.
func (l *Lab) Node(name string) *Node { return l.byName[name] }

// Refused is how many lines of start-up configurations devices have refused.
func (l *Lab) Refused() int { return int(l.refused.Load()) }

// Close ends all devices, and returns when they have ended.
func (l *Lab) Close() error {
	var mu sync.Mutex
	var errs []error
	l.each(l.Nodes, func(n *Node) error {
		if n.listens != nil {
			n.listens.Close()
		}
		if n.Device == nil {
			return nil
		}
		if err := n.Device.Close(); err != nil {
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, fmt.Errorf("%s: %w", n.Name, err))
		}
		return nil
	})
	return errors.Join(errs...)
}

// Address is where a node is reached on its own network: the management address that
// the topology gives it, else the first address of a management interface, else the
// first there is. It is not valid where there is none.
func (n *Node) Address() netip.Addr {
	if all, err := n.Management(); err == nil && len(all) > 0 {
		return all[0]
	}
	var first netip.Addr
	for i := range n.interfaces() {
		for _, a := range i.Addresses {
			if i.ManagementOnly {
				return a.Addr()
			}
			if !first.IsValid() {
				first = a.Addr()
			}
		}
	}
	return first
}

// interfaces are those of the configuration of a device.
func (n *Node) interfaces() func(func(network.Interface) bool) {
	if n.Device == nil || n.Device.Settings().Network.Interfaces == nil {
		return func(func(network.Interface) bool) {}
	}
	return n.Device.Settings().Network.Interfaces
}
