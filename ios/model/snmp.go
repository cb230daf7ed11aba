package model

import (
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// SNMP is the `snmp-server` configuration.
type SNMP struct {
	// Alone is `snmp-server` without anything behind it: it starts the agent and
	// switches the traps of TCP connections on (the seed's sample).
	Alone       bool
	Engine      string // `engineID local`, hexadecimal in capitals; "" is made of the MAC
	Engines     config.Table[string, RemoteEngine]
	Users       config.Table[snmpUserID, SNMPUser]
	Groups      config.Table[snmpGroupID, SNMPGroup]
	Views       config.Table[snmpViewID, SNMPView]
	Communities config.Table[string, Community]
	Hosts       config.Table[string, SNMPHost] // by SNMPHost.key
	// Traps are the notifications that are on: their types, and for each its words
	// as they print. Replaced, never edited in place.
	Traps                       map[string]string
	TrapTimeout                 int // seconds; kept and printed only
	TrapSource, InformSource    string
	PacketSize                  int // octets, of an answer
	QueueLength                 int // notifications that may wait
	Location, Contact, Chassis  string
	DSCP, Precedence            int // -1: not set
	InformRetries               int
	InformTimeout               int // seconds
	InformPending               int
	IfIndexPersist, MayShutDown bool
}

// NewSNMP returns the defaults of IOS 15 (aaa-snmp D3; those of informs are from
// memory).
func NewSNMP() SNMP {
	return SNMP{TrapTimeout: 30, PacketSize: 1500, QueueLength: 10, DSCP: -1, Precedence: -1,
		InformRetries: 3, InformTimeout: 15, InformPending: 25}
}

func (s SNMP) clone() SNMP {
	s.Engines, s.Users, s.Groups, s.Views = s.Engines.Clone(), s.Users.Clone(), s.Groups.Clone(), s.Views.Clone()
	s.Communities, s.Hosts = s.Communities.Clone(), s.Hosts.Clone()
	return s
}

// Enabled reports whether there is an agent: any `snmp-server` command starts it.
func (s *SNMP) Enabled() bool {
	lists := s.Engines.Len() + s.Users.Len() + s.Groups.Len() + s.Views.Len() + s.Communities.Len() + s.Hosts.Len() + len(s.Traps)
	fresh := NewSNMP()
	return s.Alone || lists > 0 || s.scalars() != fresh.scalars()
}

// scalars are the settings that are neither lists nor Alone, to be compared.
func (s *SNMP) scalars() [13]any {
	return [...]any{s.Engine, s.TrapTimeout, s.TrapSource, s.InformSource, s.PacketSize, s.QueueLength, s.Location, s.Contact, s.Chassis,
		[2]int{s.DSCP, s.Precedence}, [3]int{s.InformRetries, s.InformTimeout, s.InformPending}, s.IfIndexPersist, s.MayShutDown}
}

// Sends reports whether notifications of a type are on. Word is one of the type's
// own words (`linkdown` of `snmp`), "" for a type that has none.
func (s *SNMP) Sends(kind, word string) bool {
	if s.Alone && kind == "tty" {
		return true
	}
	words, on := s.Traps[kind]
	return on && (word == "" || hasWord(words, word))
}

func hasWord(words, word string) bool { return strings.Contains(" "+words+" ", " "+word+" ") }

const snmpWord = `snmp-server "Modify SNMP engine parameters" `

// snmpAccess is the access list of communities, groups and users.
const (
	snmpNumber = `<1-99>$acl "Standard IP Access list allowing access with this community string"
	  | <1300-1999>$acl "Expanded IP Access list allowing access with this community string" | WORD$acl "Access-list name"`
	snmpAccess = `[access "specify an access-list associated with this group" {ipv6 "Specify IPv6 Named Access-List"
	  WORD$ipv6 "IPv6 Access-list name" [` + snmpNumber + `] | ` + snmpNumber + `}]`
	snmpLevel = `{auth "Use the SNMPv3 authNoPriv Security Level" | noauth "Use the SNMPv3 noAuthNoPriv Security Level"
	  | priv "Use SNMPv3 authPriv Security Level"}$level`
)

// snmpRows stand in the order of NVGEN (aaa-snmp D3; that views follow groups is
// from memory, as are ifindex and inform).
var snmpRows = append([]row[Config]{
	{snmpWord + `@snmp-alone`, snmpAlone},
	{snmpWord + `=engineID "Configure a local or remote SNMPv3 engineID" local "Local SNMP agent" WORD$engine "engine ID octet string"`, localEngine},
	{snmpWord + `=engineID remote "Remote SNMP agent" WORD$host "IP address of remote SNMP notification host"
	  / [udp-port "The udp-port for the remote" <0-65535>$port "udp port number"] WORD$engine "engine ID octet string"`, remoteEngine},
	{snmpWord + `user "Define a user who can access the SNMP engine" WORD$user "Name of the user" WORD$group "Group to which the user belongs"
	  / [remote "Specify a remote SNMP entity to which the user belongs" WORD$remote "IP address of remote SNMP entity"
	    [udp-port "UDP port used by the remote SNMP system" <0-65535>$port "UDP port number"]]
	  {v1 "user using the v1 security model" | v2c "user using the v2c security model"
	  | v3 "user using the v3 security model" [encrypted "specifying passwords as MD5 or SHA digests"]
	    [auth "authentication parameters for the user" {md5 "Use HMAC MD5 algorithm for authentication" | sha "Use HMAC SHA algorithm for authentication"}$auth
	      WORD!$authkey "authentication pasword for user"
	      [priv "encryption parameters for the user" {3des "Use 168 bit 3DES algorithm for encryption" | aes "Use AES algorithm for encryption"
	        {128 "Use 128 bit AES algorithm for encryption" | 192 "Use 192 bit AES algorithm for encryption" | 256 "Use 256 bit AES algorithm for encryption"}$bits
	        | des "Use 56 bit DES algorithm for encryption"}$priv WORD!$privkey "privacy pasword for user"]]}$model ` + snmpAccess, snmpUser},
	{snmpWord + `group "Define a User Security Model group" WORD$group "Name of the group"
	  {v1 "group using the v1 security model" | v2c "group using the v2c security model" | v3 "group using the User Security Model (SNMPv3)" ` + snmpLevel + `}$model
	  / [context "specify a context to associate these views for the group" WORD$context "context name"]
	  [read "specify a read view for the group" WORD$read "read view name"]
	  [write "specify a write view for the group" WORD$write "write view name"]
	  [notify "specify a notify view for the group" WORD$notify "notify view name"] ` + snmpAccess, snmpGroup},
	{snmpWord + `view "Define an SNMPv2 MIB view" WORD$view "Name of the view" WORD$oid "MIB view family name"
	  / {excluded "MIB family is excluded from the view" | included "MIB family is included in the view"}$how`, snmpView},
	{snmpWord + `community "Enable SNMP; set community string and access privs" WORD!$community "SNMP community string"
	  / [view "Restrict this community to a named MIB view" WORD$view "MIB view to which this community has access"]
	  [ro "Read-only access with this community string" | rw "Read-write access with this community string"]$rights
	  [ipv6 "Specify IPv6 Named Access-List" WORD$ipv6 "IPv6 Access-list name"] [` + snmpNumber + `]`, community},
	{snmpWord + `trap "SNMP trap options" timeout "Set timeout for TRAP message retransmissions" <1-1000>$n "Timeout in seconds"`,
		config.Int(func(c *Config) *int { return &c.SNMP.TrapTimeout })},
	{snmpWord + `trap-source "Assign an interface for the source address of all traps" INTERFACE$if "Interface"`,
		config.Text(func(c *Config) *string { return &c.SNMP.TrapSource })},
	{snmpWord + `source-interface "Assign an source interface" traps "SNMP traps" INTERFACE$if "Interface"`,
		config.Alternate(config.Text(func(c *Config) *string { return &c.SNMP.TrapSource }))},
	{snmpWord + `source-interface informs "SNMP informs" INTERFACE$if "Interface"`,
		config.Text(func(c *Config) *string { return &c.SNMP.InformSource })},
	{snmpWord + `packetsize "Largest SNMP packet size" <484-17940>$n "Packet size"`, config.Int(func(c *Config) *int { return &c.SNMP.PacketSize })},
	{snmpWord + `queue-length "Message queue length for each TRAP host" <1-5000>$n "Queue length"`,
		config.Int(func(c *Config) *int { return &c.SNMP.QueueLength })},
	{snmpWord + `inform "Configure SNMP Informs options" {pending "Set number of unacked informs to hold" <1-65535>$pending "Number of unacked informs to hold"
	  | retries "Set retry count for informs" <0-100>$retries "Retry count for informs"
	  | timeout "Set timeout for informs" <1-1000>$timeout "Timeout in seconds"}+`, informOptions},
	{snmpWord + `ifindex "Enable ifindex persistence" persist "Persist interface indices"`,
		config.Flag(func(c *Config) *bool { return &c.SNMP.IfIndexPersist })},
	{snmpWord + `location "Text for mib object sysLocation" LINE$text "The physical location of this node"`,
		config.Text(func(c *Config) *string { return &c.SNMP.Location })},
	{snmpWord + `ip "IP ToS configuration for SNMP traffic" dscp "IP DSCP value for SNMP traffic" <0-63>$n "IP DSCP value for SNMP traffic"`,
		mark(func(c *Config) *int { return &c.SNMP.DSCP }, func(c *Config) *int { return &c.SNMP.Precedence })},
	{snmpWord + `ip precedence "IP Precedence value for SNMP traffic" <0-7>$n "IP Precedence value for SNMP traffic"`,
		mark(func(c *Config) *int { return &c.SNMP.Precedence }, func(c *Config) *int { return &c.SNMP.DSCP })},
	{snmpWord + `contact "Text for mib object sysContact" LINE$text "identification of the contact person for this managed node"`,
		config.Text(func(c *Config) *string { return &c.SNMP.Contact })},
	{snmpWord + `chassis-id "String to uniquely identify this chassis" LINE$text "Unique ID string"`,
		config.Text(func(c *Config) *string { return &c.SNMP.Chassis })},
	{snmpWord + `system-shutdown "Enable use of the SNMP reload command"`, config.Flag(func(c *Config) *bool { return &c.SNMP.MayShutDown })},
}, trapRows()...)

// snmpAlone is `snmp-server`: only one release takes it like that (@snmp-alone is
// empty there); others have a word nobody types, so that `no snmp-server` may stop
// before it. That form ends the agent and drops all that was configured (from memory).
var snmpAlone = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		t.SNMP.Alone = len(c.Args) == 1
		return nil
	},
	No: func(_ *config.Call, t, fresh *Config) error {
		t.SNMP = fresh.SNMP.clone()
		t.dropPassive("snmp-server ")
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		if t.SNMP.Alone {
			v.Line("snmp-server")
		}
	},
}

var informOptions = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		for name, field := range t.SNMP.informs() {
			if n, ok := c.Args.Int(name); ok {
				*field = n
			}
		}
		return nil
	},
	No: func(c *config.Call, t, fresh *Config) error {
		was := fresh.SNMP.informs()
		for name, field := range t.SNMP.informs() {
			if c.Args.Has(name) || len(c.Args) == 2 {
				*field = *was[name]
			}
		}
		return nil
	},
	Show: func(v *config.View, t, fresh *Config) {
		now, was := t.SNMP.informs(), fresh.SNMP.informs()
		var words cli.Args
		for _, name := range []string{"retries", "timeout", "pending"} {
			if *now[name] != *was[name] || v.All {
				words = append(words, number(name, *now[name])...)
			}
		}
		if len(words) > 0 {
			v.Line("snmp-server inform %s", words)
		}
	},
}

// informs are the fields of `snmp-server inform` by their words.
func (s *SNMP) informs() map[string]*int {
	return map[string]*int{"retries": &s.InformRetries, "timeout": &s.InformTimeout, "pending": &s.InformPending}
}
