// Package tacacs is TACACS+ (RFC 8907), both roles: the Client of a device, and Serve
// for servers in labs and tests. It knows no configuration, no method list and no words
// of a product: whoever uses it says which server to ask, and gets typed replies, typed
// errors and typed Events.
//
// A packet is a header in clear and a body under a pad of MD5 (section 4.5), which
// protects nothing against change: a wrong key shows only as lengths that do not add
// up. Each body is parsed strictly, so that this is seen (ErrKey).
//
// What a peer can make this package hold is bounded: a body by maxBody, sessions by
// maxSessions for each connection, and one packet that waits for each session. Every
// goroutine ends with its connection; Client.Close and Serve wait for theirs.
package tacacs
