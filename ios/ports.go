package ios

import (
	"iter"
	"slices"
	"strings"

	"vtylab/device"
	"vtylab/ios/model"
	"vtylab/syslog"
)

// ports are the interfaces of a configuration.
type ports struct{ *model.Config }

// Written yields the interfaces that are not as they were.
func (p ports) Written(since device.Ports) iter.Seq[string] {
	return p.Interfaces.Written(&since.(ports).Interfaces)
}

// Up reports whether an interface is not shut.
func (p ports) Up(name string) (up, ok bool) {
	i, ok := p.Interfaces.Get(name)
	return ok && !i.Shutdown, ok
}

// linkChanged words a link. Subinterfaces have none of their own.
func (s *System) linkChanged(e device.LinkChanged) []syslog.Message {
	if strings.Contains(e.Name, ".") {
		return nil
	}
	switch e.State {
	case device.LinkShut:
		return message("LINK", 5, "CHANGED", "Interface %s, changed state to administratively down", e.Name)
	case device.LinkUp:
		return message("LINK", s.product.Release.Logs.Link, "UPDOWN", "Interface %s, changed state to up", e.Name)
	}
	return message("LINK", s.product.Release.Logs.Link, "UPDOWN", "Interface %s, changed state to down", e.Name)
}

// upWhenMade are the types of interfaces whose line protocol is up as soon as they
// are configured.
var upWhenMade = []string{"Loopback"}

func lineProtocolChanged(e device.LineProtocolChanged) []syslog.Message {
	if strings.Contains(e.Name, ".") || e.Made && !slices.Contains(upWhenMade, model.TypeOf(e.Name)) {
		return nil
	}
	state := "down"
	if e.Up {
		state = "up"
	}
	return message("LINEPROTO", 5, "UPDOWN", "Line protocol on Interface %s, changed state to %s", e.Name, state)
}
