package device

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"vtylab/ifs"
	"vtylab/keyring"
)

// Names in nvram: of what the device itself reads and writes.
const (
	startupFile = "startup-config"
	privateFile = "private-config"
)

// maxStartup bounds a start-up configuration, in bytes.
const maxStartup = 4 << 20

// inMemory is what the files of all devices without a state directory may take together:
// a flash: is as big as the memory of many hosts. The little that nvram: holds is beside it,
// so that a device can be saved whatever others do.
var inMemory = ifs.NewBudget(1 << 30)

// openStorage opens flash: and nvram: below dir, or in memory.
func openStorage(h *Hardware, dir string, memory *ifs.Budget, now func() time.Time) (*storage, error) {
	flash := ifs.Options{Type: "disk", Total: h.FlashSize, Budget: cmp.Or(memory, inMemory), Now: now}
	nvram := ifs.Options{Type: "nvram", Total: h.NVRAMSize, Now: now, Private: []string{privateFile, persistentFile}, NoDates: true}
	if dir == "" {
		s := &storage{flash: ifs.NewMemory(flash), nvram: ifs.NewMemory(nvram)}
		return s, s.stock(h)
	}
	s := &storage{}
	if err := s.open(h, dir, flash, nvram); err != nil {
		s.close()
		return nil, fmt.Errorf("state directory %s: %w", dir, err)
	}
	return s, nil
}

// bornFile marks a state directory whose flash: has been stocked.
const bornFile = "born"

// open takes a state directory for this program. What was opened before an
// error is left to close.
func (s *storage) open(h *Hardware, dir string, flash, nvram ifs.Options) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	switch held, err := lock.TryLock(); {
	case err != nil:
		return err
	case !held:
		return ErrInUse
	}
	s.lock = lock
	var err error
	if s.nvram, err = ifs.OpenDir(filepath.Join(dir, "nvram"), nvram); err != nil {
		return err
	}
	if s.flash, err = ifs.OpenDir(filepath.Join(dir, "flash"), flash); err != nil {
		return err
	}
	born := filepath.Join(dir, bornFile)
	if _, err := os.Stat(born); !os.IsNotExist(err) {
		return err
	}
	if err := s.stock(h); err != nil {
		return err
	}
	return os.WriteFile(born, nil, 0o600)
}

// stock puts the files of a new device on its flash.
func (s *storage) stock(h *Hardware) error {
	for _, f := range h.FlashFiles {
		if err := s.flash.Hole(f.Name, f.Size); err != nil {
			return fmt.Errorf("new flash: %w", err)
		}
	}
	return nil
}

// LocalPrefixes are the file systems besides flash: and those of servers.
var LocalPrefixes = []string{"nvram:", "system:", "null:"}

// Files are the device's file systems.
func (d *Device) Files() *ifs.Set { return d.files() }

// mounts is the file systems in the order of `show file systems`.
func (d *Device) mounts() *ifs.Set {
	system := ifs.NewVirtual(
		ifs.VirtualFile{Name: "running-config",
			// As a file it begins with an empty line (17.15, captured from scp -f).
			Render: func() ([]byte, error) { return []byte("\n" + d.RunningConfig(false)), nil },
			Commit: func(text []byte) error { return d.mergeUnattended(string(text)) }},
		ifs.VirtualFile{Name: "default-running-config",
			Render: func() ([]byte, error) { return []byte(d.System.FactoryText()), nil }},
	)
	h := d.Product.Hardware()
	mounts := []ifs.Mount{
		{Prefixes: []string{"system:"}, FS: system},
		{Prefixes: []string{"null:"}, FS: ifs.Null},
		{Prefixes: h.Flash, FS: d.storage.flash, Default: true},
		{Prefixes: []string{"nvram:"}, FS: d.storage.nvram},
	}
	for _, p := range h.Servers {
		mounts = append(mounts, ifs.Mount{Prefixes: []string{p}, Remote: true})
	}
	return ifs.NewSet(mounts, map[string]string{"running-config": "system:running-config", "startup-config": "nvram:" + startupFile})
}

// StartupConfig is the saved configuration; ok is false when there is none.
func (d *Device) StartupConfig() (text string, ok bool) {
	data, err := ifs.ReadFile(d.storage.nvram, startupFile, maxStartup)
	return string(data), err == nil && len(data) > 0
}

// NVRAMSize is the size of nvram: in bytes.
func (d *Device) NVRAMSize() int64 { return d.Product.Hardware().NVRAMSize }

// Save writes the running configuration and the key pairs to nvram:, each whole
// or not at all.
func (d *Device) Save(by string) error {
	d.power.RLock() // a device that boots has only a part of its configuration
	defer d.power.RUnlock()
	if err := d.ctx.Err(); err != nil {
		return fmt.Errorf("saving: %w", err) // a boot may have been broken off
	}
	d.mu.Lock()
	previous, dirty := d.saved, d.dirty
	d.saved, d.dirty = Change{d.Now(), by}, false
	d.mu.Unlock()
	err := ifs.WriteFile(d.storage.nvram, startupFile, []byte(d.RunningConfig(false)))
	if err == nil {
		err = d.SaveKeys()
	}
	if err == nil {
		err = d.persistent.save(d.storage, d.System.PrivateText())
	}
	if err != nil {
		d.mu.Lock()
		d.saved, d.dirty = previous, dirty
		d.mu.Unlock()
		return fmt.Errorf("saving: %w", err)
	}
	d.report(Saved{})
	return nil
}

// SaveKeys writes the key pairs to the private part of nvram:.
func (d *Device) SaveKeys() error {
	pairs := d.Keys.All()
	data, err := keyring.Encode(pairs)
	if err != nil {
		return err
	}
	if err := ifs.WriteFile(d.storage.nvram.Internal(), privateFile, data); err != nil {
		return err
	}
	d.Keys.Saved(pairs)
	return nil
}

// loadState reads what nvram: keeps: it returns the start-up configuration, ""
// for none, and takes the key pairs into use. After an error nothing is changed.
func (d *Device) loadState() (startup string, err error) {
	text, err := readState(d.storage.nvram, startupFile)
	if err == nil {
		err = d.loadKeys()
	}
	if err == nil {
		err = d.persistent.load(d.storage)
	}
	if err != nil {
		return "", fmt.Errorf("state directory %s: %w", d.options.StateDir, err)
	}
	return string(text), nil
}

func (d *Device) loadKeys() error {
	data, err := readState(d.storage.nvram.Internal(), privateFile)
	if err != nil {
		return err
	}
	return d.Keys.Decode(data)
}

// readState reads a file of nvram:, nothing when there is none: a new device. A
// file that is there and cannot be read is an error, or the new device's next
// `write memory` would replace it.
func readState(nvram ifs.FS, name string) ([]byte, error) {
	data, err := ifs.ReadFile(nvram, name, maxStartup)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("nvram/%s: want a readable file of at most %d bytes: %w", name, maxStartup, err)
	}
	return data, nil
}

// EraseStartup forgets the saved configuration, with what it does not show.
func (d *Device) EraseStartup() error {
	if _, ok := d.StartupConfig(); !ok {
		return nil
	}
	if err := d.persistent.save(d.storage, ""); err != nil {
		return err
	}
	return d.storage.nvram.Remove(startupFile)
}

// RunningConfig is the running configuration as a file; with all, default values
// too.
func (d *Device) RunningConfig(all bool) string { return d.System.ConfigText(all) }

// Unsaved reports whether the configuration was changed after it was last
// saved or read.
func (d *Device) Unsaved() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dirty
}

// HasStartup reports whether a state directory holds a saved configuration.
func HasStartup(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "nvram", startupFile))
	return err == nil && info.Size() > 0
}
