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
	"time"

	"vtylab/network"
)

// httpTimeout is how long a device waits for an answer of a web server (from memory).
const httpTimeout = 30 * time.Second

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
			return j.overHTTP(ctx, scheme, port, http.MethodPut, io.NopCloser(counted{r, j}), size, func(*http.Response) error { return nil })
		},
	}
}

// overHTTP makes one request. No redirection is followed.
func (j *Job) overHTTP(ctx context.Context, scheme string, port uint16, method string, body io.ReadCloser, size int64, run func(*http.Response) error) error {
	transport := &http.Transport{
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return j.dialTCP(ctx, j.address(port)) },
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true, ServerName: j.URL.Host},
		DisableCompression: true, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
		ResponseHeaderTimeout: httpTimeout, TLSHandshakeTimeout: httpTimeout,
	}
	defer transport.CloseIdleConnections()
	path, query, _ := strings.Cut(j.URL.Path, "?")
	r := (&http.Request{Method: method, URL: &url.URL{Scheme: scheme, Host: j.hostPort(), Path: "/" + path, RawQuery: query}, Header: http.Header{}}).WithContext(ctx)
	r.Header.Set("User-Agent", "cisco-IOS") // from memory
	if body != nil {
		r.Body, r.ContentLength = body, size
		if size == 0 {
			r.Body = http.NoBody
		}
	}
	if j.URL.User != "" {
		r.SetBasicAuth(j.URL.User, j.URL.Password)
	}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return broken(ctx, &Error{Reason: reasonIO, Err: err}) // captured: also where nobody answers
	}
	defer answer.Body.Close()
	if err := httpReason(answer); err != nil {
		return err
	}
	return broken(ctx, run(answer))
}

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

// dialTCP connects to the server.
func (j *Job) dialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	c, err := j.Network.Dial(ctx, network.Path{Proto: network.TCP, VRF: j.VRF, Source: j.Source, To: to, Timeout: httpTimeout})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// httpReason is nil for an answer that is a success (RFC 9110 section 15).
func httpReason(r *http.Response) error {
	e := &Error{Reason: reasonIO, Err: errors.New("transfer: server says " + r.Status)}
	switch r.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		return nil
	case http.StatusNotFound, http.StatusGone:
		e.Reason = reasonMissing
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed:
		e.Reason = reasonPermission
	case http.StatusRequestEntityTooLarge, http.StatusInsufficientStorage:
		e.Reason = reasonSpace
	}
	return e
}
