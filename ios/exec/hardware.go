package exec

import (
	"cmp"
	"strconv"

	"vtylab/ios/model"
)

// Hardware is what a type of interface says of itself in show interfaces. Bandwidth
// is in kbit/s, Delay in microseconds.
type Hardware struct {
	Name             string // "iGbE"
	Bandwidth, Delay int
	Encapsulation    string // "" is ARPA
	NoMAC            bool
	Keepalive        string // "" is one every 10 seconds
	Duplex           string // the line of duplex, speed and media; "" has none
}

// commonHardware are types of interfaces that are alike on all releases (from memory,
// like most of this).
var commonHardware = map[string]Hardware{
	"FastEthernet":       {Name: "DEC21140A", Bandwidth: 100000, Delay: 100, Duplex: "Auto-duplex, Auto Speed, 100BaseTX/FX"},
	"GigabitEthernet":    {Name: "iGbE", Bandwidth: 1000000, Delay: 10, Duplex: "Auto Duplex, Auto Speed, link type is auto, media type is RJ45"},
	"TenGigabitEthernet": {Name: "Ten Gigabit Ethernet", Bandwidth: 10000000, Delay: 10},
	"Ethernet":           {Name: "AmdP2", Bandwidth: 10000, Delay: 1000},
	"Serial":             {Name: "M4T", Bandwidth: 1544, Delay: 20000, Encapsulation: "HDLC", NoMAC: true},
	"POS":                {Name: "Packet over SONET", Bandwidth: 155000, Delay: 100, Encapsulation: "HDLC", NoMAC: true},
	"ATM":                {Name: "ATM", Bandwidth: 155000, Delay: 80, Encapsulation: "ATM", NoMAC: true, Keepalive: "Keepalive not supported"},
	"Loopback":           {Name: "Loopback", Bandwidth: 8000000, Delay: 5000, Encapsulation: "LOOPBACK", NoMAC: true},
	"Tunnel":             {Name: "Tunnel", Bandwidth: 100, Delay: 50000, Encapsulation: "TUNNEL", NoMAC: true, Keepalive: "Keepalive not set"},
	"Null":               {Name: "Unknown", Bandwidth: 10000000, Delay: 10, NoMAC: true},
	"Vlan":               {Name: "EtherSVI", Bandwidth: 1000000, Delay: 10, Keepalive: "Keepalive not supported"},
	"Port-channel":       {Name: "EtherChannel", Bandwidth: 1000000, Delay: 10},
}

// hardwareOf is what an interface is made of, by release and by type.
func hardwareOf(s *Session, name string) Hardware {
	kind := model.TypeOf(name)
	if h, ok := s.Release.Show.Hardware[kind]; ok {
		return h
	}
	if h, ok := commonHardware[kind]; ok {
		return h
	}
	return Hardware{Name: kind, Bandwidth: 100000, Delay: 100}
}

// bandwidth is that of an interface in kbit/s, as configured or as it is.
func bandwidth(i *model.Interface, h Hardware) int {
	configured, _ := i.Passive.Value("bandwidth")
	n, _ := strconv.Atoi(configured)
	return cmp.Or(n, h.Bandwidth)
}

// delay is that of an interface in microseconds; it is configured in tens.
func delay(i *model.Interface, h Hardware) int {
	configured, _ := i.Passive.Value("delay")
	n, _ := strconv.Atoi(configured)
	return cmp.Or(n*10, h.Delay)
}
