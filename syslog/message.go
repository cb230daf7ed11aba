package syslog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Message is one event of the device. Without a mnemonic it is a plain line, as debug prints.
type Message struct {
	Facility string // SSH, SYS, SEC_LOGIN
	Severity Severity
	Mnemonic string // ENABLED, CONFIG_I
	Text     string
	More     []string // lines that belong to the message and have no stamp

	Time  time.Time // in the device's own zone; the Logger sets it when zero
	Debug bool      // stamped by `service timestamps debug`
}

// Debugf makes a line of debug output.
func Debugf(format string, args ...any) Message {
	return Message{Severity: Debugging, Text: fmt.Sprintf(format, args...), Debug: true}
}

// MaxText bounds the text of a line, in bytes; the rest is cut off.
const MaxText = 1024

// clean makes the lines of a message printable ASCII, whatever a peer put into
// a user name or a list of algorithms: a dot stands for every other byte.
func (m Message) clean() Message {
	m.Text = printable(m.Text)
	if len(m.More) > 0 {
		m.More = slices.Clone(m.More)
		for i, line := range m.More {
			m.More[i] = printable(line)
		}
	}
	return m
}

func printable(text string) string {
	text = text[:min(len(text), MaxText)]
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	b := []byte(text)
	for i, c := range b {
		if unprintable(rune(c)) {
			b[i] = '.'
		}
	}
	return string(b)
}

func unprintable(r rune) bool { return r < ' ' || r > '~' }

// String is the message without its stamp: %SSH-5-ENABLED: SSH 1.99 has been enabled.
func (m Message) String() string {
	text := strings.Join(append([]string{m.Text}, m.More...), "\n")
	if m.Mnemonic == "" {
		return text
	}
	return fmt.Sprintf("%%%s-%d-%s: %s", m.Facility, m.Severity, m.Mnemonic, text)
}
