// Package aaa decides who may log in, enable and start an EXEC: method lists
// in the order configured, over the local database and the passwords of the
// configuration (Cisco, "Authentication, Authorization, and Accounting
// Configuration Guide").
//
// A method answers Pass, Fail or Error. Fail ends a list; only Error, which
// means that the method could not decide, moves on to the next. A server group
// without a reachable server is an Error.
package aaa
