package aaaserver

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// Fault is what is wrong with a server, in one word; "" is nothing.
type Fault string

// The faults.
const (
	Healthy     Fault = ""
	Mute        Fault = "mute"        // takes everything, answers nothing
	WrongKey    Fault = "wrong-key"   // has another key than the devices
	Slow        Fault = "slow"        // answers after 10 s: later than devices wait by default
	Deny        Fault = "deny"        // refuses every login, EXEC and command
	NoPrivLevel Fault = "no-priv-lvl" // gives no level with an EXEC
	Malformed   Fault = "malformed"   // sends packets that lack their last byte
)

// Faults are all words for one.
var Faults = []Fault{Mute, WrongKey, Slow, Deny, NoPrivLevel, Malformed}

func (f Fault) check() error {
	if f == Healthy || slices.Contains(Faults, f) {
		return nil
	}
	var words []string
	for _, f := range Faults {
		words = append(words, string(f))
	}
	return fmt.Errorf("aaaserver: fault %q, want one of %s", f, strings.Join(words, ", "))
}

const slowness = 10 * time.Second

// delay waits if the fault makes the server slow, and reports whether to go on.
func (f Fault) delay(ctx context.Context) bool {
	if f != Slow {
		return ctx.Err() == nil
	}
	t := time.NewTimer(slowness)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// key is the one that the server believes in.
func (f Fault) key(right string) string {
	if f == WrongKey {
		return right + "?"
	}
	return right
}

// shortened is a TACACS+ connection whose packets lack their last byte, in the body and
// in its length. Each packet is one Write.
type shortened struct{ net.Conn }

func (c shortened) Write(p []byte) (int, error) {
	const lengthAt, header = 8, 12
	if len(p) <= header {
		return c.Conn.Write(p)
	}
	cut := slices.Clone(p[:len(p)-1])
	binary.BigEndian.PutUint32(cut[lengthAt:], uint32(len(cut)-header))
	if n, err := c.Conn.Write(cut); err != nil {
		return n, err
	}
	return len(p), nil
}
