package release

import (
	"slices"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/syslog"
)

// ios155 is a router with classic IOS: 15.5(3)M as an IOSv, whose configuration
// and show version are captured for 15.6 and 15.9.
var ios155 = Release{
	Name:    "ios-15.5",
	Summary: "Cisco IOS 15.5(3)M router (IOSv): SSH 1.99, group exchange/14/1, CTR and CBC, SHA-1",
	Config: model.Release{
		Version: "15.5",
		Layout:  model.Classic,
		Traits: model.Traits{
			SecretType:        5,
			FactoryHostname:   "Router",
			KeyAdvice:         keyAdvice,
			UserMethodWarning: userMethodWarning,
		},
		Words: with(suite155.words(), cli.Vocabulary{
			"snmp-alone":   snmpStop,
			"ssh-version":  bothVersion,
			"ssh-dh-sizes": dhSizes,
			"ssh-keytypes": rsaKeyType,
			"rsa-modulus":  rsaModulus,
			// EC keys are for IPsec here (Suite-B, 15.1(2)T); from memory.
			"ec-sizes": `{256 "256 bits" | 384 "384 bits"}$bits`,
			// No ssh-client-kexes: `ip ssh client algorithm ?` of 15.x lists
			// encryption and mac. No ssh-window and ssh-ec: 16.x on.
		}),
		Preset: func(c *model.Config) {
			suite155.preset(c)
			stamped(c)
		},
		Factory: factory155,
	},
	Chassis: []Chassis{iosv, c7206, c7507, c12008},
	SSH: SSHTraits{
		Version1:       true,
		DefaultVersion: "1.99",
		Window:         8192, // net-ssh#429, 15.x
		MaxPacket:      4096, // golang/go#22465
		FirstChannel:   3,    // 2960 and ISR alike
		WireHostKeys:   []string{"ssh-rsa"},
	},
	Dialect: dialect15,
	Keys:    exec.KeyTraits{MinRSA: 360, MaxRSA: 4096, DefaultRSA: 512, MinSSH: 768, ServerKey: 768},
	Files: exec.FileTraits{
		Flash:      []string{"flash0:", "flash:"},
		Servers:    exec.RemotePrefixes,
		FlashSize:  2142715904, // IOSv capture
		NVRAMSize:  262144,
		SizeWidth:  12,
		ShowFlash:  exec.ShowFlash{Heading: "-#- --length-- -----date/time------ path"}, // ISR capture
		ImageName:  "vios-adventerprisek9-m",
		FlashFiles: []device.FlashFile{{Name: "vios-adventerprisek9-m", Size: 147988420}}, // size from a capture of an IOSv
	},
	Show: exec.ShowTraits{
		RouteCodes:     routeCodes155,
		IPv6RouteCodes: ipv6RouteCodes15,
		ShellLead:      1,
		CR:             "<cr>",
		Format:         true, // IOL 15.x capture
		ArchiveIndent:  true,
		Algorithms:     true,
		KeyLabel:       true,
		DisabledAdvice: "%" + keyAdvice,
		HeaderBang:     true, // 15.6 capture
		Version:        version155,
		LineTable:      lineTable,
		FilterModules:  true,
	},
	Logs: logs15,
}

// logs15 are those of 15.x.
var logs15 = LogTraits{Link: syslog.Errors}

// inventory155 is laid out as captured of other routers; what it says is made up.
const inventory155 = `NAME: "IOSv", DESCR: "IOSv chassis, Hw Serial#: 9VTYLAB0000000000155, Hw Revision: 1.0"
PID: IOSv              , VID: 1.0, SN: 9VTYLAB0000000000155
`

// suite155 is profile D of ssh-wire 4.1: the first trains with `ip ssh server
// algorithm` (15.5(2)T) still offered group 1. A 15.2 capture shows that
// nothing but these MACs can be configured.
var suite155 = suite{defaults: model.Algorithms{
	MAC:            hmacSHA,
	Encryption:     slices.Concat(ctr, cbc),
	Kex:            dh,
	HostKey:        []string{"x509v3-ssh-rsa", "ssh-rsa"},
	PublicKey:      []string{"x509v3-ssh-rsa", "ssh-rsa"},
	Authentication: methods,
}}

// factory155 is an IOSv with an empty start-up configuration (15.6 capture),
// except that the vtys take any protocol, as on an ISR; IOSv itself has
// `transport input none`.
const factory155 = `
boot-start-marker
boot-end-marker
mmi polling-interval 60
no mmi auto-configure
no mmi pvc
mmi snmp-timeout 180
ip cef
no ipv6 cef
multilink bundle-name authenticated
redundancy
{ports}
ip forward-protocol nd
no ip http server
no ip http secure-server
control-plane
no scheduler allocate
`

// version155 follows captures of IOSv 15.6 to 15.9 ("with  with" and the unknown
// reason are theirs, and an unset clock leaves out when it restarted);
// the first four lines are from memory, the board ID is made up.
const version155 = `Cisco IOS Software, {software}, Version 15.5(3)M, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2015 by Cisco Systems, Inc.
Compiled Wed 22-Jul-15 23:12 by prod_rel_team


ROM: Bootstrap program is {rom}

{hostname} uptime is {uptime}
System returned to ROM by {reason}
System image file is "flash0:/vios-adventerprisek9-m"
Last reload reason: Unknown reason



` + cryptoNotice + `{processor}
DRAM configuration is 72 bits wide with parity disabled.
256K bytes of non-volatile configuration memory.
2097152K bytes of ATA System CompactFlash 0 (Read/Write)
0K bytes of ATA CompactFlash 1 (Read/Write)
1024K bytes of ATA CompactFlash 2 (Read/Write)
0K bytes of ATA CompactFlash 3 (Read/Write)



Configuration register is 0x0

`
