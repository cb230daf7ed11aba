package release

import "vtylab/ios/model"

// cryptoNotice is in every show version of a K9 image.
const cryptoNotice = `This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use. Delivery of Cisco cryptographic products does not imply
third-party authority to import, export, distribute or use encryption.
Importers, exporters, distributors and users are responsible for
compliance with U.S. and local country laws. By using this product you
agree to comply with applicable laws and regulations. If you are unable
to comply with U.S. and local laws, return this product immediately.

A summary of U.S. laws governing Cisco cryptographic products may be found at:
http://www.cisco.com/wwl/export/crypto/tool/stqrg.html

If you require further assistance please contact us by sending email to
export@cisco.com.

`

// What IOS says while SSH has no usable key (ios-ssh-scp 2.2 and 5.1).
const (
	keyAdvice   = "Please create RSA keys to enable SSH (and of atleast 768 bits for SSH v2)."
	keyAdvice17 = "Please create EC or RSA keys to enable SSH (and of atleast 2048 bits for SSH v2 in case of RSA)."
)

// userMethodWarning came with `ip ssh server algorithm authentication`; it is one
// line on the device, whatever its length.
const userMethodWarning = `Warning: SSH command accepted but this CLI will be deprecated soon. Please move to new CLI "ip ssh server algorithm authentication". Please configure "default ip ssh server authenticate user" to make CLI ineffective.`

// lineTable is the header of show line on routers; the rows of an IOL 17.15
// stand below the same one.
const lineTable = "   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int"

// milliseconds is `service timestamps … datetime msec`, which all of our
// releases are born with.
var milliseconds = model.Stamp{Datetime: true, Msec: true}

// stamped sets the time stamps of messages.
func stamped(c *model.Config) {
	c.Service.StampDebug, c.Service.StampLog = milliseconds, milliseconds
}

// snmpStop is a word that nobody types: `no snmp-server` stops before it, and without
// the `no` that is an incomplete command.
const snmpStop = `/ ~agent`
