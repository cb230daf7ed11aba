package exec

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/ifs"
)

var archiveCommands = []Command{
	{Syntax: `archive "manage archive files" config "Archive the running configuration"`, Level: 15, Run: archiveConfig},
	{Syntax: `show "Show running system information" archive "Archive functions"`, Level: 15, Filter: true, Run: showArchive},
	{Syntax: `show archive config "Archive config commands" differences "Show differences between two config files" [URL$a "First config file" [URL$b "Second config file"]]`,
		Level: 15, Filter: true, Run: showDifferences},
	{Syntax: `show archive config incremental-diffs "Show incremental differences between a config file and running-config" URL$a "Config file" [ignorecase "Ignore the case of the configuration"]`,
		Level: 15, Filter: true, Run: showIncremental},
	{Syntax: `show archive config rollback "Show rollback parameters" timer "Show rollback timer"`, Level: 15, Filter: true, Run: showRollbackTimer},
	{Syntax: `show archive log "Config log" config "Config log" {all "Show all sessions" | statistics "Show config log statistics"}$what`, Level: 15, Filter: true, Run: showConfigLog},
}

const archiveOff = " Archive feature not enabled"

// archiveName is what a copy is called, without a slash that was not typed (captured): the path with $h and $t replaced, the time
// unless $t said where that goes, and its number.
func archiveName(s *Session, stamp string) string {
	name := strings.ReplaceAll(archivePath(s), "$h", s.Config().Hostname)
	if strings.Contains(name, "$t") {
		name = strings.ReplaceAll(name, "$t", stamp)
	} else {
		name += "-" + stamp
	}
	return fmt.Sprintf("%s-%d", name, s.Archives().Next())
}

// archiveStamp is the time in names: Jun--6-10-38-00.741.
func archiveStamp(t time.Time) string {
	return strings.NewReplacer(" ", "-", ":", "-").Replace(t.Format("Jan _2 15:04:05.000"))
}

func archiveConfig(s *Session, _ cli.Args) error {
	if archivePath(s) == "" {
		s.Println(archiveOff, "% Error caught by command handler")
		return nil
	}
	makeArchive(s)
	return nil
}

// archivePath is where copies go, "" for nowhere.
func archivePath(s *Session) string { return strings.TrimSpace(s.Config().Archive.Path) }

// makeArchive saves a copy and returns its name; what is wrong is printed, and ok false.
func makeArchive(s *Session) (name string, ok bool) {
	name = archiveName(s, archiveStamp(s.Device.Local(s.Device.Now())))
	text := []byte("\n" + s.Device.RunningConfig(false))
	p, err := s.Device.Files().Resolve(name, s.Device.Files().Home())
	switch {
	case err == nil && p.Mount.Remote:
		v := serverOf(p)
		var n int64
		n, err = s.toServer(v, bytes.NewReader(text), int64(len(text)))
		err = remoteError(v, err, n, "writing")
	case err == nil:
		if err = ifs.WriteFile(p.FS(), p.Name, text); err != nil {
			err = openError(name, err)
		}
	default:
		err = openError(name, err)
	}
	if err != nil {
		s.Println(err.Error())
		return name, false
	}
	for _, old := range s.Archives().Add(name, s.Config().Archive.Maximum) {
		if p, err := s.Device.Files().Resolve(old, s.Device.Files().Home()); err == nil && !p.Mount.Remote {
			p.FS().Remove(p.Name) // it may be gone already
		}
	}
	return name, true
}

// Follow makes a copy every so many minutes, `time-period`; 0 stops that.
func (a *Archives) Follow(d *device.Device, minutes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if minutes == a.period {
		return
	}
	a.period = minutes
	a.periods++
	a.schedule(d, a.periods, minutes)
}

// schedule waits for the next copy. It is called with mu held.
func (a *Archives) schedule(d *device.Device, generation, minutes int) {
	if minutes == 0 {
		return
	}
	d.After(time.Duration(minutes)*time.Minute, func() {
		a.mu.Lock()
		now := a.periods == generation
		if now {
			a.schedule(d, generation, minutes)
		}
		a.mu.Unlock()
		if now {
			d.Run(context.Background(), "archive config") // what is wrong has no reader
		}
	})
}

func showArchive(s *Session, _ cli.Args) error {
	if archivePath(s) == "" {
		s.Println(archiveOff)
		return nil
	}
	names, limit := s.Archives().Names(), s.Config().Archive.Maximum
	next := archiveName(s, "<timestamp>")
	s.Printf("The maximum archive configurations allowed is %d.\n", limit)
	s.Printf("There are currently %d archive configurations saved.\nThe next archive file will be named %s\n", len(names), masked(next))
	s.Println(yesNo(s.Release.Show.ArchiveIndent, " ", "") + "Archive #  Name")
	for i := range limit {
		row := fmt.Sprintf("   %-8d", i+1)
		if i < len(names) {
			row += " " + masked(names[i])
		}
		if i == len(names)-1 {
			row += " <- Most Recent"
		}
		s.Println(strings.TrimRight(row, " "))
	}
	return nil
}
