package ifs

import (
	"fmt"
	"strings"
	"time"
)

// Style is how a release prints a directory.
type Style struct {
	SizeWidth int            // 12 on classic IOS, 17 on IOS XE; default 12
	Location  *time.Location // default UTC
}

// Directory is one directory of a listing.
type Directory struct {
	Title   string // after "Directory of"
	Entries []Entry
}

// Listing is what `dir` prints, of one directory or of several.
func Listing(directories []Directory, info Info, style Style) string {
	var b strings.Builder
	for _, d := range directories {
		fmt.Fprintf(&b, "Directory of %s\n\n", d.Title)
		for _, e := range d.Entries {
			b.WriteString(style.row(e))
		}
		if len(d.Entries) == 0 {
			b.WriteString("No files in directory\n")
		}
		b.WriteString("\n")
	}
	if info.Sized {
		fmt.Fprintf(&b, "%d bytes total (%d bytes free)\n", info.Total, info.Free)
	} else {
		b.WriteString("No space information available\n")
	}
	return b.String()
}

// Table is what `show flash:` prints on routers: a heading, everything there is
// by its path, numbered, and what is left.
func Table(heading string, entries []Entry, info Info, style Style) string {
	var b strings.Builder
	b.WriteString(heading + "\n")
	for i, e := range entries {
		fmt.Fprintf(&b, "%-3d %10d %s %s\n", i+1, e.Size, style.date(e.ModTime), e.Name)
	}
	fmt.Fprintf(&b, "\n%d bytes available (%d bytes used)\n", info.Free, info.Total-info.Free)
	return b.String()
}

func (s Style) row(e Entry) string {
	if s.SizeWidth == 0 {
		s.SizeWidth = 12
	}
	return fmt.Sprintf("%5d  %s%*d  %27s  %s\n", e.Index, e.Mode, s.SizeWidth, e.Size, s.date(e.ModTime), e.Name)
}

func (s Style) date(t time.Time) string {
	if t.IsZero() {
		return "<no date>"
	}
	if s.Location == nil {
		s.Location = time.UTC
	}
	return t.In(s.Location).Format("Jan 2 2006 15:04:05 -07:00")
}

// FileSystems is what `show file systems` prints; the mount of cwd gets the star.
func FileSystems(s *Set, cwd Path) string {
	var b strings.Builder
	b.WriteString("File Systems:\n\n       Size(b)       Free(b)      Type  Flags  Prefixes\n")
	for _, m := range s.mounts {
		if m.Hidden {
			continue
		}
		star := " "
		if m == cwd.Mount {
			star = "*"
		}
		info := m.info()
		total, free := "-", "-"
		if info.Sized {
			total, free = fmt.Sprint(info.Total), fmt.Sprint(info.Free)
		}
		fmt.Fprintf(&b, "%s%13s%14s%10s%7s   %s\n", star, total, free, info.Type, info.Flags, strings.Join(m.Prefixes, " "))
	}
	return b.String()
}

func (m *Mount) info() Info {
	if m.FS == nil {
		return Info{Type: "network", Flags: "rw"}
	}
	return m.FS.Info()
}
