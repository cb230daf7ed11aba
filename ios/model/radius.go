package model

import (
	"strconv"

	"vtylab/config"
	"vtylab/secret"
)

// The ports that RADIUS had before RFC 2865, and that IOS takes where none is named.
const (
	radiusAuthPort = 1645
	radiusAcctPort = 1646
)

func radiusServers(c *Config) *Servers { return &c.Radius }

var radiusLine = ` / [{auth-port "UDP port for RADIUS authentication server (default is 1645)" <0-65535>$auth-port "Port number"
	  | acct-port "UDP port for RADIUS accounting server (default is 1646)" <0-65535>$acct-port "Port number"
	  | timeout "Time to wait for this RADIUS server to reply (overrides default)" <1-1000>$timeout "Timeout value in seconds to wait for server to reply"
	  | retransmit "Specify the number of retries to active server (overrides default)" <1-100>$retransmit "Number of retries to active server"}++]
	  [key "per-server encryption key (overrides default)" ` + keyGrammar("shared") + `]`

var radiusRows = []row[Config]{
	{`radius-server "Modify RADIUS query parameters" host "Specify a RADIUS server" WORD$server "IP address or hostname of RADIUS server"` + radiusLine,
		hostSetting(radiusServers, "radius server")},
	{`radius-server key "encryption key shared with the radius servers" / ` + keyGrammar("shared"), keySetting(func(c *Config) *secret.Secret { return &c.Radius.Key })},
	{`radius-server timeout "Time to wait for a RADIUS server to reply" <1-1000>$n "Wait time (default 5 seconds)"`,
		config.IntOrNone(func(c *Config) *int { return &c.Radius.Timeout }, 0)},
	{`radius-server retransmit "Specify the number of retries to active server" <0-100>$n "Number of retries for a transaction (default is 3)"`, radiusRetransmit},
	{`radius-server deadtime "Time to stop using a server that doesn't respond" <1-1440>$n "time in minutes"`,
		config.IntOrNone(func(c *Config) *int { return &c.Radius.DeadTime }, 0)},
	{`radius-server dead-criteria "Set the criteria used to decide when a radius server is marked dead"
	  {time "The time during which no properly formed response must be received from the RADIUS server" <1-120>$time "Time in seconds during which no response must be received from the RADIUS server"
	  | tries "The number of times the router must fail to receive a response from the radius server to mark it as dead" <1-100>$tries "Number of transmits to radius server without responses before marking server as dead"}+`,
		deadCriteria},
	{`radius "RADIUS server configuration" server "Server configuration" WORD$name "Name for the radius server configuration" /`,
		blockSetting(radiusServers, radiusMode.Name)},
}

// radiusRetransmit prints only what differs from the 3 that every device has.
var radiusRetransmit = config.IntOrNone(func(c *Config) *int { return &c.Radius.Retransmit }, defaultRetransmit)

// defaultRetransmit is how often a request is sent again (aaa-snmp B3).
const defaultRetransmit = 3

var deadCriteria = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.Radius.DeadSeconds, _ = c.Args.Int("time")
		t.Radius.DeadTries, _ = c.Args.Int("tries")
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error { t.Radius.DeadSeconds, t.Radius.DeadTries = 0, 0; return nil },
	Show: func(v *config.View, t, _ *Config) {
		text := ""
		if n := t.Radius.DeadSeconds; n != 0 {
			text += " time " + strconv.Itoa(n)
		}
		if n := t.Radius.DeadTries; n != 0 {
			text += " tries " + strconv.Itoa(n)
		}
		if text != "" {
			v.Line("%s%s", v.Words, text)
		}
	},
}

// radiusMode edits one `radius server`.
var radiusMode = serverMode("radius-server", "config-radius-server", "RADIUS server sub-mode configuration commands:", radiusServers, []row[Server]{
	{`address "Specify the radius server address" {ipv4 "IPv4 Address" | ipv6 "IPv6 Address"} WORD$server "IP address or hostname"
	  [{auth-port "UDP port for RADIUS authentication server (default is 1645)" <0-65535>$auth-port "Port number"
	  | acct-port "UDP port for RADIUS accounting server (default is 1646)" <0-65535>$acct-port "Port number"}++]`, serverAddress},
	{`key "Per-server encryption key" / ` + keyGrammar("shared"), keySetting(func(s *Server) *secret.Secret { return &s.Key })},
	{`timeout "Time to wait for this RADIUS server to reply" <1-1000>$n "Wait time"`, config.IntOrNone(func(s *Server) *int { return &s.Timeout }, 0)},
	{`retransmit "Number of retries to active server" <0-100>$n "Number of retries"`, config.IntOrNone(func(s *Server) *int { return &s.Retransmit }, -1)},
})
