package model

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"vtylab/config"
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
func (s *SSH) Authorizes(user string, blob []byte) bool {
	hash := HashKey(blob)
	for _, u := range s.Users {
		if u.Name == user && slices.ContainsFunc(u.Keys, func(k KeyHash) bool { return k.Hash == hash }) {
			return true
		}
	}
	return false
}

// Trusts reports whether blob is one of the keys that the chain has for a server, by its
// name or its address.
func (s *SSH) Trusts(name, address string, blob []byte) bool {
	hash := HashKey(blob)
	return slices.ContainsFunc(s.Servers, func(e PubkeyEntry) bool {
		return (strings.EqualFold(e.Name, name) || e.Name == address) && slices.ContainsFunc(e.Keys, func(k KeyHash) bool { return k.Hash == hash })
	})
}

var pubkeyChain = config.Setting[Config]{
	Set: func(c *config.Call, _, _ *Config) error { c.Enter("pubkey", ""); return nil },
	No:  func(_ *config.Call, t, _ *Config) error { t.SSH.Users, t.SSH.Servers = nil, nil; return nil },
	Show: func(v *config.View, t, _ *Config) {
		if len(t.SSH.Users)+len(t.SSH.Servers) == 0 {
			return
		}
		v.Line("ip ssh pubkey-chain")
		v.Body("pubkey", &t.SSH)
		v.Line("!")
	},
}

// pubkeyMode edits the chain, pubkeyUserMode and pubkeyServerMode one entry.
var pubkeyMode = &config.Mode[*Config, SSH]{
	Name: "pubkey", Suffix: "conf-ssh-pubkey", Heading: "SSH public key identification mode:",
	At:    func(c *Config, _ string) []*SSH { return []*SSH{&c.SSH} },
	Fresh: func(*Config) *SSH { s := NewSSH(); return &s },
	Groups: []config.Group[SSH]{group("pubkey", []row[SSH]{
		{`username "SSH user name" WORD$name "Username" /`, pubkeyEntry("username", "pubkey-user", users)},
		{`server "SSH server name" WORD$name "Server name" /`, pubkeyEntry("server", "pubkey-server", servers)},
	}...)},
}

func users(s *SSH) *[]PubkeyEntry   { return &s.Users }
func servers(s *SSH) *[]PubkeyEntry { return &s.Servers }

func pubkeyEntry(word, mode string, field func(*SSH) *[]PubkeyEntry) config.Setting[SSH] {
	return config.Setting[SSH]{
		Set: func(c *config.Call, s, fresh *SSH) error {
			name := c.Args.Get("name")
			list := field(s)
			if !slices.ContainsFunc(*list, func(e PubkeyEntry) bool { return e.Name == name }) {
				if len(*list) >= s.PubkeyUsers {
					return config.Refusal("%SSH: Maximum number of " + word + "s configured")
				}
				*list = append(slices.Clip(*list), PubkeyEntry{Name: name})
			}
			c.Enter(mode, name)
			return nil
		},
		No: func(c *config.Call, s, _ *SSH) error {
			*field(s) = slices.DeleteFunc(slices.Clone(*field(s)), func(e PubkeyEntry) bool { return e.Name == c.Args.Get("name") })
			return nil
		},
		Show: func(v *config.View, s, _ *SSH) {
			for _, e := range *field(s) {
				v.Line(" %s %s", word, e.Name) // two spaces, as captured
				v.Body(mode, &e)
			}
		},
	}
}

func pubkeyEntryMode(name, suffix string, field func(*SSH) *[]PubkeyEntry) *config.Mode[*Config, PubkeyEntry] {
	return &config.Mode[*Config, PubkeyEntry]{
		Name: name, Suffix: suffix, Heading: "SSH public key entry mode:",
		At: func(c *Config, key string) []*PubkeyEntry {
			list := *field(&c.SSH)
			for i := range list {
				if list[i].Name == key {
					return []*PubkeyEntry{&list[i]}
				}
			}
			return nil
		},
		Fresh: func(*Config) *PubkeyEntry { return &PubkeyEntry{} },
		Groups: []config.Group[PubkeyEntry]{group(name, []row[PubkeyEntry]{
			{`key-string "ssh-rsa key string"`, config.Setting[PubkeyEntry]{
				Set: func(c *config.Call, e, _ *PubkeyEntry) error { c.Enter(name+"-data", e.Name+"\x00"); return nil },
				No:  func(_ *config.Call, e, _ *PubkeyEntry) error { e.Keys = nil; return nil },
			}},
			{`key-hash "ssh-rsa key hash" @ssh-keytypes WORD$hash "MD5 hash of the key" [LINE$comment "Comment"]`, keyHash},
		}...)},
	}
}

var keyHash = config.Setting[PubkeyEntry]{
	Set: func(c *config.Call, e, _ *PubkeyEntry) error {
		return e.add(c, KeyHash{c.Args.Get("type"), strings.ToUpper(c.Args.Get("hash")), c.Args.Get("comment")})
	},
	No: func(c *config.Call, e, _ *PubkeyEntry) error {
		hash := c.Args.Get("hash")
		e.Keys = slices.DeleteFunc(slices.Clone(e.Keys), func(k KeyHash) bool { return hash == "" || strings.EqualFold(k.Hash, hash) })
		return nil
	},
	Show: func(v *config.View, e, _ *PubkeyEntry) {
		for _, k := range e.Keys {
			v.Line(" %s", strings.TrimRight("key-hash "+k.Algorithm+" "+k.Hash+" "+k.Comment, " "))
		}
	},
}

func (e *PubkeyEntry) add(c *config.Call, k KeyHash) error {
	if slices.ContainsFunc(e.Keys, func(o KeyHash) bool { return o.Hash == k.Hash }) {
		return nil
	}
	if len(e.Keys) >= root(c).SSH.PubkeyPerUser {
		return config.Refusal("%SSH: Maximum number of keys configured for this user")
	}
	e.Keys = append(slices.Clip(e.Keys), k)
	return nil
}

// pubkeyDataMode takes the lines of a key until `exit`. What has been typed so
// far travels in the position's key, behind the entry's name.
func pubkeyDataMode(name string, field func(*SSH) *[]PubkeyEntry) *config.Mode[*Config, PubkeyEntry] {
	m := pubkeyEntryMode(strings.TrimSuffix(name, "-data"), "", field)
	return &config.Mode[*Config, PubkeyEntry]{
		Name: name, Suffix: "conf-ssh-pubkey-data", Heading: "SSH public key data entry mode:",
		At: m.At, Fresh: m.Fresh, Free: keyData(field),
	}
}

// maxKeyText bounds what is collected for one key.
const maxKeyText = 8 << 10

// keyData reads a line of a key. The key so far stands in the place's key, behind
// the entry's name.
func keyData(field func(*SSH) *[]PubkeyEntry) config.FreeText {
	return func(t *config.Typed) *config.Resolved {
		entry, text, _ := strings.Cut(t.Key(), "\x00")
		store := func(c *config.Call) error { return storeKey(c, field(&root(c).SSH), entry, text) }
		word := strings.Fields(t.Line)
		switch {
		case len(word) == 0:
			return t.Stay(t.Key(), nil)
		case word[0] == "exit" || word[0] == "end":
			return t.Leave(word[0] == "end", func(c *config.Call) error {
				if err := store(c); err != nil {
					c.UI.Say(err.Error()) // the mode ends all the same
				}
				return nil
			})
		case word[0] == "no" || word[0] == "key-hash":
			both := func(c *config.Call) error {
				if err := store(c); err != nil {
					return err
				}
				return t.Above(c, entry)
			}
			if word[0] == "no" {
				return t.Leave(false, both)
			}
			return t.Stay(entry+"\x00", both) // Secure Shell Configuration Guide, XE 3SE
		case len(text)+len(t.Line) > maxKeyText:
			return t.Data(t.Key(), func(*config.Call) error { return config.Refusal("%SSH: Failed to decode the Key Value") })
		}
		return t.Data(entry+"\x00"+text+"\n"+strings.TrimSpace(t.Line), nil)
	}
}

// storeKey ends the data mode: the key is decoded and only its hash kept.
func storeKey(c *config.Call, list *[]PubkeyEntry, entry, text string) error {
	i := slices.IndexFunc(*list, func(e PubkeyEntry) bool { return e.Name == entry })
	if i < 0 || strings.TrimSpace(text) == "" {
		return nil
	}
	k, ok := decodeKey(text, root(c).SSH.Server.PublicKey)
	if !ok {
		c.UI.Say("%SSH: Failed to decode the Key Value")
		return nil
	}
	*list = slices.Clone(*list)
	return (*list)[i].add(c, k)
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
