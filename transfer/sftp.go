package transfer

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/pkg/sftp"
)

// getSFTP reads a file through the subsystem sftp of an SSH server.
func getSFTP(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error {
	return j.overSFTP(ctx, func(c *sftp.Client) error {
		f, err := c.Open(j.URL.Path)
		if err != nil {
			return sftpReason(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return sftpReason(err)
		}
		if info.IsDir() {
			return &Error{Reason: reasonDirectory}
		}
		w, err := create(info.Size())
		if err != nil {
			return err
		}
		to := &own{Writer: moved{w, j}}
		if _, err = f.WriteTo(to); to.bad != nil {
			return to.bad
		}
		return sftpReason(err)
	})
}

// putSFTP writes a file.
func putSFTP(ctx context.Context, j *Job, r io.Reader, _ int64) error {
	return j.overSFTP(ctx, func(c *sftp.Client) error {
		f, err := c.OpenFile(j.URL.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return sftpReason(err)
		}
		if _, err = f.ReadFrom(counted{r, j}); err != nil {
			f.Close()
			return sftpReason(err)
		}
		return sftpReason(f.Close())
	})
}

// overSFTP logs in, starts the subsystem and runs a transfer.
func (j *Job) overSFTP(ctx context.Context, run func(*sftp.Client) error) error {
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
	c, err := sftp.NewClientPipe(remote, remote, sftp.UseConcurrentWrites(true))
	if err != nil {
		return broken(ctx, err)
	}
	defer c.Close()
	return broken(ctx, run(c))
}

// own keeps the error of the device's own file.
type own struct {
	io.Writer
	bad error
}

func (o *own) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.bad = err
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
