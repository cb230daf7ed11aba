package model

import (
	"strings"

	"vtylab/config"
)

// Service is the `service …` family.
type Service struct {
	PasswordEncryption bool
	SequenceNumbers    bool
	PromptConfig       bool
	Linenumber         bool
	StampDebug         Stamp
	StampLog           Stamp
}

// Stamp is how messages are dated: `service timestamps`.
type Stamp struct {
	Uptime, Datetime            bool // neither: no time stamp
	Msec, LocalTime, Zone, Year bool
}

// NewService returns the defaults: no stamps, the prompt shown everywhere.
func NewService() Service { return Service{PromptConfig: true} }

var serviceRows = []row[Config]{
	{`service "Modify use of network based services" timestamps "Timestamp debug/log messages"
	  debug "Timestamp debug messages"` + stampGrammar, stamp("debug", func(c *Config) *Stamp { return &c.Service.StampDebug })},
	{`service timestamps log "Timestamp log messages"` + stampGrammar,
		stamp("log", func(c *Config) *Stamp { return &c.Service.StampLog })},
	{`service timestamps`, bothStamps},
	{`service password-encryption "Encrypt system passwords"`, passwordEncryption},
	{`service sequence-numbers "Stamp logger messages with a sequence number"`,
		config.Flag(func(c *Config) *bool { return &c.Service.SequenceNumbers })},
	{`service linenumber "enable line number banner for each exec"`,
		config.Flag(func(c *Config) *bool { return &c.Service.Linenumber })},
	{`service prompt "Enable mode specific prompt" config "Display a configuration mode prompt"`,
		config.Flag(func(c *Config) *bool { return &c.Service.PromptConfig })},
}

const stampGrammar = ` [datetime "Timestamp with date and time"
	  [localtime "Use local time zone for timestamps" | msec "Include milliseconds in timestamp" |
	   show-timezone "Add time zone information to timestamp" | year "Include year in timestamp"]*
	 | uptime "Timestamp with system uptime"]`

func stamp(which string, field func(*Config) *Stamp) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			a := c.Args
			*field(t) = Stamp{Uptime: !a.Has("datetime"), Datetime: a.Has("datetime"), Msec: a.Has("msec"),
				LocalTime: a.Has("localtime"), Zone: a.Has("show-timezone"), Year: a.Has("year")}
			return nil
		},
		No:    func(_ *config.Call, t, _ *Config) error { *field(t) = Stamp{}; return nil },
		Reset: func(_ *config.Call, t, fresh *Config) error { *field(t) = *field(fresh); return nil },
		Show: func(v *config.View, t, _ *Config) {
			if s := *field(t); s.Uptime || s.Datetime {
				v.Line("service timestamps %s %s", which, s)
			} else {
				v.Line("no service timestamps %s", which)
			}
		},
	}
}

// bothStamps is `service timestamps` for debug and log messages at once.
var bothStamps = func() config.Setting[Config] {
	set := func(on Stamp) func(*config.Call, *Config, *Config) error {
		return func(_ *config.Call, t, _ *Config) error {
			t.Service.StampDebug, t.Service.StampLog = on, on
			return nil
		}
	}
	return config.Setting[Config]{Set: set(Stamp{Uptime: true}), No: set(Stamp{}), Reset: func(_ *config.Call, t, fresh *Config) error {
		t.Service.StampDebug, t.Service.StampLog = fresh.Service.StampDebug, fresh.Service.StampLog
		return nil
	}}
}()

// String is the stamp as configuration words.
func (s Stamp) String() string {
	if s.Uptime {
		return "uptime"
	}
	words := []string{"datetime"}
	for _, w := range []struct {
		on   bool
		word string
	}{{s.Msec, "msec"}, {s.LocalTime, "localtime"}, {s.Zone, "show-timezone"}, {s.Year, "year"}} {
		if w.on {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, " ")
}

// passwordEncryption turns every stored clear-text password and key into type 7 when
// it is switched on; switching it off decrypts nothing.
var passwordEncryption = func() config.Setting[Config] {
	s := config.Flag(func(c *Config) *bool { return &c.Service.PasswordEncryption })
	show := s.Show
	s.Show = func(v *config.View, t, fresh *Config) {
		loud := *v
		loud.All = v.All || !t.Release.Traits.SilentEncryption
		show(&loud, t, fresh)
	}
	s.Set = func(c *config.Call, t, _ *Config) error {
		t.Service.PasswordEncryption = true
		t.Passive.EncryptKeys(c.Rand)
		return t.encryptPasswords(c.Rand)
	}
	return s
}()
