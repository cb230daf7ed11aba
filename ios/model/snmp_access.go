package model

import (
	"encoding/hex"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// Access are the access lists of a community, a group or a user; "" is none.
type Access struct{ ACL, IPv6 string }

func accessOf(c *config.Call) Access { return Access{c.Args.Get("acl"), c.Args.Get("ipv6")} }

// suffix is the access lists as they print behind a word.
func (a Access) suffix(word string) string {
	if a == (Access{}) {
		return ""
	}
	text := word
	if a.IPv6 != "" {
		text += " ipv6 " + a.IPv6
	}
	if a.ACL != "" {
		text += " " + a.ACL
	}
	return text
}

// Community is `snmp-server community`.
type Community struct {
	Name, View string
	Write      bool
	Access
}

var community = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		name := c.Args.Get("community")
		t.SNMP.Communities.Put(name, Community{Name: name, View: c.Args.Get("view"), Write: c.Args.Get("rights") == "rw", Access: accessOf(c)})
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		t.SNMP.Communities.Delete(c.Args.Get("community"))
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for m := range t.SNMP.Communities.All() {
			view, rights := "", "RO"
			if m.View != "" {
				view = " view " + m.View
			}
			if m.Write {
				rights = "RW"
			}
			v.Line("snmp-server community %s%s %s%s", m.Name, view, rights, m.suffix(""))
		}
	},
}

// snmpViewID is the key of a view's line: a view has one for each subtree.
type snmpViewID struct{ Name, OID string }

// SNMPView is one line of a view: a subtree that is in it, or not. OID is as typed:
// numbers, or the name of an object.
type SNMPView struct {
	snmpViewID
	Excluded bool
}

var snmpView = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		id := snmpViewID{c.Args.Get("view"), c.Args.Get("oid")}
		t.SNMP.Views.Put(id, SNMPView{id, c.Args.Get("how") == "excluded"})
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		t.SNMP.Views.Delete(snmpViewID{c.Args.Get("view"), c.Args.Get("oid")})
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for w := range t.SNMP.Views.All() {
			how := "included"
			if w.Excluded {
				how = "excluded"
			}
			v.Line("snmp-server view %s %s %s", w.Name, w.OID, how)
		}
	},
}

// snmpGroupID is the key of a group: one name may be of several models and levels.
type snmpGroupID struct {
	Name  string
	Model string // "v1", "v2c", "v3"
	Level string // of v3: "auth", "noauth", "priv"
}

// SNMPGroup is `snmp-server group`.
type SNMPGroup struct {
	snmpGroupID
	Context, Read, Write, Notify string
	Access
}

var snmpGroup = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		id := groupID(c)
		t.SNMP.Groups.Put(id, SNMPGroup{id, c.Args.Get("context"), c.Args.Get("read"), c.Args.Get("write"), c.Args.Get("notify"), accessOf(c)})
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error { t.SNMP.Groups.Delete(groupID(c)); return nil },
	Show: func(v *config.View, t, _ *Config) {
		for g := range t.SNMP.Groups.All() {
			text := g.Name + " " + g.Model
			for _, part := range [][2]string{{"", g.Level}, {"context ", g.Context}, {"read ", g.Read}, {"write ", g.Write}, {"notify ", g.Notify}} {
				if part[1] != "" {
					text += " " + part[0] + part[1]
				}
			}
			v.Line("snmp-server group %s%s", text, g.suffix(" access"))
		}
	},
}

func groupID(c *config.Call) snmpGroupID {
	return snmpGroupID{c.Args.Get("group"), c.Args.Get("model"), c.Args.Get("level")}
}

// snmpUserID is the key of a user; Remote is the entity that it belongs to, "" the
// device.
type snmpUserID struct{ Name, Remote string }

// SNMPUser is `snmp-server user`.
type SNMPUser struct {
	snmpUserID
	Group, Model string
	Port         int    // of Remote, 0 for the default
	Auth, Priv   string // "md5", "sha"; "des", "3des", "aes128", …; "" is none
	// AuthKey and PrivKey are passwords, or with Encrypted localized keys in
	// hexadecimal.
	AuthKey, PrivKey string
	Encrypted        bool
	Access
}

// snmpUser shows the users without passwords: those with some are kept in the
// private part of nvram: (from memory).
var snmpUser = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		id := snmpUserID{c.Args.Get("user"), c.Args.Get("remote")}
		u := SNMPUser{snmpUserID: id, Group: c.Args.Get("group"), Model: c.Args.Get("model"),
			Auth: c.Args.Get("auth"), Priv: c.Args.Get("priv") + c.Args.Get("bits"), AuthKey: c.Args.Get("authkey"), PrivKey: c.Args.Get("privkey"),
			Encrypted: c.Args.Has("encrypted"), Access: accessOf(c)}
		u.Port, _ = c.Args.Int("port")
		t.SNMP.Users.Put(id, u)
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		t.SNMP.Users.Delete(snmpUserID{c.Args.Get("user"), c.Args.Get("remote")})
		return nil
	},
	Show: func(v *config.View, t, _ *Config) {
		for u := range t.SNMP.Users.All() {
			if u.Auth == "" {
				v.Line("%s", u)
			}
		}
	},
}

// String is the line of a user without its passwords.
func (u *SNMPUser) String() string { return u.head() + u.suffix(" access") }

// Line is the line of a user with its passwords.
func (u *SNMPUser) Line() string {
	text := u.head()
	if u.Encrypted {
		text += " encrypted"
	}
	if u.Auth != "" {
		text += " auth " + u.Auth + " " + u.AuthKey
	}
	if u.Priv != "" {
		text += " priv " + strings.Replace(u.Priv, "aes", "aes ", 1) + " " + u.PrivKey
	}
	return text + u.suffix(" access")
}

func (u *SNMPUser) head() string {
	text := "snmp-server user " + u.Name + " " + u.Group
	if u.Remote != "" {
		text += " remote " + u.Remote
		if u.Port != 0 {
			text += " udp-port " + strconv.Itoa(u.Port)
		}
	}
	return text + " " + u.Model
}

// RemoteEngine is `snmp-server engineID remote`: who gets informs of version 3.
type RemoteEngine struct {
	Host   string
	Port   int // 0: 162
	Engine string
}

var localEngine = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error { return setEngine(c, &t.SNMP.Engine) },
	No:  func(_ *config.Call, t, _ *Config) error { t.SNMP.Engine = ""; return nil },
	Show: func(v *config.View, t, _ *Config) {
		if t.SNMP.Engine != "" {
			v.Line("snmp-server engineID local %s", t.SNMP.Engine)
		}
	},
}

var remoteEngine = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		e := RemoteEngine{Host: c.Args.Get("host")}
		e.Port, _ = c.Args.Int("port")
		if err := setEngine(c, &e.Engine); err != nil {
			return err
		}
		t.SNMP.Engines.Put(e.Host, e)
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error { t.SNMP.Engines.Delete(c.Args.Get("host")); return nil },
	Show: func(v *config.View, t, _ *Config) {
		for e := range t.SNMP.Engines.All() {
			port := ""
			if e.Port != 0 {
				port = "udp-port " + strconv.Itoa(e.Port) + " "
			}
			v.Line("snmp-server engineID remote %s %s%s", e.Host, port, e.Engine)
		}
	},
}

// setEngine takes an engine ID of 5 to 32 octets (RFC 3411 section 5). The refusal is
// from memory.
func setEngine(c *config.Call, field *string) error {
	text := strings.ToUpper(c.Args.Get("engine"))
	if id, err := hex.DecodeString(text); err != nil || len(id) < 5 || len(id) > 32 {
		return config.Refusal("Invalid EngineID")
	}
	*field = text
	return nil
}

// number are a word and its number, to be printed.
func number(word string, n int) cli.Args {
	return cli.Args{{Text: word, Keyword: true}, {Text: strconv.Itoa(n)}}
}
