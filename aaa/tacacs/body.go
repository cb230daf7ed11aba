package tacacs

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// Body is the body of a packet: Start, Reply, Continue, AuthorRequest, Response,
// AcctRequest or AcctReply.
type Body interface {
	// append adds the body as it is on the wire, in clear. The error is a
	// *ProtocolError: a field is too long for its length.
	append([]byte) ([]byte, error)
}

// Identity is who a request is about. Texts are at most 255 bytes.
type Identity struct {
	User       string
	Port       string // of the device: tty3
	RemoteAddr string // where the user is, as text
	Level      int    // the privilege level, 0 to 15
	Method     Method // how the user was authenticated; not in a Start
	Type       AuthenType
	Service    Service
	// Tag is not sent: Events carry it, so that who traces knows whose they are.
	Tag uint32
}

// Secret is a text that may be a password. It does not print itself, whichever verb is
// used; string(s) is the text.
type Secret string

// Format prints what it stands for, for package fmt.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, "<elided>") }

// Start begins an authentication (RFC 8907 section 5.1). Data is the password of a PAP
// login, at most 255 bytes.
type Start struct {
	Action Action
	Identity
	Data Secret
}

// Reply is a server's answer within an authentication (section 5.2). Message is for the
// user; NoEcho says that the answer to it must not be seen.
type Reply struct {
	Status  Status
	NoEcho  bool
	Message string
	Data    string
}

// Continue is the user's answer (section 5.3), or with Abort the end of the session, for
// the reason in Data.
type Continue struct {
	Message Secret
	Data    string
	Abort   bool
}

// AuthorRequest asks what a user may do (section 6.1). Args are name=value, or
// name*value where the server may leave it out; each is cut to 255 bytes.
type AuthorRequest struct {
	Identity
	Args []string
}

// Response is the answer to it (section 6.2). Data is for the administrator.
type Response struct {
	Status        AuthorStatus
	Message, Data string
	Args          []string
}

// AcctRequest is a record of what was done (section 7.1). Args are as in AuthorRequest.
type AcctRequest struct {
	Flags Flags
	Identity
	Args []string
}

// AcctReply is the answer to it (section 7.2).
type AcctReply struct {
	Status        AcctStatus
	Message, Data string
}

const (
	replyNoEcho   = 0x01
	continueAbort = 0x01
)

func (s Start) append(b []byte) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := fits("data", string(s.Data), 255); err != nil {
		return nil, err
	}
	b = append(b, byte(s.Action), byte(s.Level), byte(s.Type), byte(s.Service),
		byte(len(s.User)), byte(len(s.Port)), byte(len(s.RemoteAddr)), byte(len(s.Data)))
	return append(s.appendTexts(b), s.Data...), nil
}

func parseStart(b []byte) (Start, error) {
	var s Start
	f := fields{rest: b}
	s.Action, s.Level, s.Type, s.Service = Action(f.byte()), int(f.byte()), AuthenType(f.byte()), Service(f.byte())
	lengths := f.take(4)
	s.User, s.Port, s.RemoteAddr, s.Data = f.next(&lengths), f.next(&lengths), f.next(&lengths), Secret(f.next(&lengths))
	if err := f.end("authentication START", b); err != nil {
		return Start{}, err
	}
	return s, s.check()
}

func (r Reply) append(b []byte) ([]byte, error) {
	var flags byte
	if r.NoEcho {
		flags = replyNoEcho
	}
	return appendLong(append(b, byte(r.Status), flags), nil, r.Message, r.Data)
}

func parseReply(b []byte) (Reply, error) {
	f := fields{rest: b}
	r := Reply{Status: Status(f.byte()), NoEcho: f.byte()&replyNoEcho != 0}
	message, data := f.uint16(), f.uint16()
	r.Message, r.Data = f.text(message), f.text(data)
	if err := f.end("authentication REPLY", b); err != nil {
		return Reply{}, err
	}
	if !r.Status.known() {
		return Reply{}, violation("authentication status %d", byte(r.Status))
	}
	return r, nil
}

func (c Continue) append(b []byte) ([]byte, error) {
	var flags byte
	if c.Abort {
		flags = continueAbort
	}
	return appendLong(b, []byte{flags}, string(c.Message), c.Data)
}

func parseContinue(b []byte) (Continue, error) {
	f := fields{rest: b}
	message, data := f.uint16(), f.uint16()
	c := Continue{Abort: f.byte()&continueAbort != 0}
	c.Message, c.Data = Secret(f.text(message)), f.text(data)
	return c, f.end("authentication CONTINUE", b)
}

func (r AuthorRequest) append(b []byte) ([]byte, error) {
	return r.appendRequest(b, r.Args)
}

func parseAuthorRequest(b []byte) (r AuthorRequest, err error) {
	f := fields{rest: b}
	r.Identity, r.Args = f.request()
	if err := f.end("authorization REQUEST", b); err != nil {
		return AuthorRequest{}, err
	}
	return r, checkRequest(r.Identity, r.Args)
}

func (r Response) append(b []byte) ([]byte, error) {
	args, err := prepare(r.Args)
	if err != nil {
		return nil, err
	}
	lengths := make([]byte, len(args))
	for i, a := range args {
		lengths[i] = byte(len(a))
	}
	b, err = appendLong(append(b, byte(r.Status), byte(len(args))), lengths, r.Message, r.Data)
	for _, a := range args {
		b = append(b, a...)
	}
	return b, err
}

func parseResponse(b []byte) (Response, error) {
	f := fields{rest: b}
	r := Response{Status: AuthorStatus(f.byte())}
	count := f.byte()
	message, data := f.uint16(), f.uint16()
	lengths := f.take(int(count))
	r.Message, r.Data = f.text(message), f.text(data)
	r.Args = f.args(lengths)
	if err := f.end("authorization RESPONSE", b); err != nil {
		return Response{}, err
	}
	if !r.Status.known() {
		return Response{}, violation("authorization status %d", byte(r.Status))
	}
	return r, checkArgs(r.Args)
}

func (r AcctRequest) append(b []byte) ([]byte, error) {
	return r.appendRequest(append(b, byte(r.Flags)), r.Args)
}

func parseAcctRequest(b []byte) (AcctRequest, error) {
	f := fields{rest: b}
	r := AcctRequest{Flags: Flags(f.byte())}
	r.Identity, r.Args = f.request()
	if err := f.end("accounting REQUEST", b); err != nil {
		return AcctRequest{}, err
	}
	return r, checkRequest(r.Identity, r.Args)
}

// The lengths of an accounting REPLY come first, its status last.
func (r AcctReply) append(b []byte) ([]byte, error) {
	return appendLong(b, []byte{byte(r.Status)}, r.Message, r.Data)
}

func parseAcctReply(b []byte) (AcctReply, error) {
	f := fields{rest: b}
	message, data := f.uint16(), f.uint16()
	r := AcctReply{Status: AcctStatus(f.byte())}
	r.Message, r.Data = f.text(message), f.text(data)
	if err := f.end("accounting REPLY", b); err != nil {
		return AcctReply{}, err
	}
	if !r.Status.known() {
		return AcctReply{}, violation("accounting status %d", byte(r.Status))
	}
	return r, nil
}

// check reports what does not fit a packet.
func (id *Identity) check() error {
	if id.Level < 0 || id.Level > 15 {
		return violation("privilege level %d, want 0 to 15", id.Level)
	}
	for what, text := range map[string]string{"user": id.User, "port": id.Port, "remote address": id.RemoteAddr} {
		if err := fits(what, text, 255); err != nil {
			return err
		}
	}
	return nil
}

// checkRequest reports what is wrong with a request that was received.
func checkRequest(id Identity, args []string) error {
	if err := id.check(); err != nil {
		return err
	}
	return checkArgs(args)
}

// checkArgs wants a separator in each (RFC 8907 section 6.1).
func checkArgs(args []string) error {
	for i, a := range args {
		if !strings.ContainsAny(a, "=*") {
			return violation("argument %d has neither = nor *", i)
		}
	}
	return nil
}

// prepare cuts arguments to what a length holds.
func prepare(args []string) ([]string, error) {
	if len(args) > 255 {
		return nil, violation("%d arguments, want at most 255", len(args))
	}
	cut := make([]string, len(args))
	for i, a := range args {
		cut[i] = a[:min(len(a), 255)]
	}
	return cut, checkArgs(cut)
}

func fits(what, text string, limit int) error {
	if len(text) > limit {
		return violation("%s of %d bytes, want at most %d", what, len(text), limit)
	}
	return nil
}

func (id *Identity) appendTexts(b []byte) []byte {
	return append(append(append(b, id.User...), id.Port...), id.RemoteAddr...)
}

// appendRequest adds what requests of authorization and accounting share.
func (id *Identity) appendRequest(b []byte, args []string) ([]byte, error) {
	if err := id.check(); err != nil {
		return nil, err
	}
	args, err := prepare(args)
	if err != nil {
		return nil, err
	}
	b = append(b, byte(id.Method), byte(id.Level), byte(id.Type), byte(id.Service),
		byte(len(id.User)), byte(len(id.Port)), byte(len(id.RemoteAddr)), byte(len(args)))
	for _, a := range args {
		b = append(b, byte(len(a)))
	}
	b = id.appendTexts(b)
	for _, a := range args {
		b = append(b, a...)
	}
	return b, nil
}

// appendLong adds two texts: their lengths of 16 bits, what stands between, and the
// texts.
func appendLong(b, between []byte, message, data string) ([]byte, error) {
	if err := fits("message", message, 0xffff); err != nil {
		return nil, err
	}
	if err := fits("data", data, 0xffff); err != nil {
		return nil, err
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(message)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	return append(append(append(b, between...), message...), data...), nil
}

// fields takes a body apart. Behind its end everything is zero; end tells.
type fields struct {
	rest  []byte
	short bool
}

func (f *fields) take(n int) []byte {
	if n > len(f.rest) {
		f.short, f.rest = true, nil
		return nil
	}
	taken := f.rest[:n]
	f.rest = f.rest[n:]
	return taken
}

func (f *fields) byte() byte {
	if b := f.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (f *fields) uint16() int { return int(f.byte())<<8 | int(f.byte()) }

func (f *fields) text(n int) string { return string(f.take(n)) }

// next takes a text of the first of the lengths, which it takes away.
func (f *fields) next(lengths *[]byte) string {
	if len(*lengths) == 0 {
		return ""
	}
	n := (*lengths)[0]
	*lengths = (*lengths)[1:]
	return f.text(int(n))
}

func (f *fields) args(lengths []byte) (all []string) {
	for range len(lengths) {
		all = append(all, f.next(&lengths))
	}
	return all
}

// request takes what requests of authorization and accounting share.
func (f *fields) request() (id Identity, args []string) {
	id.Method, id.Level, id.Type, id.Service = Method(f.byte()), int(f.byte()), AuthenType(f.byte()), Service(f.byte())
	lengths := f.take(3)
	sizes := f.take(int(f.byte()))
	id.User, id.Port, id.RemoteAddr = f.next(&lengths), f.next(&lengths), f.next(&lengths)
	return id, f.args(sizes)
}

// end wants the lengths to add up to that of the body: else the key is wrong.
func (f *fields) end(what string, body []byte) error {
	if f.short || len(f.rest) > 0 {
		return fmt.Errorf("tacacs: lengths in an %s of %d bytes do not add up: %w", what, len(body), ErrKey)
	}
	return nil
}
