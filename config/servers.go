package config

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/secret"
)

// deprecated is the warning of the old way to name a server (ios-cli C5).
func deprecated(instead string) func(c *Call, v verb) (bool, error) {
	return func(c *Call, v verb) (bool, error) {
		if v == doSet {
			words := strings.Fields(c.Args.String())
			c.UI.Say("Warning: The cli will be deprecated soon")
			c.UI.Say(" '" + strings.Join(words[:min(3, len(words))], " ") + "'")
			c.UI.Say(" Please move to '" + instead + " <name>' CLI")
		}
		return false, nil
	}
}

// hideKey brings the key that begins at a place of a command to its stored form:
// `key 0 x` is `key x`, and with `service password-encryption` of type 7.
func (c *Call) hideKey(text string, at int) (string, int) {
	if at == 0 || at >= len(text) {
		return text, 0
	}
	key := text[at:]
	if plain, ok := strings.CutPrefix(key, "0 "); ok && !typedKey(strings.TrimLeft(plain, " ")) {
		key = strings.TrimLeft(plain, " ")
	}
	if c.Config.Service.PasswordEncryption {
		key = encryptKey(key, c.Rand)
	}
	return text[:at] + key, at
}

// keyAt is where the key in a command begins as it prints: behind its keyword, or
// behind the first such word of the parameters that the grammar takes as a whole.
func keyAt(a cli.Args) int {
	at := 0
	for _, w := range a {
		if w.Keyword && (w.Text == "key" || w.Text == "key-string") {
			return at + len(w.Text) + 1
		}
		if i := keyword.FindStringIndex(w.Text); !w.Keyword && i != nil {
			return at + i[1]
		}
		at += len(w.Text) + 1
	}
	return 0
}

// keyword is the word key, cut short or in capitals, among parameters.
var keyword = regexp.MustCompile(`(?i)(^|[ \t])ke?y?[ \t]+`)

// typedKey reports whether a key says what type it is of.
func typedKey(key string) bool {
	kind, _, ok := strings.Cut(key, " ")
	return ok && (kind == "0" || kind == "6" || kind == "7")
}

// encryptKey turns a clear-text key into type 7; one that has no such form stays.
func encryptKey(key string, rand io.Reader) string {
	plain, clear := strings.CutPrefix(key, "0 ")
	if key == "" || !clear && typedKey(key) {
		return key
	}
	s, err := secret.New(7, strings.TrimLeft(plain, " "), rand)
	if err != nil {
		return key
	}
	return "7 " + s.Text
}

// encryptKeys turns the keys of all servers into type 7.
func (c *Config) encryptKeys(rand io.Reader) {
	c.Passive.Lines = c.Passive.Lines.encryptKeys(rand)
	for i := range c.Passive.Blocks {
		b := &c.Passive.Blocks[i]
		b.Lines = b.Lines.encryptKeys(rand)
	}
}

func (ls PassiveLines) encryptKeys(rand io.Reader) PassiveLines {
	if !slices.ContainsFunc(ls, func(l PassiveLine) bool { return l.Key > 0 }) {
		return ls
	}
	ls = slices.Clone(ls)
	for i := range ls {
		if l := &ls[i]; l.Key > 0 {
			l.Text = l.Text[:l.Key] + encryptKey(l.Text[l.Key:], rand)
		}
	}
	return ls
}
