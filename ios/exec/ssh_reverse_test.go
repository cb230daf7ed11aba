package exec

import (
	"testing"

	"vtylab/sshclient"
)

// The forms of `ssh -l` that name a line of a terminal server.
func TestReverse(t *testing.T) {
	for _, c := range []struct {
		why, user, host, command string
		want                     sshclient.Request
		rest                     string
	}{
		{"a user", "lab", "10.0.0.2", "", sshclient.Request{User: "lab", Name: "10.0.0.2"}, ""},
		{"a line goes over the wire as it is", "lab:3", "10.0.0.2", "show clock", sshclient.Request{User: "lab:3", Name: "10.0.0.2"}, "show clock"},
		{"a rotary group too", "lab:rotary1", "10.0.0.2", "", sshclient.Request{User: "lab:rotary1", Name: "10.0.0.2"}, ""},
		{"in words", "lab:rotary", "1", "10.0.0.2", sshclient.Request{User: "lab:rotary1", Name: "10.0.0.2"}, ""},
		{"a VRF", "lab:red", "3", "10.0.0.2 10.0.0.2", sshclient.Request{User: "lab:3", Name: "10.0.0.2", VRF: "red"}, ""},
		{"the last address is the host", "lab:red", "3", "10.0.0.9 far show clock", sshclient.Request{User: "lab:3", Name: "far", VRF: "red"}, "show clock"},
		{"a host may be a number", "lab", "3", "show clock", sshclient.Request{User: "lab", Name: "3"}, "show clock"},
		{"no address, no line", "lab:red", "3", "show clock", sshclient.Request{User: "lab:red", Name: "3"}, "show clock"},
	} {
		r := sshclient.Request{User: c.user, Name: c.host}
		rest := reverse(&r, c.command)
		if r.User != c.want.User || r.Name != c.want.Name || r.VRF != c.want.VRF || rest != c.rest {
			t.Errorf("%s: user %q at %q in VRF %q, %q; want %q at %q in %q, %q", c.why, r.User, r.Name, r.VRF, rest,
				c.want.User, c.want.Name, c.want.VRF, c.rest)
		}
	}
}
