package model

import (
	"fmt"
	"slices"
	"strings"

	"vtylab/config"
)

// SNMPHost is one `snmp-server host`.
type SNMPHost struct {
	Host, VRF string
	Informs   bool
	Version   string   // "1", "2c", "3"
	Level     string   // of version 3: "auth", "noauth", "priv"
	User      string   // the community, or the user of version 3
	Port      int      // 0: 162
	Types     []string // of notifications; none: all
}

// key tells hosts apart: the same one may get traps and informs, and with several
// communities.
func (h *SNMPHost) key() string { return fmt.Sprint(h.Host, "\x00", h.VRF, h.Informs, h.User, h.Port) }

// Wants reports whether the host gets notifications of a type.
func (h *SNMPHost) Wants(kind string) bool {
	return len(h.Types) == 0 || slices.Contains(h.Types, kind)
}

// String is the line of the host. Without types it ends in a blank, two stand
// before them (aaa-snmp D3; where udp-port stands is from memory).
func (h *SNMPHost) String() string {
	var b strings.Builder
	b.WriteString("snmp-server host " + h.Host + " ")
	if h.VRF != "" {
		b.WriteString("vrf " + h.VRF + " ")
	}
	if h.Informs {
		b.WriteString("informs ")
	}
	switch h.Version {
	case "2c":
		b.WriteString("version 2c ")
	case "3":
		b.WriteString("version 3 " + h.Level + " ")
	}
	b.WriteString(h.User + " ")
	if h.Port != 0 {
		fmt.Fprintf(&b, "udp-port %d ", h.Port)
	}
	if len(h.Types) > 0 {
		b.WriteString(" " + strings.Join(h.Types, " "))
	}
	return b.String()
}

var snmpHostRow = row[Config]{snmpHostGrammar(), snmpHost}

func snmpHostGrammar() string {
	const (
		one   = `1 "Use SNMPv1"`
		two   = `2c "Use SNMPv2c"`
		three = `3 "Use SNMPv3" ` + snmpLevel
		word  = `version "SNMP version to use for notification messages" `
		any   = word + `{` + one + ` | ` + two + ` | ` + three + `}$version`
	)
	var types []string
	for _, t := range trapTypes {
		types = append(types, t.name+` "Allow `+strings.ToUpper(t.name)+` notifications"`)
	}
	return snmpWord + `host "Specify hosts to receive SNMP notifications" WORD$host "IP/IPV6 address of SNMP notification host"
	  / [vrf "VPN Routing instance" WORD$vrf "VPN Routing instance name"]
	  [informs "Send Inform messages to this host" ` + word + `{` + two + ` | ` + three + `}$version
	  | traps "Send Trap messages to this host" [` + any + `] | ` + any + `]
	  WORD!$user "SNMPv1/v2c community string or SNMPv3 user name"
	  [udp-port "The notification host's UDP port number" <0-65535>$port "The notification host's UDP port number (default port 162)"]
	  [` + strings.Join(types, " | ") + `]*$type [LINE$more "Other notification types"]`
}

var snmpHost = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		h := hostOf(c)
		t.SNMP.Hosts.Put(h.key(), h)
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		typed := hostOf(c)
		t.SNMP.Hosts.DeleteFunc(func(_ string, h *SNMPHost) bool {
			return h.Host == typed.Host && h.VRF == typed.VRF && (typed.User == "" || h.key() == typed.key())
		})
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for h := range t.SNMP.Hosts.All() {
			v.Line("%s", h)
		}
	},
}

func hostOf(c *config.Call) SNMPHost {
	h := SNMPHost{Host: c.Args.Get("host"), VRF: c.Args.Get("vrf"), Informs: c.Args.Has("informs"),
		Version: c.Args.Get("version"), Level: c.Args.Get("level"), User: c.Args.Get("user")}
	if h.Version == "" {
		h.Version = "1"
	}
	if h.Port, _ = c.Args.Int("port"); h.Port == 162 {
		h.Port = 0
	}
	for _, t := range trapTypes {
		if slices.Contains(c.Args.All("type"), t.name) {
			h.Types = append(h.Types, t.name)
		}
	}
	h.Types = append(h.Types, strings.Fields(c.Args.Get("more"))...)
	return h
}
