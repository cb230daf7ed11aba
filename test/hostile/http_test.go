package hostile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// web serves HTTP on port 80 and HTTPS on port 443: answer writes what follows a request.
func (s *station) web(answer func(w io.Writer, request string)) {
	serve := func(c net.Conn) {
		r := bufio.NewReader(c)
		var request strings.Builder
		for {
			line, err := r.ReadString('\n')
			request.WriteString(line)
			if err != nil || line == "\r\n" {
				break
			}
		}
		go io.Copy(io.Discard, r) // until the connection ends
		answer(c, request.String())
	}
	s.serves(80, serve)
	s.serves(443, func(c net.Conn) {
		t := tls.Server(c, &tls.Config{Certificates: certificate()})
		defer t.Close()
		serve(t)
	})
}

// early answers before there is a request.
func (s *station) early() {
	answer := func(w io.Writer) { io.WriteString(w, "HTTP/1.1 500 "+steering+"\r\n\r\n"); time.Sleep(time.Second) }
	s.serves(80, func(c net.Conn) { answer(c) })
	s.serves(443, func(c net.Conn) { answer(tls.Server(c, &tls.Config{Certificates: certificate()})) })
}

// certificate is one that nobody has a reason to trust.
func certificate() []tls.Certificate {
	x := httptest.NewUnstartedServer(nil)
	x.StartTLS()
	defer x.Close()
	return x.TLS.Certificates
}

// bomb is a megabyte of zeros, compressed.
func bomb() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(make([]byte, 1<<20))
	w.Close()
	return b.String()
}

// What web servers send in place of a file.
func TestHostileHTTP(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	t.Cleanup(func() {
		log.SetOutput(os.Stderr)
		if logged.Len() > 0 {
			t.Errorf("the operator reads %q", logged.String())
		}
	})
	type answer = func(w io.Writer, request string)
	text := func(s string) answer { return func(w io.Writer, _ string) { io.WriteString(w, s) } }
	waits := func(s string) answer {
		return func(w io.Writer, _ string) {
			io.WriteString(w, s)
			time.Sleep(50 * time.Second)
		}
	}
	forever := func(begin, more string) answer {
		return func(w io.Writer, _ string) {
			io.WriteString(w, begin)
			more := []byte(strings.Repeat(more, 1+10_000/len(more)))
			for n := 0; n < 64<<20; n += len(more) {
				if _, err := w.Write(more); err != nil {
					return
				}
			}
		}
	}
	moved := func(status, to string) answer {
		return text("HTTP/1.1 " + status + " Moved\r\nLocation: " + to + "\r\nContent-Length: 4\r\n\r\nevil")
	}
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, tt := range []struct {
		name, reason string
		answer       answer
	}{
		{"nothing", "I/O error", text("")},
		{"an answer before the request", "I/O error", nil},
		{"silence", "I/O error", waits("")},
		{"control bytes in the status line", "I/O error", text("HTTP/1.1 500 " + steering + "\r\n\r\n")},
		{"a missing file, with control bytes", "No such file or directory", text("HTTP/1.1 404 " + steering + "\r\n\r\n" + steering)},
		{"control bytes alone", "I/O error", text(steering)},
		{"a status line without an end", "I/O error", forever("HTTP/1.1 200 ", "x")},
		{"a huge status", "I/O error", text("HTTP/1.1 99999999999999999999 x\r\n\r\n")},
		{"headers without an end", "I/O error", forever(ok, "X-"+steering[:1]+"a: b\r\n")},
		{"good headers without an end", "I/O error", forever(ok, "X-A: b\r\n")},
		{"a header without an end", "I/O error", forever(ok+"X-A: ", "b")},
		{"100 Continue for ever", "I/O error", forever("", "HTTP/1.1 100 Continue\r\n\r\n")},
		{"early hints for ever", "I/O error", forever("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")},
		{"a redirection to itself", "I/O error", moved("302", "/x")},
		{"a redirection to another host", "I/O error", moved("301", "http://10.0.0.66/x")},
		{"a redirection to another port", "I/O error", moved("307", "http://10.0.0.66:8080/x")},
		{"a redirection to another protocol", "I/O error", moved("308", "ftp://10.0.0.66/x")},
		{"a redirection to a file", "I/O error", moved("302", "file:///etc/passwd")},
		{"a redirection to a file of the device", "I/O error", moved("302", "nvram:startup-config")},
		{"a refresh", "I/O error", text("HTTP/1.1 304 Not Modified\r\nRefresh: 0; url=http://10.0.0.66/\r\n\r\n")},
		{"a part of a file", "I/O error", text("HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\n\r\nevil")},
		{"no content", "I/O error", text("HTTP/1.1 204 No Content\r\n\r\n")},
		{"another protocol", "I/O error", text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nevil")},
		{"less than was announced", "%Error ", text(ok + "Content-Length: 40\r\n\r\nevil")},
		{"less than was announced, then silence", "Timed out", waits(ok + "Content-Length: 40\r\n\r\nevil")},
		{"a huge length", "No space left on device", waits(ok + "Content-Length: 9223372036854775807\r\n\r\nevil")},
		{"a length of more than 64 bits", "I/O error", text(ok + "Content-Length: 99999999999999999999\r\n\r\nevil")},
		{"a negative length", "I/O error", text(ok + "Content-Length: -4\r\n\r\nevil")},
		{"two lengths", "I/O error", text(ok + "Content-Length: 4\r\nContent-Length: 8\r\n\r\nevilevil")},
		{"chunks without an end", "%Error ", text(ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n")},
		{"a huge chunk", "%Error ", text(ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nevil\r\n")},
		{"a chunk that is none", "%Error ", text(ok + "Transfer-Encoding: chunked\r\n\r\n" + steering + "\r\nevil\r\n")},
		{"an encoding that nobody knows", "I/O error", text(ok + "Transfer-Encoding: evil\r\n\r\nevil")},
		{"a body without an end", "No space left on device", forever(ok+"\r\n", "! nothing\n")},
		{"a trailer without an end", "%Error ", forever(ok+"Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n4\r\nevil\r\n0\r\n", "X-A: b\r\n")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				if tt.answer == nil {
					s.early()
				} else {
					s.web(tt.answer)
				}
				for _, scheme := range []string{"http", "https"} {
					out := c.refuses("copy " + scheme + "://u:p@10.0.0.9/x nvram:named")
					if !strings.Contains(out, tt.reason) {
						t.Errorf("%s: not %q:\n%.2000s", scheme, tt.reason, out)
					}
				}
			})
		})
	}
}

// A file is what was sent of it, whatever the server claims about it.
func TestHostileHTTPFiles(t *testing.T) {
	for name, tt := range map[string]struct{ answer, want string }{
		"more than was announced": {"Content-Length: 4\r\n\r\nevil and more", "evil"},
		"a compressed file":       {"Content-Encoding: gzip\r\nContent-Length: " + fmt.Sprint(len(bomb())) + "\r\n\r\n" + bomb(), bomb()},
		"another name":            {"Content-Disposition: attachment; filename=\"nvram:startup-config\"\r\nContent-Length: 4\r\n\r\nevil", "evil"},
		"cookies":                 {"Set-Cookie: a=b\r\nContent-Length: 4\r\n\r\nevil", "evil"},
	} {
		t.Run(name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.web(func(w io.Writer, _ string) { io.WriteString(w, "HTTP/1.1 200 OK\r\n"+tt.answer) })
				before := c.state()
				out := c.enter("copy http://10.0.0.9/x flash:named")
				c.clean(out)
				if got := c.content("flash:named"); got != tt.want {
					t.Errorf("the file is %.100q:\n%s", got, out)
				}
				c.untouched(name, before)
			})
		})
	}
}

// What is kept of a configuration without an end is bounded.
func TestHostileHTTPAmounts(t *testing.T) {
	beside(t, "ios-15.5", func(c *client, s *station) {
		s.web(func(w io.Writer, _ string) {
			io.WriteString(w, "HTTP/1.1 200 OK\r\n\r\n")
			for text := []byte(strings.Repeat("! nothing\n", 1000)); ; {
				if _, err := w.Write(text); err != nil {
					return
				}
			}
		})
		for _, to := range []string{"running-config", "startup-config"} {
			c.refuses("copy http://10.0.0.9/x " + to)
		}
	})
}

// A file that goes to a web server which does not take it.
func TestHostileHTTPTakers(t *testing.T) {
	for name, answer := range map[string]func(c net.Conn){
		"a refusal with control bytes": func(c net.Conn) { io.WriteString(c, "HTTP/1.1 403 "+steering+"\r\n\r\n") },
		"a redirection":                func(c net.Conn) { io.WriteString(c, "HTTP/1.1 307 x\r\nLocation: http://10.0.0.66/\r\n\r\n") },
		"thanks before the file": func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
			time.Sleep(time.Second)
		},
		"a server that reads nothing": func(c net.Conn) { time.Sleep(50 * time.Second) },
		"a server that says nothing":  func(c net.Conn) { io.Copy(io.Discard, c) },
		"a connection that closes":    func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.serves(80, answer)
				c.put("flash:big", strings.Repeat("x", 300_000))
				c.refuses("copy flash:big http://u:p@10.0.0.9/x")
			})
		})
	}
}

// What drips for ever is the user's to give up; so is what does not move.
func TestSlowHTTP(t *testing.T) {
	drip := func(text string) func(io.Writer, string) {
		return func(w io.Writer, _ string) {
			for _, err := io.WriteString(w, "HTTP/1.1 200 OK\r\n"); err == nil; _, err = io.WriteString(w, text) {
				time.Sleep(10 * time.Second)
			}
		}
	}
	for name, serve := range map[string]func(s *station){
		"headers": func(s *station) { s.web(drip("X-A: b\r\n")) },
		"a body":  func(s *station) { s.web(drip("\r\nx")) },
		"silence": func(s *station) { s.web(func(io.Writer, string) { time.Sleep(40 * time.Second) }) },
		"nothing of TLS": func(s *station) {
			for _, port := range []uint16{80, 443} {
				s.serves(port, func(c net.Conn) { io.Copy(io.Discard, c) })
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, key := range []string{"\x03", "\x1e"} {
				for _, scheme := range []string{"http", "https"} {
					beside(t, "ios-15.5", func(c *client, s *station) {
						serve(s)
						c.givesUp("copy "+scheme+"://10.0.0.9/x flash:named", key)
						c.givesUp("copy system:running-config "+scheme+"://10.0.0.9/x", key)
					})
				}
			}
		})
	}
}

// What servers of https say before there is TLS.
func TestHostileTLS(t *testing.T) {
	record := func(kind byte, text string) string {
		return string([]byte{kind, 3, 3, byte(len(text) >> 8), byte(len(text))}) + text
	}
	hello := string([]byte{2, 0xff, 0xff, 0xff}) // a ServerHello of 16 MB
	for name, answer := range map[string]func(c net.Conn){
		"text":                   func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nevil"+steering) },
		"control bytes for ever": func(c net.Conn) { pour(c, steering) },
		"an alert":               func(c net.Conn) { io.WriteString(c, record(21, "\x02\x28")) },
		"warnings for ever":      func(c net.Conn) { pour(c, record(21, "\x01\x00")) },
		"empty records for ever": func(c net.Conn) { pour(c, record(22, "")) },
		"a huge message for ever": func(c net.Conn) {
			io.WriteString(c, record(22, hello))
			pour(c, record(22, strings.Repeat("x", 16<<10)))
		},
		"half a record":  func(c net.Conn) { io.WriteString(c, "\x16\x03\x03\x40\x00x"); time.Sleep(50 * time.Second) },
		"a drip":         func(c net.Conn) { io.WriteString(c, "\x16\x03\x03\x40\x00"); drip(c) },
		"an old version": func(c net.Conn) { io.WriteString(c, record(22, "\x02\x00\x00\x26\x03\x00"+strings.Repeat("x", 36))) },
	} {
		t.Run(name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.serves(443, answer)
				if out := c.refuses("copy https://u:p@10.0.0.9/x flash:named"); !strings.Contains(out, "(I/O error)") {
					t.Error(out)
				}
			})
		})
	}
}

// pour sends a text for ever.
func pour(c net.Conn, text string) {
	for more := []byte(strings.Repeat(text, 1+10_000/len(text))); ; {
		if _, err := c.Write(more); err != nil {
			return
		}
	}
}

// drip sends a byte each ten seconds.
func drip(c net.Conn) {
	for _, err := io.WriteString(c, "x"); err == nil; _, err = io.WriteString(c, "x") {
		time.Sleep(10 * time.Second)
	}
}
