package ssh2

import (
	"testing"

	"vtylab/ssh"
	"vtylab/ssh/wire"
)

func channelData(id uint32, s string) []byte {
	return wire.AppendString(channelMsg(msgChanData, id), s)
}

// script is a client that says what a test wants, through our transport.
type script struct {
	t *testing.T
	*transport
}

func newScript(t *testing.T, conn *memConn, cfg *Config) *script {
	c := cfg.withDefaults()
	s := &script{t, newTransport(conn, &c, true)}
	s.kex.checkHost = func(string, []byte) error { return nil }
	t.Cleanup(func() { s.abort(); s.wait() })
	return s
}

// identified exchanges identification lines, the server's first.
func (s *script) identified() {
	s.t.Helper()
	line, rest, err := ssh.ReadIdent(s.conn, true)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := ssh.WriteIdent(s.conn, s.cfg.Version, "\n"); err != nil {
		s.t.Fatal(err)
	}
	if err := s.identify(&ssh.Idents{Local: s.cfg.Version, Remote: line, Rest: rest}); err != nil {
		s.t.Fatal(err)
	}
}

// keyExchange runs the first key exchange with a KEXINIT that change may alter;
// it waits for the server's before it sends its own.
func (s *script) keyExchange(change func(*kexInitMsg)) {
	s.t.Helper()
	s.identified()
	p, err := s.in.packet()
	if err != nil {
		s.t.Fatal(err)
	}
	theirs := append([]byte(nil), p...)
	m, err := s.kexInit()
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(m)
	}
	s.kex.ours, s.kex.oursRaw = m, encode(m)
	s.send(s.kex.oursRaw)
	s.out.kexing = true
	if err := s.exchangeKeys(theirs); err != nil {
		s.t.Fatal(err)
	}
}

// send writes messages in one piece.
func (s *script) send(messages ...[]byte) {
	s.t.Helper()
	if err := s.out.send(messages...); err != nil {
		s.t.Fatal(err)
	}
}

// want reads the next message, which must be of a type.
func (s *script) want(kind byte) []byte {
	s.t.Helper()
	p, err := s.next()
	if err != nil {
		s.t.Fatalf("reading %s: %v", MessageName(kind), err)
	}
	if p[0] != kind {
		s.t.Fatalf("got %s, want %s", MessageName(p[0]), MessageName(kind))
	}
	return p
}
