package aaaserver

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"vtylab/secret"
)

// Config is who may do what. A Server does not change it.
type Config struct {
	// Key is shared with the devices; "" is TACACS+ in clear.
	Key string
	// Users are by their names.
	Users map[string]*User
	// Enable are the secrets of `enable` by level, 1 to 15. For RADIUS they are the
	// passwords of the users $enab1$ to $enab15$.
	Enable map[int]secret.Secret
	// ChangeRefused is what a user of TACACS+ reads who gives a blank password; if it is
	// "", a blank password begins a change.
	ChangeRefused string
	// Ports are those that the server is to be reached at, in place of the usual ones of the
	// protocol: who opens them reads this.
	Ports []uint16
	// Fault is that of a new Server.
	Fault Fault
}

// User is one user. Secrets are of type 0, 5, 8 or 9; a Server hashes those of type 0.
type User struct {
	Secret secret.Secret
	// Code is asked for after the password, if there is one. It stands for the one-time
	// code of a token, but is always the same.
	Code secret.Secret
	// Level is the privilege level of an EXEC, 0 to 15.
	Level int
	// AutoCommand runs in place of an EXEC, "" for none. Attributes are further ones of
	// an EXEC: idletime=10.
	AutoCommand string
	Attributes  []string
	// Commands are the command set; the first rule that matches decides. Without rules
	// everything is permitted, with rules nothing else.
	Commands []Rule
	// ChangeFirst makes the user change the password at the first login, ChangeAfter
	// after so many logins with one password; 0 is never. TACACS+ only.
	ChangeFirst bool
	ChangeAfter int
}

// Rule is one rule of a command set. The whole command, with one blank between its
// words, has to match.
type Rule struct {
	Permit  bool
	Command *regexp.Regexp
}

// NewRule makes a rule of a regular expression for a whole command.
func NewRule(permit bool, expression string) (Rule, error) {
	_, err := regexp.Compile(expression) // alone: its brackets must not meet ours
	if err != nil {
		return Rule{}, fmt.Errorf("aaaserver: rule: %w", err)
	}
	whole, err := regexp.Compile(`^(?:` + expression + `)$`)
	if err != nil {
		return Rule{}, fmt.Errorf("aaaserver: rule: %w", err)
	}
	return Rule{permit, whole}, nil
}

// permits reports whether a user may run a command.
func (u *User) permits(command string) bool {
	for _, r := range u.Commands {
		if r.Command.MatchString(command) {
			return r.Permit
		}
	}
	return len(u.Commands) == 0
}

// check reports what cannot be: a level, a type of secret.
func (c *Config) check() error {
	for level, s := range c.Enable {
		if level < 1 || level > 15 {
			return fmt.Errorf("aaaserver: enable level %d, want 1 to 15", level)
		}
		if err := checkSecret(s); err != nil {
			return fmt.Errorf("aaaserver: enable level %d: %w", level, err)
		}
	}
	for name, u := range c.Users {
		if err := u.check(); err != nil {
			return fmt.Errorf("aaaserver: user %q: %w", name, err)
		}
	}
	return c.Fault.check()
}

func (u *User) check() error {
	if u == nil {
		return errors.New("nil")
	}
	if u.Level < 0 || u.Level > 15 {
		return fmt.Errorf("level %d, want 0 to 15", u.Level)
	}
	for _, a := range append([]string{"autocmd=" + u.AutoCommand}, u.Attributes...) {
		if err := checkAttribute(a); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(u.Commands, func(r Rule) bool { return r.Command == nil }) {
		return errors.New("a rule without a command")
	}
	if err := checkSecret(u.Secret); err != nil {
		return err
	}
	if u.Code.IsZero() {
		return nil
	}
	return checkSecret(u.Code)
}

// maxAttribute is what both protocols carry, with the shell: of RADIUS.
const maxAttribute = 240

func checkAttribute(a string) error {
	if len(a) > maxAttribute || !strings.ContainsAny(a, "=*") {
		return fmt.Errorf("attribute %q, want NAME=VALUE or NAME*VALUE of at most %d bytes", a, maxAttribute)
	}
	return nil
}

// checkSecret wants a secret that can be verified and is hashed, or will be.
func checkSecret(s secret.Secret) error {
	if s.IsZero() {
		return errors.New("no secret")
	}
	switch s.Type {
	case 0, 5, 8, 9:
		_, err := secret.Parse(s.Type, s.Text)
		return err
	}
	return fmt.Errorf("secret of type %d, want 0, 5, 8 or 9", s.Type)
}

// stored is the type that clear secrets become.
const stored = 8

// hashed is a secret that is not in clear.
func hashed(s secret.Secret, random io.Reader) (secret.Secret, error) {
	if s.Type != 0 || s.IsZero() {
		return s, nil
	}
	return secret.New(stored, s.Text, random)
}
