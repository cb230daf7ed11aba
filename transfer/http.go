package transfer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"vtylab/network"
)

// web is a protocol of web servers. A device without `ip http client secure-trustpoint`
// has nothing to verify the certificate of https with, and takes any.
func web(scheme string, port uint16) Protocol {
	return Protocol{
		Port: port,
		Get: func(ctx context.Context, j *Job, create func(int64) (io.Writer, error)) error {
			return j.overHTTP(ctx, scheme, port, http.MethodGet, nil, -1, func(r *http.Response) error {
				j.begun("")
				w, err := create(r.ContentLength)
				if err != nil {
					return err
				}
				_, err = io.Copy(moved{w, j}, r.Body)
				return err
			})
		},
		Put: func(ctx context.Context, j *Job, r io.Reader, size int64) error {
			return j.overHTTP(ctx, scheme, port, http.MethodPut, &outgoing{Reader: counted{r, j}, left: size, done: make(chan struct{})}, size, func(*http.Response) error { return nil })
		},
	}
}

// overHTTP makes one request. No redirection is followed.
func (j *Job) overHTTP(ctx context.Context, scheme string, port uint16, method string, body *outgoing, size int64, run func(*http.Response) error) error {
	c, socket, err := j.dialWeb(ctx, scheme == "https", j.address(port))
	if err != nil {
		return broken(ctx, &Error{Reason: reasonIO, Err: err})
	}
	conn := &asking{Conn: c, begun: make(chan struct{})}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	dialled := func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	transport := &http.Transport{
		DialContext: dialled, DialTLSContext: dialled,
		DisableCompression: true, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10, ResponseHeaderTimeout: patience,
	}
	defer transport.CloseIdleConnections()
	path, query, _ := strings.Cut(j.URL.Path, "?")
	r := (&http.Request{Method: method, URL: &url.URL{Scheme: scheme, Host: j.hostPort(), Path: "/" + path, RawQuery: query}, Header: http.Header{}}).WithContext(ctx)
	r.Header.Set("User-Agent", "cisco-IOS") // from memory
	if body != nil {
		r.Body, r.ContentLength = body, size
		if size == 0 {
			r.Body, body = http.NoBody, nil
		}
	}
	if j.URL.User != "" {
		r.SetBasicAuth(j.URL.User, j.URL.Password)
	}
	answer, err := transport.RoundTrip(r)
	if err == nil {
		socket.awaits()
		if err = httpReason(answer); err == nil {
			err = run(answer)
		}
		answer.Body.Close()
	} else {
		err = &Error{Reason: reasonIO, Err: err} // captured: also without any answer
	}
	if body != nil {
		conn.Close() // who still writes it ends
		<-body.done
		if err == nil && body.left > 0 {
			err = &Error{Reason: reasonIO, Err: errors.New("transfer: server has not waited for the file")}
		}
	}
	return broken(ctx, err)
}

// outgoing is a file on its way to a web server. The transport reads it on a goroutine of
// its own, until Close at the longest.
type outgoing struct {
	io.Reader
	done chan struct{} // closed by Close
	once sync.Once
	left int64 // bytes that are still to be read; the transport's until done
}

func (o *outgoing) Read(p []byte) (int, error) {
	n, err := o.Reader.Read(p)
	o.left -= int64(n)
	return n, err
}

func (o *outgoing) Close() error {
	o.once.Do(func() { close(o.done) })
	return nil
}

// asking is a connection that is read once something was written: net/http logs what comes
// before its request, on the operator's terminal.
type asking struct {
	net.Conn
	begun chan struct{} // closed by the first Write, or by Close
	once  sync.Once
}

func (a *asking) Read(p []byte) (int, error) { <-a.begun; return a.Conn.Read(p) }

func (a *asking) Write(p []byte) (int, error) { a.begin(); return a.Conn.Write(p) }

func (a *asking) Close() error { defer a.begin(); return a.Conn.Close() }

func (a *asking) begin() { a.once.Do(func() { close(a.begun) }) }

// hostPort is the server as a request names it.
func (j *Job) hostPort() string {
	host := j.URL.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if j.URL.Port != 0 {
		host = fmt.Sprintf("%s:%d", host, j.URL.Port)
	}
	return host
}

// dialWeb connects to the server, and over TLS if that is asked for: c is what a request
// goes through, socket what that goes through.
func (j *Job) dialWeb(ctx context.Context, secure bool, to netip.AddrPort) (c net.Conn, socket *patient, err error) {
	conn, err := j.Network.Dial(ctx, network.Path{Proto: network.TCP, VRF: j.VRF, Source: j.Source, To: to, Timeout: patience})
	if err != nil {
		return nil, nil, err
	}
	socket = &patient{Conn: conn}
	if !secure {
		return socket, socket, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t := tls.Client(socket, &tls.Config{InsecureSkipVerify: true, ServerName: j.URL.Host})
	if err := t.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, nil, err
	}
	return t, socket, nil
}

// httpReason is nil for an answer that is a success (RFC 9110 section 15).
func httpReason(r *http.Response) error {
	e := &Error{Reason: reasonIO, Err: errors.New("transfer: server says " + r.Status)}
	switch r.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusCreated, http.StatusNoContent:
		if r.Request.Method == http.MethodPut {
			return nil
		}
	case http.StatusNotFound, http.StatusGone:
		e.Reason = reasonMissing
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed:
		e.Reason = reasonPermission
	case http.StatusRequestEntityTooLarge, http.StatusInsufficientStorage:
		e.Reason = reasonSpace
	}
	return e
}
