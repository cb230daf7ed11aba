package device

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"vtylab/aaa"
	"vtylab/ifs"
	"vtylab/scp"
	"vtylab/ssh"
)

// scpCommand recognises `scp -t …` and `scp -f …` as exec requests.
func scpCommand(s ssh.Session) (scp.Command, bool) {
	if s.Kind() != ssh.Exec {
		return scp.Command{}, false
	}
	c, err := scp.ParseCommand(s.Command())
	return c, err == nil
}

// scp is the SCP server: it refuses, or runs the dialogue on the device's files, and
// returns the exit status.
func (v *vty) scp(s ssh.Session, c scp.Command, grant aaa.Verdict) int {
	d := v.device
	on := d.Settings().SCP
	decision := Decision{Subject: "copy", Who: v.login.User, From: v.line.Peer()}
	switch {
	case grant.Result != aaa.Pass || grant.Privilege() < 15:
		decision.Refused, decision.Reason = true, "privilege level below 15"
		d.decide(decision)
		return v.refuse(s, c, on.Denied)
	case !on.On:
		decision.Refused, decision.Reason, decision.Line = true, "SCP server off", on.Off
		d.decide(decision)
		return v.refuse(s, c, on.Disabled)
	}
	d.decide(decision)
	p := &scp.Peer{In: s, Out: s, Trace: v.trace(), ErrorText: scpError}
	files := scpFiles{d.Files(), new(ifs.Batch), func(text []byte) error { return v.put(s, text) }}
	if _, err := files.resolve(c.Paths[0]); errors.Is(err, ifs.ErrNoDevice) {
		return 1 // without a text: captured on an IOL, which has no flash:
	}
	var err error
	if c.Sink {
		_, err = p.Receive(files, c)
	} else {
		_, err = p.Send(files, c)
	}
	return scp.ExitStatus(err)
}

// refuse ends the dialogue before it begins. A client that gets a file speaks
// first; answering before it has done so loses the text in some of them.
func (v *vty) refuse(s ssh.Session, c scp.Command, text string) int {
	if !c.Sink {
		s.Read(make([]byte, 1))
	}
	scp.Refuse(s, v.trace(), text)
	return 1
}

// trace is `debug ip scp`: it may be switched on while a copy runs.
func (v *vty) trace() *scp.Trace {
	return &scp.Trace{Token: func(t scp.Token) {
		v.device.System.SCPTrace(v.conn, t.Sent, t.String())
	}}
}

// put is a file that arrives for running-config: it is merged on behalf of who
// sent it. What is wrong with it is not shown.
func (v *vty) put(s ssh.Session, text []byte) error {
	x := v.device.unattended(s.Context(), Text, io.Discard)
	x.Origin.Peer = v.conn.Flow.Remote
	x.User = v.login.User
	by := fmt.Sprintf("%s on vty%d (%s)", x.User, v.line.Number, v.line.Peer())
	if err := v.device.merge(x, string(text), "scp", by, func([]string) {}); err != nil {
		return forbidden(err)
	}
	return s.Context().Err()
}

// scpError words an error of the file system for the peer.
func scpError(path string, err error) string {
	return fmt.Sprintf("scp: %s: %s", path, ifs.Reason(err))
}

// scpFiles are the device's files as package scp sees them.
type scpFiles struct {
	set   *ifs.Set
	batch *ifs.Batch              // what was put and is not committed yet
	put   func(text []byte) error // takes what is written to running-config
}

func (f scpFiles) resolve(path string) (ifs.Path, error) {
	if path == "" || path == "." {
		return f.set.Home(), nil
	}
	p, err := f.set.ResolveWord(path, f.set.Home())
	if err == nil && p.Mount.Remote {
		err = ifs.ErrNoDevice
	}
	return p, err
}

// Open finds what the peer wants to get.
func (f scpFiles) Open(path string) (*scp.File, error) {
	p, err := f.resolve(path)
	if err != nil {
		return nil, err
	}
	e, err := p.FS().Stat(p.Name)
	if err != nil {
		return nil, err
	}
	if e.IsDir() {
		return f.directory(p, e)
	}
	r, err := p.FS().Open(p.Name)
	if err != nil {
		return nil, err
	}
	e = r.Stat()
	return &scp.File{FileInfo: info(p.Base(), e), Body: r}, nil
}

func (f scpFiles) directory(p ifs.Path, e ifs.Entry) (*scp.File, error) {
	entries, err := p.FS().ReadDir(p.Name)
	if err != nil {
		return nil, err
	}
	dir := &scp.File{FileInfo: info(p.Base(), e)}
	dir.Dir = true
	base := p.String()
	if p.Name != "" {
		base += "/"
	}
	for _, c := range entries {
		dir.Children = append(dir.Children, base+c.Name)
	}
	return dir, nil
}

// info is an entry as a record tells it; IOS sends every file as 0644.
func info(name string, e ifs.Entry) scp.FileInfo {
	i := scp.FileInfo{Name: name, Mode: 0o644, Size: e.Size, ModTime: e.ModTime, AccessTime: e.ModTime}
	if e.IsDir() {
		i.Mode = 0o755
	}
	return i
}

// Flush waits until everything that was put is committed.
func (f scpFiles) Flush() error { return f.batch.Wait() }

// batched is a file of a put.
type batched struct {
	ifs.Writer
	batch *ifs.Batch
}

// Commit lets the file share its way to the disk with those behind it.
func (w batched) Commit() error { return w.batch.Commit(w.Writer) }

// IsDir reports whether a target is a directory.
func (f scpFiles) IsDir(path string) bool {
	p, err := f.resolve(path)
	if err != nil {
		return false
	}
	e, err := p.FS().Stat(p.Name)
	return err == nil && e.IsDir()
}

// Create begins a file that the peer puts.
func (f scpFiles) Create(path string, _ scp.FileInfo) (scp.Writer, error) {
	p, err := f.resolve(path)
	if err != nil {
		return nil, err
	}
	if p.Own().String() == runningConfig {
		return &putWriter{put: f.put}, nil
	}
	w, err := p.FS().Create(p.Name)
	if err != nil {
		return nil, err
	}
	return batched{w, f.batch}, nil
}

// runningConfig is the path of the running configuration as a file.
const runningConfig = "system:/running-config"

// putWriter collects a configuration and applies it when it has arrived whole.
type putWriter struct {
	text []byte
	put  func([]byte) error
}

// Write collects, up to the size of a start-up configuration.
func (w *putWriter) Write(p []byte) (int, error) {
	if len(w.text)+len(p) > maxStartup {
		return 0, ifs.ErrNoSpace
	}
	w.text = append(w.text, p...)
	return len(p), nil
}

// Commit applies the configuration.
func (w *putWriter) Commit() error { return w.put(w.text) }

// Abort forgets it.
func (w *putWriter) Abort() error {
	w.text = nil
	return nil
}

// Mkdir makes a directory of a recursive put, behind the files before it; one that
// exists will do, a file of that name will not.
func (f scpFiles) Mkdir(path string, _ scp.FileInfo) error {
	p, err := f.resolve(path)
	if err != nil {
		return err
	}
	if err := f.Flush(); err != nil {
		return err
	}
	if err = p.FS().Mkdir(p.Name); !errors.Is(err, fs.ErrExist) {
		return err
	}
	if !f.IsDir(path) {
		return ifs.ErrNotDir
	}
	return nil
}
