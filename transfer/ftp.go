package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/textproto"
	"strings"

	"github.com/jlaffaye/ftp"

	"vtylab/network"
)

// maxReplies bounds what a server of FTP may say on its control connection, in bytes.
const maxReplies = 1 << 20

// getFTP reads a file in binary mode over a passive connection (RFC 959).
func getFTP(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error {
	return j.overFTP(ctx, func(c *ftp.ServerConn) error {
		size, err := c.FileSize(j.URL.Path)
		if err != nil {
			size = -1 // not every server tells (RFC 3659)
		}
		var from *ftp.Response
		err = survived(func() (err error) { from, err = c.Retr(j.URL.Path); return err })
		if err != nil {
			return ftpReason(err)
		}
		defer from.Close()
		j.begun("")
		w, err := create(size)
		if err != nil {
			return err
		}
		_, err = io.Copy(moved{w, j}, from)
		return errors.Join(err, ftpReason(from.Close()))
	})
}

// putFTP writes a file.
func putFTP(ctx context.Context, j *Job, r io.Reader, _ int64) error {
	return j.overFTP(ctx, func(c *ftp.ServerConn) error {
		return ftpReason(survived(func() error { return c.Stor(j.URL.Path, counted{r, j}) }))
	})
}

// survived makes an error of a panic: the library takes the answer to PASV apart without
// looking whether its brackets are in order (v0.2.4).
func survived(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("transfer: reading what the server of FTP says: %v", r)
		}
	}()
	return f()
}

// overFTP logs in and runs a transfer.
func (j *Job) overFTP(ctx context.Context, run func(*ftp.ServerConn) error) error {
	if strings.ContainsAny(j.URL.Path, "\r\n\x00") {
		return &Error{Reason: reasonMissing}
	}
	d := &ftpDialer{ctx: ctx, job: j}
	c, err := ftp.Dial(j.address(21).String(), ftp.DialWithContext(ctx),
		ftp.DialWithDialFunc(d.dial), ftp.DialWithDisabledEPSV(j.Server.Is4()), ftp.DialWithDisabledMLSD(true))
	if err != nil {
		return broken(ctx, ftpReason(err))
	}
	defer c.Quit()
	if err = c.Login(j.URL.User, j.URL.Password); err != nil {
		if d.control.lost == nil && !errors.As(err, new(textproto.ProtocolError)) {
			err = &Error{Reason: reasonFTPLogin, Err: err} // what the server has answered
		}
		return broken(ctx, err)
	}
	return broken(ctx, run(c))
}

// ftpDialer makes the control connection and those for data: these go to the server,
// whatever address it names.
type ftpDialer struct {
	ctx     context.Context
	job     *Job
	control *bounded // nil until it has been made
}

func (d *ftpDialer) dial(_, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("transfer: server of FTP names %q: %w", address, err)
	}
	to = netip.AddrPortFrom(d.job.Server, to.Port())
	conn, err := d.job.Network.Dial(d.ctx, network.Path{Proto: network.TCP, VRF: d.job.VRF, Source: d.job.Source, To: to, Timeout: patience})
	if err != nil {
		return nil, err
	}
	context.AfterFunc(d.ctx, func() { conn.Close() })
	impatient := &patient{Conn: conn, reads: true}
	if d.control == nil {
		d.control = &bounded{Conn: impatient, left: maxReplies}
		return d.control, nil
	}
	return impatient, nil
}

// bounded is a connection that says a limited amount.
type bounded struct {
	net.Conn
	left int   // bytes; its one reader's, like lost
	lost error // of the last read
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.lost = fmt.Errorf("transfer: server of FTP says more than %d bytes", maxReplies)
		return 0, b.lost
	}
	var n int
	n, b.lost = b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, b.lost
}

// ftpReason makes an *Error of a reply. 550 is for a file that is missing, and for one
// that may not be read or written: its text tells them apart.
func ftpReason(err error) error {
	var no *textproto.Error
	if !errors.As(err, &no) {
		return err
	}
	reason := reasonOf(no.Msg)
	switch {
	case no.Code == 552 || no.Code == 452:
		reason = reasonSpace
	case no.Code == 550 && reason == reasonUndefined:
		reason = reasonMissing
	}
	return &Error{Reason: reason, Err: err}
}
