package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Outcome is what became of a packet, or of an attempt to connect.
type Outcome int

// The outcomes. Delivered is also that of a connection that was made.
const (
	Delivered  Outcome = iota
	NoRoute            // no route, there or back
	NoARP              // no node on the link has the address of the next hop
	Filtered           // dropped by an access list or the like, without an answer
	Refused            // the port is closed at the other end, which says so
	TTLExpired         // too many hops
	Down               // an interface on the way is down, or has no address
	TimedOut           // sent, and no answer came
	TooBig             // larger than an interface can send, and may not be fragmented
)

var outcomes = [...]string{"delivered", "no route", "no such neighbour", "filtered", "refused", "time to live expired", "down", "timed out", "too big"}

// String is the outcome in words, for the operator.
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomes) {
		return "outcome " + strconv.Itoa(int(o))
	}
	return outcomes[o]
}

// Verdict is what became of a packet, and who decided. It is the error of whatever
// did not arrive; what the device prints about it is the product's.
type Verdict struct {
	Outcome Outcome
	// Node and Interface are where it was decided, Hop the address of that node;
	// empty where there is only the host. Hop is the address of the interface that the
	// packet came in by, which is where an ICMP message comes from (`traceroute`); it
	// is not set where the sender itself decided.
	Node, Interface string
	Hop             netip.Addr
	// Hops is how many links the packet had behind it.
	Hops int
	// Back is set when the packet arrived, and it is the answer that did not.
	Back bool
	// Reported is set when the sender learns of a packet that did not arrive: because it
	// is the sender that dropped it (Hops is 0), or by an ICMP message that made it back.
	// `ping` prints U for the latter, and a dot for what is not reported.
	Reported bool
	// Resolving is set when a neighbour on the way was met for the first time: this
	// packet waits for ARP, and IOS drops it (Settings.Queues). The outcome is that of the packets after
	// it. (`ping` prints .!!!!)
	Resolving bool
	// Cause is what a walk found, when Outcome is TimedOut because the sender has no
	// way to know.
	Cause Outcome
	// Line is the configuration line that decided, "" when none did.
	Line string
	// Reason says more than Outcome, for the operator.
	Reason string
	// Err is what the host said, if it was asked.
	Err error
	// Uplink is set when the address is beyond the device or the lab, and the uplink
	// does not lead there.
	Uplink bool
}

// Error is the verdict for the operator: where, what, and the line.
func (v *Verdict) Error() string {
	var b strings.Builder
	b.WriteString("network: ")
	if where := strings.TrimSpace(v.Node + " " + v.Interface); where != "" {
		b.WriteString(where + ": ")
	}
	switch {
	case v.Reason != "":
		b.WriteString(v.Reason)
	case v.Err != nil:
		b.WriteString(v.Err.Error())
	default:
		b.WriteString(v.Outcome.String())
	}
	if v.Line != "" {
		b.WriteString(", " + strconv.Quote(v.Line))
	}
	return b.String()
}

// Unwrap is the host's error, nil when the host was not asked.
func (v *Verdict) Unwrap() error { return v.Err }

// dialVerdict is the verdict on an error of the host's network.
func dialVerdict(err error) *Verdict {
	o := TimedOut
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		o = Refused
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		o = Filtered
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
	default: // ENETUNREACH, EHOSTUNREACH; or the host cannot even try
		o = NoRoute
	}
	return &Verdict{Outcome: o, Err: err}
}
