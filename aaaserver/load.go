package aaaserver

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"vtylab/secret"
)

// Bounds of a file. The parser is recursive, and goes from each key to the end of its
// mapping.
const (
	maxFile    = 64 << 10 // bytes
	maxNesting = 16       // brackets and dashes in each other
	maxColumn  = 64       // of what a line begins with
)

// Error is what is wrong with a file, and where.
type Error struct {
	File         string
	Line, Column int // from 1; 0 for the whole file
	Text         string
}

// Error is FILE:LINE:COLUMN: TEXT in one line. It holds no secret.
func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '.'
		}
		return r
	}, at+": "+e.Text)
}

// Load reads a configuration in YAML. Name is that of the file, for errors, which are
// *Error: the first thing that is wrong. Every key is known or an error, and nothing is
// converted silently:
//
//	key: cisco                # of the devices
//	enable:
//	  15: cisco               # a secret: clear, or its type and the stored form
//	users:
//	  lab:
//	    secret: 9 $9$…        # types 0, 5, 8 and 9
//	    level: 15             # 1 without it
//	    autocmd: show users
//	    attributes: [idletime=10]
//	    commands:             # the first that matches the whole command decides
//	    - permit show .*
//	    - deny .*
//	    change-first: true    # the password, at the first login
//	    change-after: 2       # logins with one password
//	    code: 123456          # asked for after the password
//	change-refused: Not here. # to who gives a blank password
//	ports: [9000]             # in place of the usual ones
//	fault: mute
func Load(name string, text []byte) (*Config, error) {
	f := &file{name: name}
	root, err := f.parse(text)
	if err != nil {
		return nil, err
	}
	c := &Config{Users: map[string]*User{}, Enable: map[int]secret.Secret{}}
	err = f.keys(root, map[string]func(ast.Node) error{
		"key":            f.into(&c.Key),
		"change-refused": f.into(&c.ChangeRefused),
		"fault":          f.fault(&c.Fault),
		"ports":          f.texts(func(n ast.Node, text string) error { return f.port(c, n, text) }),
		"enable":         func(n ast.Node) error { return f.each(n, func(k entry) error { return f.enable(c, k) }) },
		"users":          func(n ast.Node) error { return f.each(n, func(k entry) error { return f.user(c, k) }) },
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// file is a file that is read.
type file struct{ name string }

func (f *file) errorf(at ast.Node, format string, args ...any) error {
	e := &Error{File: f.name, Text: fmt.Sprintf(format, args...)}
	if at == nil {
		return e
	}
	if m, ok := at.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		at = m.Values[0].Key // a block begins with its first key
	}
	if t := at.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// parse is the one document of a file, nil for none.
func (f *file) parse(text []byte) (ast.Node, error) {
	if len(text) > maxFile {
		return nil, f.errorf(nil, "%d bytes, want at most %d", len(text), maxFile)
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(string(text), "\ufeff")) // editors of Windows begin with it
	if err := f.shallow(tokens); err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, f.malformed(err)
	}
	var root ast.Node
	for _, d := range parsed.Docs {
		switch {
		case d.Body == nil:
		case root != nil:
			return nil, f.errorf(d.Body, "a second document, want one")
		default:
			root = d.Body
		}
	}
	return root, nil
}

// shallow refuses what nests deeper than any configuration.
func (f *file) shallow(tokens token.Tokens) error {
	brackets, opens, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, opens = t.Position.Line, 0
			if t.Position.Column > maxColumn && brackets == 0 {
				return &Error{f.name, line, t.Position.Column, "indented too far"}
			}
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType:
			opens++
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
			return &Error{f.name, t.Position.Line, t.Position.Column, "anchors, aliases, merges and tags are not supported"}
		}
		if brackets > maxNesting || opens > maxNesting {
			return &Error{f.name, t.Position.Line, t.Position.Column, "nested too deep"}
		}
	}
	return nil
}

// malformed is an error of the YAML parser. Its first line holds none of the file.
func (f *file) malformed(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return f.errorf(nil, "malformed")
	}
	text, _, _ := strings.Cut(y.GetMessage(), "\n")
	e := &Error{File: f.name, Text: text}
	if t := y.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	at    ast.Node // the key
	value ast.Node
}

// each takes the entries of a mapping in order, none of a value that is left out.
func (f *file) each(n ast.Node, take func(entry) error) error {
	var values []*ast.MappingValueNode
	switch v := n.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		values = v.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{v}
	default:
		return f.errorf(n, "want a mapping")
	}
	for _, v := range values {
		key := ""
		if err := f.into(&key)(v.Key); err != nil {
			return err
		}
		if err := take(entry{key, v.Key, v.Value}); err != nil {
			return err
		}
	}
	return nil
}

// keys takes a mapping whose keys are all known.
func (f *file) keys(n ast.Node, known map[string]func(ast.Node) error) error {
	return f.each(n, func(e entry) error {
		take, ok := known[e.key]
		if !ok {
			return f.errorf(e.at, "unknown key %q, want one of %s", e.key, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		return take(e.value)
	})
}

// into takes a text, as it is written.
func (f *file) into(to *string) func(ast.Node) error {
	return func(n ast.Node) error {
		switch v := n.(type) {
		case nil, *ast.NullNode:
			return f.errorf(n, "want a text")
		case *ast.StringNode:
			*to = v.Value
		case *ast.LiteralNode:
			*to = v.Value.Value
		case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.MappingKeyNode:
			return f.errorf(n, "want a text")
		default:
			*to = n.GetToken().Value
		}
		return nil
	}
}

// wrong is an error at a value of the file, nil for none.
func (f *file) wrong(at ast.Node, err error) error {
	if err == nil {
		return nil
	}
	text := strings.TrimPrefix(err.Error(), "aaaserver: ")
	return f.errorf(at, "%s", strings.TrimPrefix(text, "secret: "))
}

// number takes a number between bounds.
func (f *file) number(to *int, low, high int) func(ast.Node) error {
	return func(n ast.Node) error {
		text := ""
		if err := f.into(&text)(n); err != nil {
			return err
		}
		v, err := strconv.Atoi(text)
		if err != nil || v < low || v > high {
			return f.errorf(n, "%q, want %d to %d", text, low, high)
		}
		*to = v
		return nil
	}
}

func (f *file) port(c *Config, n ast.Node, text string) error {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return f.errorf(n, "port %q: want a number from 1 to 65535", text)
	}
	c.Ports = append(c.Ports, uint16(port))
	return nil
}

func (f *file) truth(to *bool) func(ast.Node) error {
	return func(n ast.Node) error {
		v, ok := n.(*ast.BoolNode)
		if !ok {
			return f.errorf(n, "want true or false")
		}
		*to = v.Value
		return nil
	}
}

// texts takes a list of texts.
func (f *file) texts(take func(ast.Node, string) error) func(ast.Node) error {
	return func(n ast.Node) error {
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			return f.errorf(n, "want a list")
		}
		for _, v := range list.Values {
			text := ""
			if err := f.into(&text)(v); err != nil {
				return err
			}
			if err := take(v, text); err != nil {
				return err
			}
		}
		return nil
	}
}

// secret takes a secret as IOS does: clear, or a type and the stored form. Errors do not
// hold it.
func (f *file) secret(to *secret.Secret) func(ast.Node) error {
	return func(n ast.Node) error {
		text := ""
		if err := f.into(&text)(n); err != nil {
			return err
		}
		s := secret.Secret{Text: text}
		if typ, form, ok := strings.Cut(text, " "); ok && len(typ) <= 2 {
			if n, err := strconv.Atoi(typ); err == nil {
				s = secret.Secret{Type: n, Text: form}
			}
		}
		*to = s
		return f.wrong(n, checkSecret(s))
	}
}

func (f *file) fault(to *Fault) func(ast.Node) error {
	return func(n ast.Node) error {
		if err := f.into((*string)(to))(n); err != nil {
			return err
		}
		return f.wrong(n, to.check())
	}
}

func (f *file) enable(c *Config, e entry) error {
	level := 0
	if err := f.number(&level, 1, 15)(e.at); err != nil {
		return err
	}
	var s secret.Secret
	err := f.secret(&s)(e.value)
	c.Enable[level] = s
	return err
}

func (f *file) user(c *Config, e entry) error {
	u := &User{Level: 1}
	c.Users[e.key] = u
	err := f.keys(e.value, map[string]func(ast.Node) error{
		"secret":       f.secret(&u.Secret),
		"code":         f.secret(&u.Code),
		"level":        f.number(&u.Level, 0, 15),
		"autocmd":      f.into(&u.AutoCommand),
		"change-first": f.truth(&u.ChangeFirst),
		"change-after": f.number(&u.ChangeAfter, 1, 1_000_000),
		"attributes": f.texts(func(n ast.Node, text string) error {
			u.Attributes = append(u.Attributes, text)
			return f.wrong(n, checkAttribute(text))
		}),
		"commands": f.texts(func(n ast.Node, text string) error { return f.rule(u, n, text) }),
	})
	switch {
	case err != nil:
		return err
	case u.Secret.IsZero():
		return f.errorf(e.at, "user %q has no secret", e.key)
	}
	return f.wrong(e.at, u.check())
}

// rule takes permit or deny and a regular expression.
func (f *file) rule(u *User, n ast.Node, text string) error {
	word, expression, _ := strings.Cut(text, " ")
	if word != "permit" && word != "deny" || expression == "" {
		return f.errorf(n, "%q, want permit or deny, and a regular expression", text)
	}
	r, err := NewRule(word == "permit", expression)
	u.Commands = append(u.Commands, r)
	return f.wrong(n, err)
}
