package exec

import (
	"errors"
	"fmt"
	"strings"

	"vtylab/ssh"
)

// Dialect is what differs between releases in the words of `debug ip ssh`:
// formats for package fmt. An empty one prints nothing.
type Dialect struct {
	// Lines about bytes.
	Sent     string // length, padding
	Read     string // bytes
	Length   string // of a packet that comes in
	Partial  string // block size, needed beyond it, MAC length; may be two lines
	Padding  string // length
	Received string // type
	MACRight string // sequence number
	MACMade  string // sequence number, type
	MaxRead  int    // of the socket while they are printed, in bytes; 0 is no bound

	// Lines about the protocol.
	Kex         string // slot, direction, cipher, MAC
	KeysDerived string
	Offered     []string // which of our lists are told: hostkey, encryption, mac, kex
	Chosen      bool     // what of host key and key exchange was agreed on
	Methods     bool     // methods of authentication as they are tried

	// NamelessShell leaves the user of a shell out of SSH2_CLOSE.
	NamelessShell bool
}

// words turns the events of the connection in a slot into lines: a Trace that
// prints those of the switches that are on. See ios-ssh-scp 6.2, which marks
// what was captured; the lines about public keys, exec requests and exhausted
// attempts, and the lists of Offered except encryption and MAC, are from memory.
type words struct {
	*Dialect
	slot           int
	detail, packet bool
	print          func(line string, more ...string)
}

// Words is a Trace that prints the lines of `debug ip ssh` for the connection in a
// slot: those about the protocol, those about bytes, or both.
func Words(d *Dialect, slot int, detail, packet bool, print func(line string, more ...string)) ssh.Trace {
	w := &words{d, slot, detail, packet, print}
	return w.event
}

// event prints what there is to say of an event.
func (w *words) event(e ssh.Event) {
	if w.packet {
		w.bytes(e)
	}
	if w.detail {
		w.protocol(e)
	}
}

// control prints a line of the session's control, protocol2 one of SSH-2.
func (w *words) control(format string, args ...any) {
	w.print(fmt.Sprintf("SSH%d: ", w.slot) + fmt.Sprintf(format, args...))
}

func (w *words) protocol2(format string, args ...any) {
	if format != "" {
		w.print(fmt.Sprintf("SSH2 %d: ", w.slot) + fmt.Sprintf(format, args...))
	}
}

// bytes is `debug ip ssh packet`.
func (w *words) bytes(e ssh.Event) {
	switch e := e.(type) {
	case ssh.SocketRead:
		w.protocol2(w.Read, e.Bytes)
	case ssh.PacketLength:
		w.protocol2(w.Length, int32(e.Length))
	case ssh.PacketPartial:
		lines := strings.Split(fmt.Sprintf("SSH2 %d: "+w.Partial, w.slot, e.Block, e.Need, e.MACLen), "\n")
		w.print(lines[0], lines[1:]...)
	case ssh.PacketMAC:
		w.protocol2(w.MACRight, e.Seq)
	case ssh.PacketPadding:
		w.protocol2(w.Padding, e.Length)
	case ssh.PacketReceived:
		w.protocol2(w.Received, e.Type)
	case ssh.PacketSent:
		w.protocol2(w.Sent, e.Length, e.Padding)
		if e.MAC {
			w.protocol2(w.MACMade, e.Seq, e.Type)
		}
	case ssh.SignatureLength:
		w.protocol2("signature length %d", e.Bytes)
	case ssh.NewKeys:
		mode := 0
		if e.Out {
			mode = 1
		}
		w.protocol2("newkeys: mode %d", mode)
	case ssh.BadPacketLength:
		w.protocol2("Bad packet length %d.", int32(e.Length))
	}
}

// protocol is `debug ip ssh detail`.
func (w *words) protocol(e ssh.Event) {
	switch e := e.(type) {
	case ssh.Started:
		w.control("starting SSH control process")
	case ssh.VersionSent:
		w.control("sent protocol version id %s", e.Line)
	case ssh.VersionReceived:
		w.control("protocol version id is - %s", e.Line)
	}
	// Each knows its own events.
	w.keyExchange(e)
	w.authentication(e)
	w.channel(e)
	w.end(e)
}

func (w *words) keyExchange(e ssh.Event) {
	switch e := e.(type) {
	case ssh.KexInitPrepared:
		lists := map[string][]string{"hostkey": e.Lists.HostKey, "encryption": e.Lists.CiphersServer, "mac": e.Lists.MACsServer, "kex": e.Lists.Kex}
		for _, class := range w.Offered {
			w.protocol2("kexinit sent: %s algo = %s", class, strings.Join(lists[class], ","))
		}
	case ssh.KexInitSent:
		w.protocol2("SSH2_MSG_KEXINIT sent")
	case ssh.KexInitReceived:
		w.protocol2("SSH2_MSG_KEXINIT received")
	case ssh.Negotiated:
		w.print(fmt.Sprintf(w.Kex, w.slot, "client->server", e.Client.Cipher, e.Client.MAC))
		w.print(fmt.Sprintf(w.Kex, w.slot, "server->client", e.Server.Cipher, e.Server.MAC))
		if w.Chosen {
			w.protocol2("Using hostkey algo = %s", e.HostKey)
			w.protocol2("Using kex_algo = %s", e.Kex)
		}
	case ssh.Expecting:
		// No capture announces the request that begins a group exchange.
		if e.Message != gexRequest {
			w.protocol2("expecting %s", e.Message)
		}
	case ssh.KexMessage:
		w.protocol2("%s received", strings.Replace(e.Message, "SSH2_MSG_KEX_DH_GEX_INIT", "SSH2_MSG_KEXDH_INIT", 1)) // as captured
	case ssh.GexRequest:
		w.protocol2("Range sent by client is - %d < %d < %d ", e.Min, e.Preferred, e.Max)
	case ssh.GexGroup:
		w.protocol2(" Modulus size established : %d bits", e.Bits)
	case ssh.GexInvalid:
		w.protocol2(" Invalid modulus length")
	case ssh.KeysDerived:
		w.print(w.KeysDerived)
	case ssh.NewKeysSent:
		w.protocol2("SSH2_MSG_NEWKEYS sent")
	case ssh.NewKeysWaiting:
		w.protocol2("waiting for SSH2_MSG_NEWKEYS")
	case ssh.NewKeysReceived:
		w.protocol2("SSH2_MSG_NEWKEYS received")
	}
}

const gexRequest = "SSH2_MSG_KEX_DH_GEX_REQUEST"

func (w *words) authentication(e ssh.Event) {
	switch e := e.(type) {
	case ssh.AuthMethod:
		if w.Methods {
			w.protocol2("Using method = %s", e.Method)
		}
	case ssh.PublicKeyOffered:
		w.protocol2("Received publickey algo = %s", e.Algorithm)
		if e.Signed {
			w.protocol2("Verify Signature for user %s", e.User)
		}
	case ssh.SignatureChecked:
		if e.OK {
			w.protocol2("Client Signature verification PASSED")
		} else {
			w.protocol2("Client Signature verification FAILED")
		}
	case ssh.AuthFailed:
		// keyboard-interactive asks for the password too.
		if e.Method == "password" || e.Method == "keyboard-interactive" {
			w.control("password authentication failed for %s", e.User)
		}
	case ssh.AuthContinue:
		if w.Methods {
			w.protocol2("Authentications that can continue = %s", strings.Join(e.Methods, ","))
		}
	case ssh.AuthSuccess:
		w.protocol2("authentication successful for %s", e.User)
	case ssh.AuthExhausted:
		w.protocol2("authentication failed for %s (code=%d)", e.User, 7)
	}
}

func (w *words) channel(e ssh.Event) {
	switch e := e.(type) {
	case ssh.ChannelOpen:
		w.protocol2("channel open request")
	case ssh.ChannelRequest:
		w.protocol2("%s request", e.Type)
	case ssh.PTYSet:
		w.protocol2("setting TTY - requested: height %d, width %d; set: height %d, width %d",
			e.Requested.Rows, e.Requested.Columns, e.Set.Rows, e.Set.Columns)
	case ssh.SessionStarted:
		if e.Kind != ssh.Shell {
			w.protocol2("exec message received")
			return
		}
		w.protocol2("shell message received")
		w.protocol2("starting shell for vty")
	}
}

func (w *words) end(e ssh.Event) {
	switch e := e.(type) {
	case ssh.NoMatch, ssh.UnexpectedMessage:
		w.protocol2("SSH ERROR closing the connection")
	case ssh.Disconnected:
		if e.Err == nil {
			w.control("Session terminated normally")
			return
		}
		w.control("Session disconnected - error 0x%02X", closeCode(e))
	}
}

// closeCode is 0 where the key exchange was refused or given up, 7 where a
// packet could not be read or the connection ended later.
func closeCode(e ssh.Disconnected) int {
	var length *ssh.PacketLengthError
	if e.Phase <= ssh.KeyExchange && !errors.As(e.Err, &length) {
		return 0
	}
	return 7
}
