package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// MaxIdent is the longest identification line of RFC 4253 section 4.2, its
// line end included.
const MaxIdent = 255

// Bounds on what a server may say before its identification line; the RFC sets
// none.
const (
	maxPreambleLines = 64
	maxPreambleBytes = 16 << 10
)

// Errors of ReadIdent.
var (
	ErrIdentTooLong = errors.New("ssh: identification line longer than 255 bytes")
	ErrIdentMissing = errors.New("ssh: peer sent no identification line")
	ErrIdentSyntax  = errors.New("ssh: malformed identification line")
)

// Idents is an exchanged pair of identification lines, without their line
// ends, and what the peer's bytes held beyond its line. A caller that looks at
// the peer's version before choosing an engine hands it to that engine.
type Idents struct {
	Local, Remote string
	Rest          []byte
	Began         time.Time // a login timeout counts from here; zero is now
}

// Exchange writes an identification line, followed by end, and reads the peer's. A
// client takes other lines before that (RFC 4253 section 4.2); a server speaks first
// and waits for the answer, as IOS does. The trace may be nil.
//
// It blocks as long as the peer takes: closing the connection ends it.
func Exchange(c io.ReadWriter, line, end string, client bool, trace Trace) (Idents, error) {
	if trace == nil {
		trace = func(Event) {}
	}
	lines := Idents{Local: line, Began: time.Now()}
	if err := WriteIdent(c, line, end); err != nil {
		return lines, err
	}
	trace(VersionSent{Line: line})
	var err error
	if lines.Remote, lines.Rest, err = ReadIdent(c, client); err != nil {
		return lines, err
	}
	trace(VersionReceived{Line: lines.Remote})
	return lines, nil
}

// Greet is Exchange for a server that chooses its engine by the client's line; the
// engine then takes up where this ended. Started comes before the lines. When ctx ends
// first, the connection is closed and the error is the context's cause.
func Greet(ctx context.Context, c net.Conn, line, end string, trace Trace) (Idents, error) {
	if trace != nil {
		trace(Started{})
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	lines, err := Exchange(c, line, end, false, trace)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return lines, err
}

// WriteIdent sends line followed by end: IOS ends it with a bare LF, RFC 4253
// asks for CR LF.
func WriteIdent(w io.Writer, line, end string) error {
	if len(line)+len(end) > MaxIdent {
		return ErrIdentTooLong
	}
	if _, err := io.WriteString(w, line+end); err != nil {
		return fmt.Errorf("writing identification: %w", err)
	}
	return nil
}

// ReadIdent reads the peer's identification line, ended by CR LF or LF. With
// preamble set (the client role) other lines may come before it. It returns the
// line without its end and the bytes read beyond it.
func ReadIdent(r io.Reader, preamble bool) (line string, rest []byte, err error) {
	buf := make([]byte, 0, 512)
	total, lines := 0, 0
	for {
		if i := bytes.IndexByte(buf, '\n'); i >= 0 {
			raw := buf[:i]
			if isIdent(raw) {
				line, err := checkIdent(raw)
				if err != nil {
					return "", nil, err
				}
				return line, append([]byte(nil), buf[i+1:]...), nil
			}
			if lines++; !preamble || lines > maxPreambleLines {
				return "", nil, ErrIdentMissing
			}
			buf = append(buf[:0], buf[i+1:]...)
			continue
		}
		if (!preamble || isIdent(buf)) && len(buf) >= MaxIdent {
			return "", nil, ErrIdentTooLong
		}
		if total > maxPreambleBytes {
			return "", nil, ErrIdentMissing
		}
		if len(buf) == cap(buf) {
			buf = append(buf, make([]byte, 512)...)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		total += n
		if n == 0 && err != nil {
			if err == io.EOF && len(buf) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return "", nil, fmt.Errorf("reading identification: %w", err)
		}
	}
}

func isIdent(b []byte) bool { return bytes.HasPrefix(b, []byte("SSH-")) }

func checkIdent(raw []byte) (string, error) {
	if len(raw)+1 > MaxIdent {
		return "", ErrIdentTooLong
	}
	raw = bytes.TrimSuffix(raw, []byte("\r"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", ErrIdentSyntax
	}
	line := string(raw)
	if _, _, ok := ProtocolVersion(line); !ok {
		return "", ErrIdentSyntax
	}
	return line, nil
}

// ProtocolVersion takes the protocol version out of an identification line:
// 1, 99 for "SSH-1.99-Cisco-1.25".
func ProtocolVersion(line string) (major, minor int, ok bool) {
	rest, ok := strings.CutPrefix(line, "SSH-")
	if !ok {
		return 0, 0, false
	}
	version, _, ok := strings.Cut(rest, "-")
	if !ok {
		return 0, 0, false
	}
	maj, min, ok := strings.Cut(version, ".")
	if !ok {
		return 0, 0, false
	}
	m, err1 := strconv.ParseUint(maj, 10, 8)
	n, err2 := strconv.ParseUint(min, 10, 8)
	if err1 != nil || err2 != nil {
		return 0, 0, false
	}
	return int(m), int(n), true
}

// Speaks2 tells whether an identification line offers protocol version 2: 2.0,
// or 1.99 for both (RFC 4253 section 5.1).
func Speaks2(line string) bool {
	major, minor, ok := ProtocolVersion(line)
	return ok && (major == 2 || major == 1 && minor == 99)
}
