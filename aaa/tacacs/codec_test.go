package tacacs

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	lab = Identity{User: "lab", Port: "tty2", RemoteAddr: "10.0.0.1", Level: 1, Type: TypeASCII, Service: ServiceLogin}
	// onTTY is lab as authorization and accounting see the user.
	onTTY = Identity{User: "lab", Port: "tty2", RemoteAddr: "10.0.0.1", Level: 1, Method: MethodTACACS, Type: TypeASCII, Service: ServiceLogin}
)

func (id Identity) at(level int) Identity {
	id.Level = level
	return id
}

const expiredText = "Your password has expired.\nEnter a new one now.\nNew Password: "

// The vectors of aaa-snmp F1, under the key cisco. A clear body of "" was not recorded.
var vectors = []struct {
	name        string
	header      Header
	body        Body
	clear, wire string
}{
	{"T-1 START", header(Authentication, 1, 0x12345678), Start{Action: ActionLogin, Identity: lab},
		"01010101030408006c61627474793231302e302e302e31",
		"c00101001234567800000017705f024989c97f4a02bc36bd18b7e505b0e660f5d1adab"},
	{"T-1s START, single-connect", flagged(header(Authentication, 1, 0x12345678), SingleConnect), Start{Action: ActionLogin, Identity: lab},
		"01010101030408006c61627474793231302e302e302e31",
		"c00101041234567800000017705f024989c97f4a02bc36bd18b7e505b0e660f5d1adab"},
	{"T-2 REPLY GETPASS", header(Authentication, 2, 0x12345678), Reply{Status: GetPass, NoEcho: true, Message: "Password: "},
		"0501000a000050617373776f72643a20", "c0010200123456780000001093a0235b59a8a98edcff1d73a4013ac8"},
	{"T-3 CONTINUE", header(Authentication, 3, 0x12345678), Continue{Message: "cisco123"},
		"0008000000636973636f313233", "c0010300123456780000000d1c0eadcb93538e3b1e53a9f75e"},
	{"T-4 REPLY PASS", header(Authentication, 4, 0x12345678), Reply{Status: Pass},
		"010000000000", "c00104001234567800000006e4d3a0bd04b7"},
	{"T-4f REPLY FAIL", header(Authentication, 4, 0x12345678), Reply{Status: Fail, Message: "Login incorrect"},
		"0200000f00004c6f67696e20696e636f7272656374", "c00104001234567800000015e7d3a0b204b7b5bba7da8f32513afd21bb352161ba"},
	{"T-5 CONTINUE ABORT", header(Authentication, 3, 0x12345678), Continue{Abort: true},
		"0000000001", "c001030012345678000000051c06adcb92"},
	{"T-6 REPLY GETDATA", header(Authentication, 4, 0x12345678), Reply{Status: GetData, NoEcho: true, Message: expiredText},
		"0301003e0000" + hex.EncodeToString([]byte(expiredText)),
		"c00104001234567800000044e6d2a08304b7a0bbb5c1c1625927ed39a6352022a6e3a53177172c9f06bb4c457c71c6a37f8b3d3b2acba568701aac9075354c74cc9638f664897fac2d2e55d9f4980d3a"},
	{"T-7 START enable", header(Authentication, 1, 0x00000e0e),
		Start{Action: ActionLogin, Identity: Identity{User: "lab", Port: "tty2", RemoteAddr: "10.0.0.1", Level: 15, Type: TypeASCII, Service: ServiceEnable}},
		"010f0102030408006c61627474793231302e302e302e31",
		"c001010000000e0e00000017763e285b5770597ac154fddfcead37519101362677135e"},
	{"T-8 author exec", header(Authorization, 1, 0x0badcafe), AuthorRequest{onTTY, []string{"service=shell", "cmd*"}},
		"06010101030408020d046c61627474793231302e302e302e31736572766963653d7368656c6c636d642a",
		"c00201000badcafe0000002a45be343bf5f38aabaa686d022c79d79f68f84194c0b9512359100469a158bc6617c61afb9c172b9b85a1"},
	{"T-9 response PASS_ADD", header(Authorization, 2, 0x0badcafe), Response{Status: PassAdd, Args: []string{"priv-lvl=15"}},
		"0101000000000b707269762d6c766c3d3135", "c00202000badcafe00000012fd14d5b085285017f758cbf358cf1cee72fa"},
	{"T-10 author command", header(Authorization, 1, 0x0badf00d),
		AuthorRequest{onTTY.at(15), []string{"service=shell", "cmd=show", "cmd-arg=version", "cmd-arg=<cr>"}},
		"060f0101030408040d080f0c6c61627474793231302e302e302e31736572766963653d7368656c6c636d643d73686f77636d642d6172673d76657273696f6e636d642d6172673d3c63723e",
		"c00201000badf00d0000004b8a89905d3f175291840e29bdb8c9d73fc22ab66964e0e8709bd5a3468c9b6f6a6140b689c252080a5d857c8e288fe83751c033af343c2a3952a5ec4a3aa35611eed877130ef4887602743c"},
	{"T-11 acct START", header(Accounting, 1, 0x00c0ffee),
		AcctRequest{AcctStart, onTTY, []string{"task_id=13", "timezone=UTC", "service=shell", "start_time=1184754000"}},
		"0206010101030408040a0c0d156c61627474793231302e302e302e317461736b5f69643d313374696d657a6f6e653d555443736572766963653d7368656c6c73746172745f74696d653d31313834373534303030",
		"c003010000c0ffee000000543a34b398b0591b91f532d0fa4690b5adb7585d9aa4ff48e18723492cc75a1f0959c78f01d5d110d8099e18b61310ee7e3e38f94a51bb47f621679b6b0993b94890bfc270213ac68fd05735404ce8a64d21649f4c"},
	{"T-12 acct REPLY", header(Accounting, 2, 0x00c0ffee), AcctReply{Status: AcctSuccess},
		"0000000001", "c003020000c0ffee00000005ce5893e626"},
	{"T-13 acct STOP", header(Accounting, 1, 0x00c0ffef),
		AcctRequest{AcctStop, onTTY.at(15), []string{"task_id=13", "timezone=UTC", "service=shell", "disc-cause=1", "disc-cause-ext=1020", "elapsed_time=10"}},
		"04060f0101030408060a0c0d0c130f6c61627474793231302e302e302e317461736b5f69643d313374696d657a6f6e653d555443736572766963653d7368656c6c646973632d63617573653d31646973632d63617573652d6578743d31303230656c61707365645f74696d653d3130",
		"c003010000c0ffef0000006f5f5b76995f07d855cafbf53719b47719974682b6afea6a65e3141fcf2970b7ffa1f76abe29c24f1d304cb3d5ea98b41bd8eeed56255ee67585fe0fb5465b0f8e43c984a001184dcb01072f54b8dcb532ae102d91229fbfdd7251d94ee31ec4876fbc5131b662516ec9270669dbb5f5"},
}

func header(k Kind, seq byte, session uint32) Header {
	return Header{Version: minorDefault, Kind: k, Seq: seq, Session: session}
}

func flagged(h Header, f HeaderFlags) Header {
	h.Flags |= f
	return h
}

// parseLike parses a body as one of the type of sample.
func parseLike(sample Body, b []byte) (Body, error) {
	switch sample.(type) {
	case Start:
		return parseStart(b)
	case Reply:
		return parseReply(b)
	case Continue:
		return parseContinue(b)
	case AuthorRequest:
		return parseAuthorRequest(b)
	case Response:
		return parseResponse(b)
	case AcctRequest:
		return parseAcctRequest(b)
	case AcctReply:
		return parseAcctReply(b)
	}
	panic("no body")
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			clear, err := v.body.append(nil)
			if got := hex.EncodeToString(clear); err != nil || got != v.clear {
				t.Errorf("body of %+v\n got %s, %v\nwant %s", v.body, got, err, v.clear)
			}
			wire, err := seal(v.header, "cisco", clear)
			if got := hex.EncodeToString(wire); err != nil || got != v.wire {
				t.Errorf("packet\n got %s, %v\nwant %s", got, err, v.wire)
			}
			p, err := readPacket(bytes.NewReader(unhex(t, v.wire)))
			if err != nil {
				t.Fatal(err)
			}
			p.Length = 0
			if d := cmp.Diff(v.header, p.Header); d != "" {
				t.Errorf("header: -want +got\n%s", d)
			}
			body, err := p.open("cisco")
			if err != nil {
				t.Fatal(err)
			}
			got, err := parseLike(v.body, body)
			if d := cmp.Diff(v.body, got); err != nil || d != "" {
				t.Errorf("parsed: %v, -want +got\n%s", err, d)
			}
		})
	}
}

// Every truncation of a body, and a byte too many, is a wrong key; a truncated packet is
// the end of the connection.
func TestLengthsAddUp(t *testing.T) {
	for _, v := range vectors {
		clear := unhex(t, v.clear)
		for n := range clear {
			if _, err := parseLike(v.body, clear[:n]); !errors.Is(err, ErrKey) {
				t.Errorf("%s: %d of %d bytes of the body: %v, want ErrKey", v.name, n, len(clear), err)
			}
		}
		if _, err := parseLike(v.body, append(clear, 0)); !errors.Is(err, ErrKey) {
			t.Errorf("%s: one byte too many: %v, want ErrKey", v.name, err)
		}
		wire := unhex(t, v.wire)
		for n := range wire {
			if _, err := readPacket(bytes.NewReader(wire[:n])); err == nil {
				t.Errorf("%s: %d of %d bytes were a packet", v.name, n, len(wire))
			}
		}
	}
}

func TestBodiesRefused(t *testing.T) {
	tests := []struct {
		name   string
		sample Body
		clear  string
		key    bool // ErrKey, else a *ProtocolError
	}{
		{"user longer than the rest", Start{}, "01010101ff0408006c61627474793231302e302e302e31", true},
		{"level 16", Start{}, "0110010100000000", false},
		{"REPLY status 0", Reply{}, "000000000000", false},
		{"REPLY status 8", Reply{}, "080000000000", false},
		{"message longer than the rest", Reply{}, "01000001 0000", true},
		{"response status 3", Response{}, "030000000000", false},
		{"response argument without = or *", Response{}, "010100000000 04 61626364", false},
		{"more arguments than lengths", Response{}, "01ff00000000", true},
		{"request argument without = or *", AuthorRequest{}, "0601010100000001 02 6162", false},
		{"record argument without = or *", AcctRequest{}, "020601010100000001 02 6162", false},
		{"acct status 0", AcctReply{}, "0000000000", false},
	}
	for _, tt := range tests {
		_, err := parseLike(tt.sample, unhex(t, strings.ReplaceAll(tt.clear, " ", "")))
		var wrong *ProtocolError
		if tt.key && !errors.Is(err, ErrKey) || !tt.key && !errors.As(err, &wrong) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestHeadersRefused(t *testing.T) {
	for name, start := range map[string]string{
		"major version": "d00101001234567800000006", "minor version": "c20101001234567800000006",
		"type 0": "c00001001234567800000006", "type 4": "c00401001234567800000006",
		"sequence number 0": "c00100001234567800000006", "length": "c00101001234567800010001",
	} {
		var wrong *ProtocolError
		if _, err := readPacket(bytes.NewReader(append(unhex(t, start), make([]byte, 6)...))); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want a *ProtocolError", name, err)
		}
	}
}

func TestTooLongForAPacket(t *testing.T) {
	long := strings.Repeat("x", 256)
	for name, b := range map[string]Body{
		"user": Start{Identity: Identity{User: long}}, "port": Start{Identity: Identity{Port: long}},
		"address": AuthorRequest{Identity: Identity{RemoteAddr: long}}, "data": Start{Data: Secret(long)},
		"level": AcctRequest{Identity: Identity{Level: 16}}, "level below 0": Start{Identity: Identity{Level: -1}},
		"arguments":         AuthorRequest{Args: make([]string, 256)},
		"no separator":      AuthorRequest{Args: []string{"service"}},
		"separator cut off": Response{Args: []string{long + "=x"}},
		"message":           Reply{Message: strings.Repeat("x", 1<<16)}, "answer": Continue{Message: Secret(strings.Repeat("x", 1<<16))},
	} {
		var wrong *ProtocolError
		if _, err := b.append(nil); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want a *ProtocolError", name, err)
		}
	}
	if _, err := seal(header(Authentication, 2, 1), "cisco", make([]byte, maxBody+1)); err == nil {
		t.Error("a body of more than maxBody was sent")
	}
}

func TestLongArgumentIsCut(t *testing.T) {
	whole := "cmd-arg=" + strings.Repeat("x", 300)
	clear, err := AuthorRequest{Args: []string{whole}}.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := parseAuthorRequest(clear)
	if err != nil || len(r.Args) != 1 || r.Args[0] != whole[:255] {
		t.Errorf("%v, %v: want its first 255 bytes", r.Args, err)
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	c := Continue{Message: "hunter2"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, c); strings.Contains(got, "hunter2") || strings.Contains(got, "68756e") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}
