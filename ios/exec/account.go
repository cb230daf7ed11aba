package exec

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"

	"vtylab/tty"
)

// accounted is a connection of which a record is made at its end (aaa-snmp A7): the
// arguments are those of a Catalyst 2960.
type accounted struct {
	tty.Remote
	in, out         atomic.Int64 // bytes
	reads, writings atomic.Int64 // as the packets are counted: there are none to count
	once            sync.Once
	end             func(details ...string)
}

// recorded records that a connection begins, of a protocol: telnet, ssh. Command is the
// command that has made it.
func (s *Session) recorded(r tty.Remote, protocol, command string, to netip.Addr) tty.Remote {
	return &accounted{Remote: r, end: s.AccountConnection("protocol="+protocol, "addr="+to.String(), "cmd="+command)}
}

func (a *accounted) Read(p []byte) (int, error) {
	n, err := a.Remote.Read(p)
	a.in.Add(int64(n))
	a.reads.Add(1)
	return n, err
}

func (a *accounted) Write(p []byte) (int, error) {
	n, err := a.Remote.Write(p)
	a.out.Add(int64(n))
	a.writings.Add(1)
	return n, err
}

// Close ends the connection, and records that once.
func (a *accounted) Close() error {
	err := a.Remote.Close()
	a.once.Do(func() {
		a.end(fmt.Sprintf("bytes_in=%d", a.in.Load()), fmt.Sprintf("bytes_out=%d", a.out.Load()),
			fmt.Sprintf("paks_in=%d", a.reads.Load()), fmt.Sprintf("paks_out=%d", a.writings.Load()))
	})
	return err
}
