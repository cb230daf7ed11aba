// Package telnet is the Telnet of a device, both roles: the server that follows the
// configuration (Server.Apply) and turns each connection into a terminal on a line, and
// the client behind the command `telnet`. It knows no product: who may come in and what
// runs on the line is the Host's.
//
// The protocol is RFC 854 and 855 with the options ECHO (RFC 857), SUPPRESS-GO-AHEAD
// (858), BINARY (856), TERMINAL-TYPE (1091) and NAWS (1073); negotiation follows RFC
// 1143 without its queue, as neither end here changes its mind. Every other option is
// refused.
//
// Nothing that a stranger sends is kept beyond a few bytes. A connection takes a line
// before it is one, so that there are as many connections as lines, and an open port
// costs no goroutine (network.Stack.Listen).
package telnet
