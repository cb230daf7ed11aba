// Package lab runs many devices on one network, from one file.
//
// [Load] reads a topology file: YAML in containerlab's words, of which only what this
// program can do has an effect. [Start] builds the fabric, boots the devices and
// connects them; what comes to an address of the host is brought in by a [Doors].
//
// # The file
//
//	name: two-routers
//	uplink: none                        # any, loopback, none: addresses that no node has
//	topology:
//	  defaults: {kind: iosxe-17.15}     # a node takes from defaults, its kind and its group
//	  nodes:
//	    r1:
//	      startup-config: r1.cfg        # beside this file; a text of several lines is one itself
//	      config: |                     # more lines: those of defaults, kind, group and node
//	        hostname R1
//	    r{i}: {count: 3}                # r1, r2, r3
//	    pc: {kind: host, address: 10.0.0.9/24, gateway: 10.0.0.1}
//	    lan: {kind: bridge}
//	  links:
//	    - endpoints: ["r1:Ethernet0/1", "pc:eth1", "lan:p1"]
//
// A kind is a platform of this program, a kind of containerlab's that one of them can
// stand in for, host or linux (a node with addresses and without a command line), or
// bridge or ovs-bridge (a segment). ethN is the N-th data interface of a kind, where
// the platform has a rule for it; eth0 would be the management interface.
//
// With count a node stands for as many, and a link too. {i} in names, addresses, texts
// and endpoints of those is the number, from 1; it may be calculated with, from left to
// right and in whole numbers: {i+1}, {i/250%250+1}.
//
// A file is as trusted as a shell script, in that it names files of the host: a
// startup-config may be any regular file that the operator can read, beside the topology
// file, above it, or with an absolute path as in containerlab. Lines of it that a device
// refuses are printed.
//
// Mappings with a line for each key have at most 32,767 keys, and fewer where there are
// several of that size. In braces there may be more.
//
// All other keys of containerlab are accepted where they belong, and named in
// [Topology.Ignored]. A key that neither knows is an error with its line and column.
package lab
