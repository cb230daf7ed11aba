package hostile

import (
	"io"
	"strings"
	"testing"
	"time"
)

// What servers of TFTP send in place of a file (RFC 1350, RFC 2347).
func TestHostileTFTP(t *testing.T) {
	full := strings.Repeat("x", 512)
	forever := func(packet func(n int) bool) {
		for n := 0; packet(n); n++ {
			time.Sleep(10 * time.Millisecond)
		}
	}
	for _, tt := range []struct {
		name, more string
		serve      func(x *socket)
		reason     string
	}{
		{"nothing", "", func(*socket) {}, "Timed out"},
		{"an error with control bytes", "", func(x *socket) { x.send(5, "\x00\x00"+steering+"\x00") }, "Undefined error"},
		{"an error without an end", "", func(x *socket) { x.send(5, "\x00\x00"+strings.Repeat(steering, 1000)) }, "Undefined error"},
		{"half an error", "", func(x *socket) { x.send(5, "\x00\x01") }, "No such file or directory"},
		{"an unknown error", "", func(x *socket) { x.send(5, "\xff\xffno\x00") }, "Undefined error"},
		{"a packet of one byte", "", func(x *socket) { io.WriteString(x, "\x00") }, "Timed out"},
		{"an empty packet", "", func(x *socket) { x.Write(nil) }, "Timed out"},
		{"an unknown packet", "", func(x *socket) { x.send(99, full) }, "Timed out"},
		{"a request", "", func(x *socket) { x.send(1, "startup-config\x00octet\x00") }, "Timed out"},
		{"block 2 first", "", func(x *socket) { x.data(2, "evil") }, "Timed out"},
		{"block 0 first", "", func(x *socket) { x.data(0, "evil") }, "Timed out"},
		{"block 1 for ever", "", func(x *socket) { forever(func(int) bool { return x.data(1, full) }) }, "Timed out"},
		{"wrong blocks for ever", "", func(x *socket) {
			x.data(1, full)
			forever(func(n int) bool { return x.data(n+3, full) })
		}, "Timed out"},
		{"acknowledgments for ever", "", func(x *socket) { forever(func(n int) bool { return x.send(4, "\x00\x01") }) }, "Timed out"},
		{"options for ever", "", func(x *socket) { forever(func(int) bool { return x.send(6, "tsize\x0010\x00") }) }, "Timed out"},
		{"options for ever, that were asked for", "ip tftp blocksize 1024", func(x *socket) { forever(func(int) bool { return x.send(6, "blksize\x001024\x00") }) }, "Timed out"},
		{"a block size that nobody asked for", "", func(x *socket) { x.send(6, "blksize\x0065464\x00") }, "Undefined error"},
		{"a larger block size", "ip tftp blocksize 1024", func(x *socket) { x.send(6, "blksize\x0065464\x00") }, "Undefined error"},
		{"a huge block size", "ip tftp blocksize 1024", func(x *socket) { x.send(6, "blksize\x0099999999999999999999\x00") }, "Undefined error"},
		{"a negative block size", "ip tftp blocksize 1024", func(x *socket) { x.send(6, "blksize\x00-1\x00") }, "Undefined error"},
		{"a block size of nothing", "ip tftp blocksize 1024", func(x *socket) { x.send(6, "blksize\x000\x00") }, "Undefined error"},
		{"options without an end", "ip tftp blocksize 1024", func(x *socket) { x.send(6, strings.Repeat("blksize", 9000)) }, "Timed out"},
		{"blocks larger than agreed", "ip tftp blocksize 8192", func(x *socket) { x.data(1, strings.Repeat("x", 4000)) }, "Undefined error"},
		{"blocks larger than any", "", func(x *socket) { x.data(1, strings.Repeat("x", 60_000)) }, "Undefined error"},
		{"half a file", "", func(x *socket) { x.data(1, full) }, "Timed out"},
		{"an error after half a file", "", func(x *socket) {
			x.data(1, full)
			x.next()
			x.send(5, "\x00\x00"+steering+"\x00")
		}, "Undefined error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				c.configure(tt.more)
				s.asked(tt.serve)
				for _, to := range []string{"flash:named", "running-config", "startup-config"} {
					out := c.refuses("copy tftp://10.0.0.9/x " + to)
					if !strings.Contains(out, "("+tt.reason+")") {
						t.Errorf("to %s: not %q:\n%s", to, tt.reason, out)
					}
				}
			})
		})
	}
}

// Duplicates, and packets of others, change nothing of a file that comes.
func TestHostileTFTPNoise(t *testing.T) {
	full := strings.Repeat("x", 512)
	for _, tt := range []struct {
		name string
		more func(x *socket)
	}{
		{"every packet twice", func(*socket) {}},
		{"another port", func(x *socket) {
			other := x.station.socket(x.to)
			other.data(1, "evil")
			other.data(2, "evil")
			other.send(5, "\x00\x00"+steering+"\x00")
		}},
		{"blocks of long ago and of the future", func(x *socket) {
			x.data(0, "evil")
			x.data(3, "evil")
			x.data(65535, "evil")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.asked(func(x *socket) {
					for n, text := range []string{1: full, 2: "end\n"} {
						if n == 0 {
							continue
						}
						x.data(n, text)
						tt.more(x)
						x.data(n, text)
						x.next()
					}
				})
				out := c.enter("copy tftp://10.0.0.9/x flash:named")
				c.clean(out)
				if got := c.content("flash:named"); got != full+"end\n" {
					t.Errorf("the file is %q:\n%s", got, out)
				}
			})
		})
	}
}

// A file without an end fills neither the file system nor the memory.
func TestHostileTFTPAmounts(t *testing.T) {
	beside(t, "ios-15.5", func(c *client, s *station) {
		s.asked(func(x *socket) {
			for n := 1; ; n++ {
				x.data(n, strings.Repeat("! nothing\n", 51)+"\n\n")
				if p := x.next(); !strings.HasPrefix(p, "\x00\x04") {
					return
				}
			}
		})
		for to, reason := range map[string]string{"nvram:named": "No space left on device", "running-config": "File too large", "startup-config": ""} {
			if out := c.refuses("copy tftp://10.0.0.9/x " + to); !strings.Contains(out, reason) {
				t.Errorf("to %s: %s", to, out)
			}
		}
	})
}

// What a server of TFTP does with a file that it is to take.
func TestHostileTFTPTakers(t *testing.T) {
	for _, tt := range []struct {
		name  string
		serve func(x *socket)
	}{
		{"nothing", func(*socket) {}},
		{"an error with control bytes", func(x *socket) { x.send(5, "\x00\x02"+steering+"\x00") }},
		{"the wrong acknowledgment", func(x *socket) { x.send(4, "\x00\x09") }},
		{"an acknowledgment for ever", func(x *socket) {
			for x.send(4, "\x00\x00") {
				time.Sleep(10 * time.Millisecond)
			}
		}},
		{"a file of its own", func(x *socket) { x.data(1, "evil") }},
		{"a block size that nobody asked for", func(x *socket) { x.send(6, "blksize\x0065464\x00") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.asked(tt.serve)
				c.refuses("copy system:running-config tftp://10.0.0.9/x")
			})
		})
	}
}

// A copy over TFTP that goes on for ever, slowly, is the user's to give up.
func TestSlowTFTP(t *testing.T) {
	for _, key := range []string{"\x03", "\x1e"} {
		beside(t, "ios-15.5", func(c *client, s *station) {
			s.asked(func(x *socket) {
				for n := 1; ; n++ {
					x.data(n, strings.Repeat("x", 512))
					if p := x.next(); !strings.HasPrefix(p, "\x00\x04") {
						return
					}
					time.Sleep(4 * time.Second)
				}
			})
			c.givesUp("copy tftp://10.0.0.9/x flash:named", key)
			c.givesUp("copy tftp://10.0.0.9/x null:", key)
		})
	}
}
