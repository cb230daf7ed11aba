package release

import (
	"slices"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/syslog"
)

// iosxe1715 is IOS XE 17.15.1 as an IOL, of which there are raw console logs.
var iosxe1715 = Release{
	Name:    "iosxe-17.15",
	Summary: "Cisco IOS XE 17.15.1 router (IOL): SSH 2.0 only, curve25519, ChaCha20/GCM/CTR, SHA-2 EtM, RSA from 2048 bits",
	Config: model.Release{
		Version: "17.15",
		Layout:  model.XE17,
		Traits: model.Traits{
			AccountingBlock:   true,
			VTYHeading:        "Virtual Line configuration commands:",
			SecretType:        9,
			ConfirmNoUsername: true,
			SilentEncryption:  true,
			// 17.12 and later; 16.10 to 17.11 end in "type 0 passwords will soon
			// be deprecated. Migrate to a supported password type".
			Type0Warning: "WARNING: Command has been added to the configuration using a type 0 password. " +
				"However, recommended to migrate to strong type-6 encryption",
			EnableType0Warning: "WARNING: Configured enable password CLI with weak encryption type 0 will be deprecated in future. " +
				"Hence please migrate to enable secret CLI which accomplishes same functionality as enable password CLI " +
				"and which also supports strong irreversible encryption type 9",
			LogsUsers:         true,
			NumbersEntries:    true, // from memory
			FactoryHostname:   "Router",
			UserMethodWarning: userMethodWarning,
			// No KeyAdvice: 17.15 is silent at `ip ssh version`.
		},
		Words: with(suite1715.words(), cli.Vocabulary{
			"ssh-rekey":        `rekey "Configure rekey values"`,                                // help from memory
			"masked-secret":    `masked-secret "Specify the secret for the user, without echo"`, // help from memory
			"ssh-peruser":      `peruser "Per User configuration"`,
			"ssh-version":      `<2-2>$version "Protocol version"`,
			"ssh-dh-sizes":     dhSizes17,
			"ssh-window":       `<8192-131072>$n "Window-size value"`, // help and bounds from memory; 65536 and 131072 are known
			"ssh-bulk":         `[<131072-1073741824>$bytes "Window-size value"]`,
			"ssh-ec":           `keypair-name "EC keypair name for SSH" WORD$label "EC keypair name"`, // from memory
			"ssh-client-kexes": anyOf(suite1715.defaults.Kex, suite1715.more.Kex),
			// The model of 17.11 has ssh-rsa only; the others are what
			// key-string accepts, and what it stores must load again.
			"show-boot":      `bootvar "Boot and related environment variable"`,
			"show-bootflash": `bootflash: "display information about bootflash: file system"`,
			"ssh-keytypes": `{ssh-rsa "ssh-rsa key hash" | ecdsa-sha2-nistp256 "ecdsa-sha2-nistp256 key hash"
				| ecdsa-sha2-nistp384 "ecdsa-sha2-nistp384 key hash" | ecdsa-sha2-nistp521 "ecdsa-sha2-nistp521 key hash"
				| ssh-ed25519 "ssh-ed25519 key hash"}$type`,
			"rsa-modulus": `<2048-4096>$bits "size of the key modulus [2048-4096]"`,
			"ec-sizes":    `{256 "256 bits" | 384 "384 bits" | 521 "521 bits"}$bits`,
		}),
		Preset: func(c *model.Config) {
			suite1715.preset(c)
			stamped(c)
			c.SSH.Version = 2
			c.SSH.DHMin = 2048
			c.SSH.LoggingEvents = true
			c.SSH.BulkMode = model.DefaultBulkMode
			c.SSH.PubkeyUsers = 15        // YANG 17.11.1
			c.Archive.Log.HideKeys = true // captured: `no hidekeys` prints
			c.EachLine(func(l *model.Line) {
				l.TransportPreferred = "lat" // show line vty 0 of the capture
				l.History = 20               // from memory
				if l.Kind == model.VTY {
					l.TransportIn, l.ShowTransportIn = []string{"ssh"}, true
				}
			})
		},
		Factory: factory1715,
	},
	Chassis: []Chassis{iol, c8000v, cat9kv},
	SSH: SSHTraits{
		DefaultVersion: "2.0",
		ECKeys:         true,
		Window:         8192, // `no ip ssh bulk-mode`; bulk mode and window-size widen it
		MaxPacket:      4096, // not captured on 17.x
		FirstChannel:   3,    // not captured on 17.x
		// Profile H has the two RSA names on the wire, although show ip ssh ends
		// in ssh-rsa.
		WireHostKeys: slices.Concat(ecdsa, []string{"rsa-sha2-512", "rsa-sha2-256"}),
	},
	Dialect: dialect17,
	Keys:    exec.KeyTraits{MinRSA: 2048, MaxRSA: 4096, DefaultRSA: 2048, MinSSH: 2048, ServerKey: 2176, Background: true},
	Files: exec.FileTraits{
		// An IOL has unix: only; the other two let what is written for hardware
		// work here too.
		Flash:      []string{"unix:", "flash:", "bootflash:"},
		Servers:    slices.Concat(exec.RemotePrefixes, []string{"sftp:"}),
		FlashSize:  2147479552,
		NVRAMSize:  256 << 10,
		SizeWidth:  17,
		ShowFlash:  exec.ShowFlash{Heading: "-#- --length-- ---------date/time--------- path", Rooted: true},
		ImageName:  "x86_64_crb_linux-adventerprisek9-ms.iol",
		FlashFiles: []device.FlashFile{{Name: "x86_64_crb_linux-adventerprisek9-ms.iol", Size: 293882912}}, // size from memory
	},
	Show: exec.ShowTraits{
		ControlBlock:    12,
		ServerStatus:    true,
		RouteCodes:      routeCodes1715,
		IPv6RouteCodes:  ipv6RouteCodes1715,
		ShellLead:       3,            // one capture, whose wrapper may have added to it
		CR:              "<cr>  <cr>", // from memory
		Format:          true,         // from memory, like Chain
		Chain:           true,
		Algorithms:      true,
		KexAlgorithms:   true,
		KeyLabel:        true,
		Modulus:         true,
		ECKeys:          true,
		DisabledAdvice:  "%" + keyAdvice17,
		KeySize:         true,
		HeaderBang:      true,
		Boot:            boot1715,
		Version:         version1715,
		LineTable:       lineTable,
		WebAuth:         true, // 9500 capture
		Debugging:       debugging1715,
		InterfaceColumn: 23,
	},
	Logs: LogTraits{PrivateConfig: true, HostRequest: true, Link: syslog.Notifications},
}

// boot1715 is what routers print; that an IOL has nothing to boot from is from
// memory.
const boot1715 = `BOOT variable =
CONFIG_FILE variable =
BOOTLDR variable does not exist
Configuration register is 0x0
`

// debugging1715 stands behind all that is on, and there when nothing is (captured).
const debugging1715 = `Packet Infra debugs:

Ip Address                                               Port
------------------------------------------------------|----------

`

// inventory1715 is laid out as captured of other routers; what it says is made up.
const inventory1715 = `NAME: "IOL", DESCR: "IOL chassis, Hw Serial#: 100001715, Hw Revision: 1.0"
PID: IOL               , VID: 1.0, SN: 100001715
`

// suite1715 is profile H of ssh-wire 4.1. What 17.10 took out of the defaults
// can still be configured.
var suite1715 = suite{
	defaults: model.Algorithms{
		MAC:        []string{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"},
		Encryption: slices.Concat([]string{"chacha20-poly1305@openssh.com"}, gcm, ctr),
		Kex: slices.Concat([]string{"curve25519-sha256", "curve25519-sha256@libssh.org"}, ecdh,
			[]string{"diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512"}),
		HostKey: slices.Concat(ecdsa, []string{"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"}),
		PublicKey: slices.Concat([]string{"ssh-rsa"}, ecdsa, []string{"ssh-ed25519",
			"x509v3-ecdsa-sha2-nistp256", "x509v3-ecdsa-sha2-nistp384", "x509v3-ecdsa-sha2-nistp521",
			"rsa-sha2-256", "rsa-sha2-512", "x509v3-rsa2048-sha256"}),
		Authentication: methods,
	},
	more: model.Algorithms{
		MAC:        []string{"hmac-sha2-256", "hmac-sha2-512", "hmac-sha1"},
		Encryption: cbc,
		Kex:        []string{"diffie-hellman-group14-sha1"},
		HostKey:    []string{"x509v3-ssh-rsa", "x509v3-rsa2048-sha256"},
		PublicKey:  []string{"x509v3-ssh-rsa"},
	},
}

// factory1715 is what captures of IOL 17.12 and 17.16 have in common, without
// the lines of the lab that started them.
const factory1715 = `
boot-start-marker
boot-end-marker
ip cef
login on-success log
no ipv6 cef
memory free low-watermark processor 79983
spanning-tree mode rapid-pvst
{ports}
ip forward-protocol nd
ip http server
ip http secure-server
control-plane
`

// version1715 is a 17.15.1 capture; the board ID is made up.
const version1715 = `Cisco IOS Software [IOSXE], {software}, Version 17.15.1, RELEASE SOFTWARE (fc4)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2024 by Cisco Systems, Inc.
Compiled Sun 11-Aug-24 22:07 by mcpre

ROM: {rom}

{hostname} uptime is {uptime}
System returned to ROM by {reason}
System image file is "unix:/x86_64_crb_linux-adventerprisek9-ms.iol"
Last reload reason: Unknown reason



` + cryptoNotice + `{processor}
256K bytes of NVRAM.

Configuration register is 0x0

`
