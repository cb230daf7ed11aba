package exec

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
	"vtylab/snmp"
)

var snmpCommands = []Command{
	{Syntax: `show "Show running system information" snmp "snmp statistics"`, Level: 1, Filter: true, Run: whileSNMP(showSNMP)},
	{Syntax: `show snmp chassis "show snmp chassis-id"`, Level: 1, Filter: true, Run: whileSNMP(func(s *Session) { s.Println(chassisID(s)) })},
	{Syntax: `show snmp community "show snmp communities"`, Level: 15, Filter: true, Run: whileSNMP(showSNMPCommunities)},
	{Syntax: `show snmp contact "show snmp contacts"`, Level: 1, Filter: true, Run: whileSNMP(func(s *Session) { s.Println(s.Config().SNMP.Contact) })},
	{Syntax: `show snmp =engineID "show snmp engineID"`, Level: 1, Filter: true, Run: whileSNMP(showEngineID)},
	{Syntax: `show snmp group "show snmp groups"`, Level: 15, Filter: true, Run: whileSNMP(showSNMPGroups)},
	{Syntax: `show snmp host "show snmp hosts"`, Level: 15, Filter: true, Run: whileSNMP(showSNMPHosts)},
	{Syntax: `show snmp location "show snmp location"`, Level: 1, Filter: true, Run: whileSNMP(func(s *Session) { s.Println(s.Config().SNMP.Location) })},
	{Syntax: `show snmp user "show snmp users"`, Level: 15, Filter: true, Run: whileSNMP(showSNMPUsers)},
	{Syntax: `show snmp view "show snmp views"`, Level: 15, Filter: true, Run: whileSNMP(showSNMPViews)},
}

// whileSNMP is a command that wants the agent (the complaint is from memory).
func whileSNMP(run func(*Session)) func(*Session, cli.Args) error {
	return func(s *Session, _ cli.Args) error {
		if !s.Config().SNMP.Enabled() {
			s.Println("%SNMP agent not enabled")
			return nil
		}
		run(s)
		return nil
	}
}

// showSNMP is laid out as captured (aaa-snmp D4).
func showSNMP(s *Session) {
	m, c := s.Config().SNMP, s.Device.SNMP.Counters()
	s.Printf("Chassis: %s\n", chassisID(s))
	if m.Contact != "" {
		s.Printf("Contact: %s\n", m.Contact)
	}
	if m.Location != "" {
		s.Printf("Location: %s\n", m.Location)
	}
	s.Printf(`%d SNMP packets input
    %d Bad SNMP version errors
    %d Unknown community name
    %d Illegal operation for community name supplied
    %d Encoding errors
    %d Number of requested variables
    %d Number of altered variables
    %d Get-request PDUs
    %d Get-next PDUs
    %d Set-request PDUs
    %d Input queue packet drops (Maximum queue size %d)
`, c.In.Load(), c.BadVersions.Load(), c.UnknownCommunity.Load(), c.BadUses.Load(), c.ASNErrors.Load(), c.RequestedVars.Load(), c.AlteredVars.Load(),
		c.InGets.Load(), c.InGetNexts.Load(), c.InSets.Load(), c.InputDrops.Load(), snmp.MaxInput)
	s.Printf(`%d SNMP packets output
    %d Too big errors (Maximum packet size %d)
    %d No such name errors
    %d Bad values errors
    %d General errors
    %d Response PDUs
    %d Trap PDUs
Packets currently in SNMP process input queue: 0
`, c.Out.Load(), c.TooBigs.Load(), m.PacketSize, c.NoSuchNames.Load(), c.BadValues.Load(), c.GenErrs.Load(), c.Responses.Load(), c.Traps.Load())
	s.Printf("SNMP global trap: %s\n\n", enabledOr(len(m.Traps) > 0 || m.Alone))
	hosts := s.Device.SNMP.Settings().Hosts
	s.Printf("SNMP logging: %s\n", enabledOr(len(hosts) > 0))
	for _, h := range hosts {
		sent, dropped := s.Device.SNMP.Sent(h.To())
		s.Printf("    Logging to %s.%d, 0/%d, %d sent, %d dropped.\n", h.Address, h.Port, m.QueueLength, sent, dropped)
	}
}

func enabledOr(on bool) string {
	if on {
		return "enabled"
	}
	return "disabled"
}

// boardID is the serial number in show version.
var boardID = regexp.MustCompile(`(?m)^Processor board ID (\S+)`)

// chassisID is what the configuration calls the chassis, else its serial number.
func chassisID(s *Session) string {
	if id := s.Config().SNMP.Chassis; id != "" {
		return id
	}
	if m := boardID.FindStringSubmatch(s.Release.Show.Version); m != nil {
		return m[1]
	}
	return ""
}

func showEngineID(s *Session) {
	s.Printf("Local SNMP engineID: %X\n", s.Device.SNMP.Settings().Engine)
	s.Println("Remote Engine ID          IP-addr    Port")
	m := s.Config().SNMP
	for e := range m.Engines.All() {
		s.Printf("%-26s%-11s%d\n", e.Engine, e.Host, cmp.Or(e.Port, snmp.DefaultPort))
	}
}

const nonvolatile = "storage-type: nonvolatile        active"

// showSNMPUsers is laid out as captured; `None` of a user without keys is from memory.
func showSNMPUsers(s *Session) {
	m := s.Config().SNMP
	for u := range m.Users.All() {
		engine := fmt.Sprintf("%X", s.Device.SNMP.Settings().Engine)
		if e, ok := m.Engines.Get(u.Remote); ok {
			engine = e.Engine
		}
		s.Printf("\nUser name: %s\nEngine ID: %s\n%s%s\n", u.Name, engine, nonvolatile, listSuffix(u.ACL))
		if u.Model == "v3" {
			s.Printf("Authentication Protocol: %s\nPrivacy Protocol: %s\n", protocolName(u.Auth), protocolName(u.Priv))
		}
		s.Printf("Group-name: %s\n", u.Group)
	}
}

func listSuffix(list string) string {
	if list == "" {
		return ""
	}
	return "\taccess-list: " + list
}

func protocolName(name string) string {
	if name == "" {
		return "None"
	}
	return strings.ToUpper(name)
}

// showSNMPGroups lists the groups that communities make for versions 1 and 2c, then
// those of the configuration.
func showSNMPGroups(s *Session) {
	m := s.Config().SNMP
	for c := range m.Communities.All() {
		write := ""
		if c.Write {
			write = cmp.Or(c.View, "v1default")
		}
		for _, version := range []string{"v1", "v2c"} {
			showGroup(s, &model.SNMPGroup{Read: c.View, Write: write, Access: c.Access}, c.Name, version)
		}
	}
	for g := range m.Groups.All() {
		showGroup(s, g, g.Name, strings.TrimRight(g.Model+" "+g.Level, " "))
	}
}

// showGroup is laid out as captured (aaa-snmp D4).
func showGroup(s *Session, g *model.SNMPGroup, name, version string) {
	s.Printf("groupname: %-33ssecurity model:%s \n", name, version)
	s.Printf("contextname: %-31sstorage-type: nonvolatile\n", cmp.Or(g.Context, "<no context specified>"))
	s.Printf("readview : %-33swriteview: %-32s\n", cmp.Or(g.Read, "v1default"), cmp.Or(g.Write, "<no writeview specified>"))
	s.Printf("notifyview: %-32s\n", cmp.Or(g.Notify, "<no notifyview specified>"))
	s.Printf("row status: active%s\n\n", listSuffix(g.ACL))
}

// showSNMPCommunities has the words that were captured; how they are laid out is from
// memory.
func showSNMPCommunities(s *Session) {
	m := s.Config().SNMP
	for c := range m.Communities.All() {
		s.Printf("Community name: %s\nCommunity Index: %s\nCommunity SecurityName: %s\n%s%s\n\n", c.Name, c.Name, c.Name, nonvolatile, listSuffix(c.ACL))
	}
}

// showSNMPHosts is as the Cisco IOS Network Management Command Reference has it.
func showSNMPHosts(s *Session) {
	m := s.Config().SNMP
	for h := range m.Hosts.All() {
		kind := "trap"
		if h.Informs {
			kind = "inform"
		}
		version := map[string]string{"1": "v1", "2c": "v2c", "3": "v3 " + h.Level}[h.Version]
		s.Printf("Notification host: %s udp-port: %d   type: %s\nuser: %s    security model: %s\n\n", h.Host, cmp.Or(h.Port, snmp.DefaultPort), kind, h.User, version)
	}
}

// showSNMPViews lists the families of views (from memory).
func showSNMPViews(s *Session) {
	s.Println("v1default iso - included permanent active")
	m := s.Config().SNMP
	for v := range m.Views.All() {
		how := "included"
		if v.Excluded {
			how = "excluded"
		}
		s.Printf("%s %s - %s nonvolatile active\n", v.Name, v.OID, how)
	}
}
