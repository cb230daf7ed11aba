package model

import (
	"vtylab/config"
	"vtylab/secret"
)

// TacacsPort is the usual port of TACACS+ (RFC 8907 section 4.1).
const TacacsPort = 49

func tacacsServers(c *Config) *Servers { return &c.Tacacs }

var tacacsRows = []row[Config]{
	{`tacacs-server "Modify TACACS query parameters" host "Specify a TACACS server" WORD$server "IP address or hostname of TACACS server"` + tacacsLine,
		hostSetting(tacacsServers, "tacacs server")},
	{`tacacs-server key "Set TACACS+ encryption key." / ` + keyGrammar("shared"), keySetting(func(c *Config) *secret.Secret { return &c.Tacacs.Key })},
	{`tacacs-server timeout "Time to wait for a TACACS server to reply" <1-1000>$n "Wait time (default 5 seconds)"`,
		config.IntOrNone(func(c *Config) *int { return &c.Tacacs.Timeout }, 0)},
	{`tacacs-server directed-request "Allow user to specify tacacs server to use with ` + "`@server'" + `" [restricted "Restrict queries to directed request servers only"]`, directedRequest},
	{`tacacs-server attribute "Customize selected tacacs attributes" allow "Allow attributes" unknown "Unknown attributes"`,
		config.Flag(func(c *Config) *bool { return &c.Tacacs.AllowUnknown })},
	{`tacacs "TACACS+ configuration" server "Configure a TACACS+ server" WORD$name "Name for the tacacs server configuration" /`,
		blockSetting(tacacsServers, tacacsMode.Name)},
}

var tacacsLine = ` / [{nat "To send client's post NAT address to tacacs+ server" | single-connection "Multiplex all packets over a single tcp connection to server (for CiscoSecure)"
	  | port "TCP port for TACACS+ server (default is 49)" <1-65535>$port "Port number"
	  | timeout "Time to wait for this TACACS server to reply (overrides default)" <1-1000>$timeout "Timeout value in seconds to wait for server to reply"}++]
	  [key "per-server encryption key (overrides default)" ` + keyGrammar("shared") + `]`

var directedRequest = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.Tacacs.Directed, t.Tacacs.Restricted = true, c.Args.Has("restricted")
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error {
		t.Tacacs.Directed, t.Tacacs.Restricted = false, false
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		switch {
		case t.Tacacs.Restricted:
			v.Line("%s restricted", v.Words)
		case t.Tacacs.Directed:
			v.Line("%s", v.Words)
		}
	},
}

// tacacsMode edits one `tacacs server`.
var tacacsMode = serverMode("tacacs-server", "config-server-tacacs", "TACACS+ server configuration commands:", tacacsServers, []row[Server]{
	{`address "Specify the address of the server" {ipv4 "IPv4" | ipv6 "IPv6"} WORD$server "Server address"`, serverAddress},
	{`key "Set the server encryption key" / ` + keyGrammar("shared"), keySetting(func(s *Server) *secret.Secret { return &s.Key })},
	{`port "TCP port for TACACS server (default is 49)" <1-65535>$port "Port number"`, serverPort},
	{`timeout "Time to wait for this TACACS server to reply" <1-1000>$n "Wait time"`, config.IntOrNone(func(s *Server) *int { return &s.Timeout }, 0)},
	{`single-connection "Multiplex all packets over a single tcp connection to the server"`, config.Flag(func(s *Server) *bool { return &s.Single })},
})

var serverAddress = config.Setting[Server]{
	Set: func(c *config.Call, s, _ *Server) error {
		s.Address, s.IPv6 = c.Args.Get("server"), c.Args.Has("ipv6")
		s.typedPorts(c)
		return nil
	},
	No: func(_ *config.Call, s, _ *Server) error { s.Address, s.IPv6 = "", false; return nil },
	Show: func(v *config.View, s, _ *Server) {
		family := "ipv4"
		if s.IPv6 {
			family = "ipv6"
		}
		ports := ""
		if s.AcctPort >= 0 {
			ports = s.portWords()
		}
		if s.Address != "" {
			v.Line("address %s %s%s", family, s.Address, ports)
		}
	},
}

var serverPort = config.Setting[Server]{
	Set: func(c *config.Call, s, _ *Server) error { s.typedPorts(c); return nil },
	No:  func(_ *config.Call, s, _ *Server) error { s.Port, s.Ports = 0, false; return nil },
	Show: func(v *config.View, s, _ *Server) {
		if s.Ports {
			v.Line("port %d", s.Port)
		}
	},
}
