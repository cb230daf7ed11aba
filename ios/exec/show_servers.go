package exec

import (
	"cmp"
	"fmt"
	"net/netip"
	"time"

	"vtylab/aaa"
	"vtylab/aaa/radius"
	"vtylab/cli"
	"vtylab/tty"
)

var serverCommands = []Command{
	{Syntax: `show "Show running system information" tacacs "Shows tacacs+ server statistics"`, Level: 1, Filter: true, Run: showTacacs},
	{Syntax: `show aaa servers "Shows all AAA servers as seen by AAA Server MIB"`, Level: 15, Filter: true, Run: showAAAServers},
	{Syntax: `show aaa sessions "Show AAA Sessions as seen by AAA Session MIB"`, Level: 15, Filter: true, Run: showAAASessions},
	{Syntax: `show aaa user "Show users active in AAA" {all "Show all active users" | <0-4294967295>$id "Unique ID of user"}`, Level: 15, Filter: true, Run: showAAAUser},
	{Syntax: `show aaa dead-criteria "Show AAA dead criteria data" radius "Show RADIUS dead criteria data" A.B.C.D$server "IP address of the server"
		[auth-port "UDP port for RADIUS authentication server (default is 1645)" <1-65535>$auth-port "Port number"]
		[acct-port "UDP port for RADIUS accounting server (default is 1646)" <1-65535>$acct-port "Port number"]`, Level: 15, Filter: true, Run: showDeadCriteria},
	{Syntax: `show radius "Shows radius information" server-group "Show radius server-group configuration" {all "Show all server-groups" | WORD$group "Name of server-group"}`,
		Level: 1, Filter: true, Run: showRadiusGroup},
	{Syntax: `show radius statistics "Show RADIUS statistics"`, Level: 1, Filter: true, Run: showRadiusStatistics},
	{Syntax: `clear "Reset functions" aaa "Clear AAA values" counters "Clear AAA counters" servers "Clear counters of AAA servers" {all "Clear counters of all AAA servers"
		| radius "Clear counters of RADIUS servers" | tacacs "Clear counters of TACACS servers"}`, Level: 15,
		Run: func(s *Session, _ cli.Args) error { s.Device.AAA.ClearCounters(); return nil }},
	{Syntax: `test "Test subsystems, memory, and interfaces" aaa "AAA Test Authentication, Authorization or Accounting" group "Specify the server group"
		{radius$group "Use list of all RADIUS servers" | tacacs+$group "Use list of all TACACS servers" | WORD$group "Name of server-group"}
		WORD$user "Name of a user" WORD!$password "Password of the user" {legacy "Use original authentication code path" | new-code "Use new-code authentication path"}`,
		Level: 15, Run: testAAA},
}

// testAAA is a login that leads nowhere.
func testAAA(s *Session, a cli.Args) error {
	name := a.Get("group")
	g, ok := s.Device.Settings().AAA.Group(name)
	if !ok {
		s.Println("% Server group " + name + " does not exist") // from memory
		return nil
	}
	legacy := a.Has("legacy")
	if legacy {
		s.Printf("Attempting authentication test to server-group %s using %s\n", name, g.Protocol)
		if g.Protocol == aaa.TACACS {
			s.Println("")
		}
	}
	v := s.Device.AAA.Authenticate(s.Context(), &aaa.Request{Service: aaa.Login, Probe: true,
		List: aaa.List{Methods: []aaa.MethodRef{{Name: "group", Group: name}}},
		User: a.Get("user"), Named: true, Password: a.Get("password"), Typed: true}, nil)
	switch {
	case legacy && v.Result == aaa.Pass:
		s.Println("User was successfully authenticated.")
	case legacy && v.Result == aaa.Fail:
		s.Println("User authentication request was rejected by server.")
	case v.Result == aaa.Error:
		s.Println("No authoritative response from any server.")
	case v.Result == aaa.Fail:
		s.Println("User rejected") // from memory
	default: // from memory
		s.Printf("User successfully authenticated\n\nUSER ATTRIBUTES\n\n%-20s 0   %q\n", "username", a.Get("user"))
	}
	return nil
}

// servers are those of a protocol in the order of show commands: of all, then those that
// belong to groups alone.
func (s *Session) servers(protocol string) (all []aaa.Server) {
	settings := s.Device.Settings().AAA
	if g, ok := settings.Group(protocol); ok {
		all = append(all, g.Servers...)
	}
	for g := range s.Config().AAA.Groups.All() {
		if x, ok := settings.Group(g.Name); ok && g.Protocol == protocol && x.Protocol == protocol {
			for _, server := range x.Servers {
				if server.Private {
					all = append(all, server)
				}
			}
		}
	}
	return all
}

// at is a port of a server, by its address or the first that `ip host` has for its name.
func (s *Session) at(server aaa.Server, port uint16) netip.AddrPort {
	a, err := netip.ParseAddr(server.Host)
	if known := s.Device.Names.Static(server.VRF, server.Host); err != nil && len(known) > 0 {
		a = known[0]
	}
	return netip.AddrPortFrom(a, port)
}

// showTacacs is as genieparser has it from IOS XE 16 and 17; releases before end with the
// packets (ntc-templates).
func showTacacs(s *Session, _ cli.Args) error {
	for i, x := range s.servers(aaa.TACACS) {
		if i > 0 {
			s.Println("", "")
		}
		n := s.Device.AAA.TacacsCounters(s.at(x, x.Port))
		kind := "public "
		if x.Private || x.VRF != "" {
			kind = "private"
		}
		s.Printf("Tacacs+ Server -  %s :\n", kind)
		rows := []struct {
			name  string
			value any
		}{
			{"Server name", x.Name}, {"Server address", x.Host}, {"Server port", x.Port},
			{"Socket opens", n.Opens}, {"Socket closes", n.Closes}, {"Socket aborts", n.Aborts}, {"Socket errors", n.Errors}, {"Socket Timeouts", n.Timeouts},
			{"Failed Connect Attempts", n.Failed}, {"Total Packets Sent", n.Sent}, {"Total Packets Recv", n.Received},
		}
		for _, r := range rows {
			switch v := r.value.(type) {
			case string:
				if v != "" {
					s.Printf("%26s: %s\n", r.name, v)
				}
			case int:
				s.Printf("%26s: %10d\n", r.name, v)
			default:
				s.Printf("%26s: %d\n", r.name, v)
			}
		}
		if s.Release.Show.ServerStatus {
			s.Printf("%26s: %10d\n%26s: Alive\n", "Expected Replies", 0, "Server Status")
			s.Printf("Continous Authc fail count: %10d\nContinous Authz fail count: %10d\n", 0, 0)
		}
	}
	return nil
}

// stats are those of a server of RADIUS.
func (s *Session) stats(x aaa.Server) radius.Stats {
	stats, _ := s.Device.AAA.RadiusStats(s.at(x, x.Port), s.at(x, x.AcctPort))
	return stats
}

// showAAAServers is as genieparser has it from IOS XE 16.
func showAAAServers(s *Session, _ cli.Args) error {
	for i, x := range s.servers(aaa.RADIUS) {
		st := s.stats(x)
		name := ""
		if x.Name != "" {
			name = ", hostname " + x.Name
		}
		state := "UP"
		if st.Dead {
			state = "DEAD"
		}
		s.Println("")
		s.Printf("RADIUS: id %d, priority %d, host %s, auth-port %d, acct-port %d%s\n", i+1, i+1, x.Host, x.Port, x.AcctPort, name)
		s.Printf("     State: current %s, duration %ds, previous duration %ds\n", state, seconds(st.Since), seconds(st.Previous))
		s.Printf("     Dead: total time %ds, count %d\n", seconds(st.DeadTime), st.DeadCount)
		if s.Release.Show.ServerStatus {
			s.Printf("     Platform State from SMD: current UNKNOWN, duration 0s, previous duration 0s\n     SMD Platform Dead: total time 0s, count 0\n")
		}
		s.Println("     Quarantined: No")
		s.counters("Authen", st.Authen)
		s.counters("Author", st.Author)
		s.records(st.Account)
		s.Printf("     Elapsed time since counters last cleared: %s\n", cleared(s.Device.AAA.Counted()))
		s.Printf("     Estimated Outstanding Access Transactions: %d\n     Estimated Outstanding Accounting Transactions: %d\n",
			st.Authen.Outstanding+st.Author.Outstanding, st.Account.Outstanding)
		s.Println("     Estimated Throttled Access Transactions: 0", "     Estimated Throttled Accounting Transactions: 0", "     Maximum Throttled Transactions: access 0, accounting 0")
	}
	return nil
}

func seconds(d time.Duration) int { return int(d.Seconds()) }

// cleared is the time since counters were cleared, as 2h10m.
func cleared(d time.Duration) string {
	return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
}

func (s *Session) counters(of string, c radius.Counters) {
	s.Printf("     %s: request %d, timeouts %d, failover %d, retransmission %d\n", of, c.Requests, c.Timeouts, c.Failovers, c.Retransmissions)
	s.Printf("             Response: accept %d, reject %d, challenge %d\n", c.Accepts, c.Rejects, c.Challenges)
	s.Printf("             Response: unexpected %d, server error 0, incorrect 0, time %dms\n", c.Unexpected, c.Time.Milliseconds())
	s.Printf("             Transaction: success %d, failure %d\n", c.Successes, c.Failures)
	s.Println("             Throttled: transaction 0, timeout 0, failure 0")
	s.Printf("             Malformed responses: %d\n             Bad authenticators: %d\n", c.Malformed, c.BadAuthenticators)
}

func (s *Session) records(c radius.Counters) {
	s.Printf("     Account: request %d, timeouts %d, failover %d, retransmission %d\n", c.Requests, c.Timeouts, c.Failovers, c.Retransmissions)
	s.Printf("             Request: start %d, interim %d, stop %d\n", c.Starts, c.Interims, c.Stops)
	s.Printf("             Response: start %d, interim %d, stop %d\n", c.StartReplies, c.InterimReplies, c.StopReplies)
	s.Printf("             Response: unexpected %d, server error 0, incorrect 0, time %dms\n", c.Unexpected, c.Time.Milliseconds())
	s.Printf("             Transaction: success %d, failure %d\n", c.Successes, c.Failures)
	s.Println("             Throttled: transaction 0, timeout 0, failure 0")
	s.Printf("             Malformed responses: %d\n             Bad authenticators: %d\n", c.Malformed, c.BadAuthenticators)
}

// firstSession is the number of the first session: its hexadecimal form is FA1 (genieparser
// has 4003 for a device that counts from there).
const firstSession = 4000

// showAAASessions is as genieparser has it.
func showAAASessions(s *Session, _ cli.Args) error {
	all := s.Device.Sessions()
	last := uint32(0)
	for _, x := range all {
		last = max(last, x.ID)
	}
	s.Printf("Total sessions since last reload: %d\n", last)
	for _, x := range all {
		s.Printf("Session Id: %d\n   Unique Id: %d\n   User Name: %s\n   IP Address: %s\n   Idle Time: %d\n   CT Call Handle: 0\n",
			firstSession+x.ID, x.ID, cmp.Or(x.User, "*not available*"), peerOf(x), seconds(x.Idle()))
	}
	return nil
}

// peerOf is where the user of a session is.
func peerOf(x *tty.Session) string { return cmp.Or(x.Line.Peer(), "0.0.0.0") }

// showAAAUser opens as genieparser has it; the rest of a user's data is not emulated.
func showAAAUser(s *Session, a cli.Args) error {
	id, one := a.Int("id")
	for _, x := range s.Device.Sessions() {
		if one && uint32(id) != x.ID {
			continue
		}
		s.Printf("Unique id %d is currently in use.\n", x.ID)
		for _, kind := range []string{"EXEC", "CMD", "SYSTEM", "VRRS", "RM CALL", "RM VPDN", "NETWORK"} {
			s.Printf("No data for type %s\n", kind)
		}
		s.Printf("Accounting:\n  log=0x0\n  Events recorded :\n  update method(s) :\n    NONE\n  Outstanding Stop Records : 0\n")
		s.Printf("Component = Exec\n  Session Id=%08X Unique Id=%08X\n  Authen: service=LOGIN type=ASCII\n  TTY Num = %d\n", firstSession+x.ID, x.ID, x.Line.TTY)
	}
	return nil
}

// showDeadCriteria is as genieparser has it.
func showDeadCriteria(s *Session, a cli.Args) error {
	auth, ok := a.Int("auth-port")
	if !ok {
		auth = 1645
	}
	acct, ok := a.Int("acct-port")
	if !ok {
		acct = 1646
	}
	for _, x := range s.servers(aaa.RADIUS) {
		if x.Host != a.Get("server") || int(x.Port) != auth || int(x.AcctPort) != acct {
			continue
		}
		c := s.Device.Settings().AAA.Dead
		s.Println("RADIUS Server Dead Criteria:", "=============================", "Server Details:")
		s.Printf("    Address : %s\n    Auth Port : %d\n    Acct Port : %d\n", x.Host, x.Port, x.AcctPort)
		s.Println("Server Group : radius", "Dead Criteria Details:")
		s.Printf("    Configured Retransmits   : %d\n    Configured Timeout       : %d\n", x.Retransmit, seconds(x.Timeout))
		st := s.stats(x)
		s.Printf("    Estimated Outstanding Access Transactions: %d\n    Estimated Outstanding Accounting Transactions: %d\n", st.Authen.Outstanding, st.Account.Outstanding)
		s.Printf("    Dead Detect Time         : %ds\n    Computed Retransmit Tries: %d\n", cmp.Or(seconds(c.Time), 10), cmp.Or(c.Tries, 10))
		return nil
	}
	s.Println("% Server not found") // from memory
	return nil
}

// showRadiusGroup is as genieparser has it.
func showRadiusGroup(s *Session, a cli.Args) error {
	names := []string{a.Get("group")}
	if a.Has("all") {
		names = []string{aaa.RADIUS}
		for g := range s.Config().AAA.Groups.All() {
			if g.Protocol == aaa.RADIUS {
				names = append(names, g.Name)
			}
		}
	}
	for _, name := range names {
		g, ok := s.Device.Settings().AAA.Group(name)
		if !ok || g.Protocol != aaa.RADIUS {
			continue
		}
		s.Printf("Server group %s\n    Sharecount = 1  sg_unconfigured = FALSE\n    Type = standard  Memlocks = 1\n", name)
		for _, x := range g.Servers {
			st := s.stats(x)
			label := ""
			if x.Name != "" {
				label = "," + x.Name
			}
			s.Printf("    Server(%s:%d,%d%s) Transactions:\n", x.Host, x.Port, x.AcctPort, label)
			s.Printf("    Authen: %d   Author: %d       Acct: %d\n", st.Authen.Successes+st.Authen.Failures, st.Author.Successes+st.Author.Failures, st.Account.Successes+st.Account.Failures)
			s.Println("    Server_auto_test_enabled: FALSE", "     Keywrap enabled: FALSE")
		}
	}
	return nil
}

// showRadiusStatistics sums up all servers (the layout is from memory).
func showRadiusStatistics(s *Session, _ cli.Args) error {
	var auth, acct radius.Counters
	for _, x := range s.servers(aaa.RADIUS) {
		st := s.stats(x)
		for _, c := range []struct {
			to   *radius.Counters
			from radius.Counters
		}{{&auth, st.Authen}, {&auth, st.Author}, {&acct, st.Account}} {
			c.to.Requests += c.from.Requests
			c.to.Timeouts += c.from.Timeouts
			c.to.Retransmissions += c.from.Retransmissions
			c.to.Successes += c.from.Successes
			c.to.Failures += c.from.Failures
			c.to.Unexpected += c.from.Unexpected
			c.to.BadAuthenticators += c.from.BadAuthenticators
		}
	}
	s.Println("                                  Auth.      Acct.       Both")
	row := func(name string, a, b int) { s.Printf("%30s: %10d %10d %10d\n", name, a, b, a+b) }
	row("Packets with responses", auth.Successes, acct.Successes)
	row("Packets without responses", auth.Failures, acct.Failures)
	row("Number of RADIUS timeouts", auth.Timeouts, acct.Timeouts)
	row("Duplicate packets sent", auth.Retransmissions, acct.Retransmissions)
	row("Bad authenticators", auth.BadAuthenticators, acct.BadAuthenticators)
	row("Unexpected responses", auth.Unexpected, acct.Unexpected)
	return nil
}
