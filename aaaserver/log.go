package aaaserver

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
)

// log writes accounting records, one line each: time, protocol, kind, then name=value.
// Values are quoted, so that what a device sends cannot make a line of its own.
type log struct {
	mu sync.Mutex
	to io.Writer // guarded by mu
}

func (l *log) tacacs(r tacacs.AcctRequest) error {
	fields := []string{"user=" + r.User, "port=" + r.Port, "from=" + r.RemoteAddr}
	return l.line("tacacs+", strings.ToLower(r.Flags.String()), append(fields, r.Args...))
}

// recorded are the attributes of a RADIUS record that are logged.
var recorded = []struct {
	name string
	typ  radius.Type
}{
	{"user", radius.UserName}, {"port", radius.NASPortID}, {"from", radius.CallingStationID}, {"session", radius.AcctSessionID},
}

// numbers are those with a number.
var numbers = []struct {
	name string
	typ  radius.Type
}{
	{"session-time", radius.AcctSessionTime}, {"terminate-cause", radius.AcctTerminateCause},
}

func (l *log) radius(p radius.Packet) error {
	var fields []string
	for _, r := range recorded {
		fields = append(fields, r.name+"="+p.Attributes.Text(r.typ))
	}
	for _, n := range numbers {
		if v, ok := p.Attributes.Number(n.typ); ok {
			fields = append(fields, fmt.Sprintf("%s=%d", n.name, v))
		}
	}
	return l.line("radius", recordKind(p), append(fields, p.Attributes.AVPairs()...))
}

// recordKind is the word for an Acct-Status-Type.
func recordKind(p radius.Packet) string {
	switch kind, _ := p.Attributes.Number(radius.AcctStatusType); kind {
	case radius.AcctStart:
		return "start"
	case radius.AcctStop:
		return "stop"
	case radius.AcctInterim:
		return "interim"
	case radius.AcctOn:
		return "on"
	case radius.AcctOff:
		return "off"
	}
	return "unknown"
}

func (l *log) line(protocol, kind string, fields []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", time.Now().UTC().Format(time.RFC3339), protocol, kind)
	for _, f := range fields {
		name, value := split(f)
		fmt.Fprintf(&b, " %s=%q", printable(name), withoutPasswords(value))
	}
	b.WriteByte('\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := io.WriteString(l.to, b.String())
	return err
}

// split takes name=value or name*value apart; what is neither is a value.
func split(field string) (name, value string) {
	i := strings.IndexAny(field, "=*")
	if i < 0 {
		return "text", field
	}
	return field[:i], field[i+1:]
}

// printable is a name as one word of a line.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return '?'
		}
		return r
	}, name)
}

// telling are the words of a command behind which a password may stand: it is hidden
// with all that follows.
var telling = regexp.MustCompile(`(?is)(^|\s)(\S*(?:passw|secret|key|community|passphrase|credential)\S*|auth|priv|md5|sha\S*)\s.*`)

func withoutPasswords(command string) string {
	return telling.ReplaceAllString(command, "$1$2 <hidden>")
}
