package exec

import (
	"fmt"

	"vtylab/aaa"
	"vtylab/aaa/tacacs"
)

// The switches of TACACS+.
const (
	debugTacacs               = "tacacs"
	debugTacacsEvents         = "tacacs events"
	debugTacacsPacket         = "tacacs packet"
	debugTacacsAuthentication = "tacacs authentication"
	debugTacacsAuthorization  = "tacacs authorization"
	debugTacacsAccounting     = "tacacs accounting"
)

// kindWords are what the words of a request depend on: what it is of, and the switch that
// shows that alone.
type kindWords struct{ of, queued, own string }

func kindOf(e aaa.Asked) kindWords {
	switch {
	case e.Account:
		return kindWords{"accounting", "Accounting", debugTacacsAccounting}
	case e.Args != nil:
		return kindWords{"authorization", "Authorization", debugTacacsAuthorization}
	}
	return kindWords{"authentication start", "Authentication", debugTacacsAuthentication}
}

// asked is a server that is going to be asked. The lines of a login are captured, the others
// are from memory (aaa-snmp A9).
func (w *aaaWords) asked(e aaa.Asked) {
	k := kindOf(e)
	if !w.on.On(debugTacacs) && !w.on.On(k.own) {
		return
	}
	r := e.Request
	if e.First {
		w.printf("TPLUS: Queuing AAA %s request %d for processing", k.queued, r.ID)
		if e.Args == nil {
			w.printf("TPLUS(%08X) login timer started 1020 sec timeout", r.ID)
		}
		w.printf("TPLUS: processing %s request id %d", k.of, r.ID)
		if e.Args == nil {
			w.printf("TPLUS: Authentication start packet created for %d(%s)", r.ID, r.User)
		} else {
			w.created(e, k)
		}
	}
	if e.Preferred {
		w.printf("TPLUS: using previously set server %s from group %s", e.Address, e.Group)
	} else {
		w.printf("TPLUS: Using server %s", e.Address)
	}
}

func (w *aaaWords) created(e aaa.Asked, k kindWords) {
	if !e.Account {
		w.printf("TPLUS: Protocol set to None .....Skipping")
	}
	for _, arg := range e.Args {
		w.printf("TPLUS: Sending AV %s", arg)
	}
	w.printf("TPLUS: %s request created for %d(%s)", k.queued, e.Request.ID, e.Request.User)
}

// handle is a pointer such as debug output has: it is made up, and the same for the same
// request.
func (w *aaaWords) handle(tag uint32) string {
	if !w.long {
		return fmt.Sprintf("%X", 0x0E000000|uint64(tag*2654435761)>>8&^7)
	}
	return fmt.Sprintf("%X", 0x7FFD00000000|uint64(tag*2654435761)&^7)
}

// tacacs is what goes over the wire: `debug tacacs` tells of sockets, `debug tacacs packet`
// of packets.
func (w *aaaWords) tacacs(e tacacs.Event) {
	all, events, packets := w.on.On(debugTacacs), w.on.On(debugTacacs) || w.on.On(debugTacacsEvents), w.on.On(debugTacacsPacket)
	switch e := e.(type) {
	case tacacs.Connecting:
		if events {
			w.printf("TPLUS(%08X)/0/NB_WAIT/%s: Started %d sec timeout", e.Tag, w.handle(e.Tag), int(e.Timeout.Seconds()))
		}
	case tacacs.Connected:
		switch {
		case events && e.Err == nil:
			w.printf("TPLUS(%08X)/0/NB_WAIT: socket event 2", e.Tag)
		case events:
			w.printf("TPLUS(%08X)/0/NB_WAIT/%s: timed out", e.Tag, w.handle(e.Tag))
		}
	case tacacs.Sent:
		w.sent(e, all, events, packets)
	case tacacs.Received:
		w.received(e, all, events, packets)
	case tacacs.TimedOut:
		if events {
			w.printf("TPLUS(%08X)/0/READ/%s: timed out", e.Tag, w.handle(e.Tag))
		}
	}
}

func (w *aaaWords) sent(e tacacs.Sent, all, events, packets bool) {
	state := "NB_WAIT"
	if _, ok := e.Body.(tacacs.Continue); ok {
		state = "WRITE"
		if all {
			w.printf("TPLUS: Queuing AAA Authentication request %d for processing", e.Tag)
			w.printf("TPLUS: processing authentication continue request id %d", e.Tag)
			w.printf("TPLUS: Authentication continue packet generated for %d", e.Tag)
		}
		if events {
			w.printf("TPLUS(%08X)/0/WRITE/%s: Started %d sec timeout", e.Tag, w.handle(e.Tag), int(e.Timeout.Seconds()))
		}
	}
	if packets {
		w.packet(e.Header, e.Body)
	}
	if events {
		w.printf("TPLUS(%08X)/0/%s: wrote entire %d bytes request", e.Tag, state, tacacs.HeaderLength+e.Length)
	}
}

func (w *aaaWords) received(e tacacs.Received, all, events, packets bool) {
	if events {
		w.printf("TPLUS(%08X)/0/READ: socket event 1", e.Tag)
		w.printf("TPLUS(%08X)/0/READ: Would block while reading", e.Tag)
		w.printf("TPLUS(%08X)/0/READ: read entire %d header bytes (expect %d bytes data)", e.Tag, tacacs.HeaderLength, e.Length)
		w.printf("TPLUS(%08X)/0/READ: socket event 1", e.Tag)
		w.printf("TPLUS(%08X)/0/READ: read entire %d bytes response", e.Tag, tacacs.HeaderLength+e.Length)
	}
	if packets && e.Body != nil {
		w.packet(e.Header, e.Body)
	}
	if events {
		w.printf("TPLUS(%08X)/0/%s: Processing the reply packet", e.Tag, w.handle(e.Tag))
	}
	if all {
		w.outcome(e)
	}
}

// statusWords are how an authentication goes on (from memory but GET_PASSWORD).
var statusWords = map[tacacs.Status]string{tacacs.Pass: "PASS (2)", tacacs.Fail: "FAIL (3)", tacacs.GetUser: "GET_USER (7)", tacacs.GetPass: "GET_PASSWORD (8)",
	tacacs.GetData: "GET_DATA (9)", tacacs.Error: "ERROR (4)", tacacs.Restart: "RESTART (10)", tacacs.Follow: "FOLLOW (11)"}

func (w *aaaWords) outcome(e tacacs.Received) {
	switch b := e.Body.(type) {
	case tacacs.Reply:
		w.printf("TPLUS: Received authen response status %s", statusWords[b.Status])
	case tacacs.Response:
		for _, arg := range b.Args {
			w.printf("TPLUS: Processed AV %s", arg)
		}
		verdict := "FAIL"
		if b.Status == tacacs.PassAdd || b.Status == tacacs.PassReplace {
			verdict = "PASS"
		}
		w.printf("TPLUS: received authorization response for %d: %s", e.Tag, verdict)
	case tacacs.AcctReply:
		verdict := "FAIL"
		if b.Status == tacacs.AcctSuccess {
			verdict = "PASS"
		}
		w.printf("TPLUS: Received accounting response with status %s", verdict)
	default:
		w.printf("TPLUS: Invalid packet received from server (check keys)")
	}
}

// packet is `debug tacacs packet`. The START is captured, the rest from memory.
func (w *aaaWords) packet(h tacacs.Header, b tacacs.Body) {
	single := 0
	if h.Flags&tacacs.SingleConnect != 0 {
		single = 1
	}
	w.printf("T+: Version %d (0x%X), type %d, seq %d, encryption %d, SC %d", h.Version, h.Version, h.Kind, h.Seq, encryption(h), single)
	w.printf("T+: session_id %d (0x%X), dlen %d (0x%X)", h.Session, h.Session, h.Length, h.Length)
	switch b := b.(type) {
	case tacacs.Start:
		w.printf("T+: type:AUTHEN/START, priv_lvl:%d action:LOGIN ascii", b.Level)
		w.printf("T+: svc:%s user_len:%d port_len:%d (0x%X) raddr_len:%d (0x%X) data_len:%d", serviceWord(b.Service), len(b.User), len(b.Port), len(b.Port), len(b.RemoteAddr), len(b.RemoteAddr), len(b.Data))
		w.texts(b.Identity)
		w.printf("T+: data:  ")
	case tacacs.Continue:
		flags := 0
		if b.Abort {
			flags = 1
		}
		w.printf("T+: AUTHEN/CONT msg_len:%d (0x%X), data_len:%d (0x%X) Flags:0x%X", len(b.Message), len(b.Message), len(b.Data), len(b.Data), flags)
		w.printf("T+: User msg: %v", b.Message)
		w.printf("T+: User data:  %s", b.Data)
	case tacacs.Reply:
		flags := 0
		if b.NoEcho {
			flags = 1
		}
		w.printf("T+: AUTHEN/REPLY status:%d flags:0x%X msg_len:%d, data_len:%d", b.Status, flags, len(b.Message), len(b.Data))
		w.printf("T+: msg:  %s", oneLine(b.Message))
		w.printf("T+: data:  %s", b.Data)
	case tacacs.AuthorRequest:
		w.printf("T+: AUTHOR, priv_lvl:%d, authen:%d method:%s", b.Level, b.Type, methodNames[b.Method])
		w.printf("T+: svc:%d user_len:%d port_len:%d rem_addr_len:%d arg_cnt:%d", b.Service, len(b.User), len(b.Port), len(b.RemoteAddr), len(b.Args))
		w.texts(b.Identity)
		w.arguments(b.Args)
	case tacacs.Response:
		w.printf("T+: AUTHOR/REPLY status:%d msg_len:%d, data_len:%d arg_cnt:%d", b.Status, len(b.Message), len(b.Data), len(b.Args))
		w.printf("T+: msg:  %s", oneLine(b.Message))
		w.printf("T+: data:  %s", b.Data)
		for i, arg := range b.Args {
			w.printf("T+: arg[%d] size:%d", i, len(arg))
			w.printf("T+: %s", arg)
		}
	case tacacs.AcctRequest:
		w.printf("T+: ACCOUNTING, flags:0x%X method:%s priv_lvl:%d", byte(b.Flags), methodNames[b.Method], b.Level)
		w.printf("T+: type:%d svc:%d user_len:%d port_len:%d rem_addr_len:%d", b.Type, b.Service, len(b.User), len(b.Port), len(b.RemoteAddr))
		w.printf("T+: arg_cnt:%d", len(b.Args))
		w.texts(b.Identity)
		w.arguments(b.Args)
	case tacacs.AcctReply:
		w.printf("T+: ACCT/REPLY status:%d msg_len:%d data_len:%d", b.Status, len(b.Message), len(b.Data))
		w.printf("T+: msg:  %s", oneLine(b.Message))
		w.printf("T+: data:  %s", b.Data)
	}
	w.printf("T+: End Packet")
}

func (w *aaaWords) texts(id tacacs.Identity) {
	w.printf("T+: user:  %s", id.User)
	w.printf("T+: port:  %s", id.Port)
	w.printf("T+: rem_addr:  %s", id.RemoteAddr)
}

func (w *aaaWords) arguments(args []string) {
	for i, arg := range args {
		w.printf("T+: arg[%d]: size:%d %s", i, len(arg), arg)
	}
}

func encryption(h tacacs.Header) int {
	if h.Flags&tacacs.Unencrypted != 0 {
		return 0
	}
	return 1
}

func serviceWord(s tacacs.Service) string {
	if s == tacacs.ServiceEnable {
		return "ENABLE"
	}
	return "LOGIN"
}

var methodNames = map[tacacs.Method]string{tacacs.MethodNotSet: "not-set", tacacs.MethodNone: "none", tacacs.MethodLine: "line", tacacs.MethodEnable: "enable",
	tacacs.MethodLocal: "local", tacacs.MethodTACACS: "tacacs+", tacacs.MethodRADIUS: "radius"}

// oneLine is a message of a server without what would break the line of a log.
func oneLine(text string) string {
	clean := make([]rune, 0, len(text))
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			r = ' '
		}
		clean = append(clean, r)
	}
	return string(clean)
}
