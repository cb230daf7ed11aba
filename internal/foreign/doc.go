// Package foreign runs programs that others wrote, for tests: SSH clients, their
// tools, scripts of Python.
//
// A test whose program is not installed is skipped, or fails where
// VTYLAB_REQUIRE_PEERS=1.
package foreign
