package device

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"vtylab/ifs"
	"vtylab/network"
	"vtylab/snmp"
)

// persistentFile is the part of nvram: that keeps snmpEngineBoots over boots.
const persistentFile = "persistent-data"

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
	err = errors.Join(err, v.d.countEngineBoot())
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
func (h snmpHost) EngineBoots() int { return int(h.engineBoots.Load()) }

// Trace is `debug snmp packets`.
func (h snmpHost) Trace() func(snmp.Event) { return h.System.SNMPTrace() }

// Refused reports a request that was not authentic.
func (h snmpHost) Refused(f network.Flow) { h.report(SNMPRefused{f}) }

// countEngineBoot counts one more start of the SNMP engine, and keeps that in nvram:.
func (d *Device) countEngineBoot() error {
	text := fmt.Sprintf("snmpEngineBoots %d\n", d.engineBoots.Add(1))
	if err := ifs.WriteFile(d.storage.nvram.Internal(), persistentFile, []byte(text)); err != nil {
		return fmt.Errorf("device: keeping snmpEngineBoots: %w", err)
	}
	return nil
}

// loadEngineBoots reads it; a device without that file has not started an engine.
func (d *Device) loadEngineBoots() error {
	data, err := readState(d.storage.nvram.Internal(), persistentFile)
	if err != nil {
		return err
	}
	text, _ := strings.CutPrefix(strings.TrimSpace(string(data)), "snmpEngineBoots ")
	if n, err := strconv.ParseInt(text, 10, 32); err == nil && n > 0 {
		d.engineBoots.Store(int32(n))
	}
	return nil
}
