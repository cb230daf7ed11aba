package keyring

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Pool is RSA key pairs that the devices of a fleet share: to make one for each of
// ten thousand takes the better part of an hour. A single device does not draw from
// it; `crypto key generate` always makes a fresh pair.
type Pool struct{ pairs []*Pair }

// poolMode lets nobody but the user read the private keys.
const poolMode fs.FileMode = 0o600

// OpenPool reads the pool in a file. When the file does not exist it is made, with n
// pairs of so many bits: on this machine, of mode 0600, whole or not at all, which
// blocks for as long as that takes. Of two programs that make it at once both get
// that of the first. An existing file keeps the size it has; one that others may
// read, that is damaged or that holds no pair is an error and stays as it is.
func OpenPool(path string, n, bits int) (*Pool, error) {
	p, err := readPool(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	if err := makePool(path, n, bits); err != nil {
		return nil, fmt.Errorf("keyring: making the pool %s: %w", path, err)
	}
	return readPool(path)
}

func readPool(path string) (*Pool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("keyring: pool: %w", err)
	}
	// Windows has no such modes: what a file of a user's own directory may be read by
	// is that of the directory.
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&^poolMode != 0 {
		return nil, fmt.Errorf("keyring: pool %s has mode %04o, want %04o", path, mode, poolMode)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("keyring: pool: %w", err)
	}
	pairs, err := decode(data)
	if err == nil && len(pairs) == 0 {
		err = errors.New("it holds no key pair")
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: pool %s: %w", path, err)
	}
	return &Pool{pairs}, nil
}

// makePool writes a new pool beside path and links it there, which fails quietly
// when somebody else was first.
func makePool(path string, n, bits int) error {
	if n < 1 {
		return fmt.Errorf("%d pairs, want at least 1", n)
	}
	data, err := generatePool(n, bits)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".pool-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// generatePool makes the pairs on all processors.
func generatePool(n, bits int) ([]byte, error) {
	pairs, errs := make([]*Pair, n), make([]error, n)
	var work sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		free <- struct{}{}
		work.Go(func() {
			pairs[i], errs[i] = Generate(strconv.Itoa(i), General, bits, false, time.Now())
			<-free
		})
	}
	work.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return Encode(pairs)
}

// Pair is the pair of a device, under the label that the device gives it: the same
// one whenever the device has the same name.
func (p *Pool) Pair(device, label string) *Pair {
	h := fnv.New32a()
	h.Write([]byte(device))
	k := *p.pairs[h.Sum32()%uint32(len(p.pairs))]
	k.Label, k.Saved = label, false
	return &k
}
