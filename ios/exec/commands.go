package exec

import (
	"slices"
)

// Commands returns all rows.
func Commands() []Command {
	return slices.Concat(
		sessionCommands,
		viewCommands,
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
		hostsCommands,
		interfaceCommands,
		ipInterfaceCommands,
		ipv6InterfaceCommands, ipv6NeighborCommands,
		arpCommands,
		protocolCommands,
		ipRouteCommands,
		ipv6RouteCommands,
		bootCommands,
		counterCommands,
		formatCommands,
		archiveCommands,
		replaceCommands,
		tclCommands,
		accessListCommands,
		aaaCommands, serverCommands,
		loginCommands,
		lockoutCommands,
		vrfCommands,
		snmpCommands,
		tcpCommands,
		connectionCommands,
		pingCommands,
		cdpCommands,
		tracerouteCommands,
		clientCommands,
		telnetCommands,
		sendCommands,
	)
}
