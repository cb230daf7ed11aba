package ifs

import "path"

// writer is a file of a volume that has no name yet.
type writer struct {
	v     *Volume
	dir   *node
	base  string
	stage stage
	err   error // of the first Write that failed
	done  bool

	// Replacing a file needs no more room than the difference: the first writer of a file may use
	// the space of the file it replaces.
	lender  *node
	lent    int64
	written int64
}

func (v *Volume) createInternal(name string) (Writer, error) {
	name, err := Clean(name)
	if err != nil {
		return nil, err
	}
	if v.opts.ReadOnly {
		return nil, ErrReadOnly
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	dir, base, err := v.root.findDir(name)
	if err != nil {
		return nil, err
	}
	if err := v.canPublish(dir, base); err != nil {
		return nil, err
	}
	if v.writers >= v.opts.MaxWriters {
		return nil, ErrTooManyOpen
	}
	s, err := v.store.stage(dir.path())
	if err != nil {
		return nil, fromHost(err)
	}
	w := &writer{v: v, dir: dir, base: base, stage: s}
	if old := dir.child(base); old != nil && !old.lent {
		old.lent, w.lender, w.lent = true, old, old.size
	}
	dir.pending++
	v.writers++
	return w, nil
}

// canPublish says whether a file may get a name. It is asked when a writer begins and when it
// commits.
func (v *Volume) canPublish(dir *node, base string) error {
	old := dir.child(base)
	switch {
	case base == "" || old != nil && old.dir:
		return ErrIsDir
	case old == nil && v.taken(dir, base):
		return ErrExist
	case old == nil && v.entries >= v.opts.MaxEntries:
		return ErrNoSpace
	}
	return v.store.foreign(path.Join(dir.path(), base))
}

// charge is what the writer takes of the quota.
func (w *writer) charge() int64 { return max(0, w.written-w.lent) }

func (w *writer) Write(p []byte) (int, error) {
	if w.done {
		return 0, ErrClosed
	}
	if w.err != nil {
		return 0, w.err
	}
	if w.err = w.reserve(int64(len(p))); w.err != nil {
		return 0, w.err
	}
	n, err := w.stage.Write(p)
	w.err = fromHost(err)
	return n, w.err
}

func (w *writer) reserve(n int64) error {
	w.v.mu.Lock()
	defer w.v.mu.Unlock()
	before := w.charge()
	more := max(0, w.written+n-w.lent) - before
	if more > 0 && more > w.v.opts.Total-w.v.used {
		return ErrNoSpace
	}
	w.written += n
	w.v.used += more
	return nil
}

func (w *writer) Commit() error {
	if w.done {
		return ErrClosed
	}
	w.seal()
	w.v.mu.Lock()
	defer w.v.mu.Unlock()
	if w.publish(); w.err == nil {
		w.err = fromHost(w.v.store.sync(w.dir.path())())
	}
	return w.err
}

// seal makes the content durable, if it is good.
func (w *writer) seal() {
	if w.err == nil {
		w.err = fromHost(w.stage.seal())
	}
}

// publish gives the file its name, or forgets it when something has gone wrong; either ends the
// writer. The lock is held. The name is durable once its directory has been synced.
func (w *writer) publish() {
	if w.err == nil {
		w.err = w.canReplace()
	}
	if w.err == nil {
		w.err = w.name()
	}
	if w.err != nil {
		w.stage.discard(w.dir.path())
	}
	w.finish()
}

// canReplace says whether the file may take its name now.
func (w *writer) canReplace() error {
	v := w.v
	if err := v.canPublish(w.dir, w.base); err != nil {
		return err
	}
	used := v.used - w.charge() + w.written
	if old := w.dir.child(w.base); old != nil {
		used -= old.size
	}
	if used > v.opts.Total && used > v.used-w.charge() {
		return ErrNoSpace // the file whose space was lent is gone, and others took it
	}
	return nil
}

// name gives the file its name.
func (w *writer) name() error {
	v, dir := w.v, w.dir
	mod := v.now()
	content, err := w.stage.publish(dir.path(), w.base, mod)
	if err != nil {
		return fromHost(err)
	}
	n := dir.child(w.base)
	if n == nil {
		n = &node{name: w.base}
		v.link(dir, n)
	}
	v.used += w.written - n.size
	n.content.release()
	if v.closed {
		content.refund()
	}
	n.size, n.mod, n.content = w.written, mod, content
	return nil
}

func (w *writer) Abort() error {
	if w.done {
		return nil
	}
	w.v.mu.Lock()
	defer w.v.mu.Unlock()
	w.stage.discard(w.dir.path())
	w.finish()
	return nil
}

// finish gives back what the writer held.
func (w *writer) finish() {
	w.done = true
	w.v.used -= w.charge()
	w.v.writers--
	w.dir.pending--
	if w.lender != nil {
		w.lender.lent = false
	}
}

// Hole makes a file of zeros that counts in full against the quota and takes no space of the host:
// the image a device was born with.
func (v *Volume) Hole(name string, size int64) error {
	f, err := v.createInternal(name)
	if err != nil {
		return err
	}
	w := f.(*writer)
	defer w.Abort()
	if err := w.reserve(size); err != nil {
		return err
	}
	if err := w.stage.hole(size); err != nil {
		return fromHost(err)
	}
	return w.Commit()
}
