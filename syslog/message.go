package syslog

import (
	"fmt"
	"strings"
	"time"
)

// Message is one event of the device. Without a mnemonic it is a plain line, as debug prints.
type Message struct {
	Facility string // SSH, SYS, SEC_LOGIN
	Severity Severity
	Mnemonic string // ENABLED, CONFIG_I
	Text     string

	Time  time.Time // in the device's own zone; the Logger sets it when zero
	Debug bool      // stamped by `service timestamps debug`
}

// Debugf makes a line of debug output.
func Debugf(format string, args ...any) Message {
	return Message{Severity: Debugging, Text: fmt.Sprintf(format, args...), Debug: true}
}

// MaxText bounds the text of a message, in bytes; the rest is cut off.
const MaxText = 1024

// clean makes a message one line of printable ASCII, whatever a peer put into
// a user name or a list of algorithms: a dot stands for every other byte.
func (m Message) clean() Message {
	m.Text = m.Text[:min(len(m.Text), MaxText)]
	if strings.ContainsFunc(m.Text, unprintable) {
		b := []byte(m.Text)
		for i, c := range b {
			if unprintable(rune(c)) {
				b[i] = '.'
			}
		}
		m.Text = string(b)
	}
	return m
}

func unprintable(r rune) bool { return r < ' ' || r > '~' }

// String is the message without its stamp: %SSH-5-ENABLED: SSH 1.99 has been enabled.
func (m Message) String() string {
	if m.Mnemonic == "" {
		return m.Text
	}
	return fmt.Sprintf("%%%s-%d-%s: %s", m.Facility, m.Severity, m.Mnemonic, m.Text)
}
