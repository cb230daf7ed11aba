// Package sshserver is the SSH server of a device: it follows the configuration
// (Apply), listens while SSH is up, and turns each connection into a session on
// a line. The protocol is package ssh2; who may log in and what runs on the line
// is the Host's.
package sshserver
