//go:build !linux

package lab

import (
	"fmt"
	"net"
	"runtime"
)

// listenLoopback is Linux's: elsewhere there are not so many loopback addresses.
func listenLoopback(int) (net.Listener, error) {
	return nil, fmt.Errorf("one address for each of many devices works on Linux only, and this is %s", runtime.GOOS)
}
