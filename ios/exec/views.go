package exec

import (
	"vtylab/aaa"
	"vtylab/cli"
	"vtylab/ios/model"
	"vtylab/tty"
)

var viewCommands = []Command{
	{Syntax: `enable "Turn on privileged commands" view "Set into the existing view" [WORD$view "View name"]`, Run: enableView},
	{Syntax: `show "Show running system information" parser "Display parser information" view "Display parser view" [all "All views"]`, Level: 1, Filter: true, Run: showParserView},
}

// enableView goes to a view by its secret, or to the root view by that of level 15.
func enableView(s *Session, a cli.Args) error {
	name := a.Get("view")
	if name == "" || name == model.RootView {
		return enableRootView(s)
	}
	v, ok := s.Config().Views.Get(name)
	if !ok {
		s.Printf("%% View %s does not exist\n\n", name) // from memory
		return nil
	}
	for range enableTries {
		typed, err := s.Secret("Password: ")
		if err != nil {
			return err
		}
		if !v.Secret.IsZero() && v.Secret.Verify(typed) {
			s.View, s.Privilege = name, 1
			s.viewSwitched(name)
			return nil
		}
	}
	return s.viewRefused()
}

func enableRootView(s *Session) error {
	if !s.Config().EnableAsks(15) {
		s.Println("% No password set")
		return nil
	}
	r := s.EnableRequest(s.Line, s.User, 15)
	for range enableTries {
		v := s.Authenticate(r)
		if v.Err != nil {
			return v.Err
		}
		if v.Result == aaa.Pass {
			s.View, s.Privilege = model.RootView, 15
			s.viewSwitched(model.RootView)
			return nil
		}
	}
	return s.viewRefused()
}

// viewRefused ends `enable view`; the text is from memory.
func (s *Session) viewRefused() error {
	if s.Line.Kind == tty.VTY {
		s.Wait(enablePause)
	}
	s.Println("% Access denied", "")
	return nil
}

func (s *Session) viewSwitched(name string) {
	s.Device.Log("PARSER", 6, "VIEW_SWITCH", "successfully set to view '%s'.", name)
}

// showParserView prints the session's view, and with all those that there are; what is
// printed outside a view is from memory.
func showParserView(s *Session, a cli.Args) error {
	if s.View == "" {
		s.Println("No view is active ! Currently in Privilege Level Context")
	} else {
		s.Printf("Current view is '%s'\n", s.View)
	}
	if a.Has("all") && (s.View == "" || s.View == model.RootView) {
		printViews(s)
	}
	return nil
}

func printViews(s *Session) {
	s.Println("Views/SuperViews Present in System:")
	for v := range s.Config().Views.All() {
		mark := ""
		if v.Super {
			mark = " *"
		}
		s.Printf(" %s%s\n", v.Name, mark)
	}
	s.Println("", "-------(*) represent superview-------")
}
