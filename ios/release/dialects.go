package release

import "vtylab/ios/exec"

// The dialects of `debug ip ssh` (ios-ssh-scp 6.2).

// dialect12 is that of 12.2 to 12.4, and of the seed's first sample.
var dialect12 = exec.Dialect{
	Sent:        "send: len %d (includes padlen %d)",
	Read:        "ssh_receive: %d bytes received",
	Length:      "input: packet len %d",
	Partial:     "partial packet %d, need %d, maclen %d",
	Padding:     "input: padlen %d",
	Received:    "received packet type %d",
	MACRight:    "MAC #%d ok",
	MACMade:     "done calc MAC out #%[1]d",
	Kex:         "SSH2: kex: %[2]s %[3]s %[4]s none",
	KeysDerived: "SSH2: kex_derive_keys complete",
}

// dialect3SE is that of the seed's samples of `debug ip ssh detail` and
// `packet`.
var dialect3SE = exec.Dialect{
	Sent:        "send:packet of length %d (length also includes padlen of %d)",
	Read:        "ssh_receive: %d bytes received",
	Length:      "input: total packet length of %d bytes",
	Partial:     "partial packet length(block size)%d bytes,needed %d bytes, maclen %d",
	Padding:     "input: padlength %d bytes",
	MACRight:    "MAC compared for #%d :ok",
	MACMade:     "computed MAC for sequence no.#%d type %d",
	Kex:         "SSH2:kex: %[2]s enc:%[3]s mac:%[4]s",
	KeysDerived: "SSH2: kex_derive_keys_complete",
	MaxRead:     64,
}

// dialect15 is that of captures of 15.2 and later and of IOS XE: two spaces
// after "of", a space at the end of ssh_receive, a line that breaks.
var dialect15 = exec.Dialect{
	Sent:        "send:packet of  length %d (length also includes padlen of %d)",
	Read:        "ssh_receive: %d bytes received ",
	Length:      "input: total packet length of %d bytes",
	Partial:     "partial packet length(block size)%d bytes,needed %d bytes,\n               maclen %d",
	Padding:     "input: padlength %d bytes",
	MACRight:    "MAC compared for #%d :ok",
	MACMade:     "computed MAC for sequence no.#%d type %d",
	Kex:         "SSH2 %d: kex: %s enc:%s mac:%s ",
	KeysDerived: "SSH2: kex_derive_keys complete",
	MaxRead:     1460, // an Ethernet segment; captures show 536 and 640 too
	Offered:     []string{"encryption", "mac"},
	Chosen:      true,
	Methods:     true,
}

// dialect17 also tells the lists of host keys and key exchanges. Its SSH2_CLOSE
// is captured after shells, commands and copies.
var dialect17 = func() exec.Dialect {
	d := dialect15
	d.Offered = []string{"hostkey", "encryption", "mac", "kex"}
	d.NamelessShell = true
	return d
}()
