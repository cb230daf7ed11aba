package aaa

import (
	"context"
	"vtylab/ios/model"
)

// EnableMethods is the list behind `enable`.
func (a *Attempt) EnableMethods() []model.Method {
	if list, ok := a.Config.AAA.Enable["default"]; ok && a.Config.AAA.NewModel {
		return list
	}
	return []model.Method{{Name: "enable"}}
}

// EnableAsks reports whether `enable` to a level asks for a password. Without
// one configured the console gets in and other lines do not.
func (a *Attempt) EnableAsks(level int) bool {
	for _, m := range a.EnableMethods() {
		if m.Name == "none" {
			return false
		}
		if m.Name != "enable" {
			return true
		}
		if _, _, ok := a.Config.EnablePassword(level); ok {
			return true
		}
	}
	return false
}

// Enable checks the password for a privilege level.
func (a *Attempt) Enable(ctx context.Context, level int) Result {
	return each(a.EnableMethods(), func(m model.Method) Result {
		if m.Name == "enable" {
			s, _, _ := a.Config.EnablePassword(level)
			return check(s, a.Password)
		}
		return a.method(ctx, m)
	})
}
