package hostile

import (
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"vtylab/internal/foreign"

	xssh "golang.org/x/crypto/ssh"
)

// Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02 section 3).
const (
	fxInit = iota + 1
	fxVersion
	fxOpen
	fxClose
	fxRead
	fxWrite
	fxFstat  = 8
	fxStat   = 17
	fxStatus = 101
	fxHandle = 102
	fxData   = 103
	fxAttrs  = 105
)

// shelf is a server of SFTP that answers types of requests as a test says, and otherwise
// as it should: each of its files is `evil`.
type shelf map[byte]func(id, rest string) string

// sftp serves SFTP on port 22.
func (s *station) sftp(x shelf) {
	cfg := &xssh.ServerConfig{PasswordCallback: func(xssh.ConnMetadata, []byte) (*xssh.Permissions, error) { return nil, nil }}
	cfg.AddHostKey(foreign.HostKey())
	s.serves(22, func(conn net.Conn) {
		c, channels, requests, err := xssh.NewServerConn(conn, cfg)
		if err != nil {
			return
		}
		defer c.Close()
		go xssh.DiscardRequests(requests)
		for n := range channels {
			ch, requests, err := n.Accept()
			if err != nil {
				return
			}
			go func() {
				for r := range requests {
					r.Reply(r.Type == "subsystem", nil)
				}
			}()
			x.serve(ch)
			ch.Close()
		}
	})
}

func (x shelf) serve(ch xssh.Channel) {
	for {
		var size [4]byte
		if _, err := io.ReadFull(ch, size[:]); err != nil {
			return
		}
		p := make([]byte, binary.BigEndian.Uint32(size[:]))
		if _, err := io.ReadFull(ch, p); err != nil {
			return
		}
		answer := usualShelf[p[0]]
		if special, ok := x[p[0]]; ok {
			answer = special
		}
		if answer == nil {
			answer = status(8, "no") // SSH_FX_OP_UNSUPPORTED
		}
		if _, err := io.WriteString(ch, answer(string(p[1:5]), string(p[5:]))); err != nil {
			return
		}
	}
}

var usualShelf = shelf{
	fxInit:  func(string, string) string { return packet(fxVersion, "\x00\x00\x00\x03") },
	fxOpen:  func(id, _ string) string { return packet(fxHandle, id+word("h")) },
	fxFstat: func(id, _ string) string { return packet(fxAttrs, id+attributes(4)) },
	fxClose: status(0, ""),
	fxWrite: status(0, ""),
	fxRead: func(id, rest string) string {
		if strings.HasPrefix(rest, word("h")+"\x00\x00\x00\x00\x00\x00\x00\x00") {
			return packet(fxData, id+word("evil"))
		}
		return status(1, "")(id, "") // SSH_FX_EOF
	},
}

// packet is a packet with its length.
func packet(kind byte, rest string) string { return word(string(kind) + rest) }

// word is a string with its length.
func word(text string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(text)))) + text
}

// attributes are the size and the mode of a plain file.
func attributes(size uint64) string {
	return "\x00\x00\x00\x05" + string(binary.BigEndian.AppendUint64(nil, size)) + "\x00\x00\x81\xa4"
}

func status(code byte, text string) func(id, _ string) string {
	return func(id, _ string) string {
		return packet(fxStatus, id+string([]byte{0, 0, 0, code})+word(text)+word(""))
	}
}

func always(text string) func(string, string) string {
	return func(string, string) string { return text }
}

// What servers of SFTP answer in place of a file.
func TestHostileSFTP(t *testing.T) {
	const huge = "\xff\xff\xff\xff"
	with := func(kind byte, rest string) func(string, string) string {
		return func(id, _ string) string { return packet(kind, id+rest) }
	}
	for _, tt := range []struct {
		name, reason string
		shelf
	}{
		{"an error with control bytes", "Undefined error", shelf{fxOpen: status(4, steering)}},
		{"a missing file with control bytes", "No such file or directory", shelf{fxOpen: status(2, steering)}},
		{"an unknown error", "Undefined error", shelf{fxOpen: status(255, steering)}},
		{"success in place of a handle", "", shelf{fxOpen: status(0, steering)}},
		{"a huge packet", "", shelf{fxInit: always(huge + "\x02")}},
		{"a huge packet later", "", shelf{fxOpen: always(huge + "\x66")}},
		{"an empty packet", "", shelf{fxOpen: always("\x00\x00\x00\x00")}},
		{"a packet without an id", "", shelf{fxOpen: always("\x00\x00\x00\x01\x66")}},
		{"an id that nobody gave", "", shelf{fxOpen: always(packet(fxHandle, "\x12\x34\x56\x78"+word("h")))}},
		{"a huge handle", "", shelf{fxOpen: with(fxHandle, huge+"h")}},
		{"a packet of another kind", "", shelf{fxOpen: with(fxData, word("evil"))}},
		{"an unknown packet", "", shelf{fxOpen: with(254, steering)}},
		{"text", "", shelf{fxInit: always("This account is not available." + steering + "\r\n")}},
		{"an old version", "", shelf{fxInit: always(packet(fxVersion, "\x00\x00\x00\x00"))}},
		{"a new version", "", shelf{fxInit: always(packet(fxVersion, huge))}},
		{"a version with endless extensions", "", shelf{fxInit: always(packet(fxVersion, "\x00\x00\x00\x03"+huge))}},
		{"half a size", "", shelf{fxFstat: with(fxAttrs, "\x00\x00\x00\x01\x00")}},
		{"endless attributes", "", shelf{fxFstat: with(fxAttrs, "\x80\x00\x00\x00"+huge)}},
		{"no attributes", "", shelf{fxFstat: status(4, steering)}},
		{"a directory", "Is a directory", shelf{fxFstat: with(fxAttrs, "\x00\x00\x00\x04\x00\x00\x41\xed")}},
		{"a huge size", "No space left on device", shelf{fxFstat: with(fxAttrs, attributes(1<<62))}},
		{"a size of all bits", "No space left on device", shelf{fxFstat: with(fxAttrs, attributes(1<<64-1))}},
		{"less than was announced", "", shelf{fxFstat: with(fxAttrs, attributes(40))}},
		{"less than was announced, of much", "", shelf{fxFstat: with(fxAttrs, attributes(200_000))}},
		{"data with a wrong length", "", shelf{fxRead: with(fxData, huge+"evil")}},
		{"data without a length", "", shelf{fxRead: with(fxData, "\x00")}},
		{"an error after the beginning", "Permission denied", shelf{fxRead: status(3, steering)}},
		{"data without an end", "No space left on device", shelf{fxRead: with(fxData, word(strings.Repeat("x", 32<<10)))}},
		{"data without an end of a large file", "No space left on device", shelf{
			fxFstat: with(fxAttrs, attributes(200_000)), fxRead: with(fxData, word(strings.Repeat("x", 32<<10)))}},
		{"more data than was asked for", "", shelf{
			fxFstat: with(fxAttrs, attributes(200_000)), fxRead: with(fxData, word(strings.Repeat("x", 250<<10)))}},
		{"too much, then silence", "No space left on device", shelf{
			fxFstat: with(fxAttrs, attributes(200_000)),
			fxRead: func(id, rest string) string {
				if offset := binary.BigEndian.Uint64([]byte(rest[5:])); offset > 260<<10 {
					return ""
				}
				return packet(fxData, id+word(strings.Repeat("x", 32<<10)))
			},
			fxClose: always("")}},
		{"an error, and no end", "Permission denied", shelf{fxRead: status(3, steering), fxClose: always("")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			beside(t, "iosxe-17.15", func(c *client, s *station) {
				s.sftp(tt.shelf)
				if out := c.refuses("copy sftp://u:p@10.0.0.9/x nvram:named"); !strings.Contains(out, tt.reason) {
					t.Errorf("not %q:\n%.2000s", tt.reason, out)
				}
			})
		})
	}
}

// What is kept of a configuration without an end is bounded.
func TestHostileSFTPAmounts(t *testing.T) {
	beside(t, "iosxe-17.15", func(c *client, s *station) {
		text := word(strings.Repeat("! nothing\n", 3000))
		s.sftp(shelf{fxRead: func(id, _ string) string { return packet(fxData, id+text) }})
		for _, to := range []string{"running-config", "startup-config"} {
			c.refuses("copy sftp://u:p@10.0.0.9/x " + to)
		}
	})
}

// A file that goes to a server of SFTP which does not take it.
func TestHostileSFTPTakers(t *testing.T) {
	for name, x := range map[string]shelf{
		"an error with control bytes": {fxOpen: status(3, steering)},
		"an error on the way":         {fxWrite: status(4, steering)},
		"an error in the end":         {fxClose: status(4, steering)},
		"an error, and no end":        {fxWrite: status(4, steering), fxClose: always("")},
		"a huge packet":               {fxWrite: always("\xff\xff\xff\xff\x65")},
		"a packet of another kind":    {fxWrite: func(id, _ string) string { return packet(fxData, id+word("evil")) }},
		"an id that nobody gave":      {fxWrite: always(packet(fxStatus, "\x12\x34\x56\x78"))},
	} {
		t.Run(name, func(t *testing.T) {
			beside(t, "iosxe-17.15", func(c *client, s *station) {
				s.sftp(x)
				c.put("flash:big", strings.Repeat("x", 300_000))
				c.refuses("copy flash:big sftp://u:p@10.0.0.9/x")
			})
		})
	}
}

// A server that stops at any point is given up when its user says so.
func TestSilentSFTP(t *testing.T) {
	slow := func(kind byte) func(id, rest string) string {
		return func(id, rest string) string { time.Sleep(10 * time.Second); return usualShelf[kind](id, rest) }
	}
	drip := func(id, _ string) string { time.Sleep(10 * time.Second); return packet(fxData, id+word("x")) }
	for name, x := range map[string]shelf{
		"from the beginning": {fxInit: always("")},
		"at a file":          {fxOpen: always("")},
		"at its size":        {fxFstat: always(""), fxWrite: always("")},
		"at its content":     {fxRead: always(""), fxClose: always("")},
		"half a packet":      {fxOpen: always("\x00\x00\x01\x00\x66")},
		"slowly":             {fxInit: slow(fxInit)},
		"a drip":             {fxRead: drip, fxWrite: slow(fxWrite)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, key := range []string{"\x03", "\x1e"} {
				beside(t, "iosxe-17.15", func(c *client, s *station) {
					s.sftp(x)
					c.givesUp("copy sftp://u:p@10.0.0.9/x flash:named", key)
					c.givesUp("copy system:running-config sftp://u:p@10.0.0.9/x", key)
				})
			}
		})
	}
}

// A server that does as it should, among these: the tests above fail for their reasons.
func TestUsualSFTP(t *testing.T) {
	beside(t, "iosxe-17.15", func(c *client, s *station) {
		s.sftp(nil)
		out := c.enter("copy sftp://u:p@10.0.0.9/x flash:named")
		if got := c.content("flash:named"); got != "evil" {
			t.Errorf("the file is %q:\n%s", got, out)
		}
		if out := c.enter("copy system:running-config sftp://u:p@10.0.0.9/x"); !slices.ContainsFunc(strings.Split(out, "\n"), func(l string) bool { return strings.Contains(l, " bytes copied") }) {
			t.Error(out)
		}
	})
}
