package telnet

// Commands of RFC 854, each behind IAC.
const (
	cmdSE   = 240 // end of a subnegotiation
	cmdNOP  = 241
	cmdDM   = 242
	cmdBRK  = 243
	cmdIP   = 244
	cmdAO   = 245
	cmdAYT  = 246
	cmdEC   = 247
	cmdEL   = 248
	cmdGA   = 249
	cmdSB   = 250 // begin of a subnegotiation
	cmdWILL = 251
	cmdWONT = 252
	cmdDO   = 253
	cmdDONT = 254
	iac     = 255
)

// decoder takes the data out of what a peer sends. What is no data goes to its sink.
type decoder struct {
	sink sink
	// raw takes all as data: a port without Telnet. binary leaves line ends as they are.
	raw, binary bool
	// shown data are for a screen: CR LF stays. Typed, it is one key.
	shown bool

	state  state
	verb   byte // WILL, WONT, DO or DONT
	cr     bool // the byte before was CR
	sub    [maxSub]byte
	length int // of sub, maxSub+1 for one that is too long
}

// maxSub bounds what is kept of a subnegotiation. The longest that means something is a
// window's size, five bytes with every one of them doubled on the wire.
const maxSub = 16

// sink is who learns of what is no data. Its methods are called from Decode.
type sink interface {
	// command is IAC and one byte; it returns the key that this stands for, ok is false
	// for none.
	command(c byte) (key byte, ok bool)
	negotiate(verb, option byte)
	subnegotiation(data []byte)
}

// state is where a decoder is in a sequence that begins with IAC.
type state uint8

const (
	stateData   state = iota
	stateIAC          // behind IAC
	stateOption       // behind WILL, WONT, DO or DONT
	stateSub          // in a subnegotiation
	stateSubIAC       // behind IAC in one
)

// decode leaves the data of p at its front and returns them. A sequence may be cut
// anywhere. Of CR NUL the CR is left, and of CR LF where it was typed.
func (d *decoder) decode(p []byte) []byte {
	if d.raw {
		return p
	}
	n := 0
	for _, b := range p {
		if data, ok := d.step(b); ok {
			p[n] = data
			n++
		}
	}
	return p[:n]
}

// step takes one byte; it returns one of the data, if it is or makes one.
func (d *decoder) step(b byte) (data byte, ok bool) {
	switch d.state {
	case stateData:
		if b == iac {
			d.state = stateIAC
			return 0, false
		}
		return d.data(b)
	case stateIAC:
		return d.behindIAC(b)
	case stateOption:
		d.state = stateData
		d.sink.negotiate(d.verb, b)
	case stateSub:
		if b == iac {
			d.state = stateSubIAC
		} else {
			d.keep(b)
		}
	case stateSubIAC:
		d.behindSubIAC(b)
	}
	return 0, false
}

func (d *decoder) data(b byte) (byte, bool) {
	end := d.cr && !d.binary && (b == 0 || b == '\n' && !d.shown)
	d.cr = b == '\r'
	return b, !end
}

func (d *decoder) behindIAC(b byte) (byte, bool) {
	d.state = stateData
	switch {
	case b == iac:
		return d.data(b)
	case b >= cmdWILL:
		d.state, d.verb = stateOption, b
	case b == cmdSB:
		d.state, d.length = stateSub, 0
	case b >= cmdSE:
		return d.sink.command(b)
	default:
		// TCP takes an urgent byte, the DM of a Synch, out of the stream: its IAC stands
		// alone then.
		return d.data(b)
	}
	return 0, false
}

// behindSubIAC is the end of a subnegotiation, or a doubled IAC. Another command in its
// place means that the peer has forgotten the end.
func (d *decoder) behindSubIAC(b byte) {
	switch b {
	case iac:
		d.state = stateSub
		d.keep(b)
	case cmdSE:
		d.state = stateData
		if d.length <= maxSub {
			d.sink.subnegotiation(d.sub[:d.length])
		}
	default:
		d.behindIAC(b)
	}
}

func (d *decoder) keep(b byte) {
	if d.length < maxSub {
		d.sub[d.length] = b
	}
	d.length = min(d.length+1, maxSub+1)
}
