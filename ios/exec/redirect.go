package exec

import (
	"errors"
	"fmt"
	"io"

	"vtylab/cli"
	"vtylab/ifs"
)

// maxAppend bounds a file that output is appended to.
const maxAppend = 16 << 20

// redirect makes the writer of `| redirect`, `| append` and `| tee`.
func (s *Session) redirect(word string, a cli.Args, next io.Writer) (io.WriteCloser, error) {
	url := a.Get("url")
	p, err := s.Device.Files().Resolve(url, s.Directory())
	if err == nil && p.Mount.Remote {
		return s.redirectToServer(serverOf(p), word, a, next)
	}
	if err == nil && p.FS().Info().Type == "opaque" && p.FS() != ifs.Null {
		err = ifs.ErrPermission // system: is no place for output
	}
	if err != nil {
		return nil, openError(url, err)
	}
	var old []byte
	if word == "append" || a.Has("/append") {
		old, err = ifs.ReadFile(p.FS(), p.Name, maxAppend)
		if err != nil && !errors.Is(err, ifs.ErrNotExist) {
			return nil, openError(p.String(), err)
		}
	}
	w, err := p.FS().Create(p.Name)
	if err != nil {
		return nil, openError(p.String(), err)
	}
	f := &fileOutput{w: w, path: p.String()}
	f.Write(old) // what goes wrong shows in Close
	if word == "tee" {
		f.copy = next
	}
	return f, nil
}

// redirectToServer gathers the output and copies it when it is complete: a server wants
// to know how long a file is. Adding to one is not for servers (from memory).
func (s *Session) redirectToServer(v server, word string, a cli.Args, next io.Writer) (io.WriteCloser, error) {
	if word == "append" || a.Has("/append") {
		return nil, openError(v.String(), ifs.ErrInvalid)
	}
	o := &serverOutput{s: s, to: v, text: limited{left: maxAppend}}
	if word == "tee" {
		o.copy = next
	}
	return o, nil
}

// serverOutput is command output for a server.
type serverOutput struct {
	s    *Session
	to   server
	text limited
	copy io.Writer
	err  error
}

func (o *serverOutput) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.text.Write(p)
	}
	if o.copy != nil {
		return o.copy.Write(p)
	}
	return len(p), nil
}

// Close copies the output.
func (o *serverOutput) Close() error {
	if o.err != nil {
		return openError(o.to.String(), o.err)
	}
	n, err := o.s.toServer(o.to, &o.text, int64(o.text.Len()))
	return remoteError(o.to, err, n, "writing")
}

// openError is how a device reports a file that it cannot open.
func openError(path string, err error) error {
	return fmt.Errorf("%%Error opening %s (%s)", masked(path), ifs.Reason(err))
}

// masked is a URL as messages print it.
func masked(url string) string { return cli.MaskURLs(url) }

// fileOutput writes command output to a file, and on to the screen for tee.
type fileOutput struct {
	w    ifs.Writer
	path string
	copy io.Writer
	err  error
}

func (f *fileOutput) Write(p []byte) (int, error) {
	if f.err == nil {
		_, f.err = f.w.Write(p)
	}
	if f.copy != nil {
		return f.copy.Write(p)
	}
	return len(p), nil
}

// Close makes the file visible, unless it could not be written whole.
func (f *fileOutput) Close() error {
	defer f.w.Abort()
	if f.err == nil {
		f.err = f.w.Commit()
	}
	if f.err != nil {
		return fmt.Errorf("%%Error writing %s (%s)", f.path, ifs.Reason(f.err))
	}
	return nil
}
