package exec

import (
	"context"
	"fmt"
	"strings"

	"vtylab/cli"
)

var replaceCommands = []Command{
	{Syntax: `configure "Enter configuration mode" replace "Replace the running-config with a new config file" URL$url "URL of config file that will replace running-config"
		[list "List the commands being applied in each pass"
		| force "Forcefully replace the existing configuration"
		| time "Time in minutes for which to wait for configuration confirmation" <1-120>$minutes "Minutes"
		| revert "Parameters for reverting the configuration" trigger "Set trigger for reverting the configuration" [error "Revert to the original config upon error"] [timer "Set revert timer" <1-120>$minutes "Minutes"]]*`,
		Level: 15, Run: configureReplace},
	{Syntax: `configure terminal "Configure from the terminal" revert "Parameters for reverting the configuration" timer "Set revert timer"
		<1-120>$minutes "Minutes"`, Level: 15, Run: configureRevertible},
	{Syntax: `configure confirm "Confirm replacement of running-config with a new config file"`, Level: 15, Run: configureConfirm},
	{Syntax: `configure revert "Parameters for reverting the configuration" now "Cancel the timer and revert immediately"`, Level: 15, Run: configureRevertNow},
	{Syntax: `configure revert timer "Reset the timer" <1-120>$minutes "Minutes"`, Level: 15, Run: configureRevertTimer},
}

// sure is asked before a configuration is replaced (ios-cli D5).
const sure = `This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: `

func configureReplace(s *Session, a cli.Args) error {
	minutes, timed := a.Int("minutes")
	text, err := s.configText(a.Get("url"))
	if err != nil {
		s.Println(err.Error())
		return nil
	}
	if !a.Has("force") {
		above, question := sure[:strings.LastIndex(sure, "\n")], sure[strings.LastIndex(sure, "\n")+1:]
		s.Println(above)
		answer, err := s.Ask(question)
		if err != nil || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
			return err
		}
	}
	if timed && !s.backUp(minutes) {
		return nil
	}
	return s.replace(text, a.Get("url"), a.Has("list"), a.Has("error"))
}

// replace makes a text the running configuration. With revert nothing is changed where
// a part of it cannot be. The user may break it off until something is changed; the error
// is why it was not carried out.
func (s *Session) replace(text, source string, list, revert bool) error {
	var p plan
	if err := s.Breakable(func(ctx context.Context) error {
		p = s.replacement(ctx, text)
		return context.Cause(ctx)
	}); err != nil {
		return err
	}
	if invalid(text, p.refused) {
		s.Println("%The input file is not a valid config file.")
		return nil
	}
	failed := len(p.refused)+len(p.left) > 0
	if !failed || !revert {
		for i, pass := range p.passes {
			if list {
				s.Println(fmt.Sprintf("!Pass %d", i+1), "", "!List of Rollback Commands:")
				s.Println(append(pass, "end", "")...)
			}
			if err := s.Merge(strings.Join(pass, "\n")+"\n", masked(source)); err != nil {
				return err
			}
			if err := context.Cause(s.Context()); err != nil {
				return err // it may have been applied in part
			}
		}
	}
	if failed {
		s.replaceFailed(p, revert)
		return nil
	}
	s.Println("", fmt.Sprintf("Total number of passes: %d", len(p.passes)), "Rollback Done", "")
	return nil
}

// replaceFailed tells what could not be replaced. How the lists are framed is from
// memory.
func (s *Session) replaceFailed(p plan, reverted bool) {
	left := append(p.refused, p.left...)
	s.Println("", "The rollback configlet from the last pass is listed below:", "********", "", "!List of Rollback Commands:")
	s.Println(append(left, "end", "", "********", "", fmt.Sprintf("Rollback aborted after %d passes", maxPasses),
		"The following commands are failed to apply to the IOS image.", "********", "")...)
	s.Println(append(left, "********")...)
	if reverted {
		s.Println("", "The original configuration has been successfully restored.")
	}
}

// invalid reports a text that is no configuration: more of its lines are refused than
// taken.
func invalid(text string, refused []string) bool {
	lines := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '!' && line != "end" {
			lines++
		}
	}
	return lines == 0 || 2*len(refused) > lines
}
