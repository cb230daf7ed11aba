package interop

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	xssh "golang.org/x/crypto/ssh"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
	"vtylab/ios"
	"vtylab/ios/exec"
	"vtylab/ios/model"
	"vtylab/keyring"
)

// algorithms are the names that one side has, by class.
type algorithms struct{ Kex, HostKey, Ciphers, MACs []string }

// algorithms are those of a KEXINIT whose two directions are the same.
func (o offered) algorithms() algorithms {
	return algorithms{o.Kex, o.HostKey, o.CiphersOut, o.MACsOut}
}

// combination is a name of each class. MAC is "" with a cipher that brings its
// own.
type combination struct{ Kex, HostKey, Cipher, MAC string }

func (c combination) String() string {
	return strings.Join([]string{c.Kex, c.HostKey, c.Cipher, c.MAC}, "/")
}

// combinations are those of what both have, in the order of the first.
func (a algorithms) combinations(b algorithms) (all []combination) {
	c := a.common(b)
	for _, hostKey := range c.HostKey {
		for _, kex := range c.Kex {
			for _, cipher := range c.Ciphers {
				macs := c.MACs
				if strings.Contains(cipher, "gcm") || strings.Contains(cipher, "poly1305") {
					macs = []string{""}
				}
				for _, mac := range macs {
					all = append(all, combination{kex, hostKey, cipher, mac})
				}
			}
		}
	}
	return all
}

func (a algorithms) common(b algorithms) algorithms {
	return algorithms{only(a.Kex, b.Kex), only(a.HostKey, b.HostKey), only(a.Ciphers, b.Ciphers), only(a.MACs, b.MACs)}
}

// only keeps the names that others has too.
func only(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(others, name) })
}

// without drops the names that others has too.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

// names are those of all classes.
func (a algorithms) names() []string { return slices.Concat(a.Kex, a.HostKey, a.Ciphers, a.MACs) }

// sample picks combinations until each name of theirs has been met.
func sample(all []combination) (some []combination) {
	met := map[string]bool{"": true}
	fresh := func(c combination) (n int) {
		for _, name := range []string{c.Kex, c.HostKey, c.Cipher, c.MAC} {
			if !met[name] {
				n++
			}
		}
		return n
	}
	for len(all) > 0 {
		c := slices.MaxFunc(all, func(a, b combination) int { return fresh(a) - fresh(b) })
		if fresh(c) == 0 {
			break
		}
		some = append(some, c)
		met[c.Kex], met[c.HostKey], met[c.Cipher], met[c.MAC] = true, true, true, true
	}
	return some
}

// matrix is one client and one router.
type matrix struct {
	*devicetest.Router
	client  matrixClient
	offered algorithms
	keys    map[string]*keyring.Pair // the EC key that a host key algorithm needs
	content string                   // of the file that is copied
	rekey   int                      // bytes after which the client changes keys
	begun   map[string]int           // key changes so far, by who began them
}

// newMatrix boots a router and finds out what it offers, with each host key. It
// changes keys of its own accord late in a copy, when the client has not:
// AsyncSSH counts only what it sends, Dropbear counts a gigabyte, and a short
// file is over before one that is sent to has said anything.
func newMatrix(t *testing.T, release string, size int) *matrix {
	t.Helper()
	own := devicetest.Release(t, release)
	// Debugging is how the router tells of key exchanges: in the same words on
	// each release, and without the short reads that belong to the others.
	own.Dialect = exec.Dialect{Kex: "SSH2 %d: %s %s %s", Chosen: true}
	m := &matrix{Router: devicetest.StartProduct(t, ios.New(own), "logging buffered 65536 debugging\n"), keys: map[string]*keyring.Pair{},
		content: devicetest.Blob(size), rekey: size / 2, begun: map[string]int{}}
	m.Debug("ip ssh detail")
	m.Change(func(c *model.Config) { c.SSH.RekeyKBytes = size * 3 / 4 >> 10 })
	keys, err := devicetest.ECKeys()
	if err != nil {
		t.Fatal(err)
	}
	m.offered = offer(t, m.Router).algorithms()
	for _, key := range keys {
		m.AddKeys(key)
		for _, name := range offer(t, m.Router).HostKey {
			if !slices.Contains(m.offered.HostKey, name) {
				m.offered.HostKey = append(m.offered.HostKey, name)
				m.keys[name] = key
			}
		}
	}
	return m
}

// visit is one combination: the client logs in and runs a command, puts a file,
// fetches it, in three connections, and keys are changed in the midst of both
// copies.
type visit struct {
	*matrix
	*devicetest.Router // of the subtest, like t
	t                  *testing.T
	combination
}

// The command of a visit, and the file that it puts and fetches.
const (
	visitCommand = "show privilege"
	visitFile    = "/matrix.bin"
)

func (v *visit) remote() string { return v.Flash() + visitFile }

// run makes the visit and checks what came of it, at the client and the router.
func (v *visit) run() {
	if key := v.keys[v.HostKey]; key != nil {
		v.AddKeys(key)
	}
	v.ClearLog()
	v.Debug("ip scp")
	defer func() {
		if v.t.Failed() {
			v.t.Logf("the router logs\n%s", strings.Join(v.Log(), "\n"))
		}
	}()
	shown, back := v.client.visit(v)
	if !strings.Contains(shown, "level is 15") {
		v.t.Errorf("%s shows %q", visitCommand, shown)
	}
	if back != v.content {
		v.t.Errorf("%d bytes came back that are not the %d that were put", len(back), len(v.content))
	}
	v.exchanged()
	if err := v.Remove(v.remote()); err != nil {
		v.t.Fatal(err)
	}
}

// The lines of debugging that tell of key exchanges.
var (
	visitBegins = regexp.MustCompile(`SSH\d+: starting SSH control process`)
	visitInit   = regexp.MustCompile(`SSH2 \d+: SSH2_MSG_KEXINIT (sent|received)`)
	visitKeys   = regexp.MustCompile(`SSH2 \d+: (server->client|Using kex_algo =|Using hostkey algo =) (.*)`)
)

// exchanged checks the router's log: three connections, of which the second and
// third changed keys, and each key exchange led to the combination.
func (v *visit) exchanged() {
	v.t.Helper()
	want := map[string]string{"server->client": v.Cipher + " " + v.MAC, "Using kex_algo =": v.Kex, "Using hostkey algo =": v.HostKey}
	var exchanges []int // of each connection
	first := ""         // of the two KEXINITs of a key exchange
	for _, line := range v.Log() {
		if visitBegins.MatchString(line) {
			exchanges = append(exchanges, 0)
		} else if m := visitInit.FindStringSubmatch(line); m != nil {
			first = cmp.Or(first, m[1])
		} else if m := visitKeys.FindStringSubmatch(line); m != nil {
			if !strings.HasPrefix(m[2], want[m[1]]) {
				v.t.Errorf("the router logs %q, want %s", line, want[m[1]])
			}
			if m[1] == "server->client" {
				n := &exchanges[len(exchanges)-1]
				if *n++; *n > 1 {
					v.begun[first]++
				}
				first = ""
			}
		}
	}
	if len(exchanges) != 3 || exchanges[0] < 1 || exchanges[1] < 2 || exchanges[2] < 2 {
		v.t.Errorf("key exchanges of the router's connections: %v, want one for the command, two or more for each copy", exchanges)
	}
}

// narrow leaves the router nothing to offer but the combination: for clients
// that cannot be told.
func (v *visit) narrow() {
	v.t.Helper()
	v.Change(func(c *model.Config) {
		s := &c.SSH.Server
		s.Kex, s.HostKey, s.Encryption, s.MAC = []string{v.Kex}, []string{v.HostKey}, []string{v.Cipher}, v.offered.MACs
		if v.MAC != "" {
			s.MAC = []string{v.MAC}
		}
	})
}

// matrixClient is a foreign client as the matrix uses it.
type matrixClient interface {
	// has is what the client has.
	has() algorithms
	// visit returns what the command showed and the file that was fetched.
	visit(v *visit) (shown, back string)
}

// matrixOpenSSH is OpenSSH's ssh and scp.
type matrixOpenSSH struct{ t *testing.T }

func newMatrixOpenSSH(t *testing.T, _ *matrix) matrixClient {
	foreign.Need(t, "ssh", "scp")
	return matrixOpenSSH{t}
}

func (c matrixOpenSSH) has() algorithms {
	query := func(class string) []string {
		return strings.Fields(foreign.Command(c.t, "ssh", "-Q", class).Run().Ends(0))
	}
	return algorithms{query("kex"), query("HostKeyAlgorithms"), query("cipher"), query("mac")}
}

func (matrixOpenSSH) visit(v *visit) (shown, back string) {
	options := []string{"-o", "PreferredAuthentications=password", "-o", "RekeyLimit=" + strconv.Itoa(v.rekey),
		"-o", "KexAlgorithms=" + v.Kex, "-o", "HostKeyAlgorithms=" + v.HostKey, "-o", "Ciphers=" + v.Cipher}
	if v.MAC != "" {
		options = append(options, "-o", "MACs="+v.MAC)
	}
	tool := func(name string, args ...string) string {
		return v.OpenSSHTool(name, "cisco:cisco", append(options, args...)...).Run().Ends(0)
	}
	shown = tool("ssh", "-e", "none", "r1", visitCommand)
	tool("scp", "-O", devicetest.Write(v.t, "there", v.content), "r1:"+v.remote())
	local := filepath.Join(v.t.TempDir(), "back")
	tool("scp", "-O", "r1:"+v.remote(), local)
	return shown, devicetest.Read(v.t, local)
}

// matrixPuTTY is PuTTY's plink and pscp. Their users order groups of algorithms,
// they do not pick one.
type matrixPuTTY struct {
	t    *testing.T
	home string
}

func newMatrixPuTTY(t *testing.T, m *matrix) matrixClient {
	foreign.Need(t, "plink", "pscp")
	return matrixPuTTY{t, foreign.PuTTYHome(t, "RekeyBytes="+strconv.Itoa(m.rekey)+"\n")}
}

func (c matrixPuTTY) has() algorithms {
	return tells(c.t, func(port string) foreign.Program {
		return foreign.PuTTY(c.t, "plink", port, nil, "-l", "cisco", "-pw", "cisco", "127.0.0.1")
	})
}

func (c matrixPuTTY) visit(v *visit) (shown, back string) {
	v.narrow()
	tool := func(name string, args ...string) string {
		p := v.PuTTY(name, "cisco:cisco", args...)
		p = p.With("HOME=" + c.home)
		// It asks for each direction whether a cipher may be used that Terrapin
		// attacks; with -batch the answer is no.
		p.Args = without(p.Args, []string{"-batch"})
		return p.Typing("y\ny\n").Run().Ends(0)
	}
	shown = tool("plink", "-no-antispoof", "-ssh", "127.0.0.1", visitCommand)
	tool("pscp", "-q", "-scp", devicetest.Write(v.t, "there", v.content), "127.0.0.1:"+v.remote())
	local := filepath.Join(v.t.TempDir(), "back")
	tool("pscp", "-q", "-scp", "127.0.0.1:"+v.remote(), local)
	return shown, devicetest.Read(v.t, local)
}

// matrixDropbear is Dropbear's dbclient, which can be told ciphers and MACs
// only, and changes keys of its own after a gigabyte.
type matrixDropbear struct{ t *testing.T }

func newMatrixDropbear(t *testing.T, _ *matrix) matrixClient {
	foreign.Need(t, "dbclient")
	return matrixDropbear{t}
}

func (c matrixDropbear) has() algorithms {
	return tells(c.t, func(port string) foreign.Program { return foreign.Dropbear(c.t, port, "cisco:cisco", "exit") })
}

func (c matrixDropbear) visit(v *visit) (shown, back string) {
	v.narrow()
	return handmade(v, func(input, command string) string {
		o := foreign.Dropbear(v.t, v.Port, "cisco:cisco", command).Typing(input).Run()
		o.Ends(0)
		return o.Out
	})
}

// handmade is a visit by a client that runs commands only: the dialogue of scp
// is typed.
func handmade(v *visit, run func(input, command string) string) (shown, back string) {
	shown = run("", visitCommand)
	header := fmt.Sprintf("C0644 %d matrix.bin\n", len(v.content))
	run(header+v.content+"\x00", "scp -t "+v.remote())
	back = run("\x00\x00\x00", "scp -f "+v.remote())
	return shown, strings.TrimSuffix(strings.TrimPrefix(back, header), "\x00")
}

// tells runs a client that connects to a port and is told nothing: its KEXINIT
// has all that it knows.
func tells(t *testing.T, connect func(port string) foreign.Program) algorithms {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	var offer offered
	told := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			offer, err = readOffer(conn)
		}
		told <- err
	}()
	o := connect(port).Run()
	l.Close()
	if err := <-told; err != nil {
		t.Fatalf("%v: %v\n%s", o.Program, err, o.Errs)
	}
	return offer.algorithms()
}

// matrixGo is golang.org/x/crypto/ssh.
type matrixGo struct{}

func newMatrixGo(*testing.T, *matrix) matrixClient { return matrixGo{} }

func (matrixGo) has() algorithms {
	a, b := xssh.SupportedAlgorithms(), xssh.InsecureAlgorithms()
	kex := append(a.KeyExchanges, "curve25519-sha256@libssh.org") // goes without saying with the other name
	return algorithms{slices.Concat(kex, b.KeyExchanges), slices.Concat(a.HostKeys, b.HostKeys),
		slices.Concat(a.Ciphers, b.Ciphers), slices.Concat(a.MACs, b.MACs)}
}

func (matrixGo) visit(v *visit) (shown, back string) {
	cfg := &xssh.ClientConfig{User: "cisco", Auth: []xssh.AuthMethod{xssh.Password("cisco")},
		HostKeyCallback: xssh.InsecureIgnoreHostKey(), HostKeyAlgorithms: []string{v.HostKey}}
	cfg.KeyExchanges, cfg.Ciphers, cfg.RekeyThreshold = []string{v.Kex}, []string{v.Cipher}, uint64(v.rekey)
	if v.MAC != "" {
		cfg.MACs = []string{v.MAC}
	}
	return handmade(v, func(input, command string) string {
		c, err := xssh.Dial("tcp", v.Addr(), cfg)
		if err != nil {
			v.t.Fatal(err)
		}
		defer c.Close()
		s, err := c.NewSession()
		if err != nil {
			v.t.Fatal(err)
		}
		s.Stdin = strings.NewReader(input)
		out, err := s.Output(command)
		if err != nil {
			v.t.Fatalf("%s: %v, after %.200q", command, err, out)
		}
		return string(out)
	})
}

// matrixPython is a process of clients/matrix.py, which makes one visit
// after another.
type matrixPython struct {
	out    *json.Encoder
	in     *json.Decoder
	kill   func() error
	tables algorithms
}

// newMatrixPython starts it with a module.
func newMatrixPython(module string, more ...string) func(*testing.T, *matrix) matrixClient {
	return func(t *testing.T, _ *matrix) matrixClient {
		cmd := foreign.Python(t, append(more, module), script(t, "matrix.py"), module).Cmd(t.Context())
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { in.Close(); cmd.Wait() })
		c := &matrixPython{out: json.NewEncoder(in), in: json.NewDecoder(out), kill: cmd.Process.Kill}
		if err := c.in.Decode(&c.tables); err != nil {
			t.Fatalf("matrix.py %s: %v", module, err)
		}
		return c
	}
}

func (c *matrixPython) has() algorithms { return c.tables }

func (c *matrixPython) visit(v *visit) (shown, back string) {
	port, _ := strconv.Atoi(v.Port)
	local := filepath.Join(v.t.TempDir(), "back")
	err := c.out.Encode(struct {
		combination
		Port, Rekey                  int
		Command, There, Remote, Back string
	}{v.combination, port, v.rekey, visitCommand, devicetest.Write(v.t, "there", v.content), v.remote(), local})
	if err != nil {
		v.t.Fatal(err)
	}
	late := time.AfterFunc(2*foreign.Patience, func() { c.kill() })
	defer late.Stop()
	var answer struct{ Shown, Problem string }
	if err := c.in.Decode(&answer); err != nil {
		v.t.Fatal(err)
	}
	if answer.Problem != "" {
		v.t.Fatal(answer.Problem)
	}
	return answer.Shown, devicetest.Read(v.t, local)
}

// Every cipher, MAC, key exchange and host key that a release offers, with every
// client that has them. Without VTYLAB_MATRIX=1 it is a sample, in which each
// name is met once, with small files.
func TestMatrix(t *testing.T) {
	size, whole := 64<<10, os.Getenv("VTYLAB_MATRIX") == "1"
	if whole {
		size = 8 << 20
	} else {
		t.Log("a sample: VTYLAB_MATRIX=1 runs every combination, with files of 8 MB")
	}
	turns := make(chan bool, 100)
	if whole {
		turns = make(chan bool, 2)
	}
	for _, c := range []struct {
		name string
		open func(*testing.T, *matrix) matrixClient
	}{
		{"OpenSSH", newMatrixOpenSSH},
		{"PuTTY", newMatrixPuTTY},
		{"Dropbear", newMatrixDropbear},
		{"Paramiko", newMatrixPython("paramiko", "scp")},
		{"AsyncSSH", newMatrixPython("asyncssh")},
		{"Go", newMatrixGo},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			devicetest.Each(t, func(t *testing.T, release string) {
				m := newMatrix(t, release, size)
				m.client = c.open(t, m)
				has := m.client.has()
				all := m.offered.combinations(has)
				some := all
				if !whole {
					some = sample(all)
				}
				if len(all) == 0 {
					t.Errorf("nothing in common: %s offers %v, the client has %v", release, m.offered, has)
				}
				for _, c := range some {
					t.Run(c.String(), func(t *testing.T) {
						turns <- true
						defer func() { <-turns }()
						v := &visit{m, m.In(t), t, c}
						v.run()
					})
				}
				t.Logf("%s with %s: %d combinations of %d; the client changed keys %d times, the router %d times; the client lacks %q",
					c.name, release, len(some), len(all), m.begun["received"], m.begun["sent"], without(m.offered.names(), has.names()))
			})
		})
	}
}
