package config

import (
	"encoding/hex"
	"strings"
)

// maxHexLines bounds a certificate: 16 KiB.
const maxHexLines = 1024

// dataHook is for a command behind which the lines of a certificate or of a public
// key follow: it asks for them, and those that are there are replaced.
func dataHook(invitation string) hook {
	return hook{
		ask: func(c *Call) error {
			if !c.Args.Has("no") {
				c.UI.Invite(invitation)
			}
			return nil
		},
		edit: func(c *Call, v verb) (bool, error) {
			if v == doSet {
				c.Config.Passive.dropBlock(inside(c.Key, printed(c.Args)))
			}
			return false, nil
		},
	}
}

// keepHex takes a line of data; two may be the same.
func keepHex(l *Language, p *Position, line string, _ int) *Resolved {
	data := strings.Join(strings.Fields(line), "")
	if _, err := hex.DecodeString(data); err != nil || data == "" {
		return nil
	}
	return &Resolved{at: p, lang: l, cmd: &command{edit: func(c *Call, _ verb) error {
		for _, lines := range passiveLines(c.Config, p.mode, p.key) {
			if len(*lines) < maxHexLines {
				*lines = append(*lines, PassiveLine{Text: strings.Join(strings.Fields(line), " ")})
			}
		}
		return nil
	}}}
}
