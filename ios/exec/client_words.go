package exec

import (
	"fmt"
	"strings"

	"vtylab/ssh"
)

// clientWords turns the events of a connection that the device has made into lines: the
// client's own (`debug ip ssh client`; Secure Shell Configuration Guide, Enabling
// Client-Side Debugs), and those that a server has too, which say CLIENT then (ios-ssh-scp
// 6.1).
type clientWords struct {
	*words
	client   bool
	received string // the server's identification
	keyed    bool
}

// ClientWords is a Trace that prints the lines of `debug ip ssh client`, those about the
// protocol and those about bytes, as far as each is on, for the connection in a slot.
func ClientWords(d *Dialect, slot int, client, detail, packet bool, print func(line string, more ...string)) ssh.Trace {
	server, ours := fmt.Sprintf("SSH2 %d:", slot), fmt.Sprintf("SSH2 CLIENT %d:", slot)
	w := &clientWords{client: client}
	w.words = &words{d, slot, detail, packet, func(line string, more ...string) {
		if rest, ok := strings.CutPrefix(line, server); ok {
			line = ours + rest
		}
		print(line, more...)
	}}
	return w.event
}

func (w *clientWords) event(e ssh.Event) {
	if w.packet {
		w.bytes(e)
	}
	switch e := e.(type) {
	case ssh.VersionReceived:
		w.received = e.Line
		return
	case ssh.VersionSent:
		w.versions(e.Line)
		return
	}
	if w.detail {
		w.keyExchange(e)
	}
	if w.client {
		w.own(e)
	}
}

// versions are the identification lines, in the seed's order: each switch has the first
// and the last.
func (w *clientWords) versions(sent string) {
	w.control("sent protocol version id %s", sent)
	if w.client {
		w.line("protocol version id is - %s", w.received)
		w.line("sent protocol version id %s", sent)
		w.line("protocol version exchange successful")
	}
	w.control("protocol version id is - %s", w.received)
}

// line prints what the client's session control says.
func (w *clientWords) line(format string, args ...any) {
	w.print(fmt.Sprintf("SSH CLIENT%d: ", w.slot) + fmt.Sprintf(format, args...))
}

// own is `debug ip ssh client`.
func (w *clientWords) own(e ssh.Event) {
	switch e := e.(type) {
	case ssh.NewKeysReceived:
		if !w.keyed { // not when keys change later
			w.keyed = true
			w.line("key exchange successful and encryption on")
		}
	case ssh.AuthMethod:
		method := e.Method
		if method == "password" {
			method = "password authentication"
		}
		w.protocol2("using method %s", method)
	case ssh.AuthSuccess:
		w.protocol2("SSH2_MSG_USERAUTH_SUCCESS message received")
		w.line("user authenticated")
	case ssh.RequestSent:
		w.protocol2("%s request sent", e.Type)
	case ssh.SessionStarted:
		w.line("session open")
	}
}
