package cli

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// kind is a class of arguments. accept looks at the rest of the line and
// returns how many bytes the argument takes, or -1.
type kind struct {
	rank   int // lower wins when several kinds accept the same word
	accept func(t *token, rest string) int
	form   func(t *token, text string) string // brings an accepted text to its printed form
}

var numberKind = &kind{1, acceptNumber, nil}

// kinds are the argument words of the grammar, as `?` prints them.
var kinds = map[string]*kind{
	"A.B.C.D":            {1, onWord(isIPv4), nil},
	"A.B.C.D/nn":         {1, onWord(isPrefix), nil},
	"X:X:X:X::X":         {1, onWord(isIPv6), inCapitals},
	"X:X:X:X::X/<0-128>": {1, onWord(isIPv6Prefix), inCapitals},
	"hh:mm:ss":           {1, onWord(isTime), nil},
	"hh:mm":              {1, onWord(isMinute), nil},
	"hhh:mm":             {1, onWord(isDelay), nil},
	"H.H.H":              {1, onWord(isMAC), nil},
	"MONTH":              {1, onWord(isMonth), nil},
	"INTERFACE":          {2, acceptInterface, func(t *token, text string) string { return t.types.name(text) }},
	"WORD":               {3, onWord(func(string) bool { return true }), nil},
	"Hostname":           {2, onWord(isName), nil},
	"URL":                {3, onWord(isPath), nil},
	"PATH":               {3, onWord(isPath), nil},
	"LINE":               {4, acceptLine, nil},
}

// onWord makes an accept function of a test of one word.
func onWord(ok func(string) bool) func(*token, string) int {
	return func(_ *token, rest string) int {
		if w := firstWord(rest); ok(w) {
			return len(w)
		}
		return -1
	}
}

// Blanks are the characters between the words of a line. Every other control
// character and every other space of Unicode is part of a word.
const Blanks = " \t"

func firstWord(s string) string {
	if i := strings.IndexAny(s, Blanks); i >= 0 {
		return s[:i]
	}
	return s
}

func acceptNumber(t *token, rest string) int {
	w := firstWord(rest)
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || w[0] == '+' || n < t.lo || n > t.hi {
		return -1
	}
	return len(w)
}

func acceptLine(_ *token, rest string) int { return len(rest) }

// isPath accepts any name of a file; PATH is for those of the device itself.
func isPath(w string) bool { return !strings.HasPrefix(w, "|") }

func isIPv4(w string) bool {
	a, err := netip.ParseAddr(w)
	return err == nil && a.Is4()
}

func isIPv6(w string) bool {
	a, err := netip.ParseAddr(w)
	return err == nil && a.Is6() && a.Zone() == ""
}

// inCapitals is an address of IPv6, or a prefix, as it is printed: 2001:DB8::1/64.
func inCapitals(_ *token, text string) string {
	address, length, prefix := strings.Cut(text, "/")
	a, err := netip.ParseAddr(address)
	switch {
	case err != nil:
		return text
	case prefix:
		return strings.ToUpper(a.String()) + "/" + length
	}
	return strings.ToUpper(a.String())
}

func isPrefix(w string) bool {
	p, err := netip.ParsePrefix(w)
	return err == nil && p.Addr().Is4()
}

func isIPv6Prefix(w string) bool {
	p, err := netip.ParsePrefix(w)
	return err == nil && p.Addr().Is6()
}

func isTime(w string) bool {
	parts := strings.Split(w, ":")
	if len(parts) != 3 {
		return false
	}
	for i, limit := range []int{23, 59, 59} {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 || n > limit || len(parts[i]) > 2 {
			return false
		}
	}
	return true
}

// isMinute accepts a time of day.
func isMinute(w string) bool { return strings.Count(w, ":") == 1 && isTime(w+":0") }

// isDelay accepts minutes, or hours and minutes.
func isDelay(w string) bool {
	hours, minutes, found := strings.Cut(w, ":")
	if !found {
		hours, minutes = "0", w
	}
	h, err1 := strconv.ParseUint(hours, 10, 16)
	m, err2 := strconv.ParseUint(minutes, 10, 16)
	return err1 == nil && err2 == nil && (!found || m < 60) && h+m > 0 && len(hours) <= 3 && len(minutes) <= 3
}

func isMAC(w string) bool {
	parts := strings.Split(w, ".")
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if len(p) == 0 || len(p) > 4 || !isHex(p) {
			return false
		}
	}
	return true
}

func isHex(w string) bool { return w != "" && strings.Trim(w, "0123456789abcdefABCDEF") == "" }

func isMonth(w string) bool { return Month(w) != 0 }

// Month is the month that a word of three letters or more abbreviates, 0 for
// none.
func Month(w string) time.Month {
	for m := time.January; len(w) >= 3 && m <= time.December; m++ {
		if hasPrefixFold(m.String(), w) {
			return m
		}
	}
	return 0
}

// isName accepts host names; addresses have their own kind.
func isName(w string) bool {
	return w != "" && strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == ""
}

// acceptInterface takes `Gi0/1`, `gigabitethernet0/1` and `GigabitEthernet 0/1`.
func acceptInterface(t *token, rest string) int {
	w := firstWord(rest)
	digits := strings.IndexAny(w, "0123456789")
	name := w
	if digits >= 0 {
		name = w[:digits]
	}
	if t.types.full(name) == "" {
		return -1
	}
	if digits >= 0 {
		return validUnit(w[digits:], len(w))
	}
	gap := len(rest[len(w):]) - len(strings.TrimLeft(rest[len(w):], Blanks))
	unit := firstWord(rest[len(w)+gap:])
	return validUnit(unit, len(w)+gap+len(unit))
}

func validUnit(unit string, length int) int {
	if unit == "" || strings.IndexByte("0123456789", unit[0]) < 0 || strings.Trim(unit, "0123456789/.:") != "" {
		return -1
	}
	return length
}

// interfaceTypes are names of types in the order in which a prefix chooses one.
type interfaceTypes []string

// routerTypes are those that IOS knows.
var routerTypes = interfaceTypes{
	"FastEthernet", "GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "FortyGigabitEthernet",
	"HundredGigE", "AppGigabitEthernet", "TwoGigabitEthernet", "Ethernet", "Loopback", "Vlan", "Serial",
	"Port-channel", "Tunnel", "ATM", "POS", "BVI", "Dialer", "Null", "Async", "Virtual-Template",
	"Multilink", "BRI", "Hssi", "TokenRing", "Fddi", "Group-Async", "Embedded-Service-Engine", "nve",
}

// full is the type that name abbreviates ("gi" → "GigabitEthernet"), "" for none.
func (ts interfaceTypes) full(name string) string {
	if name == "" {
		return ""
	}
	for _, t := range ts {
		if len(name) <= len(t) && strings.EqualFold(t[:len(name)], name) {
			return t
		}
	}
	return ""
}

// name brings an accepted INTERFACE argument to the form the device prints: full
// type, no space ("gi 0/1" → "GigabitEthernet0/1").
func (ts interfaceTypes) name(text string) string {
	digits := strings.IndexAny(text, "0123456789")
	if digits < 0 {
		return text
	}
	return ts.full(strings.TrimSpace(text[:digits])) + text[digits:]
}
