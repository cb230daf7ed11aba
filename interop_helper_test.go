package vtylab_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/device"
	"vtylab/platform"
)

// TestMain lets more tests run side by side than there are processors: those
// with foreign clients mostly wait, for a process to start or for the two
// seconds that a device takes to refuse a password.
func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		flag.Set("test.parallel", "8")
	}
	os.Exit(m.Run())
}

// patience is how long anything that is waited for may take.
const patience = 60 * time.Second

// usual is the configuration that every router of these tests begins with: SSH
// users from the local database, a console that asks for nothing.
const usual = `
hostname R1
ip domain name example.com
no logging console
aaa new-model
aaa authentication login default local
aaa authentication login console none
aaa authorization exec default local
enable secret letmein
username cisco privilege 15 password 0 cisco
username guest privilege 1 password 0 guest
ip ssh version 2
ip scp server enable
line con 0
 privilege level 15
 login authentication console
line vty 0 4
 transport input ssh
`

// hostKey is made once: it takes long, and tests do not change it.
var hostKey = sync.OnceValues(func() (*device.KeyPair, error) {
	return device.GenerateKey("R1.example.com", device.GeneralKey, 2048, false, time.Now())
})

// router is a device that listens on a port of this host.
type router struct {
	*device.Device
	t    *testing.T
	port string
}

// start boots a router with more configuration than the usual.
func start(t *testing.T, release, more string) *router {
	t.Helper()
	return startModel(t, models(t, release), more)
}

// startModel is start for a release that a test has changed.
func startModel(t *testing.T, m *device.Model, more string) *router {
	t.Helper()
	text := usual + more
	d, err := device.New(m, device.Options{Startup: &text, Listen: loopback})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if report := d.BootReport(); strings.Contains(report, "% ") && !strings.Contains(report, "type 0 password") {
		t.Fatalf("the start-up configuration is not what %s takes:\n%s", m.Name, report)
	}
	key, err := hostKey()
	if err != nil {
		t.Fatal(err)
	}
	d.AddKeys(key)
	r := &router{Device: d, t: t}
	if a := d.SSH.Addr(22); a != nil {
		_, r.port, _ = net.SplitHostPort(a.String())
	}
	return r
}

func loopback(ctx context.Context, _ int) (net.Listener, error) {
	return new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
}

// eachPlatform runs a test on every release.
func eachPlatform(t *testing.T, f func(t *testing.T, release string)) {
	for _, p := range platform.All() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			f(t, p.Name)
		})
	}
}

// in is the router as a subtest has it.
func (r *router) in(t *testing.T) *router { return &router{Device: r.Device, t: t, port: r.port} }

// flash is the first file system of the router's flash, which has a name of its
// own on each release.
func (r *router) flash() string { return r.Model.Files.Flash[0] }

// file reads a file of the router.
func (r *router) file(url string) string {
	r.t.Helper()
	text, err := r.tryFile(url)
	if err != nil {
		r.t.Fatalf("%s: %v", url, err)
	}
	return text
}

func (r *router) tryFile(url string) (string, error) {
	p, err := r.Files.ResolveWord(url, r.Files.Home())
	if err != nil {
		return "", err
	}
	f, err := p.FS().Open(p.Name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return string(text), err
}

// console opens the router's console, at the privileged prompt.
func (r *router) console() *dialogue {
	r.t.Helper()
	in, keys := io.Pipe()
	d := newDialogue(r.t, "console", keys)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Console(ctx, &plainTerminal{in, d}, device.ConsoleOptions{Scripted: true}) }()
	r.t.Cleanup(func() { cancel(); keys.Close(); <-done })
	d.see("R1#")
	d.enter("terminal length 0")
	return d
}

// plainTerminal is a console without a line to hang up.
type plainTerminal struct {
	io.Reader
	io.Writer
}

func (plainTerminal) Hangup() {}

// eventually polls what only another process can make true.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("%s: not within %v", what, patience)
}

// client finds a program to test with. Without it a test is skipped, or fails
// where VTYLAB_REQUIRE_PEERS=1.
func client(t *testing.T, name string) string {
	t.Helper()
	for _, p := range []string{name, filepath.Join("/usr/sbin", name), filepath.Join("/usr/bin", name)} {
		if path, err := exec.LookPath(p); err == nil {
			return path
		}
	}
	absent(t, name)
	return ""
}

func absent(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("VTYLAB_REQUIRE_PEERS") == "1" {
		t.Fatalf("VTYLAB_REQUIRE_PEERS=1, and %s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
}

// program is a foreign client with its arguments.
type program struct {
	t     *testing.T
	path  string
	args  []string
	env   []string
	input string
}

// outcome is how a program ended.
type outcome struct {
	program
	out, errs string
	status    int
}

// with adds arguments.
func (p program) with(args ...string) program {
	p.args = append(slices.Clone(p.args), args...)
	return p
}

// typing gives the program its standard input.
func (p program) typing(text string) program { p.input = text; return p }

func (p program) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, p.args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.WaitDelay = time.Second // scp leaves its ssh behind when it is killed
	return cmd
}

// run waits for the program's end.
func (p program) run() outcome {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	cmd := p.command(ctx)
	cmd.Stdin = strings.NewReader(p.input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("%v\n%v\n%s%s", p, err, out.String(), errs.String())
	}
	return outcome{p, out.String(), newHost.ReplaceAllString(errs.String(), ""), cmd.ProcessState.ExitCode()}
}

// newHost is what OpenSSH says of every host that it does not know.
var newHost = regexp.MustCompile(`(?m)^Warning: Permanently added .*\r?\n`)

func (p program) String() string { return filepath.Base(p.path) + " " + strings.Join(p.args, " ") }

// ends checks the exit status and returns the output with LF line ends.
func (o outcome) ends(status int) string {
	o.t.Helper()
	if o.status != status {
		o.t.Fatalf("%v\nexit status %d, want %d\nstdout: %.1000s\nstderr: %.1000s", o.program, o.status, status, o.out, o.errs)
	}
	return strings.ReplaceAll(o.out, "\r\n", "\n")
}

// refused checks that the program failed and told this.
func (o outcome) refused(pattern string) {
	o.t.Helper()
	if o.status == 0 || !regexp.MustCompile(pattern).MatchString(o.out+o.errs) {
		o.t.Fatalf("%v\nexit status %d, want a failure with %q\nstdout: %.1000s\nstderr: %.1000s", o.program, o.status, pattern, o.out, o.errs)
	}
}

// open starts the program with pipes, for a conversation.
func (p program) open() *dialogue {
	p.t.Helper()
	cmd := p.command(p.t.Context())
	keys, err := cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	d := newDialogue(p.t, p.String(), keys)
	cmd.Stdout, cmd.Stderr = d, d
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		cmd.Wait()
		d.finish(cmd.ProcessState.ExitCode())
		close(exited)
	}()
	p.t.Cleanup(func() { keys.Close(); cmd.Process.Kill(); <-exited })
	return d
}

// dialogue is a conversation with somebody who shows text and takes keys.
type dialogue struct {
	t    *testing.T
	name string
	keys io.WriteCloser

	mu     sync.Mutex
	more   *sync.Cond
	shown  []byte // guarded by mu, like all below
	seen   int    // up to where the test has looked
	over   bool
	status int
}

func newDialogue(t *testing.T, name string, keys io.WriteCloser) *dialogue {
	d := &dialogue{t: t, name: name, keys: keys}
	d.more = sync.NewCond(&d.mu)
	return d
}

// Write receives what the other side shows.
func (d *dialogue) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = append(d.shown, p...)
	d.more.Broadcast()
	return len(p), nil
}

func (d *dialogue) finish(status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over, d.status = true, status
	d.more.Broadcast()
}

// wait blocks until done is true; the lock is held while it is asked.
func (d *dialogue) wait(what string, done func() bool) {
	d.t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		late = true
		d.more.Broadcast()
	})
	defer timer.Stop()
	for !done() {
		if late || d.over {
			d.t.Fatalf("%s: no %s (ended %v) in\n%q", d.name, what, d.over, d.shown[max(d.seen, len(d.shown)-2000):])
		}
		d.more.Wait()
	}
}

// say types keys.
func (d *dialogue) say(keys string) {
	d.t.Helper()
	if _, err := io.WriteString(d.keys, keys); err != nil {
		d.t.Fatalf("%s: typing %.40q: %v", d.name, keys, err)
	}
}

// see waits for text and returns what was shown up to its end.
func (d *dialogue) see(text string) string {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	at := -1
	d.wait(fmt.Sprintf("%q", text), func() bool {
		if i := bytes.Index(d.shown[d.seen:], []byte(text)); i >= 0 {
			at = d.seen + i + len(text)
		}
		return at >= 0
	})
	shown := string(d.shown[d.seen:at])
	d.seen = at
	return strings.ReplaceAll(shown, "\r\n", "\n")
}

// enter types a command and returns what it shows, up to the next prompt.
func (d *dialogue) enter(command string) string {
	d.t.Helper()
	d.say(command + "\r")
	return d.see("R1#")
}

// bye waits until the other side has ended and returns what it showed last, and
// its exit status.
func (d *dialogue) bye() (string, int) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	timer := time.AfterFunc(patience, func() { d.finish(-1) })
	defer timer.Stop()
	for !d.over {
		d.more.Wait()
	}
	if d.status < 0 {
		d.t.Errorf("%s: still runs, or was killed, after %q", d.name, d.shown[d.seen:])
	}
	return strings.ReplaceAll(string(d.shown[d.seen:]), "\r\n", "\n"), d.status
}

// wantLines checks that all lines are in text, in this order.
func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	rest := text
	for _, l := range lines {
		i := strings.Index(rest, l)
		if i < 0 {
			t.Fatalf("no %q, or not in its place, in\n%s", l, text)
		}
		rest = rest[i+len(l):]
	}
}

// openSSH is OpenSSH's ssh with the configuration of the examples.
func (r *router) openSSH(login string, args ...string) program {
	r.t.Helper()
	return r.openSSHTool("ssh", login, append([]string{"-e", "none", "r1"}, args...)...)
}

// openSCP is OpenSSH's scp with the protocol of its name. r1: is the router.
func (r *router) openSCP(login string, args ...string) program {
	r.t.Helper()
	return r.openSSHTool("scp", login, append([]string{"-O"}, args...)...)
}

func (r *router) openSSHTool(name, login string, args ...string) program {
	r.t.Helper()
	user, password, _ := strings.Cut(login, ":")
	dir := r.t.TempDir()
	askpass := filepath.Join(dir, "askpass")
	if err := os.WriteFile(askpass, []byte("#!/bin/sh\necho \"$VTYLAB_PASSWORD\"\n"), 0o700); err != nil {
		r.t.Fatal(err)
	}
	options := []string{"-F", "examples/ssh_config", "-o", "Port=" + r.port, "-o", "User=" + user, "-o", "IdentityAgent=none",
		"-o", "IdentitiesOnly=yes", "-o", "IdentityFile=none", "-o", "LogLevel=INFO"}
	return program{t: r.t, path: client(r.t, name), args: append(options, args...),
		env: []string{"SSH_ASKPASS=" + askpass, "SSH_ASKPASS_REQUIRE=force", "DISPLAY=:0", "VTYLAB_PASSWORD=" + password, "HOME=" + dir, "TERM=vt100"}}
}

// userKey is a key pair made by ssh-keygen.
type userKey struct{ file, text, hash string }

var newUserKey = sync.OnceValues(func() (userKey, error) {
	dir, err := os.MkdirTemp("", "vtylab-key")
	if err != nil {
		return userKey{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "id_rsa")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "cisco@host", "-f", file).CombinedOutput(); err != nil {
		return userKey{}, fmt.Errorf("ssh-keygen: %w: %s", err, out)
	}
	private, err := os.ReadFile(file)
	if err != nil {
		return userKey{}, err
	}
	public, err := os.ReadFile(file + ".pub")
	if err != nil {
		return userKey{}, err
	}
	key, _, _, _, err := xssh.ParseAuthorizedKey(public)
	if err != nil {
		return userKey{}, err
	}
	return userKey{string(private), string(public), fmt.Sprintf("%X", md5.Sum(key.Marshal()))}, nil
})

// sshKeygen returns a key pair whose private half is in a file.
func sshKeygen(t *testing.T) userKey {
	t.Helper()
	client(t, "ssh-keygen")
	k, err := newUserKey()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id_rsa")
	if err := os.WriteFile(file, []byte(k.file), 0o600); err != nil {
		t.Fatal(err)
	}
	k.file = file
	return k
}

// pubkeyChain is the configuration that lets a key in.
func (k userKey) pubkeyChain(user string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ip ssh pubkey-chain\n username %s\n  key-string\n", user)
	for text := strings.TrimSpace(k.text); text != ""; {
		n := min(72, len(text)) // as wide as a terminal lets it be pasted
		b.WriteString("   " + text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString("  exit\n")
	return b.String()
}

// fingerprint is a host key as PuTTY names it.
func fingerprint(t *testing.T, pair *device.KeyPair) string {
	t.Helper()
	key, err := xssh.ParsePublicKey(pair.Signer().Blob())
	if err != nil {
		t.Fatal(err)
	}
	return xssh.FingerprintSHA256(key)
}

// write puts a file on this host.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// read returns a file of this host.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
