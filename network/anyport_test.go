package network

import (
	"net"
	"testing"
	"time"
)

// A server of the host that answers from another port than the one it was asked at
// becomes the peer; a third one is not heard.
func TestAnyPort(t *testing.T) {
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	asked, answers, third := listen(), listen(), listen()
	c, err := dialAnyPort(t.Context(), "udp", asked.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	read := func(from net.Conn) string {
		b := make([]byte, 100)
		n, err := from.Read(b)
		if err != nil {
			t.Error(err)
		}
		return string(b[:n])
	}
	c.Write([]byte("please"))
	if got := read(asked); got != "please" {
		t.Errorf("the server has read %q", got)
	}
	answers.WriteTo([]byte("here"), c.LocalAddr())
	if got := read(c); got != "here" {
		t.Errorf("read %q", got)
	}
	third.WriteTo([]byte("no"), c.LocalAddr())
	answers.WriteTo([]byte("more"), c.LocalAddr())
	if got := read(c); got != "more" {
		t.Errorf("read %q", got)
	}
	c.Write([]byte("thanks"))
	if got := read(answers); got != "thanks" {
		t.Errorf("the peer has read %q", got)
	}
}
