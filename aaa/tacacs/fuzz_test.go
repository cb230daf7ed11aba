package tacacs

import (
	"bytes"
	"context"
	"io"
	"net"
	"reflect"
	"testing"
	"time"
)

// fuzzBody wants what was parsed to survive being made and parsed again.
func fuzzBody(f *testing.F, sample Body) {
	for _, v := range vectors {
		if reflect.TypeOf(v.body) == reflect.TypeOf(sample) {
			f.Add(unhex(f, v.clear))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		parsed, err := parseLike(sample, b)
		if err != nil {
			return
		}
		clear, err := parsed.append(nil)
		if err != nil {
			t.Fatalf("%x: %+v cannot be made: %v", b, parsed, err)
		}
		if again, err := parseLike(sample, clear); err != nil || !reflect.DeepEqual(parsed, again) {
			t.Fatalf("%x: %+v became %+v, %v", b, parsed, again, err)
		}
	})
}

func FuzzStart(f *testing.F)         { fuzzBody(f, Start{}) }
func FuzzReply(f *testing.F)         { fuzzBody(f, Reply{}) }
func FuzzContinue(f *testing.F)      { fuzzBody(f, Continue{}) }
func FuzzAuthorRequest(f *testing.F) { fuzzBody(f, AuthorRequest{}) }
func FuzzResponse(f *testing.F)      { fuzzBody(f, Response{}) }
func FuzzAcctRequest(f *testing.F)   { fuzzBody(f, AcctRequest{}) }
func FuzzAcctReply(f *testing.F)     { fuzzBody(f, AcctReply{}) }

// stream is a connection that sends what it holds and swallows what it gets.
type stream struct{ io.Reader }

func (stream) Write(b []byte) (int, error)      { return len(b), nil }
func (stream) Close() error                     { return nil }
func (stream) LocalAddr() net.Addr              { return nil }
func (stream) RemoteAddr() net.Addr             { return nil }
func (stream) SetDeadline(time.Time) error      { return nil }
func (stream) SetReadDeadline(time.Time) error  { return nil }
func (stream) SetWriteDeadline(time.Time) error { return nil }

// FuzzServe sends a server whatever there is, in clear: it ends and does not panic.
func FuzzServe(f *testing.F) {
	for _, single := range []HeaderFlags{0, SingleConnect} {
		var all []byte
		for _, v := range vectors {
			wire, err := seal(flagged(v.header, single), "", unhex(f, v.clear))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(wire)
			all = append(all, wire...)
		}
		f.Add(all)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = Serve(context.Background(), stream{bytes.NewReader(b)}, "", users{})
	})
}
