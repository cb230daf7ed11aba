package lab

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"vtylab/network"
)

// LoadOptions say how a topology file is read.
type LoadOptions struct {
	// SkipUnknown leaves out nodes of kinds that cannot be run, and their links.
	SkipUnknown bool
}

// Load reads a topology file, and the configurations that it names beside it. The error
// begins with the name of the file.
func Load(path string, o LoadOptions) (*Topology, error) {
	text, err := readRegular(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("topology: %w", err)
	}
	return Parse(path, text, o)
}

// Parse is Load for the text of a file; the name is for errors, and its directory is
// where start-up configurations are looked for.
func Parse(file, text string, o LoadOptions) (*Topology, error) {
	s, root, err := parseSyntax(file, text)
	if err != nil {
		return nil, err
	}
	l := &loader{syntax: s, o: o, t: &Topology{Uplink: network.UplinkNone}, files: map[string]string{},
		kindDefs: map[string]*definition{}, groups: map[string]*definition{}, nodes: map[string]*found{}, skipped: map[string]bool{}}
	if err := l.file(root); err != nil {
		return nil, err
	}
	return l.t, nil
}

// loader puts a Topology together.
type loader struct {
	*syntax
	o        LoadOptions
	t        *Topology
	files    map[string]string // start-up configurations that were read
	defaults *definition
	kindDefs map[string]*definition
	groups   map[string]*definition
	nodes    map[string]*found // by name, also bridges
	skipped  map[string]bool   // nodes that SkipUnknown has left out
	leftOut  register          // those by their kinds
	ignored  register          // the parts of the file, by the keys without effect there
	wires    wires
}

// found is a node by its name.
type found struct{ *design }

// section is a key of a mapping and what reads its value.
type section struct {
	key  string
	read func(entry) error
}

// sections reads the entries of a mapping in the order of sections, which may differ
// from that of the file; keys of others are noted as ignored.
func (l *loader) sections(n ast.Node, what, where string, k keys, all []section) error {
	entries, err := l.mapping(n, what)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if refusal := k.refusal(e.key); refusal != "" {
			return l.errorf(e.at, "%s", refusal)
		}
		if slices.Contains(k.others, e.key) {
			l.ignore(e.key, where)
		}
	}
	for _, x := range all {
		for _, e := range entries {
			if e.key != x.key {
				continue
			}
			if err := x.read(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) file(root ast.Node) error {
	if root == nil || !l.isMapping(root) {
		return l.errorf(root, "want a mapping with name and topology")
	}
	topology := false
	err := l.sections(root, "topology file", "", fileKeys, []section{
		{"name", l.name},
		{"uplink", l.uplink},
		{"topology", func(e entry) error { topology = true; return l.topology(e.value) }},
	})
	switch {
	case err != nil:
		return err
	case l.t.Name == "":
		return l.errorf(root, "no name, want name: NAME")
	case !topology:
		return l.errorf(root, "no topology, want topology: with nodes")
	}
	l.t.Links = l.wires.links(l.nodes)
	for _, kind := range l.leftOut.order {
		l.t.Ignored = append(l.t.Ignored, fmt.Sprintf("left out, with their links: nodes of kind %s (%s)", kind, few(l.leftOut.of[kind])))
	}
	l.t.Ignored = append(l.t.Ignored, l.sentences()...)
	return nil
}

var labName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_. -]{0,63}$`)

func (l *loader) name(e entry) (err error) {
	if l.t.Name, err = l.text(e.value, "name"); err == nil && !labName.MatchString(l.t.Name) {
		err = l.errorf(e.value, "name %q: want letters, digits, and . _ - between them, 64 at most", l.t.Name)
	}
	return err
}

func (l *loader) uplink(e entry) error {
	text, err := l.text(e.value, "uplink")
	if err != nil {
		return err
	}
	u, err := ParseUplink(text)
	if err != nil {
		return l.errorf(e.value, "uplink %v", err)
	}
	l.t.Uplink = u
	return nil
}

// ParseUplink is a reach by its name.
func ParseUplink(text string) (network.Uplink, error) {
	for _, u := range []network.Uplink{network.UplinkAny, network.UplinkLoopback, network.UplinkNone} {
		if u.String() == text {
			return u, nil
		}
	}
	return 0, fmt.Errorf("%q: want any, loopback or none", text)
}

func (l *loader) topology(n ast.Node) error {
	return l.sections(n, "topology", "", topologyKeys, []section{
		{"defaults", func(e entry) (err error) {
			l.defaults, err = l.definition(e.value, "defaults")
			return err
		}},
		{"kinds", func(e entry) error { return l.definitions(e.value, "kind", l.kindDefs) }},
		{"groups", func(e entry) error { return l.definitions(e.value, "group", l.groups) }},
		{"nodes", l.nodesOf},
		{"links", l.linksOf},
	})
}

func (l *loader) definitions(n ast.Node, what string, into map[string]*definition) error {
	entries, err := l.mapping(n, what+"s")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if into[e.key], err = l.definition(e.value, what+" "+e.key); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) nodesOf(e entry) error {
	entries, err := l.mapping(e.value, "nodes")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := l.node(e); err != nil {
			return err
		}
	}
	return nil
}

var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$`)

// node reads a node, or those that it stands for.
func (l *loader) node(e entry) error {
	own, err := l.definition(e.value, e.key)
	if err != nil {
		return err
	}
	at := l.placeOf(e.at)
	levels, word := l.levels(own)
	if !word.set() {
		return at.errorf("node %q has no kind, want one of %s", e.key, kindNames())
	}
	k, known := allKinds()[word.text]
	if !known && !l.o.SkipUnknown {
		return word.errorf("unknown kind %q, want one of %s (--skip-unknown leaves such nodes out)", word.text, kindNames())
	}
	d := &design{kind: k}
	if known {
		if d, err = l.design(k, levels, e.key); err != nil {
			return err
		}
	}
	return l.each(own.count, "node", func(i count) error {
		name := e.key
		if i > 0 {
			if name, err = i.in(e.key); err != nil {
				return at.errorf("%v", err)
			}
		}
		return l.add(name, known, word.text, d, i, at)
	})
}

// add takes a node into the topology.
func (l *loader) add(name string, known bool, word string, d *design, i count, at place) error {
	switch {
	case !nodeName.MatchString(name):
		return at.errorf("node %q: want a letter or digit, then letters, digits and . _ -, 63 in all at most", name)
	case isSpecial(name):
		return at.errorf("node %q: the name stands for the host in links", name)
	case l.nodes[name] != nil || l.skipped[name]:
		return at.errorf("node %q: there is one already%s", name, map[bool]string{true: ", want {i} in the name"}[i > 0])
	case len(l.nodes)+len(l.skipped) == maxNodes:
		return at.errorf("more than %d nodes", maxNodes)
	case !known:
		l.skipped[name] = true
		l.leftOut.add(word, name)
		return nil
	}
	l.nodes[name] = &found{d}
	if d.kind.role == roleBridge {
		return nil
	}
	n := NodeSpec{Name: name, design: d, i: i}
	if i <= 1 || n.path.set() {
		if err := n.check(); err != nil {
			return err
		}
	}
	l.t.Nodes = append(l.t.Nodes, n)
	return nil
}

// each calls f for 1 to count, or once with 0 where there is none.
func (l *loader) each(f field, what string, do func(count) error) error {
	if !f.set() {
		return do(0)
	}
	n, err := strconv.Atoi(f.text)
	if err != nil || n < 1 || n > maxNodes {
		return f.errorf("count %q: want a number from 1 to %d", f.text, maxNodes)
	}
	for i := range n {
		if err := do(count(i + 1)); err != nil {
			return err
		}
	}
	return nil
}

// register is names under words, both in the order in which they came.
type register struct {
	order []string
	of    map[string][]string
}

func (r *register) add(word, name string) {
	if r.of == nil {
		r.of = map[string][]string{}
	}
	if r.of[word] == nil {
		r.order = append(r.order, word)
	}
	if all := r.of[word]; len(all) == 0 || all[len(all)-1] != name {
		r.of[word] = append(all, name)
	}
}

func (l *loader) ignore(key, where string) { l.ignored.add(key, where) }

// few are names, not too many.
func few(names []string) string {
	const most = 4
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// sentences name the keys without effect, those of the same places in one.
func (l *loader) sentences() (all []string) {
	var places register
	for _, key := range l.ignored.order {
		places.add(few(l.ignored.of[key]), key)
	}
	for _, where := range places.order {
		line := "ignored: " + strings.Join(places.of[where], ", ")
		if where != "" {
			line += " (" + where + ")"
		}
		all = append(all, line)
	}
	return all
}

func quoted(what, value string) string { return fmt.Sprintf("%s %q", what, value) }

// beside is the path of a file that the topology file names.
func (p place) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(p.file), name)
}

// fileSource is a start-up configuration that was read from a file beside the file.
func (p place) fileSource(name, text string) source {
	return source{text: text, first: place{file: p.beside(name), line: 1}}
}

// readFile reads a start-up configuration beside the file.
func (p place) readFile(name string) (string, error) {
	path := p.beside(name)
	text, err := readRegular(path, maxStartup)
	if err != nil {
		return "", p.errorf("startup-config: %v", err)
	}
	return strings.TrimPrefix(text, "\ufeff"), nil // editors of Windows begin with it
}

// readRegular reads a file of at most so many bytes, whatever size it says it has.
func readRegular(path string, most int64) (string, error) {
	// Look before the file is open too: a pipe waits for its other end, and a device may
	// do something.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", &Error{File: path, Text: "want a file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", &Error{File: path, Text: "want a file"}
	}
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = &Error{File: path, Text: fmt.Sprintf("more than %d bytes", most)}
	}
	return string(text), err
}
