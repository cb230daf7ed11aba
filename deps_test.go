package vtylab_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the import policy, after Go's src/go/build/deps_test.go: a package
// may import what stands on its own line behind "<", and what those may import.
// Packages of one line do not import each other.
const floors = `
	# floor 1: codecs, grammars, files
	NONE < cli, cli/edit, scp, ifs, secret, syslog, ssh, ssh/wire, config/diff, aaa/tacacs, aaa/radius;

	# floor 2: the language of configurations, the network, key pairs; the engines
	cli, secret < config;
	NONE < network;
	ssh < keyring;
	ssh, ssh/wire < ssh/ssh2;

	# floor 3: services take settings; there is no product in them
	cli/edit < tty;
	network, secret, aaa/tacacs, aaa/radius < aaa;
	network, aaa/tacacs, aaa/radius, secret < aaaserver;
	network, ssh, ssh/ssh2 < sshserver, sshclient;
	network < resolver, telnet;
	network, ssh, ssh/ssh2, scp, sshclient < transfer;

	# floor 4: composition
	config, keyring, tty, aaa, sshserver, sshclient, telnet, resolver, transfer, cli/edit, scp, ifs, syslog < device;

	# floor 5: products
	config, tty, network < ios/model;
	device, ios/model, config/diff < ios/exec;
	ios/exec < ios/release;
	ios/release < ios;
	config, tty, network < asa/model;
	device, asa/model < asa/exec;
	asa/exec < asa;

	# floor 6: the list of products
	ios, asa < products;

	# floor 7: many devices on one network, and a helper for tests of users
	products, aaaserver < lab;
	lab < labtest;

	# floor 8: programs
	lab < cmd/vtylab, bench;

	# tests: the kit, and the packages that are nothing but tests
	NONE < internal/foreign;
	products, aaaserver, internal/foreign < internal/devicetest;
	internal/devicetest < test/transcripts, test/interop, test/hostile;
`

func TestFloors(t *testing.T) {
	allowed := policy(t)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		if strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(pkg, "test/") {
			return nil // the tests of a package may look at all others
		}
		if strings.HasPrefix(pkg, "examples") {
			return nil
		}
		may, known := allowed[pkg]
		if !known {
			t.Errorf("package %s stands on no floor: add it to the policy", pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(name, "vtylab/"); ok && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which is not below it", path, ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// policy expands the text into what each package may import.
func policy(t *testing.T) map[string][]string {
	allowed := map[string][]string{}
	var text strings.Builder
	for line := range strings.Lines(floors) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			text.WriteString(line)
		}
	}
	for _, rule := range strings.Split(text.String(), ";") {
		if strings.TrimSpace(rule) == "" {
			continue
		}
		below, above, ok := strings.Cut(rule, "<")
		if !ok {
			t.Fatalf("no < in %q", rule)
		}
		var may []string
		for _, b := range names(below) {
			if b == "NONE" {
				continue
			}
			if _, known := allowed[b]; !known {
				t.Fatalf("%s is used before it is defined", b)
			}
			may = append(append(may, b), allowed[b]...)
		}
		for _, a := range names(above) {
			allowed[a] = may
		}
	}
	return allowed
}

func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\n", r) })
}
