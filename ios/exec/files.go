package exec

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"vtylab/cli"
	"vtylab/ifs"
	"vtylab/tty"
)

var fileCommands = []Command{
	{Syntax: `dir "List files on a filesystem" [/all "List all files" | /recursive "List files recursively"]* [all-filesystems "List files on all filesystems" | PATH$path "Directory or file name"]`, Level: 1, Filter: true, Run: dir},
	{Syntax: `pwd "Display current working directory"`, Level: 1, Run: pwd},
	{Syntax: `cd "Change current directory" [PATH$path "Directory name"]`, Level: 1, Run: cd},
	{Syntax: `more "Display the contents of a file" [/ascii "Display binary files in ascii"] URL$path "File to display"`, Level: 15, Filter: true, Run: more},
	{Syntax: `delete "Delete a file" [/force "Force delete" | /recursive "Recursive delete"]* PATH$path "File to be deleted"`, Level: 15, Run: deleteFile},
	{Syntax: `mkdir "Create new directory" PATH$path "Directory name"`, Level: 15, Run: mkdir},
	{Syntax: `rmdir "Remove existing directory" PATH$path "Directory name"`, Level: 15, Run: rmdir},
	{Syntax: `rename "Rename a file" PATH$from "Source file" PATH$to "Destination file"`, Level: 15, Run: rename},
	{Syntax: `verify "Verify a file" /md5 "Compute an md5 signature for a file" PATH$path "File to be verified" [WORD$hash "md5 value to compare"]`, Level: 15, Run: verifyMD5},
	{Syntax: `verify PATH$path "File to be verified"`, Level: 15, Run: verify},
	{Syntax: `show "Show running system information" file "Show filesystem information" systems "List filesystems"`, Level: 1, Filter: true, Run: showFileSystems},
	{Syntax: `show flash: "display information about flash: file system"`, Level: 1, Filter: true, Run: func(s *Session, _ cli.Args) error { return showFlash(s, "flash:") }},
	{Syntax: `show @show-bootflash`, Level: 1, Filter: true, Run: func(s *Session, _ cli.Args) error { return showFlash(s, "bootflash:") }},
}

// local resolves a name to a file of the device itself.
func local(s *Session, url string) (ifs.Path, error) {
	p, err := s.Device.Files().Resolve(url, s.Directory())
	if err == nil && p.Mount.Remote {
		err = ifs.ErrNoDevice
	}
	return p, err
}

// dir lists a directory, or one file. /all shows the same: deleted files are
// gone on a file system that frees them at once.
func dir(s *Session, a cli.Args) error {
	if !a.Has("all-filesystems") {
		return list(s, a.Get("path"), a.Has("/recursive"))
	}
	for i, prefix := range []string{"system:", s.Release.Files.Flash[0], "nvram:"} {
		if i > 0 {
			s.Println("")
		}
		if err := list(s, prefix, a.Has("/recursive")); err != nil {
			return err
		}
	}
	return nil
}

func list(s *Session, url string, recursive bool) error {
	p := s.Directory()
	if url != "" {
		var err error
		if p, err = local(s, url); errors.Is(err, ifs.ErrNoDevice) {
			return errLastWord
		} else if err != nil {
			s.Println(openError(url, err).Error())
			return nil
		}
	}
	directories, err := listing(p, recursive)
	if err != nil {
		s.Println(openError(p.String(), err).Error())
		return nil
	}
	s.Printf("%s", ifs.Listing(directories, p.FS().Info(), listStyle(s)))
	return nil
}

// listStyle is how the release and the clock of a device lay out a listing.
func listStyle(s *Session) ifs.Style {
	return ifs.Style{SizeWidth: s.Release.Files.SizeWidth, Location: s.Config().Clock.Location()}
}

// listing is a file, a directory, or with recursive a directory and those below
// it, whose titles end in a star then.
func listing(p ifs.Path, recursive bool) ([]ifs.Directory, error) {
	e, err := p.FS().Stat(p.Name)
	if err != nil {
		return nil, err
	}
	if !e.IsDir() {
		return []ifs.Directory{{Title: p.String(), Entries: []ifs.Entry{e}}}, nil
	}
	entries, err := p.FS().ReadDir(p.Name)
	if err != nil || !recursive {
		return []ifs.Directory{{Title: directory(p), Entries: entries}}, err
	}
	all := []ifs.Directory{{Title: directory(p) + "*", Entries: entries}}
	for _, e := range entries {
		if e.IsDir() {
			below, err := listing(child(p, e), true)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
		}
	}
	return all, nil
}

// child is an entry of a directory.
func child(p ifs.Path, e ifs.Entry) ifs.Path {
	p.Name = strings.TrimPrefix(p.Name+"/"+e.Name, "/")
	return p
}

// showFlash is dir, or on routers a table of all there is.
func showFlash(s *Session, prefix string) error {
	layout := s.Release.Files.ShowFlash
	if layout.Heading == "" {
		return list(s, prefix, false)
	}
	root, err := local(s, prefix)
	if err != nil {
		return errLastWord
	}
	top := ""
	if layout.Rooted {
		top = "/" + strings.TrimSuffix(prefix, ":") + "/"
	}
	entries, err := tree(root, top)
	if err != nil {
		s.Println(openError(root.String(), err).Error())
		return nil
	}
	s.Printf("%s", ifs.Table(layout.Heading, entries, root.FS().Info(), listStyle(s)))
	return nil
}

// tree is all that is below a directory, each entry named by its path after top.
func tree(p ifs.Path, top string) ([]ifs.Entry, error) {
	entries, err := p.FS().ReadDir(p.Name)
	if err != nil {
		return nil, err
	}
	var all []ifs.Entry
	for _, e := range entries {
		sub := child(p, e)
		e.Name = top + sub.Name
		all = append(all, e)
		if e.IsDir() {
			below, err := tree(sub, top)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
		}
	}
	return all, nil
}

// directory is the name of a directory, which ends in a slash.
func directory(p ifs.Path) string { return strings.TrimSuffix(p.String(), "/") + "/" }

func pwd(s *Session, _ cli.Args) error {
	s.Println(directory(s.Directory()))
	return nil
}

func cd(s *Session, a cli.Args) error {
	url := a.Get("path")
	if url == "" {
		s.ChangeDirectory(s.Device.Files().Home())
		return nil
	}
	p, err := local(s, url)
	if err == nil {
		var e ifs.Entry
		if e, err = p.FS().Stat(p.Name); err == nil && !e.IsDir() {
			err = ifs.ErrNotDir
		}
	}
	if err != nil {
		s.Printf("%%Error changing directory %s (%s)\n", url, ifs.Reason(err))
		return nil
	}
	s.ChangeDirectory(p)
	return nil
}

// open opens a file of the device, or says why not.
func open(s *Session, url string) (p ifs.Path, f ifs.File, ok bool) {
	p, f, err := s.openURL(url)
	if err != nil {
		s.Println(err.Error())
		return p, nil, false
	}
	return p, f, true
}

// openURL opens a file of the device or, as a copy in memory, of a server. The error is
// what the device says.
func (s *Session) openURL(url string) (ifs.Path, ifs.File, error) {
	p, err := s.Device.Files().Resolve(url, s.Directory())
	if err == nil && p.Mount.Remote {
		f, err := s.fetched(serverOf(p))
		return p, f, err
	}
	if err == nil {
		url = p.String()
		var f ifs.File
		if f, err = p.FS().Open(p.Name); err == nil {
			return p, f, nil
		}
	}
	return p, nil, openError(url, err)
}

// fetched is a file of a server.
func (s *Session) fetched(v server) (ifs.File, error) {
	text := limited{left: maxConfig}
	n, err := s.fromServer(v, func(int64) (io.Writer, error) { return &text, nil })
	if err = remoteError(v, err, n, "reading"); errors.Is(err, ifs.ErrTooLarge) {
		err = openError(v.String(), err)
	}
	if err != nil {
		return nil, err
	}
	return &fetchedFile{&text.Buffer, ifs.Entry{Name: v.base(), Size: n}}, nil
}

// fetchedFile is the content of a file of a server.
type fetchedFile struct {
	*bytes.Buffer
	entry ifs.Entry
}

func (f *fetchedFile) Close() error    { return nil }
func (f *fetchedFile) Stat() ifs.Entry { return f.entry }

func more(s *Session, a cli.Args) error {
	p, f, ok := open(s, a.Get("path"))
	if !ok {
		return nil
	}
	defer f.Close()
	if p.Own().String() == "nvram:/startup-config" {
		s.Printf("Using %d out of %d bytes\n", f.Stat().Size, s.Device.NVRAMSize())
	}
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			if _, stopped := io.WriteString(s, tty.Printable(line)); stopped != nil {
				return stopped
			}
		}
		if err != nil {
			return nil
		}
	}
}

func deleteFile(s *Session, a cli.Args) error {
	url, asks := a.Get("path"), !a.Has("/force")
	p, err := local(s, url)
	if err == nil && asks && filePrompt(s) == alert {
		if url, err = renamed(s, "Delete filename", url); err != nil {
			return err
		}
		p, err = local(s, url)
	}
	if err != nil {
		s.Printf("%%Error deleting %s (%s)\n", masked(url), ifs.Reason(err))
		return nil
	}
	if asks {
		if ok, err := s.Confirm("Delete " + p.String() + "?"); err != nil || !ok {
			return err
		}
	}
	if err := remove(p, a.Has("/recursive")); err != nil {
		s.Printf("%%Error deleting %s (%s)\n", p, ifs.Reason(err))
	}
	return nil
}

// renamed asks which file is meant; what was typed is the default.
func renamed(s *Session, question, url string) (string, error) {
	name := url[strings.Index(url, ":")+1:]
	answer, err := s.Default(question, strings.TrimLeft(name, "/"))
	if err != nil || answer == strings.TrimLeft(name, "/") {
		return url, err
	}
	return strings.TrimSuffix(url, name) + answer, nil
}

// remove deletes a file, or with all a directory and what is in it.
func remove(p ifs.Path, all bool) error {
	err := p.FS().Remove(p.Name)
	if !all || !errors.Is(err, ifs.ErrIsDir) {
		return err
	}
	entries, err := p.FS().ReadDir(p.Name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := remove(child(p, e), true); err != nil {
			return err
		}
	}
	if p.Name == "" {
		return nil // the file system itself stays
	}
	return p.FS().Rmdir(p.Name)
}

func mkdir(s *Session, a cli.Args) error {
	return onPath(s, a, "Create directory filename", "Creating dir", func(p ifs.Path) (string, error) {
		return "Created dir " + p.String(), p.FS().Mkdir(p.Name)
	}, ifs.Path.String)
}

func rmdir(s *Session, a cli.Args) error {
	return onPath(s, a, "Remove directory filename", "Removing dir", func(p ifs.Path) (string, error) {
		if ok, err := s.Confirm("Delete " + slashless(p) + "?"); err != nil || !ok {
			return "", err
		}
		return "Removed dir " + p.String(), p.FS().Rmdir(p.Name)
	}, slashless)
}

// slashless is how rmdir names a directory: bootflash:X, where others have
// bootflash:/X.
func slashless(p ifs.Path) string { return strings.Replace(p.String(), ":/", ":", 1) }

// onPath asks for a name, does something to it and prints how that went.
func onPath(s *Session, a cli.Args, question, doing string, do func(ifs.Path) (string, error), named func(ifs.Path) string) error {
	url := a.Get("path")
	p, err := local(s, url)
	if err == nil && filePrompt(s) == alert {
		if url, err = renamed(s, question, url); err != nil {
			return err
		}
		p, err = local(s, url)
	}
	if err != nil {
		s.Printf("%%Error %s %s (%s)\n", doing, url, ifs.Reason(err))
		return nil
	}
	done, err := do(p)
	var refused *ifs.Error
	switch {
	case errors.As(err, &refused):
		s.Printf("%%Error %s %s (%s)\n", doing, named(p), ifs.Reason(err))
	case err != nil:
		return err
	case done != "":
		s.Println(done)
	}
	return nil
}

func rename(s *Session, a cli.Args) error {
	from, err := local(s, a.Get("from"))
	if err != nil {
		return renameError(s, a.Get("from"), a.Get("to"), err)
	}
	url := a.Get("to")
	to, err := local(s, url)
	if err == nil && filePrompt(s) == alert {
		base := to.Base()
		answer, asked := s.Default("Destination filename", base)
		if asked != nil {
			return asked
		}
		if answer != base {
			if !strings.Contains(answer, ":") {
				answer = strings.TrimSuffix(url, base) + answer
			}
			url = answer
			to, err = local(s, url)
		}
	}
	if err == nil && from.Mount != to.Mount {
		err = ifs.ErrCrossDevice
	}
	if err == nil {
		err = from.FS().Rename(from.Name, to.Name)
	}
	return renameError(s, a.Get("from"), url, err)
}

func renameError(s *Session, from, to string, err error) error {
	if err != nil {
		s.Printf("%%Error renaming %s to %s (%s)\n", from, to, ifs.Reason(err))
	}
	return nil
}

func verifyMD5(s *Session, a cli.Args) error {
	p, f, ok := open(s, a.Get("path"))
	if !ok {
		return nil
	}
	defer f.Close()
	name := masked(p.String())
	h := md5.New()
	if _, err := io.Copy(h, f); err != nil {
		s.Println(openError(name, err).Error())
		return nil
	}
	sum := hex.EncodeToString(h.Sum(nil))
	s.Println("....Done!")
	switch want := a.Get("hash"); {
	case want == "":
		s.Printf("verify /md5 (%s) = %s\n\n", name, sum)
	case strings.EqualFold(want, sum):
		s.Printf("Verified (%s) = %s\n\n", name, sum)
	default:
		s.Printf("%%Error verifying %s\nComputed signature  = %s\nSubmitted signature = %s\n\n", name, sum, want)
	}
	return nil
}

// verify reads a file that an image's signature would be in; no file here has
// one. What it says then is from memory.
func verify(s *Session, a cli.Args) error {
	p, f, ok := open(s, a.Get("path"))
	if !ok {
		return nil
	}
	f.Close()
	name := masked(p.String())
	s.Printf("Verifying file integrity of %s\n%%ERROR: Signature not found in file %s.\n", name, name)
	return nil
}

func showFileSystems(s *Session, _ cli.Args) error {
	s.Printf("%s", ifs.FileSystems(s.Device.Files(), s.Directory()))
	return nil
}

// promptLevel is `file prompt`.
type promptLevel int

const (
	quiet promptLevel = iota
	alert
)

// filePrompt is how much the commands of files ask.
func filePrompt(s *Session) promptLevel {
	if s.Config().Passive.Lines.Has("file prompt quiet") {
		return quiet
	}
	return alert
}
