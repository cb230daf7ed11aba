package model

import (
	"vtylab/config"
	"vtylab/secret"
)

// passwordForm is what may stand behind a password: that it is in its stored form.
const passwordForm = `[pbkdf2 "Indicates the password entered is encrypted using PBKDF2"]`

// askPassword hashes the password of a command, before anything is locked.
func askPassword(c *config.Call) error {
	typed := c.Args.Get("password")
	if typed == "" || c.Args.Has("no") {
		return nil
	}
	s, err := secret.New(secret.SHA512, typed, c.Rand)
	if c.Args.Has("pbkdf2") {
		s, err = secret.Parse(secret.SHA512, typed)
	}
	if err != nil {
		return invalid(c.Args, "password")
	}
	c.Answer = s
	return nil
}

// shownPassword is a password as the configuration has it.
func shownPassword(s secret.Secret) string {
	if s.Type == secret.SHA512 {
		return s.Text + " pbkdf2"
	}
	return s.Text
}

// stars are a password that is not to be seen.
var stars = secret.Secret{Type: secret.SHA512, Text: "*****"}

// Masked is the configuration as show running-config has it, without what
// passwords are stored as.
func (c *Config) Masked() *Config {
	n := c.Clone()
	if !n.Enable.Password.IsZero() {
		n.Enable.Password = stars
	}
	for u := range c.Users.All() {
		if !u.Password.IsZero() {
			n.Users.Edit(u.Name).Password = stars
		}
	}
	return n
}
