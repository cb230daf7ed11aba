package network

import (
	"net"
	"slices"
	"strings"
	"testing"
)

func TestParseCarriers(t *testing.T) {
	for _, tt := range []struct {
		why   string
		flags []string
		want  Carriers
		err   string
	}{
		{"an address", []string{"127.0.0.1:2222"}, Carriers{{"", 22, "127.0.0.1:2222"}}, ""},
		{"IPv6", []string{"[::1]:2222"}, Carriers{{"", 22, "[::1]:2222"}}, ""},
		{"none", []string{"none"}, nil, ""},
		{"another port", []string{"2001=:2001"}, Carriers{{"", 2001, ":2001"}}, ""},
		{"interfaces", []string{"management=127.0.0.1:1", "GigabitEthernet0/1=127.0.0.1:2"},
			Carriers{{"management", 22, "127.0.0.1:1"}, {"GigabitEthernet0/1", 22, "127.0.0.1:2"}}, ""},
		{"all", []string{"127.0.0.1:0", "outside=127.0.0.1:0", "2001=127.0.0.1:0"},
			Carriers{{"", 22, "127.0.0.1:0"}, {"outside", 22, "127.0.0.1:0"}, {"", 2001, "127.0.0.1:0"}}, ""},
		{"no port of the host", []string{"127.0.0.1"}, nil, "127.0.0.1: want ADDRESS:PORT or none"},
		{"no address", []string{"outside="}, nil, "outside=: want ADDRESS:PORT or none"},
		{"a port that there is not", []string{"70000=127.0.0.1:1"}, nil, `70000=127.0.0.1:1: "70000" is no port of the device, want PORT=ADDR`},
		{"port 0", []string{"0=127.0.0.1:1"}, nil, `0=127.0.0.1:1: "0" is no port of the device, want PORT=ADDR`},
		{"nothing", []string{"=127.0.0.1:1"}, nil, `=127.0.0.1:1: "" is no port of the device, want PORT=ADDR`},
		{"port 22 twice", []string{"127.0.0.1:0", "22=127.0.0.1:0"}, nil, "22=127.0.0.1:0: port 22 of the device has an address already"},
		{"an interface twice", []string{"in=:1", "in=:2"}, nil, "in=:2: port 22 of the device on in has an address already"},
	} {
		got, err := ParseCarriers(tt.flags)
		switch {
		case tt.err == "" && (err != nil || !slices.Equal(got, tt.want)):
			t.Errorf("%s: %q: got %v, %v, want %v", tt.why, tt.flags, got, err, tt.want)
		case tt.err != "" && (err == nil || err.Error() != tt.err):
			t.Errorf("%s: %q: got %v, want %s", tt.why, tt.flags, err, tt.err)
		}
	}
}

// How far a device may go by itself depends on who can reach it.
func TestCarriersUplink(t *testing.T) {
	for _, tt := range []struct {
		flags []string
		want  Uplink
	}{
		{[]string{"127.0.0.1:2222"}, UplinkAny},
		{[]string{"[::1]:2222", "2001=localhost:2001", "management=127.9.9.9:0"}, UplinkAny},
		{[]string{"none"}, UplinkAny},
		{[]string{":2222"}, UplinkNone},
		{[]string{"0.0.0.0:2222"}, UplinkNone},
		{[]string{"127.0.0.1:2222", "outside=192.0.2.1:2001"}, UplinkNone},
		{[]string{"example.com:2222"}, UplinkNone},
	} {
		c, err := ParseCarriers(tt.flags)
		if got := c.Uplink(); err != nil || got != tt.want {
			t.Errorf("%q: got %v, %v, want %v", tt.flags, got, err, tt.want)
		}
	}
}

func TestCarriersCheck(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	if err := (Carriers{{Address: "127.0.0.1:0"}}).Check(); err != nil {
		t.Errorf("a free port: %v", err)
	}
	err = Carriers{{Address: "127.0.0.1:0"}, {Address: busy.Addr().String()}}.Check()
	if err == nil || !strings.HasPrefix(err.Error(), busy.Addr().String()+": ") {
		t.Errorf("a busy port: %v", err)
	}
}

// A carrier of every port stands back behind those that name one.
func TestCarriersOf(t *testing.T) {
	all := Carriers{{"", 22, "a"}, {"", 0, "b"}, {"inside", 22, "c"}}
	for port, want := range map[uint16]string{22: "ac", 2001: "b"} {
		got := ""
		for _, c := range all.of(port) {
			got += c.Address
		}
		if got != want {
			t.Errorf("port %d is carried by %q, want %q", port, got, want)
		}
	}
}
