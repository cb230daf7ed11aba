package ssh

// Event is one thing an engine did, as a typed value. Engines know no words for
// it: whoever receives events (the device's debug table) makes Cisco's lines
// from them.
type Event interface{ event() }

// Trace receives a connection's events in the order they happen. A nil Trace
// costs nothing. It may be called with the engine's locks held and from any of
// its goroutines, one at a time: it must neither block nor call the engine.
type Trace func(Event)

// Started is a server's first event: it has a connection.
type Started struct{}

// VersionSent and VersionReceived carry an identification line without its
// line end.
type (
	VersionSent     struct{ Line string }
	VersionReceived struct{ Line string }
)

// The life of one packet on its way in, in this order: SocketRead for each read
// of the socket, PacketLength once the first block is known, PacketPartial then
// and again after each further read, PacketMAC, PacketPadding, (NewKeys,)
// PacketReceived. Bytes of a later packet that an earlier read brought are not
// reported again.
type (
	// SocketRead is one TCP read.
	SocketRead struct{ Bytes int }
	// PacketLength is the length field plus its own four bytes, before it is
	// checked; it wraps, as the device's own arithmetic does.
	PacketLength struct{ Length uint32 }
	// PacketPartial says how much is needed beyond the first block.
	PacketPartial struct{ Block, Need, MACLen int }
	// PacketMAC is a MAC (or tag) that was right.
	PacketMAC struct{ Seq uint32 }
	// PacketPadding is the padding length found.
	PacketPadding struct{ Length int }
	// PacketReceived is a whole packet.
	PacketReceived struct {
		Type byte
		Seq  uint32
	}
	// PacketSent is a packet that was encrypted and queued for the socket.
	// Length includes the four bytes of the length field but no MAC.
	PacketSent struct {
		Length, Padding int
		Type            byte
		Seq             uint32
		MAC             bool
	}
)

// KexLists are the name-lists of a KEXINIT (RFC 4253 section 7.1).
type KexLists struct {
	Kex, HostKey                   []string
	CiphersClient, CiphersServer   []string // client to server, server to client
	MACsClient, MACsServer         []string
	CompressClient, CompressServer []string
}

// The key exchange, in this order.
type (
	// KexInitPrepared precedes the PacketSent of our KEXINIT, KexInitSent
	// follows it.
	KexInitPrepared struct{ Lists KexLists }
	KexInitSent     struct{ Lists KexLists }
	KexInitReceived struct{ Lists KexLists }
	// Negotiated tells what both lists lead to.
	Negotiated struct {
		Kex, HostKey   string
		Client, Server Direction // client to server, server to client
	}
	// Expecting names the one message that may come next, such as
	// SSH2_MSG_KEXDH_INIT.
	Expecting struct{ Message string }
	// KexMessage is a method's own message received, by its name.
	KexMessage struct{ Message string }
	// GexRequest is the range of a KEX_DH_GEX_REQUEST (RFC 4419 section 3).
	GexRequest struct{ Min, Preferred, Max uint32 }
	// GexGroup is the size of the modulus chosen.
	GexGroup struct{ Bits int }
	// GexInvalid says that no modulus fits the range.
	GexInvalid struct{}
	// SignatureLength is the size of the signature blob over the exchange hash.
	SignatureLength struct{ Bytes int }
	// KeysDerived says that the keys of both directions exist.
	KeysDerived struct{}
	// NewKeys says that a direction has changed to its new keys.
	NewKeys         struct{ Out bool }
	NewKeysSent     struct{}
	NewKeysWaiting  struct{}
	NewKeysReceived struct{}
)

// User authentication.
type (
	// AuthMethod is a request to authenticate (server), or the choice of a
	// method (client).
	AuthMethod struct{ User, Method string }
	// PublicKeyOffered is a key, in a probe or a signed request.
	PublicKeyOffered struct {
		User, Algorithm string
		Signed          bool
	}
	// SignatureChecked is the outcome of a signed request.
	SignatureChecked struct {
		User string
		OK   bool
	}
	// AuthFailed precedes the failure delay and the USERAUTH_FAILURE.
	AuthFailed struct{ User, Method string }
	// AuthContinue is the list that went out with a USERAUTH_FAILURE.
	AuthContinue struct {
		User    string
		Methods []string
	}
	// AuthSuccess follows the USERAUTH_SUCCESS.
	AuthSuccess struct{ User, Method string }
	// AuthExhausted says that the last attempt has failed.
	AuthExhausted struct{ User string }
)

// The connection layer.
type (
	// ChannelOpen is a CHANNEL_OPEN received.
	ChannelOpen struct{ Type string }
	// ChannelRequest is a CHANNEL_REQUEST received.
	ChannelRequest struct{ Type string }
	// PTYSet is the size asked for and the size in use.
	PTYSet struct{ Requested, Set Window }
	// SessionStarted says that a program runs.
	SessionStarted struct {
		Kind    Kind
		Command string
	}
	// RequestSent is a channel request of the client role.
	RequestSent struct{ Type string }
)

// Phase is how far a connection has come.
type Phase int

// The phases of a connection.
const (
	Identification Phase = iota
	KeyExchange
	Authentication
	Connected
)

// Ends.
type (
	// BadPacketLength is a length field that cannot be.
	BadPacketLength struct{ Length uint32 }
	// NoMatch says that a negotiation failed; Class is "kex", "hostkey",
	// "cipher", "mac" or "compression".
	NoMatch struct {
		Class          string
		Client, Server []string
	}
	// UnexpectedMessage does not belong where it came.
	UnexpectedMessage struct {
		Type  byte
		Phase Phase
	}
	// Disconnected is a connection's last event. Err is nil after a session that
	// ended in order.
	Disconnected struct {
		Phase Phase
		Err   error
	}
)

func (Started) event()           {}
func (VersionSent) event()       {}
func (VersionReceived) event()   {}
func (SocketRead) event()        {}
func (PacketLength) event()      {}
func (PacketPartial) event()     {}
func (PacketMAC) event()         {}
func (PacketPadding) event()     {}
func (PacketReceived) event()    {}
func (PacketSent) event()        {}
func (KexInitPrepared) event()   {}
func (KexInitSent) event()       {}
func (KexInitReceived) event()   {}
func (Negotiated) event()        {}
func (Expecting) event()         {}
func (KexMessage) event()        {}
func (GexRequest) event()        {}
func (GexGroup) event()          {}
func (GexInvalid) event()        {}
func (SignatureLength) event()   {}
func (KeysDerived) event()       {}
func (NewKeys) event()           {}
func (NewKeysSent) event()       {}
func (NewKeysWaiting) event()    {}
func (NewKeysReceived) event()   {}
func (AuthMethod) event()        {}
func (PublicKeyOffered) event()  {}
func (SignatureChecked) event()  {}
func (AuthFailed) event()        {}
func (AuthContinue) event()      {}
func (AuthSuccess) event()       {}
func (AuthExhausted) event()     {}
func (ChannelOpen) event()       {}
func (ChannelRequest) event()    {}
func (PTYSet) event()            {}
func (SessionStarted) event()    {}
func (RequestSent) event()       {}
func (BadPacketLength) event()   {}
func (NoMatch) event()           {}
func (UnexpectedMessage) event() {}
func (Disconnected) event()      {}
