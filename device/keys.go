package device

import (
	"time"

	"vtylab/keyring"
)

// AddKeys takes new key pairs into use; SSH follows. Replacing the pair that SSH
// uses restarts it, which the device reports.
func (d *Device) AddKeys(pairs ...*keyring.Pair) {
	before, ec := d.System.SSHKeys()
	d.Keys.Add(pairs...)
	after, newEC := d.System.SSHKeys()
	if (before != nil && after != before) || (ec != nil && newEC != ec) {
		d.SSH.Reannounce()
	}
	added := KeysAdded{Pairs: pairs}
	if after != before {
		added.New = after
	}
	d.report(added)
	d.Apply()
	if added.New != nil {
		d.after(serverKeyDelay, func() { d.report(ServerKeyAdded{after}) })
	}
}

// serverKeyDelay is what 17.15 needs to make the temporary pair of SSH, as
// captured; here it is made when somebody looks at it.
const serverKeyDelay = 300 * time.Millisecond

// RemoveKeys drops key pairs; SSH follows. Sessions that exist stay.
func (d *Device) RemoveKeys(doomed func(*keyring.Pair) bool) {
	d.Keys.Remove(doomed)
	d.Apply()
}
