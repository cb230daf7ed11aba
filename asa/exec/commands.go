package exec

import "slices"

// Commands returns all rows.
func Commands() []Command {
	return slices.Concat(
		sessionCommands,
		configureCommands,
		terminalCommands,
		versionCommands,
		runningCommands,
		saveCommands,
		keyCommands,
		reloadCommands,
	)
}
