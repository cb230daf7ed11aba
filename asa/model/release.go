package model

// Release is the data that makes one release of ASA.
type Release struct {
	Name     string // "asa-9.20"
	Summary  string // a line for the operator
	Version  string // of show version and the configuration: "9.20(2)2"
	Hardware string // of the header of a configuration: "ASAv, 2048 MB RAM, …"
	Serial   string
	// Interfaces are the names of the hardware in the order of a configuration.
	Interfaces []string
	// ShowVersion is the answer to show version, with {hostname}, {uptime}, {serial}
	// and {modified} for what differs from device to device.
	ShowVersion string
	// Software is what follows "SSH-2.0-" in the identification line.
	Software string
}
