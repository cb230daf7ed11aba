package exec

import (
	"fmt"
	"strings"

	"vtylab/aaa/radius"
)

// The switches of RADIUS.
const (
	debugRadius               = "radius"
	debugRadiusAuthentication = "radius authentication"
	debugRadiusAccounting     = "radius accounting"
	debugRadiusBrief          = "radius brief"
	debugRadiusVerbose        = "radius verbose"
)

// radius is `debug radius` (captures: a 12.x router, IOL 17.15; aaa-snmp B6). With `brief`
// alone there are no attributes.
func (w *aaaWords) radius(e radius.Event) {
	shown, full := w.radiusShown(e)
	if !shown {
		return
	}
	switch e := e.(type) {
	case radius.Sent:
		w.radiusSent(e, full)
	case radius.Waiting:
		w.printf("RADIUS(%08X): Started %d sec timeout", e.Tag, int(e.Timeout.Seconds()))
	case radius.TimedOut:
		w.printf("RADIUS(%08X): Request timed out!", e.Tag)
	case radius.Retransmitted:
		w.printf("RADIUS: Retransmit to %s for id %d/%d", endpoint(e.Server), radiusPort, e.ID)
	case radius.FailedOver:
		w.printf("RADIUS: Fail-over to %s for id %d/%d", endpoint(e.Server), radiusPort, e.ID)
	case radius.GaveUp:
		w.printf("RADIUS: No response from %s for id %d/%d", endpoint(e.Server), radiusPort, e.ID)
		w.printf("RADIUS: No response from server")
	case radius.Received:
		w.packetLine(fmt.Sprintf("RADIUS: Received from id %d/%d %s, %s, len %d", radiusPort, e.ID, e.To, codeWord(e.Packet.Code), e.Length), e.Packet, full)
	case radius.Forged:
		if !e.Message {
			w.printf("RADIUS: message-authenticator decrypt fail")
		}
		if !e.Authenticator {
			w.printf("RADIUS: response-authenticator decrypt fail")
		}
		w.printf("RADIUS: Response (%d) failed decrypt", e.ID)
	}
}

// radiusPort is the one that requests come from, as ids are written.
const radiusPort = 1645

// radiusShown reports whether an event is shown, and whether with attributes.
func (w *aaaWords) radiusShown(e radius.Event) (shown, full bool) {
	full = w.on.On(debugRadius) || w.on.On(debugRadiusVerbose)
	own := debugRadiusAuthentication
	if accounts(e) {
		own = debugRadiusAccounting
	}
	full = full || w.on.On(own)
	return full || w.on.On(debugRadiusBrief), full
}

// accounts reports whether an event is of a record.
func accounts(e radius.Event) bool {
	switch e := e.(type) {
	case radius.Sent:
		return e.Packet.Code == radius.AccountingRequest
	case radius.Received:
		return e.Packet.Code == radius.AccountingResponse
	case radius.Waiting:
		return e.To == e.Server.Acct
	case radius.TimedOut:
		return e.To == e.Server.Acct
	case radius.Retransmitted:
		return e.To == e.Server.Acct
	case radius.FailedOver:
		return e.To == e.Server.Acct
	case radius.GaveUp:
		return e.To == e.Server.Acct
	}
	return false
}

// radiusSent is a request on its way: what comes before it says how it was made.
func (w *aaaWords) radiusSent(e radius.Sent, full bool) {
	if full {
		w.encoded(e)
	}
	w.packetLine(fmt.Sprintf("RADIUS(%08X): Send %s to %s id %d/%d, len %d", e.Tag, codeWord(e.Packet.Code), e.To, radiusPort, e.ID, e.Length), e.Packet, full)
	if w.long {
		w.printf("RADIUS(%08X): Sending a IPv4 Radius Packet", e.Tag)
	}
}

func (w *aaaWords) encoded(e radius.Sent) {
	nas := "0.0.0.0"
	if a, ok := e.Packet.Attributes.Address(radius.NASIPAddress); ok {
		nas = a.String()
	}
	if w.long {
		w.printf("RADIUS: Pick NAS IP for u=0x%s tableid=0 cfg_addr=%s", w.handle(e.Tag), nas)
		w.printf("RADIUS(%08X): Config NAS IPv6: ::", e.Tag)
		w.printf("RADIUS: ustruct sharecount=1")
		w.printf("Radius: radius_port_info() success=0 radius_nas_port=1")
		return
	}
	w.printf("RADIUS/ENCODE(%08X):Orig. component type = Exec", e.Tag)
	w.printf("RADIUS(%08X): Config NAS IP: %s", e.Tag, nas)
	w.printf("RADIUS/ENCODE(%08X): acct_session_id: %d", e.Tag, e.Tag)
	w.printf("RADIUS(%08X): sending", e.Tag)
}

// packetLine is a packet that has gone or come, with its attributes if all is shown: the
// line of the authenticator has no time stamp of its own (IOL 17.15).
func (w *aaaWords) packetLine(line string, p radius.Packet, full bool) {
	if !full {
		w.print(line)
		return
	}
	w.print(line, "RADIUS:  authenticator "+hexPairs(p.Authenticator[:8])+" - "+hexPairs(p.Authenticator[8:]))
	for _, a := range p.Attributes {
		w.attribute(a)
	}
}

func hexPairs(b []byte) string { return strings.ToUpper(fmt.Sprintf("% x", b)) }

// attributeNames are those that are printed by name; a value of the last columns is one of
// an enumeration.
var attributeNames = map[radius.Type]string{
	radius.UserName: "User-Name", radius.UserPassword: "User-Password", radius.NASIPAddress: "NAS-IP-Address", radius.NASPort: "NAS-Port",
	radius.ServiceType: "Service-Type", radius.FilterID: "Filter-Id", radius.LoginIPHost: "login-ip-addr-host", radius.LoginService: "Login-Service",
	radius.ReplyMessage: "Reply-Message", radius.State: "State", radius.Class: "Class", radius.SessionTimeout: "Session-Timeout", radius.IdleTimeout: "Idle-Timeout",
	radius.CallingStationID: "Calling-Station-Id", radius.NASIdentifier: "NAS-Identifier", radius.AcctStatusType: "Acct-Status-Type", radius.AcctDelayTime: "Acct-Delay-Time",
	radius.AcctSessionID: "Acct-Session-Id", radius.AcctAuthentic: "Acct-Authentic", radius.AcctSessionTime: "Acct-Session-Time", radius.AcctTerminateCause: "Acct-Terminate-Cause",
	radius.NASPortType: "NAS-Port-Type", radius.Prompt: "Prompt", radius.MessageAuthenticator: "Message-Authenticato", radius.NASPortID: "NAS-Port-Id", radius.NASIPv6Address: "NAS-IPv6-Address",
}

var attributeValues = map[radius.Type]map[uint32]string{
	radius.ServiceType:        {1: "Login", 6: "Administrative", 7: "NAS Prompt"},
	radius.NASPortType:        {0: "Async", 5: "Virtual"},
	radius.AcctStatusType:     {1: "Start", 2: "Stop", 3: "Watchdog", 7: "Accounting-On", 8: "Accounting-Off"},
	radius.AcctAuthentic:      {1: "RADIUS", 2: "Local", 3: "Remote"},
	radius.AcctTerminateCause: {1: "user-request", 2: "lost-carrier", 4: "idle-timeout", 5: "session-timeout", 6: "admin-reset"},
}

var attributeNumbers = map[radius.Type]bool{radius.NASPort: true, radius.SessionTimeout: true, radius.IdleTimeout: true, radius.AcctDelayTime: true, radius.AcctSessionTime: true, radius.Prompt: true}

// attribute is one line: the name in 20 columns, the type in 5, the length, and the value.
func (w *aaaWords) attribute(a radius.Attribute) {
	one := radius.Attributes{a}
	length := len(a.Value) + 2
	head := fmt.Sprintf("RADIUS:  %-20s%-5s %d", attributeNames[a.Type], fmt.Sprintf("[%d]", a.Type), length)
	number, isNumber := one.Number(a.Type)
	address, isAddress := one.Address(a.Type)
	switch values := attributeValues[a.Type]; {
	case a.Type == radius.VendorSpecific:
		w.vendor(a, length)
	case a.Type == radius.UserPassword || a.Type == radius.MessageAuthenticator:
		w.printf("%s  *", head)
	case values != nil && isNumber:
		w.printf("%s   %-26s[%d]", head, values[number], number)
	case attributeNumbers[a.Type] && isNumber:
		w.printf("%s   %d", head, number)
	case (a.Type == radius.NASIPAddress || a.Type == radius.LoginIPHost) && isAddress:
		w.printf("%s   %s", head, address)
	case a.Type == radius.State || a.Type == radius.Class:
		w.print(head, "RADIUS:   "+hexPairs(a.Value))
	default:
		w.printf(`%s%*s"%s"`, head, 4-len(fmt.Sprint(length)), "", oneLine(string(a.Value)))
	}
}

// vendor is a Vendor-Specific attribute: those of Cisco have their names.
func (w *aaaWords) vendor(a radius.Attribute, length int) {
	vendors := a.Vendors()
	name := "Vendor, unknown"
	if len(vendors) > 0 && vendors[0].ID == radius.VendorCisco {
		name = "Vendor, Cisco"
	}
	w.printf("RADIUS:  %-20s%-5s %d", name, "[26]", length)
	for _, v := range vendors {
		if v.ID == radius.VendorCisco && v.Type == radius.CiscoAVPair {
			w.printf(`RADIUS:   %-19s%-5s %-4d"%s"`, "Cisco AVpair", "[1]", len(v.Value)+2, oneLine(string(v.Value)))
		}
	}
}

func endpoint(s radius.Endpoint) string {
	return fmt.Sprintf("(%s:%d,%d)", s.Addr.Addr(), s.Addr.Port(), s.Acct.Port())
}

func codeWord(c radius.Code) string {
	return map[radius.Code]string{radius.AccessRequest: "Access-Request", radius.AccessAccept: "Access-Accept", radius.AccessReject: "Access-Reject",
		radius.AccessChallenge: "Access-Challenge", radius.AccountingRequest: "Accounting-Request", radius.AccountingResponse: "Accounting-response"}[c]
}
