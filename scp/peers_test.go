package scp

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vtylab/internal/foreign"
)

// asSSH tells the test binary to be the ssh that scp starts: it runs the remote command itself.
const asSSH = "VTYLAB_SCP_AS_SSH"

func TestMain(m *testing.M) {
	if os.Getenv(asSSH) != "" {
		os.Exit(remoteCommand(os.Args[len(os.Args)-1]))
	}
	os.Exit(m.Run())
}

func remoteCommand(line string) int {
	c, err := ParseCommand(line)
	if err != nil {
		return 1
	}
	p := &Peer{In: os.Stdin, Out: os.Stdout}
	if c.Sink {
		_, err = p.Receive(hostTree{}, c)
	} else {
		_, err = p.Send(hostTree{}, c)
	}
	return ExitStatus(err)
}

var peerFiles = map[string]string{
	"tree/empty": "", "tree/small": "hello\n", "tree/big": strings.Repeat("0123456789abcdef", 50000), "tree/sub/a b": "x", "tree/sub/deep/f": "f",
}

// run is scp as the remote command, with one of our ends on its pipes.
func run(t *testing.T, c Command, dialogue func(p *Peer) (Stats, error)) (Stats, error, string) {
	t.Helper()
	words := []string{}
	for _, f := range []struct {
		on   bool
		flag string
	}{{c.Recursive, "-r"}, {c.Preserve, "-p"}, {c.TargetDir, "-d"}, {c.Sink, "-t"}, {!c.Sink, "-f"}} {
		if f.on {
			words = append(words, f.flag)
		}
	}
	cmd := exec.Command(foreign.Find(t, "scp"), append(words, c.Paths...)...)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	stats, err := dialogue(&Peer{In: out, Out: in})
	in.Close()
	io.Copy(io.Discard, out)
	return stats, errors.Join(err, cmd.Wait()), stderr.String()
}

func TestSendToOpenSSH(t *testing.T) {
	from, to := plant(t, peerFiles), t.TempDir()
	remote := Command{Sink: true, Recursive: true, Preserve: true, TargetDir: true, Paths: []string{to}}
	stats, err, stderr := run(t, remote, func(p *Peer) (Stats, error) {
		return p.Send(hostTree{}, Command{Recursive: true, Preserve: true, Paths: []string{filepath.Join(from, "tree")}})
	})
	if err != nil || stats.Files != 5 {
		t.Errorf("%+v, %v\n%s", stats, err, stderr)
	}
	if diff := cmp.Diff(harvest(t, from), harvest(t, to)); diff != "" {
		t.Errorf("files (-sent +received):\n%.500s", diff)
	}
}

func TestReceiveFromOpenSSH(t *testing.T) {
	from, to := plant(t, peerFiles), t.TempDir()
	remote := Command{Recursive: true, Preserve: true, Paths: []string{filepath.Join(from, "tree")}}
	stats, err, stderr := run(t, remote, func(p *Peer) (Stats, error) {
		return p.Receive(hostTree{}, Command{Sink: true, Recursive: true, Preserve: true, Paths: []string{to}})
	})
	if err != nil || stats.Files != 5 {
		t.Errorf("%+v, %v\n%s", stats, err, stderr)
	}
	if diff := cmp.Diff(harvest(t, from), harvest(t, to)); diff != "" {
		t.Errorf("files (-sent +received):\n%.500s", diff)
	}
}

func TestOpenSSHComplains(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	var complaint *PeerError
	_, err, _ := run(t, Command{Paths: []string{missing}}, func(p *Peer) (Stats, error) {
		return p.Receive(hostTree{}, receiveInto(t.TempDir()))
	})
	if !errors.As(err, &complaint) || complaint.Text != "scp: "+missing+": No such file or directory" {
		t.Errorf("receiving: %v", err)
	}
	_, err, _ = run(t, Command{Sink: true, TargetDir: true, Paths: []string{missing}}, func(p *Peer) (Stats, error) {
		return p.Send(hostTree{}, sendFrom(os.Args[0]))
	})
	if !errors.As(err, &complaint) || !strings.Contains(complaint.Text, "No such file or directory") {
		t.Errorf("sending: %v", err)
	}
}

// client runs OpenSSH's scp as a user does, with this test binary for its ssh.
func client(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(foreign.Find(t, "scp"), append([]string{"-O", "-S", os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), asSSH+"=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestOpenSSHPushes(t *testing.T) {
	from, to := plant(t, peerFiles), t.TempDir()
	if out, err := client(t, "-r", "-p", filepath.Join(from, "tree"), "router:"+to); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(harvest(t, from), harvest(t, to)); diff != "" {
		t.Errorf("files (-sent +received):\n%.500s", diff)
	}
	// Two files need a directory, and one that cannot be written is told by name.
	out, err := client(t, filepath.Join(from, "tree/small"), filepath.Join(from, "tree/empty"), "router:"+filepath.Join(to, "tree/small"))
	if err == nil || !strings.Contains(out, "scp: "+filepath.Join(to, "tree/small")+": Not a directory") {
		t.Errorf("two files onto one: %v\n%s", err, out)
	}
	out, err = client(t, filepath.Join(from, "tree/small"), "router:"+filepath.Join(to, "missing/x"))
	if err == nil || !strings.Contains(out, "missing/x: No such file or directory") {
		t.Errorf("into a missing directory: %v\n%s", err, out)
	}
}

func TestOpenSSHFetches(t *testing.T) {
	from, to := plant(t, peerFiles), t.TempDir()
	if out, err := client(t, "-r", "-p", "router:"+filepath.Join(from, "tree"), to); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(harvest(t, from), harvest(t, to)); diff != "" {
		t.Errorf("files (-sent +received):\n%.500s", diff)
	}
	if out, err := client(t, "router:"+filepath.Join(from, "missing"), to); err == nil || !strings.Contains(out, "missing: No such file or directory") {
		t.Errorf("missing file: %v\n%s", err, out)
	}
}
