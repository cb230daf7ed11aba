// Package sshserver is the SSH server of a device: it follows the configuration
// (Apply), listens while SSH is up, and turns each connection into a session on
// a line. It reads the identification and picks the engine of a protocol version;
// who may log in and what runs on the line is the Host's.
package sshserver
