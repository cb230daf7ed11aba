package ssh2

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The window grows for a peer that uses it up, and not for one that types.
func TestWindowGrows(t *testing.T) {
	for _, tt := range []struct {
		why   string
		chunk uint32 // what comes before the program reads; 0 is all that may
		want  []uint32
	}{
		{"a keyboard", 1, []uint32{4096, 4096, 4096, 4096, 4096}},
		{"a paste that the program keeps up with", 2048, []uint32{4096, 4096, 4096, 4096, 4096}},
		{"a copy", 0, []uint32{16384, 20000, 20000, 20000, 20000}},
	} {
		cfg := Config{Window: 8192, MaxPacket: 32 << 10, MaxWindow: 20000}
		c := newChannel(&mux{t: &transport{cfg: &cfg}}, t.Context())
		var got []uint32
		for len(got) < len(tt.want) {
			p := make([]byte, tt.chunk)
			if tt.chunk == 0 {
				p = make([]byte, c.window)
			}
			if err := c.received(p, 0); err != nil {
				t.Fatalf("%s: %v", tt.why, err)
			}
			if adjust := c.credit(uint32(c.in.Read(p))); adjust > 0 {
				got = append(got, adjust)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: WINDOW_ADJUST (-want +got):\n%s", tt.why, diff)
		}
	}
}
