package exec

import (
	"net/netip"
	"strconv"
	"strings"

	"vtylab/sshclient"
)

// reverse takes the forms of `ssh -l` that name a line of a terminal server in words of
// their own, in the place of the host and the command behind it:
//
//	-l lab:rotary 1 10.0.0.2              rotary group 1, as -l lab:rotary1 10.0.0.2
//	-l lab:red 3 10.0.0.2 10.0.0.2        line 3, in VRF red
//
// Both are in the syntax of the Secure Shell Configuration Guide, which explains
// neither; `-l lab:3 10.0.0.2`, which needs nothing here, is in its examples of reverse
// SSH. What can be known is that the name on the wire says user and line, since that is
// all a server gets, and that a VRF is where this device looks for the server. So the
// first form is the name lab:rotary1 and the second lab:3, with the VRF for the
// connection. Of the two addresses the last is the one that every form of the command
// ends in, the host to connect to; the first, the terminal server that the line belongs
// to, has to be an address and says no more than that.
func reverse(r *sshclient.Request, command string) (rest string) {
	user, word, named := strings.Cut(r.User, ":")
	number, err := strconv.ParseUint(r.Name, 10, 16)
	servers := strings.Fields(command)
	if !named || err != nil || len(servers) == 0 {
		return command
	}
	if word == "rotary" {
		r.User, r.Name = user+":rotary"+strconv.FormatUint(number, 10), servers[0]
		return strings.Join(servers[1:], " ")
	}
	if len(servers) < 2 {
		return command
	}
	if _, err := netip.ParseAddr(servers[0]); err != nil {
		return command
	}
	r.User, r.VRF, r.Name = user+":"+strconv.FormatUint(number, 10), word, servers[1]
	return strings.Join(servers[2:], " ")
}
