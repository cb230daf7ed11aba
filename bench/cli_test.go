package bench

import (
	"fmt"
	"strings"
	"testing"

	"vtylab/config"
	"vtylab/internal/devicetest"
	"vtylab/ios"
)

// quiet hears what configuration commands have to say and nothing more.
type quiet struct{ config.UI }

func (quiet) Say(string)         {}
func (quiet) Invite(string)      {}
func (quiet) Note(config.Notice) {}

// One configuration line: understood, applied to the running configuration, and
// shown in it again.
func BenchmarkConfigurationLine(b *testing.B) {
	for _, c := range []struct{ name, mode, line string }{
		{"number", "", "ip ssh time-out %d"},
		{"passive", "", "ip prefix-list P seq %d permit 10.0.0.0/8"},
		{"in a line", "line vty 0 4", "exec-timeout %d 0"},
	} {
		for _, whole := range []bool{false, true} {
			name := c.name + "/applied"
			if whole {
				name = c.name + "/and rendered"
			}
			b.Run(name, func(b *testing.B) {
				language := devicetest.Product(b, "ios-15.5").(*ios.Product).Language()
				m := config.NewMachine(language, nil)
				pos := config.Top()
				if c.mode != "" {
					pos = apply(b, m, pos, c.mode)
				}
				n := 0
				b.ReportAllocs()
				for b.Loop() {
					n = n%100 + 1
					apply(b, m, pos, fmt.Sprintf(c.line, n))
					if whole {
						m.Render(false)
					}
				}
			})
		}
	}
}

// apply types one configuration line.
func apply(b *testing.B, m config.Running, pos *config.Position, line string) (next *config.Position) {
	var p *config.Prepared
	r, err := m.Resolve(pos, line, config.Full)
	if err == nil {
		p, err = m.Prepare(r, quiet{}, nil)
	}
	if err == nil {
		next, _, err = m.Commit(p)
	}
	if err != nil {
		b.Fatalf("%s: %v", line, err)
	}
	return next
}

// `show running-config` of a new device, and of one with 100 KB of configuration.
func BenchmarkRunningConfig(b *testing.B) {
	for _, release := range devicetest.Releases() {
		b.Run("factory "+release, func(b *testing.B) {
			d := router(b, release, "").Device
			b.ReportAllocs()
			for b.Loop() {
				d.RunningConfig(false)
			}
			b.ReportMetric(float64(len(d.RunningConfig(false))), "B")
		})
	}
	b.Run("100 KB", func(b *testing.B) {
		d := router(b, "ios-15.5", configText(100_000)).Device
		for b.Loop() {
			d.RunningConfig(false)
		}
		b.ReportMetric(float64(len(d.RunningConfig(false))), "B")
	})
}

// `?` from the key to the last byte of the answer.
func BenchmarkHelp(b *testing.B) {
	for _, line := range []string{"show ", "sh", "show ip ssh "} {
		b.Run(strings.TrimSpace(line), func(b *testing.B) {
			c := router(b, "ios-15.5", "").Console()
			for b.Loop() {
				c.Say(line + "?")
				c.See("R1#" + line)
				c.Say("\x15")
			}
		})
	}
}

// 100 KB of configuration, pasted at the console: every byte is echoed, every
// line applied, prompts included.
func BenchmarkPaste(b *testing.B) {
	text := configText(100_000)
	keys := strings.ReplaceAll(text, "\n", "\r")
	c := router(b, "ios-15.5", "").Console()
	b.SetBytes(int64(len(text)))
	n := 0
	for b.Loop() {
		c.Say("configure terminal\r")
		c.Say(keys)
		c.Say("end\r")
		c.See("#end")
		c.See("R1#")
		n++
	}
	lines := strings.Count(text, "\n")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n*lines), "µs/line")
}

// The same as a file that is merged at boot.
func BenchmarkBoot100KB(b *testing.B) {
	m := devicetest.Product(b, "ios-15.5")
	text := configText(100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r, err := devicetest.Boot(m, devicetest.Plain+text)
		if err != nil {
			b.Fatal(err)
		}
		r.Device.Close()
	}
}
