package model

import (
	"slices"

	"vtylab/config"
)

// Security is the `security …` family.
type Security struct {
	MinLength int // of a new password, 0: any
}

var securityRows = []row[Config]{
	{`security "Infra Security CLIs" passwords "Password security CLIs" min-length "Minimum length of passwords" <0-16>$length "Minimum length of all user/enable passwords"`,
		config.Int(func(c *Config) *int { return &c.Security.MinLength })},
}

// lengthChecked is a setting that refuses a new password that is too short.
func lengthChecked[T any](s config.Setting[T]) config.Setting[T] {
	set := s.Set
	s.Set = func(c *config.Call, t, fresh *T) error {
		if n := root(c).Security.MinLength; tooShort(c, n) {
			return config.Refusal("% Password too short - must be at least " + itoa(n) + " characters. Password configuration failed")
		}
		return set(c, t, fresh)
	}
	return s
}

// allChecked is lengthChecked for rows.
func allChecked(rows []row[Config]) []row[Config] {
	out := slices.Clone(rows)
	for i := range out {
		out[i].Does = lengthChecked(out[i].Does)
	}
	return out
}

// tooShort reports whether a password of less than n characters was given in the
// clear. The text of a configuration holds what was there before the limit.
func tooShort(c *config.Call, n int) bool { return !c.Pasted && 0 < c.Clear && c.Clear < n }
