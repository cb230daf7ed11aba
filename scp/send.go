package scp

import (
	"errors"
	"fmt"
	"io"
)

const maxDepth = 32

// Send is the sending side: what `scp -f` is on a server, and what copies to a remote `scp -t`. It sends the
// files that the command names, and goes on after one that fails. The error is the first trouble of
// either side; Stats count in any case.
func (p *Peer) Send(src Source, c Command) (Stats, error) {
	s := &sender{wire: p.wire(), peer: p, src: src, command: c}
	return s.end(s.run())
}

type sender struct {
	*wire
	peer    *Peer
	src     Source
	command Command
}

func (s *sender) run() error {
	if err := s.response(); err != nil {
		return err
	}
	for _, path := range s.command.Paths {
		if err := s.path(path, 0); err != nil {
			return err
		}
	}
	return nil
}

// path sends a file or a tree. An error ends the dialogue.
func (s *sender) path(path string, depth int) error {
	f, err := s.src.Open(path)
	if err != nil {
		return s.warn(s.peer.text(path, err), err)
	}
	if f.Body != nil {
		defer f.Body.Close()
	}
	if err := s.check(path, f, depth); err != nil {
		return s.warn(s.peer.text(path, err), err)
	}
	if s.command.Preserve {
		if no, err := s.record(record{'T', f.FileInfo}); no || err != nil {
			return err
		}
	}
	if f.Dir {
		return s.dir(f, depth)
	}
	if no, err := s.record(record{'C', f.FileInfo}); no || err != nil {
		return err
	}
	return s.content(path, f)
}

func (s *sender) check(path string, f *File, depth int) error {
	switch {
	case f.Dir && !s.command.Recursive || !f.Dir && f.Body == nil:
		return refusal(path + ": not a regular file")
	case depth >= maxDepth:
		return refusal(path + ": too deep")
	case !validName(f.Name) || f.Size < 0 || len(f.Name) > maxLine/2:
		return refusal(path + ": cannot be named")
	}
	return nil
}

// record sends a record and tells whether the peer does not want what it announces.
func (s *sender) record(r record) (no bool, err error) {
	if err := s.control(r); err != nil {
		return false, err
	}
	return s.skipped(s.response())
}

func (s *sender) dir(f *File, depth int) error {
	f.Size = 0
	if no, err := s.record(record{'D', f.FileInfo}); no || err != nil {
		return err
	}
	for _, child := range f.Children {
		if err := s.path(child, depth+1); err != nil {
			return err
		}
	}
	_, err := s.record(record{kind: 'E'})
	return err
}

// content sends exactly as many bytes as announced. When reading fails the rest is zeros, as the
// peer waits for them, and the status says that they are worth nothing.
func (s *sender) content(path string, f *File) error {
	var bad error
	left := f.Size
	for left > 0 {
		n := int(min(left, bufferSize))
		if bad == nil {
			n, bad = readSome(f.Body, s.buf[:n])
		}
		if bad != nil {
			n = int(min(left, bufferSize))
			clear(s.buf[:n])
		}
		left -= int64(n)
		s.stats.Bytes += int64(n)
		if left == 0 && bad == nil && n < bufferSize {
			s.buf[n] = 0 // the status goes along with the last bytes
			return s.conclude(f, s.buf[:n+1])
		}
		if _, err := s.out.Write(s.buf[:n]); err != nil {
			return fmt.Errorf("scp: sending %s: %w", f.Name, err)
		}
	}
	if bad == nil {
		return s.conclude(f, zero)
	}
	s.trace.token(Token{Sent: true, Kind: Data, Bytes: f.Size})
	if err := s.warn(s.peer.text(path, bad), bad); err != nil {
		return err
	}
	_, err := s.skipped(s.response())
	return err
}

// conclude sends the end of a content, its status included, and takes the answer.
func (s *sender) conclude(f *File, end []byte) error {
	if _, err := s.out.Write(end); err != nil {
		return fmt.Errorf("scp: sending %s: %w", f.Name, err)
	}
	s.trace.token(Token{Sent: true, Kind: Data, Bytes: f.Size})
	s.trace.token(Token{Sent: true, Kind: OK})
	no, err := s.skipped(s.response())
	if !no && err == nil {
		s.stats.Files++
	}
	return err
}

// readSome reads at least one byte. The end of input is an error, since more was announced.
func readSome(r io.Reader, p []byte) (int, error) {
	for range 100 {
		n, err := r.Read(p)
		if n > 0 {
			return n, nil
		}
		if errors.Is(err, io.EOF) {
			return 0, io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, io.ErrNoProgress
}
