// Package sshclient makes the connections of a device to SSH servers: what `ssh` and
// `copy scp:` type, the algorithms of `ip ssh client`, the server's key against
// `ip ssh pubkey-chain`, one table of connections for `show ssh`, and the Trace of each
// for `debug ip ssh client`.
//
// It knows no terminal and no words: who asks for a connection brings a function that
// puts the server's questions, and reads why there is no connection from the error.
package sshclient
