package main

import (
	"context"
	"errors"
	"net/netip"
	"time"

	probing "github.com/prometheus-community/pro-bing"
)

// echo pings through the host's unprivileged ICMP socket, where it has one.
func echo(ctx context.Context, to netip.Addr, size int) (time.Duration, error) {
	p, err := probing.NewPinger(to.String())
	if err != nil {
		return 0, err
	}
	p.Count, p.RecordRtts, p.RecordTTLs = 1, false, false
	p.Size = max(size, smallestEcho)
	p.SetLogger(probing.NoopLogger{})
	if err := p.RunWithContext(ctx); err != nil {
		return 0, err
	}
	if s := p.Statistics(); s.PacketsRecv > 0 {
		return s.AvgRtt, nil
	}
	return 0, errNoEcho
}

// smallestEcho is what the library needs for its time stamp, in bytes.
const smallestEcho = 24

var errNoEcho = errors.New("no echo reply")
