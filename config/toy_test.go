package config

import (
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"vtylab/secret"
)

// toy is the model of a product that has users with secrets, a text, groups that
// have users of their own, and passive commands.
type toy struct {
	Users, Members Table[string, string] // name → what its secret became
	Text           string
	Passive        Passive
}

func (t *toy) Clone() *toy {
	n := *t
	n.Users, n.Members, n.Passive = t.Users.Clone(), t.Members.Clone(), t.Passive.Clone()
	return &n
}

var errBadSecret = errors.New("bad secret")

// newToy returns the language of the product, and how often it has hashed.
func newToy(passive string) (*Language[*toy], *atomic.Int64) {
	hashed := new(atomic.Int64)
	user := func(field func(*toy) *Table[string, string], ahead bool) Row[toy] {
		return Row[toy]{`user "User" WORD$name "Name" / secret "Secret" WORD$text "Text"`, Setting[toy]{
			Ahead: ahead,
			Before: func(c *Call) error {
				switch {
				case c.Args.Has("no"):
					return nil
				case c.Args.Get("text") == "bad":
					return errBadSecret
				}
				hashed.Add(1)
				var salt [4]byte
				_, err := io.ReadFull(c.Rand, salt[:])
				c.Answer = c.Args.Get("text") + " " + hex.EncodeToString(salt[:])
				return err
			},
			Set: func(c *Call, t, _ *toy) error {
				field(t).Put(c.Args.Get("name"), c.Answer.(string))
				return nil
			},
			No: func(c *Call, t, _ *toy) error { field(t).Delete(c.Args.Get("name")); return nil },
			Show: func(v *View, t, _ *toy) {
				for u := range field(t).All() {
					v.Line("user %s", *u)
				}
			},
		}}
	}
	root := func(t *toy, _ string) []*toy { return []*toy{t} }
	fresh := func(bare *toy) *toy { return bare }
	return NewLanguage(Spec[*toy]{
		Bare: &toy{},
		Modes: []Definition[*toy]{
			&Mode[*toy, toy]{Name: Global, At: root, Fresh: fresh, Groups: []Group[toy]{{"users", []Row[toy]{
				user(func(t *toy) *Table[string, string] { return &t.Users }, true),
				{`text "Text" LINE$end "End"`, Setting[toy]{
					Before: func(c *Call) error {
						text := ""
						for {
							line, err := c.UI.Text()
							if err != nil || line == c.Args.Get("end") {
								c.Answer = text
								return err
							}
							text += line + "\n"
						}
					},
					Set: func(c *Call, t, _ *toy) error { t.Text = c.Answer.(string); return nil },
				}},
				{`group "Group"`, Setting[toy]{Set: func(c *Call, _, _ *toy) error { c.Enter("group", ""); return nil }}},
			}}}},
			&Mode[*toy, toy]{Name: "group", At: root, Fresh: fresh, Groups: []Group[toy]{{"group", []Row[toy]{
				user(func(t *toy) *Table[string, string] { return &t.Members }, false),
			}}}},
		},
		Kept:        func(t *toy) *Passive { return &t.Passive },
		PassiveRows: passive,
		Protect:     func(_ *Call, s secret.Secret) secret.Secret { return s },
		Layout:      "users passive",
		Builtins:    func(string, string, string) []Act { return []Act{{`exit "Exit"`, Exit{}}} },
		Verbs:       []Verb{{"no", "Negate", 1, No}},
		Comment:     func(line string) bool { return strings.TrimSpace(line) == "" },
		Header:      func(string) bool { return false },
	}), hashed
}
