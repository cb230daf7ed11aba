package exec

import (
	"vtylab/aaa"
	"vtylab/device"
)

// AAAWords prints what AAA does, as far as a switch of debugging is on for it.
func AAAWords(on *device.Debug, e aaa.Event, print func(string, ...string)) {
}
