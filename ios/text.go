package ios

import (
	"strings"

	"vtylab/device"
)

// ConfigText is the running configuration as a file: the comment header, the
// commands, `end`.
func (s *System) ConfigText(all bool) string {
	var b strings.Builder
	b.WriteString("!\n")
	changed, saved := s.device.LastChange(), s.device.LastSave()
	if changed.At.IsZero() {
		b.WriteString("! No configuration change since last restart\n")
	} else {
		b.WriteString("! Last configuration change at " + s.stamp(changed) + "\n")
	}
	if !saved.At.IsZero() {
		b.WriteString("! NVRAM config last updated at " + s.stamp(saved) + "\n")
	}
	if s.product.Release.Show.HeaderBang {
		b.WriteString("!\n")
	}
	b.WriteString(s.Render(all))
	return b.String()
}

func (s *System) stamp(c device.Change) string {
	text := s.device.Stamp(c.At)
	if c.By != "" {
		text += " by " + c.By
	}
	return text
}

// FactoryText is the configuration that a new device has.
func (s *System) FactoryText() string {
	l := s.language
	return l.Render(named(l.Factory(), s.device.Name()), false)
}
