// Package network is the network as one device sees it: ports that it listens on,
// connections that it makes, packets that it sends, and a reason for each that did
// not arrive. It knows no product and no protocol above TCP and UDP.
//
// A device talks to a [Stack]. There are two:
//
//   - [Host] is the bridge to the machine that the program runs on. An address of the
//     host carries a port of the device (a [Carrier]), and what the device dials goes
//     out through the host, as far as the [Uplink] reaches. There is no other device.
//   - [Node] is a device in a [Fabric], which connects many in one process. Its links
//     are broadcast domains ([Segment]) in which an address has one owner for each VLAN;
//     a node has the interfaces, VRFs, routes and access lists of its [Settings], and
//     cables that are plugged in and pulled while it runs.
//
// A server without a configuration language is a node as well: [NewSettings] with its
// address and gateway, Apply, and Listen.
//
// # A packet in a fabric
//
// It is decided hop by hop, and the answer to it as well: own address, longest prefix,
// next hop, interface up, MTU, hops left, access list out (not for the node's own
// packets), owner of the next hop on the link or who answers
// for it (proxy ARP), access list in. A node whose access list
// or table stops a packet of another sends an ICMP message, which has to find its way
// too; who waits for ARP sends none. The [Verdict] says what the sender learns of it
// (Reported), and whether it was the packet or the answer (Back).
//
// Dial walks there and back before it looks for a listener. What the dialling node or
// an ICMP message decides is known at once; what is not answered takes 30 s, and the way
// may be mended meanwhile. The connection is a [Pipe] whose ends walk again when
// something has changed: by the first write after that, which costs one atomic load
// otherwise. While the way is broken, in either direction, what is written and the end
// of the connection are kept, and the peer sees silence. It goes on when the way is
// mended; after nine minutes who has sent in vain gets ETIMEDOUT. What had arrived
// stays readable.
//
// Addresses that no node has go to the uplink of the fabric, as far as that reaches;
// Inject, Connect and Deliver bring in what comes from there. Neither asks access lists.
//
// Not modelled: dynamic routing, fragments, spanning tree, and a link that
// goes down because the other end is shut down.
//
// # Guarantees of every implementation
//
// Apply is level-triggered: it takes the settings as they are now, may come as often
// as it likes, and opens and closes nothing itself. It ends no connection.
//
// Listen costs an entry in a table while the port cannot be reached: no goroutine, no
// descriptor. [Accept] decides about a connection before there is one, on the
// goroutine that brings it; the Handler runs on a goroutine of its own, and the
// connection is closed when it returns.
//
// Close of a listener returns when no Accept is running any more, and none will. A
// Handler that an Accept has returned always runs. An owner that counts in Accept and
// discounts at the end of its Handler can therefore wait for all of them after Close.
// For the same reason, the caller that closes a listener must not hold a lock that its Accept
// takes.
//
// Errors of Dial are of type *[Verdict]: what became of the packet, where, and the
// configuration line that decided, as far as there is one.
//
// # Locks of a fabric
//
// Fabric.mu guards how the fabric is built. Packets are walked with it held for
// reading, Apply, Connect and Disconnect change it. With it held, the functions of
// Settings are called, which therefore must not call the fabric. Taken under it, and
// nothing under them: those of a node's neighbours, of its ports, and of news.
//
// No lock is held while Accept, a Handler, a receiver of datagrams or a watcher of
// links runs, with one exception that is none: Close of a listener waits for an Accept.
// Watchers and receivers are called on the goroutine that brought the change or
// the datagram, which may be another device's: they must not wait for a lock that is
// held while settings are applied or something is sent.
//
// A connection has three locks: that of its way, then that of a direction, or that of
// the connections which wait. A way is walked with none of them held.
package network
