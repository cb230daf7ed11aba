package radius

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestReplyIgnores(t *testing.T) {
	flipped := func(s string, at int) []byte {
		b := unhex(t, s)
		b[at] ^= 1
		return b
	}
	for name, b := range map[string][]byte{
		"nothing": nil, "a reply": unhex(t, b1a), "wrong Message-Authenticator": flipped(b2, headerLen+2),
		"wrong authenticator of a record": flipped(b3, 4), "a record changed": flipped(b3, 30), "half": unhex(t, b1)[:40],
		"a password of 15 bytes": passwordOf(t, 15),
	} {
		if got := Reply(t.Context(), address, b, key, yes{}); got != nil {
			t.Errorf("%s: %x", name, got)
		}
	}
	for name, h := range map[string]Handler{"no": handler{}, "odd": handler{code: AccessRequest}, "too long": handler{code: AccessReject, long: true}} {
		if got := Reply(t.Context(), address, unhex(t, b1), key, h); got != nil {
			t.Errorf("%s: %x", name, got)
		}
		if got := Reply(t.Context(), address, unhex(t, b3), key, h); got != nil {
			t.Errorf("%s, a record: %x", name, got)
		}
	}
}

func passwordOf(t *testing.T, n int) []byte {
	b, err := Packet{Code: AccessRequest, Attributes: Attributes{{UserPassword, make([]byte, n)}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// handler answers with a code, and counts.
type handler struct {
	code  Code
	long  bool
	calls *int
}

func (h handler) Access(context.Context, AccessQuery) Answer {
	if h.calls != nil {
		*h.calls++
	}
	a := Answer{Code: h.code}
	for range 20 {
		if h.long {
			a.Attributes = append(a.Attributes, String(ReplyMessage, string(make([]byte, 250))))
		}
	}
	return a
}

func (h handler) Account(context.Context, Packet) bool { return false }

func TestProxyState(t *testing.T) {
	b, _ := Packet{Code: AccessRequest, Attributes: Attributes{String(ProxyState, "one"), String(ProxyState, "two")}}.Encode()
	p, err := Parse(Reply(t.Context(), address, b, key, handler{code: AccessReject}))
	if got := p.Attributes.Texts(ProxyState); err != nil || len(got) != 2 || got[0] != "one" || got[1] != "two" {
		t.Errorf("%+v, %v", p, err)
	}
}

// A request that comes again is answered from memory, for a while and as long as there
// is room.
func TestDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		r := NewResponder(key, handler{code: AccessReject, calls: &calls})
		ask := func(from netip.AddrPort, b []byte, want int) {
			t.Helper()
			if r.Reply(t.Context(), from, b) == nil || calls != want {
				t.Errorf("%d calls, want %d", calls, want)
			}
		}
		request := unhex(t, b1)
		ask(address, request, 1)
		ask(address, request, 1)
		ask(second, request, 2)
		other := unhex(t, b1)
		other[1]++
		ask(address, other, 3)
		time.Sleep(duplicateAge + 1)
		ask(address, request, 4)
		for i := range 2 * maxDuplicates {
			other[4], other[5] = byte(i>>8), byte(i)
			r.Reply(t.Context(), address, other)
		}
		if len(r.known) != maxDuplicates || len(r.order) != maxDuplicates {
			t.Errorf("%d of %d are kept", len(r.known), len(r.order))
		}
		r.Reply(t.Context(), address, nil)
	})
}

// While a request is being answered it has no other answer.
func TestDuplicateMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewResponder(key, slow{})
		first := make(chan []byte, 1)
		go func() { first <- r.Reply(t.Context(), address, unhex(t, b1)) }()
		synctest.Wait()
		if got := r.Reply(t.Context(), address, unhex(t, b1)); got != nil {
			t.Errorf("%x", got)
		}
		if <-first == nil {
			t.Error("no answer")
		}
		if r.Reply(t.Context(), address, unhex(t, b1)) == nil {
			t.Error("no answer the next time")
		}
	})
}

type slow struct{ yes }

func (slow) Access(context.Context, AccessQuery) Answer {
	time.Sleep(time.Second)
	return accept
}
