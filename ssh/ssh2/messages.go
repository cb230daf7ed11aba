package ssh2

import (
	"fmt"

	xssh "golang.org/x/crypto/ssh"
)

// Message numbers (RFC 4250 section 4.1.2). 30 to 49 belong to the key exchange
// method, 60 to 79 to the authentication method.
const (
	msgDisconnect     = 1
	msgIgnore         = 2
	msgUnimplemented  = 3
	msgDebug          = 4
	msgServiceRequest = 5
	msgServiceAccept  = 6
	msgExtInfo        = 7
	msgKexInit        = 20
	msgNewKeys        = 21
	msgKexDHInit      = 30 // KEX_ECDH_INIT
	msgKexDHReply     = 31 // KEX_ECDH_REPLY, KEX_DH_GEX_GROUP
	msgKexGexInit     = 32
	msgKexGexReply    = 33
	msgKexGexRequest  = 34
	msgAuthRequest    = 50
	msgAuthFailure    = 51
	msgAuthSuccess    = 52
	msgAuthBanner     = 53
	msgAuthPKOK       = 60
	msgInfoRequest    = 60
	msgPasswdChange   = 60
	msgInfoResponse   = 61
	msgGlobalRequest  = 80
	msgRequestSuccess = 81
	msgRequestFailure = 82
	msgChanOpen       = 90
	msgChanConfirm    = 91
	msgChanFailure    = 92
	msgWindowAdjust   = 93
	msgChanData       = 94
	msgChanExtData    = 95
	msgChanEOF        = 96
	msgChanClose      = 97
	msgChanRequest    = 98
	msgChanSuccess    = 99
	msgChanReqFailure = 100
)

var messageNames = map[byte]string{
	msgDisconnect: "SSH_MSG_DISCONNECT", msgIgnore: "SSH_MSG_IGNORE", msgUnimplemented: "SSH_MSG_UNIMPLEMENTED",
	msgDebug: "SSH_MSG_DEBUG", msgServiceRequest: "SSH_MSG_SERVICE_REQUEST", msgServiceAccept: "SSH_MSG_SERVICE_ACCEPT",
	msgExtInfo: "SSH_MSG_EXT_INFO", msgKexInit: "SSH_MSG_KEXINIT", msgNewKeys: "SSH_MSG_NEWKEYS",
	msgKexDHInit: "SSH_MSG_KEXDH_INIT", msgKexDHReply: "SSH_MSG_KEXDH_REPLY", msgKexGexInit: "SSH_MSG_KEX_DH_GEX_INIT",
	msgKexGexReply: "SSH_MSG_KEX_DH_GEX_REPLY", msgKexGexRequest: "SSH_MSG_KEX_DH_GEX_REQUEST",
	msgAuthRequest: "SSH_MSG_USERAUTH_REQUEST", msgAuthFailure: "SSH_MSG_USERAUTH_FAILURE",
	msgAuthSuccess: "SSH_MSG_USERAUTH_SUCCESS", msgAuthBanner: "SSH_MSG_USERAUTH_BANNER",
	msgInfoRequest: "SSH_MSG_USERAUTH_INFO_REQUEST", msgInfoResponse: "SSH_MSG_USERAUTH_INFO_RESPONSE",
	msgGlobalRequest: "SSH_MSG_GLOBAL_REQUEST", msgRequestSuccess: "SSH_MSG_REQUEST_SUCCESS",
	msgRequestFailure: "SSH_MSG_REQUEST_FAILURE", msgChanOpen: "SSH_MSG_CHANNEL_OPEN",
	msgChanConfirm: "SSH_MSG_CHANNEL_OPEN_CONFIRMATION", msgChanFailure: "SSH_MSG_CHANNEL_OPEN_FAILURE",
	msgWindowAdjust: "SSH_MSG_CHANNEL_WINDOW_ADJUST", msgChanData: "SSH_MSG_CHANNEL_DATA",
	msgChanExtData: "SSH_MSG_CHANNEL_EXTENDED_DATA", msgChanEOF: "SSH_MSG_CHANNEL_EOF",
	msgChanClose: "SSH_MSG_CHANNEL_CLOSE", msgChanRequest: "SSH_MSG_CHANNEL_REQUEST",
	msgChanSuccess: "SSH_MSG_CHANNEL_SUCCESS", msgChanReqFailure: "SSH_MSG_CHANNEL_FAILURE",
}

// MessageName is the name RFC 4250 gives to a message number; where methods
// share a number, the most usual one.
func MessageName(t byte) string {
	if name := messageNames[t]; name != "" {
		return name
	}
	return fmt.Sprintf("message %d", t)
}

// RFC 4253 section 11.1.
type disconnectMsg struct {
	Reason   uint32 `sshtype:"1"`
	Text     string
	Language string
}

// RFC 4253 section 10.
type serviceRequestMsg struct {
	Service string `sshtype:"5"`
}

// RFC 4253 section 10.
type serviceAcceptMsg struct {
	Service string `sshtype:"6"`
}

// RFC 4253 section 7.1.
type kexInitMsg struct {
	Cookie                         [16]byte `sshtype:"20"`
	Kex, HostKey                   []string
	CiphersClient, CiphersServer   []string
	MACsClient, MACsServer         []string
	CompressClient, CompressServer []string
	LanguageClient, LanguageServer []string
	FirstKexFollows                bool
	Reserved                       uint32
}

// RFC 4252 section 5.
type authRequestMsg struct {
	User    string `sshtype:"50"`
	Service string
	Method  string
	Payload []byte `ssh:"rest"`
}

// RFC 4252 section 5.1.
type authFailureMsg struct {
	Methods []string `sshtype:"51"`
	Partial bool
}

// RFC 4252 section 5.4.
type authBannerMsg struct {
	Text     string `sshtype:"53"`
	Language string
}

// RFC 4252 section 7: the fields after "publickey".
type authPublicKey struct {
	Signed    bool
	Algorithm string
	Blob      []byte
	Signature []byte `ssh:"rest"`
}

// RFC 4252 section 7.
type authPKOKMsg struct {
	Algorithm string `sshtype:"60"`
	Blob      []byte
}

// RFC 4252 section 8: the fields after "password".
type authPassword struct {
	Change   bool
	Password []byte
	New      []byte `ssh:"rest"`
}

// RFC 4256 section 3.1: the fields after "keyboard-interactive".
type authInteractive struct {
	Language   string
	Submethods string
}

// RFC 4256 section 3.2. Prompts are a string and a boolean each.
type infoRequestMsg struct {
	Name        string `sshtype:"60"`
	Instruction string
	Language    string
	Count       uint32
	Prompts     []byte `ssh:"rest"`
}

// RFC 4256 section 3.4. Responses are a string each.
type infoResponseMsg struct {
	Count     uint32 `sshtype:"61"`
	Responses []byte `ssh:"rest"`
}

// RFC 4254 section 4.
type globalRequestMsg struct {
	Type      string `sshtype:"80"`
	WantReply bool
	Data      []byte `ssh:"rest"`
}

// RFC 4254 section 5.1.
type chanOpenMsg struct {
	Type      string `sshtype:"90"`
	Sender    uint32
	Window    uint32
	MaxPacket uint32
	Data      []byte `ssh:"rest"`
}

// RFC 4254 section 5.1.
type chanConfirmMsg struct {
	Recipient uint32 `sshtype:"91"`
	Sender    uint32
	Window    uint32
	MaxPacket uint32
	Data      []byte `ssh:"rest"`
}

// RFC 4254 section 5.1.
type chanFailureMsg struct {
	Recipient uint32 `sshtype:"92"`
	Reason    uint32
	Text      string
	Language  string
}

// RFC 4254 section 5.4.
type chanRequestMsg struct {
	Recipient uint32 `sshtype:"98"`
	Type      string
	WantReply bool
	Data      []byte `ssh:"rest"`
}

// RFC 4254 section 6.2: the fields after "pty-req".
type ptyRequest struct {
	Term                         string
	Columns, Rows, Width, Height uint32
	Modes                        []byte
}

// RFC 4254 section 6.7: the fields after "window-change".
type windowChange struct{ Columns, Rows, Width, Height uint32 }

// decode reads a message of a known type; trailing bytes and truncation are
// protocol errors.
func decode(p []byte, msg any) error {
	if err := xssh.Unmarshal(p, msg); err != nil {
		return protocolErrorf("malformed %s", MessageName(p[0]))
	}
	return nil
}

// decodeFields reads the part of a message that has no type of its own.
func decodeFields(p []byte, what string, fields any) error {
	if err := xssh.Unmarshal(p, fields); err != nil {
		return protocolErrorf("malformed %s", what)
	}
	return nil
}

func encode(msg any) []byte { return xssh.Marshal(msg) }
