package secret

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// vectors are published ones: hashcat's self tests and device captures.
var vectors = []struct {
	typ    int
	stored string
	plain  string
}{
	{0, "cisco", "cisco"},
	{4, "2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI", "hashcat"},
	{5, "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "cisco"},
	{5, "$1$mERr$9cTjUIEqNGurQiFU.ZeCi1", "class"},
	{7, "02050D480809", "cisco"},
	{7, "060506324F41", "cisco"},
	{7, "13061E010803", "cisco"},
	{7, "00081204", "lab"},
	{7, "15020A1F173D24362C", "password"},
	{8, "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs", "cisco"},
	{8, "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk", "hashcat"},
	{9, "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM", "cisco"},
	{SHA512, "$sha512$5000$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg==", "cisco"}, // ASA 9.7(1)4
	{9, "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6", "hashcat"},
}

func TestVectors(t *testing.T) {
	for _, v := range vectors {
		s, err := Parse(v.typ, v.stored)
		if err != nil {
			t.Errorf("Parse(%d, %q): %v", v.typ, v.stored, err)
			continue
		}
		if !s.Verify(v.plain) {
			t.Errorf("type %d %q: Verify(%q) = false", v.typ, v.stored, v.plain)
		}
		for _, wrong := range []string{"", v.plain + "x", strings.ToUpper(v.plain), v.stored + "x", strings.Repeat("a", MaxPlain+1)} {
			if s.Verify(wrong) {
				t.Errorf("type %d %q: Verify(%q) = true", v.typ, v.stored, wrong)
			}
		}
	}
}

// A NUL belongs to no password, whatever the type makes of one.
func TestNUL(t *testing.T) {
	for _, v := range vectors {
		s := Secret{v.typ, v.stored}
		for _, plain := range []string{v.plain + "\x00", v.plain + "\x00\x00", "\x00" + v.plain, v.plain[:1] + "\x00" + v.plain[1:], v.plain + "\x00x", "\x00"} {
			if s.Verify(plain) {
				t.Errorf("type %d %q: Verify(%q) = true", v.typ, v.stored, plain)
			}
		}
	}
	for _, typ := range []int{0, 5, 7, 8, 9, SHA512} {
		if s, err := New(typ, "cisco\x00", rand.Reader); err == nil {
			t.Errorf("New(%d) of a password with a NUL = %q", typ, s.Text)
		}
	}
	if (Secret{0, "cisco\x00"}).Verify("cisco\x00") {
		t.Error("a stored NUL matches one")
	}
}

func TestReveal(t *testing.T) {
	for _, v := range vectors {
		got, ok := Secret{v.typ, v.stored}.Reveal()
		if want := v.typ == 0 || v.typ == 7; ok != want || ok && got != v.plain {
			t.Errorf("type %d %q: Reveal() = %q, %v; want %q, %v", v.typ, v.stored, got, ok, v.plain, want)
		}
	}
	if got, ok := (Secret{}).Reveal(); ok {
		t.Errorf("zero Secret: Reveal() = %q, true", got)
	}
}

func TestNew(t *testing.T) {
	for _, typ := range []int{0, 5, 7, 8, 9, SHA512} {
		for _, plain := range []string{"x", "cisco", "two words", "pässwörd", strings.Repeat("a", MaxPlain)} {
			s, err := New(typ, plain, rand.Reader)
			if err != nil {
				t.Fatalf("New(%d, %q): %v", typ, plain, err)
			}
			back, err := Parse(s.Type, s.Text)
			if err != nil || back != s {
				t.Errorf("New(%d, %q): own stored form %q: %v", typ, plain, s.Text, err)
			}
			if !s.Verify(plain) || s.Verify(plain[1:]) {
				t.Errorf("New(%d, %q) = %q does not verify", typ, plain, s.Text)
			}
		}
	}
}

// The same randomness gives the same text, which is what makes recorded tests possible.
func TestNewIsDeterministic(t *testing.T) {
	want := map[int]string{5: "$1$....$", 7: "00", 8: "$8$..............$", 9: "$9$..............$", SHA512: "$sha512$5000$AAAAAAAAAAAAAAAAAAAAAA==$"}
	for typ, prefix := range want {
		s, err := New(typ, "cisco", bytes.NewReader(make([]byte, 16)))
		if err != nil || !strings.HasPrefix(s.Text, prefix) {
			t.Errorf("New(%d) with zero randomness = %q, %v; want prefix %q", typ, s.Text, err, prefix)
		}
		if _, err := New(typ, "cisco", bytes.NewReader(nil)); err == nil {
			t.Errorf("New(%d) without randomness succeeded", typ)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, typ := range []int{-1, 1, 2, 3, 4, 6, 10} {
		if _, err := New(typ, "cisco", rand.Reader); !errors.Is(err, ErrType) {
			t.Errorf("New(%d) = %v, want ErrType", typ, err)
		}
	}
	for _, plain := range []string{"", strings.Repeat("a", MaxPlain+1)} {
		var form *FormError
		if _, err := New(5, plain, rand.Reader); !errors.As(err, &form) {
			t.Errorf("New(5, %d bytes) = %v, want *FormError", len(plain), err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	rows := []struct {
		typ    int
		stored string
	}{
		{0, ""},
		{4, ""}, {4, "2btjjy78"}, {4, strings.Repeat("!", 43)},
		{5, "GARBAGE"}, {5, ""}, {5, "$1$mERr$"}, {5, "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0x"},
		{5, "$1$mER$hx5rVt7rPNoS4wqbXKX7m0"}, {5, "$1$mERr1$hx5rVt7rPNoS4wqbXKX7m0"},
		{5, "$1$mE r$hx5rVt7rPNoS4wqbXKX7m0"}, {5, "$1$mERr$hx5rVt7rPNoS4wqbXKX7m!"},
		{6, ""}, {6, "two words"},
		{SHA512, ""}, {SHA512, "*****"}, {SHA512, "$sha512$5000$"}, {SHA512, "$sha512$x$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg=="},
		{SHA512, "$sha512$0$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg=="}, {SHA512, "$sha512$5000$LuFg$M2/7xYvePzQsOAQNrQsxTg=="},
		{SHA512, "$sha512$999999999$LuFgFhttGYuAEdvYbB7Y9g==$M2/7xYvePzQsOAQNrQsxTg=="}, {SHA512, "$sha512$5000$LuFgFhttGYuAEdvYbB7Y9g==$M2/7"},
		{7, ""}, {7, "02"}, {7, "020"}, {7, "0205Z"}, {7, "0205ZZ"}, {7, "16050D"}, {7, "x2050D"}, {7, "0/050D"}, {7, "-1050D"},
		{7, "02" + strings.Repeat("00", MaxPlain+1)},
		{8, ""}, {8, "$9$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs"},
		{8, "$8$dsYGNam3K1SIJ$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs"},
		{9, "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkK"},
		{9, "$9$nhEmQVczB7dqsO"},
	}
	for _, r := range rows {
		s, err := Parse(r.typ, r.stored)
		var form *FormError
		if !errors.As(err, &form) || form.Type != r.typ || !s.IsZero() {
			t.Errorf("Parse(%d, %q) = %v, %v; want *FormError", r.typ, r.stored, s, err)
		}
		if r.stored != "" && err != nil && strings.Contains(err.Error(), r.stored) {
			t.Errorf("Parse(%d, %q): error tells the text: %v", r.typ, r.stored, err)
		}
		if (Secret{r.typ, r.stored}).Verify(r.stored) {
			t.Errorf("malformed type %d %q verifies its own text", r.typ, r.stored)
		}
	}
	if _, err := Parse(3, "x"); !errors.Is(err, ErrType) {
		t.Errorf("Parse(3) = %v, want ErrType", err)
	}
}

func TestType6IsKeptButMatchesNothing(t *testing.T) {
	s, err := Parse(6, "hLXYgLHaIbMRIKe^dfBgc`SFY[YWEHAAB")
	if err != nil || s.Verify("cisco") || s.Verify(s.Text) {
		t.Errorf("Parse(6) = %v, %v", s, err)
	}
}

func TestPrintingHidesTheText(t *testing.T) {
	s := Secret{0, "hunter2"}
	type user struct {
		Name   string
		Secret Secret
		Also   *Secret
	}
	for _, v := range []any{s, &s, user{"a", s, &s}, &user{"a", s, &s}, []Secret{s}, map[string]Secret{"x": s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, "hunter2") || strings.Contains(got, "68756e74") {
				t.Errorf("Sprintf(%q, %T) = %s", verb, v, got)
			}
		}
	}
	if got := s.String(); got != "secret type 0" {
		t.Errorf("String() = %q", got)
	}
}

func TestEncrypt7(t *testing.T) {
	for seed := 0; seed <= maxSeed7; seed++ {
		stored, err := Encrypt7("a longer password than the key is, which wraps around it", seed)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := Decrypt7(stored); err != nil || !strings.HasPrefix(plain, "a longer") || !strings.HasSuffix(plain, "around it") {
			t.Errorf("seed %d: Decrypt7(%q) = %q, %v", seed, stored, plain, err)
		}
	}
	for _, seed := range []int{-1, 16, 52} {
		if got, err := Encrypt7("x", seed); err == nil {
			t.Errorf("Encrypt7 with seed %d = %q", seed, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range vectors {
		f.Add(v.typ, v.stored)
	}
	f.Add(7, "06050641") // ci and NUL
	f.Fuzz(func(t *testing.T, typ int, stored string) {
		s, err := Parse(typ, stored)
		if err != nil {
			return
		}
		if s.Text != stored || s.Type != typ {
			t.Errorf("Parse(%d, %q) changed it to %d %q", typ, stored, s.Type, s.Text)
		}
		// A password with NUL in it lets nobody in.
		if plain, ok := s.Reveal(); ok && s.Verify(plain) == strings.Contains(plain, "\x00") {
			t.Errorf("type %d %q does not verify what it reveals: %q", typ, stored, plain)
		}
	})
}

func FuzzDecrypt7(f *testing.F) {
	f.Add("02050D480809")
	f.Add("15020A1F173D24362C")
	f.Add("0")
	f.Fuzz(func(t *testing.T, stored string) {
		plain, err := Decrypt7(stored)
		if err != nil {
			return
		}
		seed, _ := seed7(stored)
		if again, err := Encrypt7(plain, seed); err != nil || !strings.EqualFold(again, stored) {
			t.Errorf("Decrypt7(%q) = %q encrypts to %q, %v", stored, plain, again, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for _, v := range []int{2, 6, 9, 11} {
		v := vectors[v]
		b.Run(fmt.Sprint(v.typ), func(b *testing.B) {
			for b.Loop() {
				Secret{v.typ, v.stored}.Verify(v.plain)
			}
		})
	}
}
