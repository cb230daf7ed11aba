package model

import (
	"slices"

	"vtylab/config"
)

// Security is the `security …` family.
type Security struct {
	MinLength   int // of a new password, 0: any
	FailureRate int // failed logins a minute that are logged, 0: none
	FailureLog  bool
}

var failureRows = []row[Config]{
	{`security "Infra Security CLIs" authentication "Authentication security CLIs" failure "Authentication failure logging" rate "Authentication failure threshold"
	  <2-1024>$rate "Authentication failure threshold rate" [log "Syslog message"]`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			t.Security.FailureRate, _ = c.Args.Int("rate")
			t.Security.FailureLog = c.Args.Has("log")
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error {
			t.Security.FailureRate, t.Security.FailureLog = 0, false
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			if s := t.Security; s.FailureRate != 0 {
				log := ""
				if s.FailureLog {
					log = " log"
				}
				v.Line("%s %d%s", v.Words, s.FailureRate, log)
			}
		},
	}},
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
