package model

import (
	"cmp"
	"slices"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// AAA is the `aaa` configuration. Lists are by name; "default" is one of them.
type AAA struct {
	NewModel       bool
	Login, Enable  MethodLists // authentication
	Exec           MethodLists // authorization
	Commands       MethodLists // authorization, by "15 LIST"
	Reverse        MethodLists // authorization of reverse-access
	ConfigCommands bool        // commands of configuration modes are authorized too
	Groups         config.Table[string, ServerGroup]
	Accounting     []Accounting
	Update         AccountingUpdate
	SendFailures   bool // a record of each login that has failed
	NullUsername   bool // no records of users without a name
	Console        bool // authorization on the console too
	Attempts       int  // aaa authentication attempts login
	MaxFail        int  // failures that lock a local user, 0: any number
	// These texts replace the built-in ones when set.
	UsernamePrompt, PasswordPrompt, Banner, FailMessage string
}

// MethodLists are method lists by name.
type MethodLists = config.Table[string, []Method]

// Method is one entry of a method list: "local", or "group" with its name.
type Method struct{ Name, Group string }

func (m Method) String() string {
	if m.Group != "" {
		return m.Name + " " + m.Group
	}
	return m.Name
}

// NewAAA returns the state before `aaa new-model`.
func NewAAA() AAA { return AAA{Attempts: 3} }

func (a AAA) clone() AAA {
	a.Login, a.Enable, a.Exec = a.Login.Clone(), a.Enable.Clone(), a.Exec.Clone()
	a.Commands, a.Reverse, a.Groups = a.Commands.Clone(), a.Reverse.Clone(), a.Groups.Clone()
	a.Accounting = slices.Clone(a.Accounting)
	return a
}

const (
	listName = `{default "The default authentication list." | WORD$list "Named authentication list."}`
	// A bare tacacs+ or radius is how 11.x and 12.0 named the server groups.
	authenticationMethods = ` {cache "Use Cached-group" WORD$group "Server-group name"
	  | enable "Use enable password for authentication."
	  | group "Use Server-group" {radius "Use list of all Radius hosts." | tacacs+ "Use list of all Tacacs+ hosts." | ldap "Use list of all LDAP hosts." | WORD "Server-group name"}$group
	  | krb5 "Use Kerberos 5 authentication." | krb5-telnet "Allow logins only if already authenticated via Kerberos V Telnet." | line "Use line password for authentication."
	  | local "Use local username authentication." | local-case "Use case-sensitive local username authentication."
	  | none "NO authentication." | passwd-expiry "enable the login list to provide password aging support" | ~tacacs+ | ~radius}++`
	authorizationMethods = ` {group "Use server-group." {radius "Use list of all Radius hosts." | tacacs+ "Use list of all Tacacs+ hosts." | WORD "Server-group name"}$group
	  | if-authenticated "Succeed if user has authenticated." | local "Use local database." | none "No authorization (always succeeds)." | ~tacacs+ | ~radius}++`
)

var aaaModelRows = []row[Config]{
	{`aaa "Authentication, Authorization and Accounting." new-model "Enable NEW access control commands and functions.(Disables OLD commands.)"`, aaaModel},
}

// aaaModel prints either way; two empty sections follow when it is on.
var aaaModel = func() config.Setting[Config] {
	s := config.Always(config.Flag(func(c *Config) *bool { return &c.AAA.NewModel }))
	show := s.Show
	s.Show = func(v *config.View, t, fresh *Config) {
		show(v, t, fresh)
		v.Group("aaa-local")
		if t.AAA.NewModel {
			v.Line("!")
			v.Line("!")
		}
	}
	return s
}()

// aaaLocalRows print within aaaModel.
var aaaLocalRows = []row[Config]{
	{`aaa local "AAA Local Authen/Authz Method Lists" authentication "Local AAA Authen Parameters" attempts "Attempts" max-fail "Maximum failed attempts"
	  <1-65535>$n "Maximum number of failed attempts"`, config.Unlisted(config.Int(func(c *Config) *int { return &c.AAA.MaxFail }))},
}

var aaaRows = []row[Config]{
	{`aaa authentication "Authentication configurations parameters." attempts "Set the maximum number of login attempts"
	  login "Set the maximum number of login attempts" <1-25>$n "Max login attempts"`, config.Int(func(c *Config) *int { return &c.AAA.Attempts })},
	{`aaa authentication login "Set authentication lists for logins." ` + listName + ` / ` + authenticationMethods,
		methodList(func(a *AAA) *MethodLists { return &a.Login }, "")},
	{`aaa authentication enable "Set authentication list for enable." default "The default authentication list." / ` + authenticationMethods,
		methodList(func(a *AAA) *MethodLists { return &a.Enable }, "")},
	{`aaa authentication username-prompt "Text to use when prompting for a username" LINE$text "Text of prompt"`,
		promptText(func(a *AAA) *string { return &a.UsernamePrompt })},
	{`aaa authentication password-prompt "Text to use when prompting for a password" LINE$text "Text of prompt"`,
		promptText(func(a *AAA) *string { return &a.PasswordPrompt })},
	{`aaa authentication banner "Message to use when starting login/authentication." LINE$text "c banner-text c, where 'c' is a delimiting character"`,
		delimited("aaa authentication banner", func(c *Config) *string { return &c.AAA.Banner })},
	{`aaa authentication fail-message "Message to use for failed login/authentication." LINE$text "c fail-message-text c, where 'c' is a delimiting character"`,
		delimited("aaa authentication fail-message", func(c *Config) *string { return &c.AAA.FailMessage })},
}

var aaaConsoleRows = []row[Config]{
	{`aaa authorization "Authorization configurations parameters." console "For enabling console authorization"`,
		config.Flag(func(c *Config) *bool { return &c.AAA.Console })},
	{`aaa authorization config-commands "For configuration mode commands."`, config.Flag(func(c *Config) *bool { return &c.AAA.ConfigCommands })},
}

var aaaExecRows = []row[Config]{
	{`aaa authorization exec "For starting an exec (shell)." ` + listName + ` / ` + authorizationMethods,
		// The space that ends an authorization list is the device's own.
		methodList(func(a *AAA) *MethodLists { return &a.Exec }, " ")},
	{`aaa authorization commands "For exec (shell) commands." <0-15>$level "Enable level" ` + listName + ` / ` + authorizationMethods,
		methodList(func(a *AAA) *MethodLists { return &a.Commands }, " ")},
	{`aaa authorization reverse-access "For reverse access connections" ` + listName + ` / ` + authorizationMethods,
		methodList(func(a *AAA) *MethodLists { return &a.Reverse }, " ")},
}

var aaaSessionRows = []row[Config]{
	{`aaa session-id "AAA Session ID" common "Use common session ID for all"`, config.Setting[Config]{
		Set: func(_ *config.Call, _, _ *Config) error { return nil },
		No:  func(_ *config.Call, _, _ *Config) error { return nil },
		Show: func(v *config.View, t, _ *Config) {
			if t.AAA.NewModel {
				v.Line("aaa session-id common")
			}
		},
	}},
}

// promptText is a prompt: quotes keep its spaces, and are not part of it.
func promptText(field func(*AAA) *string) config.Setting[Config] {
	s := config.Text(func(c *Config) *string { return field(&c.AAA) })
	s.Set = func(c *config.Call, t, _ *Config) error {
		*field(&t.AAA) = strings.Trim(c.Args.Get("text"), `"`)
		return nil
	}
	s.Show = func(v *config.View, t, _ *Config) {
		switch text := *field(&t.AAA); {
		case strings.Contains(text, " "):
			v.Line(`%s "%s"`, v.Words, text)
		case text != "":
			v.Line("%s %s", v.Words, text)
		}
	}
	return s
}

// methodList is a command that defines one of several lists.
func methodList(field func(*AAA) *MethodLists, trailer string) config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			methods, err := methodsOf(c.Args)
			if err != nil {
				return err
			}
			field(&t.AAA).Put(listOf(c.Args), methods)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error { field(&t.AAA).Delete(listOf(c.Args)); return nil },
		Show: func(v *config.View, t, _ *Config) {
			lists := field(&t.AAA)
			for _, name := range slices.SortedFunc(lists.Keys(), defaultFirst) {
				list, _ := lists.Get(name)
				words := make([]string, len(*list))
				for i, m := range *list {
					words[i] = m.String()
				}
				v.Line("%s %s %s%s", strings.TrimSuffix(v.Words, " default"), name, strings.Join(words, " "), trailer)
			}
		},
	}
}

func defaultFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "default":
		return -1
	case b == "default":
		return 1
	}
	return strings.Compare(a, b)
}

func listOf(a cli.Args) string {
	name := cmp.Or(a.Get("list"), "default")
	if level := a.Get("level"); level != "" {
		return level + " " + name
	}
	return name
}

// methodsOf reads the methods behind the list name.
func methodsOf(a cli.Args) ([]Method, error) {
	var methods []Method
	started := false
	for i := 0; i < len(a); i++ {
		switch w := a[i]; {
		case len(methods) == maxMethods:
			return nil, &cli.Error{Kind: cli.Invalid, Pos: w.Pos}
		case w.Name == "list" || w.Text == "default":
			started = true
		case !started:
		case w.Text == "group" || w.Text == "cache":
			i++
			methods = append(methods, Method{w.Text, a[i].Text})
		case w.Text == "tacacs+" || w.Text == "radius":
			methods = append(methods, Method{"group", w.Text})
		default:
			methods = append(methods, Method{Name: w.Text})
		}
	}
	return methods, nil
}

// maxMethods is how many a list may have.
const maxMethods = 4
