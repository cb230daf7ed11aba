package model

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"vtylab/config"
	"vtylab/secret"
)

// passwordGrammar and secretGrammar are how all passwords are typed; whose is
// a word of the help. Type 4, withdrawn, is still taken from a configuration.
func passwordGrammar(whose string) string {
	return strings.ReplaceAll(`{0 "Specifies an UNENCRYPTED password will follow" LINE!$text "The UNENCRYPTED (cleartext) WHOSE password"
	 | 7 "Specifies a HIDDEN password will follow" LINE!$text "The HIDDEN WHOSE password string"
	 | LINE!$text "The UNENCRYPTED (cleartext) WHOSE password"}`, "WHOSE", whose)
}

func secretGrammar(whose string) string {
	return strings.ReplaceAll(`{0 "Specifies an UNENCRYPTED password will follow" LINE!$text "The UNENCRYPTED (cleartext) WHOSE secret"
	 | 5 "Specifies a MD5 HASHED secret will follow" LINE!$text "The HASHED WHOSE secret string"
	 | ~4 LINE!$text "The HASHED WHOSE secret string"
	 | 8 "Specifies a PBKDF2 HASHED secret will follow" LINE!$text "The PBKDF2 HASHED WHOSE secret string"
	 | 9 "Specifies a SCRYPT HASHED secret will follow" LINE!$text "The SCRYPT HASHED WHOSE secret string"
	 | LINE!$text "The UNENCRYPTED (cleartext) WHOSE secret"}`, "WHOSE", whose)
}

const (
	algorithmGrammar = `algorithm-type "Algorithm to use for hashing the plaintext secret"
	  {md5 "Encode the password using the MD5 algorithm" | sha256 "Encode the password using the PBKDF2 hashing algorithm" |
	   scrypt "Encode the password using the SCRYPT hashing algorithm"}`
)

var algorithmTypes = map[string]int{"md5": 5, "sha256": 8, "scrypt": 9}

// typed is a password or secret as the user gave it.
func typed(c *config.Call, hash bool) (secret.Secret, error) {
	for _, n := range []int{4, 5, 7, 8, 9} {
		if c.Args.Has(strconv.Itoa(n)) {
			return parseStored(n, c.Args.Get("text"))
		}
	}
	return given(c, c.Args.Get("text"), hash)
}

// given is a password in the clear, as it is or hashed.
func given(c *config.Call, text string, hash bool) (secret.Secret, error) {
	if err := meetsPolicy(c, text); err != nil {
		return secret.Secret{}, err
	}
	c.Clear = len(text)
	if !hash {
		return secret.New(0, text, c.Rand)
	}
	return secret.New(hashType(c), text, c.Rand)
}

// hashType is the type a secret gets: what `algorithm-type` says, or the
// release's own.
func hashType(c *config.Call) int {
	for word, n := range algorithmTypes {
		if c.Args.Has(word) {
			return n
		}
	}
	return root(c).Release.Traits.SecretType
}

func parseStored(kind int, text string) (secret.Secret, error) {
	s, err := secret.Parse(kind, strings.TrimSpace(text))
	switch {
	case err == nil:
		return s, nil
	case kind == 7:
		return s, config.Refusal("Invalid encrypted password: " + text)
	}
	return s, config.Refusal("ERROR: The secret you entered is not a valid encrypted secret.\n" +
		"To enter an UNENCRYPTED secret, do not specify type " + strconv.Itoa(kind) + " encryption.\n" +
		"When you properly enter an UNENCRYPTED secret, it will be encrypted.")
}

// askSecret is the Before of commands that take a secret: hashing is slow and
// must not happen under the store's lock.
func askSecret(hash bool) func(c *config.Call) error {
	return func(c *config.Call) error {
		if c.Args.Has("no") || c.Args.Get("text") == "" {
			return nil
		}
		s, err := typed(c, hash)
		if err != nil {
			return err
		}
		c.Answer = s
		return nil
	}
}

// ahead marks a setting whose password is hashed before the lines in front of it
// are applied.
func ahead(s config.Setting[Config]) config.Setting[Config] {
	s.Ahead = true
	return s
}

// deprecatedType warns of a password in clear text, on releases that do.
func deprecatedType(c *config.Call, s secret.Secret, warning string) {
	if s.Type == 0 && warning != "" {
		c.UI.Say(" " + warning)
		c.Note(config.Notice{Facility: "AAAA", Severity: 4, Mnemonic: "CLI_DEPRECATED", Text: warning})
	}
}

// protect applies `service password-encryption` to a new password.
func protect(c *config.Call, s secret.Secret) secret.Secret {
	if s.Type != 0 || !root(c).Service.PasswordEncryption {
		return s
	}
	if e, err := encrypt7(s, c.Rand); err == nil {
		return e
	}
	return s
}

func encrypt7(s secret.Secret, rand io.Reader) (secret.Secret, error) {
	plain, _ := s.Reveal()
	return secret.New(7, plain, rand)
}

// storedText is a password as it shows: the type first, unless it is clear
// text and bare is set.
func storedText(s secret.Secret, bare bool) string {
	if s.Type == 0 && bare {
		return s.Text
	}
	return strconv.Itoa(s.Type) + " " + s.Text
}

// encryptPasswords turns every type 0 password into type 7.
func (c *Config) encryptPasswords(rand io.Reader) (err error) {
	// The same password comes out the same, or lines that were configured
	// together would no longer print together.
	done := map[string]secret.Secret{}
	turn := func(s secret.Secret) secret.Secret {
		if s.Type != 0 || s.Text == "" {
			return s
		}
		if e, ok := done[s.Text]; ok {
			return e
		}
		e, failed := encrypt7(s, rand)
		if failed != nil {
			err = failed
			return s
		}
		done[s.Text] = e
		return e
	}
	for u := range c.Users.All() {
		if e := turn(u.Password); e != u.Password {
			c.Users.Edit(u.Name).Password = e
		}
	}
	for _, x := range []*FileClient{&c.Clients.TFTP, &c.Clients.FTP, &c.Clients.HTTP} {
		x.Password = turn(x.Password)
	}
	c.Tacacs.encryptKeys(turn)
	c.Radius.encryptKeys(turn)
	c.AAA.encryptKeys(turn)
	for l := range c.Lines.All() {
		if e := turn(l.Password); e != l.Password {
			c.Lines.Edit(l.ID()).Password = e
		}
	}
	for _, level := range slices.Sorted(maps.Keys(c.Enable.Passwords)) {
		c.Enable.Passwords[level] = turn(c.Enable.Passwords[level])
	}
	return err
}
