package model

import (
	"strconv"
	"strings"

	"vtylab/config"
	"vtylab/secret"
)

// keyGrammar is how the key of a server is typed; whose is a word of the help.
func keyGrammar(whose string) string {
	return strings.ReplaceAll(`{0 "Specifies an UNENCRYPTED key will follow" LINE!$key "The UNENCRYPTED (cleartext) WHOSE key"
	 | 6 "Specifies an ENCRYPTED key will follow" LINE!$key "The ENCRYPTED WHOSE key"
	 | 7 "Specifies HIDDEN key will follow" LINE!$key "The HIDDEN WHOSE key"
	 | LINE!$key "The UNENCRYPTED (cleartext) WHOSE key"}`, "WHOSE", whose)
}

// serverKey is a key as it was typed. One of type 6 or 7 stays as it is, whether or not it
// is well-formed: captures with their keys made unreadable are configurations too.
func serverKey(c *config.Call) secret.Secret {
	s := secret.Secret{Text: c.Args.Get("key")}
	switch {
	case c.Args.Has("6"):
		s.Type = 6
	case c.Args.Has("7"):
		s.Type = 7
	case s.Text != "" && root(c).Service.PasswordEncryption:
		if e, err := encrypt7(s, c.Rand); err == nil {
			return e
		}
	}
	return s
}

// keyText is a key as it prints: one in clear that looks like a type has its own in front.
func keyText(k secret.Secret) string {
	switch first, _, _ := strings.Cut(k.Text, " "); {
	case k.Type == 0 && (first == "0" || first == "6" || first == "7"):
		return storedText(k, false)
	}
	return storedText(k, true)
}

// keySetting is the command `key` of a server, and those that hold for all servers.
func keySetting[T any](field func(*T) *secret.Secret) config.Setting[T] {
	return config.Setting[T]{
		Set: func(c *config.Call, t, _ *T) error { *field(t) = serverKey(c); return nil },
		No:  func(_ *config.Call, t, _ *T) error { *field(t) = secret.Secret{}; return nil },
		Show: func(v *config.View, t, _ *T) {
			if k := *field(t); !k.IsZero() {
				v.Line("%s %s", v.Words, keyText(k))
			}
		},
	}
}

// Server is a TACACS+ or RADIUS server.
type Server struct {
	Name    string // of its block; "" for one of `tacacs-server host`, `radius-server host` and `server-private`
	Address string // as typed, a name or an address; "" for a block without one
	IPv6    bool   // address ipv6
	// Port is that of TACACS+, or of authentication; AcctPort that of accounting, -1 for
	// TACACS+. Without Ports they are the usual ones, and do not print.
	Port, AcctPort int
	Ports          bool
	Timeout        int // seconds; 0 is what holds for all
	Retransmit     int // of RADIUS; -1 is what holds for all
	Key            secret.Secret
	Single         bool // single-connection
	NAT            bool
	Passive        config.PassiveLines
}

// Clone shares the commands without behaviour.
func (s Server) Clone() Server {
	s.Passive = s.Passive.Clone()
	return s
}

// id tells servers apart: a block by its name, another by its address, and for RADIUS by
// its ports.
func (s *Server) id() string {
	switch {
	case s.Name != "":
		return s.Name
	case s.AcctPort < 0:
		return "host " + s.Address
	}
	return "host " + s.Address + s.portWords()
}

func (s *Server) portWords() string {
	switch {
	case !s.Ports:
		return ""
	case s.AcctPort < 0:
		return " port " + strconv.Itoa(s.Port)
	}
	return " auth-port " + strconv.Itoa(s.Port) + " acct-port " + strconv.Itoa(s.AcctPort)
}

// UsedPorts are the ports that the server is asked at.
func (s *Server) UsedPorts(radius bool) (auth, acct int) {
	switch {
	case s.Ports:
		return s.Port, max(s.AcctPort, 0)
	case radius:
		return radiusAuthPort, radiusAcctPort
	}
	return TacacsPort, 0
}

// Servers are the servers of one protocol, and what holds for all of them.
type Servers struct {
	All        config.Table[string, Server]
	Key        secret.Secret
	Timeout    int // seconds
	Retransmit int // of RADIUS
	DeadTime   int // minutes; 0 is none
	// DeadSeconds and DeadTries are `radius-server dead-criteria`; 0 is not set.
	DeadSeconds, DeadTries int
	Source                 string // interface that they are asked from
	SourceVRF              string
	AllowUnknown           bool // `tacacs-server attribute allow unknown`
	// Directed takes user@server, of TACACS+; Restricted takes no other server then.
	Directed, Restricted bool
}

func (s Servers) clone() Servers {
	s.All = s.All.Clone()
	return s
}

// Find is the server that a group names.
func (s *Servers) Find(m GroupMember) (*Server, bool) {
	if m.Name != "" {
		return s.All.Get(m.Name)
	}
	for x := range s.All.All() {
		if x.Address == m.Host.Address && (!m.Host.Ports || x.portWords() == m.Host.portWords()) {
			return x, true
		}
	}
	return nil, false
}

// hostSetting is a server on one line: `tacacs-server host`, `radius-server host`. Replaced
// is the block that a release tells to use in its place.
func hostSetting(of func(*Config) *Servers, instead string) config.Setting[Config] {
	return config.Setting[Config]{
		Before: func(c *config.Call) error {
			_, err := deprecated(instead)(c, config.Set)
			return err
		},
		Set: func(c *config.Call, t, _ *Config) error {
			s := typedServer(c)
			of(t).All.Delete(s.id()) // it is the last one from now on
			of(t).All.Put(s.id(), s)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			s := typedServer(c)
			servers := of(t)
			for x := range servers.All.All() {
				if x.Name == "" && x.Address == s.Address && (!s.Ports || x.id() == s.id()) {
					servers.All.Delete(x.id())
					break
				}
			}
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			for s := range of(t).All.All() {
				if s.Name == "" {
					v.Line("%s %s", strings.TrimSuffix(v.Words, " host")+" host", s.words())
				}
			}
		},
	}
}

// typedServer is a server as the words of a line have it.
func typedServer(c *config.Call) Server {
	s := Server{Address: c.Args.Get("server"), Key: serverKey(c), Single: c.Args.Has("single-connection"), NAT: c.Args.Has("nat"), Retransmit: -1}
	s.Timeout, _ = c.Args.Int("timeout")
	if n, ok := c.Args.Int("retransmit"); ok {
		s.Retransmit = n
	}
	s.typedPorts(c)
	return s
}

// typedPorts takes ports from a line; one of RADIUS brings the usual other one with it.
func (s *Server) typedPorts(c *config.Call) {
	port, tacacs := c.Args.Int("port")
	auth, hasAuth := c.Args.Int("auth-port")
	acct, hasAcct := c.Args.Int("acct-port")
	switch {
	case tacacs:
		s.Port, s.AcctPort, s.Ports = port, -1, true
	case hasAuth || hasAcct:
		s.Port, s.AcctPort, s.Ports = radiusAuthPort, radiusAcctPort, true
		if hasAuth {
			s.Port = auth
		}
		if hasAcct {
			s.AcctPort = acct
		}
	}
}

// words are a server on one line.
func (s *Server) words() string {
	text := s.Address
	if s.NAT {
		text += " nat"
	}
	if s.Single {
		text += " single-connection"
	}
	text += s.portWords()
	if s.Timeout != 0 {
		text += " timeout " + strconv.Itoa(s.Timeout)
	}
	if s.Retransmit >= 0 {
		text += " retransmit " + strconv.Itoa(s.Retransmit)
	}
	if !s.Key.IsZero() {
		text += " key " + keyText(s.Key)
	}
	return text
}

// blockSetting leads to the block of a server.
func blockSetting(of func(*Config) *Servers, mode string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("name")
			if of(t).All.Edit(name) == nil {
				of(t).All.Put(name, Server{Name: name, Retransmit: -1})
			}
			c.Enter(mode, name)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { of(t).All.Delete(c.Args.Get("name")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for s := range of(t).All.All() {
				if s.Name != "" {
					v.Line("%s %s", v.Words, s.Name)
					v.Body(mode, s)
					v.Line("!")
				}
			}
		},
	}
}

// serverMode edits one server of a protocol.
func serverMode(name, suffix, heading string, of func(*Config) *Servers, rows []row[Server]) *config.Mode[*Config, Server] {
	return &config.Mode[*Config, Server]{
		Name: name, Suffix: suffix, Heading: heading,
		At: func(c *Config, key string) []*Server {
			if s := of(c).All.Edit(key); s != nil {
				return []*Server{s}
			}
			return nil
		},
		Fresh:  func(*Config) *Server { return &Server{Retransmit: -1} },
		Keeps:  func(s *Server) *config.PassiveLines { return &s.Passive },
		Groups: []config.Group[Server]{group(name, rows...)},
	}
}

// encryptKeys turns the keys of servers into type 7.
func (s *Servers) encryptKeys(turn func(secret.Secret) secret.Secret) {
	s.Key = turn(s.Key)
	for x := range s.All.All() {
		if e := turn(x.Key); e != x.Key {
			s.All.Edit(x.id()).Key = e
		}
	}
}

// deprecated is the warning of the old way to name a server (ios-cli C5).
func deprecated(instead string) func(c *config.Call, v config.Form) (bool, error) {
	return func(c *config.Call, v config.Form) (bool, error) {
		if v == config.Set && !c.Args.Has("no") {
			words := strings.Fields(c.Args.String())
			c.UI.Say("Warning: The cli will be deprecated soon")
			c.UI.Say(" '" + strings.Join(words[:min(3, len(words))], " ") + "'")
			c.UI.Say(" Please move to '" + instead + " <name>' CLI")
		}
		return false, nil
	}
}

var sourceRows = []row[Config]{
	{`ip tacacs "TACACS configuration commands" source-interface "Specify interface for source address in TACACS connections" INTERFACE$if "Interface" [vrf "VRF" WORD$vrf "VRF name"]`,
		sourceSetting(tacacsServers, "tacacs")},
	{`ip radius "RADIUS configuration commands" source-interface "Specify interface for source address in RADIUS packets" INTERFACE$if "Interface" [vrf "VRF" WORD$vrf "VRF name"]`,
		sourceSetting(radiusServers, "radius")},
}

// sourceSetting is the interface that servers are asked from.
func sourceSetting(of func(*Config) *Servers, protocol string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			of(t).Source, of(t).SourceVRF = c.Args.Get("if"), c.Args.Get("vrf")
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { of(t).Source, of(t).SourceVRF = "", ""; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if text := of(t).SourceText(protocol); text != "" {
				v.Line("%s", text)
			}
		},
	}
}

// SourceText is the line with the interface that servers are asked from, "" without one.
// The space that ends it is the device's own (genieparser, iosxe).
func (s *Servers) SourceText(protocol string) string {
	switch {
	case s.Source == "":
		return ""
	case s.SourceVRF == "":
		return "ip " + protocol + " source-interface " + s.Source + " "
	}
	return "ip " + protocol + " source-interface " + s.Source + " vrf " + s.SourceVRF
}

// protectKey applies `service password-encryption` to the key of a command without
// behaviour.
func protectKey(c *config.Call, s secret.Secret) secret.Secret {
	if !root(c).Service.PasswordEncryption {
		return s
	}
	return config.EncryptKey(s, c.Rand)
}
