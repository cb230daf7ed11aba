package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// A program that is killed while it saves, again and again, leaves the old
// start-up configuration or the new one, never half of one.
func TestKilledWhileSaving(t *testing.T) {
	state := t.TempDir()
	var users strings.Builder
	for i := range 400 {
		fmt.Fprintf(&users, "username user%03d nopassword\n", i)
	}
	first := devicetest.Write(t, "first.cfg", "hostname N0\nno logging console\n"+users.String())
	n := 0 // host names count the saves
	args := []string{"run", "--console", "stdio", "--ssh", "none", "--state", state}
	if _, errs, status := run(t, "enable\nwrite memory\n", append(args, "--config", first)...); errs != "" || status != 0 {
		t.Fatalf("exit status %d, stderr %q", status, errs)
	}
	for round := range 12 {
		cmd := vtylab(t, args...)
		keys, _ := cmd.StdinPipe()
		shown, _ := cmd.StdoutPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(keys, "enable\n")
		saved := n
		lines := bufio.NewScanner(shown)
		for k := 1; k <= 1+round%3; k++ {
			n++
			fmt.Fprintf(keys, "configure terminal\nhostname N%d\nend\nwrite memory\n", n)
			for lines.Scan() && !strings.Contains(lines.Text(), "[OK]") {
			}
			saved = n
		}
		n++ // this one is hit at some moment of its way
		fmt.Fprintf(keys, "configure terminal\nhostname N%d\nend\nwrite memory\n", n)
		for lines.Scan() && !strings.Contains(lines.Text(), "Building configuration...") {
		}
		for range round * 2000 { // a little later each time
			runtime.Gosched()
		}
		cmd.Process.Kill()
		cmd.Wait()
		text, err := os.ReadFile(filepath.Join(state, "nvram", "startup-config"))
		if err != nil {
			t.Fatal(err)
		}
		host := regexp.MustCompile(`(?m)^hostname N(\d+)$`).FindStringSubmatch(string(text))
		whole := strings.Count(string(text), "\nusername user") == 400 && strings.HasSuffix(string(text), "\nend\n")
		if !whole || host == nil || (host[1] != fmt.Sprint(saved) && host[1] != fmt.Sprint(n)) {
			t.Fatalf("round %d: saved N%d, killed while saving N%d, found %v (%d bytes), whole: %v", round, saved, n, host, len(text), whole)
		}
		n = max(n, saved)
	}
	if out, errs, status := run(t, "enable\nterminal length 0\nshow startup-config | count ^username\n", args...); errs != "" || status != 0 || !strings.Contains(out, "= 400") {
		t.Errorf("the last boot: exit status %d, stderr %q, shows\n%s", status, errs, out)
	}
}

// State that is there and cannot be read stops the program before it can be
// replaced: one line says what is wrong, and no file changes.
func TestUnreadableState(t *testing.T) {
	text := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct {
		line  string
		spoil func(path string) error
		root  bool // the superuser is stopped by it too
		says  string
	}{
		{"a directory", func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, true, "want a readable file .*Is a directory"},
		{"a symbolic link", func(path string) error { return errors.Join(os.Remove(path), os.Symlink("elsewhere", path)) }, true, "Permission denied: .* is L"},
		{"5 MiB long", func(path string) error { return os.Truncate(path, 5<<20) }, true, "of at most 4194304 bytes: .*5242880 bytes"},
		{"without permission", func(path string) error { return os.Chmod(path, 0) }, false, "[Pp]ermission denied"},
	} {
		for _, name := range []string{"startup-config", "private-config"} {
			t.Run(name+" "+c.line, func(t *testing.T) {
				if !c.root && os.Geteuid() == 0 {
					t.Skip("nothing is without permission for the superuser")
				}
				state := t.TempDir()
				args := []string{"run", "--console", "stdio", "--ssh", "none", "--state", state}
				cfg := devicetest.Write(t, "r1.cfg", "hostname R1\nip domain name example.com\ncrypto key generate rsa modulus 1024\n")
				if out, errs, status := run(t, "enable\nwrite memory\n", append(args, "--config", cfg)...); errs != "" || status != 0 {
					t.Fatalf("exit status %d, stderr %q, shows %q", status, errs, out)
				}
				path := filepath.Join(state, "nvram", name)
				other := filepath.Join(state, "nvram", map[string]string{"startup-config": "private-config", "private-config": "startup-config"}[name])
				if err := c.spoil(path); err != nil {
					t.Fatal(err)
				}
				before, kept := tree(t, state), text(other)
				for _, more := range [][]string{nil, {"--config", cfg}} {
					out, errs, status := run(t, "enable\nwrite memory\n", append(args, more...)...)
					says := "vtylab: state directory " + regexp.QuoteMeta(state) + ": nvram/" + name + ": .*" + c.says
					if status != 1 || out != "" || strings.Count(errs, "\n") != 1 || !regexp.MustCompile(says).MatchString(errs) {
						t.Errorf("exit status %d, want 1\nstdout: %q, want nothing\nstderr: %q, want one line with %q", status, out, errs, says)
					}
				}
				if after := tree(t, state); after != before || text(other) != kept {
					t.Errorf("the state was\n%s\nand is\n%s", before, after)
				}
			})
		}
	}
}

// tree lists what is below a directory: mode, size, when it was written, and name.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() {
			fmt.Fprintf(&b, "%v %d %v %s\n", info.Mode(), info.Size(), info.ModTime(), path)
		} else if err == nil {
			fmt.Fprintf(&b, "%v %s\n", info.Mode(), path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is refused of a start-up configuration is on standard error, with the
// numbers of its lines, and the rest is applied.
func TestGarbledConfiguration(t *testing.T) {
	garbled := "!\nhostname R1\nhosstname R2\n!\n\x00\xff\x1b[2J\ninterface Loopback0\n ip adress 10.0.0.1\nend\n"
	check := func(out, errs string, status int) {
		t.Helper()
		if status != 0 || !strings.Contains(out, "R1>") {
			t.Errorf("exit status %d, shows %q", status, out)
		}
		for _, want := range []string{`line 3 refused: .*hosstname R2`, `line 5 refused: .*x00.*xff.*x1b`, `line 7 refused: .* ip adress 10.0.0.1`} {
			if !regexp.MustCompile(want).MatchString(errs) {
				t.Errorf("stderr %q, want %q", errs, want)
			}
		}
		if strings.Count(errs, "\n") != 3 || strings.ContainsAny(errs, "\x00\x1b") {
			t.Errorf("stderr %q, want three lines and no control characters", errs)
		}
	}
	check(run(t, "\n", "run", "--console", "stdio", "--ssh", "none", "--ephemeral", "--config", devicetest.Write(t, "r1.cfg", garbled)))
	state := t.TempDir()
	nvram := filepath.Join(state, "nvram")
	if err := errors.Join(os.Mkdir(nvram, 0o700), os.WriteFile(filepath.Join(nvram, "startup-config"), []byte(garbled), 0o600)); err != nil {
		t.Fatal(err)
	}
	check(run(t, "\n", "run", "--console", "stdio", "--ssh", "none", "--state", state))
	noise := devicetest.Write(t, "noise.cfg", strings.Repeat("\x01\x02\n", 1000))
	_, errs, _ := run(t, "\n", "run", "--console", "stdio", "--ssh", "none", "--ephemeral", "--config", noise)
	if strings.Count(errs, "\n") != 21 || !strings.Contains(errs, "980 more lines refused") {
		t.Errorf("a thousand lines of noise: stderr %q", errs)
	}
}

// Nobody else may read the state, and private keys are in no other file, no
// configuration and no log.
func TestSecrets(t *testing.T) {
	state := t.TempDir()
	cfg := devicetest.Write(t, "keys.cfg", "hostname R1\nip domain name example.com\nusername admin privilege 15 secret verysecret\ncrypto key generate rsa modulus 2048\n")
	cmds := "enable\nterminal length 0\nwrite memory\ncopy running-config flash:/copy.cfg\n\nshow running-config all\nshow startup-config\nshow crypto key mypubkey all\n" +
		"dir nvram:\nmore nvram:private-config\nmore nvram:/private-config\ncopy nvram:private-config flash:/stolen\n\nshow logging\n"
	out, errs, status := run(t, cmds, "--log-json", "run", "--console", "stdio", "--ssh", "127.0.0.1:0", "--state", state, "--config", cfg)
	if status != 0 {
		t.Fatalf("exit status %d, stderr %q", status, errs)
	}
	private, err := os.ReadFile(filepath.Join(state, "nvram", "private-config"))
	if err != nil {
		t.Fatalf("where is the private part of nvram? %v", err)
	}
	// The middle of the PEM block: private numbers, whatever format surrounds them.
	lines := strings.Split(strings.TrimSpace(string(private)), "\n")
	if len(lines) < 20 {
		t.Fatalf("the private part of nvram has %d lines", len(lines))
	}
	needles := append(lines[len(lines)/2:len(lines)-1], "verysecret", "PRIVATE KEY")
	for _, needle := range needles {
		if strings.Contains(out, needle) || strings.Contains(errs, needle) {
			t.Errorf("%.20s… is shown", needle)
		}
	}
	err = filepath.WalkDir(state, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 && path != state {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if d.IsDir() || filepath.Base(path) == "private-config" {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, needle := range needles {
			if strings.Contains(string(text), needle) {
				t.Errorf("%s has %.20s…", path, needle)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The examples do what they say.
func TestExamples(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "vtylab")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	t.Run("console.sh configures a device and shows it", func(t *testing.T) {
		out := foreign.Command(t, "sh", devicetest.Example(t, "console.sh")).
			With(asProgram+"=1", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+t.TempDir()).Run().Ends(0)
		for _, line := range []string{"Router>enable\n", "R1(config)#crypto key generate rsa modulus 2048\n", "show ip ssh\nSSH Enabled - version 2.0\n", "R1.example.com\n"} {
			if !strings.Contains(out, line) {
				t.Errorf("no %q in\n%s", line, out)
			}
		}
		if i := strings.Index(out, "% Invalid"); i >= 0 {
			t.Errorf("a complaint in\n%s", out)
		}
	})
	for _, platform := range []string{"ios-15.5", "iosxe-3se", "iosxe-17.15"} {
		t.Run("ssh-server.cfg makes a device that ssh, scp and netmiko reach, as "+platform, func(t *testing.T) {
			t.Parallel()
			port := serveExample(t, platform)
			netmiko(t, port)
			openSSH(t, port)
		})
	}
}

// serveExample runs the example configuration; its port answers.
func serveExample(t *testing.T, platform string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := vtylab(t, "run", "--platform", platform, "--config", devicetest.Example(t, "ssh-server.cfg"), "--ephemeral", "--ssh", addr, "--console", "none")
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil || errs.Len() > 0 {
			t.Errorf("the server ends with %v and says %q", err, errs.String())
		}
	})
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			_, port, _ := net.SplitHostPort(addr)
			return port
		}
	}
	t.Fatalf("nothing listens at %s\n%s", addr, errs.String())
	return ""
}

func netmiko(t *testing.T, port string) {
	t.Helper()
	o := foreign.Python(t, []string{"netmiko"}, devicetest.Example(t, "netmiko_show.py"), port).Run()
	devicetest.WantLines(t, strings.ReplaceAll(o.Ends(0), "\r\n", "\n"),
		"R1#\n", "SSH Enabled - version 2.0\n", "R1(config)#ip ssh time-out 60\n", "\nip ssh authentication-retries 2\n", "[OK]")
}

// openSSH runs ssh and scp as the readme has them.
func openSSH(t *testing.T, port string) {
	t.Helper()
	r := devicetest.Remote(t, port)
	if out := r.OpenSSH("admin:cisco", "show", "ip", "ssh").Run().Ends(0); !strings.Contains(out, "SSH Enabled - version 2.0") {
		t.Errorf("ssh r1 show ip ssh: %s", out)
	}
	byAddress := foreign.Command(t, "ssh", "-F", devicetest.Example(t, "ssh_config"), "-o", "IdentityAgent=none", "-p", port, "admin@127.0.0.1", "show", "privilege")
	if out := byAddress.With(foreign.Askpass(t, "cisco")...).Run().Ends(0); !strings.Contains(out, "level is 15") {
		t.Errorf("%v: %s", byAddress, out)
	}
	back := filepath.Join(t.TempDir(), "r1.cfg")
	r.SCP("admin:cisco", "r1:running-config", back).Run().Ends(0)
	r.SCP("admin:cisco", back, "r1:flash:/copy.cfg").Run().Ends(0)
	devicetest.WantLines(t, devicetest.Read(t, back), "\nhostname R1\n")
}
