package transfer

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// ftp is a server of FTP with its answers by verb, and port 2020 for data: what it hears is
// noted.
type ftpServer struct {
	answers map[string]string
	slow    map[string]time.Duration // before an answer
	file    string                   // sent or taken
	heard   []string
}

func (p *place) ftp(x *ftpServer) {
	data := make(chan net.Conn, 1)
	finished := make(chan bool)
	p.serves(2020, func(c net.Conn) { data <- c; <-finished })
	p.serves(21, func(c net.Conn) {
		say := func(verb, usual string) {
			time.Sleep(x.slow[verb])
			if special, ok := x.answers[verb]; ok {
				usual = special
			}
			io.WriteString(c, usual+"\r\n")
		}
		usual := map[string]string{"USER": "331 password", "PASS": "230 in", "TYPE": "200 binary", "SIZE": "213 4", "PASV": "227 (10,0,0,9,7,228)", "RETR": "150 here", "STOR": "150 go", "QUIT": "221 bye"}
		say("", "220 ready")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			x.heard = append(x.heard, lines.Text())
			verb, _, _ := strings.Cut(lines.Text(), " ")
			answer := usual[verb]
			if answer == "" {
				answer = "500 what?"
			}
			say(verb, answer)
			if verb != "RETR" && verb != "STOR" {
				continue
			}
			select {
			case d := <-data:
				if _, refused := x.answers[verb]; !refused && verb == "RETR" {
					io.WriteString(d, x.file)
				} else if !refused {
					text, _ := io.ReadAll(d)
					x.file = string(text)
				}
				d.Close()
				finished <- true
			case <-time.After(time.Second):
			}
			say("226", "226 done")
		}
	})
}

// Dialogues of FTP: what each answer makes of a copy.
func TestFTP(t *testing.T) {
	for _, tt := range []struct {
		name        string
		answers     map[string]string
		slow        map[string]time.Duration
		size        int64
		reads, puts string // why not; "" is success, "?" has no words
	}{
		{"a server without features", nil, nil, 4, "", ""},
		{"nobody asks for a password", map[string]string{"USER": "230 in"}, nil, 4, "", ""},
		{"a server that knows no sizes", map[string]string{"SIZE": "500 what?"}, nil, -1, "", ""},
		{"a wrong password", map[string]string{"PASS": "530 no"}, nil, 0, "Incorrect Login/Password", "Incorrect Login/Password"},
		{"a wrong user", map[string]string{"USER": "530 no"}, nil, 0, "Incorrect Login/Password", "Incorrect Login/Password"},
		{"too many users", map[string]string{"": "421 too many"}, nil, 0, "Undefined error", "Undefined error"},
		{"no file", map[string]string{"RETR": "550 x: No such file", "STOR": "550 x: No such directory"}, nil, 4, "No such file or directory", "No such file or directory"},
		{"no right", map[string]string{"RETR": "550 Permission denied", "STOR": "553 Permission denied"}, nil, 4, "Permission denied", "Permission denied"},
		{"no space in the end", map[string]string{"226": "452 no"}, nil, 4, "No space left on device", "No space left on device"},
		{"an answer after 29 seconds", nil, map[string]time.Duration{"": 29 * time.Second, "PASS": 29 * time.Second, "226": 29 * time.Second}, 4, "", ""},
		{"an answer after 31 seconds", nil, map[string]time.Duration{"PASS": 31 * time.Second}, 0, "Timed out", "Timed out"},
		{"an end after 31 seconds", nil, map[string]time.Duration{"226": 31 * time.Second}, 4, "Timed out", "Timed out"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			compare := func(what string, err error, want string) bool {
				t.Helper()
				reason, known := Reason(err)
				if reason != strings.Trim(want, "?") || (err == nil) != (want == "") || known && want == "?" {
					t.Errorf("%s: %v, want %q", what, err, want)
				}
				return err == nil
			}
			within(t, func(p *place) {
				x := &ftpServer{answers: tt.answers, slow: tt.slow, file: "file"}
				p.ftp(x)
				file, size, err := p.get("ftp:")
				if compare("reading", err, tt.reads) && (file != "file" || size != tt.size || p.moved != 4) {
					t.Errorf("%q of %d bytes, %d moved", file, size, p.moved)
				}
			})
			within(t, func(p *place) {
				x := &ftpServer{answers: tt.answers, slow: tt.slow}
				p.ftp(x)
				if compare("writing", p.put("ftp:", "mine"), tt.puts) && p.wait() && x.file != "mine" {
					t.Errorf("the server has %q", x.file)
				}
			})
		})
	}
}

// What is said to a server, in its order; a path cannot add a line.
func TestFTPDialogue(t *testing.T) {
	within(t, func(p *place) {
		x := &ftpServer{file: "file"}
		p.ftp(x)
		if _, _, err := p.get("ftp:"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		p.wait()
		const want = "USER u|PASS p|FEAT|TYPE I|SIZE x|PASV|RETR x|QUIT"
		if got := strings.Join(x.heard, "|"); got != want {
			t.Errorf("said %s, want %s", got, want)
		}
		x.heard = nil
		p.job.URL.Path = "x\r\nDELE y"
		if _, _, err := p.get("ftp:"); err == nil || p.wait() && len(x.heard) > 0 {
			t.Errorf("a path of two lines: %v, said %q", err, x.heard)
		}
	})
}

// A server that answers PASV with brackets in the wrong order.
func TestSurvived(t *testing.T) {
	within(t, func(p *place) {
		p.ftp(&ftpServer{answers: map[string]string{"PASV": "227 )10,0,0,9,7,228("}})
		if _, _, err := p.get("ftp:"); err == nil || !strings.Contains(err.Error(), "what the server of FTP says") {
			t.Error(err)
		}
	})
}
