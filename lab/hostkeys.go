package lab

import (
	"time"

	"vtylab/keyring"
)

// Keys makes the host key of a device: under the label that the device gives it.
type Keys func(node, label string) (*keyring.Pair, error)

// hostKeyBits is the length of host keys, in bits.
const hostKeyBits = 2048

// poolSize is how many pairs a new pool has.
const poolSize = 64

// OwnKeys makes each device a pair of its own, which takes some 40 ms of a processor.
func OwnKeys(_, label string) (*keyring.Pair, error) {
	return keyring.Generate(label, keyring.General, hostKeyBits, false, time.Now())
}

// PoolKeys takes pairs from the pool in a file, which is made if need be. Devices share
// them.
func PoolKeys(path string) (Keys, error) {
	pool, err := keyring.OpenPool(path, poolSize, hostKeyBits)
	if err != nil {
		return nil, err
	}
	return func(node, label string) (*keyring.Pair, error) { return pool.Pair(node, label), nil }, nil
}
