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
	texts       []string
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

// field is a text of the file and where it stands.
type field struct {
	text string
	place
}

func (f field) set() bool { return f.text != "" }

// Host reports whether the node is no device: it has addresses and no command line.
func (n *NodeSpec) Host() bool { return n.product == nil }

// Product is what a device is, nil for a host.
func (n *NodeSpec) Product() device.Product { return n.product }

// Credentials are the user and password of a login on it.
func (n *NodeSpec) Credentials() Credentials { return n.credentials }

// Startup is the start-up configuration; ok is false where the file has none.
func (n *NodeSpec) Startup() (text string, ok bool, err error) {
	texts := n.texts
	if n.path.set() {
		path, err := n.replace(n.path)
		if err != nil {
			return "", false, err
		}
		text, err := n.path.readFile(path)
		if err != nil {
			return "", false, err
		}
		texts = append([]string{text}, texts...)
	}
	if len(texts) == 0 {
		return "", false, nil
	}
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(t)
		if !strings.HasSuffix(t, "\n") {
			b.WriteByte('\n')
		}
	}
	if n.i == 0 {
		return b.String(), true, nil
	}
	text, err = n.i.in(b.String())
	return text, true, err
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
	if _, err := n.addrs(n.gateways); err != nil {
		return err
	}
	if _, err := n.prefixes(); err != nil {
		return err
	}
	_, _, err := n.Startup()
	return err
}

// LinkSpec is a link: the interfaces on it.
type LinkSpec struct{ Ends []End }

// End is an interface of a node, by the names of both.
type End struct{ Node, Interface string }
