package release

import (
	"slices"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/ios/exec"
	"vtylab/ios/model"
)

// iosxe3se is the switch of the seed: a Catalyst 3650 with IOS XE 3.3SE, whose
// IOS daemon is 15.0(1)EZ.
var iosxe3se = Release{
	Name:    "iosxe-3se",
	Summary: "Cisco IOS XE 3.3SE Catalyst 3650: SSH 1.99, group exchange/14/1, CTR and CBC, SHA-1 and MD5",
	Config: model.Release{
		Version: "15.0", // 3.3SE capture
		Layout:  model.XE,
		Traits: model.Traits{
			AccountingBlock: true,
			VTYHeading:      "Virtual Line configuration commands:",
			SecretType:      5,
			FactoryHostname: "Switch",
			HyphenDomain:    true, // 3.6E and 3.7E captures
			KeyAdvice:       keyAdvice,
		},
		// No word of `ip ssh server algorithm`, `ip ssh client algorithm` and
		// `ip ssh server certificate profile`: those came with 15.5(2)T and
		// 15.2(4)E (XE 3.8E), after 3SE, and the seed, which lists the commands
		// of 3SE, has none of them.
		Words: with(suite3se.clientWords(), cli.Vocabulary{
			"snmp-alone":    ``,                               // the seed's sample has `snmp-server` alone
			"ssh-rekey":     `rekey "Configure rekey values"`, // help from memory
			"ssh-version":   bothVersion,
			"ssh-dh-sizes":  dhSizes,
			"ssh-keytypes":  rsaKeyType,
			"rsa-modulus":   rsaModulus,
			"show-status":   `status "Show interface line status"`,
			"show-counters": `counters "Show interface counters"`,
			"show-boot":     `boot "show boot attributes"`,
		}),
		Preset: func(c *model.Config) {
			suite3se.preset(c)
			stamped(c)
			c.AddVTYs(16)
		},
		Factory: factory3se,
	},
	Chassis: []Chassis{c3650},
	SSH: SSHTraits{
		Version1:       true,
		DefaultVersion: "1.99",
		Window:         8192, // as 15.x; not captured on a 3650
		MaxPacket:      4096,
		FirstChannel:   3,
		WireHostKeys:   []string{"ssh-rsa"},
	},
	Dialect: dialect3SE,
	Keys:    exec.KeyTraits{MinRSA: 360, MaxRSA: 4096, DefaultRSA: 512, MinSSH: 768, ServerKey: 768},
	Files: exec.FileTraits{
		Flash:     []string{"flash:", "flash-1:"},
		Servers:   exec.RemotePrefixes,
		FlashSize: 1609272 << 10,
		NVRAMSize: 2048 << 10,
		SizeWidth: 17,
		ImageName: "packages.conf",
		FlashFiles: []device.FlashFile{ // names from a 3.3.5SE `software clean`; sizes from memory
			{Name: "cat3k_caa-base.SPA.03.03.05SE.pkg", Size: 74369716},
			{Name: "cat3k_caa-drivers.SPA.03.03.05SE.pkg", Size: 5808828},
			{Name: "cat3k_caa-infra.SPA.03.03.05SE.pkg", Size: 32496576},
			{Name: "cat3k_caa-iosd-universalk9.SPA.150-1.EZ5.pkg", Size: 30389036},
			{Name: "cat3k_caa-platform.SPA.03.03.05SE.pkg", Size: 18342624},
			{Name: "cat3k_caa-wcm.SPA.10.1.150.0.pkg", Size: 63374028},
			{Name: "packages.conf", Size: 1218},
		},
	},
	Show: exec.ShowTraits{
		Connected: "(connected) ", NotConnected: "(notconnect) ",
		Hardware:       map[string]exec.Hardware{"GigabitEthernet": {Name: "Gigabit Ethernet", Bandwidth: 1000000, Delay: 10, Duplex: "Auto-duplex, Auto-speed, media type is 10/100/1000BaseTX"}},
		RouteCodes:     routeCodes3se,
		IPv6RouteCodes: ipv6RouteCodes3se,
		ShellLead:      1,
		CR:             "<cr>",
		// The seed's samples of show ip ssh and show ssh.
		SSHOff:          "%SSH has not been enabled",
		SSHBrief:        true,
		NoSSH:           "%No SSH server connections running.",
		HeaderBang:      true, // 3.3SE capture
		Version:         version3se,
		Boot:            boot3se,
		LineTable:       "   Tty Typ     Tx/Rx     A Modem  Roty AccO AccI  Uses    Noise   Overruns  Int",
		WebAuth:         true, // from memory
		InterfaceColumn: 23,   // from memory
		FilterModules:   true,
	},
	Logs: logs15,
}

// boot3se is what later switches of this family print, without what is newer
// than 3.3SE.
const boot3se = `---------------------------
Switch 1
---------------------------
Current Boot Variables:
BOOT variable = flash:packages.conf;

Boot Variables on next reload:
BOOT variable = flash:packages.conf;
Manual Boot = no
Enable Break = no
`

// inventory3se is laid out as captured of other switches; the serial number is
// made up.
const inventory3se = `NAME: "Switch 1", DESCR: "WS-C3650-24TS"
PID: WS-C3650-24TS     , VID: V01  , SN: FDO0000VTY1
`

// suite3se is profile C' of ssh-wire 4.1: the seed's client takes CTR and CBC
// ciphers and hmac-md5, hmac-md5-96, hmac-sha1, hmac-sha1-96, and its server
// group exchange (`ip ssh dh min size`).
var suite3se = suite{defaults: model.Algorithms{
	MAC:            slices.Concat(hmacSHA, hmacMD5),
	Encryption:     slices.Concat(ctr, cbc),
	Kex:            dh,
	HostKey:        []string{"ssh-rsa"},
	PublicKey:      []string{"ssh-rsa"},
	Authentication: methods,
}}

// factory3se follows the 3.3SE capture. Left out: the class-map and policy-map
// and the wireless and WSMA lines, of no use here; and the address families of
// the management VRF, which need blocks within blocks.
const factory3se = `
no service pad
service compress-config
boot-start-marker
boot-end-marker
vrf definition Mgmt-vrf
switch 1 provision ws-c3650-24ts
ip device tracking
qos wireless-default-untrust
diagnostic bootup level minimal
spanning-tree mode pvst
spanning-tree extend system-id
redundancy
 mode sso
{ports}
ip http server
ip http authentication local
ip http secure-server
line con 0
 stopbits 1
line aux 0
 stopbits 1
`

// version3se joins the heading of a 3850 with 3.3.5SE and the body of one with
// 3.7.4E; addresses and serial numbers are made up.
const version3se = `Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), Version 03.03.05SE RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2014 by Cisco Systems, Inc.
Compiled Thu 30-Oct-14 13:12 by prod_rel_team



Cisco IOS-XE software, Copyright (c) 2005-2014 by cisco Systems, Inc.
All rights reserved.  Certain components of Cisco IOS-XE software are
licensed under the GNU General Public License ("GPL") Version 2.0.  The
software code licensed under GPL Version 2.0 is free software that comes
with ABSOLUTELY NO WARRANTY.  You can redistribute and/or modify such
GPL code under the terms of GPL Version 2.0.
(http://www.gnu.org/licenses/gpl-2.0.html) For more details, see the
documentation or "License Notice" file accompanying the IOS-XE software,
or the applicable URL provided on the flyer accompanying the IOS-XE
software.



ROM: IOS-XE ROMMON
BOOTLDR: CAT3K_CAA Boot Loader (CAT3K_CAA-HBOOT-M) Version 1.18, RELEASE SOFTWARE (P)

{hostname} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by {reason}
System restarted at {restarted}
System image file is "flash:packages.conf"
Last reload reason: {reason}



` + cryptoNotice + `License Level: Ipservices
License Type: Permanent
Next reload license Level: Ipservices

cisco WS-C3650-24TS (MIPS) processor with 4194304K bytes of physical memory.
Processor board ID FDO0000VTY1
1 Virtual Ethernet interface
28 Gigabit Ethernet interfaces
2048K bytes of non-volatile configuration memory.
4194304K bytes of physical memory.
250456K bytes of Crash Files at crashinfo:.
1609272K bytes of Flash at flash:.
0K bytes of Dummy USB Flash at usbflash0:.
0K bytes of  at webui:.

Base Ethernet MAC Address          : 02:00:5e:00:53:00
Motherboard Assembly Number        : 73-00000-00
Motherboard Serial Number          : FDO0000VTY2
Model Revision Number              : A0
Motherboard Revision Number        : A0
Model Number                       : WS-C3650-24TS
System Serial Number               : FDO0000VTY1


Switch Ports Model              SW Version        SW Image              Mode   
------ ----- -----              ----------        ----------            ----   
*    1 28    WS-C3650-24TS      03.03.05SE        cat3k_caa-universalk9 INSTALL


Configuration register is 0x102

`
