package device

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"vtylab/ifs"
)

// persistentFile is what nvram: keeps besides the start-up configuration and keys.
const persistentFile = "persistent-data"

// persistent is that: how often the SNMP engine has started, and what a configuration
// does not show (System.PrivateText).
type persistent struct {
	mu    sync.Mutex // held while the file is written
	boots int        // guarded by mu, like lines
	lines string     // as they were saved
}

const bootsKey = "snmpEngineBoots "

// load reads the file; a device without one has saved nothing.
func (p *persistent) load(s *storage) error {
	data, err := readState(s.nvram.Internal(), persistentFile)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boots, p.lines = 0, ""
	first, rest, _ := strings.Cut(string(data), "\n")
	if n, err := strconv.ParseInt(strings.TrimPrefix(first, bootsKey), 10, 32); err == nil && n > 0 {
		p.boots, p.lines = int(n), rest
	}
	return nil
}

// write writes the file; mu is held.
func (p *persistent) write(s *storage) error {
	text := fmt.Sprintf("%s%d\n%s", bootsKey, max(p.boots, 1), p.lines)
	if err := ifs.WriteFile(s.nvram.Internal(), persistentFile, []byte(text)); err != nil {
		return fmt.Errorf("device: %s: %w", persistentFile, err)
	}
	return nil
}

// engineBoots is how often the SNMP engine has started.
func (p *persistent) engineBoots() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.boots
}

// countEngineBoot counts one more start.
func (p *persistent) countEngineBoot(s *storage) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boots++
	return p.write(s)
}

// text is what was saved.
func (p *persistent) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines
}

// save keeps lines in the place of those that were saved.
func (p *persistent) save(s *storage, lines string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lines == lines {
		return nil
	}
	p.lines = lines
	return p.write(s)
}
