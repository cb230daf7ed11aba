package transfer

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"vtylab/network"
)

// Packets of TFTP (RFC 1350 section 5, RFC 2347).
const (
	tftpRead = iota + 1
	tftpWrite
	tftpData
	tftpAck
	tftpError
	tftpOptions
)

// tftpBlock is the size of a block unless the two ends agree on another one; a device
// asks for one only with `ip tftp blocksize`.
const tftpBlock = 512

// A packet is sent again when nothing has come for tftpTimeout, and given up after
// tftpTries (five dots are captured; the time is from memory).
const (
	tftpTimeout = 5 * time.Second
	tftpTries   = 5
)

// tftp is one file on its way.
type tftp struct {
	job   *Job
	conn  network.Conn
	block int    // size, in bytes
	sent  []byte // the packet that an answer is awaited to
	buf   []byte
}

// getTFTP reads a file (RFC 1350). Its size is known where the server tells it.
func getTFTP(ctx context.Context, j *Job, create func(size int64) (io.Writer, error)) error {
	return j.overTFTP(ctx, tftpRead, func(x *tftp, first []byte) error { return x.receive(first, create) })
}

// putTFTP writes a file.
func putTFTP(ctx context.Context, j *Job, r io.Reader, _ int64) error {
	return j.overTFTP(ctx, tftpWrite, func(x *tftp, first []byte) error { return x.send(first, counted{r, j}) })
}

// overTFTP sends a request, and runs the transfer from its first answer on.
func (j *Job) overTFTP(ctx context.Context, request uint16, run func(x *tftp, first []byte) error) error {
	conn, err := j.Network.Dial(ctx, network.Path{Proto: network.UDP, VRF: j.VRF, Source: j.Source, To: j.address(69), AnyPort: true})
	if err != nil {
		for range tftpTries {
			j.missed() // as for a packet without an answer
		}
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	x := &tftp{job: j, conn: conn, block: tftpBlock}
	x.buf = make([]byte, 4+max(tftpBlock, j.BlockSize)+1) // a larger block is noticed
	x.sent = tftpRequest(request, j.URL.Path, j.BlockSize)
	first, err := x.exchange(func(kind, number uint16) bool {
		return kind == tftpOptions || request == tftpRead && kind == tftpData && number == 1 || request == tftpWrite && kind == tftpAck && number == 0
	})
	if err == nil {
		j.begun(conn.Flow().Interface)
		if err = x.agree(first); err != nil {
			x.refuse(8, err) // RFC 2347
		}
	}
	if err == nil {
		err = run(x, first)
	}
	return broken(ctx, err)
}

// tftpRequest is RRQ or WRQ in mode octet, with the option blksize (RFC 2348) for a size.
func tftpRequest(kind uint16, path string, size int) []byte {
	b := binary.BigEndian.AppendUint16(nil, kind)
	b = append(append(b, path...), "\x00octet\x00"...)
	if size > 0 {
		b = append(b, "blksize\x00"+strconv.Itoa(size)+"\x00"...)
	}
	return b
}

// agree takes the options that the server has acknowledged.
func (x *tftp) agree(first []byte) error {
	if binary.BigEndian.Uint16(first) != tftpOptions {
		return nil
	}
	words := bytes.Split(first[2:], []byte{0})
	for i := 0; i+1 < len(words); i += 2 {
		if !bytes.EqualFold(words[i], []byte("blksize")) {
			continue
		}
		n, err := strconv.Atoi(string(words[i+1]))
		if err != nil || n < 8 || n > x.job.BlockSize {
			return fmt.Errorf("transfer: server has chosen the block size %q of at most %d", words[i+1], x.job.BlockSize)
		}
		x.block = n
	}
	return nil
}

// exchange sends what is to be sent until an answer comes that fits. What it returns is
// valid until the next one.
func (x *tftp) exchange(fits func(kind, number uint16) bool) ([]byte, error) {
	for range tftpTries {
		if _, err := x.conn.Write(x.sent); err != nil && !refused(err) {
			return nil, err
		}
		p, err := x.answer(time.Now().Add(tftpTimeout), fits)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return p, err
		}
		x.job.missed()
	}
	return nil, &Error{Reason: reasonTimedOut}
}

// answer waits for a packet that fits; others are left aside, or two ends that both
// repeat themselves would do so for ever.
func (x *tftp) answer(until time.Time, fits func(kind, number uint16) bool) ([]byte, error) {
	if err := x.conn.SetReadDeadline(until); err != nil {
		return nil, err
	}
	for {
		n, err := x.conn.Read(x.buf)
		switch {
		case err != nil:
			return nil, err
		case n < 4:
			continue
		}
		kind, number := binary.BigEndian.Uint16(x.buf), binary.BigEndian.Uint16(x.buf[2:])
		if kind == tftpError {
			return nil, tftpReason(number, x.buf[4:n])
		}
		if fits(kind, number) {
			return x.buf[:n], nil
		}
	}
}

// receive takes blocks until one is not full.
func (x *tftp) receive(p []byte, create func(size int64) (io.Writer, error)) error {
	w, err := create(-1)
	if err != nil {
		x.refuse(3, err)
		return err
	}
	number := uint16(0)
	if binary.BigEndian.Uint16(p) == tftpOptions {
		p = nil // acknowledged as block 0
	}
	for {
		if p != nil {
			number++ // from 65535 to 0, as servers count too
			if len(p)-4 > x.block {
				err := fmt.Errorf("transfer: server sends a block of %d bytes or more, of at most %d", len(p)-4, x.block)
				x.refuse(4, err)
				return err
			}
			if _, err := (moved{w, x.job}).Write(p[4:]); err != nil {
				x.refuse(3, err)
				return err
			}
		}
		x.sent = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, tftpAck), number)
		if p != nil && len(p)-4 < x.block {
			_, _ = x.conn.Write(x.sent) // who does not get it has sent all the same
			return nil
		}
		if p, err = x.exchange(func(kind, n uint16) bool { return kind == tftpData && n == number+1 }); err != nil {
			return err
		}
	}
}

// refuse tells the server why no more is wanted.
func (x *tftp) refuse(code byte, why error) {
	_, _ = x.conn.Write(append([]byte{0, tftpError, 0, code}, why.Error()+"\x00"...)) // it may be gone
}

// send sends blocks, the last of which is not full.
func (x *tftp) send(_ []byte, r io.Reader) error {
	data := make([]byte, x.block)
	for number := uint16(1); ; number++ {
		n, err := io.ReadFull(r, data)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			x.refuse(0, err)
			return err
		}
		x.sent = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, tftpData), number)
		x.sent = append(x.sent, data[:n]...)
		if _, err := x.exchange(func(kind, got uint16) bool { return kind == tftpAck && got == number }); err != nil {
			return err
		}
		if n < x.block {
			return nil
		}
	}
}

// tftpReason is what an ERROR packet says, by its code; servers that have none for it
// say 0 and a text.
func tftpReason(code uint16, text []byte) error {
	said, _, _ := bytes.Cut(text, []byte{0})
	e := &Error{Err: fmt.Errorf("transfer: server says %d %q", code, said)}
	switch code {
	case 1:
		e.Reason = reasonMissing
	case 2:
		e.Reason = reasonPermission
	case 3:
		e.Reason = reasonSpace
	default:
		e.Reason = reasonOf(string(said))
	}
	return e
}
