package lab

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"vtylab/aaaserver"
	"vtylab/device"
	"vtylab/products"
)

// role is what a node is to the network.
type role int

const (
	roleDevice role = iota
	roleHost
	roleBridge
)

// kind is what a node can be, by the words that a file may have for it.
type kind struct {
	names    string // separated by blanks
	role     role
	platform string // of a device
	chassis  string // of its platform; "" is the usual one
	server   string // of a host: the protocol that it answers (package aaaserver)
	// eth is the name of data interface i, which the file may call ethI; "" where
	// there is no rule.
	eth string
}

// kinds are containerlab's, and the platforms that stand in for them. The interfaces
// are those of containerlab's documents and of vrnetlab.
var kinds = []kind{
	{"cisco_iol", roleDevice, "iosxe-17.15", "", "", "Ethernet{i/4}/{i%4}"},
	{"cisco_csr1000v vr-cisco_csr1000v vr-csr vr-cisco_csr cisco_csr cisco_c8000v c8000v", roleDevice, "iosxe-17.15", "c8000v", "", "GigabitEthernet{i+1}"},
	{"cisco_cat9kv vr-cisco_cat9kv vr-cat9kv", roleDevice, "iosxe-17.15", "cat9kv", "", "GigabitEthernet1/0/{i}"},
	{"cisco_vios vr-cisco_vios vr-vios cisco_viosl2", roleDevice, "ios-15.5", "", "", "GigabitEthernet0/{i}"},
	{"cisco_asav vr-cisco_asav vr-asav", roleDevice, "asa-9.20", "", "", "GigabitEthernet0/{i-1}"},
	{"host linux", roleHost, "", "", "", "eth{i}"},
	{"tacacs", roleHost, "", "", aaaserver.TACACS, "eth{i}"},
	{"radius", roleHost, "", "", aaaserver.RADIUS, "eth{i}"},
	{"bridge ovs-bridge", roleBridge, "", "", "", "eth{i}"},
}

// ethOf is the same for kinds that are platforms themselves, by platform.
var ethOf = map[string]string{
	"ios-15.5":    "GigabitEthernet0/{i}",
	"iosxe-3se":   "GigabitEthernet1/0/{i}",
	"iosxe-17.15": "Ethernet{i/4}/{i%4}",
	"asa-9.20":    "GigabitEthernet0/{i-1}",
}

// ansibleOf is how Ansible talks to a platform.
func ansibleOf(platform string) ansible {
	family, _, _ := strings.Cut(platform, "-")
	if a, ok := ansibles[family]; ok {
		return a
	}
	return ansible{family, "cisco.ios.ios"}
}

// ansibles are Ansible's words for the platforms, by the first word of their names.
var ansibles = map[string]ansible{
	"ios":   {"ios", "cisco.ios.ios"},
	"iosxe": {"ios", "cisco.ios.ios"},
	"asa":   {"asa", "cisco.asa.asa"},
}

// allKinds are the kinds by each of their names.
var allKinds = sync.OnceValue(func() map[string]kind {
	all := map[string]kind{}
	for _, k := range kinds {
		for _, name := range strings.Fields(k.names) {
			all[name] = k
		}
	}
	for _, p := range products.All() {
		all[p.Name()] = kind{p.Name(), roleDevice, p.Name(), "", "", ethOf[p.Name()]}
	}
	return all
})

// kindNames are all words for a kind.
func kindNames() string {
	var names []string
	for _, p := range products.All() {
		names = append(names, p.Name())
	}
	for _, k := range kinds {
		names = append(names, strings.Fields(k.names)...)
	}
	return strings.Join(names, ", ")
}

// product is the platform of a kind, on the chassis that a type names. A type that is
// only containerlab's is left out of account: chassis is false.
func (k kind) product(typ string) (p device.Product, chassis bool, err error) {
	p, err = products.Lookup(k.platform)
	if err == nil && k.chassis != "" {
		p, err = products.On(p, k.chassis)
	}
	if err != nil || typ == "" {
		return p, false, err
	}
	on, err := products.On(p, typ)
	switch {
	case err == nil:
		return on, true, nil
	case k.names == k.platform:
		return nil, false, err
	}
	return p, false, nil
}

// ethNumber is N of ethN; ok is false for other names.
func ethNumber(name string) (n int, ok bool) {
	digits, found := strings.CutPrefix(name, "eth")
	if !found || digits == "" || len(digits) > 4 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	fmt.Sscan(digits, &n)
	return n, true
}

// portName is what an interface is called on the node, by the name that a link has for
// it. Nothing is plugged into eth0, the management interface, under that name.
func (k kind) portName(name string, chassis bool) (string, error) {
	n, ok := ethNumber(name)
	switch {
	case !ok || k.role != roleDevice:
		return name, nil
	case n == 0:
		return "", fmt.Errorf("eth0 is the management interface, which no link needs")
	case k.eth == "" || chassis:
		return "", fmt.Errorf("%s of this type has no rule for %s, want the interface's own name", strings.Fields(k.names)[0], name)
	}
	return count(n).in(k.eth)
}

// special endpoints stand for something of the host that containerlab runs on.
var special = words(`host mgmt-net macvlan macvtap vxlan vxlan-stitch dummy`)

func isSpecial(node string) bool { return slices.Contains(special, node) }
