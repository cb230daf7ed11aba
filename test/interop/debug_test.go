package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
	"vtylab/ios"
)

// packet is one packet as a log tells it.
type packet struct {
	Out     bool // sent by the router
	Seq     int
	Type    int
	Payload int // bytes, the type's included
}

func (p packet) String() string {
	direction := "in"
	if p.Out {
		direction = "out"
	}
	return fmt.Sprintf("%s #%d type %d, %d bytes", direction, p.Seq, p.Type, p.Payload)
}

// sorted splits packets by direction: how the two interleave is each side's own
// view.
func sorted(packets []packet) (in, out []string) {
	for _, p := range packets {
		if p.Out {
			out = append(out, p.String())
		} else {
			in = append(in, p.String())
		}
	}
	return in, out
}

// The lines of PuTTY's log of packets and raw data (-sshrawlog).
var (
	putty    = regexp.MustCompile(`^(Incoming|Outgoing) packet #0x([0-9a-f]+), type (\d+) `)
	puttyRaw = regexp.MustCompile(`^(Incoming|Outgoing) raw data`)
	hexDump  = regexp.MustCompile(`^  [0-9a-f]{8}  ((?:[0-9a-fX]{2} )+)`)
)

// puttyLog reads such a log: the packets as decrypted, and how many bytes went
// over the wire from and to the router.
func puttyLog(text string) (packets []packet, sent, received int) {
	counted := new(int)
	for line := range strings.Lines(text) {
		if m := putty.FindStringSubmatch(line); m != nil {
			seq, _ := strconv.ParseInt(m[2], 16, 0)
			kind, _ := strconv.Atoi(m[3])
			packets = append(packets, packet{m[1] == "Incoming", int(seq), kind, 1})
			counted = &packets[len(packets)-1].Payload
		} else if m := puttyRaw.FindStringSubmatch(line); m != nil {
			counted = &received
			if m[1] == "Incoming" {
				counted = &sent
			}
		} else if m := hexDump.FindStringSubmatch(line); m != nil {
			*counted += len(strings.Fields(m[1]))
		} else {
			counted = new(int)
		}
	}
	return packets, sent, received
}

// The lines of `debug ip ssh`, dialect B; received is of the older one, which
// tells types.
var (
	debugLength   = regexp.MustCompile(`: input: total packet length of (\d+) bytes`)
	debugPadding  = regexp.MustCompile(`: input: padlength (\d+) bytes`)
	debugReceived = regexp.MustCompile(`: received packet type (\d+)`)
	debugSent     = regexp.MustCompile(`: send:packet of +length (\d+) \(length also includes padlen of (\d+)\)`)
	debugMade     = regexp.MustCompile(`: computed MAC for sequence no.#(\d+) type (\d+)`)
	debugRead     = regexp.MustCompile(`: ssh_receive: (\d+) bytes received`)
	debugMACLen   = regexp.MustCompile(`maclen (\d+)$`)
)

// debugLog reads the lines of the router: packets, and how many bytes they were
// on the wire with their MACs and the identification line.
func debugLog(lines []string) (packets []packet, sent, received int) {
	var in packet
	outSeq, macLen := 0, 0
	n := func(s string) int { i, _ := strconv.Atoi(s); return i }
	sent = len("SSH-2.0-Cisco-1.25\n")
	for _, line := range strings.Split(strings.Join(lines, "\n"), "\n") {
		if m := debugLength.FindStringSubmatch(line); m != nil {
			in.Payload = n(m[1]) - 5
		} else if m := debugMACLen.FindStringSubmatch(line); m != nil {
			macLen = n(m[1])
		} else if m := debugPadding.FindStringSubmatch(line); m != nil {
			in.Payload -= n(m[1])
		} else if m := debugReceived.FindStringSubmatch(line); m != nil {
			in.Type = n(m[1])
			packets = append(packets, in)
			in.Seq++
		} else if m := debugSent.FindStringSubmatch(line); m != nil {
			packets = append(packets, packet{true, outSeq, 0, n(m[1]) - 5 - n(m[2])})
			sent += n(m[1])
			outSeq++
		} else if m := debugMade.FindStringSubmatch(line); m != nil {
			packets[len(packets)-1].Seq, packets[len(packets)-1].Type = n(m[1]), n(m[2])
			sent += macLen
		} else if m := debugRead.FindStringSubmatch(line); m != nil {
			received += n(m[1])
		}
	}
	return packets, sent, received
}

// plink's own log of a session, decrypted, is the oracle of `debug ip ssh
// packet`: every packet, its type, its payload (so its length and padding), and
// the bytes on the wire.
func TestPacketLog(t *testing.T) {
	foreign.Need(t, "plink")
	devicetest.Each(t, func(t *testing.T, release string) {
		own := devicetest.Release(t, release)
		own.Dialect.Received = "received packet type %d"
		r := devicetest.StartProduct(t, ios.New(own), "logging buffered 1000000\n")
		r.Debug("ip ssh packet")
		file := filepath.Join(t.TempDir(), "packets")
		r.PuTTY("plink", "cisco:cisco", "-ssh", "-sshrawlog", file, "127.0.0.1", "show running-config").Run().Ends(0)
		r.Alone()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		theirs, sent, received := puttyLog(string(text))
		ours, oursSent, oursReceived := debugLog(r.Log())
		// The types of the first packets out, which have no MAC, come from the
		// other log; their number and sizes do not.
		for i, p := range ours {
			for _, q := range theirs {
				if p.Out && p.Type == 0 && q.Out && q.Seq == p.Seq {
					ours[i].Type = q.Type
				}
			}
		}
		theirIn, theirOut := sorted(theirs)
		in, out := sorted(ours)
		if len(in) < 8 || len(out) < 8 {
			t.Fatalf("only %d packets in and %d out", len(in), len(out))
		}
		if diff := cmp.Diff(theirIn, in); diff != "" {
			t.Errorf("packets that came in (-plink's log +ours):\n%s", diff)
		}
		if diff := cmp.Diff(theirOut, out); diff != "" {
			t.Errorf("packets that went out (-plink's log +ours):\n%s", diff)
		}
		ident := len("SSH-2.0-PuTTY_Release_0.78\r\n")
		if at := strings.Index(string(text), "We claim version: "); at >= 0 {
			claim, _, _ := strings.Cut(string(text)[at+len("We claim version: "):], "\n")
			ident = len(strings.TrimSpace(claim)) + len("\r\n")
		}
		if oursSent != sent || oursReceived+ident != received {
			t.Errorf("on the wire %d and %d bytes, plink saw %d and %d", oursSent, oursReceived+ident, sent, received)
		}
	})
}

// What debug prints on a session of SSH is not itself debugged: the session and
// the device come to rest.
func TestDebugOnItsOwnSession(t *testing.T) {
	foreign.Need(t, "ssh")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "logging buffered 100000\n")
		vty := r.Shell("cisco:cisco")
		vty.Enter("terminal monitor")
		devicetest.WantLines(t, vty.Enter("debug ip ssh"), "Incoming SSH debugging is on")
		vty.Say("show clock\r")
		vty.See("UTC")
		devicetest.WantLines(t, r.OpenSSH("cisco:cisco", "show privilege").Run().Ends(0), "level is 15")
		vty.See("SSH1: starting SSH control process")
		vty.See("SSH2 1: authentication successful for cisco")
		vty.See("SSH2 1: exec request")
		vty.See("SSH1: Session terminated normally")
		for _, line := range r.Log() {
			if strings.Contains(line, "starting SSH control process") && strings.Contains(line, "SSH0") {
				t.Errorf("a connection older than debugging begins: %s", line)
			}
		}
		vty.Say("undebug all\r")
		vty.See("All possible debugging has been turned off")
		vty.See("R1#")
		r.ClearLog()
		vty.Enter("show clock")
		for _, line := range r.Log() {
			if !strings.Contains(line, "%") {
				t.Errorf("debugging goes on: %s", line)
			}
		}
	})
}

// `debug ip scp` tells the dialogue as the capture of a device has it: what goes
// out to the client's address from port 22, what comes in.
func TestDebugSCP(t *testing.T) {
	foreign.Need(t, "scp")
	devicetest.Each(t, func(t *testing.T, release string) {
		r := devicetest.Start(t, release, "logging buffered 100000\nservice timestamps debug uptime\n")
		r.Debug("ip scp")
		r.SCP("cisco:cisco", devicetest.Write(t, "R2backup.cfg", "hello\n"), "r1:"+r.Flash()+"R2backup.cfg").Run().Ends(0)
		r.Alone()
		var told []string
		line := regexp.MustCompile(`^\d\d:\d\d:\d\d: SCP: \[22 (->|<-) 127\.0\.0\.1:\d+\] (.*)$`)
		for _, text := range r.Log() {
			if m := line.FindStringSubmatch(text); m != nil {
				told = append(told, m[1]+" "+m[2])
			}
		}
		want := []string{"-> send <OK>", "<- recv C0644 6 R2backup.cfg", "-> send <OK>", "<- recv 6 bytes", "<- recv <OK>", "-> send <OK>", "<- recv <EOF>"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("debug ip scp (-want +got):\n%s", diff)
		}
	})
}

// Volume asks for new keys in the middle of a copy, and so does the client:
// nothing is lost, and the numbers of the MACs go on.
func TestRekeyWhileCopying(t *testing.T) {
	foreign.Need(t, "scp")
	for _, release := range []string{"iosxe-3se", "iosxe-17.15"} {
		for _, by := range []string{"the device", "the client", "both"} {
			t.Run(release+" "+by, func(t *testing.T) {
				t.Parallel()
				config, options := "logging buffered 10000000\n", []string{}
				if by != "the client" {
					config += "ip ssh rekey volume 200\n"
				}
				if by != "the device" {
					options = []string{"-o", "RekeyLimit=150K"}
				}
				r := devicetest.Start(t, release, config)
				r.Debug("ip ssh")
				content := devicetest.Blob(1_500_001)
				scp := func(args ...string) { r.SCP("cisco:cisco", append(options, args...)...).Run().Ends(0) }
				scp(devicetest.Write(t, "image.bin", content), "r1:"+r.Flash()+"image.bin")
				back := filepath.Join(t.TempDir(), "back")
				scp("r1:"+r.Flash()+"/image.bin", back)
				if devicetest.Read(t, back) != content {
					t.Error("what came back is something else")
				}
				r.Alone()
				exchanges, last := 0, 0
				for _, line := range r.Log() {
					if strings.Contains(line, "starting SSH control process") {
						last = 0
					}
					if strings.Contains(line, "SSH2_MSG_NEWKEYS received") {
						exchanges++
					}
					if m := debugMade.FindStringSubmatch(line); m != nil {
						seq, _ := strconv.Atoi(m[1])
						if seq <= last {
							t.Fatalf("MAC number %d after %d", seq, last)
						}
						last = seq
					}
				}
				// Two are the first of each copy; how many follow depends on what is
				// under way when one is asked for.
				if exchanges < 5 {
					t.Errorf("%d key exchanges for two copies of 1.5 MB", exchanges)
				}
			})
		}
	}
}

// `ip ssh dh min size` and what clients of group exchange make of it: OpenSSH
// asks for 4096 bits of a Cisco device, golang.org/x/crypto/ssh for 2048.
func TestGroupExchange(t *testing.T) {
	foreign.Need(t, "ssh")
	for size, established := range map[int]string{1024: "2048 bits", 2048: "2048 bits", 4096: ""} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, "ios-15.5", fmt.Sprintf("logging buffered 100000\nip ssh dh min size %d\n", size))
			r.Debug("ip ssh detail")
			p := r.OpenSSH("cisco:cisco", "show privilege").Before("r1", "-o", "KexAlgorithms=diffie-hellman-group-exchange-sha1")
			p.Run().Ends(0)
			devicetest.WantLines(t, strings.Join(r.Log(), "\n"), " < 4096 < 8192", "Modulus size established : 4096 bits")
			cfg := &xssh.ClientConfig{User: "cisco", Auth: []xssh.AuthMethod{xssh.Password("cisco")}, HostKeyCallback: xssh.InsecureIgnoreHostKey()}
			cfg.KeyExchanges = []string{"diffie-hellman-group-exchange-sha1"}
			cfg.HostKeyAlgorithms = []string{"ssh-rsa"}
			c, err := xssh.Dial("tcp", r.Addr(), cfg)
			if (err == nil) != (established != "") {
				t.Errorf("a client that asks for 2048 bits: %v", err)
			}
			if err == nil {
				c.Close()
			}
			r.Alone()
			log := strings.Join(r.Log(), "\n")
			if established != "" {
				devicetest.WantLines(t, log, "- 2048 < 2048 < 8192", "Modulus size established : "+established)
			} else {
				devicetest.WantLines(t, log, "- 2048 < 2048 < 8192", "Invalid modulus length", "Session disconnected - error 0x00")
			}
		})
	}
}

// show ssh, to the character: names as long as their column, and longer.
func TestShowSSH(t *testing.T) {
	foreign.Need(t, "ssh")
	const header = "Connection Version Mode Encryption  Hmac         State                 Username\n"
	for _, c := range []struct{ release, cipher, mac, rows string }{
		{"ios-15.5", "aes128-cbc", "hmac-sha1", `0          2.0     IN   aes128-cbc  hmac-sha1    Session started       cisco
0          2.0     OUT  aes128-cbc  hmac-sha1    Session started       cisco
`},
		{"iosxe-3se", "3des-cbc", "hmac-md5-96", `0          2.0     IN   3des-cbc    hmac-md5-96  Session started       cisco
0          2.0     OUT  3des-cbc    hmac-md5-96  Session started       cisco
`},
		{"iosxe-17.15", "aes256-ctr", "hmac-sha2-512-etm@openssh.com", `0          2.0     IN   aes256-ctr  hmac-sha2-512-etm@openssh.com Session started       cisco
0          2.0     OUT  aes256-ctr  hmac-sha2-512-etm@openssh.com Session started       cisco
`},
	} {
		r := devicetest.Start(t, c.release, "")
		p := r.OpenSSH("cisco:cisco", "show ssh").Before("r1", "-o", "Ciphers="+c.cipher, "-o", "MACs="+c.mac)
		if out := strings.TrimPrefix(p.Run().Ends(0), "\n"); out != header+c.rows+"%No SSHv1 server connections running.\n" {
			t.Errorf("%s shows\n%s", c.release, out)
		}
	}
}
