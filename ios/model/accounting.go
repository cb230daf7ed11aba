package model

import (
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// Accounting is one `aaa accounting` list.
type Accounting struct {
	Of        string // "exec default", "commands 15 LIST"
	Action    string // "start-stop"
	Broadcast bool
	Groups    []string
}

const (
	accountingActions = `none$action "No accounting." | {start-stop "Record start and stop without waiting" | stop-only "Record stop when service terminates."
	  | ~wait-start}$action`
	accountingGroup = `group "Use Server-group" {radius "Use list of all Radius hosts." | tacacs+ "Use list of all Tacacs+ hosts." | WORD "Server-group name"}$group`
)

var accountingRows = []row[Config]{
	{`aaa accounting "Accounting configurations parameters." {auth-proxy "For authentication proxy events." | commands "For exec (shell) commands." <0-15>$level "Enable level"
	    | connection "For outbound connections. (telnet, rlogin)" | dot1x "For dot1x sessions." | exec "For starting an exec (shell)." | identity "For identity sessions."
	    | network "For network services. (PPP, SLIP, ARAP)" | resource "For resource events." | system "For system events."}$what
	  {default "The default accounting list." | WORD "Named Accounting list."}$list
	  / [` + accountingActions + ` [broadcast "Use Broadcast for Accounting"] {` + accountingGroup + ` | ~tacacs+$group | ~radius$group}++]`,
		config.Setting[Config]{Set: setAccounting, No: dropAccounting, Show: showAccounting}},
	{`aaa accounting update "Enable accounting update records." {newinfo "Only send accounting update records when we have new acct info." [periodic "Send accounting update records at regular intervals." <1-2147483647>$minutes "Periodic intervals to send accounting update records(in minutes)"]
	  | periodic "Send accounting update records at regular intervals." <1-2147483647>$minutes "Periodic intervals to send accounting update records(in minutes)"}`, accountingUpdate},
	{`aaa accounting send "Send records to accounting server." stop-record "Send accounting STOP records" authentication "Authentication type" failure "Send for failed authentications"`,
		config.Flag(func(c *Config) *bool { return &c.AAA.SendFailures })},
	{`aaa accounting suppress "Do not generate accounting records for a specific type of user." null-username "Suppress accounting for users with null username"`,
		config.Flag(func(c *Config) *bool { return &c.AAA.NullUsername })},
}

// AccountingUpdate is `aaa accounting update`. Nothing that a device has is new information
// for a shell.
type AccountingUpdate struct {
	NewInfo bool
	Minutes int // 0 is never
}

var accountingUpdate = config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		n, _ := c.Args.Int("minutes")
		t.AAA.Update = AccountingUpdate{c.Args.Has("newinfo"), n}
		return nil
	},
	No: func(_ *config.Call, t, _ *Config) error { t.AAA.Update = AccountingUpdate{}; return nil },
	Show: func(v *config.View, t, _ *Config) {
		text := ""
		if t.AAA.Update.NewInfo {
			text += " newinfo"
		}
		if n := t.AAA.Update.Minutes; n != 0 {
			text += " periodic " + strconv.Itoa(n)
		}
		if text != "" {
			v.Line("%s%s", v.Words, text)
		}
	},
}

// accountingMode edits one list, by what it is of.
var accountingMode = &config.Mode[*Config, Accounting]{
	Name: "accounting", Suffix: "cfg-acct-mlist", Heading: "Accounting method list configuration commands:",
	At: func(c *Config, key string) []*Accounting {
		if i := c.AAA.accounting(key); i >= 0 {
			return []*Accounting{&c.AAA.Accounting[i]}
		}
		return nil
	},
	Fresh: func(*Config) *Accounting { return &Accounting{} },
	Groups: []config.Group[Accounting]{group("accounting", []row[Accounting]{
		{`action-type "Configure the accounting action type" {` + accountingActions + `}`, config.Text(func(a *Accounting) *string { return &a.Action })},
		{`broadcast "Use Broadcast for Accounting"`, config.Flag(func(a *Accounting) *bool { return &a.Broadcast })},
		{accountingGroup, config.Setting[Accounting]{
			Set: func(c *config.Call, a, _ *Accounting) error {
				if g := c.Args.Get("group"); !slices.Contains(a.Groups, g) {
					a.Groups = append(slices.Clip(a.Groups), g)
				}
				return nil
			},
			No: func(c *config.Call, a, _ *Accounting) error {
				a.Groups = slices.DeleteFunc(slices.Clone(a.Groups), func(g string) bool { return g == c.Args.Get("group") })
				return nil
			},
			Show: func(v *config.View, a, _ *Accounting) {
				for _, g := range a.Groups {
					v.Line("group %s", g)
				}
			},
		}},
	}...)},
}

func (a *AAA) accounting(of string) int {
	return slices.IndexFunc(a.Accounting, func(l Accounting) bool { return l.Of == of })
}

// accountingOf is the part of a command that tells lists apart.
func accountingOf(a cli.Args) string {
	words := []string{a.Get("what"), a.Get("level"), a.Get("list")}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// setAccounting is the whole list on a line, or leads to its parts.
func setAccounting(c *config.Call, t, _ *Config) error {
	of := accountingOf(c.Args)
	i := t.AAA.accounting(of)
	if i < 0 {
		t.AAA.Accounting = append(t.AAA.Accounting, Accounting{Of: of})
		i = len(t.AAA.Accounting) - 1
	}
	action := c.Args.Get("action")
	if action == "" {
		c.Enter(accountingMode.Name, of)
		return nil
	}
	t.AAA.Accounting[i] = Accounting{of, action, c.Args.Has("broadcast"), c.Args.All("group")}
	return nil
}

func dropAccounting(c *config.Call, t, _ *Config) error {
	t.AAA.Accounting = slices.DeleteFunc(slices.Clone(t.AAA.Accounting), func(l Accounting) bool { return l.Of == accountingOf(c.Args) })
	return nil
}

// showAccounting prints the lists in the form of the release (ios-cli B2).
func showAccounting(v *config.View, t, _ *Config) {
	for _, l := range t.AAA.Accounting {
		if shown(v).Release.Traits.AccountingBlock {
			v.Line("aaa accounting %s", l.Of)
			v.Body(accountingMode.Name, &l)
			v.Line("!")
			continue
		}
		v.Line("aaa accounting %s", l)
	}
}

// String is the list on one line; what is not complete has only its name there.
func (a Accounting) String() string {
	switch {
	case a.Action == "none":
		return a.Of + " none"
	case a.Action == "" || len(a.Groups) == 0:
		return a.Of
	}
	words := []string{a.Of, a.Action}
	if a.Broadcast {
		words = append(words, "broadcast")
	}
	for _, g := range a.Groups {
		words = append(words, "group", g)
	}
	return strings.Join(words, " ")
}
