package exec

import "vtylab/keyring"

// SSHStatus is what there is to say of the SSH server.
type SSHStatus struct {
	Up      bool
	Version string // 1.5, 1.99, 2.0
	Ports   []int  // that it listens on
	RSA, EC *keyring.Pair
	// Server is the temporary pair beside the RSA pair, nil for none.
	Server func() *keyring.Pair
}
