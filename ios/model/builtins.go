package model

import (
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// builtins are the words every configuration mode has.
func builtins(mode, heading, closing string) []config.Act {
	what := "Exit from configure mode"
	if mode != config.Global {
		what = "Exit from " + uncapitalized(strings.TrimSuffix(strings.TrimSuffix(heading, " commands:"), " mode:")) + " mode"
	}
	rows := []config.Act{{Syntax: `exit "` + what + `"`, Do: config.Exit{}}}
	if closing != "" {
		rows = append(rows, config.Act{Syntax: closing + ` "` + what + `"`, Do: config.Exit{}})
	}
	if mode == config.Global {
		rows = append(rows, config.Act{Syntax: `end "Exit from configure mode"`, Do: config.End{}})
	}
	if mode == config.Global || mode == lineMode.Name || mode == aaaLineMode.Name {
		rows = append(rows, config.Act{Syntax: `help "Description of the interactive help system"`, Do: config.Help{}})
	}
	return rows
}

// uncapitalized is a phrase as it stands within a sentence: its first word begins
// with a small letter unless it is an acronym.
func uncapitalized(s string) string {
	if first, _, _ := strings.Cut(s, " "); first == strings.ToUpper(first) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// Comment reports whether a line holds nothing to do.
func Comment(line string) bool {
	line = strings.Trim(line, cli.Blanks)
	return line == "" || line[0] == '!'
}

// header reports whether a line is one that show running-config and show
// startup-config put in front: captures are pasted with them.
func header(line string) bool {
	for _, h := range []string{"Building configuration...", "Current configuration :", "Using "} {
		if strings.HasPrefix(line, h) {
			return true
		}
	}
	return false
}
