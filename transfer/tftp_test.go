package transfer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"vtylab/network"
)

// A dialogue of TFTP: what the server says to each packet of the client, separated by
// commas, and all that it heard, with the time. Silence is "", and a reason that devices
// have no words for "?".
func TestTFTP(t *testing.T) {
	for _, tt := range []struct {
		name   string
		size   int    // that is asked for
		put    string // is sent; "" reads
		says   []string
		heard  string
		file   string
		reason string
	}{
		{"a short file", 0, "", []string{"DATA 1 evil"}, "0s RRQ x octet, 0s ACK 1", "evil", ""},
		{"an empty file", 0, "", []string{"DATA 1"}, "0s RRQ x octet, 0s ACK 1", "", ""},
		{"a block and an empty one", 0, "", []string{"DATA 1 512*x", "DATA 2"}, "0s RRQ x octet, 0s ACK 1, 0s ACK 2", blocks(512), ""},
		{"two blocks", 0, "", []string{"DATA 1 512*x", "DATA 2 1*x"}, "0s RRQ x octet, 0s ACK 1, 0s ACK 2", blocks(513), ""},
		{"a larger block size", 1024, "", []string{"OACK blksize 1024", "DATA 1 1024*x", "DATA 2 1*x"},
			"0s RRQ x octet blksize 1024, 0s ACK 0, 0s ACK 1, 0s ACK 2", blocks(1025), ""},
		{"a smaller one than was asked for", 1024, "", []string{"OACK blksize 600", "DATA 1 600*x", "DATA 2 1*x"},
			"0s RRQ x octet blksize 1024, 0s ACK 0, 0s ACK 1, 0s ACK 2", blocks(601), ""},
		{"a server that knows no options", 1024, "", []string{"DATA 1 512*x", "DATA 2 1*x"},
			"0s RRQ x octet blksize 1024, 0s ACK 1, 0s ACK 2", blocks(513), ""},
		{"a larger one than was asked for", 1024, "", []string{"OACK blksize 1025"},
			"0s RRQ x octet blksize 1024, 0s ERROR 8", "", "?"},
		{"a block that is larger", 0, "", []string{"DATA 1 513*x"}, "0s RRQ x octet, 0s ERROR 4", "", "?"},
		{"no answer", 0, "", nil, "0s RRQ x octet, 5s RRQ x octet, 10s RRQ x octet, 15s RRQ x octet, 20s RRQ x octet", "", "Timed out"},
		{"an answer to the last request", 0, "", []string{"", "", "", "", "DATA 1 evil"},
			"0s RRQ x octet, 5s RRQ x octet, 10s RRQ x octet, 15s RRQ x octet, 20s RRQ x octet, 20s ACK 1", "evil", ""},
		{"an acknowledgment that was lost", 0, "", []string{"DATA 1 512*x", "", "DATA 2 1*x"},
			"0s RRQ x octet, 0s ACK 1, 5s ACK 1, 5s ACK 2", blocks(513), ""},
		{"a block that comes twice", 0, "", []string{"DATA 1 512*x", "DATA 1 512*x, DATA 2 1*x"},
			"0s RRQ x octet, 0s ACK 1, 0s ACK 2", blocks(513), ""},
		{"no file", 0, "", []string{"ERROR 1"}, "0s RRQ x octet", "", "No such file or directory"},
		{"no right", 0, "", []string{"ERROR 2"}, "0s RRQ x octet", "", "Permission denied"},
		{"no space", 0, "abc", []string{"ACK 0", "ERROR 3"}, "0s WRQ x octet, 0s DATA 1 3", "", "No space left on device"},
		{"a text alone", 0, "", []string{"ERROR 0 Permission denied"}, "0s RRQ x octet", "", "Permission denied"},

		{"a short file to it", 0, "abc", []string{"ACK 0", "ACK 1"}, "0s WRQ x octet, 0s DATA 1 3", "", ""},
		{"a block to it", 0, blocks(512), []string{"ACK 0", "ACK 1", "ACK 2"}, "0s WRQ x octet, 0s DATA 1 512, 0s DATA 2 0", "", ""},
		{"a larger block to it", 1024, blocks(1025), []string{"OACK blksize 1024", "ACK 1", "ACK 2"},
			"0s WRQ x octet blksize 1024, 0s DATA 1 1024, 0s DATA 2 1", "", ""},
		{"a block that was lost", 0, "abc", []string{"ACK 0", "", "ACK 1"}, "0s WRQ x octet, 0s DATA 1 3, 5s DATA 1 3", "", ""},
		{"an acknowledgment that comes twice", 0, blocks(513), []string{"ACK 0, ACK 0", "ACK 1, ACK 1", "ACK 2"},
			"0s WRQ x octet, 0s DATA 1 512, 0s DATA 2 1", "", ""},
		{"the end without an answer", 0, "abc", []string{"ACK 0"},
			"0s WRQ x octet, 0s DATA 1 3, 5s DATA 1 3, 10s DATA 1 3, 15s DATA 1 3, 20s DATA 1 3", "", "Timed out"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			within(t, func(p *place) {
				p.job.BlockSize = tt.size
				heard := p.answers(tt.says)
				var file string
				var err error
				if tt.put == "" {
					file, _, err = p.get("tftp:")
				} else {
					err = p.put("tftp:", tt.put)
				}
				time.Sleep(time.Second)
				p.wait()
				if got := strings.Join(*heard, ", "); got != tt.heard {
					t.Errorf("the server has heard\n%s, want\n%s", got, tt.heard)
				}
				if reason, known := Reason(err); reason != strings.Trim(tt.reason, "?") || known == (tt.reason == "?") && err != nil || (err == nil) != (tt.reason == "") {
					t.Errorf("the error is %v, want %q", err, tt.reason)
				}
				if err == nil && file != tt.file {
					t.Errorf("the file has %d bytes, want %d", len(file), len(tt.file))
				}
				if err == nil && p.moved != len(tt.file)+len(tt.put) {
					t.Errorf("%d bytes have moved", p.moved)
				}
				if again := strings.Count(tt.heard, "5s ") + strings.Count(tt.heard, "10s ") + strings.Count(tt.heard, "20s "); tt.reason == "Timed out" && p.missed != 5 || again == 0 && p.missed != 0 {
					t.Errorf("%d answers were missed", p.missed)
				}
			})
		})
	}
}

// blocks is a file of so many bytes.
func blocks(n int) string { return strings.Repeat("x", n) }

// answers serves TFTP: from a port of its own, as RFC 1350 section 4 has it.
func (p *place) answers(says []string) *[]string {
	heard, start := &[]string{}, time.Now()
	var mu sync.Mutex // guards all of this
	var own network.Conn
	take := func(d []byte) {
		mu.Lock()
		defer mu.Unlock()
		*heard = append(*heard, fmt.Sprintf("%v %s", time.Since(start).Round(time.Second), described(d)))
		if len(says) == 0 {
			return
		}
		for word := range strings.SplitSeq(says[0], ", ") {
			if word != "" {
				own.Write(tftpPacket(word))
			}
		}
		says = says[1:]
	}
	p.server.Receive(network.Port{Proto: network.UDP, Number: 69}, func(d network.Datagram) {
		mu.Lock()
		first := own == nil
		if first {
			own, _ = p.server.Dial(p.t.Context(), network.Path{Proto: network.UDP, To: d.Flow.Remote})
		}
		socket := own
		mu.Unlock()
		if first {
			go func() {
				b := make([]byte, 64<<10)
				for n, err := socket.Read(b); err == nil; n, err = socket.Read(b) {
					take(b[:n])
				}
			}()
			time.AfterFunc(time.Minute, func() { socket.Close() })
		}
		take(d.Data)
	})
	return heard
}

var tftpKinds = []string{"", "RRQ", "WRQ", "DATA", "ACK", "ERROR", "OACK"}

// described is a packet of the client in words.
func described(p []byte) string {
	kind, rest := binary.BigEndian.Uint16(p), p[2:]
	switch kind {
	case tftpRead, tftpWrite:
		return tftpKinds[kind] + " " + strings.Join(strings.Split(strings.TrimSuffix(string(rest), "\x00"), "\x00"), " ")
	case tftpData:
		return fmt.Sprintf("DATA %d %d", binary.BigEndian.Uint16(rest), len(rest)-2)
	}
	return fmt.Sprintf("%s %d", tftpKinds[kind], binary.BigEndian.Uint16(rest))
}

// tftpPacket makes a packet of words: DATA 1 512*x.
func tftpPacket(words string) []byte {
	name, rest, _ := strings.Cut(words, " ")
	var p []byte
	for kind, n := range tftpKinds {
		if n == name {
			p = binary.BigEndian.AppendUint16(nil, uint16(kind))
		}
	}
	if name == "OACK" {
		return append(p, strings.ReplaceAll(rest, " ", "\x00")+"\x00"...)
	}
	number, text, _ := strings.Cut(rest, " ")
	var n, times int
	fmt.Sscan(number, &n)
	if k, err := fmt.Sscanf(text, "%d*x", &times); k == 1 && err == nil {
		text = blocks(times)
	}
	return append(binary.BigEndian.AppendUint16(p, uint16(n)), text...)
}

// A user who gives up ends a copy at once, with the cause.
func TestTFTPGivenUp(t *testing.T) {
	within(t, func(p *place) {
		enough := errors.New("enough")
		ctx, cancel := context.WithCancelCause(p.t.Context())
		time.AfterFunc(7*time.Second, func() { cancel(enough) })
		start := time.Now()
		err := Protocols["tftp:"].Get(ctx, p.job, nil)
		if err != enough || time.Since(start) != 7*time.Second {
			t.Errorf("%v after %v, want %v after 7s", err, time.Since(start), enough)
		}
	})
}

// Where there is no way to the server, there are as many dots as for one that is silent.
func TestTFTPNoRoute(t *testing.T) {
	within(t, func(p *place) {
		p.job.Source = "eth9"
		_, _, err := p.get("tftp:")
		if reason, _ := Reason(err); reason != "Timed out" || p.missed != tftpTries {
			t.Errorf("%v, %d answers missed", err, p.missed)
		}
	})
}
