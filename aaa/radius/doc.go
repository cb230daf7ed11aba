// Package radius is RADIUS (RFC 2865, 2866 and 2869), both roles: the Client of a device,
// and a Responder for servers in labs and tests. It knows no configuration, no method
// list, no words of a product and no socket: datagrams go out through a Transport and
// come in through Client.Receive and Responder.Reply.
//
// A client has one source port, and with it 256 identifiers for all servers. A request
// keeps its identifier and authenticator when it is sent again or to the next server
// (aaa-snmp B1). A reply that cannot be verified counts as none: with a wrong key a
// server seems to be silent.
//
// What strangers send is never kept: a datagram is parsed, verified, and dropped or
// given to the request that waits for it. No goroutine belongs to a client or responder.
package radius
