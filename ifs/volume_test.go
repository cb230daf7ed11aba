package ifs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

var epoch = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func testOptions(total int64) Options {
	return Options{Total: total, MaxEntries: 12, MaxWriters: 3, Private: []string{"private-config"}, Now: func() time.Time { return epoch }}
}

// volumes runs a test on both kinds.
func volumes(t *testing.T, total int64, test func(t *testing.T, v *Volume)) {
	t.Run("memory", func(t *testing.T) { test(t, NewMemory(testOptions(total))) })
	t.Run("host", func(t *testing.T) {
		v, err := OpenDir(t.TempDir(), testOptions(total))
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		test(t, v)
	})
}

func put(t *testing.T, f FS, name, data string) {
	t.Helper()
	if err := WriteFile(f, name, []byte(data)); err != nil {
		t.Fatalf("writing %s: %v", name, err)
	}
}

func get(t *testing.T, f FS, name string) string {
	t.Helper()
	data, err := ReadFile(f, name, 1<<20)
	if err != nil {
		t.Fatalf("reading %s: %v", name, err)
	}
	return string(data)
}

func wantReason(t *testing.T, what string, err error, want *Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %q", what, err, want.Reason)
	}
}

func names(t *testing.T, f FS, dir string) string {
	t.Helper()
	list, err := f.ReadDir(dir)
	if err != nil {
		t.Fatalf("listing %q: %v", dir, err)
	}
	var all []string
	for _, e := range list {
		all = append(all, fmt.Sprintf("%d:%s", e.Index, e.Name))
	}
	return strings.Join(all, " ")
}

func TestListsInOrderOfCreation(t *testing.T) {
	volumes(t, 1000, func(t *testing.T, v *Volume) {
		put(t, v, "zz", "1")
		if err := v.Mkdir("dir"); err != nil {
			t.Fatal(err)
		}
		put(t, v, "dir/inner", "2")
		put(t, v, "aa", "3")
		put(t, v, "zz", "replaced keeps its place")
		if err := v.Rename("aa", "a-longer-name"); err != nil {
			t.Fatal(err)
		}
		if got, want := names(t, v, ""), "1:zz 2:dir 4:a-longer-name"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := names(t, v, "dir"), "3:inner"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestReasons(t *testing.T) {
	volumes(t, 1000, func(t *testing.T, v *Volume) {
		put(t, v, "file", "x")
		put(t, v.Internal(), "private-config", "key")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(v.Mkdir("dir"))
		put(t, v, "dir/x", "x")
		open := func(name string) error { _, err := v.Open(name); return err }
		create := func(name string) error { _, err := v.Create(name); return err }
		long := strings.Repeat("n", MaxElement+1)
		for _, r := range []struct {
			what string
			err  error
			want *Error
		}{
			{"open missing", open("missing"), ErrNotExist},
			{"open below missing", open("missing/x"), ErrNotExist},
			{"open below file", open("file/x"), ErrNotDir},
			{"open directory", open("dir"), ErrIsDir},
			{"open root", open(""), ErrIsDir},
			{"open private", open("private-config"), ErrPermission},
			{"open ..", open("dir/../file"), ErrInvalid},
			{"open .", open("./file"), ErrInvalid},
			{"open hidden", open(".vtylab.order"), ErrInvalid},
			{"open control", open("a\nb"), ErrInvalid},
			{"open colon", open("c:x"), ErrInvalid},
			{"open backslash", open(`..\x`), ErrInvalid},
			{"open NUL", open("x\x00"), ErrInvalid},
			{"open not ASCII", open("é"), ErrInvalid},
			{"open long", open(long), ErrNameTooLong},
			{"open very long", open(strings.Repeat("a/", MaxPath)), ErrNameTooLong},
			{"open deep", open(strings.Repeat("a/", MaxDepth+1)), ErrNameTooLong},
			{"create directory", create("dir"), ErrIsDir},
			{"create root", create("/"), ErrIsDir},
			{"create below missing", create("missing/x"), ErrNotExist},
			{"create below file", create("file/x"), ErrNotDir},
			{"create private", create("private-config"), ErrPermission},
			{"create control", create("a\x7f"), ErrInvalid},
			{"remove missing", v.Remove("missing"), ErrNotExist},
			{"remove directory", v.Remove("dir"), ErrIsDir},
			{"remove private", v.Remove("private-config"), ErrPermission},
			{"rename missing", v.Rename("missing", "x"), ErrNotExist},
			{"rename onto file", v.Rename("dir", "file"), ErrExist},
			{"rename onto itself", v.Rename("file", "file"), ErrExist},
			{"rename below itself", v.Rename("dir", "dir/sub"), ErrInvalid},
			{"rename root", v.Rename("", "x"), ErrInvalid},
			{"rename private", v.Rename("private-config", "x"), ErrPermission},
			{"rename onto private", v.Rename("file", "private-config"), ErrPermission},
			{"mkdir twice", v.Mkdir("dir"), ErrCreateExist},
			{"mkdir on file", v.Mkdir("file"), ErrCreateExist},
			{"mkdir root", v.Mkdir("/"), ErrCreateExist},
			{"mkdir below missing", v.Mkdir("missing/x"), ErrNotExist},
			{"rmdir missing", v.Rmdir("missing"), ErrNotExist},
			{"rmdir file", v.Rmdir("file"), ErrNotDir},
			{"rmdir full", v.Rmdir("dir"), ErrNotEmpty},
			{"rmdir root", v.Rmdir(""), ErrInvalid},
		} {
			wantReason(t, r.what, r.err, r.want)
		}
		if err := open("missing"); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) || Reason(err) != "No such file or directory" {
			t.Errorf("open missing: %v is not fs.ErrNotExist", err)
		}
		if Reason(io.ErrUnexpectedEOF) != "Undefined error" {
			t.Errorf("Reason of a foreign error = %q", Reason(io.ErrUnexpectedEOF))
		}
	})
}

func TestPrivateFileIsListed(t *testing.T) {
	volumes(t, 1000, func(t *testing.T, v *Volume) {
		put(t, v.Internal(), "private-config", "key")
		if e, err := v.Stat("private-config"); err != nil || e.Mode.String() != "----" || e.Size != 3 {
			t.Errorf("Stat = %v, %v", e, err)
		}
		if got := get(t, v.Internal(), "private-config"); got != "key" {
			t.Errorf("Internal reads %q", got)
		}
	})
}

func TestNothingIsVisibleBeforeCommit(t *testing.T) {
	volumes(t, 1000, func(t *testing.T, v *Volume) {
		put(t, v, "old", "old content")
		reader, err := v.Open("old")
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		for _, name := range []string{"old", "new"} {
			w, err := v.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(w, "half")
			if got := names(t, v, ""); got != "1:old" {
				t.Errorf("while writing %s: %s", name, got)
			}
			if got := get(t, v, "old"); got != "old content" {
				t.Errorf("while writing %s: old = %q", name, got)
			}
			if err := w.Abort(); err != nil {
				t.Errorf("Abort: %v", err)
			}
			wantReason(t, "Commit after Abort", w.Commit(), ErrClosed)
			if _, err := w.Write([]byte("x")); !errors.Is(err, ErrClosed) {
				t.Errorf("Write after Abort: %v", err)
			}
		}
		put(t, v, "old", "new")
		if data, err := io.ReadAll(reader); err != nil || string(data) != "old content" || reader.Stat().Size != 11 {
			t.Errorf("reader opened before the change reads %q, %v", data, err)
		}
		if got := v.Info(); got.Free != 1000-3 {
			t.Errorf("Info = %+v, want 997 free", got)
		}
	})
}

func TestQuota(t *testing.T) {
	volumes(t, 100, func(t *testing.T, v *Volume) {
		put(t, v, "big", strings.Repeat("b", 80))
		if err := WriteFile(v, "other", make([]byte, 21)); !errors.Is(err, ErrNoSpace) {
			t.Errorf("writing 21 bytes into 20: %v", err)
		}
		// What is being written counts.
		first, _ := v.Create("first")
		first.Write(make([]byte, 15))
		if free := v.Info().Free; free != 5 {
			t.Errorf("free while writing = %d, want 5", free)
		}
		second, _ := v.Create("second")
		if _, err := second.Write(make([]byte, 6)); !errors.Is(err, ErrNoSpace) {
			t.Errorf("second writer: %v", err)
		}
		wantReason(t, "Commit after a failed Write", second.Commit(), ErrNoSpace)
		first.Abort()
		// A replacement may use the space of what it replaces, but only one at a time.
		one, _ := v.Create("big")
		two, _ := v.Create("big")
		if _, err := one.Write(make([]byte, 100)); err != nil {
			t.Errorf("replacing 80 bytes by 100: %v", err)
		}
		if _, err := two.Write(make([]byte, 1)); !errors.Is(err, ErrNoSpace) {
			t.Errorf("second replacement: %v", err)
		}
		two.Abort()
		if err := one.Commit(); err != nil {
			t.Errorf("Commit: %v", err)
		}
		if free := v.Info().Free; free != 0 {
			t.Errorf("free = %d, want 0", free)
		}
		if err := v.Remove("big"); err != nil || v.Info().Free != 100 {
			t.Errorf("after Remove: %v, %+v", err, v.Info())
		}
	})
}

func TestLentSpaceThatIsGone(t *testing.T) {
	volumes(t, 100, func(t *testing.T, v *Volume) {
		put(t, v, "big", strings.Repeat("b", 80))
		w, _ := v.Create("big")
		w.Write(make([]byte, 80))
		if err := v.Remove("big"); err != nil {
			t.Fatal(err)
		}
		put(t, v, "thief", strings.Repeat("t", 90))
		wantReason(t, "Commit", w.Commit(), ErrNoSpace)
		if got, free := names(t, v, ""), v.Info().Free; got != "1:thief" || free != 10 {
			t.Errorf("left %s, %d free", got, free)
		}
	})
}

func TestBounds(t *testing.T) {
	volumes(t, 100, func(t *testing.T, v *Volume) {
		var open []Writer
		for i := range 3 {
			w, err := v.Create(fmt.Sprint(i))
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, w)
		}
		_, err := v.Create("x")
		wantReason(t, "fourth writer", err, ErrTooManyOpen)
		for _, w := range open {
			w.Abort()
		}
		for i := range 12 {
			put(t, v, fmt.Sprint(i), "")
		}
		_, err = v.Create("x")
		wantReason(t, "13th file", err, ErrNoSpace)
		wantReason(t, "13th directory", v.Mkdir("x"), ErrNoSpace)
		put(t, v, "11", "replacing is no new entry")
	})
}

func TestRenameOfDirectoryWhileWritingIntoIt(t *testing.T) {
	volumes(t, 100, func(t *testing.T, v *Volume) {
		if err := v.Mkdir("dir"); err != nil {
			t.Fatal(err)
		}
		w, _ := v.Create("dir/file")
		io.WriteString(w, "content")
		wantReason(t, "Rmdir", v.Rmdir("dir"), ErrNotEmpty)
		if err := v.Rename("dir", "moved"); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		if got := get(t, v, "moved/file"); got != "content" {
			t.Errorf("got %q", got)
		}
	})
}

func TestReadOnly(t *testing.T) {
	v := NewMemory(Options{ReadOnly: true})
	_, err := v.Create("x")
	wantReason(t, "Create", err, ErrReadOnly)
	wantReason(t, "Mkdir", v.Mkdir("x"), ErrReadOnly)
	wantReason(t, "Remove", v.Remove("x"), ErrReadOnly)
	if v.Info().Flags != "ro" {
		t.Errorf("Flags = %q", v.Info().Flags)
	}
}

func TestBigFileInMemory(t *testing.T) {
	v := NewMemory(Options{Total: 10 << 20})
	data := make([]byte, 3*chunkSize+17)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	w, _ := v.Create("big")
	for rest := data; len(rest) > 0; {
		n := min(len(rest), 1+rand.IntN(50000))
		w.Write(rest[:n])
		rest = rest[n:]
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFile(v, "big", 10<<20); err != nil || !bytes.Equal(got, data) {
		t.Errorf("read back %d bytes, %v; want %d", len(got), err, len(data))
	}
	if _, err := ReadFile(v, "big", 10); !errors.Is(err, ErrTooLarge) {
		t.Errorf("ReadFile with limit: %v", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	volumes(t, 1<<20, func(t *testing.T, v *Volume) {
		var wg sync.WaitGroup
		for g := range 3 {
			wg.Go(func() {
				for i := range 30 {
					name := fmt.Sprint((g + i) % 4)
					WriteFile(v, name, bytes.Repeat([]byte(name), 1000))
					if data, err := ReadFile(v, name, 1<<20); err == nil && len(data) != 1000 {
						t.Errorf("read %d bytes", len(data))
					}
					v.ReadDir("")
					v.Remove(name)
				}
			})
		}
		wg.Wait()
		list, _ := v.ReadDir("")
		if got, want := v.Info().Free, int64(1<<20-1000*len(list)); got != want {
			t.Errorf("free = %d, want %d", got, want)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	chunk := make([]byte, 32<<10)
	host, err := OpenDir(b.TempDir(), Options{Total: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	defer host.Close()
	for name, v := range map[string]*Volume{"memory": NewMemory(Options{Total: 1 << 30}), "host": host} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(256 * int64(len(chunk)))
			b.ReportAllocs()
			for b.Loop() {
				w, err := v.Create("file")
				if err != nil {
					b.Fatal(err)
				}
				for range 256 {
					w.Write(chunk)
				}
				if err := w.Commit(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
