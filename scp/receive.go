package scp

import (
	"fmt"
	"io"
)

// Receive is the receiving side: what `scp -t` is on a server, and what copies from a remote `scp -f`.
// The target is the one path of the command; files go below it when it is a directory. The error is
// the first trouble of either side; Stats count in any case.
func (p *Peer) Receive(dst Sink, c Command) (Stats, error) {
	r := &receiver{wire: p.wire(), peer: p, dst: dst, command: c}
	err := r.run()
	if bad := r.flush(); bad != nil {
		r.note(bad)
	}
	return r.end(err)
}

type receiver struct {
	*wire
	peer    *Peer
	dst     Sink
	command Command
}

func (r *receiver) run() error {
	if len(r.command.Paths) != 1 {
		return r.fail(refusal("ambiguous target"))
	}
	target := r.command.Paths[0]
	isDir := r.dst.IsDir(target)
	if r.command.TargetDir && !isDir {
		return r.fail(refusal(target + ": Not a directory"))
	}
	return r.records(target, isDir, 0)
}

// records takes the records of one directory, or of the whole dialogue, up to E or the end.
func (r *receiver) records(target string, isDir bool, depth int) error {
	if err := r.ack(); err != nil {
		return err
	}
	var times record
	for named := 0; ; {
		rec, err := r.next(target, depth == 0 && times.kind == 0)
		if err != nil || rec.kind == 'E' {
			return err
		}
		if rec.kind == 'T' {
			times = rec
			if err := r.ack(); err != nil {
				return err
			}
			continue
		}
		if named++; named > 1 && !isDir {
			return r.fail(refusal("ambiguous target"))
		}
		rec.ModTime, rec.AccessTime, times = times.ModTime, times.AccessTime, record{}
		path := target
		if isDir {
			path = join(target, rec.Name)
		}
		if err := r.accept(path, rec.FileInfo, depth); err != nil {
			return err
		}
	}
}

// next reads a record of a directory. The end of input is E where the dialogue may end.
func (r *receiver) next(dir string, mayEnd bool) (record, error) {
	for {
		line, err := r.line()
		switch {
		case err != nil && line == "" && mayEnd && isEOF(err):
			r.trace.token(Token{Kind: EOF})
			return record{kind: 'E'}, nil
		case err != nil:
			return record{}, r.fail(err)
		case line != "" && (line[0] == 1 || line[0] == 2):
			if _, err := r.skipped(r.complaint(line)); err != nil {
				return record{}, err
			}
			continue
		}
		rec, err := parseRecord(line)
		if err != nil {
			return rec, r.fail(err)
		}
		r.trace.token(Token{Kind: Control, Line: line})
		if rec.kind == 'E' {
			err = r.answer(dir, r.flush())
		}
		return rec, err
	}
}

// answer tells the peer what came of a path.
func (r *receiver) answer(path string, bad error) error {
	if bad != nil {
		return r.warn(r.peer.text(path, bad), bad)
	}
	return r.ack()
}

// flush waits for what the Sink has left to do.
func (r *receiver) flush() error {
	if f, ok := r.dst.(Flusher); ok {
		return f.Flush()
	}
	return nil
}

func (r *receiver) accept(path string, info FileInfo, depth int) error {
	if !info.Dir {
		return r.file(path, info, depth)
	}
	switch {
	case !r.command.Recursive:
		return r.fail(protocolError("received directory without -r"))
	case depth >= maxDepth:
		return r.fail(refusal(path + ": too deep"))
	}
	if !r.dst.IsDir(path) {
		if err := r.dst.Mkdir(path, info); err != nil {
			return r.warn(r.peer.text(path, err), err)
		}
	}
	return r.records(path, true, depth+1)
}

// file receives one file. The peer skips one that is refused here.
func (r *receiver) file(path string, info FileInfo, depth int) error {
	if limit := r.peer.MaxSize; limit > 0 && info.Size > limit {
		err := refusal(path + ": File too large")
		return r.warn(err.Error(), err)
	}
	w, err := r.dst.Create(path, info)
	if err != nil {
		return r.warn(r.peer.text(path, err), err)
	}
	committed := false
	defer func() {
		if !committed {
			w.Abort()
		}
	}()
	if err := r.ack(); err != nil {
		return err
	}
	bad, err := r.content(w, info.Size)
	if err != nil {
		return err
	}
	no, err := r.skipped(r.response())
	switch {
	case err != nil:
		return err
	case no: // the peer has counted its error; OpenSSH answers 0
		return r.ack()
	case bad == nil:
		committed = true
		bad = w.Commit()
	}
	if bad == nil && depth == 0 {
		bad = r.flush()
	}
	if bad == nil {
		r.stats.Files++
	}
	return r.answer(path, bad)
}

// content reads as many bytes as announced, whether or not they can be written: that goes into bad.
func (r *receiver) content(w io.Writer, size int64) (bad, err error) {
	for left := size; left > 0; {
		n, err := readSome(r.in, r.buf[:min(left, bufferSize)])
		if err != nil {
			return bad, fmt.Errorf("scp: reading content, %d bytes left: %w", left, err)
		}
		if bad == nil {
			_, bad = w.Write(r.buf[:n])
		}
		left -= int64(n)
		r.stats.Bytes += int64(n)
	}
	r.trace.token(Token{Kind: Data, Bytes: size})
	return bad, nil
}
