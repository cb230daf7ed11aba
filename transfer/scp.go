package transfer

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"vtylab/scp"
	"vtylab/ssh"
	"vtylab/sshclient"
)

// passwordTries is how often a copy asks for a password (three, as `ssh` does).
const passwordTries = 3

// getSCP runs `scp -f` on the server.
func getSCP(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error {
	return j.overSCP(ctx, false, func(p *scp.Peer, path string) error {
		sink := &oneFile{job: j, create: create}
		_, err := p.Receive(sink, scp.Command{Paths: []string{path}})
		if err == nil && !sink.whole {
			err = &Error{Reason: reasonMissing}
		}
		return sink.reason(err)
	})
}

// putSCP runs `scp -t` on the server.
func putSCP(ctx context.Context, j *Job, r io.Reader, size int64) error {
	return j.overSCP(ctx, true, func(p *scp.Peer, path string) error {
		_, err := p.Send(source{j, r, size}, scp.Command{Paths: []string{path}})
		return err
	})
}

// overSCP logs in, runs scp on the server and the dialogue with it.
func (j *Job) overSCP(ctx context.Context, sink bool, dialogue func(*scp.Peer, string) error) error {
	conn, err := j.login(ctx)
	if err != nil {
		return err
	}
	command := scp.Command{Sink: sink, Verbose: true, Paths: []string{j.URL.Path}}
	remote, err := conn.Exec(ctx, command.String())
	if err != nil {
		return err
	}
	defer remote.Close()
	defer context.AfterFunc(ctx, func() { remote.Close() })()
	said := j.listen(remote.Stderr())
	err = dialogue(&scp.Peer{In: remote, Out: remote}, j.URL.Path)
	if err == nil && sink {
		remote.CloseWrite() // the server has the file when its scp has ended
	}
	var status int
	if err == nil {
		if status, err = remote.Wait(); err == nil && status != 0 {
			err = &Error{Reason: reasonUndefined}
		}
		if errors.Is(err, errNoStatus) {
			err = nil // some servers tell none; the dialogue was in order
		}
	}
	remote.Close()
	return broken(ctx, scpReason(err, <-said))
}

// login connects, with the password of the URL or those that the user gives.
func (j *Job) login(ctx context.Context) (*sshclient.Connection, error) {
	given := map[string]bool{} // by method: its prompt, near enough
	return j.Client.Dial(ctx, sshclient.Request{
		User: j.URL.User, Name: j.URL.Host, To: j.address(22), VRF: j.VRF, Tries: passwordTries,
		Answer: func(ctx context.Context, before string, p ssh.Prompt) (string, error) {
			if j.URL.Password != "" && !given[p.Text] {
				given[p.Text] = true
				return j.URL.Password, nil
			}
			if j.Ask == nil || j.URL.Password != "" {
				return "", ssh.ErrAuthFailed
			}
			return j.Ask(ctx, before, p)
		},
	})
}

// Bounds on what a server's scp says beside the dialogue.
const (
	maxNotes = 64
	maxNote  = 512 // bytes
)

// listen passes on the lines that a device shows of what the server's scp says (`Sink:
// C0644 639 test1.txt`, `Sending file modes: …`), and returns the last other one: why
// there is no dialogue.
func (j *Job) listen(r io.Reader) <-chan string {
	last := make(chan string, 1)
	go func() {
		complaint, notes := "", 0
		lines := bufio.NewScanner(io.LimitReader(r, maxNotes*maxNote))
		for lines.Scan() {
			text := visible(lines.Text())
			shown := strings.HasPrefix(text, "Sink: ") || strings.HasPrefix(text, "Sending file modes: ")
			switch {
			case !shown && text != "":
				complaint = text
			case shown && j.Note != nil && notes < maxNotes:
				notes++
				j.Note(text)
			}
		}
		io.Copy(io.Discard, r)
		last <- complaint
	}()
	return last
}

// visible is a line of a server without what could steer a terminal.
func visible(text string) string {
	text = text[:min(len(text), maxNote)]
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r <= 0x9f {
			return -1
		}
		return r
	}, text)
}

// source is the one file that is sent.
type source struct {
	job  *Job
	r    io.Reader
	size int64
}

// Open is the file, by the name that it gets there. IOS sends every file as 0644.
func (s source) Open(path string) (*scp.File, error) {
	name := path[strings.LastIndexAny(path, "/:")+1:]
	if name == "" {
		name = path
	}
	return &scp.File{FileInfo: scp.FileInfo{Name: name, Mode: 0o644, Size: s.size}, Body: io.NopCloser(counted{s.r, s.job})}, nil
}

// oneFile is the one file that is received, whatever the server calls it.
type oneFile struct {
	job    *Job
	create func(size int64) (io.Writer, error)
	begun  bool
	whole  bool
	bad    error // of the device's own file
}

// IsDir is never: the name of the file is the user's, not the server's.
func (f *oneFile) IsDir(string) bool { return false }

// Mkdir is refused.
func (f *oneFile) Mkdir(string, scp.FileInfo) error { return errOneFile }

var errOneFile = errors.New("transfer: the server sends more than one file")

// Create begins the file.
func (f *oneFile) Create(_ string, i scp.FileInfo) (scp.Writer, error) {
	if f.begun {
		return nil, errOneFile
	}
	f.begun = true
	w, err := f.create(i.Size)
	if err != nil {
		f.bad = err
		return nil, err
	}
	return &arriving{moved{w, f.job}, f}, nil
}

// reason is why the file did not arrive: the device's own trouble before the server's.
func (f *oneFile) reason(err error) error {
	if f.bad != nil {
		return f.bad
	}
	return err
}

// arriving is the content on its way in.
type arriving struct {
	io.Writer
	file *oneFile
}

func (a *arriving) Write(p []byte) (int, error) {
	n, err := a.Writer.Write(p)
	if err != nil {
		a.file.bad = err
	}
	return n, err
}

// Commit notes that the file is whole; the caller of Get makes it visible.
func (a *arriving) Commit() error { a.file.whole = true; return nil }

// Abort notes that it is not.
func (a *arriving) Abort() error { a.file.whole = false; return nil }
