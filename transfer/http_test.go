package transfer

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// web answers each request with a text, and keeps what it was asked.
func (p *place) web(answer string) (asked *http.Request, body *string) {
	asked, body = new(http.Request), new(string)
	p.serves(80, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		text, _ := io.ReadAll(r.Body)
		*asked, *body = *r, string(text)
		io.WriteString(c, answer)
	})
	return asked, body
}

// Answers of web servers, for a file that is read and one that is written.
func TestHTTP(t *testing.T) {
	for _, tt := range []struct {
		answer      string
		file        string // that is read
		size        int64  // that is announced
		reads, puts string // why not; "" is success
	}{
		{"200 OK\r\nContent-Length: 4\r\n\r\nfile", "file", 4, "", ""},
		{"200 OK\r\n\r\nfile", "file", -1, "", ""},
		{"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfile\r\n0\r\n\r\n", "file", -1, "", ""},
		{"200 OK\r\nContent-Length: 0\r\n\r\n", "", 0, "", ""},
		{"201 Created\r\nContent-Length: 0\r\n\r\n", "", 0, "I/O error", ""},
		{"204 No Content\r\n\r\n", "", 0, "I/O error", ""},
		{"206 Partial Content\r\nContent-Length: 4\r\n\r\nfile", "", 0, "I/O error", "I/O error"},
		{"301 Moved\r\nLocation: http://10.0.0.9/y\r\n\r\n", "", 0, "I/O error", "I/O error"},
		{"401 Unauthorized\r\n\r\n", "", 0, "Permission denied", "Permission denied"},
		{"403 Forbidden\r\n\r\n", "", 0, "Permission denied", "Permission denied"},
		{"404 Not Found\r\n\r\n", "", 0, "No such file or directory", "No such file or directory"},
		{"405 Method Not Allowed\r\n\r\n", "", 0, "Permission denied", "Permission denied"},
		{"410 Gone\r\n\r\n", "", 0, "No such file or directory", "No such file or directory"},
		{"413 Too Large\r\n\r\n", "", 0, "No space left on device", "No space left on device"},
		{"507 Insufficient Storage\r\n\r\n", "", 0, "No space left on device", "No space left on device"},
		{"500 Error\r\n\r\n", "", 0, "I/O error", "I/O error"},
		{"", "", 0, "I/O error", "I/O error"},
	} {
		within(t, func(p *place) {
			_, body := p.web(strings.TrimSuffix("HTTP/1.1 "+tt.answer, "HTTP/1.1 "))
			file, size, err := p.get("http:")
			if reason, _ := Reason(err); reason != tt.reads || (err == nil) != (tt.reads == "") || err == nil && (file != tt.file || size != tt.size) {
				t.Errorf("%q: %q of %d bytes, %v; want %q of %d, %q", tt.answer, file, size, err, tt.file, tt.size, tt.reads)
			}
			err = p.put("http:", "what is sent")
			if reason, _ := Reason(err); reason != tt.puts || (err == nil) != (tt.puts == "") || p.wait() && *body != "what is sent" {
				t.Errorf("%q: %q has arrived, %v; want %q", tt.answer, *body, err, tt.puts)
			}
		})
	}
}

// What is asked for.
func TestHTTPRequest(t *testing.T) {
	for _, tt := range []struct {
		url        URL
		line, host string
		user       string
	}{
		{URL{Host: "server", Path: "x"}, "/x", "server", ""},
		{URL{Host: "server", Path: "a/b c"}, "/a/b%20c", "server", ""},
		{URL{Host: "server", Path: "x?a=b"}, "/x?a=b", "server", ""},
		{URL{Host: "server", Path: "x\r\nX-A: b"}, "/x%0D%0AX-A:%20b", "server", ""},
		{URL{Host: "10.0.0.9", Port: 80, Path: "x", User: "u", Password: "p"}, "/x", "10.0.0.9:80", "u"},
	} {
		within(t, func(p *place) {
			asked, _ := p.web("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			p.job.URL = tt.url
			if _, _, err := p.get("http:"); err != nil {
				t.Errorf("%v: %v", tt.url, err)
			}
			p.wait()
			user, _, _ := asked.BasicAuth()
			if asked.Method != "GET" || asked.RequestURI != tt.line || asked.Host != tt.host || user != tt.user || asked.Header.Get("User-Agent") != "cisco-IOS" {
				t.Errorf("%v asks for %q of %q as %q, want %q of %q as %q", tt.url, asked.RequestURI, asked.Host, user, tt.line, tt.host, tt.user)
			}
		})
	}
}

// An empty file, and a server that is slow but comes within the time.
func TestHTTPEdges(t *testing.T) {
	within(t, func(p *place) {
		asked, _ := p.web("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
		if err := p.put("http:", ""); err != nil || p.wait() && asked.Method != "PUT" || asked.ContentLength != 0 {
			t.Errorf("an empty file: %v, %s of %d bytes", err, asked.Method, asked.ContentLength)
		}
	})
	for wait, ok := range map[time.Duration]bool{29 * time.Second: true, 31 * time.Second: false} {
		within(t, func(p *place) {
			p.serves(80, func(c net.Conn) {
				time.Sleep(wait)
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
				time.Sleep(wait)
				io.WriteString(c, "file")
			})
			if _, _, err := p.get("http:"); (err == nil) != ok {
				t.Errorf("an answer after %v, a file after as much: %v", wait, err)
			}
		})
	}
}
