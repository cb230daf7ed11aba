package hostile

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// speaker is a server of FTP (RFC 959) that answers verbs as a test says, and otherwise as
// it should: its one file is `evil`.
type speaker struct {
	answers map[string]string // by verb; "" as a value is silence
	file    string            // that is sent, "" for `evil`
	data    func(net.Conn)    // the data connection; nil sends or takes the file
	kept    strings.Builder   // what was stored; read when the copy is over
	opened  chan net.Conn
	over    <-chan struct{}
}

// ftp serves FTP on port 21, with data on port 2020.
func (s *station) ftp(x *speaker) {
	x.opened, x.over = make(chan net.Conn), s.over
	s.serves(2020, func(c net.Conn) {
		if x.data != nil {
			x.data(c)
			return
		}
		select {
		case x.opened <- c:
			<-x.opened // and done with
		case <-x.over:
		}
	})
	s.serves(21, x.serve)
}

// move serves the data connection that waits.
func (x *speaker) move(f func(net.Conn)) {
	select {
	case c := <-x.opened:
		f(c)
		x.opened <- nil
	case <-x.over:
	}
}

func (x *speaker) serve(c net.Conn) {
	usual := map[string]string{"": "220 ready\r\n", "USER": "331 password\r\n", "PASS": "230 in\r\n", "FEAT": "500 no\r\n", "TYPE": "200 ok\r\n",
		"SIZE": "213 4\r\n", "PASV": "227 (10,0,0,9,7,228)\r\n", "RETR": "150 here\r\n", "STOR": "150 go\r\n", "QUIT": "221 bye\r\n"}
	say := func(verb string) bool {
		text, special := x.answers[verb]
		if !special {
			text = usual[verb]
		}
		_, err := io.WriteString(c, text)
		return err == nil && text != ""
	}
	say("")
	for lines := bufio.NewScanner(c); lines.Scan(); {
		verb, _, _ := strings.Cut(lines.Text(), " ")
		if !say(verb) || x.data != nil {
			continue
		}
		switch verb {
		case "RETR":
			x.move(func(c net.Conn) { io.WriteString(c, cmp.Or(x.file, "evil")) })
			say("226")
		case "STOR":
			x.move(func(c net.Conn) { io.Copy(&x.kept, c) })
			say("226")
		}
	}
}

// What servers of FTP say in place of a file.
func TestHostileFTP(t *testing.T) {
	const done = "226 done\r\n"
	many := strings.Repeat("220-"+steering+"\r\n", 100_000)
	waits := func(c net.Conn) { io.Copy(io.Discard, c) }
	for _, tt := range []struct {
		name string
		speaker
		reason string
	}{
		{"silence", speaker{answers: map[string]string{"": ""}}, "Timed out"},
		{"a greeting without an end", speaker{answers: map[string]string{"": many}}, ""},
		{"a line without an end", speaker{answers: map[string]string{"": "220 " + strings.Repeat(steering, 200_000)}}, ""},
		{"control bytes", speaker{answers: map[string]string{"": "421 " + steering + "\r\n"}}, ""},
		{"control bytes for a user", speaker{answers: map[string]string{"USER": "530 " + steering + "\r\n"}}, "Incorrect Login/Password"},
		{"control bytes for a file", speaker{answers: map[string]string{"RETR": "550 " + steering + "\r\n"}}, "No such file or directory"},
		{"no number", speaker{answers: map[string]string{"USER": steering + "\r\n"}}, ""},
		{"a huge number", speaker{answers: map[string]string{"USER": "99999999999999999999 x\r\n"}}, ""},
		{"a negative number", speaker{answers: map[string]string{"USER": "-31 x\r\n"}}, ""},
		{"silence for a password", speaker{answers: map[string]string{"PASS": ""}}, "Timed out"},
		{"features without an end", speaker{answers: map[string]string{"FEAT": "211-x\r\n" + strings.Repeat(" x"+steering+"\r\n", 200_000)}}, ""},
		{"a huge size", speaker{answers: map[string]string{"SIZE": "213 9223372036854775807\r\n"}}, "No space left on device"},
		{"no port", speaker{answers: map[string]string{"PASV": "227 ()\r\n"}}, ""},
		{"half a port", speaker{answers: map[string]string{"PASV": "227 ),(\r\n"}}, ""},
		{"the end before the beginning", speaker{answers: map[string]string{"PASV": "227 )10,0,0,9,7,228(\r\n"}}, ""},
		{"a huge port", speaker{answers: map[string]string{"PASV": "227 (10,0,0,9,999999999,9)\r\n"}}, ""},
		{"a negative port", speaker{answers: map[string]string{"PASV": "227 (10,0,0,9,-1,-1)\r\n"}}, ""},
		{"a closed port", speaker{answers: map[string]string{"PASV": "227 (10,0,0,9,1,1)\r\n"}}, "Connection refused"},
		{"another host", speaker{answers: map[string]string{"PASV": "227 (10,0,0,66,0,80)\r\n"}}, "Connection refused"},
		{"a name of a host", speaker{answers: map[string]string{"PASV": "227 (" + steering + ",0,0,9,0,1)\r\n"}}, ""},
		{"no data connection's file", speaker{answers: map[string]string{"226": done}, data: waits}, "Timed out"},
		{"data without an end of the transfer", speaker{data: func(c net.Conn) { io.WriteString(c, "evil") }}, "Timed out"},
		{"a transfer that failed", speaker{answers: map[string]string{"226": "426 " + steering + "\r\n"}}, ""},
		{"an end of the connection", speaker{answers: map[string]string{"RETR": "150 here\r\n221 bye\r\n"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.ftp(&tt.speaker)
				for _, to := range []string{"nvram:named", "flash:named"} {
					if out := c.refuses("copy ftp://u:p@10.0.0.9/x " + to); !strings.Contains(out, tt.reason) {
						t.Errorf("to %s: not %q:\n%.2000s", to, tt.reason, out)
					}
				}
			})
		})
	}
}

// A file that goes to a server of FTP which does not take it.
func TestHostileFTPTakers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers map[string]string
		data    func(net.Conn)
	}{
		{"a refusal with control bytes", map[string]string{"STOR": "553 " + steering + "\r\n"}, nil},
		{"silence", map[string]string{"STOR": ""}, nil},
		{"no end of the transfer", nil, nil},
		{"a failure in the end", map[string]string{"226": "552 " + steering + "\r\n"}, nil},
		{"another host", map[string]string{"PASV": "227 (10,0,0,66,0,80)\r\n"}, nil},
		{"a server that reads nothing", nil, func(net.Conn) { time.Sleep(50 * time.Second) }},
		{"a data connection that closes", nil, func(net.Conn) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.ftp(&speaker{answers: tt.answers, data: tt.data})
				c.put("flash:big", strings.Repeat("x", 300_000))
				c.refuses("copy flash:big ftp://u:p@10.0.0.9/x")
			})
		})
	}
}

// Data without an end fills neither the file system nor the memory.
func TestHostileFTPAmounts(t *testing.T) {
	for _, size := range []string{"213 4\r\n", "213 -1\r\n", "213 99999999999999999999\r\n", "550 no\r\n"} {
		beside(t, "ios-15.5", func(c *client, s *station) {
			s.ftp(&speaker{answers: map[string]string{"SIZE": size}, data: func(c net.Conn) {
				for text := []byte(strings.Repeat("! nothing\n", 1000)); ; {
					if _, err := c.Write(text); err != nil {
						return
					}
				}
			}})
			for _, to := range []string{"nvram:named", "running-config", "startup-config"} {
				c.refuses("copy ftp://u:p@10.0.0.9/x " + to)
			}
		})
	}
}

// What drips for ever is the user's to give up.
func TestSlowFTP(t *testing.T) {
	drip := func(c net.Conn, text string) {
		for {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
			time.Sleep(10 * time.Second)
		}
	}
	for name, serve := range map[string]func(s *station){
		"a greeting": func(s *station) { s.serves(21, func(c net.Conn) { drip(c, "220-x\r\n") }) },
		"data":       func(s *station) { s.ftp(&speaker{data: func(c net.Conn) { drip(c, "x") }}) },
		"silence":    func(s *station) { s.serves(21, func(c net.Conn) { io.Copy(io.Discard, c) }) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, key := range []string{"\x03", "\x1e"} {
				beside(t, "ios-15.5", func(c *client, s *station) {
					serve(s)
					c.givesUp("copy ftp://u:p@10.0.0.9/x flash:named", key)
					c.givesUp("copy system:running-config ftp://u:p@10.0.0.9/x", key)
				})
			}
		})
	}
}

// A server that does as it should, among these: the tests above fail for their reasons.
func TestUsualFTP(t *testing.T) {
	beside(t, "ios-15.5", func(c *client, s *station) {
		x := &speaker{answers: map[string]string{"226": "226 done\r\n"}}
		s.ftp(x)
		out := c.enter("copy ftp://u:p@10.0.0.9/x flash:named")
		if got := c.content("flash:named"); got != "evil" {
			t.Errorf("the file is %q:\n%s", got, out)
		}
		out = c.enter("copy system:running-config ftp://u:p@10.0.0.9/x")
		if !strings.Contains(out, fmt.Sprintf("%d bytes copied", x.kept.Len())) || !strings.Contains(x.kept.String(), "hostname R1") {
			t.Errorf("the server has %q:\n%s", x.kept.String(), out)
		}
	})
}
