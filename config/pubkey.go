package config

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
)

// PubkeyEntry is a user or server of `ip ssh pubkey-chain`.
type PubkeyEntry struct {
	Name string
	Keys []KeyHash
}

// KeyHash is a public key as the device stores it: the MD5 of its blob.
type KeyHash struct {
	Algorithm, Hash, Comment string // Hash in upper-case hex
}

// HashKey returns how a key blob (RFC 4253 section 6.6) is stored.
func HashKey(blob []byte) string {
	sum := md5.Sum(blob)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// Authorizes reports whether blob is one of the keys of a user of the chain.
func (s SSH) Authorizes(user string, blob []byte) bool {
	hash := HashKey(blob)
	for _, u := range s.Users {
		if u.Name == user && slices.ContainsFunc(u.Keys, func(k KeyHash) bool { return k.Hash == hash }) {
			return true
		}
	}
	return false
}

var pubkeyChain = Setting[Config]{
	Set: func(c *Call, _, _ *Config) error { c.Enter("pubkey", ""); return nil },
	No:  func(_ *Call, t, _ *Config) error { t.SSH.Users, t.SSH.Servers = nil, nil; return nil },
	Show: func(v *View, t, _ *Config) {
		if len(t.SSH.Users)+len(t.SSH.Servers) == 0 {
			return
		}
		v.Line("ip ssh pubkey-chain")
		v.Body("pubkey", &t.SSH)
		v.Line("!")
	},
}

// pubkeyMode edits the chain, pubkeyUserMode and pubkeyServerMode one entry.
var pubkeyMode = &modeOf[SSH]{
	name: "pubkey", suffix: "conf-ssh-pubkey", heading: "SSH public key identification mode:",
	locate: func(c *Config, _ string) []*SSH { return []*SSH{&c.SSH} },
	fresh:  func(*Language) *SSH { s := NewSSH(); return &s },
	groups: []group[SSH]{{"pubkey", []Row[SSH]{
		{`username "SSH user name" WORD$name "Username" /`, pubkeyEntry("username", "pubkey-user", users)},
		{`server "SSH server name" WORD$name "Server name" /`, pubkeyEntry("server", "pubkey-server", servers)},
	}}},
}

func users(s *SSH) *[]PubkeyEntry   { return &s.Users }
func servers(s *SSH) *[]PubkeyEntry { return &s.Servers }

func pubkeyEntry(word, mode string, field func(*SSH) *[]PubkeyEntry) Setting[SSH] {
	return Setting[SSH]{
		Set: func(c *Call, s, fresh *SSH) error {
			name := c.Args.Get("name")
			list := field(s)
			if !slices.ContainsFunc(*list, func(e PubkeyEntry) bool { return e.Name == name }) {
				if len(*list) >= s.PubkeyUsers {
					return Refusal("%SSH: Maximum number of " + word + "s configured")
				}
				*list = append(slices.Clip(*list), PubkeyEntry{Name: name})
			}
			c.Enter(mode, name)
			return nil
		},
		No: func(c *Call, s, _ *SSH) error {
			*field(s) = slices.DeleteFunc(slices.Clone(*field(s)), func(e PubkeyEntry) bool { return e.Name == c.Args.Get("name") })
			return nil
		},
		Show: func(v *View, s, _ *SSH) {
			for _, e := range *field(s) {
				v.Line(" %s %s", word, e.Name) // two spaces, as captured
				v.Body(mode, &e)
			}
		},
	}
}

func pubkeyEntryMode(name, suffix string, field func(*SSH) *[]PubkeyEntry) *modeOf[PubkeyEntry] {
	return &modeOf[PubkeyEntry]{
		name: name, suffix: suffix, heading: "SSH public key entry mode:",
		locate: func(c *Config, key string) []*PubkeyEntry {
			list := *field(&c.SSH)
			for i := range list {
				if list[i].Name == key {
					return []*PubkeyEntry{&list[i]}
				}
			}
			return nil
		},
		fresh: func(*Language) *PubkeyEntry { return &PubkeyEntry{} },
		groups: []group[PubkeyEntry]{{name, []Row[PubkeyEntry]{
			{`key-string "ssh-rsa key string"`, Setting[PubkeyEntry]{
				Set: func(c *Call, e, _ *PubkeyEntry) error { c.Enter(name+"-data", e.Name+"\x00"); return nil },
				No:  func(_ *Call, e, _ *PubkeyEntry) error { e.Keys = nil; return nil },
			}},
			{`key-hash "ssh-rsa key hash" @ssh-keytypes WORD$hash "MD5 hash of the key" [LINE$comment "Comment"]`, keyHash},
		}}},
	}
}

var keyHash = Setting[PubkeyEntry]{
	Set: func(c *Call, e, _ *PubkeyEntry) error {
		return e.add(c, KeyHash{c.Args.Get("type"), strings.ToUpper(c.Args.Get("hash")), c.Args.Get("comment")})
	},
	No: func(c *Call, e, _ *PubkeyEntry) error {
		hash := c.Args.Get("hash")
		e.Keys = slices.DeleteFunc(slices.Clone(e.Keys), func(k KeyHash) bool { return hash == "" || strings.EqualFold(k.Hash, hash) })
		return nil
	},
	Show: func(v *View, e, _ *PubkeyEntry) {
		for _, k := range e.Keys {
			v.Line(" %s", strings.TrimRight("key-hash "+k.Algorithm+" "+k.Hash+" "+k.Comment, " "))
		}
	},
}

func (e *PubkeyEntry) add(c *Call, k KeyHash) error {
	if slices.ContainsFunc(e.Keys, func(o KeyHash) bool { return o.Hash == k.Hash }) {
		return nil
	}
	if len(e.Keys) >= c.Config.SSH.PubkeyPerUser {
		return Refusal("%SSH: Maximum number of keys configured for this user")
	}
	e.Keys = append(slices.Clip(e.Keys), k)
	return nil
}

// pubkeyDataMode takes the lines of a key until `exit`. What has been typed so
// far travels in the position's key, behind the entry's name.
func pubkeyDataMode(name string, field func(*SSH) *[]PubkeyEntry) *modeOf[PubkeyEntry] {
	m := pubkeyEntryMode(strings.TrimSuffix(name, "-data"), "", field)
	return &modeOf[PubkeyEntry]{
		name: name, suffix: "conf-ssh-pubkey-data", heading: "SSH public key data entry mode:",
		locate: m.locate, fresh: m.fresh, raw: keyData,
	}
}

// maxKeyText bounds what is collected for one key.
const maxKeyText = 8 << 10

func keyData(l *Language, p *Position, line string, level int) *Resolved {
	entry, text, _ := strings.Cut(p.key, "\x00")
	word := strings.Fields(line)
	r := &Resolved{lang: l, at: p}
	switch {
	case len(word) == 0:
		r.cmd = stay
	case word[0] == "exit" || word[0] == "end" || word[0] == "key-hash" || word[0] == "no":
		r.leaves = word[0] == "end"
		r.at = p.up
		if word[0] == "key-hash" { // stays in the data mode (Secure Shell Configuration Guide, XE 3SE)
			r.at = &Position{place{p.mode, entry + "\x00"}, p.up}
		}
		r.cmd = &command{edit: func(c *Call, _ verb) error { return storeKey(c, l, p, entry, text, line, word[0], level) }}
	case len(text)+len(line) > maxKeyText:
		r.cmd = &command{edit: func(*Call, verb) error { return Refusal("%SSH: Failed to decode the Key Value") }}
	default:
		r.at = &Position{place{p.mode, entry + "\x00" + text + "\n" + strings.TrimSpace(line)}, p.up}
		r.cmd = stay
	}
	return r
}

var stay = &command{edit: func(*Call, verb) error { return nil }}

// storeKey ends the data mode: the key is decoded and only its hash kept.
func storeKey(c *Call, l *Language, p *Position, entry, text, line, word string, level int) error {
	d := l.modes[p.up.mode]
	list := users(&c.Config.SSH)
	if d.name == "pubkey-server" {
		list = servers(&c.Config.SSH)
	}
	i := slices.IndexFunc(*list, func(e PubkeyEntry) bool { return e.Name == entry })
	if i < 0 {
		return nil
	}
	*list = slices.Clone(*list)
	e := &(*list)[i]
	if strings.TrimSpace(text) != "" {
		k, ok := decodeKey(text, c.Config.SSH.Server.PublicKey)
		if !ok {
			c.UI.Say("%SSH: Failed to decode the Key Value")
		} else if err := e.add(c, k); err != nil {
			return err
		}
	}
	if word != "key-hash" && word != "no" {
		return nil
	}
	r, err := l.Resolve(p.up, line, level)
	if err != nil {
		return err
	}
	c.Args, c.Key = r.Args, entry
	return r.cmd.edit(c, r.verb)
}

// decodeKey reads `[ssh-rsa] BASE64… [comment]` folded over any number of
// lines. A comment may be folded too, but holds no space.
func decodeKey(text string, accepted []string) (KeyHash, bool) {
	text = strings.TrimSpace(text)
	algorithm := "ssh-rsa"
	if first, rest, ok := strings.Cut(text, " "); ok && (strings.HasPrefix(first, "ssh-") || strings.HasPrefix(first, "ecdsa-")) {
		algorithm, text = first, rest
	}
	data, comment, _ := strings.Cut(text, " ")
	data = strings.ReplaceAll(data, "\n", "")
	comment = strings.ReplaceAll(comment, "\n", "")
	if strings.Contains(comment, " ") {
		return KeyHash{}, false
	}
	if end := strings.TrimRight(data, "="); !strings.Contains(data, "=") && len(end)%4 != 0 {
		return KeyHash{}, false
	}
	blob, err := base64.StdEncoding.DecodeString(data)
	if err != nil || keyType(blob) != algorithm || !whole(blob) || (algorithm != "ssh-rsa" && !slices.Contains(accepted, algorithm)) {
		return KeyHash{}, false
	}
	return KeyHash{algorithm, HashKey(blob), comment}, true
}

// whole reports whether a key blob is a run of strings, the last not cut off.
func whole(blob []byte) bool {
	for len(blob) >= 4 {
		n := int(binary.BigEndian.Uint32(blob))
		if n > len(blob)-4 {
			return false
		}
		blob = blob[4+n:]
	}
	return len(blob) == 0
}

// keyType is the name at the head of a key blob.
func keyType(blob []byte) string {
	if len(blob) < 4 {
		return ""
	}
	n := binary.BigEndian.Uint32(blob)
	if n > 64 || int(n) > len(blob)-4 {
		return ""
	}
	return string(blob[4 : 4+n])
}
