package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pkg/sftp"
)

// getSFTP reads a file through the subsystem sftp of an SSH server.
func getSFTP(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error {
	return j.overSFTP(ctx, func(c *sftp.Client, end func()) error {
		f, err := opened(c.Open(j.URL.Path))
		if err != nil {
			return err
		}
		whole := false
		defer func() {
			if !whole {
				end()
			}
			f.Close()
		}()
		info, err := f.Stat()
		if err != nil {
			return sftpReason(err)
		}
		switch {
		case info.IsDir():
			return &Error{Reason: reasonDirectory}
		case info.Size() < 0: // 64 bits without a sign on the wire
			return &Error{Reason: reasonSpace, Err: errors.New("transfer: server announces more than 2^63 bytes")}
		}
		w, err := create(info.Size())
		if err != nil {
			return err
		}
		to := &own{Writer: moved{w, j}, end: end}
		n, err := f.WriteTo(to)
		switch {
		case to.bad != nil:
			return to.bad
		case err == nil && n < info.Size():
			err = fmt.Errorf("transfer: server sends %d bytes of %d", n, info.Size())
		}
		whole = err == nil
		return sftpReason(err)
	})
}

// putSFTP writes a file.
func putSFTP(ctx context.Context, j *Job, r io.Reader, _ int64) error {
	return j.overSFTP(ctx, func(c *sftp.Client, end func()) error {
		f, err := opened(c.OpenFile(j.URL.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC))
		if err != nil {
			return err
		}
		if _, err = f.ReadFrom(counted{r, j}); err != nil {
			end()
			f.Close()
			return sftpReason(err)
		}
		return sftpReason(f.Close())
	})
}

// opened is a file of the server: one that answers success without a handle has none,
// and no error in the library's eyes (v1.13.12).
func opened(f *sftp.File, err error) (*sftp.File, error) {
	if err == nil && f == nil {
		err = errors.New("transfer: server says that a file is open, and gives no handle")
	}
	return f, sftpReason(err)
}

// overSFTP logs in, starts the subsystem and runs a transfer. End ends the connection, so
// which ends all waiting for the server.
func (j *Job) overSFTP(ctx context.Context, run func(c *sftp.Client, end func()) error) error {
	conn, err := j.login(ctx)
	if err != nil {
		return err
	}
	remote, err := conn.Subsystem(ctx, "sftp")
	if err != nil {
		return err
	}
	drained := make(chan struct{})
	go func() {
		io.Copy(io.Discard, remote.Stderr())
		close(drained)
	}()
	defer func() {
		remote.Close()
		<-drained
	}()
	defer context.AfterFunc(ctx, func() { remote.Close() })()
	c, err := sftp.NewClientPipe(remote, remote, sftp.UseConcurrentWrites(true), sftp.UseFstat(true))
	if err != nil {
		return broken(ctx, err)
	}
	defer c.Close()
	return broken(ctx, run(c, func() { remote.Close() }))
}

// own keeps the error of the device's own file, and ends the connection then: the library
// would wait for what it has asked the server for.
type own struct {
	io.Writer
	bad error
	end func()
}

func (o *own) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.bad = err
		o.end()
	}
	return n, err
}

// sftpReason makes an *Error of a status that the server has answered.
func sftpReason(err error) error {
	var status *sftp.StatusError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrNotExist):
		return &Error{Reason: reasonMissing, Err: err}
	case errors.Is(err, os.ErrPermission):
		return &Error{Reason: reasonPermission, Err: err}
	case errors.As(err, &status):
		return &Error{Reason: reasonOf(status.Error()), Err: err}
	}
	return err
}
