package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// write puts a file into a directory of the test and returns its path.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// head begins a file whose nodes follow.
const head = "name: x\ntopology:\n  nodes:\n"

// What is wrong with a file is told with its line and column.
func TestMistakes(t *testing.T) {
	const kinds = `ios-15.5, iosxe-3se, iosxe-17.15, asa-9.20, cisco_iol, cisco_csr1000v, vr-cisco_csr1000v, vr-csr, vr-cisco_csr, cisco_csr, ` +
		`cisco_c8000v, c8000v, cisco_cat9kv, vr-cisco_cat9kv, vr-cat9kv, cisco_vios, vr-cisco_vios, vr-vios, cisco_viosl2, ` +
		`cisco_asav, vr-cisco_asav, vr-asav, host, linux, tacacs, radius, bridge, ovs-bridge`
	tests := []struct{ what, text, want string }{
		{"an empty file", "", `lab.yml: want a mapping with name and topology`},
		{"a list", "- a\n", `lab.yml:1:1: want a mapping with name and topology`},
		{"no name", "topology: {nodes: {}}\n", `lab.yml:1:1: no name, want name: NAME`},
		{"no topology", "name: x\n", `lab.yml:1:1: no topology, want topology: with nodes`},
		{"a name with a slash", "name: a/b\ntopology: {}\n", `lab.yml:1:7: name "a/b": want letters, digits, and . _ - between them, 64 at most`},
		{"no YAML", "name: [\n", `lab.yml:1:7: sequence end token ']' not found`},
		{"a key twice", head + "    r1: {kind: host}\n    r1: {kind: host}\n", `lab.yml:5:5: mapping key "r1" already defined at [4:5]`},
		{"two documents", "name: x\n---\nname: y\n", `lab.yml:3:1: a second document, want one`},
		{"an unknown key of the file", "nmae: x\n", `lab.yml:1:1: unknown key "nmae", want one of name, uplink, topology, prefix, mgmt, settings, debug`},
		{"an unknown key of topology", "name: x\ntopology:\n  node:\n", `lab.yml:3:3: unknown key "node", want one of defaults, kinds, groups, nodes, links`},
		{"an unknown key of a node", head + "    r1:\n      knid: host\n", `lab.yml:5:7: unknown key "knid", want one of kind, type, group, startup-config, ` +
			`enforce-startup-config, config, count, address, gateway, mgmt-ipv4, mgmt-ipv6, mgmt_ipv4, mgmt_ipv6, credentials, username, password, or another key of containerlab`},
		{"an unknown key of a link", head + "    r1: {kind: host}\n  links:\n    - endpoint: [\"r1:eth1\"]\n      lables: {}\n", `lab.yml:7:7: unknown key "lables", want one of ` +
			`endpoints, endpoint, type, count, vars, labels, mtu, host-interface, mode, remote, vni, dst-port, udp-port, src-port, mac, ipv4, ipv6, link-apply-mode`},
		{"an unknown key of config", head + "    r1: {kind: ios-15.5, config: {var: 1}}\n", `lab.yml:4:35: unknown key "var", want one of vars`},
		{"no kind", head + "    r1:\n", `lab.yml:4:5: node "r1" has no kind, want one of ` + kinds},
		{"a kind that cannot be run", head + "    r1: {kind: ceos}\n", `lab.yml:4:16: unknown kind "ceos", want one of ` + kinds + ` (--skip-unknown leaves such nodes out)`},
		{"a node that is a text", head + "    r1: host\n", `lab.yml:4:9: r1: want a mapping`},
		{"a name with a blank", head + "    r 1: {kind: host}\n", `lab.yml:4:5: node "r 1": want a letter or digit, then letters, digits and . _ -, 63 in all at most`},
		{"the name of the host", head + "    host: {kind: host}\n", `lab.yml:4:5: node "host": the name stands for the host in links`},
		{"a list as a text", head + "    r1: {kind: [host]}\n", `lab.yml:4:16: kind: want a text`},
		{"a file that is not there", head + "    r1: {kind: ios-15.5, startup-config: r9.cfg}\n", `lab.yml:4:42: startup-config: open r9.cfg: no such file or directory`},
		{"a directory", head + "    r1: {kind: ios-15.5, startup-config: .}\n", `lab.yml:4:42: startup-config: .: want a file`},
		{"a URL", head + "    r1: {kind: ios-15.5, startup-config: 'http://x/y'}\n", `lab.yml:4:42: startup-config "http://x/y": want a file beside the topology file`},
		{"an address of a device", head + "    r1: {kind: ios-15.5, address: 10.0.0.1/8}\n", `lab.yml:4:35: address: want a node of kind host; a device has those of its configuration`},
		{"an address without a length", head + "    h1: {kind: host, address: 10.0.0.1}\n", `lab.yml:4:31: "10.0.0.1": want ADDRESS/LENGTH`},
		{"a gateway that is a name", head + "    h1: {kind: host, gateway: r1}\n", `lab.yml:4:31: "r1": want an address`},
		{"a gateway in no network of the host", head + "    h1: {kind: host, address: [10.0.0.1/24, '2001:db8::1/64'], gateway: [10.0.0.9, 'fe80::1', 10.0.1.9]}\n",
			`lab.yml:4:95: gateway 10.0.1.9: want an address in a network of the host`},
		{"a gateway of a host without addresses", head + "    h1: {kind: host, gateway: 10.0.0.9}\n", `lab.yml:4:31: gateway 10.0.0.9: want an address in a network of the host`},
		{"a management address", head + "    r1: {kind: ios-15.5, mgmt-ipv4: 10.0.0.256}\n", `lab.yml:4:37: "10.0.0.256": want an address`},
		{"a user name of two lines", head + "    r1:\n      kind: ios-15.5\n      username: \"admin\\n    ProxyCommand x\"\n",
			`lab.yml:6:17: username "admin\n    ProxyCommand x": want no blanks, control characters, quotes and #`},
		{"a user name with a blank", head + "    r1: {kind: ios-15.5, credentials: {username: a b}}\n", `lab.yml:4:50: username "a b": want no blanks, control characters, quotes and #`},
		{"a user name with a quote", head + "    r1: {kind: ios-15.5, username: a\"b}\n", `lab.yml:4:36: username "a\"b": want no blanks, control characters, quotes and #`},
		{"a user name with a comment", head + "    r1: {kind: ios-15.5, username: a#b}\n", `lab.yml:4:36: username "a#b": want no blanks, control characters, quotes and #`},
		{"a password of two lines", head + "    r1: {kind: ios-15.5, password: \"a\\nb\"}\n", `lab.yml:4:36: password: want no control characters`},
		{"an identity file of two lines", head + "    r1: {kind: ios-15.5, credentials: {identity-file: \"a\\nb\"}}\n", `lab.yml:4:55: identity-file: want no control characters`},
		{"a zone of two lines", head + "    r1: {kind: ios-15.5, mgmt-ipv6: \"fe80::1%a\\nb\"}\n", `lab.yml:4:37: mgmt-ipv6: want no control characters`},
		{"a file with a control character", head + "    r1: {kind: ios-15.5, startup-config: \"a\\eb\"}\n", `lab.yml:4:42: startup-config "a\x1bb": want no control characters in the name of a file`},
		{"a key with a control character", "name: x\n\"pre\\efix\": y\n", `lab.yml:2:1: key of topology file: want no control characters`},
		{"a group with a control character", "name: x\ntopology:\n  groups:\n    \"g\\e[2J\": {binds: []}\n", `lab.yml:4:5: key of groups: want no control characters`},
		{"a node with a control character", head + "    \"r\\e[2J\": host\n", `lab.yml:4:5: key of nodes: want no control characters`},
		{"a kind with a control character", head + "    r1: {kind: \"x\\u009b2J\"}\n", `lab.yml:4:16: kind: want no control characters`},
		{"an interface with a control character", head + "    r1: {kind: host}\n  links:\n    - endpoints: [\"r1:a\\eb\", \"r1:eth2\"]\n", `lab.yml:6:19: endpoint: want no control characters`},
		{"an interface of two lines", head + "    r1: {kind: host}\n  links:\n    - endpoint: {node: r1, interface: \"a\\nb\"}\n", `lab.yml:6:39: interface: want no control characters`},
		{"an anchor with a control character", head + "    r1: *a\x1bb\n", `lab.yml:4:9: no anchor &a.b for the alias *a.b`},
		{"an uplink", "name: x\nuplink: some\n", `lab.yml:2:9: uplink "some": want any, loopback or none`},
		{"neither true nor false", head + "    r1: {kind: ios-15.5, enforce-startup-config: maybe}\n", `lab.yml:4:50: enforce-startup-config "maybe": want true or false`},
		{"a count", head + "    r{i}: {kind: host, count: 0}\n", `lab.yml:4:31: count "0": want a number from 1 to 100000`},
		{"a large count", head + "    r{i}: {kind: host, count: 100001}\n", `lab.yml:4:31: count "100001": want a number from 1 to 100000`},
		{"too many nodes", head + "    r{i}: {kind: host, count: 100000}\n    s: {kind: host}\n", `lab.yml:5:5: more than 100000 nodes`},
		{"a count without {i}", head + "    r: {kind: host, count: 2}\n", `lab.yml:4:5: node "r": there is one already, want {i} in the name`},
		{"a division by 0", head + "    r{i}: {kind: host, count: 2, address: '10.0.0.{i/0}/8'}\n", `lab.yml:4:43: {i/0}: division by 0`},
		{"a sum that is none", head + "    r{i+}: {kind: host, count: 2}\n", `lab.yml:4:5: {i+}: want i with +, -, *, / and % and whole numbers`},
		{"a link to nobody", head + "    r1: {kind: host}\n  links:\n    - endpoints: [\"r1:eth1\", \"r2:eth1\"]\n", `lab.yml:6:30: no node "r2"`},
		{"a link without an interface", head + "    r1: {kind: host}\n  links:\n    - endpoints: [\"r1:eth1\", \"r1\"]\n", `lab.yml:6:30: endpoint "r1": want NODE:INTERFACE`},
		{"a link with one end", head + "    r1: {kind: host}\n  links:\n    - endpoints: [\"r1:eth1\"]\n", `lab.yml:6:7: link with 1 endpoints, want two or more`},
		{"an interface in two links", head + "    r1: {kind: ios-15.5}\n    r2: {kind: ios-15.5}\n  links:\n    - endpoints: [\"r1:eth1\", \"r2:eth1\"]\n" +
			"    - endpoints: [\"r1:GigabitEthernet0/1\", \"r2:eth2\"]\n", `lab.yml:8:19: GigabitEthernet0/1 of r1 is in another link`},
		{"the management interface", head + "    r1: {kind: ios-15.5}\n    r2: {kind: host}\n  links:\n    - endpoints: [\"r1:eth0\", \"r2:eth1\"]\n",
			`lab.yml:7:19: r1: eth0 is the management interface, which no link needs`},
		{"a type of link", head + "    r1: {kind: host}\n  links:\n    - {type: wire, endpoint: \"r1:eth1\"}\n", `lab.yml:6:14: unknown type of link "wire", want one of veth, host, mgmt-net, macvlan, macvtap, vxlan, vxlan-stitch, dummy`},
		{"a chassis", head + "    r1: {kind: ios-15.5, type: 7600}\n", `lab.yml:4:32: type: no chassis "7600"; ios-15.5 has iosv, 7206, 7507, 12008`},
		{"eth1 of a chassis", head + "    r1: {kind: ios-15.5, type: 7206}\n    r2: {kind: host}\n  links:\n    - endpoints: [\"r1:eth1\", \"r2:eth1\"]\n",
			`lab.yml:7:19: r1: ios-15.5 of this type has no rule for eth1, want the interface's own name`},
		{"an alias without an anchor", head + "    r1: *none\n", `lab.yml:4:9: no anchor &none for the alias *none`},
		{"an alias of itself", head + "    r1: &a\n      <<: *a\n", `lab.yml:5:7: r1: merged with itself`},
		{"nested too deep", "name: " + strings.Repeat("[", 100) + "\n", `lab.yml:1:71: nested too deep`},
		{"nested too deep on a line", strings.Repeat("- ", 1000) + "\n", `lab.yml:1:513: nested too deep`},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			_, err := Parse("lab.yml", tt.text, LoadOptions{})
			if err == nil || err.Error() != tt.want {
				t.Errorf("%s\nis read with  %v\nwant          %s", tt.text, err, tt.want)
			}
		})
	}
}

// outline is what a topology comes to, in a few lines.
func outline(t *testing.T, top *Topology) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, uplink %s\n", top.Name, top.Uplink)
	for i := range top.Nodes {
		n := &top.Nodes[i]
		fmt.Fprintf(&b, "%s:", n.Name)
		if n.Host() {
			p, err := n.prefixes()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, " host %v", p)
		} else {
			fmt.Fprintf(&b, " %s", n.Product().Name())
		}
		if text, ok, err := n.Startup(); err != nil {
			t.Fatal(err)
		} else if ok {
			fmt.Fprintf(&b, " %q", text)
		}
		if all, _ := n.Management(); len(all) > 0 {
			fmt.Fprintf(&b, " at %v", all)
		}
		if n.credentials != (Credentials{}) {
			fmt.Fprintf(&b, " as %v", n.credentials)
		}
		b.WriteByte('\n')
	}
	for _, l := range top.Links {
		fmt.Fprintln(&b, l.Ends)
	}
	for _, i := range top.Ignored {
		fmt.Fprintln(&b, i)
	}
	return b.String()
}

// What a file comes to.
func TestFiles(t *testing.T) {
	tests := []struct{ what, text, want string }{
		{"two routers", `
name: two
uplink: loopback
topology:
  nodes:
    r1:
      kind: iosxe-17.15
      config: |
        hostname R1
    r2: {kind: ios-15.5, mgmt-ipv4: 172.20.20.3, credentials: {username: admin, password: x}}
  links:
    - endpoints: ["r1:Ethernet0/1", "r2:Gi0/1"]
`, `
two, uplink loopback
r1: iosxe-17.15 "hostname R1\n"
r2: ios-15.5 at [172.20.20.3] as {admin x }
[{r1 Ethernet0/1} {r2 Gi0/1}]
`},
		{"defaults, a kind, a group and the node, each more particular than the one before", `
name: inherit
topology:
  defaults:
    kind: cisco_iol
    config: "line 1"
    startup-config: |
      of all
      of them
  kinds:
    cisco_iol: {config: "line 2\n", mgmt-ipv4: 10.0.0.1}
  groups:
    edge: {config: "line 3", kind: cisco_vios, startup-config: "of the group\n!"}
  nodes:
    a: {config: "line 4"}
    b: {group: edge, mgmt-ipv4: 10.0.0.2}
    c:
`, `
inherit, uplink none
a: iosxe-17.15 "of all\nof them\nline 1\nline 2\nline 4\n" at [10.0.0.1]
b: ios-15.5 "of the group\n!\nline 1\nline 3\n" at [10.0.0.2]
c: iosxe-17.15 "of all\nof them\nline 1\nline 2\n" at [10.0.0.1]
`},
		{"containerlab's kinds and names of interfaces", `
name: names
topology:
  nodes:
    iol: {kind: cisco_iol}
    csr: {kind: vr-csr}
    c8k: {kind: cisco_c8000v}
    cat: {kind: cisco_cat9kv}
    vios: {kind: cisco_vios}
    asav: {kind: cisco_asav}
    own: {kind: iosxe-3se}
    pc: {kind: linux}
  links:
    - endpoints: ["iol:eth1", "csr:eth1"]
    - endpoints: ["iol:eth5", "c8k:eth2"]
    - endpoints: ["cat:eth1", "vios:eth1"]
    - endpoints: ["asav:eth1", "own:eth1"]
    - endpoints: ["pc:eth1", "own:Gi1/0/2"]
`, `
names, uplink none
iol: iosxe-17.15
csr: iosxe-17.15
c8k: iosxe-17.15
cat: iosxe-17.15
vios: ios-15.5
asav: asa-9.20
own: iosxe-3se
pc: host map[]
[{iol Ethernet0/1} {csr GigabitEthernet2}]
[{iol Ethernet1/1} {c8k GigabitEthernet3}]
[{cat GigabitEthernet1/0/1} {vios GigabitEthernet0/1}]
[{asav GigabitEthernet0/0} {own GigabitEthernet1/0/1}]
[{pc eth1} {own Gi1/0/2}]
`},
		{"bridges, links with many ends, links of other types", `
name: segments
topology:
  defaults: {kind: host}
  nodes:
    a:
    b:
    c:
    d:
    e:
    lan: {kind: bridge}
    wan: {kind: ovs-bridge}
  links:
    - endpoints: ["a:eth1", "lan:p1"]
    - endpoints: ["b:eth1", "wan:p1"]
    - endpoints: ["c:eth1", "d:eth1", "e:eth1"]
    - endpoints: ["lan:p9", "wan:p9"]
    - type: veth
      endpoints:
        - node: a
          interface: eth2
          mac: 02:00:00:00:00:01
        - node: b
          interface: eth2
    - type: mgmt-net
      endpoint: {node: c, interface: eth2}
      host-interface: c-eth2
    - endpoints: ["d:eth2", "host:d-eth2"]
    - endpoints: ["macvlan:enp0s3", "e:eth2"]
`, `
segments, uplink none
a: host map[]
b: host map[]
c: host map[]
d: host map[]
e: host map[]
[{a eth1} {b eth1}]
[{c eth1} {d eth1} {e eth1}]
[{a eth2} {b eth2}]
[{c eth2}]
[{d eth2}]
[{e eth2}]
ignored: mac (endpoints)
ignored: host-interface (links)
ignored: links to mgmt-net, links to host, links to macvlan
`},
		{"what containerlab knows and has no effect here", `
name: ignored
prefix: clab
mgmt: {network: fixedips, ipv4-subnet: 172.100.100.0/24}
settings: {certificate-authority: {key-size: 2048}}
topology:
  kinds:
    cisco_iol: {image: "vrnetlab/cisco_iol:17.15.01"}
  nodes:
    r1: {kind: cisco_iol, type: l2, binds: ["a:b"], exec: [ls], ports: ["80:80"], config: {vars: {x: 1}}}
    r2: {kind: cisco_iol, binds: ["a:b"], exec: [ls], labels: {a: b}, env: {A: 1}}
`, `
ignored, uplink none
r1: iosxe-17.15
r2: iosxe-17.15
ignored: prefix, mgmt, settings
ignored: image (kind cisco_iol)
ignored: binds, exec (r1, r2)
ignored: ports, config, type (r1)
ignored: labels, env (r2)
`},
		{"hosts", `
name: hosts
topology:
  defaults: {kind: host}
  nodes:
    one: {address: 10.0.0.1/24, gateway: 10.0.0.254}
    two: {address: [10.0.0.2/24, "2001:db8::2/64"]}
    each: {address: {eth1: 10.0.0.3/24, eth2: [10.0.1.3/24]}}
`, `
hosts, uplink none
one: host map[:[10.0.0.1/24]]
two: host map[:[10.0.0.2/24 2001:db8::2/64]]
each: host map[eth1:[10.0.0.3/24] eth2:[10.0.1.3/24]]
`},
		{"a fleet", `
name: fleet
topology:
  nodes:
    r{i}:
      kind: iosxe-17.15
      count: 3
      mgmt-ipv4: 172.20.{i/2}.{i%2}
      config: "hostname N{i+99}\nbanner {id} {i"
    lan: {kind: bridge}
  links:
    - {endpoints: ["r{i}:Ethernet0/0", "lan:p{i}"], count: 3}
    - {endpoints: ["r{i}:Ethernet0/1", "r{i+1}:Ethernet0/2"], count: 2}
`, `
fleet, uplink none
r1: iosxe-17.15 "hostname N100\nbanner {id} {i\n" at [172.20.0.1]
r2: iosxe-17.15 "hostname N101\nbanner {id} {i\n" at [172.20.1.0]
r3: iosxe-17.15 "hostname N102\nbanner {id} {i\n" at [172.20.1.1]
[{r1 Ethernet0/0} {r2 Ethernet0/0} {r3 Ethernet0/0}]
[{r1 Ethernet0/1} {r2 Ethernet0/2}]
[{r2 Ethernet0/1} {r3 Ethernet0/2}]
`},
		{"anchors, aliases and merges", `
name: anchors
topology:
  nodes:
    a: &common
      kind: host
      address: 10.0.0.1/24
    b:
      <<: *common
      address: 10.0.0.2/24
    c: *common
`, `
anchors, uplink none
a: host map[:[10.0.0.1/24]]
b: host map[:[10.0.0.2/24]]
c: host map[:[10.0.0.1/24]]
`},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			top, err := Parse("lab.yml", tt.text, LoadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), outline(t, top)); d != "" {
				t.Error(d)
			}
		})
	}
}

// --skip-unknown leaves out nodes of other kinds with their links, and says so.
func TestSkipUnknown(t *testing.T) {
	top, err := Parse("lab.yml", `
name: mixed
topology:
  nodes:
    r1: {kind: cisco_iol}
    leaf: {kind: ceos}
    spine{i}: {kind: ceos, count: 5}
    pc: {kind: linux}
  links:
    - endpoints: ["r1:eth1", "leaf:eth1"]
    - endpoints: ["r1:eth2", "pc:eth1"]
`, LoadOptions{SkipUnknown: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "mixed, uplink none\nr1: iosxe-17.15\npc: host map[]\n[{r1 Ethernet0/1}]\n[{r1 Ethernet0/2} {pc eth1}]\n" +
		"left out, with their links: nodes of kind ceos (leaf, spine1, spine2, spine3, …)\n"
	if d := cmp.Diff(want, outline(t, top)); d != "" {
		t.Error(d)
	}
}

// Start-up configurations are looked for beside the topology file, also one for each
// node of a fleet.
func TestStartupBesideTheFile(t *testing.T) {
	path := write(t, "lab.clab.yml", "\ufeffname: x\ntopology:\n  nodes:\n    r{i}: {kind: ios-15.5, count: 2, startup-config: 'r{i}.cfg', config: 'more {i}'}\n    s: {kind: ios-15.5, startup-config: r1.cfg}\n")
	for _, name := range []string{"r1", "r2"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name+".cfg"), []byte("\ufeffhostname "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	top, err := Load(path, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := "x, uplink none\nr1: ios-15.5 \"hostname r1\\nmore 1\\n\"\nr2: ios-15.5 \"hostname r2\\nmore 2\\n\"\ns: ios-15.5 \"hostname r1\\n\"\n"
	if d := cmp.Diff(want, outline(t, top)); d != "" {
		t.Error(d)
	}
}

// What names a place in a file is one line of the terminal, whatever the file is called.
func TestPlacesArePrintable(t *testing.T) {
	const file = "a\x1b[2J\nb.yml"
	_, err := Parse(file, "nmae: x\n", LoadOptions{})
	if err == nil || !strings.HasPrefix(err.Error(), "a.[2J.b.yml:1:1: unknown key") {
		t.Errorf("the error is %q", err)
	}
	if got, want := (place{file: file, line: 3}).String(), "a.[2J.b.yml:3"; got != want {
		t.Errorf("a place is %q, want %q", got, want)
	}
	d := &Doors{}
	if text := d.sshConfig("a\nHost *", &Topology{}); strings.Contains(text, "\nHost *\n#") || !strings.Contains(text, "ssh -F a.Host */ssh_config DEVICE\n") {
		t.Errorf("ssh_config is %s", text)
	}
}

// Files have as many bytes as are read from them, and others than regular files are not
// opened.
func TestFilesWithoutASize(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip(err)
	}
	long := write(t, "long.cfg", strings.Repeat("!\n", maxStartup/2)+"!")
	for path, want := range map[string]string{
		"/proc/self/pagemap": "read /proc/self/pagemap: invalid argument", // as the first odd number of bytes is asked for
		long:                 long + ": more than 4194304 bytes",
		"/dev/zero":          "/dev/zero: want a file",
		pipe:                 pipe + ": want a file",
	} {
		_, err := Parse("lab.yml", head+"    r1: {kind: ios-15.5, startup-config: "+path+"}\n", LoadOptions{})
		if want := "lab.yml:4:42: startup-config: " + want; err == nil || err.Error() != want {
			t.Errorf("%s as a configuration: %v, want %s", path, err, want)
		}
	}
	for path, want := range map[string]string{"/dev/zero": "/dev/zero: want a file", pipe: pipe + ": want a file", "/proc/self/pagemap": "read /proc/self/pagemap: invalid argument"} {
		_, err := Load(path, LoadOptions{})
		if want := "topology: " + want; err == nil || err.Error() != want {
			t.Errorf("%s as a topology: %v, want %s", path, err, want)
		}
	}
}

// A file that grows without end behind aliases is refused soon.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("name: x\ntopology:\n  defaults: {kind: host}\n  groups:\n    g0: &a0 {labels: {}}\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&b, "    g%d: &a%d\n      <<: [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	b.WriteString("  nodes:\n    r1: *a39\n")
	_, err := Parse("lab.yml", b.String(), LoadOptions{})
	if err == nil || !strings.Contains(err.Error(), "more than 4194304 values") {
		t.Errorf("is read with %v", err)
	}
}

// Files of some size are read in a time that grows with them and no faster.
func TestTime(t *testing.T) {
	var merges strings.Builder
	merges.WriteString("name: x\ntopology:\n  groups:\n    a: &a {binds: []}\n    g:\n      <<: [" + strings.Repeat("*a, ", 60000) + "*a]\n")
	for i := range 2000 {
		fmt.Fprintf(&merges, "      k%d: 1\n", i)
	}
	keys := func(text, key, end string) func() {
		var b strings.Builder
		b.WriteString(text)
		for i := range 100_000 {
			fmt.Fprintf(&b, key, i)
		}
		b.WriteString(end)
		return func() {
			if _, err := Parse("lab.yml", b.String(), LoadOptions{}); err == nil || !strings.Contains(err.Error(), "too many keys in mappings, want fewer, or count") {
				t.Errorf("%s is read with %.100v", key, err)
			}
		}
	}
	tests := []struct {
		what string
		do   func()
	}{
		{"many keys", keys("", "k%d: v\n", "")},
		{"many keys with indentation", keys("- a:\n", "  k%d:\n  - - v: w\n", "")},
		{"many keys with question marks", keys("", "? k%d\n", "")},
		{"many keys in a list", keys("[\n", "k%d: {v: w}\n", "]\n")},
		{"many merges into many keys", func() {
			if _, err := Parse("lab.yml", merges.String(), LoadOptions{}); err == nil || !strings.Contains(err.Error(), `unknown key "k0"`) {
				t.Errorf("is read with %.100v", err)
			}
		}},
		{"many braces", func() {
			text := strings.Repeat("{i", 1<<19)
			if got, err := count(1).in(text); got != text || err != nil {
				t.Errorf("is %.20q, %v", got, err)
			}
		}},
	}
	for _, tt := range tests {
		start := time.Now()
		tt.do()
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%s: %v", tt.what, took)
		}
	}
}

// Items of lists and mappings in braces may be many.
func TestManyKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString("name: x\ntopology:\n  nodes: {\n")
	for i := range 33_000 {
		fmt.Fprintf(&b, "    r%d: {kind: host},\n", i)
	}
	b.WriteString("  }\n  links:\n")
	for i := range 33_000 {
		fmt.Fprintf(&b, "    - type: veth\n      endpoints: [\"r%d:eth1\", \"r%d:eth2\"]\n", i, i)
	}
	top, err := Parse("lab.yml", b.String(), LoadOptions{})
	if err != nil || len(top.Nodes) != 33_000 || len(top.Links) != 33_000 {
		t.Fatalf("is read with %v", err)
	}
}

// Nodes that are left out count too.
func TestSkippedNodesCount(t *testing.T) {
	_, err := Parse("lab.yml", head+"    r{i}: {kind: ceos, count: 100000}\n    s{i}: {kind: ceos, count: 100000}\n", LoadOptions{SkipUnknown: true})
	if want := "lab.yml:5:5: more than 100000 nodes"; err == nil || err.Error() != want {
		t.Errorf("is read with %v, want %s", err, want)
	}
}

// FuzzParse reads files that nobody would write: it ends, and does not panic.
func FuzzParse(f *testing.F) {
	f.Add(head + "    r1: {kind: ios-15.5, config: {vars: {}}}\n  links:\n  - endpoints: [\"r1:eth1\", \"host:x\"]\n")
	f.Add(head + "    r{i}: &a {kind: host, count: 3, address: '10.0.{i/256}.{i%256}/8'}\n    b: *a\n    c:\n      <<: *a\n")
	f.Add("name: |\n  x\ntopology:\n  defaults:\n    kind: host\n  groups: {g: {kind: bridge}}\n  nodes:\n    ? a\n    : {group: g}\n")
	f.Add("a: &a [*a]\nb: !!str &c *a\n<<: [*a, *b]\n")
	f.Add("name: x\ntopology:\n  nodes: {a: {kind: host, address: {eth1: [1.2.3.4/8]}}}\n  links: [{type: veth, endpoints: [{node: a, interface: eth1}, {node: host, interface: x}]}, {type: dummy, endpoint: 'a:eth2'}]")
	f.Add("- - - - [[[{{{\n\t? ? :\n%YAML 1.2\n---\n...\n---\n\"\\u0000\"")
	f.Fuzz(func(t *testing.T, text string) {
		top, err := Parse("/nonexistent/lab.yml", text, LoadOptions{SkipUnknown: len(text)%2 == 0})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "/nonexistent/lab.yml:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %q", err)
			}
			return
		}
		if len(top.Nodes) > maxNodes || len(top.Links) > maxLinks {
			t.Errorf("%d nodes, %d links", len(top.Nodes), len(top.Links))
		}
	})
}
