package snmp

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vtylab/network"
)

// router is a device with a clock that stands, and a small MIB.
type router struct {
	now     time.Time
	refused int
}

func (r *router) Steady() time.Time    { return r.now }
func (r *router) EngineBoots() int     { return 12 }
func (r *router) Trace() func(Event)   { return nil }
func (r *router) Refused(network.Flow) { r.refused++ }

const engine = "\x80\x00\x00\x09\x03\x00\xaa\xbb\xcc\x00\x01\x00"

var lab = User{Name: "lab", Group: "ops", Auth: "sha", AuthKey: "secret123", Priv: "aes128", PrivKey: "secret456"}

// newAgent is an agent that is on, of a router with a table of ten rows and a scalar.
func newAgent(t testing.TB) (*Agent, *router) {
	r := &router{now: time.Unix(1000, 0)}
	a := New(r, network.NewHost(network.HostOptions{}), bytes.NewReader(make([]byte, 1<<20)))
	t.Cleanup(a.Close)
	small := View{{Root: must("1.3.6.1")}, {Root: must("1.3.6.1.2.1.2.2.1.2"), Excluded: true}}
	table := Table{Entry: IfEntry, Columns: []uint32{1, 2, 3}, Rows: func() (rows []Row) {
		for i := uint32(10); i > 0; i-- {
			rows = append(rows, Row{OID{i}, func(column uint32) any { return fmt.Sprintf("%d of %d", column, i) }})
		}
		return rows
	}}
	s := &Settings{On: true, Engine: engine, PacketSize: 1500,
		Community: func(name string, _ network.Flow) (Access, bool) {
			return map[string]Access{"public": {Read: EveryObject}, "small": {Read: small}}[name], name == "public" || name == "small"
		},
		Group: func(u User, level Flags, _ network.Flow) (Access, bool) {
			return Access{Read: EveryObject}, level&Authenticated != 0
		},
		User: func(name string, _ netip.Addr) (User, bool) { return lab, name == "lab" },
		MIB: func() MIB {
			return Sorted(a.Counters().Group(), table, Scalar{Standard.At(1, 5), func() any { return "R1" }})
		}}
	if started, err := a.Apply(s); !started || err != nil {
		t.Fatal(started, err)
	}
	r.now = r.now.Add(100 * time.Second)
	return a, r
}

var from = network.Flow{Proto: network.UDP, Local: netip.MustParseAddrPort("10.0.0.1:161"), Remote: netip.MustParseAddrPort("10.0.0.2:50000")}

// ask sends a message to an agent, and reads the answer; nil is none.
func ask(t *testing.T, a *Agent, m *Message) *Message {
	t.Helper()
	data, err := m.marshal(&Keys{})
	if err != nil {
		t.Fatal(err)
	}
	reply := a.handle(from, data)
	if reply == nil {
		return nil
	}
	r, err := decode(reply)
	if err != nil {
		t.Fatalf("%v: %x", err, reply)
	}
	return r
}

// said is an answer in short: its status, then its variables.
func said(r *Message) string {
	if r == nil {
		return "nothing"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d/%d", r.Status, r.Index)
	for _, v := range r.Vars {
		fmt.Fprintf(&b, " %s=%s", strings.TrimPrefix(v.OID.String(), "1.3.6.1.2.1."), v.Text())
	}
	return b.String()
}

func TestRequests(t *testing.T) {
	a, _ := newAgent(t)
	name, none := Standard.At(1, 5, 0), Standard.At(99, 0)
	vars := func(oids ...OID) (all []Var) {
		for _, o := range oids {
			all = append(all, Var{OID: o})
		}
		return all
	}
	for _, tt := range []struct {
		m    Message
		want string
	}{
		{Message{Version: V2c, Kind: Get, Vars: vars(name, none, Standard.At(1, 5, 1))},
			"0/0 1.5.0=R1 99.0=NO_SUCH_OBJECT_EXCEPTION 1.5.1=NO_SUCH_INSTANCE_EXCEPTION"},
		{Message{Version: V1, Kind: Get, Vars: vars(name, none)}, "2/2 1.5.0=NULL TYPE/VALUE 99.0=NULL TYPE/VALUE"},
		{Message{Version: V1, Kind: GetNext, Vars: vars(OID{1, 3}, name)}, "0/0 1.5.0=R1 2.2.1.1.1=1 of 1"},
		{Message{Version: V1, Kind: GetNext, Vars: vars(OID{2, 5})}, "2/1 2.5=NULL TYPE/VALUE"},
		{Message{Version: V2c, Kind: GetNext, Vars: vars(IfEntry.At(1, 10), IfEntry.At(3, 9), OID{2, 5})},
			"0/0 2.2.1.2.1=2 of 1 2.2.1.3.10=3 of 10 2.5=END_OF_MIB_VIEW_EXCEPTION"},
		{Message{Version: V2c, Community: "small", Kind: GetNext, Vars: vars(IfEntry.At(1, 10))}, "0/0 2.2.1.3.1=3 of 1"},
		{Message{Version: V2c, Community: "small", Kind: Get, Vars: vars(IfEntry.At(2, 1))}, "0/0 2.2.1.2.1=NO_SUCH_OBJECT_EXCEPTION"},
		{Message{Version: V2c, Kind: GetBulk, NonRepeaters: 1, Repetitions: 2, Vars: vars(OID{1, 3}, IfEntry.At(1, 9), IfEntry.At(2, 9))},
			"0/0 1.5.0=R1 2.2.1.1.10=1 of 10 2.2.1.2.10=2 of 10 2.2.1.2.1=2 of 1 2.2.1.3.1=3 of 1"},
		{Message{Version: V2c, Kind: GetBulk, Repetitions: 9, Vars: vars(OID{2, 5})}, "0/0 2.5=END_OF_MIB_VIEW_EXCEPTION"},
		{Message{Version: V2c, Kind: Set, Vars: []Var{{name, "R2"}}}, "6/1 1.5.0=R2"},
		{Message{Version: V1, Kind: Set, Vars: []Var{{name, "R2"}}}, "2/1 1.5.0=R2"},
		{Message{Version: V2c, Kind: Response, Vars: vars(name)}, "nothing"},
		{Message{Version: V2c, Community: "guess", Kind: Get, Vars: vars(name)}, "nothing"},
	} {
		if tt.m.Community == "" {
			tt.m.Community = "public"
		}
		if got := said(ask(t, a, &tt.m)); got != tt.want {
			t.Errorf("%+v:\n%s, want\n%s", tt.m, got, tt.want)
		}
	}
}

// An answer to GETBULK is no longer than packetsize, and one to GET that would be is an
// error.
func TestPacketSize(t *testing.T) {
	a, _ := newAgent(t)
	s := *a.Settings()
	s.PacketSize = 484
	_, _ = a.Apply(&s)
	data, _ := (&Message{Version: V2c, Community: "public", Kind: GetBulk, Repetitions: 1000, Vars: []Var{{OID: OID{1, 3}}}}).marshal(&Keys{})
	if reply := a.handle(from, data); len(reply) > 484 || len(reply) < 150 {
		t.Errorf("GETBULK is answered with %d octets", len(reply))
	}
	m := &Message{Version: V2c, Community: "public", Kind: Get}
	for range 40 {
		m.Vars = append(m.Vars, Var{OID: IfEntry.At(1, 10)})
	}
	if got := said(ask(t, a, m)); got != "1/0" {
		t.Errorf("40 variables: %s, want tooBig", got)
	}
}

// What is not authentic is counted and told; a request of version 3 without an engine
// learns it (aaa-snmp D5).
func TestReports(t *testing.T) {
	a, r := newAgent(t)
	probe := &Message{Version: V3, Kind: Get, RequestID: 77, ID: 5, MaxSize: 1500, Flags: Reportable}
	got := ask(t, a, probe)
	if got == nil || got.Kind != Report || got.RequestID != 77 || got.Security != (Security{engine, 12, 100, ""}) || got.Flags != 0 || got.MaxSize != 1500 {
		t.Fatalf("discovery is answered with %+v", got)
	}
	if v := said(got); v != "0/0 1.3.6.1.6.3.15.1.1.4.0=1" {
		t.Errorf("discovery is answered with %s", v)
	}
	k, err := lab.keys(engine, bytes.NewReader(make([]byte, 100)))
	if err != nil {
		t.Fatal(err)
	}
	secure := func(change func(*Message)) *Message {
		m := &Message{Version: V3, Kind: Get, RequestID: 78, ID: 6, MaxSize: 1500, Flags: Authenticated | Reportable,
			Security: Security{engine, 12, 100, "lab"}, Context: Context{Engine: engine}, Vars: []Var{{OID: Standard.At(1, 5, 0)}}}
		change(m)
		return m
	}
	for _, tt := range []struct {
		name   string
		change func(*Message)
		break_ bool
		want   string
	}{
		{"a good one", func(*Message) {}, false, "0/0 1.5.0=R1"},
		{"an encrypted one", func(m *Message) { m.Flags |= Encrypted }, false, "0/0 1.5.0=R1"},
		{"a stranger", func(m *Message) { m.Security.User = "guess" }, false, "0/0 1.3.6.1.6.3.15.1.1.3.0=1"},
		{"a wrong digest", func(*Message) {}, true, "0/0 1.3.6.1.6.3.15.1.1.5.0=1"},
		{"an old one", func(m *Message) { m.Security.Time = 300 }, false, "0/0 1.3.6.1.6.3.15.1.1.2.0=1"},
		{"another boot", func(m *Message) { m.Security.Boots = 11 }, false, "0/0 1.3.6.1.6.3.15.1.1.2.0=2"},
		{"no protection", func(m *Message) { m.Flags = Reportable }, false, "16/0 1.5.0=NULL TYPE/VALUE"},
	} {
		data, err := secure(tt.change).marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		if tt.break_ {
			data[len(data)-1] ^= 1
		}
		reply := a.handle(from, data)
		m, err := decodeSecure(reply, k, Security{Engine: engine, User: "lab"})
		if err != nil {
			t.Fatalf("%s: %v: %s", tt.name, err, hex.EncodeToString(reply))
		}
		if got := said(m); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if r.refused != 1 {
		t.Errorf("%d requests were not authentic, want 1", r.refused)
	}
}

// A view leads over what is not in it without a look at each object.
func TestViewNext(t *testing.T) {
	v := View{{Root: must("1.3.6.1.2.1.1")}, {Root: must("1.3.6.1.2.1.1.5"), Excluded: true}, {Root: must("1.3.6.1.4")}}
	for _, tt := range []struct{ at, want string }{
		{"1.3", "1.3.6.1.2.1.1"},
		{"1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6"},
		{"1.3.6.1.2.1.2", "1.3.6.1.4"},
		{"1.3.6.1.5", ""},
	} {
		if got := v.next(must(tt.at)).String(); got != tt.want {
			t.Errorf("behind %s: %q, want %q", tt.at, got, tt.want)
		}
	}
}

// No datagram makes the agent panic, and no answer is longer than it may be.
func FuzzDatagram(f *testing.F) {
	a, _ := newAgent(f)
	k, err := lab.keys(engine, bytes.NewReader(make([]byte, 1<<10)))
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []*Message{
		{Version: V1, Community: "public", Kind: Get, Vars: []Var{{OID: Standard.At(1, 5, 0)}}},
		{Version: V2c, Community: "small", Kind: GetBulk, Repetitions: 50, Vars: []Var{{OID: OID{1, 3}}}},
		{Version: V2c, Community: "public", Kind: Set, Vars: []Var{{Standard.At(1, 5, 0), "x"}, {OID{1, 3}, 5}}},
		{Version: V3, Kind: Get, Flags: Reportable, MaxSize: 1500},
		{Version: V3, Kind: Get, Flags: Authenticated | Encrypted | Reportable, MaxSize: 1500, Security: Security{engine, 12, 100, "lab"}, Vars: []Var{{OID: OID{1, 3}}}},
	} {
		data, err := m.marshal(k)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if reply := a.handle(from, data); len(reply) > a.Settings().PacketSize {
			t.Errorf("%x is answered with %d octets", data, len(reply))
		}
	})
}
