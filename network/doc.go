// Package network is the network as one device sees it: ports that it listens on,
// connections that it makes, packets that it sends, and a reason for each that did
// not arrive. It knows no product and no protocol above TCP and UDP.
//
// A device talks to a [Stack]. There is one implementation here, [Host], and the
// interface leaves room for another:
//
//   - Host is the bridge to the machine that the program runs on. An address of the
//     host carries a port of the device (a [Carrier]), and what the device dials goes
//     out through the host, as far as the [Uplink] reaches. There is no other device.
//   - A fabric connects many devices in one process. Its links are broadcast domains
//     in which an address has one owner; a device is a node with the interfaces, VRFs,
//     routes and access lists of its [Settings]. A packet is decided hop by hop, and
//     back: own address, longest prefix, next hop, interface up, access list out (not
//     for the node's own packets), owner of the next hop on the link, access list in.
//     Dial walks there and back before it looks for a listener, and what it returns is
//     a [Pipe]; a living connection walks again once something has changed. Addresses
//     that no node owns go to a Host, if the lab says so.
//
// # Guarantees of every implementation
//
// Apply is level-triggered: it takes the settings as they are now, may come as often
// as it likes, and opens and closes nothing itself. It ends no connection.
//
// Listen costs an entry in a table while nobody can reach the port: no goroutine, no
// descriptor. [Accept] decides about a connection before there is one, on the
// goroutine that brings it; the Handler runs on a goroutine of its own, and the
// connection is closed when it returns.
//
// Close of a listener returns when no Accept is running any more, and none will. A
// Handler that an Accept has returned always runs. An owner that counts in Accept and
// discounts at the end of its Handler can therefore wait for all of them after Close.
// For the same reason, whoever closes a listener must not hold a lock that its Accept
// takes.
//
// Errors of Dial are of type *[Verdict]: what became of the packet, where, and the
// configuration line that decided, as far as there is one.
package network
