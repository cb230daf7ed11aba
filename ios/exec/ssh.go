package exec

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"strings"

	"vtylab/cli"
	"vtylab/network"
	"vtylab/ssh"
	"vtylab/sshclient"
	"vtylab/tty"
)

var clientCommands = []Command{
	{Syntax: `ssh "Open a secure shell client connection"
		[-v "Specify SSH Protocol Version" {1 "Protocol Version 1" | 2 "Protocol Version 2"}$version
		| -c "Select encryption algorithm" {~3des | @ssh-c}$cipher
		| -l "Log in using this user name" WORD$user "Login name"
		| -m "Select HMAC algorithm" {~hmac-sha1-160 | @ssh-m}$mac
		| -o "Specify options" numberofpasswordprompts "Specify number of password prompts" <1-7>$prompts "Number of password prompts"
		| -p "Connect to this port" <1-65535>$port "Port number"
		| -vrf "Specify vrf name" WORD$vrf "vrf name"]*
		WORD$host "IP address or hostname of a remote system" [-vrf "Specify vrf name" WORD$vrf "vrf name" | LINE$command "Command to be executed on the remote system"]`, Level: 1, Run: openSSH},
}

// sshTries is how often each method of authentication asks unless
// `-o numberofpasswordprompts` says something else (Secure Shell Configuration Guide:
// three for keyboard-interactive and three for password).
const sshTries = 3

// older spellings of algorithms that `ssh` takes.
var sshSpellings = map[string]string{"3des": "3des-cbc", "hmac-sha1-160": "hmac-sha1"}

// openSSH is the command `ssh`.
func openSSH(s *Session, a cli.Args) error {
	r := sshclient.Request{User: a.Get("user"), Name: a.Get("host"), VRF: a.Get("vrf"), Tries: sshTries,
		Ciphers: sshChoice(a.Get("cipher")), MACs: sshChoice(a.Get("mac"))}
	if r.User == "" {
		r.User = s.User
	}
	if r.User == "" {
		s.Println("% No user specified nor available for SSH client")
		return nil
	}
	if n, ok := a.Int("prompts"); ok {
		r.Tries = n
	}
	port := 22
	if n, ok := a.Int("port"); ok {
		port = n
	}
	command := reverse(&r, a.Get("command"))
	if !s.vrfExists(r.VRF) {
		s.Printf("%% VRF %s does not exist\n", r.VRF) // from memory
		return nil
	}
	address, err := s.resolve(r.VRF, r.Name)
	if err != nil || !address.IsValid() {
		return err
	}
	if no := s.outgoing("ssh", address); no != "" {
		s.Println(no)
		return nil
	}
	r.To = netip.AddrPortFrom(address, uint16(port))
	if a.Get("version") == "1" {
		// An image without version 1; its words are from memory.
		s.Printf("\n[Connection to %s aborted: error status 0]\n", r.Name)
		return nil
	}
	return s.connectSSH(r, command)
}

func sshChoice(name string) []string {
	if name == "" {
		return nil
	}
	if full, ok := sshSpellings[name]; ok {
		name = full
	}
	return []string{name}
}

func (s *Session) vrfExists(name string) bool {
	return name == "" || s.Config().VRFs.Has(name)
}

// connectSSH logs in on a server, and is the user's terminal there.
func (s *Session) connectSSH(r sshclient.Request, command string) error {
	var terminal *sshclient.Terminal
	err := s.Breakable(func(ctx context.Context) error {
		conn, err := s.dialSSH(ctx, r)
		if err == nil {
			terminal, err = conn.Open(ctx, s.pty(), command)
		}
		return err
	})
	if err != nil {
		return s.noSSH(r.Name, err)
	}
	c, ok := s.Connect(r.Name, r.To.Addr().String(), s.recorded(terminal, "ssh", "ssh -l "+r.User+" "+r.Name, r.To.Addr()))
	if !ok {
		s.Println("% Too many connections") // from memory
		return nil
	}
	return s.goOn(c)
}

// dialSSH connects and logs in; the user is asked for passwords.
func (s *Session) dialSSH(ctx context.Context, r sshclient.Request) (*sshclient.Connection, error) {
	first := true
	r.Banner = func(text string) { s.Printf("\n%s\n", strings.TrimRight(text, "\n")) }
	r.Answer = func(ctx context.Context, before string, p ssh.Prompt) (string, error) {
		s.Settle()
		if before != "" {
			s.Println(before)
		} else if first {
			s.Println("")
		}
		first = false
		return s.Question(ctx, p.Text, p.Echo)
	}
	return s.Device.Client.Dial(ctx, r)
}

// terminalType is what servers are told of a user's terminal (from memory).
const terminalType = "vt100"

// pty is the terminal that a server is told of.
func (s *Session) pty() ssh.PTY {
	return ssh.PTY{Term: terminalType, Window: ssh.Window{Columns: uint32(s.Width.Get()), Rows: uint32(s.Length.Get())}}
}

// noSSH says why there is no connection (ios-ssh-scp 4).
func (s *Session) noSSH(host string, err error) error {
	var unreached *network.Verdict
	switch {
	case s.Lost() != nil, errors.Is(err, tty.ErrHangup):
		return err
	case errors.Is(err, tty.ErrInterrupted):
	case errors.As(err, &unreached):
		s.Println(notReached(unreached))
	case errors.Is(err, ssh.ErrHostKey):
		s.Println("Server Authentication Failed")
	case errors.Is(err, ssh.ErrAuthFailed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), peerLeft(err):
		s.closedBy(host)
	default:
		s.aborted(host)
	}
	return nil
}

func (s *Session) aborted(host string) {
	s.Printf("[Connection to %s aborted: error status 0]\n", host)
}

// peerLeft reports whether a server has ended the connection with a message.
func peerLeft(err error) bool {
	var left *ssh.DisconnectError
	return errors.As(err, &left)
}

// notReached is why a host was not reached. Only the first text is not from memory.
func notReached(v *network.Verdict) string {
	switch v.Outcome {
	case network.Refused:
		return "% Connection refused by remote host"
	case network.TimedOut, network.Filtered, network.NoARP:
		return "% Connection timed out; remote host not responding"
	}
	return "% Destination unreachable; gateway or host down"
}
