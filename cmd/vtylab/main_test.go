package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/network"
)

// asProgram tells the test binary to be vtylab.
const asProgram = "VTYLAB_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// vtylab is the program in a process of its own.
func vtylab(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "XDG_STATE_HOME="+t.TempDir())
	return cmd
}

// run feeds the program and returns its output and exit status.
func run(t *testing.T, input string, args ...string) (out, errs string, status int) {
	t.Helper()
	cmd := vtylab(t, args...)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// What cannot be done is told in one line on standard error, which names what
// and why; the exit status is 2 for a wrong command line and 1 for the rest.
func TestMistakes(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	plain := devicetest.Write(t, "plain", "not a directory")
	used := t.TempDir()
	hold := vtylab(t, "run", "--state", used, "--ssh", "none", "--console", "stdio")
	keys, err := hold.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	shown, err := hold.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hold.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { keys.Close(); hold.Wait() }()
	if _, err := shown.Read(make([]byte, 1)); err != nil { // the prompt: the directory is in use
		t.Fatal(err)
	}
	for _, c := range []struct {
		line   string
		args   []string
		status int
		says   string
	}{
		{"a flag that does not exist", []string{"run", "--flash", "4"}, 2, `unknown flag --flash`},
		{"a flag without its value", []string{"run", "--platform"}, 2, `--platform: missing value, want NAME \(`},
		{"a flag without its file", []string{"run", "--config"}, 2, `--config: missing value, want FILE \(`},
		{"a flag without its address", []string{"run", "--ssh"}, 2, `--ssh: missing value, want ADDR,`},
		{"a flag whose value is another flag", []string{"run", "--hostname", "--ephemeral"}, 2, `--hostname: expected string value but got "--ephemeral"`},
		{"a word too many", []string{"run", "router"}, 2, `unexpected argument router`},
		{"a command that does not exist", []string{"walk"}, 2, `walk`},
		{"a release that does not exist, with those that do", []string{"run", "--platform", "ios-9"}, 2, `no release "ios-9"; there are ios-15.5, `},
		{"a chassis that does not exist, with those that do", []string{"run", "--chassis", "7513"}, 2, `--chassis: no chassis "7513"; ios-15.5 has iosv, 7206, `},
		{"a chassis of an ASA", []string{"run", "--platform", "asa-9.20", "--chassis", "7206"}, 2, `--chassis: no chassis "7206": asa-9.20 has one only`},
		{"a console that does not exist", []string{"run", "--console", "lcd"}, 2, `--console must be one of .* but got "lcd"`},
		{"no name for the state directory", []string{"run", "--ssh", "none", "--state", ""}, 2, `--state "": want a directory`},
		{"no name for the configuration", []string{"run", "--ssh", "none", "--ephemeral", "--config="}, 2, `--config "": want a file`},
		{"both ways to keep state", []string{"run", "--ephemeral", "--state", "x"}, 2, `--state and --ephemeral can't be used together`},
		{"an address without a port", []string{"run", "--ssh", "127.0.0.1"}, 2, `--ssh 127.0.0.1: want ADDRESS:PORT or none`},
		{"a port that a device does not have", []string{"run", "--ssh", "70000=127.0.0.1:1"}, 2, `"70000" is no port of the device, want PORT=ADDR`},
		{"a host name with a space", []string{"run", "--hostname", "my router"}, 2, `--hostname "my router": want a letter, `},
		{"a host name with a line end", []string{"run", "--hostname", "R1\n"}, 2, `--hostname "R1\\n": want a letter, `},
		{"a host name with a path", []string{"run", "--hostname", "../R1"}, 2, `--hostname "../R1": want a letter, `},
		{"a host name that begins with a digit", []string{"run", "--hostname", "1R"}, 2, `--hostname "1R": want a letter, `},
		{"a host name of 64 letters", []string{"run", "--hostname", strings.Repeat("R", 64)}, 2, `want a letter, .*63`},
		{"two addresses for port 22", []string{"run", "--ssh", "127.0.0.1:0", "--ssh", "22=127.0.0.1:0"}, 2, `--ssh 22=127.0.0.1:0: port 22 of the device has an address already`},
		{"two addresses for another port", []string{"run", "--ssh", "2001=127.0.0.1:0", "--ssh", "2001=127.0.0.1:0"}, 2, `--ssh 2001=127.0.0.1:0: port 2001 of the device has an address already`},
		{"an uplink that does not exist", []string{"run", "--uplink", "some"}, 2, `--uplink must be one of .* but got "some"`},
		{"a configuration that is not there", []string{"run", "--config", plain + ".cfg"}, 1, regexp.QuoteMeta(plain) + `.cfg: no such file or directory`},
		{"a configuration that is a directory", []string{"run", "--config", filepath.Dir(plain)}, 1, `is a directory`},
		{"a port in use", []string{"run", "--ephemeral", "--ssh", busy.Addr().String()}, 1, `--ssh ` + busy.Addr().String() + `: .*in use`},
		{"a state directory that is a file", []string{"run", "--ssh", "none", "--state", plain}, 1, `state directory ` + regexp.QuoteMeta(plain) + `: .*not a directory`},
		{"a state directory below a file", []string{"run", "--ssh", "none", "--state", plain + "/r1"}, 1, `state directory ` + regexp.QuoteMeta(plain) + `/r1: .*not a directory`},
		{"a state directory that another program uses", []string{"run", "--ssh", "none", "--state", used}, 1, `state directory ` + regexp.QuoteMeta(used) + `: in use by another vtylab`},
	} {
		t.Run(c.line, func(t *testing.T) {
			out, errs, status := run(t, "", c.args...)
			if status != c.status || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "vtylab: ") || !regexp.MustCompile(c.says).MatchString(errs) {
				t.Errorf("vtylab %v: exit status %d, want %d\nstdout: %q, want nothing\nstderr: %q, want one line with %q", c.args, status, c.status, out, errs, c.says)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	out, errs, status := run(t, "", "version")
	if status != 0 || errs != "" || !regexp.MustCompile(`^vtylab \S+, go1\.\S+ `+runtime.GOOS+"/"+runtime.GOARCH+`\n$`).MatchString(out) {
		t.Errorf("exit status %d, stdout %q, stderr %q", status, out, errs)
	}
}

// A directory that cannot be written; the superuser can write anywhere.
func TestUnwritableState(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		f.Close()
		dir = "/proc/vtylab"
		if _, err := os.Stat("/proc"); err != nil {
			t.Skip("this user can write anywhere")
		}
	}
	_, errs, status := run(t, "", "run", "--ssh", "none", "--state", dir)
	if status != 1 || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "state directory "+dir+": ") {
		t.Errorf("exit status %d, want 1; stderr %q, want one line that names %s", status, errs, dir)
	}
}

func TestHelp(t *testing.T) {
	out, errs, status := run(t, "", "--help")
	if status != 0 || errs != "" || !strings.Contains(out, "platforms") || !strings.Contains(out, "Ctrl-\\") {
		t.Errorf("--help: exit status %d\n%s%s", status, out, errs)
	}
	out, errs, status = run(t, "", "run", "--help")
	for _, flag := range []string{"--platform", "--chassis", "--hostname", "--config", "--state", "--ephemeral", "--ssh", "--console", "--uplink", "--strict", "--seed", "--strict-kex"} {
		if !strings.Contains(out, flag) {
			t.Errorf("run --help does not tell of %s", flag)
		}
	}
	if status != 0 || errs != "" {
		t.Errorf("run --help: exit status %d, %q", status, errs)
	}
}

func TestPlatforms(t *testing.T) {
	out, errs, status := run(t, "", "platforms")
	if status != 0 || errs != "" || !regexp.MustCompile(`(?m)^ios-15\.5 +Cisco IOS 15\.5.*\n(.*\n)*  --chassis 7206 .*\n(.*\n)*iosxe-17\.15 +Cisco IOS XE 17\.15`).MatchString(out) {
		t.Errorf("platforms: exit status %d\n%s%s", status, out, errs)
	}
}

// The output of a scripted console is a capture: prompts, what was typed, and
// the answers.
func TestScript(t *testing.T) {
	for _, c := range []struct {
		line        string
		args        []string
		input, want string
	}{
		{"prompt, echo and answer, and the end of the input is the end",
			[]string{"--hostname", "R7"},
			"enable\nshow privilege\n",
			"R7>enable\nR7#show privilege\nCurrent privilege level is 15\nR7#"},
		{"the last line needs no end",
			nil, "show privilege", "Router>show privilege"},
		{"no input at all", []string{"--platform", "iosxe-3se"}, "", "Switch>"},
		{"configuration, a complaint with its caret, and the new prompt",
			nil,
			"enable\nconfigure terminal\nno logging console\nhostname R1\nip ssh time-out 121\nend\n",
			"Router>enable\nRouter#configure terminal\nEnter configuration commands, one per line.  End with CNTL/Z.\n" +
				"Router(config)#no logging console\nRouter(config)#hostname R1\nR1(config)#ip ssh time-out 121\n" +
				"                           ^\n% Invalid input detected at '^' marker.\n\nR1(config)#end\nR1#"},
		{"a password comes from the input and is not shown",
			[]string{"--config", devicetest.Write(t, "c", "enable password letmein\n")},
			"enable\nletmein\nshow privilege\n",
			"Router>enable\nPassword: \nRouter#show privilege\nCurrent privilege level is 15\nRouter#"},
	} {
		t.Run(c.line, func(t *testing.T) {
			out, errs, status := run(t, c.input, append([]string{"run", "--console", "stdio", "--ephemeral", "--ssh", "none"}, c.args...)...)
			if strings.TrimSuffix(out, "\n") != c.want || strings.Count(errs, "\n") != strings.Count(out, "% Invalid") || status != 0 {
				t.Errorf("exit status %d, stderr %q, shows\n%s\nwant\n%s\n(%q)", status, errs, out, c.want, out)
			}
		})
	}
}

// After exit the console waits for RETURN, and begins another session.
func TestConsoleAfterExit(t *testing.T) {
	cmd := vtylab(t, "run", "--console", "stdio", "--ephemeral", "--ssh", "none")
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	shown, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(shown)
	see := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("no %q: %v", want, lines.Err())
	}
	fmt.Fprint(keys, "exit\n")
	see("Router>exit")
	see("Router con0 is now available")
	see("Press RETURN to get started.")
	fmt.Fprint(keys, "\n")
	fmt.Fprint(keys, "show privilege\n")
	see("Router>show privilege")
	see("Current privilege level is 1")
	keys.Close()
	see("Router>")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// What is wrong with a configuration is shown at boot, line by line, on the console
// and with line numbers on standard error, and the rest is in force.
func TestRejectedConfiguration(t *testing.T) {
	cfg := devicetest.Write(t, "bad.cfg", "hostname R5\nip ssh time-out 9999\nnonsense\nip ssh authentication-retries 2\nline vty 0 4\n transport input smoke\n")
	out, errs, status := run(t, "show ip ssh | include retries\n", "run", "--console", "stdio", "--ephemeral", "--ssh", "none", "--config", cfg)
	want := "ip ssh time-out 9999\n                ^\n% Invalid input detected at '^' marker.\n\n" +
		"nonsense\n ^\n% Invalid input detected at '^' marker.\n\n" +
		" transport input smoke\n                  ^\n% Invalid input detected at '^' marker.\n\n" +
		"R5>show ip ssh | include retries\nAuthentication timeout: 120 secs; Authentication retries: 2\nR5>"
	numbers := strings.Join(regexp.MustCompile(`startup-config line \d+ refused`).FindAllString(errs, -1), ", ")
	if numbers != "startup-config line 2 refused, startup-config line 3 refused, startup-config line 6 refused" || strings.Count(errs, "\n") != 3 {
		t.Errorf("stderr %q", errs)
	}
	if strings.TrimSpace(out) != want || status != 0 {
		t.Errorf("exit status %d, shows\n%s\nwant\n%s", status, out, want)
	}
}

// A line that is refused is told on standard error with its number, from --config
// and from a script, and decides the exit status with --strict.
func TestStrict(t *testing.T) {
	good := devicetest.Write(t, "good.cfg", "hostname R5\n")
	bad := devicetest.Write(t, "bad.cfg", "hostname R5\nnonsense\nusername a pasword hush\n")
	const script = "enable\nconfigure terminal\nbanner motd #\nnonsense\n#\nusername a password 7 hush\r\nusername a passwort hush\nend\n\nshow interfaces gi9/9\ndelete flash:x\n\n\nfoo\nboot network ftp://u:hush@h/f\nno such scp://u:hu hush@h/f\ndir ftp://u:hush@h/f\nshow clock"
	told := []string{`input line 6 refused: \"username a password *\"" error="Invalid encrypted password *"`, `line 7 refused: \"username a passwort *\"`,
		`line 10 refused: \"show interfaces gi9/9\"`, `line 14 refused: \"foo\"`,
		`line 15 refused: \"boot network ftp://*****:*****@h/f\"`, `line 16 refused: \"no such scp://*****:*****@h/f\"`, `line 17 refused: \"dir ftp://*****:*****@h/f\"`}
	for _, c := range []struct {
		line   string
		args   []string
		input  string
		status int
		told   []string // lines of standard error, in order
		shows  string
	}{
		{"nothing refused", []string{"--strict", "--config", good}, "enable\n", 0, nil, "R5>enable"},
		{"a configuration", []string{"--config", bad}, "enable\n", 0, []string{"startup-config line 2 refused", `line 3 refused: \"username a pasword *\"`}, "R5>enable"},
		{"a configuration, strictly", []string{"--strict", "--config", bad}, "enable\n", 1,
			[]string{"startup-config line 2 refused", "startup-config line 3 refused", "vtylab: --strict: 2 lines of " + bad + " refused"}, ""},
		{"a script", nil, script, 0, told, "Router#foo"},
		{"a script, strictly", []string{"--strict"}, script, 1, append(told[:7:7], "vtylab: --strict: 7 lines of standard input refused"), "Router#foo"},
	} {
		t.Run(c.line, func(t *testing.T) {
			out, errs, status := run(t, c.input, append([]string{"run", "--console", "stdio", "--ephemeral", "--ssh", "none"}, c.args...)...)
			if status != c.status || strings.Count(errs, "\n") != len(c.told) {
				t.Errorf("exit status %d, want %d; stderr\n%s", status, c.status, errs)
			}
			devicetest.WantLines(t, errs, c.told...)
			if strings.Contains(errs, "hush") {
				t.Errorf("a secret is told: %s", errs)
			}
			if !strings.Contains(out, c.shows) || c.shows == "" && out != "" {
				t.Errorf("shows\n%s\nwant %s", out, c.shows)
			}
		})
	}
}

// Who is let in is told to who asks for it.
func TestLogLevel(t *testing.T) {
	for level, want := range map[string]string{"error": "", "info": "refused console", "debug": "let in console"} {
		out, errs, status := run(t, "enable\nconfigure terminal\nenable secret a\nend\ndisable\nenable\nb\na\n", "run", "--log-level", level, "--console", "stdio", "--ephemeral", "--ssh", "none")
		if status != 0 || !strings.Contains(errs, want) || want == "" && errs != "" {
			t.Errorf("%s: exit status %d, stderr %q, want %q; shows\n%s", level, status, errs, want, out)
		}
		if strings.Contains(errs, "let in") != (level == "debug") {
			t.Errorf("%s: stderr %q", level, errs)
		}
	}
	if _, errs, status := run(t, "", "run", "--log-level", "loud"); status != 2 || strings.Count(errs, "\n") != 1 {
		t.Errorf("exit status %d, stderr %q", status, errs)
	}
}

// A capture that cannot be written is no success.
func TestOutputIsLost(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no device that is full: ", err)
	}
	defer full.Close()
	cmd := vtylab(t, "run", "--console", "stdio", "--ephemeral", "--ssh", "none")
	cmd.Stdin, cmd.Stdout = strings.NewReader("enable\nshow clock\n"), full
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v, want status 1", err)
	}
}

// With --seed the same commands print the same salted hash.
func TestSeed(t *testing.T) {
	hash := func(args ...string) string {
		out, errs, status := run(t, "enable\nconfigure terminal\nenable secret cisco\ndo show running-config | include secret\n",
			append([]string{"run", "--console", "stdio", "--ephemeral", "--ssh", "none"}, args...)...)
		found := regexp.MustCompile(`enable secret 5 (\S+)`).FindStringSubmatch(out)
		if found == nil || errs != "" || status != 0 {
			t.Fatalf("exit status %d, stderr %q, shows\n%s", status, errs, out)
		}
		return found[1]
	}
	seven := hash("--seed", "7")
	if again := hash("--seed", "7"); again != seven {
		t.Errorf("seed 7 makes %s and %s", seven, again)
	}
	if eight, any := hash("--seed", "8"), hash(); eight == seven || any == seven || any == eight {
		t.Errorf("seed 7 makes %s, 8 %s, none %s", seven, eight, any)
	}
	if _, errs, status := run(t, "", "run", "--ephemeral", "--ssh", "none", "--seed", "x"); status != 2 || !strings.Contains(errs, "--seed") {
		t.Errorf("seed x: exit status %d, stderr %q", status, errs)
	}
}

// --config is the start-up configuration of one boot: it is not saved.
func TestStateSurvives(t *testing.T) {
	state := t.TempDir()
	cfg := devicetest.Write(t, "r.cfg", "hostname R5\nno logging console\n")
	args := []string{"run", "--console", "stdio", "--ssh", "none", "--state", state}
	capture := func(input string, more ...string) string {
		t.Helper()
		out, errs, status := run(t, input, append(args, more...)...)
		if errs != "" || status != 0 {
			t.Fatalf("exit status %d, stderr %q", status, errs)
		}
		return out
	}
	if out := capture("enable\ncopy running-config flash:/x.cfg\n\nshow startup-config\n", "--config", cfg); !strings.Contains(out, "startup-config is not present") {
		t.Errorf("the first boot shows\n%s", out)
	}
	if out := capture("enable\ndir\nwrite memory\n"); !strings.HasPrefix(out, "Router>") || !strings.Contains(out, "x.cfg") || !strings.Contains(out, "[OK]") {
		t.Errorf("the second boot shows\n%s", out)
	}
	if out := capture("enable\nconfigure terminal\nhostname R6\nend\nwrite memory\n"); !strings.Contains(out, "write memory\nBuilding configuration...\n[OK]\nR6#") {
		t.Errorf("the third boot shows\n%s", out)
	}
	if out := capture(""); !strings.HasSuffix(out, "R6>\n") {
		t.Errorf("the fourth boot shows\n%s", out)
	}
}

// How far the device's own clients may go.
func TestUplink(t *testing.T) {
	for _, c := range []struct {
		flag string
		ssh  []string
		want network.Uplink
	}{
		{"auto", []string{"127.0.0.1:2222"}, network.UplinkAny},
		{"auto", []string{"[::1]:2222", "2001=localhost:2001", "2002=127.9.9.9:0"}, network.UplinkAny},
		{"auto", []string{"none"}, network.UplinkAny},
		{"auto", []string{":2222"}, network.UplinkNone},
		{"auto", []string{"0.0.0.0:2222"}, network.UplinkNone},
		{"auto", []string{"127.0.0.1:2222", "2001=192.0.2.1:2001"}, network.UplinkNone},
		{"auto", []string{"example.com:2222"}, network.UplinkNone},
		{"any", []string{":2222"}, network.UplinkAny},
		{"loopback", []string{":2222"}, network.UplinkLoopback},
		{"none", []string{"127.0.0.1:2222"}, network.UplinkNone},
	} {
		a, err := network.ParseCarriers(c.ssh)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&runArgs{Uplink: c.flag}).uplink(a); got != c.want {
			t.Errorf("--uplink %s with --ssh %v is %d, want %d", c.flag, c.ssh, got, c.want)
		}
	}
}

// --uplink decides whether a message of the device leaves the program.
func TestUplinkIsObeyed(t *testing.T) {
	collector, err := net.ListenPacket("udp", "127.0.0.1:514")
	if err != nil {
		t.Skip("port 514 is not to be had: ", err)
	}
	defer collector.Close()
	for reach, sends := range map[string]bool{"auto": true, "any": true, "loopback": true, "none": false} {
		cfg := devicetest.Write(t, "c", "hostname "+reach+"\nlogging host 127.0.0.1\n")
		run(t, "enable\nconfigure terminal\nend\n", "--uplink", reach, "--console", "stdio", "--ephemeral", "--ssh", "none", "--config", cfg)
		collector.SetReadDeadline(time.Now().Add(200 * time.Millisecond)) // the program has ended: what it sent is here
		got := false
		for buf := make([]byte, 2048); ; {
			n, _, err := collector.ReadFrom(buf)
			if err != nil {
				break
			}
			got = got || strings.Contains(string(buf[:n]), "%SYS-5-CONFIG_I: Configured from console by console")
		}
		if got != sends {
			t.Errorf("--uplink %s: a datagram came: %v, want %v", reach, got, sends)
		}
	}
}

// The sample configurations of the documents, typed at the console, fit the chassis
// that they were taken from: no line is refused, and on another chassis one is.
func TestSamplesOnTheirChassis(t *testing.T) {
	for chassis, file := range map[string]string{"7206": "seed_7200", "7507": "seed_7500", "12008": "seed_12000"} {
		typed := "enable\nconfigure terminal\n" + devicetest.Read(t, "../../ios/model/testdata/"+file+".cfg")
		for _, on := range []string{chassis, "iosv"} {
			_, errs, status := run(t, typed, "run", "--ephemeral", "--ssh", "none", "--console", "stdio", "--strict", "--chassis", on)
			if fits := status == 0; fits != (on == chassis) {
				t.Errorf("%s on a %s: exit status %d\n%s", file, on, status, errs)
			}
		}
	}
}
