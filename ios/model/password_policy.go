package model

import (
	"strings"
	"unicode"

	"vtylab/config"
)

// PasswordPolicy is `aaa common-criteria policy`: what a new password of a user must be. The
// word `lifetime` is refused: no password expires here.
type PasswordPolicy struct {
	Name                                   string
	MinLength, MaxLength                   int // characters
	Numeric, Upper, Lower, Special, Change int // how many at least
}

// newPasswordPolicy has the defaults (from memory).
func newPasswordPolicy(name string) PasswordPolicy {
	return PasswordPolicy{Name: name, MinLength: 1, MaxLength: 64, Change: 4}
}

var passwordPolicyRows = []row[Config]{
	{`aaa common-criteria "AAA commands to configure common-criteria parameters" policy "Common-criteria policy name" WORD$policy "Policy name"`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			name := c.Args.Get("policy")
			if !t.Policies.Has(name) {
				t.Policies.Put(name, newPasswordPolicy(name))
			}
			c.Enter(passwordPolicyMode.Name, name)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { t.Policies.Delete(c.Args.Get("policy")); return nil },
		Show: func(v *config.View, t, _ *Config) {
			for p := range t.Policies.All() {
				v.Line("aaa common-criteria policy %s", p.Name)
				v.Body(passwordPolicyMode.Name, p)
				v.Line("!")
			}
		},
	}},
}

var passwordPolicyMode = &config.Mode[*Config, PasswordPolicy]{
	Name: "cc-policy", Suffix: "config-cc-policy", Heading: "Common-criteria policy commands:",
	At: func(c *Config, key string) []*PasswordPolicy {
		if !c.Policies.Has(key) {
			return nil
		}
		return []*PasswordPolicy{c.Policies.Edit(key)}
	},
	Fresh: func(*Config) *PasswordPolicy { p := newPasswordPolicy(""); return &p },
	Groups: []config.Group[PasswordPolicy]{group("cc-policy", []row[PasswordPolicy]{
		{`min-length "Specify the minimum length of the password" <1-127>$n "Minimum length"`, config.Int(func(p *PasswordPolicy) *int { return &p.MinLength })},
		{`max-length "Specify the maximum length of the password" <1-127>$n "Maximum length"`, config.Int(func(p *PasswordPolicy) *int { return &p.MaxLength })},
		{`numeric-count "Number of numeric characters" <0-64>$n "Number of characters"`, config.Int(func(p *PasswordPolicy) *int { return &p.Numeric })},
		{`upper-case "Number of upper-case characters" <0-64>$n "Number of characters"`, config.Int(func(p *PasswordPolicy) *int { return &p.Upper })},
		{`lower-case "Number of lower-case characters" <0-64>$n "Number of characters"`, config.Int(func(p *PasswordPolicy) *int { return &p.Lower })},
		{`special-case "Number of special characters" <0-64>$n "Number of characters"`, config.Int(func(p *PasswordPolicy) *int { return &p.Special })},
		{`char-changes "Number of change characters between old and new passwords" <0-64>$n "Number of characters"`,
			config.Always(config.Int(func(p *PasswordPolicy) *int { return &p.Change }))},
		{`copy "Copy the common criteria policy parameters from an existing policy" WORD$from "Policy name"`, config.Setting[PasswordPolicy]{
			Set: copyPolicy,
			No:  func(*config.Call, *PasswordPolicy, *PasswordPolicy) error { return nil },
		}},
	}...)},
}

func copyPolicy(c *config.Call, p, _ *PasswordPolicy) error {
	from, ok := root(c).Policies.Get(c.Args.Get("from"))
	if !ok {
		return config.Refusal("% Policy " + c.Args.Get("from") + " does not exist") // from memory
	}
	name := p.Name
	*p = *from
	p.Name = name
	return nil
}

// meetsPolicy refuses a password in the clear that the policy of its user does not allow.
// What stands in the text of a configuration was there before the policy.
func meetsPolicy(c *config.Call, password string) error {
	name := c.Args.Get("policy")
	user, known := root(c).Users.Get(c.Args.Get("user"))
	if known && name == "" {
		name = user.Policy
	}
	p, ok := root(c).Policies.Get(name)
	if !ok || c.Pasted {
		return nil
	}
	old := ""
	if known {
		old, _ = user.Stored().Reveal()
	}
	if wrong := p.wrong(old, password); wrong != "" {
		return config.Refusal("% " + wrong + ". Password configuration failed")
	}
	return nil
}

// wrong says what is wrong with a password, "" for nothing; old is "" where it is not known.
// The texts are from memory.
func (p *PasswordPolicy) wrong(old, password string) string {
	if n := len(password); n < p.MinLength || n > p.MaxLength {
		return "Invalid Password length - must contain " + itoa(p.MinLength) + " to " + itoa(p.MaxLength) + " characters"
	}
	for _, kind := range []struct {
		least int
		name  string
		is    func(rune) bool
	}{
		{p.Numeric, "numeric", unicode.IsDigit},
		{p.Upper, "upper-case", unicode.IsUpper},
		{p.Lower, "lower-case", unicode.IsLower},
		{p.Special, "special", func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }},
	} {
		if count(password, kind.is) < kind.least {
			return "Password must contain at least " + itoa(kind.least) + " " + kind.name + " characters"
		}
	}
	if old != "" && changes(old, password) < p.Change {
		return "Password must differ in at least " + itoa(p.Change) + " characters from the old one"
	}
	return ""
}

func count(text string, is func(rune) bool) int {
	return len([]rune(strings.Map(func(r rune) rune {
		if is(r) {
			return r
		}
		return -1
	}, text)))
}

// changes is in how many places two passwords differ.
func changes(a, b string) int {
	n := max(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n--
		}
	}
	return n
}
