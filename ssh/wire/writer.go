package wire

import (
	"cmp"
	"net"
	"sync"
	"time"
)

// HighWater is how many bytes may wait for the socket before whoever writes data
// should wait too.
const HighWater = 256 << 10

// bulk is how much is queued before the queue grows at once to what a long copy
// needs.
const bulk = 64 << 10

// Writer queues packets and sends them. They are put into the queue in the order of
// their sequence numbers; one goroutine at a time empties it into the socket while
// others go on queueing, so that many small packets share one system call.
//
// Its lock also guards what an engine keeps beside the queue: its sequence number,
// its cipher. The methods say which of them want it held.
type Writer struct {
	conn  net.Conn
	group *Group

	mu   sync.Mutex // guards all below
	cond sync.Cond  // the queue shrank, or somebody called Wake

	buf      *Buffer // the queue is buf.B[:n]
	n        int
	flushing bool
	err      error
	broken   error // err, when it came from the socket
}

// Init sets a Writer up; goroutines that it starts are of the group.
func (o *Writer) Init(conn net.Conn, group *Group) {
	o.conn, o.group = conn, group
	o.cond.L = &o.mu
}

// Lock takes the lock of the queue.
func (o *Writer) Lock() { o.mu.Lock() }

// Unlock releases the lock of the queue.
func (o *Writer) Unlock() { o.mu.Unlock() }

// Wait waits, with the lock held, for the queue to shrink, for an error, or for Wake.
func (o *Writer) Wait() { o.cond.Wait() }

// Wake lets everybody in Wait look again.
func (o *Writer) Wake() { o.cond.Broadcast() }

// Err is why nothing can be queued any more, nil while it can. The lock is held.
func (o *Writer) Err() error { return o.err }

// Broken is Err, if it came from the socket. The lock is not held.
func (o *Writer) Broken() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.broken
}

// Len is how many bytes wait to be sent. The lock is held.
func (o *Writer) Len() int { return o.n }

// Idle reports whether nothing waits to be sent and nothing is being sent. The lock is
// held.
func (o *Writer) Idle() bool { return o.n == 0 && !o.flushing }

// Room returns the place for n bytes behind what is queued. The lock is held; what is
// put there counts once Add has been called.
func (o *Writer) Room(n int) []byte {
	need := o.n + n
	if o.buf == nil {
		o.buf = GetBuffer(need)
	} else if need > len(o.buf.B) {
		if need > bulk {
			need = max(need, 2*HighWater) // grow once, not by steps
		}
		next := GetBuffer(need)
		copy(next.B, o.buf.B[:o.n])
		o.buf.Release()
		o.buf = next
	}
	return o.buf.B[o.n : o.n+n]
}

// Add queues the first n bytes of Room. The lock is held.
func (o *Writer) Add(n int) { o.n += n }

// Flush sends what is queued. It returns at once when another goroutine does so
// already. That the connection ends behind what was sent is no error: the peer
// may be quicker than we are.
func (o *Writer) Flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flushing {
		return o.unsent()
	}
	o.flushing = true
	return o.drain()
}

// unsent is why something that is queued will not be sent; the lock is held.
func (o *Writer) unsent() error {
	if o.n == 0 {
		return nil
	}
	return o.err
}

// FlushBehind is Flush in a goroutine.
func (o *Writer) FlushBehind() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.StartFlush()
}

// StartFlush is FlushBehind with the lock held.
func (o *Writer) StartFlush() {
	if o.flushing || o.n == 0 || o.err != nil {
		return
	}
	o.flushing = true
	o.group.Go(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.drain()
	})
}

// drain writes until nothing is queued. The lock is held, but not while the
// socket is written.
func (o *Writer) drain() (failed error) {
	for o.n > 0 && o.err == nil {
		buf, n := o.buf, o.n
		o.buf, o.n = nil, 0
		o.mu.Unlock()
		_, err := o.conn.Write(buf.B[:n])
		buf.Release()
		o.mu.Lock()
		if err != nil {
			o.failed(err)
			failed = o.err
		}
		o.cond.Broadcast()
	}
	o.flushing = false
	o.cond.Broadcast()
	return cmp.Or(failed, o.unsent())
}

// failed notes that the socket cannot be written any more; the lock is held.
func (o *Writer) failed(err error) {
	if o.err != nil {
		return
	}
	o.err, o.broken = err, err
	// The reader must learn of it too, but may find the peer's last message first.
	if o.conn.SetReadDeadline(time.Now().Add(LingerTime)) != nil {
		o.conn.Close()
	}
}

// Finish sends what is queued; everything afterwards fails with err. The lock is held.
func (o *Writer) Finish(err error) error {
	for o.flushing && o.err == nil {
		o.cond.Wait()
	}
	o.flushing = true
	o.drain()
	if o.err == nil {
		o.err = err
		return nil
	}
	return o.err
}

// Fail makes everything that is queued later fail with err, if nothing else has
// before. The lock is held.
func (o *Writer) Fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// Stop is Fail for an end: who waits returns. The lock is not held.
func (o *Writer) Stop(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.Fail(err)
	o.cond.Broadcast()
}

// Release gives the queue back. The lock is not held.
func (o *Writer) Release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.buf.Release()
	o.buf, o.n = nil, 0
}
