// Package aaaserver is a TACACS+ and RADIUS server in a box, for practice and tests. It
// has users with levels, command sets and passwords that expire, and faults that are
// turned on by one word, so that a device can be seen to handle them. It is no server to
// protect anything with: nothing limits how often a password is tried.
//
// Both protocols ask the same users. A changed password holds until the server is made
// anew. The words of the dialogues are those that Cisco's documents show a user of
// TACACS+ (aaa-snmp A4).
//
// The package opens no socket: connections come to Server.ServeTACACS, datagrams to
// Server.ReplyRADIUS.
package aaaserver
