package device

import (
	"errors"
	"sync/atomic"

	"vtylab/network"
	"vtylab/snmp"
)

// snmpService is SNMP.
type snmpService struct {
	d     *Device
	alive atomic.Bool // settings were applied since the boot
}

// Apply reports when the agent starts: with the device, or later.
func (v *snmpService) Apply(s *Settings) error {
	cold := !v.alive.Swap(true)
	started, err := v.d.SNMP.Apply(&s.SNMP)
	if !started {
		return err
	}
	err = errors.Join(err, v.d.persistent.countEngineBoot(v.d.storage))
	v.d.report(SNMPStarted{Cold: cold})
	return err
}

// Retrace does nothing: the agent asks for its Trace each time.
func (v *snmpService) Retrace() {}

// Restart switches the agent off, until the new configuration switches it on.
func (v *snmpService) Restart() {
	v.alive.Store(false)
	v.d.SNMP.Restart()
}

// snmpHost is the device as its SNMP agent sees it.
type snmpHost struct{ *Device }

// EngineBoots is snmpEngineBoots (RFC 3414 section 2.2).
func (h snmpHost) EngineBoots() int { return h.persistent.engineBoots() }

// Trace is `debug snmp packets`.
func (h snmpHost) Trace() func(snmp.Event) { return h.System.SNMPTrace() }

// Refused reports a request that was not authentic.
func (h snmpHost) Refused(f network.Flow) { h.report(SNMPRefused{f}) }
