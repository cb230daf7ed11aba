package model

import (
	"slices"

	"vtylab/config"
)

// Layouts are the order in which NVGEN prints: group names, and the `!` lines
// that stand between them whatever the groups hold.

// Classic is IOS 12.4 and 15. The "!" lines are counted from a capture of an
// IOSv 15.6 without ACLs; `ip ssh` stands before the interfaces.
const Classic = `
	version service-early service platform shell
	!
	hostname
	!
	boot
	! !
	security passwords logging enable
	!
	aaa-model aaa-group aaa aaa-console aaa-exec aaa-accounting aaa-session clock
	! ! !
	mmi switch
	! ! ! ! ! ! !
	ip-early ip-routing ip-dhcp
	! !
	vrf domain ip-device ip-cef ipv6-cef login qos
	!
	multilink mpls key-chain
	! !
	crypto crypto-chain
	!
	voice license parser archive memory spanning-tree object-group
	!
	users
	!
	redundancy
	! ! !
	vlan track ip-tcp telnet ssh scp
	! ! ! ! ! ! ! ! ! !
	controller class-map zone isakmp isakmp-key ipsec interface router ip-forward
	! !
	ip-http ip-route ip-tacacs
	!
	acl-named sla sla-schedule kron
	!
	logging-trap logging-host acl map snmp snmp-hosts tacacs radius
	! !
	acl-ipv6 control-plane dial-peer gatekeeper banner privilege alias
	!
	lines
	!
	scheduler exception ntp event netconf
	!
	end`

// XE is IOS XE 3.xSE and 3.xE on Catalyst switches, from captures of a 3850
// with 3.3SE and 3.7E: users stand before AAA, `ip ssh` behind the routes.
const XE = `
	version service-early service platform shell
	!
	hostname
	!
	boot
	! !
	vrf security passwords logging enable
	!
	users aaa-model aaa-group aaa aaa-console aaa-exec aaa-accounting aaa-session clock mmi switch ip-early ip-routing ip-dhcp
	!
	domain ip-cef ipv6-cef ip-device
	! !
	qos login
	! ! ! ! ! !
	multilink mpls key-chain crypto crypto-chain voice license parser archive memory spanning-tree object-group
	!
	redundancy
	! !
	vlan track controller class-map zone isakmp isakmp-key ipsec
	! ! ! ! !
	interface router ip-forward ip-tcp ip-http ip-route ip-tacacs telnet ssh scp
	! !
	acl-named sla sla-schedule kron logging-trap logging-host acl map snmp snmp-hosts tacacs radius
	! !
	acl-ipv6 control-plane dial-peer gatekeeper banner privilege alias
	!
	lines
	!
	scheduler exception ntp event netconf
	end`

// XE17 is IOS XE 16.12 and later: `enable` stands just before the users. The
// "!" lines are counted from captures of IOL 17.12 and 17.16.
const XE17 = `
	version service-early service platform shell
	!
	hostname
	!
	boot
	! !
	vrf security passwords logging aaa-model aaa-group aaa aaa-console aaa-exec aaa-accounting aaa-session
	! ! !
	clock mmi switch ip-early ip-routing ip-dhcp
	! ! ! ! ! ! ! ! ! !
	domain ip-device ip-cef login ipv6-cef qos
	! ! ! ! ! ! ! !
	multilink mpls key-chain
	! !
	crypto crypto-chain
	!
	voice license parser archive
	! !
	memory
	! !
	spanning-tree object-group
	! !
	enable
	!
	users
	!
	redundancy
	! !
	vlan track
	! ! ! ! ! ! ! ! ! ! ! ! ! ! ! !
	controller class-map zone isakmp isakmp-key ipsec interface router ip-forward
	!
	ip-tcp
	!
	ip-http ip-route ip-tacacs telnet ssh scp
	! !
	acl-named sla sla-schedule kron logging-trap logging-host acl map snmp snmp-hosts tacacs radius
	! ! !
	acl-ipv6 control-plane dial-peer gatekeeper
	!
	banner privilege alias
	!
	lines
	! ! !
	scheduler exception ntp event netconf
	!
	end`

// modes are those with behaviour; the passive ones are in passive.txt.
func modes() []config.Definition[*Config] {
	return []config.Definition[*Config]{
		&config.Mode[*Config, Config]{
			Name: config.Global, Suffix: "config", Heading: "Configure commands:",
			At:    func(c *Config, _ string) []*Config { return []*Config{c} },
			Fresh: func(bare *Config) *Config { return bare },
			Groups: []config.Group[Config]{
				group("service", serviceRows...),
				group("version", versionRows...),
				group("hostname", hostnameRows...),
				group("logging", loggingRows...),
				group("security", failureRows...),
				group("passwords", securityRows...),
				group("enable", allChecked(enableRows)...),
				group("archive", archiveRows...),
				group("aaa-model", aaaModelRows...),
				group("aaa-local", aaaLocalRows...),
				group("aaa-group", serverGroupRows...),
				group("aaa", aaaRows...),
				group("aaa-console", aaaConsoleRows...),
				group("aaa-exec", aaaExecRows...),
				group("aaa-accounting", accountingRows...),
				group("aaa-session", slices.Concat(aaaSessionRows, passwordPolicyRows)...),
				group("clock", clockRows...),
				group("ip-routing", ipRoutingRows...),
				group("domain", domainRows...),
				group("login", loginRows...),
				group("users", allChecked(userRows)...),
				group("telnet", telnetRows...),
				group("ssh", sshRows...),
				group("scp", scpRows...),
				group("vrf", vrfRows...),
				group("interface", append(interfaceRows, rangeRow)...),
				group("ip-forward", defaultGatewayRows...),
				group("ip-http", fileClientRows...),
				group("ip-route", ipRouteRows...),
				group("ip-tacacs", sourceRows...),
				group("acl-named", slices.Concat(namedStandardRows, namedExtendedRows)...),
				group("acl", slices.Concat(numberedStandardRows, numberedExtendedRows, cdpRows)...),
				group("acl-ipv6", ipv6ACLRows...),
				group("logging-trap", loggingTrapRows...),
				group("logging-host", loggingHostRows...),
				group("tacacs", tacacsRows...),
				group("radius", radiusRows...),
				group("snmp", snmpRows...),
				group("snmp-hosts", snmpHostRow),
				group("banner", bannerRows...),
				group("parser", parserViewRows...),
				group("privilege", privilegeRows...),
				group("alias", aliasRows...),
				group("lines", linesRows...),
			},
		},
		lineMode,
		aaaLineMode,
		accountingMode,
		tacacsGroupMode,
		radiusGroupMode,
		tacacsMode,
		radiusMode,
		interfaceMode,
		vrfMode,
		familyMode,
		passwordPolicyMode,
		viewMode,
		superViewMode,
		archiveMode,
		archiveLogMode,
		standardMode,
		extendedMode,
		ipv6ACLMode,
		pubkeyMode,
		pubkeyEntryMode("pubkey-user", "conf-ssh-pubkey-user", users),
		pubkeyEntryMode("pubkey-server", "conf-ssh-pubkey-server", servers),
		pubkeyDataMode("pubkey-user-data", users),
		pubkeyDataMode("pubkey-server-data", servers),
	}
}
