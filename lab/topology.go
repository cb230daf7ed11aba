package lab

import (
	"net/netip"
	"strings"

	"vtylab/device"
	"vtylab/network"
)

// Topology is what a topology file says, with everything inherited and counted out.
type Topology struct {
	Name string
	// Uplink is how far addresses lead that no node has; the file's `uplink`.
	Uplink network.Uplink
	Nodes  []NodeSpec // devices and hosts, in the order of the file
	Links  []LinkSpec // two ends and more: a bridge is the links to it in one
	// Ignored is what of the file has no effect here, a sentence each.
	Ignored []string
}

// Devices is the number of nodes that are devices.
func (t *Topology) Devices() (n int) {
	for i := range t.Nodes {
		if !t.Nodes[i].Host() {
			n++
		}
	}
	return n
}

// NodeSpec is a device or a host of a topology.
type NodeSpec struct {
	Name string
	*design
	i count // its number, 0 where the key stands for one node
}

// design is what all nodes of one key of the file share.
type design struct {
	kind    kind
	product device.Product // nil for a host
	chassis bool           // the type has named one
	// texts make the start-up configuration, one behind the other; path is a file
	// whose name needs the number of the node.
	texts       []source
	path        field
	enforce     bool
	addresses   []address // of a host
	gateways    []field
	management  []field
	credentials Credentials
}

// Credentials are the user and password of a login, as far as the file has them: for the files
// that other programs read.
type Credentials struct{ User, Password, IdentityFile string }

// address is an address of a host, on an interface; "" is the first that is linked.
type address struct {
	iface string
	field
}

// field is a text of the file and where it stands. First is where the first line of a
// text stands that is a block (|), whose lines are those of the file; zero for others.
type field struct {
	text string
	place
	first place
}

// source is a part of a start-up configuration: a text of the topology file, or a file
// beside it.
type source struct {
	text  string
	value place // of a text that is no block
	first place // of the first line, column 0 in a file of its own
}

// at is where a line stands, from 1; text is the line.
func (s *source) at(line int, text string) place {
	if s.first.file == "" {
		return s.value
	}
	p := s.first
	p.line += line - 1
	if p.column > 0 {
		p.column += len(text) - len(strings.TrimLeft(text, " \t"))
	}
	return p
}

func (f field) set() bool { return f.text != "" }

func (f field) source() source { return source{f.text, f.place, f.first} }

// Host reports whether the node is no device: it has addresses and no command line.
func (n *NodeSpec) Host() bool { return n.product == nil }

// Product is what a device is, nil for a host.
func (n *NodeSpec) Product() device.Product { return n.product }

// Credentials are the user and password of a login on it.
func (n *NodeSpec) Credentials() Credentials { return n.credentials }

// Startup is the start-up configuration; ok is false where the file has none.
func (n *NodeSpec) Startup() (text string, ok bool, err error) {
	sources, err := n.sources()
	if err != nil || len(sources) == 0 {
		return "", false, err
	}
	var b strings.Builder
	for _, s := range sources {
		b.WriteString(s.text)
		if !strings.HasSuffix(s.text, "\n") {
			b.WriteByte('\n')
		}
	}
	if n.i == 0 {
		return b.String(), true, nil
	}
	text, err = n.i.in(b.String())
	return text, true, err
}

// sources are what the start-up configuration is made of, in order.
func (n *NodeSpec) sources() ([]source, error) {
	if !n.path.set() {
		return n.texts, nil
	}
	path, err := n.replace(n.path)
	if err != nil {
		return nil, err
	}
	text, err := n.path.readFile(path)
	if err != nil {
		return nil, err
	}
	return append([]source{n.path.fileSource(path, text)}, n.texts...), nil
}

// where names a line of the start-up configuration: "lab.yml:7:9: line" in the topology
// file, "r1.cfg:3: line" in another.
func (n *NodeSpec) where(line int) string {
	sources, err := n.sources()
	if err != nil {
		return "startup-config line"
	}
	for i := range sources {
		lines := strings.Split(strings.TrimSuffix(sources[i].text, "\n"), "\n")
		if line <= len(lines) {
			return sources[i].at(line, lines[line-1]).String() + ": line"
		}
		line -= len(lines)
	}
	return "startup-config line"
}

// replace is a text of the file for this node.
func (n *NodeSpec) replace(f field) (string, error) {
	if n.i == 0 {
		return f.text, nil
	}
	text, err := n.i.in(f.text)
	if err != nil {
		return "", f.errorf("%v", err)
	}
	return text, nil
}

// Management are the addresses that the file gives it on the management network.
func (n *NodeSpec) Management() (all []netip.Addr, err error) {
	return n.addrs(n.management)
}

func (n *NodeSpec) addrs(fields []field) (all []netip.Addr, err error) {
	for _, f := range fields {
		text, err := n.replace(f)
		if err != nil {
			return nil, err
		}
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, f.errorf("%q: want an address", text)
		}
		all = append(all, a)
	}
	return all, nil
}

// prefixes are the addresses of a host by the interface that the file names, "" for none.
func (n *NodeSpec) prefixes() (map[string][]netip.Prefix, error) {
	all := map[string][]netip.Prefix{}
	for _, a := range n.addresses {
		text, err := n.replace(a.field)
		if err != nil {
			return nil, err
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, a.errorf("%q: want ADDRESS/LENGTH", text)
		}
		all[a.iface] = append(all[a.iface], p)
	}
	return all, nil
}

// check finds what is wrong with the texts of a node.
func (n *NodeSpec) check() error {
	if _, err := n.Management(); err != nil {
		return err
	}
	gateways, err := n.addrs(n.gateways)
	if err != nil {
		return err
	}
	prefixes, err := n.prefixes()
	if err != nil {
		return err
	}
	if err := n.checkGateways(prefixes, gateways); err != nil {
		return err
	}
	_, _, err = n.Startup()
	return err
}

// LinkSpec is a link: the interfaces on it.
type LinkSpec struct {
	Ends []End
	at   []place // of each end in the file
}

// End is an interface of a node, by the names of both.
type End struct{ Node, Interface string }
