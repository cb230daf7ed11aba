package config

import (
	"encoding/hex"
	"strings"
)

// hexadecimal are the modes that take the lines of a certificate or a public key
// until `quit`, and how that word stands behind them.
var hexadecimal = map[string]string{"cert-data": " \tquit", "rsa-data": " quit"}

// maxHexLines bounds a certificate: 16 KiB.
const maxHexLines = 1024

// beginCertificate makes room for the lines of a certificate: those that are
// there are replaced. One that is in a file has none.
func beginCertificate(c *Call, v verb) (bool, error) {
	if v == doSet && c.Args.Get("file") == "" {
		c.UI.Say("Enter the certificate in hexadecimal representation....")
		c.Config.Passive.dropBlock(inside(c.Key, printed(c.Args)))
	}
	return false, nil
}

// beginKey is beginCertificate for the key of another device.
func beginKey(c *Call, v verb) (bool, error) {
	if v == doSet && len(c.Args) == 1 {
		c.UI.Say("Enter a public key as a hexidecimal number ....") // the spelling is the device's
		c.Config.Passive.dropBlock(inside(c.Key, printed(c.Args)))
	}
	return false, nil
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
