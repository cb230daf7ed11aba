package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Vocabulary holds the words that differ between releases: `@name` in a row is
// replaced by the grammar text stored under name. INTERFACE are the types of
// interfaces, in the order in which a prefix chooses one, each with its help in
// quotes where that is not the argument's, and a ~ in front of one that `?` does not
// list. Without it they are those of IOS, of which `?` lists none.
type Vocabulary map[string]string

// interfaces are the types that an INTERFACE may be of.
func (v Vocabulary) interfaces() interfaceTypes {
	text, ok := v["INTERFACE"]
	if !ok {
		return routerTypes
	}
	var types interfaceTypes
	for _, t := range typesOf(text) {
		types = append(types, strings.TrimPrefix(t.Name, "~"))
	}
	return types
}

// ListedInterfaces are the types of interfaces that `?` lists; ok is false for a
// vocabulary that does not say.
func (v Vocabulary) ListedInterfaces() (listed []Item, ok bool) {
	text, ok := v["INTERFACE"]
	for _, t := range typesOf(text) {
		if !strings.HasPrefix(t.Name, "~") {
			listed = append(listed, t)
		}
	}
	return listed, ok
}

// typesOf reads names of types, each of which may have its help behind it.
func typesOf(text string) (types []Item) {
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 && len(types) > 0 {
			types[len(types)-1].Text = part
			continue
		}
		for name := range strings.FieldsSeq(part) {
			types = append(types, Item{Name: name})
		}
	}
	return types
}

// Expand replaces every @name in syntax. It reports false when a name is
// missing, which means that the row does not exist in this vocabulary.
func (v Vocabulary) Expand(syntax string) (string, bool) {
	for {
		i := strings.IndexByte(syntax, '@')
		for i > 0 && !isSpace(syntax[i-1]) { // aes128-gcm@openssh.com
			j := strings.IndexByte(syntax[i+1:], '@')
			if j < 0 {
				return syntax, true
			}
			i += 1 + j
		}
		if i < 0 {
			return syntax, true
		}
		end := i + 1
		for end < len(syntax) && !strings.ContainsRune(" \t\n$}]|", rune(syntax[end])) {
			end++
		}
		text, ok := v[syntax[i+1:end]]
		if !ok {
			return "", false
		}
		syntax = syntax[:i] + text + syntax[end:]
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' }

// InterfaceName brings a name as a person types it to the form that is printed: full
// type, no space ("gi 0/1" → "GigabitEthernet0/1").
func (v Vocabulary) InterfaceName(text string) string { return v.interfaces().name(text) }

// element is the parsed form of a row: a token, or a group of alternatives.
type element struct {
	token    *token
	group    [][]element // alternatives
	optional bool        // [ ]
	repeat   repetition
	identity bool // the "/" mark
}

type repetition int

const (
	single repetition = iota
	each              // any order, each once
	again             // any order, repetition allowed
)

// token is one word of the grammar.
type token struct {
	kind   *kind // nil for a keyword
	text   string
	help   string
	name   string // of an argument or of the group a keyword belongs to
	hidden bool
	secret bool // the argument, or what follows the keyword
	lo, hi int64
	types  interfaceTypes // of INTERFACE
}

func (t *token) same(o *token) bool {
	return t.kind == o.kind && t.text == o.text && t.name == o.name && t.hidden == o.hidden && t.secret == o.secret
}

// parser reads the grammar text of one row.
type parser struct {
	src   string
	pos   int
	types interfaceTypes
}

func parse(syntax string, types interfaceTypes) ([]element, error) {
	p := &parser{src: syntax, types: types}
	alternatives, err := p.alternatives(0)
	if err != nil {
		return nil, fmt.Errorf("cli: row %q: %w", syntax, err)
	}
	if len(alternatives) != 1 {
		return nil, fmt.Errorf("cli: row %q: alternatives outside a group", syntax)
	}
	return alternatives[0], nil
}

func (p *parser) space() {
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
}

// alternatives reads sequences separated by "|" up to the closing bracket.
func (p *parser) alternatives(closing byte) ([][]element, error) {
	var all [][]element
	var seq []element
	for {
		p.space()
		if p.pos == len(p.src) {
			if closing != 0 {
				return nil, fmt.Errorf("missing %q", closing)
			}
			return append(all, seq), nil
		}
		switch c := p.src[p.pos]; c {
		case '}', ']':
			if c != closing {
				return nil, fmt.Errorf("unexpected %q at %d", c, p.pos)
			}
			p.pos++
			return append(all, seq), nil
		case '|':
			p.pos++
			all, seq = append(all, seq), nil
		case '{', '[':
			e, err := p.group(c)
			if err != nil {
				return nil, err
			}
			seq = append(seq, e)
		case '/':
			if p.pos+1 < len(p.src) && !isSpace(p.src[p.pos+1]) { // the option /force
				t, err := p.token()
				if err != nil {
					return nil, err
				}
				seq = append(seq, element{token: t})
				break
			}
			p.pos++
			seq = append(seq, element{identity: true})
		case '"':
			help, err := p.quoted()
			if err != nil {
				return nil, err
			}
			if len(seq) == 0 || seq[len(seq)-1].token == nil {
				return nil, fmt.Errorf("help %q has no word before it", help)
			}
			seq[len(seq)-1].token.help = help
		default:
			t, err := p.token()
			if err != nil {
				return nil, err
			}
			seq = append(seq, element{token: t})
		}
	}
}

func (p *parser) group(open byte) (element, error) {
	p.pos++
	closing := byte('}')
	if open == '[' {
		closing = ']'
	}
	alternatives, err := p.alternatives(closing)
	if err != nil {
		return element{}, err
	}
	e := element{group: alternatives, optional: open == '['}
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '*' || c == '+':
			e.repeat++
			p.pos++
			continue
		case c == '$':
			p.pos++
			name := p.word()
			for _, seq := range alternatives {
				if len(seq) > 0 && seq[0].token != nil && seq[0].token.name == "" {
					seq[0].token.name = name
				}
			}
			continue
		}
		break
	}
	return e, nil
}

func (p *parser) quoted() (string, error) {
	end := strings.IndexByte(p.src[p.pos+1:], '"')
	if end < 0 {
		return "", fmt.Errorf("unterminated help at %d", p.pos)
	}
	s := p.src[p.pos+1 : p.pos+1+end]
	p.pos += end + 2
	return s, nil
}

func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.src) && !strings.ContainsRune(" \t\n{}[]|\"$*", rune(p.src[p.pos])) {
		p.pos++
	}
	return p.src[start:p.pos]
}

func (p *parser) token() (*token, error) {
	word := p.word()
	if word == "" {
		return nil, fmt.Errorf("unexpected %q at %d", p.src[p.pos], p.pos)
	}
	word, secret := strings.CutSuffix(word, "!")
	t := &token{text: word, secret: secret}
	if p.pos < len(p.src) && p.src[p.pos] == '$' {
		p.pos++
		t.name = p.word()
	}
	if strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">") {
		return t, t.asRange()
	}
	if k, ok := kinds[word]; ok {
		t.kind, t.types = k, p.types
		return t, nil
	}
	if capitals, ok := strings.CutPrefix(word, "="); ok {
		t.text = capitals
		return t, nil
	}
	if strings.HasPrefix(word, "~") {
		t.hidden, t.text = true, word[1:]
	}
	if t.text != strings.ToLower(t.text) {
		return nil, fmt.Errorf("unknown argument kind %s", word)
	}
	return t, nil
}

func (t *token) asRange() error {
	bounds := t.text[1 : len(t.text)-1]
	dash := strings.IndexByte(strings.TrimPrefix(bounds, "-"), '-') + len(bounds) - len(strings.TrimPrefix(bounds, "-"))
	if dash <= 0 {
		return fmt.Errorf("bad range %s", t.text)
	}
	var err1, err2 error
	t.lo, err1 = strconv.ParseInt(bounds[:dash], 10, 64)
	t.hi, err2 = strconv.ParseInt(bounds[dash+1:], 10, 64)
	if err1 != nil || err2 != nil || t.lo > t.hi {
		return fmt.Errorf("bad range %s", t.text)
	}
	t.kind = numberKind
	return nil
}

// Identity returns how many words of a row stand before its "/" mark, 0 when
// it has none.
func Identity(syntax string) (int, error) {
	seq, err := parse(syntax, nil)
	for i, e := range seq {
		if e.identity {
			return i, err
		}
	}
	return 0, err
}

// Keywords returns the words of a row before its first argument or group.
func Keywords(syntax string) string {
	seq, err := parse(syntax, nil)
	if err != nil {
		return ""
	}
	return strings.Join(new(compiler).leading(seq), " ")
}

// Names returns what the commands of a row may be called: the keywords before its
// first argument and, when a choice between keywords comes next, each of those
// behind them. Words is how many words a name has.
func Names(syntax string) (names []string, words int) {
	lead := Keywords(syntax)
	if lead != "" {
		words = strings.Count(lead, " ") + 1
	}
	seq, err := parse(syntax, nil)
	if err != nil || words == len(seq) || seq[words].group == nil || seq[words].optional {
		return []string{lead}, words
	}
	for _, alternative := range seq[words].group {
		if len(alternative) == 0 || alternative[0].token == nil || alternative[0].token.kind != nil {
			return []string{lead}, words
		}
		names = append(names, strings.TrimLeft(lead+" "+alternative[0].token.text, " "))
	}
	return names, words + 1
}

// HasSecret reports whether a part of a row is marked as a secret.
func HasSecret(syntax string) bool {
	seq, err := parse(syntax, nil)
	return err == nil && hasSecret(seq)
}

func hasSecret(seq []element) bool {
	return slices.ContainsFunc(seq, func(e element) bool {
		return e.token != nil && e.token.secret || slices.ContainsFunc(e.group, hasSecret)
	})
}
