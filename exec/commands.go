package exec

import (
	"slices"

	"vtylab/device"
)

// Commands returns all rows, for device.NewModel.
func Commands() []device.Command {
	return slices.Concat(
		sessionCommands,
		terminalCommands,
		configureCommands,
		keyCommands,
		saveCommands,
		reloadCommands,
		fileCommands,
		copyCommands,
		lineCommands,
		debugCommands,
		clockCommands,
		clockSetCommands,
		versionCommands,
		bannerCommands,
		runningCommands,
		userCommands,
		sshCommands,
		loggingCommands,
		interfaceCommands,
		bootCommands,
		counterCommands,
		formatCommands,
		archiveCommands,
		accessListCommands,
		aaaCommands,
		loginCommands,
		vrfCommands,
		tcpCommands,
	)
}
