package exec

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/ifs"
)

var archiveCommands = []Command{
	{Syntax: `archive "manage archive files" config "Archive the running configuration"`, Level: 15, Run: archiveConfig},
	{Syntax: `show "Show running system information" archive "Archive functions"`, Level: 15, Filter: true, Run: showArchive},
}

// archive is what the configuration says of archiving.
type archive struct {
	path    string // "" is none
	limit   int
	onWrite bool // every write memory makes a copy
}

func archiving(s *Session) archive {
	a := archive{limit: 10}
	b := s.Config().Passive.Block("archive")
	if b == nil {
		return a
	}
	path, _ := b.Lines.Value("path")
	a.onWrite = b.Lines.Has("write-memory")
	a.path, _, _ = strings.Cut(path, " ")
	if limit, ok := b.Lines.Value("maximum"); ok {
		a.limit, _ = strconv.Atoi(limit)
	}
	return a
}

const archiveOff = " Archive feature not enabled"

// name is what a copy is called: the path with $h and $t replaced, the time
// unless $t said where that goes, and its number.
func (a archive) name(s *Session, stamp string) string {
	name := strings.ReplaceAll(a.path, "$h", s.Config().Hostname)
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
	a := archiving(s)
	if a.path == "" {
		s.Println(archiveOff, "% Error caught by command handler")
		return nil
	}
	makeArchive(s, a)
	return nil
}

func makeArchive(s *Session, a archive) {
	name := a.name(s, archiveStamp(s.Device.Local(s.Device.Now())))
	text := []byte("\n" + s.Device.RunningConfig(false))
	p, err := s.Device.Files().Resolve(name, s.Device.Files().Home())
	switch {
	case err == nil && p.Mount.Remote:
		v := serverOf(p)
		var n int64
		n, err = s.toServer(v, bytes.NewReader(text), int64(len(text)))
		err = remoteError(v, err, n, "writing")
	case err == nil:
		name = p.String()
		if err = ifs.WriteFile(p.FS(), p.Name, text); err != nil {
			err = openError(name, err)
		}
	default:
		err = openError(name, err)
	}
	if err != nil {
		s.Println(err.Error())
		return
	}
	for _, old := range s.Archives().Add(name, a.limit) {
		if p, err := s.Device.Files().Resolve(old, s.Device.Files().Home()); err == nil && !p.Mount.Remote {
			p.FS().Remove(p.Name) // somebody else may have
		}
	}
}

func showArchive(s *Session, _ cli.Args) error {
	a := archiving(s)
	if a.path == "" {
		s.Println(archiveOff)
		return nil
	}
	names := s.Archives().Names()
	next := a.name(s, "<timestamp>")
	if p, err := s.Device.Files().Resolve(a.path, s.Device.Files().Home()); err == nil && !p.Mount.Remote {
		next = strings.Replace(next, a.path[:len(a.path)-len(p.Name)], p.Prefix+"/", 1)
	}
	s.Printf("The maximum archive configurations allowed is %d.\n", a.limit)
	s.Printf("There are currently %d archive configurations saved.\nThe next archive file will be named %s\n", len(names), masked(next))
	s.Println(yesNo(s.Release.Show.ArchiveIndent, " ", "") + "Archive #  Name")
	for i := range a.limit {
		row := fmt.Sprintf("   %-8d", i+1)
		if i < len(names) {
			row += " " + names[i]
		}
		if i == len(names)-1 {
			row += " <- Most Recent"
		}
		s.Println(strings.TrimRight(row, " "))
	}
	return nil
}
