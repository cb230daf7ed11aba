// Package devicetest is what the tests of this project have in common: routers
// on loopback ports or in a network in memory, their consoles, and the foreign
// clients that talk to them.
//
//   - Start boots a Router that foreign clients reach at 127.0.0.1; its Console
//     is a Dialogue.
//   - InBubble boots one in a bubble of testing/synctest, with ports in memory
//     (Listener, Conn).
//   - New boots a bare device, and Attach puts a Terminal to its console: for
//     tests of the command line in a bubble.
//   - Command, OpenSSH, SCP, PuTTY and Python run foreign programs. A test whose
//     program is not installed is skipped, or fails where
//     VTYLAB_REQUIRE_PEERS=1.
//
// Tests reach a device through this package, so that a change to its interface
// is made here once.
package devicetest
