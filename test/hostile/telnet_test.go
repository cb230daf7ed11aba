package hostile

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/tty"
)

const telnetOn = "line vty 0 4\n transport input telnet\nline aux 0\n transport input telnet\n"

// drain reads what a router sends until its end.
func drain(c net.Conn) <-chan string {
	all := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(c)
		all <- string(text)
	}()
	return all
}

// What a stranger can do on a Telnet port: the line is free again after the time for a
// question, and the router asks no one for more than a few bytes of memory.
func TestTelnetStrangers(t *testing.T) {
	for _, c := range []struct{ why, begin, again string }{
		{"says nothing", "", ""},
		{"a subnegotiation without an end", "\xff\xfa\x1f", strings.Repeat("x", 4000)},
		{"a flood of IAC", "", strings.Repeat("\xff\xf1", 2000)},
		{"a flood of options", "", strings.Repeat("\xff\xfb\x26\xff\xfd\x27", 700)},
		{"a name without an end", "", strings.Repeat("x", 4000)},
		{"half a window, over and over", "", strings.Repeat("\xff\xfa\x1f\x00\x50\xff\xf0", 500)},
	} {
		t.Run(c.why, func(t *testing.T) {
			devicetest.InBubble(t, "ios-15.5", telnetOn, func(t *testing.T, r *devicetest.Bubble) {
				for _, port := range []uint16{23, 2001} {
					conn, err := r.ConnectTo("10.0.0.66", port)
					if err != nil {
						t.Fatal(err)
					}
					over := drain(conn)
					go func() {
						io.WriteString(conn, c.begin)
						for range 200 {
							if _, err := io.WriteString(conn, c.again); err != nil || c.again == "" {
								return
							}
							time.Sleep(100 * time.Millisecond)
						}
					}()
					time.Sleep(40 * time.Second)
					synctest.Wait()
					if port == 23 && r.Device.FindLine(tty.VTY, 0).Busy() {
						t.Errorf("the line is taken after 40 s")
					}
					conn.Close()
					<-over
				}
			})
		})
	}
}

// Clients that vanish wherever a session can be: no line stays taken.
func TestTelnetVanishing(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", telnetOn, func(t *testing.T, r *devicetest.Bubble) {
		for _, typed := range []string{"", "cisco", "cisco\r", "cisco\rcisco\r", "cisco\rcisco\rshow running-config\r", "cisco\rcisco\rconfigure terminal\rbanner motd #\r",
			"cisco\rcisco\rcopy running-config flash:x\r", "cisco\rcisco\rping 10.9.9.9\r", "cisco\rcisco\rping 10.9.9.9 repeat 2147483647 timeout 3600\r", "cisco\rcisco\rtelnet 10.9.9.9\r", "cisco\rcisco\rreload in 5\r"} {
			for _, reset := range []bool{false, true} {
				conn, err := r.ConnectTo("10.0.0.66", 23)
				if err != nil {
					t.Fatal(err)
				}
				io.WriteString(conn, typed)
				time.Sleep(50 * time.Millisecond)
				if x, ok := conn.(interface{ Reset() error }); ok && reset {
					x.Reset()
				} else {
					conn.Close()
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				for _, l := range r.Device.Lines() {
					if l.Busy() {
						t.Fatalf("%q, reset %v: %v %d is taken", typed, reset, l.Kind, l.Number)
					}
				}
			}
		}
	})
}

// A command that takes long outlives `exec-timeout`, and ends when its line is cleared.
func TestLongCommand(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", telnetOn+"line vty 0 4\n exec-timeout 1 0\n", func(t *testing.T, r *devicetest.Bubble) {
		conn, err := r.ConnectTo("10.0.0.66", 23)
		if err != nil {
			t.Fatal(err)
		}
		over := drain(conn)
		io.WriteString(conn, "cisco\rcisco\rping 10.9.9.9 repeat 1000 timeout 10\r")
		line := r.Device.FindLine(tty.VTY, 0)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if !line.Busy() {
			t.Errorf("the session is over: %q", <-over)
		}
		line.Clear()
		if text := <-over; !strings.Contains(text, strings.Repeat(".", 50)) || strings.Contains(text, "Success") {
			t.Errorf("it showed %q", text)
		}
		synctest.Wait()
		if line.Busy() {
			t.Error("the line is taken after it was cleared")
		}
	})
}

// Packets without an answer take time, also with a timeout of 0: a user of any level may
// send two thousand million.
func TestPacketsTakeTime(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", "", func(t *testing.T, r *devicetest.Bubble) {
		for _, command := range []string{"ping 10.9.9.9 repeat 100 timeout 0", "traceroute 10.9.9.9 timeout 0 probe 10 ttl 1 10"} {
			begin := time.Now()
			r.Device.Run(t.Context(), command)
			if took := time.Since(begin); took < 100*time.Millisecond {
				t.Errorf("%s takes %v", command, took)
			}
		}
	})
}

// As many connections as there are lines, and no more; the router reloads and closes
// under them.
func TestTelnetCrowd(t *testing.T) {
	devicetest.InBubble(t, "ios-15.5", telnetOn, func(t *testing.T, r *devicetest.Bubble) {
		var over []<-chan string
		let := 0
		for range 50 {
			if conn, err := r.ConnectTo("10.0.0.66", 23); err == nil {
				let++
				over = append(over, drain(conn))
				io.WriteString(conn, "cisco\rcisco\r")
			}
		}
		if let != 5 {
			t.Errorf("%d were let in, want 5", let)
		}
		time.Sleep(time.Second)
		r.Device.Run(t.Context(), "clear line vty 0")
		for _, l := range r.Device.Lines() {
			l.Clear()
		}
		for _, text := range over {
			if said := <-text; !strings.Contains(said, "R1#") {
				t.Errorf("one did not log in: %q", said)
			}
		}
		synctest.Wait() // the lines are free once their sessions have ended
		for range 3 {
			conn, err := r.ConnectTo("10.0.0.66", 23)
			if err != nil {
				t.Fatal(err)
			}
			over = append(over, drain(conn))
		}
		r.Device.Close()
	})
}
