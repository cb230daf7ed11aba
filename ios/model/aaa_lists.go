package model

import "strconv"

// LoginMethods is the list that applies to a line, also when AAA is off, and the
// configuration line that it stands in. Connections that bring a user name with
// them, over SSH, only know `login local` without AAA, whatever the line says.
func (c *Config) LoginMethods(l *Line, ssh bool) (list []Method, from string) {
	if !c.AAA.NewModel {
		switch {
		case l.Login == LoginLocal:
			return []Method{{Name: "local"}}, "login local"
		case ssh:
			return nil, "login"
		case l.Login == LoginPassword && l.Kind == Console && l.Password.Text == "":
			// "Login disabled", as the device said: no login is locked out.
			return []Method{{Name: "none"}}, "login"
		case l.Login == LoginPassword:
			return []Method{{Name: "line"}}, "login"
		}
		return []Method{{Name: "none"}}, "no login"
	}
	if list, ok := c.AAA.Login.Get(l.LoginList); ok {
		return *list, "aaa authentication login " + l.LoginList
	}
	if list, ok := c.AAA.Login.Get("default"); ok {
		return *list, "aaa authentication login default"
	}
	if l.Kind == Console {
		return []Method{{Name: "none"}}, "aaa new-model"
	}
	return []Method{{Name: "local"}}, "aaa new-model"
}

// EnableMethods is the list behind `enable`.
func (c *Config) EnableMethods() (list []Method, from string) {
	if list, ok := c.AAA.Enable.Get("default"); ok && c.AAA.NewModel {
		return *list, "aaa authentication enable default"
	}
	return []Method{{Name: "enable"}}, ""
}

// EnableAsks reports whether `enable` to a level asks for a password. Without one
// configured the console gets in and other lines do not.
func (c *Config) EnableAsks(level int) bool {
	list, _ := c.EnableMethods()
	for _, m := range list {
		if m.Name == "none" {
			return false
		}
		if m.Name != "enable" {
			return true
		}
		if _, _, ok := c.EnablePassword(level); ok {
			return true
		}
	}
	return false
}

// ExecMethods is the exec authorization list of a line: one that lets everybody in
// where there is none. Without AAA the user database grants the level of a user
// whom it let in. The console has no list until `aaa authorization console`.
func (c *Config) ExecMethods(l *Line) (list []Method, from string) {
	none := Method{Name: "none"}
	if !c.AAA.NewModel {
		if l.Login == LoginLocal {
			return []Method{{Name: "local"}, none}, "login local"
		}
		return []Method{none}, ""
	}
	if l.Kind == Console && !c.AAA.Console {
		return []Method{none}, ""
	}
	if list, ok := c.AAA.Exec.Get(l.AuthorExec); ok {
		return *list, "aaa authorization exec " + l.AuthorExec
	}
	if list, ok := c.AAA.Exec.Get("default"); ok {
		return *list, "aaa authorization exec default"
	}
	return []Method{none}, ""
}

// CommandMethods is the list that authorizes commands of a level on a line, nil where none
// has to. Those of configuration modes need `aaa authorization config-commands`, the console
// `aaa authorization console`.
func (c *Config) CommandMethods(l *Line, level int, configures bool) (list []Method, from string) {
	if !c.AAA.NewModel || l.Kind == Console && !c.AAA.Console || configures && !c.AAA.ConfigCommands {
		return nil, ""
	}
	return listed(&c.AAA.Commands, "aaa authorization commands", strconv.Itoa(level)+" ", l.lists().Commands[level])
}

// ReverseMethods is the list that authorizes a way out over a line, nil where none has to.
func (c *Config) ReverseMethods(l *Line) (list []Method, from string) {
	if !c.AAA.NewModel {
		return nil, ""
	}
	return listed(&c.AAA.Reverse, "aaa authorization reverse-access", "", l.lists().Reverse)
}

// listed is a list by its name, or the default one.
func listed(lists *MethodLists, words, level, name string) (list []Method, from string) {
	for _, name := range []string{name, "default"} {
		if m, ok := lists.Get(level + name); ok && name != "" {
			return *m, words + " " + level + name
		}
	}
	return nil, ""
}

// Accounts is the list that records something on a line, nil where none does: exec,
// connection, system, or "commands" with a level. The line is nil for the device itself.
func (c *Config) Accounts(l *Line, of string, level int) (list *Accounting, name string) {
	if !c.AAA.NewModel {
		return nil, ""
	}
	own := ""
	if l != nil {
		switch lists := l.lists(); of {
		case "exec":
			own = lists.AcctExec
		case "connection":
			own = lists.AcctConnect
		case "commands":
			own = lists.AcctCommands[level]
		}
	}
	if of == "commands" {
		of += " " + strconv.Itoa(level)
	}
	for _, name := range []string{own, "default"} {
		if i := c.AAA.accounting(of + " " + name); i >= 0 && name != "" {
			return &c.AAA.Accounting[i], name
		}
	}
	return nil, ""
}
