package lab

import (
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// definition is what one part of the file says of a node: the defaults, a kind, a group,
// or the node itself.
type definition struct {
	kind, typ, group, count           field
	startup, config, enforce          field
	gateways, management4             []field
	management6                       []field
	addresses                         []address
	user, password, identity, rawType field
	where                             string
}

// definition reads the keys of a node.
func (l *loader) definition(n ast.Node, where string) (*definition, error) {
	d := &definition{where: where}
	text := func(key string, to *field) section {
		return section{key, func(e entry) (err error) { *to, err = l.lineOf(e.value, key); return err }}
	}
	texts := func(key string, to *[]field) section {
		return section{key, func(e entry) (err error) { *to, err = l.fieldsOf(e.value, key); return err }}
	}
	err := l.sections(n, where, where, nodeKeys, []section{
		text("kind", &d.kind), text("type", &d.typ), text("group", &d.group), text("count", &d.count),
		{"startup-config", func(e entry) (err error) { d.startup, err = l.fieldOf(e.value, "startup-config"); return err }},
		text("enforce-startup-config", &d.enforce),
		{"config", func(e entry) error { return l.config(e, d) }},
		{"address", func(e entry) error { return l.hostAddresses(e, d) }},
		texts("gateway", &d.gateways),
		texts("mgmt_ipv4", &d.management4), texts("mgmt-ipv4", &d.management4),
		texts("mgmt_ipv6", &d.management6), texts("mgmt-ipv6", &d.management6),
		{"username", func(e entry) error { return l.username(e, d) }}, text("password", &d.password),
		{"credentials", func(e entry) error {
			return l.sections(e.value, "credentials", where, credentialKeys, []section{
				{"username", func(e entry) error { return l.username(e, d) }}, text("password", &d.password), text("identity-file", &d.identity)})
		}},
	})
	if err != nil {
		return nil, err
	}
	if d.enforce.set() && d.enforce.text != "true" && d.enforce.text != "false" {
		return nil, d.enforce.errorf("enforce-startup-config %q: want true or false", d.enforce.text)
	}
	return d, nil
}

func (l *loader) fieldOf(n ast.Node, what string) (field, error) {
	text, err := l.text(n, what)
	return field{text, l.placeOf(n), l.firstLineOf(n)}, err
}

func (l *loader) fieldsOf(n ast.Node, what string) (all []field, err error) {
	values, err := l.list(n, what)
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		f, err := l.lineOf(v, what)
		if err != nil {
			return nil, err
		}
		if f.set() {
			all = append(all, f)
		}
	}
	return all, nil
}

// lineOf is fieldOf for a text without control characters: what goes into a line of a
// file that another program reads, or of the terminal.
func (l *loader) lineOf(n ast.Node, what string) (field, error) {
	text, err := l.line(n, what)
	return field{text: text, place: l.placeOf(n)}, err
}

// username reads what goes into ssh_config as one word.
func (l *loader) username(e entry, d *definition) (err error) {
	d.user, err = l.fieldOf(e.value, "username")
	if err == nil && strings.ContainsFunc(d.user.text, func(r rune) bool {
		return !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune("\"'`#", r)
	}) {
		err = d.user.errorf("username %q: want no blanks, control characters, quotes and #", d.user.text)
	}
	return err
}

// config is a text of ours, or a mapping of containerlab's.
func (l *loader) config(e entry, d *definition) (err error) {
	if l.isMapping(e.value) {
		l.ignore("config", d.where)
		return l.sections(e.value, "config", "", keys{others: nil, ours: configKeys.others}, nil)
	}
	d.config, err = l.fieldOf(e.value, "config")
	return err
}

// hostAddresses are a text, a list of them, or either by interface.
func (l *loader) hostAddresses(e entry, d *definition) error {
	byInterface := []entry{{value: e.value}}
	if l.isMapping(e.value) {
		var err error
		if byInterface, err = l.mapping(e.value, "address"); err != nil {
			return err
		}
	}
	for _, x := range byInterface {
		fields, err := l.fieldsOf(x.value, "address")
		if err != nil {
			return err
		}
		for _, f := range fields {
			d.addresses = append(d.addresses, address{x.key, f})
		}
	}
	return nil
}

// levels are the definitions that make a node, the most general first, and the word for
// its kind. Kind and group may each come from the other, as in containerlab.
func (l *loader) levels(own *definition) (levels []*definition, word field) {
	def := l.defaults
	if def == nil {
		def = &definition{}
	}
	word = own.kind
	for _, d := range []*definition{l.groups[own.group.text], l.groups[def.group.text], def} {
		if !word.set() && d != nil {
			word = d.kind
		}
	}
	levels = append(levels, def)
	group := own.group
	if k := l.kindDefs[word.text]; k != nil {
		levels = append(levels, k)
		group = either(group, k.group)
	}
	if g := l.groups[either(group, def.group).text]; g != nil {
		levels = append(levels, g)
	}
	return append(levels, own), word
}

func either(f, otherwise field) field {
	if f.set() {
		return f
	}
	return otherwise
}

// design puts together what a node takes from its levels: the most particular counts,
// and inline configurations follow each other.
func (l *loader) design(k kind, levels []*definition, where string) (*design, error) {
	d := &design{kind: k}
	var typ, startup, enforce, user, password, identity field
	var management4, management6 []field
	for _, x := range levels {
		typ, startup, enforce = either(x.typ, typ), either(x.startup, startup), either(x.enforce, enforce)
		user, password, identity = either(x.user, user), either(x.password, password), either(x.identity, identity)
		if x.config.set() {
			d.texts = append(d.texts, x.config.source())
		}
		if x.addresses != nil {
			d.addresses = x.addresses
		}
		d.gateways = nonempty(x.gateways, d.gateways)
		management4, management6 = nonempty(x.management4, management4), nonempty(x.management6, management6)
	}
	d.management = append(append([]field{}, management4...), management6...)
	d.enforce = enforce.text == "true"
	d.credentials = Credentials{user.text, password.text, identity.text}
	if k.role != roleDevice {
		return d, l.noDevice(d, typ, startup, where)
	}
	if len(d.addresses) > 0 {
		return nil, d.addresses[0].errorf("address: want a node of kind host; a device has those of its configuration")
	}
	if len(d.gateways) > 0 {
		return nil, d.gateways[0].errorf("gateway: want a node of kind host; a device has the routes of its configuration")
	}
	var err error
	if d.product, d.chassis, err = k.product(strings.TrimSpace(typ.text)); err != nil {
		return nil, typ.errorf("type: %v", err)
	}
	if typ.set() && !d.chassis {
		l.ignore("type", where)
	}
	return d, l.startup(d, startup)
}

func nonempty(f, otherwise []field) []field {
	if len(f) > 0 {
		return f
	}
	return otherwise
}

// noDevice notes what a host or a bridge has no use for. The text of a server is what it
// serves.
func (l *loader) noDevice(d *design, typ, startup field, where string) error {
	if d.kind.server != "" {
		if typ.set() {
			l.ignore("type", where)
		}
		return l.startup(d, startup)
	}
	if startup.set() {
		l.ignore("startup-config", where)
	}
	if typ.set() {
		l.ignore("type", where)
	}
	if d.texts != nil {
		l.ignore("config", where)
		d.texts = nil
	}
	return nil
}

// startup adds what startup-config names, or is, in front of the inline texts.
func (l *loader) startup(d *design, f field) error {
	switch {
	case !f.set():
		return nil
	case strings.Contains(f.text, "\n"):
		d.texts = append([]source{f.source()}, d.texts...)
		return nil
	case hasControl(f.text):
		return f.errorf("startup-config %q: want no control characters in the name of a file", f.text)
	case strings.Contains(f.text, "://"):
		return f.errorf("startup-config %q: want a file beside the topology file", f.text)
	case strings.Contains(f.text, "{i"):
		d.path = f
		return nil
	}
	text, ok := l.files[f.text]
	if !ok {
		var err error
		if text, err = f.readFile(f.text); err != nil {
			return err
		}
		l.files[f.text] = text
	}
	d.texts = append([]source{f.fileSource(f.text, text)}, d.texts...)
	return nil
}
