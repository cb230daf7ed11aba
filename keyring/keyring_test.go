package keyring

import (
	"bytes"
	"testing"
	"time"
)

// Key pairs come back from nvram: as they went in; temporary ones do not.
func TestRingSurvives(t *testing.T) {
	born := time.Date(2021, 8, 26, 16, 38, 25, 0, time.UTC)
	var r Ring
	for _, k := range []struct {
		label string
		kind  Kind
		bits  int
		temp  bool
	}{{"R1.cisco.com", General, 1024, false}, {"sign", Signature, 768, false}, {"ec", EC, 384, false}, {"R1.server", Encryption, 512, true}} {
		pair, err := Generate(k.label, k.kind, k.bits, k.label == "sign", born)
		if err != nil {
			t.Fatal(err)
		}
		pair.Temporary = k.temp
		r.Add(pair)
	}
	data, err := Encode(r.All())
	if err != nil {
		t.Fatal(err)
	}
	var back Ring
	if err := back.Decode(data); err != nil {
		t.Fatal(err)
	}
	if len(back.All()) != 3 {
		t.Fatalf("got %d pairs, want 3", len(back.All()))
	}
	for i, k := range back.All() {
		o := r.All()[i]
		if k.Label != o.Label || k.Kind != o.Kind || k.Bits != o.Bits || k.Exportable != o.Exportable || !k.Generated.Equal(born) || !k.Saved {
			t.Errorf("got %+v, want %+v", k, o)
		}
		if !bytes.Equal(k.Public(), o.Public()) {
			t.Errorf("%s: another key", k.Label)
		}
	}
	if err := back.Decode(data[:len(data)/2]); err == nil {
		t.Error("half of the file was accepted")
	}
	if len(back.All()) != 3 {
		t.Error("a damaged file lost the keys in memory")
	}
}

// A new pair takes the place of the one with its name, of its own family only.
func TestRingReplaces(t *testing.T) {
	var r Ring
	r.Add(&Pair{Label: "A", Bits: 512})
	r.Add(&Pair{Label: "A", Kind: EC})
	r.Add(&Pair{Label: "A", Bits: 1024})
	if n := len(r.Find("A", false)); n != 1 || r.Find("A", false)[0].Bits != 1024 {
		t.Errorf("%d RSA pairs", n)
	}
	if n := len(r.Find("A", true)); n != 1 {
		t.Errorf("%d EC pairs", n)
	}
}
