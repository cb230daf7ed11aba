package ssh2

import (
	"io"
	"slices"
	"strings"

	"vtylab/ssh"
)

// Markers that travel in the kex list (OpenSSH PROTOCOL 1.10 unless said).
const (
	strictClient = "kex-strict-c-v00@openssh.com"
	strictServer = "kex-strict-s-v00@openssh.com"
	extInfo      = "ext-info-c" // RFC 8308 section 2.1
)

// kexInit makes our KEXINIT: the configured names that we implement and, for
// the server, that a host key of ours can serve.
func (t *transport) kexInit() (*kexInitMsg, error) {
	a := &t.cfg.Algorithms
	none := []string{"none"}
	known := keep(a.Ciphers, func(n string) bool { _, ok := findCipher(n); return ok })
	integrity := keep(a.MACs, func(n string) bool { _, ok := findMAC(n); return ok })
	m := &kexInitMsg{
		Kex:           keep(a.Kex, func(n string) bool { _, ok := findKex(n); return ok }),
		HostKey:       keep(a.HostKey, t.kex.canHostKey),
		CiphersClient: known, CiphersServer: known,
		MACsClient: integrity, MACsServer: integrity,
		CompressClient: none, CompressServer: none,
	}
	// Only the first KEXINIT of a connection carries the marker.
	if t.cfg.StrictKex && t.kex.sessionID == nil {
		marker := strictServer
		if t.client {
			marker = strictClient
		}
		m.Kex = append(m.Kex, marker)
	}
	_, err := io.ReadFull(t.cfg.Rand, m.Cookie[:])
	return m, err
}

// keep returns a new list of the names that ok accepts.
func keep(names []string, ok func(string) bool) []string {
	out := make([]string, 0, len(names)+1)
	for _, n := range names {
		if ok(n) {
			out = append(out, n)
		}
	}
	return out
}

// Bounds of a name-list: RFC 4251 section 6 for a name, ours for a list. No
// client offers a third as many.
const (
	maxName  = 64
	maxNames = 256
)

// decodeKexInit reads a KEXINIT. What its lists hold goes into logs: a name
// outside the syntax of RFC 4251 section 6 is a protocol error. Only an empty
// name is dropped instead: libssh 0.10.6 ends a list with a comma
// ("aes256-ctr,aes128-ctr,").
func decodeKexInit(p []byte) (*kexInitMsg, error) {
	m := &kexInitMsg{}
	if err := decode(p, m); err != nil {
		return nil, err
	}
	for _, list := range []*[]string{&m.Kex, &m.HostKey, &m.CiphersClient, &m.CiphersServer, &m.MACsClient, &m.MACsServer,
		&m.CompressClient, &m.CompressServer, &m.LanguageClient, &m.LanguageServer} {
		if len(*list) > maxNames {
			return nil, protocolErrorf("name-list of %d names, maximum %d", len(*list), maxNames)
		}
		*list = slices.DeleteFunc(*list, func(name string) bool { return name == "" })
		for _, name := range *list {
			if !isName(name) {
				return nil, protocolErrorf("malformed name in SSH_MSG_KEXINIT")
			}
		}
	}
	return m, nil
}

// isName reports whether s is at most 64 visible characters of US-ASCII; the
// commas were the list's.
func isName(s string) bool {
	return len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (m *kexInitMsg) lists() ssh.KexLists {
	return ssh.KexLists{
		Kex: m.Kex, HostKey: m.HostKey,
		CiphersClient: m.CiphersClient, CiphersServer: m.CiphersServer,
		MACsClient: m.MACsClient, MACsServer: m.MACsServer,
		CompressClient: m.CompressClient, CompressServer: m.CompressServer,
	}
}

// agreement is what two KEXINITs lead to (RFC 4253 section 7.1).
type agreement struct {
	kex            kexMethod
	hostKey        string
	client, server suite // client to server, server to client
	wrongGuess     bool  // the peer's next packet is to be ignored
}

// suite is the algorithms of one direction.
type suite struct {
	cipher cipherSpec
	mac    macSpec
	names  ssh.Direction
}

// negotiate compares the KEXINITs of the client and the server.
func negotiate(client, server *kexInitMsg, peer *kexInitMsg) (*agreement, error) {
	a := &agreement{}
	kex, err := pick("kex", client.Kex, server.Kex)
	if err != nil {
		return nil, err
	}
	var ok bool
	if a.kex, ok = findKex(kex); !ok {
		// Both sides offered a marker of the same name.
		return nil, &ssh.NoMatchError{Class: "kex", Client: client.Kex, Server: server.Kex}
	}
	if a.hostKey, err = pick("hostkey", client.HostKey, server.HostKey); err != nil {
		return nil, err
	}
	if a.client, err = pickSuite(client.CiphersClient, server.CiphersClient, client.MACsClient, server.MACsClient); err != nil {
		return nil, err
	}
	if a.server, err = pickSuite(client.CiphersServer, server.CiphersServer, client.MACsServer, server.MACsServer); err != nil {
		return nil, err
	}
	if _, err = pick("compression", client.CompressClient, server.CompressClient); err != nil {
		return nil, err
	}
	if _, err = pick("compression", client.CompressServer, server.CompressServer); err != nil {
		return nil, err
	}
	a.wrongGuess = peer.FirstKexFollows &&
		(first(client.Kex) != first(server.Kex) || first(client.HostKey) != first(server.HostKey))
	return a, nil
}

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func pickSuite(clientCiphers, serverCiphers, clientMACs, serverMACs []string) (suite, error) {
	var s suite
	name, err := pick("cipher", clientCiphers, serverCiphers)
	if err != nil {
		return s, err
	}
	s.cipher, _ = findCipher(name)
	s.names.Cipher = name
	name, err = pick("mac", clientMACs, serverMACs)
	if err != nil && !s.cipher.aead() {
		return s, err
	}
	// A MAC beside an AEAD cipher has no effect, but its name is what the
	// device's log shows.
	s.mac, _ = findMAC(name)
	s.names.MAC = name
	return s, nil
}

// pick returns the client's first name that the server has too.
func pick(class string, client, server []string) (string, error) {
	for _, n := range client {
		if slices.Contains(server, n) {
			return n, nil
		}
	}
	return "", &ssh.NoMatchError{Class: class, Client: client, Server: server}
}
