package lab

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"vtylab/tty"
)

// Bounds of a topology file. A file beyond them is refused.
const (
	maxFile    = 64 << 20 // bytes
	maxNesting = 64       // mappings and lists in each other
	maxVisits  = 1 << 22  // values that are read, those behind an alias each time
	maxSteps   = 1 << 29  // steps over the keys of blocks: the parser goes from each to the end of its mapping
	maxNodes   = 100_000
	maxLinks   = 400_000
	maxStartup = 4 << 20 // bytes of a start-up configuration: what nvram: takes
)

// Error is what is wrong with a topology file, and where.
type Error struct {
	File         string
	Line, Column int // from 1; 0 for the whole file
	Text         string
}

// Error is FILE:LINE:COLUMN: TEXT, in one line and without control characters.
func (e *Error) Error() string {
	if e.Line == 0 {
		return printable(e.File + ": " + e.Text)
	}
	return printable(fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text))
}

// syntax is the YAML of a topology file. Methods take values as they stand in the file:
// an alias is followed where it is used, at most maxVisits times in all.
type syntax struct {
	file    string
	source  string
	anchors map[string]ast.Node
	left    int      // of maxVisits
	lines   []string // of source, once they are needed
}

// parseSyntax reads YAML and returns its one document, nil for none.
func parseSyntax(file, text string) (*syntax, ast.Node, error) {
	s := &syntax{file: file, source: text, anchors: map[string]ast.Node{}, left: maxVisits}
	if len(text) > maxFile {
		return nil, nil, &Error{File: file, Text: fmt.Sprintf("%d bytes, want at most %d", len(text), maxFile)}
	}
	tokens := lexer.Tokenize(strings.TrimPrefix(text, "\ufeff")) // editors of Windows begin with it
	if err := s.shallow(tokens); err != nil {
		return nil, nil, err
	}
	if err := s.short(tokens); err != nil {
		return nil, nil, err
	}
	f, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, nil, s.malformed(err)
	}
	var root ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if root != nil {
			return nil, nil, s.errorf(d.Body, "a second document, want one")
		}
		root = d.Body
	}
	if root != nil {
		ast.Walk(s, root)
	}
	return s, root, nil
}

// Visit collects the anchors, for ast.Walk.
func (s *syntax) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		s.anchors[a.Name.GetToken().Value] = a.Value
	}
	return s
}

// shallow refuses what would nest too deep for the parser, which is recursive: by
// brackets, by what opens on one line, and by the indentation of lines.
func (s *syntax) shallow(tokens token.Tokens) error {
	brackets, opens, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, opens = t.Position.Line, t.Position.Column/2
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			opens++
		}
		if brackets > maxNesting || opens > 4*maxNesting {
			return &Error{s.file, t.Position.Line, t.Position.Column, "nested too deep"}
		}
	}
	return nil
}

// short refuses mappings in block style with more keys than the parser reads in some
// seconds. In braces it reads as many as there are.
func (s *syntax) short(tokens token.Tokens) error {
	var open []block
	var brackets []token.Type
	steps, line, column := 0, 0, 0
	for _, t := range tokens {
		at := t.Position
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets = append(brackets, t.Type)
		case token.SequenceEndType, token.MappingEndType:
			brackets = brackets[:max(0, len(brackets)-1)]
		case token.SequenceEntryType, token.DocumentHeaderType:
			for len(open) > 0 && open[len(open)-1].column > at.Column {
				open = open[:len(open)-1] // an item begins mappings of its own
			}
			continue
		}
		if at.Line != line { // what the line begins with, behind the dashes
			line, column = at.Line, at.Column
		}
		explicit := t.Type == token.MappingKeyType // its colon, if there is one, begins a line
		braces := len(brackets) > 0 && brackets[len(brackets)-1] == token.MappingStartType
		if braces || !explicit && (t.Type != token.MappingValueType || at.Column == column) {
			continue
		}
		for len(open) > 0 && open[len(open)-1].column > column {
			open = open[:len(open)-1]
		}
		if len(open) == 0 || open[len(open)-1].column < column {
			open = append(open, block{column: column})
		}
		top := &open[len(open)-1]
		top.keys++
		if steps += top.keys; steps > maxSteps {
			return &Error{s.file, at.Line, column, "too many keys in mappings, want fewer, or count"}
		}
	}
	return nil
}

// block is a mapping in block style by the column of its keys, and how many it has.
type block struct{ column, keys int }

// malformed is an error of the YAML parser as one line.
func (s *syntax) malformed(err error) error {
	var y yaml.Error
	if !errors.As(err, &y) {
		return &Error{File: s.file, Text: strings.TrimSpace(firstLine(err.Error()))}
	}
	e := &Error{File: s.file, Text: firstLine(y.GetMessage())}
	if t := y.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// errorf is an error at a value of the file.
func (s *syntax) errorf(at ast.Node, format string, args ...any) error {
	return s.placeOf(at).errorf(format, args...)
}

// place is where something stands in the file.
type place struct {
	file         string
	line, column int
}

// String is FILE:LINE:COLUMN, or FILE:LINE without a column, without control characters.
func (p place) String() string {
	if p.column == 0 {
		return printable(fmt.Sprintf("%s:%d", p.file, p.line))
	}
	return printable(fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column))
}

func (p place) errorf(format string, args ...any) error {
	return &Error{p.file, p.line, p.column, fmt.Sprintf(format, args...)}
}

func (s *syntax) placeOf(at ast.Node) place {
	p := place{file: s.file}
	if m, ok := at.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		at = m.Values[0].Key // a block begins with its first key
	}
	if at == nil {
		return p
	}
	if t := at.GetToken(); t != nil && t.Position != nil {
		p.line, p.column = t.Position.Line, t.Position.Column
	}
	return p
}

// firstLineOf is where the first line of a block (|) stands, zero for other values.
func (s *syntax) firstLineOf(n ast.Node) place {
	v, err := s.value(n)
	block, ok := v.(*ast.LiteralNode)
	if err != nil || !ok || !strings.HasPrefix(block.Start.Value, "|") {
		return place{}
	}
	if s.lines == nil {
		s.lines = strings.Split(s.source, "\n")
	}
	p := place{file: s.file, line: block.Start.Position.Line + 1}
	for i, line := range strings.Split(block.Value.Value, "\n") {
		if strings.TrimSpace(line) != "" && p.line+i <= len(s.lines) {
			p.column = 1 + indent(s.lines[p.line+i-1]) - indent(line)
			return p
		}
	}
	return place{}
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// value is a value without its anchor and its tag, or what its alias stands for.
func (s *syntax) value(n ast.Node) (ast.Node, error) {
	for range maxNesting {
		if s.left--; s.left < 0 {
			return nil, s.errorf(n, "more than %d values behind aliases", maxVisits)
		}
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.TagNode:
			n = v.Value
		case *ast.AliasNode:
			name := v.Value.GetToken().Value
			to, ok := s.anchors[name]
			if !ok {
				return nil, s.errorf(n, "no anchor &%s for the alias *%s", name, name)
			}
			n = to
		default:
			return n, nil
		}
	}
	return nil, s.errorf(n, "an alias of itself")
}

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	at    ast.Node // the key
	value ast.Node
}

// mapping is the entries of a mapping in the order of the file, with those that it
// merges (<<) behind its own; none for a value that is left out.
func (s *syntax) mapping(n ast.Node, what string) ([]entry, error) {
	return s.merged(n, what, 0)
}

func (s *syntax) merged(n ast.Node, what string, depth int) (all []entry, err error) {
	at := n
	if n, err = s.value(n); err != nil {
		return nil, err
	}
	var values []*ast.MappingValueNode
	switch v := n.(type) {
	case nil, *ast.NullNode:
		return nil, nil
	case *ast.MappingNode:
		values = v.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{v}
	default:
		return nil, s.errorf(at, "%s: want a mapping", what)
	}
	if depth == maxNesting {
		return nil, s.errorf(at, "%s: merged with itself", what)
	}
	var merges []ast.Node
	for _, v := range values {
		if v.Key.IsMergeKey() {
			merges = append(merges, v.Value)
			continue
		}
		key, err := s.line(keyNode(v.Key), "key of "+what)
		if err != nil {
			return nil, err
		}
		all = append(all, entry{key, keyNode(v.Key), v.Value})
	}
	if merges == nil {
		return all, nil
	}
	known := make(map[string]bool, len(all))
	for _, e := range all {
		known[e.key] = true
	}
	for _, m := range merges {
		sources, err := s.list(m, what)
		if err != nil {
			return nil, err
		}
		for _, source := range sources {
			more, err := s.merged(source, what, depth+1)
			if err != nil {
				return nil, err
			}
			if s.left -= len(more); s.left < 0 {
				return nil, s.errorf(source, "more than %d values behind aliases", maxVisits)
			}
			for _, e := range more {
				if !known[e.key] {
					known[e.key] = true
					all = append(all, e)
				}
			}
		}
	}
	return all, nil
}

// keyNode is the key itself of `? key`.
func keyNode(k ast.MapKeyNode) ast.Node {
	if explicit, ok := k.(*ast.MappingKeyNode); ok && explicit.Value != nil {
		return explicit.Value
	}
	return k
}

// list is the values of a list; a single value is a list of one, none is empty.
func (s *syntax) list(n ast.Node, what string) ([]ast.Node, error) {
	v, err := s.value(n)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil, *ast.NullNode:
		return nil, nil
	case *ast.SequenceNode:
		if s.left -= len(v.Values); s.left < 0 {
			return nil, s.errorf(n, "%s: more than %d values", what, maxVisits)
		}
		return v.Values, nil
	}
	return []ast.Node{v}, nil
}

// text is a scalar as it is written; "" for one that is left out.
func (s *syntax) text(n ast.Node, what string) (string, error) {
	v, err := s.value(n)
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case nil, *ast.NullNode:
		return "", nil
	case *ast.StringNode:
		return v.Value, nil
	case *ast.LiteralNode:
		return v.Value.Value, nil
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		return "", s.errorf(n, "%s: want a text", what)
	}
	return v.GetToken().Value, nil
}

// line is a text without control characters.
func (s *syntax) line(n ast.Node, what string) (string, error) {
	text, err := s.text(n, what)
	if err == nil && hasControl(text) {
		err = s.errorf(n, "%s: want no control characters", what)
	}
	return text, err
}

func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }

// printable is a text from a file as a part of one line of the terminal.
func printable(text string) string {
	return strings.NewReplacer("\n", ".", "\r", ".", "\t", ".").Replace(tty.Printable(text))
}

// isMapping reports whether a value is a mapping.
func (s *syntax) isMapping(n ast.Node) bool {
	v, err := s.value(n)
	if err != nil {
		return false
	}
	switch v.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}
