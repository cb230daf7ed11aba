package scp

import "fmt"

// Trace is told what goes over the wire, for `debug ip scp`. Nil costs nothing.
type Trace struct {
	Token func(Token)
}

// Token is one element of the dialogue.
type Token struct {
	Sent  bool // by us
	Kind  Kind
	Line  string // of Control, Warning and Fatal
	Bytes int64  // of Data: the whole content of a file
}

// Kind says what a token is.
type Kind int

// The elements of the dialogue.
const (
	OK      Kind = iota // the byte 0
	Control             // a record
	Data                // the content of a file
	Warning             // the byte 1 and a text
	Fatal               // the byte 2 and a text
	EOF                 // the sender has no more
)

// String is the token in the words of `debug ip scp`: <OK>, C0644 1381 r1.cfg, 1381 bytes, <EOF>.
func (t Token) String() string {
	switch t.Kind {
	case OK:
		return "<OK>"
	case Data:
		return fmt.Sprintf("%d bytes", t.Bytes)
	case EOF:
		return "<EOF>"
	}
	return t.Line
}

func (t *Trace) token(tok Token) {
	if t != nil && t.Token != nil {
		t.Token(tok)
	}
}
