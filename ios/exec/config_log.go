package exec

import (
	"fmt"
	"strings"
	"sync"

	"vtylab/cli"
)

// ConfigLog is the log of configuration commands, `archive log config`.
type ConfigLog struct {
	mu      sync.Mutex
	entries []configEntry // oldest first; guarded by mu, like all below
	made    int
	who     string // of the last entry
	session int
}

// configEntry is one command that was given.
type configEntry struct {
	number, session int
	user, command   string
}

// Add notes a command of a user; depth is how many modes lie above it.
func (l *ConfigLog) Add(user, command string, depth, size int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.made++
	if l.session == 0 || user != l.who || depth == 0 {
		l.session++ // a capture counts on with each command of global mode
	}
	l.who = user
	l.entries = append(l.entries, configEntry{l.made, l.session, user, strings.Repeat(" ", depth) + command})
	if n := len(l.entries) - size; n > 0 {
		l.entries = append([]configEntry(nil), l.entries[n:]...)
	}
}

func (l *ConfigLog) all() []configEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]configEntry(nil), l.entries...)
}

func showConfigLog(s *Session, a cli.Args) error {
	if !s.Config().Archive.Log.Enable {
		s.Println("% Config Logger disabled.")
		return nil
	}
	entries := s.ConfigLog().all()
	if a.Has("statistics") {
		configLogStatistics(s, entries)
		return nil
	}
	s.Println(" idx   sess           user@line      Logged command")
	for _, e := range entries {
		s.Printf("%5d %5d %20s  |%s\n", e.number, e.session, e.user, e.command)
	}
	return nil
}

// configLogStatistics is laid out as in the Configuration Change Notification and Logging
// guide; how much memory an entry takes is not known.
func configLogStatistics(s *Session, entries []configEntry) {
	sessions, held := map[int]bool{}, 0
	for _, e := range entries {
		sessions[e.session] = true
		held += len(e.command) + len(e.user) + 100
	}
	const perSession = 3910
	s.Printf("Config Log Session Info:\n"+
		"        Number of sessions being tracked: %d\n        Memory being held: %d bytes\n"+
		"        Total memory allocated for session tracking: %[2]d bytes\n        Total memory freed from session tracking: 0 bytes\n\n"+
		"Config Log log-queue Info:\n"+
		"        Number of entries in the log-queue: %[3]d\n        Memory being held by the log-queue: %[4]d bytes\n"+
		"        Total memory allocated for log entries: %[4]d bytes\n        Total memory freed from log entries: 0 bytes\n",
		len(sessions), perSession*len(sessions), len(entries), held)
}

// LoggedAs is a user on a line as the log has them: `admin@vty0`.
func LoggedAs(user, line string) string {
	if user == "" {
		user = "console"
	}
	return fmt.Sprintf("%s@%s", user, line)
}
