package radius

import (
	"context"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const key = "cisco"

// counting is the request authenticator of the vectors.
var counting = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// onTTY is what a login of lab on tty2 sends, in the order of PB-RAD (aaa-snmp B2).
var onTTY = Attributes{
	String(UserName, "lab"), String(UserPassword, "cisco123"), Uint32(NASPort, 2), String(NASPortID, "tty2"),
	Uint32(NASPortType, PortVirtual), String(CallingStationID, "10.0.0.2"), Addr(NASIPAddress, netip.MustParseAddr("10.0.0.1")),
}

var startRecord = Attributes{
	String(AcctSessionID, "0000000C"), String(UserName, "lab"), Uint32(AcctAuthentic, AuthenticRADIUS), Uint32(AcctStatusType, AcctStart),
	Uint32(NASPort, 2), String(NASPortID, "tty2"), Uint32(NASPortType, PortVirtual), String(CallingStationID, "10.0.0.2"),
	Uint32(ServiceType, ServiceNASPrompt), Addr(NASIPAddress, netip.MustParseAddr("10.0.0.1")), Uint32(AcctDelayTime, 0),
}

var accept = Answer{AccessAccept, Attributes{Uint32(ServiceType, ServiceNASPrompt), AVPair("shell:priv-lvl=15")}}

// The vectors of aaa-snmp F2.
const (
	b1  = "0136004d000102030405060708090a0b0c0d0e0f01056c61620212a3dd32a0a1acd129dd26c2b242ca16450506000000025706747479323d06000000051f0a31302e302e302e3204060a000001"
	b2  = "0136005f000102030405060708090a0b0c0d0e0f501223f8f9ab41a384804120773c982ff09f01056c61620212a3dd32a0a1acd129dd26c2b242ca16450506000000025706747479323d06000000051f0a31302e302e302e3204060a000001"
	b1a = "02360033fafd95b9c80cd8f4cdcc2950f30737ed0606000000071a190000000901137368656c6c3a707269762d6c766c3d3135"
	b2a = "02360045a4e88a97579df6abde74e9aa828fbc7a5012f23b77de7c32d1e3987628637df0f3390606000000071a190000000901137368656c6c3a707269762d6c766c3d3135"
	b3  = "0407005d473f321b9789769a754c2f99daf7cb6a2c0a303030303030304301056c61622d06000000012806000000010506000000025706747479323d06000000051f0a31302e302e302e3206060000000704060a000001290600000000"
	b3a = "05070014c84133774da64a2caf6f21459436c031"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPasswords(t *testing.T) {
	for password, want := range map[string]string{
		"cisco123": "a3dd32a0a1acd129dd26c2b242ca1645", "": "c0b441c3ce9de31add26c2b242ca1645",
		"12345678901234567": "f18672f7fbabd422e416f38071fe2373786b53f7e8ff372281a7cda1480cad7e",
	} {
		hidden, err := HidePassword(password, key, counting)
		if got := hex.EncodeToString(hidden); err != nil || got != want {
			t.Errorf("%q is hidden as %s, %v, want %s", password, got, err, want)
		}
		if got, err := RevealPassword(hidden, key, counting); err != nil || got != password {
			t.Errorf("%s is revealed as %q, %v, want %q", want, got, err, password)
		}
	}
	for _, password := range []string{strings.Repeat("x", 129), "a\x00b"} {
		if _, err := HidePassword(password, key, counting); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d bytes were hidden: %v", len(password), err)
		}
	}
	for _, n := range []int{0, 15, 17, 144} {
		if _, err := RevealPassword(make([]byte, n), key, counting); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d bytes were revealed: %v", n, err)
		}
	}
}

// Requests are made as the vectors are; a server answers them as the vectors are.
func TestVectors(t *testing.T) {
	tests := []struct {
		name           string
		q              pending
		request, reply string
	}{
		{"B-1", pending{request: &Request{Code: AccessRequest, Attributes: onTTY}, id: 54, authenticator: counting}, b1, b1a},
		{"B-2", pending{request: &Request{Code: AccessRequest, Attributes: onTTY, MessageAuthenticator: true}, id: 54, authenticator: counting}, b2, b2a},
		{"B-3", pending{request: &Request{Code: AccountingRequest, Attributes: startRecord}, id: 7}, b3, b3a},
	}
	for _, tt := range tests {
		wire, err := tt.q.encode(key)
		if got := hex.EncodeToString(wire); err != nil || got != tt.request {
			t.Errorf("%s: %v\n got %s\nwant %s", tt.name, err, got, tt.request)
		}
		reply := Reply(t.Context(), address, unhex(t, tt.request), key, labServer{t})
		if got := hex.EncodeToString(reply); got != tt.reply {
			t.Errorf("%s, the reply:\n got %s\nwant %s", tt.name, got, tt.reply)
		}
		for _, vector := range []string{tt.request, tt.reply} {
			p, err := Parse(unhex(t, vector))
			if err != nil {
				t.Fatal(err)
			}
			if again, err := p.Encode(); err != nil || hex.EncodeToString(again) != vector {
				t.Errorf("%s became %x, %v", vector, again, err)
			}
		}
		sent := [16]byte(wire[4:])
		_, right := signed(unhex(t, tt.reply), sent, key)
		if !right || !rightAuthenticator(unhex(t, tt.reply), sent, key) {
			t.Errorf("%s: the reply is not right", tt.name)
		}
		for i := range 8 * len(tt.reply) / 2 { // any bit of the reply
			bad := unhex(t, tt.reply)
			if bad[i/8] ^= 1 << (i % 8); rightAuthenticator(bad, sent, key) {
				t.Errorf("%s: the reply is right with bit %d changed", tt.name, i)
			}
		}
	}
}

// labServer knows one user, and wants the requests of the vectors.
type labServer struct{ t *testing.T }

func (s labServer) Access(_ context.Context, q AccessQuery) Answer {
	if q.Password != "cisco123" || !q.HasPassword || q.Attributes.Text(UserName) != "lab" {
		return Answer{Code: AccessReject}
	}
	return accept
}

func (s labServer) Account(_ context.Context, p Packet) bool {
	if d := cmp.Diff(startRecord, p.Attributes); d != "" {
		s.t.Errorf("-want +got\n%s", d)
	}
	return true
}

func TestMalformed(t *testing.T) {
	for name, datagram := range map[string]string{
		"empty": "", "19 bytes": strings.Repeat("00", 19), "length 19": "01000013" + strings.Repeat("00", 16),
		"length beyond the datagram": "01000015" + strings.Repeat("00", 16), "attribute of one byte": "01000015" + strings.Repeat("00", 16) + "01",
		"attribute length 0": "01000016" + strings.Repeat("00", 16) + "0100", "attribute length 1": "01000016" + strings.Repeat("00", 16) + "0101",
		"attribute past the end": "01000016" + strings.Repeat("00", 16) + "0103", "length 4097": "01001001" + strings.Repeat("00", 4093),
	} {
		if p, err := Parse(unhex(t, datagram)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	for n := range len(b2a) / 2 {
		if _, err := Parse(unhex(t, b2a[:2*n])); err == nil {
			t.Errorf("%d bytes of a reply were one", n)
		}
	}
	if p, err := Parse(unhex(t, b1a+"ffff")); err != nil || len(p.Attributes) != 2 {
		t.Errorf("with padding: %+v, %v", p, err)
	}
	for _, all := range []Attributes{{String(UserName, strings.Repeat("x", 254))}, slices.Repeat(Attributes{String(UserName, strings.Repeat("x", 253))}, 16)} {
		if _, err := (Packet{Attributes: all}).Encode(); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d attributes: %v", len(all), err)
		}
	}
}

func TestAttributes(t *testing.T) {
	all := Attributes{
		String(ReplyMessage, "a"), String(ReplyMessage, "b"), Uint32(SessionTimeout, 7), String(IdleTimeout, "no"),
		Addr(NASIPAddress, netip.MustParseAddr("::ffff:10.0.0.1")), Addr(NASIPv6Address, netip.MustParseAddr("2001:db8::1")),
		AVPair("shell:priv-lvl=15"), Vendor{311, 1, []byte("x")}.Attribute(), AVPair("shell:autocmd=who"),
		{VendorSpecific, []byte{0, 0, 0, 9, 1, 9, 'x'}}, {VendorSpecific, []byte{0, 0}}, {VendorSpecific, []byte{0, 0, 0, 9, 1, 1}},
	}
	number, ok := all.Number(SessionTimeout)
	_, bad := all.Number(IdleTimeout)
	v4, ok4 := all.Address(NASIPAddress)
	v6, ok6 := all.Address(NASIPv6Address)
	_, badAddress := all.Address(IdleTimeout)
	if all.Text(ReplyMessage) != "a" || !slices.Equal(all.Texts(ReplyMessage), []string{"a", "b"}) || all.Text(State) != "" ||
		number != 7 || !ok || bad || v4.String() != "10.0.0.1" || !ok4 || v6.String() != "2001:db8::1" || !ok6 || badAddress {
		t.Errorf("%v %v %v %v %v %v", number, ok, bad, v4, v6, badAddress)
	}
	if got := all.AVPairs(); !slices.Equal(got, []string{"shell:priv-lvl=15", "shell:autocmd=who"}) {
		t.Errorf("%q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range []string{b1, b2, b1a, b2a, b3, b3a} {
		f.Add(unhex(f, v))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse(b)
		if err != nil {
			return
		}
		wire, err := p.Encode()
		if err != nil || string(wire) != string(b[:len(wire)]) {
			t.Fatalf("%x became %x, %v", b, wire, err)
		}
		p.Attributes.AVPairs()
		signed(wire, counting, key)
		Reply(t.Context(), address, b, key, yes{})
	})
}

// yes lets everybody in.
type yes struct{}

func (yes) Access(context.Context, AccessQuery) Answer { return accept }
func (yes) Account(context.Context, Packet) bool       { return true }
