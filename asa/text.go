package asa

import (
	"crypto/md5"
	"fmt"
	"strings"

	"vtylab/asa/exec"
	"vtylab/asa/model"
)

// ConfigText is the running configuration as a file, with the passwords as they are
// stored.
func (s *System) ConfigText(all bool) string {
	saved := s.device.LastSave()
	return s.text(s.Load(), all, fmt.Sprintf(":\n%s: Written by %s at %s\n!\n", s.identity(), saved.By, exec.Stamp(s.device.Local(saved.At))), "")
}

// FactoryText is the configuration that a new device has.
func (s *System) FactoryText() string {
	return s.text(named(s.language.Factory(), s.device.Name()), false, ":\n"+s.identity()+":\n", "")
}

// Shown is the running configuration as show running-config has it: passwords are
// stars, and the checksum is that of what was saved.
func (s *System) Shown(all bool) string {
	return s.text(s.Load().Masked(), all, "\n:\n"+s.identity()+":\n", s.Checksum())
}

// identity are the lines that say which device it is.
func (s *System) identity() string {
	r := &s.product.Release
	return fmt.Sprintf(": Serial Number: %s\n: Hardware:   %s\n", r.Serial, r.Hardware)
}

// text puts a configuration between its head and its tail (asa-ssh-scp 2.1).
// Without a checksum the text has its own.
func (s *System) text(c *model.Config, all bool, head, checksum string) string {
	body := "ASA Version " + s.product.Release.Version + "\n" + s.language.Render(c, all)
	if checksum == "" {
		checksum = fmt.Sprintf("%x", md5.Sum([]byte(body)))
	}
	return ": Saved\n" + head + body + "Cryptochecksum:" + checksum + "\n: end\n"
}

// Checksum is that of the configuration which was saved last, of nothing when there
// is none.
func (s *System) Checksum() string {
	text, _ := s.device.StartupConfig()
	for line := range strings.Lines(text) {
		if sum, ok := strings.CutPrefix(strings.TrimSpace(line), "Cryptochecksum:"); ok && len(sum) == 2*md5.Size {
			return sum
		}
	}
	return fmt.Sprintf("%x", md5.Sum(nil))
}
