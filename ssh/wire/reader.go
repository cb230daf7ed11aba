package wire

import "io"

// Sizes of the read buffer: small while a connection is quiet, smaller still
// once a user is in and types, large while the small one comes back full.
const (
	idleRead  = 512
	quietRead = 2 << 10
	busyRead  = 64 << 10
)

// Watcher is what a Reader has to know of its engine, and tells it.
type Watcher interface {
	// LoggedIn reports whether the peer has authenticated. Until then what the peer
	// announces costs no memory.
	LoggedIn() bool
	// Watched reports whether reads are shown to somebody, and the most bytes that one
	// of them may have, 0 for no bound.
	Watched() (on bool, most int)
	// SocketRead is called after each read of the socket.
	SocketRead(n int)
}

// Reader takes bytes off a connection, as many at a time as fit what goes on. It
// belongs to one goroutine.
type Reader struct {
	conn  io.Reader
	watch Watcher

	buf  *Buffer
	r, w int    // unread bytes are buf.B[r:w]
	busy bool   // the last read filled a small buffer
	rest []byte // were read before
}

// Init sets a Reader up.
func (in *Reader) Init(conn io.Reader, watch Watcher) { in.conn, in.watch = conn, watch }

// Unread gives back what was read off the connection before the Reader had it.
// Reading it again counts as reading the socket.
func (in *Reader) Unread(rest []byte) { in.rest = rest }

// Len is how many bytes are there.
func (in *Reader) Len() int { return in.w - in.r }

// Peek returns the next n bytes, which must be there. They are valid until the next
// read.
func (in *Reader) Peek(n int) []byte { return in.buf.B[in.r : in.r+n] }

// Take is Peek, and goes on behind them.
func (in *Reader) Take(n int) []byte {
	p := in.Peek(n)
	in.r += n
	return p
}

// Await reads until something is there. An idle connection waits here, on as little
// stack as that takes.
func (in *Reader) Await() error {
	for in.w == in.r {
		if err := in.Read(1); err != nil {
			return err
		}
	}
	return nil
}

// Fill reads until n bytes are there.
func (in *Reader) Fill(n int) error {
	for in.Len() < n {
		if err := in.Read(n); err != nil {
			return err
		}
	}
	return nil
}

// Ahead is how much room a packet of n bytes gets before it is there. Until a user
// has logged in, that follows what has come and not what was announced.
func (in *Reader) Ahead(n int) int {
	if in.watch.LoggedIn() {
		return n
	}
	return min(n, 2*in.Len()+quietRead)
}

// Read reads the socket once, with room for n unread bytes in all. The end within
// something unread is io.ErrUnexpectedEOF.
func (in *Reader) Read(n int) error {
	in.room(n)
	into := in.buf.B[in.w:]
	if _, most := in.watch.Watched(); most > 0 && len(into) > most {
		into = into[:most]
	}
	var got int
	var err error
	if len(in.rest) > 0 {
		got = copy(into, in.rest)
		if in.rest = in.rest[got:]; len(in.rest) == 0 {
			in.rest = nil
		}
	} else {
		got, err = in.conn.Read(into)
		in.busy = got == len(into) && len(into) >= idleRead/2 || got >= quietRead
	}
	if got > 0 {
		in.w += got
		in.watch.SocketRead(got)
		return nil
	}
	if err == io.EOF && in.w > in.r {
		return io.ErrUnexpectedEOF
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// usual is the size of the buffer for what usually comes. Who watches sees reads as
// long as ever.
func (in *Reader) usual() int {
	if !in.watch.LoggedIn() {
		return quietRead
	}
	if in.busy {
		return busyRead
	}
	if on, _ := in.watch.Watched(); on {
		return quietRead
	}
	return idleRead
}

// room makes space behind the unread bytes for n of them in all and some more.
func (in *Reader) room(n int) {
	want := max(in.usual(), n)
	unread := in.w - in.r
	if in.buf != nil && len(in.buf.B) >= want && (len(in.buf.B) < 2*want || unread > 0) {
		// Compact only when the tail is too short for a useful read.
		if in.w == in.r {
			in.r, in.w = 0, 0
		} else if in.r+n > len(in.buf.B) || len(in.buf.B)-in.w < idleRead/2 {
			copy(in.buf.B, in.buf.B[in.r:in.w])
			in.r, in.w = 0, unread
		}
		return
	}
	next := GetBuffer(want)
	if in.buf != nil {
		copy(next.B, in.buf.B[in.r:in.w])
		in.buf.Release()
	}
	in.buf, in.r, in.w = next, 0, unread
}

// Release gives the buffer back; nothing can be read any more.
func (in *Reader) Release() {
	in.buf.Release()
	in.buf, in.r, in.w, in.rest = nil, 0, 0, nil
}
