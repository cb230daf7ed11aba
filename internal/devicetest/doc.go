// Package devicetest is what the tests of this project have in common: routers
// on loopback ports or in a network in memory, their consoles, and clients that
// talk to them.
//
//   - Start boots a Router that SSH clients reach at 127.0.0.1. OpenSSH, SCP,
//     PuTTY and Shell are foreign clients of it; its Console is a Dialogue as
//     those are (package foreign).
//   - InBubble boots one in a bubble of testing/synctest, with its port in
//     memory (Listener, Conn).
//   - New boots a bare device, and Attach puts a Terminal to its console: for
//     tests of the command line in a bubble.
//
// Tests reach a device through this package, so that a change to its interface
// is made here once.
package devicetest
