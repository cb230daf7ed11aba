package model

import "vtylab/config"

// Archive is `archive`: where copies of the running configuration go, and the log of
// configuration commands.
type Archive struct {
	On          bool // the command was given
	Path        string
	Maximum     int
	WriteMemory bool
	TimePeriod  int // minutes, 0 is never
	LogOn       bool
	Log         ArchiveLog
	Passive     config.PassiveLines
}

// ArchiveLog is `log config`.
type ArchiveLog struct {
	Enable   bool
	Size     int // entries
	HideKeys bool
	Syslog   bool
}

// NewArchive returns the defaults.
func NewArchive() Archive { return Archive{Maximum: 10, Log: ArchiveLog{Size: 100}} }

var archiveRows = []row[Config]{
	{`archive "Archive the configuration"`, config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			t.Archive.On = true
			c.Enter("config-archive", "")
			return nil
		},
		No: func(_ *config.Call, t, fresh *Config) error {
			t.Archive = fresh.Archive
			t.Archive.Passive = fresh.Archive.Passive.Clone()
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			if !t.Archive.On {
				return
			}
			v.Line("archive")
			v.Body("config-archive", &t.Archive)
			v.Line("!")
		},
	}},
}

var archiveMode = &config.Mode[*Config, Archive]{
	Name: "config-archive", Suffix: "config-archive", Heading: "Archive configuration commands:",
	At:    func(c *Config, _ string) []*Archive { return []*Archive{&c.Archive} },
	Fresh: func(bare *Config) *Archive { return &bare.Archive },
	Keeps: func(a *Archive) *config.PassiveLines { return &a.Passive },
	Groups: []config.Group[Archive]{group("config-archive", []row[Archive]{
		{`log "Logging commands" config "Logging changes to the running configuration"`, config.Setting[Archive]{
			Set: func(c *config.Call, a, _ *Archive) error { a.LogOn = true; c.Enter("archive-log", ""); return nil },
			No: func(_ *config.Call, a, fresh *Archive) error {
				a.LogOn, a.Log = false, fresh.Log
				return nil
			},
			Show: func(v *config.View, a, _ *Archive) {
				if a.LogOn {
					v.Line("log config")
					v.Body("archive-log", &a.Log)
				}
			},
		}},
		{`path "path for backups" LINE$path "path for backups"`, config.Text(func(a *Archive) *string { return &a.Path })},
		{`maximum "maximum number of backup copies" <1-14>$n "maximum number of backup copies"`, config.Int(func(a *Archive) *int { return &a.Maximum })},
		{`write-memory "Enable automatic backup generation during write memory"`, config.Flag(func(a *Archive) *bool { return &a.WriteMemory })},
		{`time-period "Period of time in minutes to automatically archive the running-config" <1-525600>$n "Number of minutes"`,
			config.IntOrNone(func(a *Archive) *int { return &a.TimePeriod }, 0)},
	}...)},
}

var archiveLogMode = &config.Mode[*Config, ArchiveLog]{
	Name: "archive-log", Suffix: "config-archive-log-cfg", Heading: "Configuration logger commands:",
	At:    func(c *Config, _ string) []*ArchiveLog { return []*ArchiveLog{&c.Archive.Log} },
	Fresh: func(bare *Config) *ArchiveLog { return &bare.Archive.Log },
	Groups: []config.Group[ArchiveLog]{group("archive-log", []row[ArchiveLog]{
		{`logging "Modify config logging parameters" enable "Enable the config logger"`, config.Flag(func(l *ArchiveLog) *bool { return &l.Enable })},
		{`logging size "Set maximum size of log" <1-1000>$n "Number of commands"`, config.Int(func(l *ArchiveLog) *int { return &l.Size })},
		{`notify "Configure log notification" syslog "Send messages to syslog" [contenttype "Content type" {plaintext "Plain text" | xml "XML"}]`, config.Setting[ArchiveLog]{
			Set: func(_ *config.Call, l, _ *ArchiveLog) error { l.Syslog = true; return nil },
			No:  func(_ *config.Call, l, _ *ArchiveLog) error { l.Syslog = false; return nil },
			Show: func(v *config.View, l, _ *ArchiveLog) {
				if l.Syslog {
					v.Line("notify syslog contenttype plaintext")
				}
			},
		}},
		{`hidekeys "suppress output (e.g. passwords) when displaying logged commands"`, config.Flag(func(l *ArchiveLog) *bool { return &l.HideKeys })},
	}...)},
}
