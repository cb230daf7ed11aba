package lab

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// wire is a link of the file.
type wire struct {
	ends []End
	at   []place // of each end
}

// wires are the links of a file.
type wires struct {
	all   []wire
	taken map[End]bool
}

func (l *loader) linksOf(e entry) error {
	values, err := l.list(e.value, "links")
	if err != nil {
		return err
	}
	for _, v := range values {
		if err := l.link(v); err != nil {
			return err
		}
	}
	return nil
}

// end is one end of a link as the file has it.
type end struct {
	node, iface string
	place
}

// link reads a link, or those that it stands for. Its type does not matter: an end that
// is no node's is left out.
func (l *loader) link(n ast.Node) error {
	if !l.isMapping(n) {
		return l.errorf(n, `link: want endpoints: ["NODE:INTERFACE", "NODE:INTERFACE"]`)
	}
	var ends []end
	var many field
	one := false
	err := l.sections(n, "link", "links", linkKeys, []section{
		{"type", func(e entry) error { return l.linkType(e, &one) }},
		{"count", func(e entry) (err error) { many, err = l.lineOf(e.value, "count"); return err }},
		{"endpoints", func(e entry) (err error) { ends, err = l.endpoints(e.value); return err }},
		{"endpoint", func(e entry) error {
			more, err := l.endpoints(e.value)
			ends, one = append(ends, more...), true
			return err
		}},
	})
	switch {
	case err != nil:
		return err
	case len(ends) == 0 || len(ends) == 1 && !one:
		return l.errorf(n, "link with %d endpoints, want two or more", len(ends))
	}
	return l.each(many, "link", func(i count) error { return l.wire(ends, i, l.placeOf(n)) })
}

// linkType reads containerlab's word for a link; one is set for those with one endpoint.
func (l *loader) linkType(e entry, one *bool) error {
	t, err := l.line(e.value, "type")
	switch {
	case err != nil:
		return err
	case isSpecial(t):
		*one = true
		l.ignore("links to "+t, "")
	case t != "veth" && t != "":
		return l.errorf(e.value, "unknown type of link %q, want one of veth, %s", t, strings.Join(special, ", "))
	}
	return nil
}

func (l *loader) endpoints(n ast.Node) (all []end, err error) {
	values, err := l.list(n, "endpoints")
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		e, err := l.endpoint(v)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// endpoint is NODE:INTERFACE, or a mapping of both.
func (l *loader) endpoint(n ast.Node) (end, error) {
	e := end{place: l.placeOf(n)}
	if l.isMapping(n) {
		return e, l.sections(n, "endpoint", "endpoints", endpointKeys, []section{
			{"node", func(x entry) (err error) { e.node, err = l.line(x.value, "node"); return err }},
			{"interface", func(x entry) (err error) { e.iface, err = l.line(x.value, "interface"); return err }}})
	}
	text, err := l.line(n, "endpoint")
	if err != nil {
		return e, err
	}
	var ok bool
	if e.node, e.iface, ok = strings.Cut(text, ":"); !ok || e.node == "" || e.iface == "" {
		return e, l.errorf(n, "endpoint %q: want NODE:INTERFACE", text)
	}
	return e, nil
}

// wire adds one link.
func (l *loader) wire(ends []end, i count, at place) error {
	var w wire
	for _, e := range ends {
		named, ok, err := l.plug(e, i)
		if err != nil {
			return err
		}
		if ok {
			w.ends, w.at = append(w.ends, named), append(w.at, e.place)
		}
	}
	if len(l.wires.all) == maxLinks {
		return at.errorf("more than %d links", maxLinks)
	}
	l.wires.all = append(l.wires.all, w)
	return nil
}

// plug is an end of a link under the names that node and interface have; ok is false
// for one that is left out.
func (l *loader) plug(e end, i count) (named End, ok bool, err error) {
	if i > 0 {
		if e.node, err = i.in(e.node); err == nil {
			e.iface, err = i.in(e.iface)
		}
		if err != nil {
			return End{}, false, e.errorf("%v", err)
		}
	}
	n := l.nodes[e.node]
	switch {
	case isSpecial(e.node):
		l.ignore("links to "+e.node, "")
		return End{}, false, nil
	case l.skipped[e.node]:
		return End{}, false, nil
	case n == nil:
		return End{}, false, e.errorf("no node %q", e.node)
	case e.iface == "":
		return End{}, false, e.errorf("endpoint of %s without an interface", e.node)
	}
	name, err := n.kind.portName(e.iface, n.chassis)
	if err != nil {
		return End{}, false, e.errorf("%s: %v", e.node, err)
	}
	named = End{Node: e.node, Interface: name}
	if l.wires.taken == nil {
		l.wires.taken = map[End]bool{}
	}
	if l.wires.taken[named] {
		return End{}, false, e.errorf("%s of %s is in another link", name, e.node)
	}
	l.wires.taken[named] = true
	return named, true, nil
}

// links joins the wires that meet in a bridge: each of the result is one segment, in the
// order of the first of its wires.
func (w *wires) links(nodes map[string]*found) (all []LinkSpec) {
	root := make([]int, len(w.all)) // the wire that stands for the segment of each
	for i := range root {
		root[i] = i
	}
	top := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	bridges := map[string]int{}
	for i, x := range w.all {
		for _, e := range x.ends {
			if nodes[e.Node].kind.role != roleBridge {
				continue
			}
			j, met := bridges[e.Node]
			if !met {
				bridges[e.Node] = i
				continue
			}
			a, b := top(i), top(j)
			root[max(a, b)] = min(a, b)
		}
	}
	at := map[int]int{}
	for i, x := range w.all {
		n, ok := at[top(i)]
		if !ok {
			n = len(all)
			at[top(i)] = n
			all = append(all, LinkSpec{})
		}
		for j, e := range x.ends {
			if nodes[e.Node].kind.role != roleBridge {
				all[n].Ends, all[n].at = append(all[n].Ends, e), append(all[n].at, x.at[j])
			}
		}
	}
	return slices.DeleteFunc(all, func(l LinkSpec) bool { return len(l.Ends) == 0 })
}
