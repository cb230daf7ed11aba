package config

import (
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"vtylab/cli"
	"vtylab/secret"
)

// switchboard is the model of a device with a name, a banner and ports: as little
// as a product may have.
type switchboard struct {
	Name, Banner, Contact string
	Limit                 int
	Beep                  bool
	Tones                 []string
	Ports                 Table[string, port]
	Encrypts              bool
	Passive               Passive
}

type port struct {
	Name, Label string
	Open        bool
	Passive     PassiveLines
}

func (p port) Clone() port {
	p.Passive = p.Passive.Clone()
	return p
}

func (s *switchboard) Clone() *switchboard {
	n := *s
	n.Tones = slices.Clone(s.Tones)
	n.Ports = s.Ports.Clone()
	n.Passive = s.Passive.Clone()
	return &n
}

const tinyPassive = `
[misc]
  clock "Clock" rate "Rate" <1-9> "Rate"
+ route "Route" WORD "To" WORD "Via"
+ peer "Peer" WORD "Peer" / [LINE "Parameters"]
~ trunk "Trunk"
~+ tone "Tone" WORD "Which"
_ motto "Motto" LINE "Text"
 $ vault "Vault" key "Key" LINE "The key"
+$ safe "Safe" WORD "Which" / [LINE "Parameters"]
 @odd count "Count" <1-99>$n "Number"

[blocks]
>group group "Group" WORD "Name"
>>run run "Run" WORD "Name"

[mode group config-group "Group commands:"]
  size "Size" <1-9> "Size"
* {note "Note"} LINE "Text"
>inner inner "Inner" WORD "Name"

[mode inner config-inner "Inner commands:" end-inner]
+ item "Item" WORD "Item"

[mode run config-run "Run commands:"]
  speed "Speed" <1-9> "Speed"

[mode data config-data "Data commands:" @hex " quit"]

[certs]
>data cert "Certificate" WORD "Name"

[port]
= label
+ dial "Dial" WORD "Number"
= open
`

// tiny is the language of switchboards, as a product declares its own; change, when
// not nil, spoils it.
func tiny(change func(*Spec[*switchboard])) *Language[*switchboard] {
	portAt := func(c *switchboard, key string) []*port {
		if key == "all" {
			var all []*port
			for p := range c.Ports.All() {
				all = append(all, c.Ports.Edit(p.Name))
			}
			return all
		}
		if p := c.Ports.Edit(key); p != nil {
			return []*port{p}
		}
		return nil
	}
	spec := Spec[*switchboard]{
		Words: cli.Vocabulary{"tones": `{high "High" | low "Low"}+$alg`},
		Bare:  &switchboard{Name: "Board", Limit: 5, Beep: true, Tones: []string{"high", "low"}},
		Modes: []Definition[*switchboard]{
			&Mode[*switchboard, switchboard]{
				Name: Global, Suffix: "config", Heading: "Configure commands:",
				At:    func(c *switchboard, _ string) []*switchboard { return []*switchboard{c} },
				Fresh: func(bare *switchboard) *switchboard { return bare },
				Groups: []Group[switchboard]{
					{"head", []Row[switchboard]{
						{`name "Name" WORD$name "Name"`, Always(Text(func(c *switchboard) *string { return &c.Name }))},
						{`limit "Limit" <1-99>$n "Limit"`, Int(func(c *switchboard) *int { return &c.Limit })},
						{`most "Limit" <1-99>$n "Limit"`, Alternate(Int(func(c *switchboard) *int { return &c.Limit }))},
						{`beep "Beep"`, Flag(func(c *switchboard) *bool { return &c.Beep })},
						{`tones "Tones" @tones`, List(func(c *switchboard) *[]string { return &c.Tones }, "% One tone must stay")},
						{`gone "Not of this release" @absent`, Flag(func(c *switchboard) *bool { return &c.Beep })},
						{`banner "Banner" LINE$text "Text"`, tinyBanner},
						{`secret "Secret" [LINE!$text "Secret"]`, tinySecret},
						{`odd "Odd" <1-9>$n "Number"`, tinyOdd},
						{`contact "Contact" LINE$text "Who"`, Unlisted(Text(func(c *switchboard) *string { return &c.Contact }))},
					}},
					{"ports", []Row[switchboard]{{`port "Port" WORD$name "Name" /`, tinyPorts}}},
				},
			},
			&Mode[*switchboard, port]{
				Name: "port", Suffix: "config-port", Heading: "Port commands:", Closing: "done",
				At: portAt, Fresh: func(*switchboard) *port { return &port{} },
				Keeps: func(p *port) *PassiveLines { return &p.Passive },
				Groups: []Group[port]{{"port", []Row[port]{
					{`label "Label" LINE$text "Text"`, Text(func(p *port) *string { return &p.Label })},
					{`open "Open"`, Flag(func(p *port) *bool { return &p.Open })},
				}}},
			},
			&Mode[*switchboard, switchboard]{
				Name: "poem", Suffix: "config-poem", Heading: "Poem:",
				At:    func(c *switchboard, _ string) []*switchboard { return []*switchboard{c} },
				Fresh: func(bare *switchboard) *switchboard { return bare },
				Free:  tinyPoem,
			},
		},
		Variants:    []Variant{{Name: "subport", Of: "port", Suffix: "config-subport"}},
		Kept:        func(c *switchboard) *Passive { return &c.Passive },
		PassiveRows: tinyPassive,
		Hooks: map[string]Hook{
			"odd": {Edit: func(c *Call, f Form) (bool, error) {
				n, _ := c.Args.Int("n")
				if f == Set && n%2 == 0 {
					return false, Refusal("% Even")
				}
				return n == 99, nil // kept nowhere
			}},
			"data": {},
		},
		Protect: func(c *Call, s secret.Secret) secret.Secret {
			if c.Root.(*switchboard).Encrypts {
				return EncryptKey(s, c.Rand)
			}
			return s
		},
		Orders:  map[string]string{"port": "open dial label"},
		Layout:  "head ! misc ! ports blocks certs end",
		Factory: "port console\n label first\n",
		Blank:   func(c *switchboard) { c.Beep = false },
		Acts:    []Act{{`ring "Ring" [WORD$who "Who"]`, "ring"}},
		Builtins: func(mode, _, closing string) []Act {
			acts := []Act{{`exit "Exit"`, Exit{}}}
			if mode == Global {
				acts = append(acts, Act{`end "End"`, End{}}, Act{`help "Help"`, Help{}})
			}
			if closing != "" {
				acts = append(acts, Act{closing + ` "Exit"`, Exit{}})
			}
			return acts
		},
		Verbs:   []Verb{{"no", "Negate", 2, No}, {"default", "Default", 3, Default}, {"do", "Run", 2, Other}},
		Comment: func(line string) bool { line = strings.TrimSpace(line); return line == "" || line[0] == '!' },
		Header:  func(line string) bool { return strings.HasPrefix(line, "Current configuration") },
	}
	spec.PassiveRows = strings.Replace(tinyPassive, ">data cert", ">data @data cert", 1)
	if change != nil {
		change(&spec)
	}
	return NewLanguage(spec)
}

var tinyBanner = Setting[switchboard]{
	Before: func(c *Call) error {
		if c.Args.Has("no") {
			return nil
		}
		mark, text := c.Args.Get("text")[:1], c.Args.Get("text")[1:]
		c.UI.Invite("Text, then " + mark)
		for !strings.Contains(text, mark) {
			line, err := c.UI.Text()
			if errors.Is(err, ErrEndOfText) {
				break
			}
			if err != nil {
				return err
			}
			text += "/" + line
		}
		text, _, _ = strings.Cut(text, mark)
		c.Answer = text
		return nil
	},
	Set: func(c *Call, t, _ *switchboard) error { t.Banner, _ = c.Answer.(string); return nil },
	No:  func(_ *Call, t, _ *switchboard) error { t.Banner = ""; return nil },
	Show: func(v *View, t, _ *switchboard) {
		if t.Banner != "" {
			v.Line("%s #%s#", v.Words, t.Banner)
		}
	},
}

var tinySecret = Setting[switchboard]{
	Before: func(c *Call) (err error) {
		c.Answer = c.Args.Get("text")
		if c.Answer == "" && !c.Args.Has("no") {
			c.Answer, err = c.UI.Secret("Secret: ")
		}
		return err
	},
	Set: func(c *Call, t, _ *switchboard) error { t.Contact = c.Answer.(string); return nil },
}

var tinyOdd = Setting[switchboard]{
	Set: func(c *Call, t, _ *switchboard) error {
		n, _ := c.Args.Int("n")
		t.Limit = n
		c.UI.Say("limit " + c.Args.Get("n"))
		c.Note(Notice{"SYS", 5, "ODD", c.Args.Get("n")})
		if n%2 == 0 {
			return Refusal("% Even")
		}
		return nil
	},
}

var tinyPorts = Setting[switchboard]{
	Set: func(c *Call, t, _ *switchboard) error {
		name := c.Args.Get("name")
		mode := "port"
		switch {
		case name == "poem":
			c.Enter("poem", "")
			return nil
		case strings.Contains(name, "."):
			mode = "subport"
		}
		if name != "all" && !t.Ports.Has(name) {
			t.Ports.Put(name, port{Name: name})
		}
		c.Enter(mode, name)
		return nil
	},
	No: func(c *Call, t, _ *switchboard) error { t.Ports.Delete(c.Args.Get("name")); return nil },
	Show: func(v *View, t, _ *switchboard) {
		for p := range t.Ports.All() {
			v.Line("port %s", p.Name)
			v.Body("port", p)
		}
	},
}

// tinyPoem takes lines until one is "quit" or "stop", which leaves all modes, and
// carries out `limit` above.
func tinyPoem(t *Typed) *Resolved {
	line := strings.TrimSpace(t.Line)
	store := func(c *Call) error { c.Root.(*switchboard).Banner = t.Key(); return nil }
	switch {
	case line == "quit" || line == "stop":
		return t.Leave(line == "stop", store)
	case strings.HasPrefix(line, "limit"):
		return t.Stay(t.Key(), func(c *Call) error { return t.Above(c, "") })
	case line == "exit":
		return nil
	}
	return t.Data(t.Key()+"/"+line, nil)
}

// user answers what commands ask.
type user struct {
	texts []string
	said  []string
}

func (u *user) Say(line string)    { u.said = append(u.said, line) }
func (u *user) Invite(line string) { u.said = append(u.said, "invited: "+line) }
func (u *user) Text() (string, error) {
	if len(u.texts) == 0 {
		return "", io.EOF
	}
	next := u.texts[0]
	u.texts = u.texts[1:]
	return next, nil
}
func (u *user) Secret(string) (string, error) { return u.Text() }
func (u *user) Confirm(string) (bool, error)  { return false, nil }

// typing gives lines one by one, as a user does, and returns where the user stands
// then: the suffix of the mode, "" for outside.
func typing(t *testing.T, m *Machine[*switchboard], u *user, lines ...string) (at string, err error) {
	t.Helper()
	pos := Top()
	for _, line := range lines {
		r, e := m.Resolve(pos, line, Full)
		if e != nil {
			return m.Suffix(pos), e
		}
		switch r.Act.(type) {
		case Exit:
			if pos = r.At().Up(); pos == nil {
				return "", nil
			}
			continue
		case nil:
		default:
			t.Fatalf("%q acts", line)
		}
		p, e := m.Prepare(r, u, rand.Reader)
		if e != nil {
			return m.Suffix(pos), e
		}
		next, told, e := m.Commit(p)
		u.said = append(u.said, told.Lines...)
		for _, n := range told.Notes {
			u.said = append(u.said, "%"+n.Facility+"-"+n.Mnemonic+": "+n.Text)
		}
		if e != nil {
			return m.Suffix(pos), e
		}
		if pos = next; pos == nil {
			return "", nil
		}
	}
	return m.Suffix(pos), nil
}
