package ssh2

import (
	"context"
	"net"
	"sync"
	"time"

	"vtylab/ssh"
)

// Client is the client's end of one connection.
type Client struct {
	t       *transport
	cfg     *ClientConfig
	common  Config // cfg.Config with its zero fields filled
	mux     mux
	idents  *ssh.Idents
	started time.Time

	ctx    context.Context
	cancel context.CancelCauseFunc
	reader sync.WaitGroup
	err    error // of the connection; set before reader is done
}

// NewClient makes a client of a dialled connection; Handshake runs it.
func NewClient(conn net.Conn, cfg *ClientConfig) *Client {
	c := &Client{cfg: cfg, common: cfg.Config.withDefaults(), started: time.Now()}
	c.t = newTransport(conn, &c.common, true)
	c.mux.t, c.mux.onOpen = c.t, c.refuse
	c.t.connection = c.mux.message
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	return c
}

// Identified tells, before Handshake, that the identification lines have been
// exchanged already.
func (c *Client) Identified(lines ssh.Idents) { c.idents = &lines }

// Handshake exchanges keys and authenticates; ctx and LoginTimeout bound both.
// After an error the connection is closed. Afterwards a goroutine reads the
// connection until Close.
func (c *Client) Handshake(ctx context.Context) error {
	if d := c.common.LoginTimeout; d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, d, ssh.ErrLoginTimeout)
		defer cancel()
	}
	stop := context.AfterFunc(ctx, c.t.abort)
	err := c.t.reason(c.handshake(ctx))
	if !stop() && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		c.end(err)
		c.reader.Wait()
		c.t.wait()
		return err
	}
	c.t.setPhase(ssh.Connected)
	c.reader.Go(func() { c.end(c.t.reason(c.mux.run())) })
	return nil
}

func (c *Client) handshake(ctx context.Context) error {
	c.t.kex.checkHost = func(algorithm string, blob []byte) error {
		if c.cfg.HostKey == nil {
			return ssh.ErrHostKey
		}
		return c.cfg.HostKey(ctx, algorithm, blob)
	}
	if err := c.t.identify(c.idents); err != nil {
		return err
	}
	c.t.setPhase(ssh.KeyExchange)
	if err := c.t.firstKex(); err != nil {
		return err
	}
	c.t.setPhase(ssh.Authentication)
	return c.authenticate(ctx)
}

// end closes the connection for a reason; the reader calls it last.
func (c *Client) end(err error) {
	if cause := context.Cause(c.ctx); cause != nil {
		err = cause
	} else {
		c.t.fail(err)
	}
	c.err = err
	if c.t.traced() {
		c.t.emit(ssh.Disconnected{Phase: c.t.getPhase(), Err: err})
	}
	c.cancel(err)
	c.t.abort()
	c.mux.finishAll()
}

// Info tells what is known of the connection by now.
func (c *Client) Info() ssh.ConnInfo { return c.t.info(c.cfg.User, c.started) }

// RequestRekey starts a key exchange unless one runs. It does not wait for it.
func (c *Client) RequestRekey() { c.t.requestRekey() }

// Wait returns when the connection has ended, with the reason.
func (c *Client) Wait() error {
	c.reader.Wait()
	return c.err
}

// Close drops the connection and waits for its goroutines.
func (c *Client) Close() error {
	c.cancel(ssh.ErrClosed)
	c.t.abort()
	c.reader.Wait()
	c.mux.finishAll()
	c.t.wait()
	return nil
}

// Disconnect tells the server that the connection ends (RFC 4253 section 11.1),
// then closes it.
func (c *Client) Disconnect() error {
	c.t.farewell(encode(&disconnectMsg{Reason: reasonByApplication}))
	return c.Close()
}

// refuse answers a channel that the server wants to open.
func (c *Client) refuse(m *chanOpenMsg) error {
	return c.t.out.post(encode(&chanFailureMsg{Recipient: m.Sender, Reason: openProhibited}))
}
