package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

const example = "../../examples/two-routers.clab.yml"

// freeBase is the first of three free ports in a row.
func freeBase(t *testing.T) string {
	t.Helper()
search:
	for base := 43000; base < 60000; base += 50 {
		for i := range 3 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", base+i))
			if err != nil {
				continue search
			}
			l.Close()
		}
		return fmt.Sprint(base)
	}
	t.Fatal("no free ports")
	return ""
}

// A lab stays up until it is interrupted: it prints where its devices are, OpenSSH
// reaches them with the file that it writes, and it ends with status 0.
func TestLabUp(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals")
	}
	dir, base := t.TempDir(), freeBase(t)
	cmd := vtylab(t, "lab", "up", example, "--dir", dir, "--ssh-base", base)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	shown, lines := "", bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		shown += lines.Text() + "\n"
	}
	want := "DEVICE  PLATFORM     SSH              ADDRESS\nr1      iosxe-17.15  127.0.0.1:" + base + "  10.0.12.1\nr2      iosxe-17.15  127.0.0.1:"
	if !strings.HasPrefix(shown, want) {
		t.Errorf("shows\n%s\nwant\n%s%s", shown, want, errs.String())
	}
	t.Run("OpenSSH", func(t *testing.T) {
		p := foreign.Command(t, "ssh", "-F", filepath.Join(dir, "ssh_config"), "r2", "show running-config | include hostname").With(foreign.Askpass(t, "cisco")...)
		if got := p.Run().Ends(0); !strings.Contains(got, "hostname r2") {
			t.Errorf("shows %q", got)
		}
	})
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil || errs.Len() > 0 {
		t.Errorf("ends with %v, and says %s", err, errs.String())
	}
}

// The console of one device runs on standard input, beside the others.
func TestLabConsole(t *testing.T) {
	out, errs, status := run(t, "show running-config | include hostname\n", "lab", "console", example, "r2", "--dir", t.TempDir(), "--ssh-base", freeBase(t))
	if !strings.Contains(out, "r2#show running-config | include hostname\nhostname r2\n") || errs != "" || status != 0 {
		t.Errorf("status %d, shows\n%s\nsays %s", status, out, errs)
	}
}

// In the shell of a lab devices answer on port 22 of their own addresses. Its exit
// status is that of the program.
func TestLabShell(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	foreign.Need(t, "ssh")
	dir := t.TempDir()
	cmd := vtylab(t, "lab", "shell", example, "--dir", dir)
	cmd.Env = append(append(cmd.Env, "SHELL=/bin/sh"), foreign.Askpass(t, "cisco")...)
	cmd.Stdin = strings.NewReader("ssh -F " + dir + "/ssh_config -p 22 admin@192.0.2.2 'show running-config | include hostname'\n" +
		"ssh -F " + dir + "/ssh_config -p 22 admin@10.0.2.1 'show users'\n" +
		"ssh -F " + dir + "/ssh_config r1 'show running-config | include hostname'\nexit 3\n")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "does not let you make a network namespace") {
		t.Skip(string(out))
	}
	if i := bytes.Index(out, []byte("hostname r2")); i < 0 || !bytes.Contains(out[i:], []byte("hostname r1")) || !bytes.Contains(out, []byte("00:00:00 127.0.0.1")) || cmd.ProcessState.ExitCode() != 3 {
		t.Errorf("%v, shows\n%s", err, out)
	}
}

// The host's network cannot be reached from the shell of a lab: what asks for it is
// refused before a device boots.
func TestLabShellUplink(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	file := devicetest.Write(t, "any.yml", "name: x\nuplink: any\ntopology:\n  nodes:\n    r1: {kind: ios-15.5}\n")
	for _, c := range []struct {
		flags  []string
		status int
		says   string
	}{
		{[]string{example, "--uplink", "any"}, 2, "--uplink any: the host's network cannot be reached from a lab shell, want none or loopback"},
		{[]string{file}, 2, file + ": uplink: any: the host's network cannot be reached from a lab shell, want --uplink none or loopback"},
		{[]string{file, "--uplink", "loopback"}, 0, "The devices answer at their own addresses"},
	} {
		cmd := vtylab(t, slices.Concat([]string{"lab", "shell", "--dir", t.TempDir()}, c.flags)...)
		cmd.Env = append(cmd.Env, "SHELL=/bin/true")
		out, _ := cmd.CombinedOutput()
		if strings.Contains(string(out), "does not let you make a network namespace") {
			t.Skip(string(out))
		}
		if !strings.Contains(string(out), c.says) || cmd.ProcessState.ExitCode() != c.status {
			t.Errorf("%q: status %d, says %s, want %d, %s", c.flags, cmd.ProcessState.ExitCode(), out, c.status, c.says)
		}
	}
}

// What cannot be done is told in one line before a device boots.
func TestLabMistakes(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	_, port, _ := net.SplitHostPort(busy.Addr().String())
	wrong := devicetest.Write(t, "wrong.yml", "name: x\ntopology:\n  nodes:\n    r1: {knid: host}\n")
	refused := devicetest.Write(t, "refused.yml", "name: x\ntopology:\n  nodes:\n    r1: {kind: ios-15.5, config: no such line}\n")
	many := devicetest.Write(t, "many.yml", "name: x\ntopology:\n  nodes:\n    r{i}: {kind: ios-15.5, count: 65}\n")
	theirs := t.TempDir()
	if err := os.WriteFile(filepath.Join(theirs, "ssh_config"), []byte("Host *\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := freeBase(t)
	for _, c := range []struct {
		line   string
		args   []string
		status int
		says   string
	}{
		{"no file", []string{"up"}, 2, `expected "<file>"`},
		{"no command", nil, 2, `expected one of`},
		{"a file that is not there", []string{"up", "none.yml"}, 1, `topology: open none.yml: no such file or directory`},
		{"a file that is wrong", []string{"up", wrong}, 1, regexp.QuoteMeta(wrong) + `:4:10: unknown key "knid", want one of kind, `},
		{"a busy port", []string{"up", example, "--ssh-base", port}, 1, `--ssh-base: port ` + port + `: .*address already in use`},
		{"a port too high", []string{"up", example, "--ssh-base", "65535"}, 1, `--ssh-base: 65535: want ports from 1 to 65535 for 2 devices`},
		{"another port too high", []string{"up", many, "--ssh-port", "70000"}, 1, `--ssh-port: 70000: want a port from 1 to 65535`},
		{"files of others", []string{"up", example, "--dir", theirs, "--ssh-base", base}, 1, regexp.QuoteMeta(theirs) + `/ssh_config: there is such a file that vtylab did not write, want another directory \(--dir\)`},
		{"no name for a directory", []string{"up", example, "--dir", ""}, 2, `--dir "": want a directory`},
		{"no name for the state", []string{"up", example, "--state", ""}, 2, `--state "": want a directory`},
		{"an uplink", []string{"up", example, "--uplink", "some"}, 2, `--uplink must be one of .* but got "some"`},
		{"a device that is not there", []string{"console", example, "r9"}, 2, `no device "r9"; there are r1, r2`},
		{"the console of a host", []string{"console", example, "pc"}, 2, `pc is a host and has no console`},
		{"a refused line", []string{"console", refused, "--strict", "--dir", t.TempDir(), "--ssh-base", base}, 1, `--strict: 1 line of .*refused.yml refused`},
	} {
		t.Run(c.line, func(t *testing.T) {
			if runtime.GOOS != "linux" && strings.Contains(c.line, "another port") {
				t.Skip("Linux only")
			}
			out, errs, status := run(t, "", append([]string{"lab"}, c.args...)...)
			last := errs[strings.LastIndex(strings.TrimSuffix(errs, "\n"), "\n")+1:]
			if status != c.status || !regexp.MustCompile(`^vtylab: .*`+c.says).MatchString(last) {
				t.Errorf("status %d, says %q, shows %q; want status %d, %s", status, errs, out, c.status, c.says)
			}
		})
	}
}
