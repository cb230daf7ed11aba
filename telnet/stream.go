package telnet

import (
	"slices"
	"sync"

	"vtylab/network"
)

// stream is a connection with Telnet on it, in either role. It is for one reader and
// any number of writers.
type stream struct {
	conn network.Conn
	in   decoder // of the reader's goroutine

	// What a role makes of things; called from the reader's goroutine.
	key    func(c byte) (key byte, ok bool) // a command
	turned func(own bool, option byte)      // an option went on or off
	sub    func(data []byte)                // a subnegotiation, from the option's number on

	mu   sync.Mutex // never held while something is written
	own  side       // what this end does; guarded by mu
	peer side       // guarded by mu

	out     sync.Mutex // held for one piece of what is sent
	encoder encoder    // guarded by out
}

// Read reads data of the peer. It blocks as the connection does.
func (s *stream) Read(p []byte) (int, error) {
	for {
		n, err := s.conn.Read(p)
		if data := s.in.decode(p[:n]); len(data) > 0 || err != nil {
			return len(data), err
		}
	}
}

// Write sends data to the peer. It blocks as the connection does.
func (s *stream) Write(p []byte) (int, error) {
	s.out.Lock()
	defer s.out.Unlock()
	if _, err := s.conn.Write(s.encoder.encode(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// control sends commands and negotiation. An error shows where data are written.
func (s *stream) control(p ...byte) {
	s.out.Lock()
	defer s.out.Unlock()
	_, _ = s.conn.Write(p)
}

// propose offers options of this end and asks for some of the peer's, in one piece.
func (s *stream) propose(own, peer []byte) {
	var p []byte
	s.mu.Lock()
	for _, n := range own {
		s.own.proposed(n)
		p = append(p, iac, cmdWILL, n)
	}
	for _, n := range peer {
		s.peer.proposed(n)
		p = append(p, iac, cmdDO, n)
	}
	s.mu.Unlock()
	s.control(p...)
}

// does reports whether an option of this end is on, peerDoes one of the peer's.
func (s *stream) does(n byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.own.on.has(n)
}

func (s *stream) peerDoes(n byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peer.on.has(n)
}

// The words for and against an option: of who is asked to use it, and of who uses it.
var (
	ownWords  = map[bool]byte{true: cmdWILL, false: cmdWONT}
	peerWords = map[bool]byte{true: cmdDO, false: cmdDONT}
)

// negotiate answers the peer's word on an option.
func (s *stream) negotiate(verb, option byte) {
	own := verb == cmdDO || verb == cmdDONT
	reply, agreed, changed := s.decide(own, option, verb == cmdDO || verb == cmdWILL)
	if reply && own {
		s.control(iac, ownWords[agreed], option)
	} else if reply {
		s.control(iac, peerWords[agreed], option)
	}
	if changed && option == optBinary {
		s.transparent(own, agreed)
	}
	if changed && s.turned != nil {
		s.turned(own, option)
	}
}

func (s *stream) decide(own bool, option byte, yes bool) (reply, agreed, changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own {
		return s.own.answer(option, yes)
	}
	return s.peer.answer(option, yes)
}

// transparent leaves line ends as they are, in one direction.
func (s *stream) transparent(own, on bool) {
	if !own {
		s.in.binary = on
		return
	}
	s.out.Lock()
	defer s.out.Unlock()
	s.encoder.binary = on
}

func (s *stream) command(c byte) (byte, bool) {
	if s.key == nil {
		return 0, false
	}
	return s.key(c)
}

func (s *stream) subnegotiation(data []byte) {
	if s.sub != nil && len(data) > 0 {
		s.sub(data)
	}
}

// encoder writes data as they go over the wire: IAC doubled, and a CR that no LF
// follows with a NUL behind it (RFC 854, "The NVT printer and keyboard").
type encoder struct {
	raw, binary bool
	cr          bool // what was written last ends in CR
	typed       bool // CR is a key, not a line end: its NUL follows at once
}

// encode returns p where nothing has to be changed.
func (e *encoder) encode(p []byte) []byte {
	if e.raw || len(p) == 0 {
		return p
	}
	if !e.cr && !slices.Contains(p, iac) && !slices.Contains(p, '\r') {
		return p
	}
	out := make([]byte, 0, len(p)+8)
	for _, b := range p {
		if e.cr && b != '\n' && !e.binary {
			out = append(out, 0)
		}
		e.cr = b == '\r'
		switch {
		case b == iac:
			out = append(out, iac, iac)
		case e.cr && e.typed && !e.binary:
			out, e.cr = append(out, b, 0), false
		default:
			out = append(out, b)
		}
	}
	return out
}
