package exec

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"time"

	"vtylab/cli"
	"vtylab/ifs"
)

var copyCommands = []Command{
	{Syntax: `copy "Copy from one file to another" [/noconfirm "Suppress confirmation"] {running-config "Copy from current system configuration"
		| startup-config "Copy from startup configuration" | URL "Copy from {} file system"}$from
		{running-config "Update (merge with) current system configuration" | startup-config "Copy to startup configuration" | URL "Copy to {} file system"}$to`, Level: 15, Run: copyFile},
}

// maxConfig bounds a configuration that is read from a file.
const maxConfig = 4 << 20

func copyFile(s *Session, a cli.Args) error {
	return copyBetween(s, a.Get("from"), a.Get("to"), filePrompt(s) == alert && !a.Has("/noconfirm"))
}

// copyBetween copies, and prints why it could not; ask is for what could be
// guessed.
func copyBetween(s *Session, from, to string, ask bool) error {
	c := &copying{s: s, ask: ask}
	err := c.run(from, to)
	var failed *copyError
	if errors.As(err, &failed) {
		s.Println(failed.text)
		return nil
	}
	return err
}

// copying is one `copy`.
type copying struct {
	s   *Session
	ask bool
}

// copyError is a failure as the device words it.
type copyError struct{ text string }

func (e *copyError) Error() string { return e.text }

func failed(what, path string, err error) error {
	return &copyError{"%Error " + what + " " + masked(path) + " (" + ifs.Reason(err) + ")"}
}

func (c *copying) run(from, to string) error {
	src, err := c.source(from)
	if err != nil {
		return err
	}
	dst, err := c.s.Device.Files().ResolveWord(to, c.s.Directory())
	if err != nil {
		return failed("opening", to, err)
	}
	if dst.Mount.Remote {
		return c.toServer(src, dst)
	}
	switch dst.Own().String() {
	case "system:/running-config":
		return c.merge(src)
	case "nvram:/startup-config":
		return c.toStartup(src)
	}
	return c.toFile(src, dst)
}

// source resolves what is copied, and asks for what is missing. Whether there is
// such a file shows behind the questions about the destination.
func (c *copying) source(url string) (ifs.Path, error) {
	p, err := c.s.Device.Files().ResolveWord(url, c.s.Directory())
	if err != nil {
		return p, failed("opening", url, err)
	}
	if p.Mount.Remote {
		return c.fromServer(p)
	}
	switch {
	case p.Name == "" && p.Mount.FS == ifs.Null && !c.ask:
		p.Name = "null" // NAPALM empties a file so
	case p.Name == "":
		p.Name, err = c.fileName("")
	}
	return p, err
}

// fileName asks which file of a place is meant.
func (c *copying) fileName(value string) (string, error) {
	name, err := c.s.Default("Source filename", value)
	if err == nil && name == "" {
		err = &copyError{"%Error parsing filename (No such file or directory)"}
	}
	return name, err
}

// open opens what is copied.
func (c *copying) open(src ifs.Path) (ifs.File, error) {
	if src.Mount.Remote {
		return nil, failed("copying", serverOf(src).String(), ifs.ErrInvalid) // between two servers; from memory
	}
	f, err := src.FS().Open(src.Name)
	if err != nil {
		return nil, failed("opening", src.String(), err)
	}
	return f, nil
}

// text is what is copied, as a configuration.
func (c *copying) text(src ifs.Path) ([]byte, error) {
	if src.Mount.Remote {
		text := limited{left: maxConfig}
		_, err := c.download(src, func(int64) (io.Writer, error) { return &text, nil })
		if errors.Is(err, ifs.ErrTooLarge) {
			err = failed("opening", serverOf(src).String(), err)
		}
		return text.Bytes(), err
	}
	f, err := c.open(src)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Stat().Size > maxConfig {
		return nil, failed("opening", src.String(), ifs.ErrTooLarge)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxConfig))
	if err != nil {
		return nil, failed("opening", src.String(), err)
	}
	return text, nil
}

// question asks for a destination unless prompts are quiet.
func (c *copying) question(value string) (string, error) {
	if !c.ask {
		return value, nil
	}
	return c.s.Default("Destination filename", value)
}

func (c *copying) merge(src ifs.Path) error {
	if _, err := c.question("running-config"); err != nil {
		return err
	}
	start := c.s.Device.Steady()
	text, err := c.text(src)
	if err != nil {
		return err
	}
	if err := c.s.Merge(string(text), masked(src.String())); err != nil {
		return err
	}
	c.copied(int64(len(text)), start)
	return nil
}

func (c *copying) toStartup(src ifs.Path) error {
	name, err := c.question("startup-config")
	if err != nil {
		return err
	}
	if name != "startup-config" {
		return c.write(src, "nvram:"+name)
	}
	if src.String() == "system:/running-config" {
		return save(c.s, nil)
	}
	start := c.s.Device.Steady()
	text, err := c.text(src)
	if err != nil {
		return err
	}
	p, err := c.s.Device.Files().Resolve("nvram:startup-config", c.s.Directory())
	if err == nil {
		err = ifs.WriteFile(p.FS(), p.Name, text)
	}
	if err != nil {
		return failed("writing", "nvram:/startup-config", err)
	}
	c.s.Println("[OK]")
	c.copied(int64(len(text)), start)
	return nil
}

func (c *copying) toFile(src, p ifs.Path) error {
	base := p.Base()
	if e, err := p.FS().Stat(p.Name); p.Name == "" || p.Slash || (err == nil && e.IsDir()) {
		base = c.defaultName(src)
		p.Name = strings.TrimPrefix(p.Name+"/"+base, "/")
	}
	name, err := c.question(base)
	if err != nil {
		return err
	}
	if name != base {
		return c.write(src, joinName(p, base, name))
	}
	return c.write(src, p.String())
}

// joinName is the path of another file name in the same directory.
func joinName(p ifs.Path, base, name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return strings.TrimSuffix(p.String(), base) + name
}

// defaultName is what a copy is called unless the user says otherwise.
func (c *copying) defaultName(src ifs.Path) string {
	if src.String() == "system:/running-config" {
		return strings.ToLower(c.s.Config().Hostname) + "-confg"
	}
	if src.Mount.Remote {
		return serverOf(src).base()
	}
	return src.Base()
}

// write copies into a file, which exists whole or not at all.
func (c *copying) write(src ifs.Path, url string) error {
	dst, err := c.s.Device.Files().Resolve(url, c.s.Directory())
	if err != nil {
		return failed("opening", url, err)
	}
	if dst.Mount.Remote {
		return c.toServer(src, dst)
	}
	if _, err := dst.FS().Stat(dst.Name); err == nil && c.ask && dst.Mount.FS != ifs.Null {
		c.s.Println("%Warning:There is a file already existing with this name")
		if ok, err := c.s.Confirm("Do you want to over write?"); err != nil || !ok {
			return err
		}
	}
	start := c.s.Device.Steady()
	n, err := c.fill(src, dst)
	if err != nil {
		return err
	}
	if src.Mount.FS == dst.Mount.FS {
		c.s.Println("Copy in progress..." + strings.Repeat("C", int(min(n/(64<<10)+1, 2000))))
	}
	c.copied(n, start)
	return nil
}

// fill makes a file the copy of another, or leaves it as it was.
func (c *copying) fill(src, dst ifs.Path) (n int64, err error) {
	if src.Mount.Remote {
		return c.fetch(src, dst)
	}
	r, err := c.open(src)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	w, err := dst.FS().Create(dst.Name)
	if err != nil {
		return 0, failed("opening", dst.String(), err)
	}
	defer w.Abort()
	if n, err = io.Copy(w, r); err == nil {
		err = w.Commit()
	}
	if err != nil {
		return 0, failed("writing", dst.String(), err)
	}
	return n, nil
}

// fetch is fill from a server.
func (c *copying) fetch(src, dst ifs.Path) (int64, error) {
	var w ifs.Writer
	n, err := c.download(src, func(size int64) (_ io.Writer, err error) {
		if i := dst.FS().Info(); i.Sized && size > i.Free {
			return nil, ifs.ErrNoSpace // rather now than after an hour
		}
		w, err = dst.FS().Create(dst.Name)
		return w, err
	})
	if w != nil {
		defer w.Abort()
	}
	if err == nil {
		err = w.Commit()
	}
	var own *ifs.Error
	if errors.As(err, &own) {
		err = failed("writing", dst.String(), err)
	}
	return n, err
}

// limited gathers a text up to a size.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, ifs.ErrTooLarge
	}
	return l.Buffer.Write(p)
}

// copied prints the sum: bytes, seconds with three decimals, and how many bytes
// that makes a second.
func (c *copying) copied(n int64, start time.Time) {
	secs := max(c.s.Device.Steady().Sub(start).Round(time.Millisecond), time.Millisecond)
	c.s.Printf("%d bytes copied in %.3f secs (%d bytes/sec)\n", n, secs.Seconds(), int64(math.Round(float64(n)/secs.Seconds())))
}
