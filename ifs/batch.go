package ifs

import (
	"slices"
	"sync"
)

// maxBatched bounds the files of a batch that are not committed yet.
const maxBatched = 32

// Batch commits many files one after the other, but not each by itself. To commit one to a host
// directory takes two waits for the host's disk, milliseconds for a file of a few bytes; those that
// come while others wait share theirs. Files appear in the order in which they were given, each whole
// or not at all. The zero value is ready. One goroutine uses a Batch.
type Batch struct {
	mu      sync.Mutex // guards all below
	cond    sync.Cond
	waiting []*writer
	running bool
	err     error // the first since the last Wait
}

// Commit is w.Commit, or the promise to do it soon: then only Wait returns its error, and w may not
// be used any more.
func (b *Batch) Commit(w Writer) error {
	f, ok := w.(*writer)
	if !ok || f.done {
		return w.Commit()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cond.L = &b.mu
	for len(b.waiting) >= maxBatched {
		b.cond.Wait()
	}
	f.done = true
	b.waiting = append(b.waiting, f)
	if !b.running {
		b.running = true
		go b.run()
	}
	return nil
}

// Wait returns when all files are committed, with the first error since it was called last.
func (b *Batch) Wait() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > 0 {
		b.cond.Wait()
	}
	err := b.err
	b.err = nil
	return err
}

// run commits what waits, in groups of those that came while the group before was committed.
func (b *Batch) run() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.waiting) > 0 {
		group := slices.Clone(b.waiting)
		b.mu.Unlock()
		err := commit(group)
		b.mu.Lock()
		b.waiting = b.waiting[len(group):]
		if b.err == nil {
			b.err = err
		}
		b.cond.Broadcast()
	}
	b.running = false
}

// commit commits a group: contents first, all at once, then names in order, then the directories they
// are in.
func commit(group []*writer) (first error) {
	var contents sync.WaitGroup
	for _, w := range group {
		contents.Go(w.seal)
	}
	contents.Wait()
	for len(group) > 0 {
		v, n := group[0].v, 1
		for n < len(group) && group[n].v == v {
			n++
		}
		if err := v.publish(group[:n]); first == nil {
			first = err
		}
		group = group[n:]
	}
	return first
}

// publish gives files of the volume their names, and makes those durable. Others may use the volume
// meanwhile.
func (v *Volume) publish(files []*writer) (first error) {
	for _, sync := range v.name(files, &first) {
		if err := sync(); err != nil && first == nil {
			first = fromHost(err)
		}
	}
	return first
}

// name gives files their names, and returns what makes those durable.
func (v *Volume) name(files []*writer, first *error) (syncs []func() error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var dirs []*node
	for _, w := range files {
		if w.publish(); w.err == nil && !slices.Contains(dirs, w.dir) {
			dirs = append(dirs, w.dir)
		} else if *first == nil {
			*first = w.err
		}
	}
	for _, dir := range dirs {
		syncs = append(syncs, v.store.sync(dir.path()))
	}
	return syncs
}
