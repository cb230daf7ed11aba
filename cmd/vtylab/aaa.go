package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/sirupsen/logrus"

	"vtylab/aaa/radius"
	"vtylab/aaaserver"
)

// aaaArgs is `vtylab aaa`.
type aaaArgs struct {
	Serve aaaServeArgs `cmd:"" help:"Be a TACACS+ and RADIUS server for devices, from a file. For practice and tests: it protects nothing."`
}

// aaaServeArgs is `vtylab aaa serve FILE`.
type aaaServeArgs struct {
	File   string   `arg:"" help:"Users, levels, command sets and secrets, in YAML (README, AAA in a box)."`
	TACACS []string `name:"tacacs" help:"Address of TACACS+, or 'none'. Repeatable." default:"127.0.0.1:4949" placeholder:"ADDR,..."`
	RADIUS []string `name:"radius" help:"Address of RADIUS authentication or accounting, or 'none'. Repeatable." default:"127.0.0.1:1812,127.0.0.1:1813" placeholder:"ADDR,..."`
}

// maxConnections is how many connections of TACACS+ there may be at once.
const maxConnections = 256

// Run serves until it is interrupted.
func (a *aaaServeArgs) Run(s *surroundings) error {
	text, err := os.ReadFile(a.File)
	if err != nil {
		return err
	}
	c, err := aaaserver.Load(a.File, text)
	if err != nil {
		return err
	}
	server, err := aaaserver.New(c, aaaserver.Options{Random: rand.Reader, Log: s.stdout})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	x := &aaaHost{Server: server, ctx: ctx, log: s.log, slots: make(chan struct{}, maxConnections)}
	err = errors.Join(x.all(a.TACACS, x.tacacs), x.all(a.RADIUS, x.radius))
	if err == nil {
		<-ctx.Done()
	}
	stop()
	x.close()
	return err
}

// aaaHost is a server on addresses of the host.
type aaaHost struct {
	*aaaserver.Server
	ctx   context.Context
	log   logrus.FieldLogger
	slots chan struct{} // one for each connection
	open  []interface{ Close() error }
	work  sync.WaitGroup
}

// all opens addresses, unless there is to be none.
func (x *aaaHost) all(addresses []string, open func(string) error) error {
	for _, a := range addresses {
		if a == "none" {
			continue
		}
		if err := open(a); err != nil {
			return fmt.Errorf("address %q: %w", a, err)
		}
	}
	return nil
}

// tacacs takes connections.
func (x *aaaHost) tacacs(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	x.open = append(x.open, l)
	x.log.Infof("TACACS+ at %s", l.Addr())
	x.work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // it was closed
			}
			select {
			case x.slots <- struct{}{}:
				x.work.Go(func() {
					defer func() { <-x.slots }()
					if err := x.ServeTACACS(x.ctx, c); err != nil && x.ctx.Err() == nil {
						x.log.Infof("%s: %v", c.RemoteAddr(), err)
					}
				})
			default:
				c.Close()
			}
		}
	})
	return nil
}

// radius answers datagrams.
func (x *aaaHost) radius(address string) error {
	c, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	x.open = append(x.open, c)
	x.log.Infof("RADIUS at %s", c.LocalAddr())
	x.work.Go(func() {
		buffer := make([]byte, radius.MaxPacket)
		for {
			n, from, err := c.ReadFrom(buffer)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			udp, ok := from.(*net.UDPAddr)
			if err != nil || !ok {
				continue
			}
			data := append([]byte(nil), buffer[:n]...)
			select {
			case x.slots <- struct{}{}:
				x.work.Go(func() {
					defer func() { <-x.slots }()
					if reply := x.ReplyRADIUS(x.ctx, udp.AddrPort(), data); reply != nil {
						_, _ = c.WriteTo(reply, from) // what is lost is asked for again
					}
				})
			default: // it is asked for again
			}
		}
	})
	return nil
}

func (x *aaaHost) close() {
	for _, c := range x.open {
		c.Close()
	}
	x.work.Wait()
}
