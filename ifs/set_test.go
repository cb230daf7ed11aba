package ifs

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func testSet() *Set {
	flash := NewMemory(Options{Total: 9936510976})
	flash.Mkdir("dir")
	return NewSet([]Mount{
		{Prefixes: []string{"system:"}, FS: NewVirtual()},
		{Prefixes: []string{"flash:", "bootflash:"}, FS: flash, Default: true},
		{Prefixes: []string{"null:"}, FS: Null},
		{Prefixes: []string{"tftp:"}, Remote: true},
		{Prefixes: []string{"nvram:"}, FS: NewMemory(Options{Type: "nvram", Total: 2097152})},
		{Prefixes: []string{"crashinfo:"}, FS: Null, Hidden: true},
	}, map[string]string{"running-config": "system:running-config", "startup-config": "nvram:startup-config"})
}

func TestResolve(t *testing.T) {
	set := testSet()
	rows := []struct {
		cwd, url string
		want     string
		err      error
	}{
		{"", "flash:x", "flash:/x", nil},
		{"", "flash:/x", "flash:/x", nil},
		{"", "flash:dir/x", "flash:/dir/x", nil},
		{"", "flash:", "flash:/", nil},
		{"", "FLASH:X", "flash:/X", nil},
		{"", "bootflash:x", "bootflash:/x", nil}, // an alias stays what was typed
		{"", "x", "flash:/x", nil},
		{"", "", "flash:/", nil},
		{"flash:dir", "x", "flash:/dir/x", nil},
		{"flash:dir", "", "flash:/dir", nil},
		{"flash:dir", "/x", "flash:/x", nil},
		{"flash:dir", "..", "flash:/", nil},
		{"flash:dir", "../../../x", "flash:/x", nil}, // stops at the root
		{"flash:dir", "./x//y/", "flash:/dir/x/y", nil},
		{"flash:dir", "flash:x", "flash:/x", nil},
		{"nvram:", "startup-config", "nvram:/startup-config", nil},
		{"", "nvram:startup-config", "nvram:/startup-config", nil},
		{"", "system:running-config", "system:/running-config", nil},
		{"", "tftp://10.0.0.9/a b/x", "tftp://10.0.0.9/a b/x", nil},
		{"", "disk9:x", "", ErrNoDevice},
		{"", "a:b:c", "", ErrNoDevice},
		{"", "flash:nvram:x", "", ErrInvalid},
		{"", "flash:a\x01", "", ErrInvalid},
		{"", strings.Repeat("x", 300), "", ErrNameTooLong},
		{"", strings.Repeat("x/", 3000), "", ErrNameTooLong},
		{"", "tftp:" + strings.Repeat("x/", 3000), "", ErrNameTooLong},
	}
	for _, r := range rows {
		cwd, err := set.Resolve(r.cwd, set.Home())
		if err != nil {
			t.Fatal(err)
		}
		got, err := set.Resolve(r.url, cwd)
		if !errors.Is(err, r.err) || err == nil && got.String() != r.want {
			t.Errorf("Resolve(%q) in %q = %s, %v; want %s, %v", r.url, r.cwd, got, err, r.want, r.err)
		}
	}
	slash, _ := set.Resolve("bootflash:dir/", set.Home())
	if !slash.Slash || slash.Own().String() != "flash:/dir" || slash.Base() != "dir" {
		t.Errorf("bootflash:dir/ = %+v", slash)
	}
}

func TestResolveWord(t *testing.T) {
	set := testSet()
	for url, want := range map[string]string{"running-config": "system:/running-config", "startup-config": "nvram:/startup-config", "x": "flash:/x"} {
		if got, err := set.ResolveWord(url, set.Home()); err != nil || got.String() != want {
			t.Errorf("ResolveWord(%q) = %s, %v; want %s", url, got, err, want)
		}
	}
	if got, _ := set.Resolve("running-config", set.Home()); got.String() != "flash:/running-config" {
		t.Errorf("Resolve(running-config) = %s", got)
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"flash:/a/../../b", "x", "nvram:", "/", "a//b", "..", ":", "flash:.."} {
		f.Add(s)
	}
	set := testSet()
	f.Fuzz(func(t *testing.T, url string) {
		p, err := set.Resolve(url, set.Home())
		if err != nil || p.Mount.Remote {
			return
		}
		if again, err := Clean(p.Name); err != nil || again != p.Name {
			t.Errorf("Resolve(%q).Name = %q, which cleans to %q, %v", url, p.Name, again, err)
		}
		if back, err := set.Resolve(p.String(), set.Home()); err != nil || back.Name != p.Name || back.Mount != p.Mount {
			t.Errorf("Resolve(%q) = %s, which resolves to %s, %v", url, p, back, err)
		}
	})
}

func TestVirtual(t *testing.T) {
	config, fail := "hostname R1\n", false
	system := NewVirtual(
		VirtualFile{Name: "running-config", MaxSize: 20,
			Render: func() ([]byte, error) { return []byte(config), nil },
			Commit: func(data []byte) error {
				if fail {
					return ErrInvalid
				}
				config = string(data)
				return nil
			}},
		VirtualFile{Name: "default-running-config", Index: 9, Render: func() ([]byte, error) { return []byte("!\n"), nil }},
	)
	if got := get(t, system, "running-config"); got != config {
		t.Errorf("got %q", got)
	}
	put(t, system, "running-config", "hostname R2\n")
	if config != "hostname R2\n" {
		t.Errorf("committed %q", config)
	}
	fail = true
	wantReason(t, "refused commit", WriteFile(system, "running-config", []byte("x")), ErrInvalid)
	wantReason(t, "too large", WriteFile(system, "running-config", make([]byte, 21)), ErrTooLarge)
	wantReason(t, "not writable", WriteFile(system, "default-running-config", nil), ErrPermission)
	wantReason(t, "new file", WriteFile(system, "new", nil), ErrPermission)
	wantReason(t, "remove", system.Remove("running-config"), ErrPermission)
	w, _ := system.Create("running-config")
	io.WriteString(w, "lost")
	w.Abort()
	wantReason(t, "commit after abort", w.Commit(), ErrClosed)
	got := Listing([]Directory{{"system:/", list(t, system)}}, system.Info(), Style{})
	want := `Directory of system:/

    1  -rw-          12                    <no date>  running-config
    9  -r--           2                    <no date>  default-running-config

No space information available
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if e, err := system.Stat(""); err != nil || !e.IsDir() {
		t.Errorf("Stat of the root: %v, %v", e, err)
	}
}

func TestNull(t *testing.T) {
	put(t, Null, "anything", strings.Repeat("x", 100000))
	if got := get(t, Null, "anything"); got != "" {
		t.Errorf("got %q", got)
	}
}

func list(t *testing.T, f FS) []Entry {
	t.Helper()
	l, err := f.ReadDir("")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTable(t *testing.T) {
	entries := []Entry{
		{Name: "image.bin", Size: 67998028, ModTime: time.Date(2014, 3, 19, 3, 33, 54, 0, time.UTC)},
		{Name: "test/r1.cfg", Size: 1011},
	}
	want := `-#- --length-- -----date/time------ path
1     67998028 Mar 19 2014 03:33:54 +00:00 image.bin
2         1011 <no date> test/r1.cfg

900 bytes available (100 bytes used)
`
	if got := Table("-#- --length-- -----date/time------ path", entries, Info{Sized: true, Total: 1000, Free: 900}, Style{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestListing(t *testing.T) {
	entries := []Entry{
		{1, "boot", Dir | Read | Write, 0, time.Date(2013, 1, 30, 0, 0, 0, 0, time.UTC)},
		{267, "vios-adventerprisek9-m", Read | Write, 147988420, time.Date(2017, 3, 29, 0, 0, 0, 0, time.UTC)},
		{268, "rt01-confg", Read | Write, 2114, time.Date(2017, 4, 3, 9, 11, 45, 0, time.UTC)},
	}
	info := Info{Sized: true, Total: 2142715904, Free: 1989595136}
	got := Listing([]Directory{{"flash0:/", entries}}, info, Style{})
	want := `Directory of flash0:/

    1  drw-           0  Jan 30 2013 00:00:00 +00:00  boot
  267  -rw-   147988420  Mar 29 2017 00:00:00 +00:00  vios-adventerprisek9-m
  268  -rw-        2114   Apr 3 2017 09:11:45 +00:00  rt01-confg

2142715904 bytes total (1989595136 bytes free)
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	cet := time.FixedZone("CET", 3600)
	got = Listing([]Directory{{"bootflash:/x", entries[2:]}}, info, Style{17, cet})
	if want := "  268  -rw-             2114   Apr 3 2017 10:11:45 +01:00  rt01-confg\n"; !strings.Contains(got, want) {
		t.Errorf("XE: got:\n%s\nwant row:\n%s", got, want)
	}
	if got := Listing([]Directory{{"flash:/", nil}}, info, Style{}); !strings.Contains(got, "\n\nNo files in directory\n\n") {
		t.Errorf("empty: %q", got)
	}
}

func TestFileSystems(t *testing.T) {
	set := testSet()
	got := FileSystems(set, set.Home())
	want := `File Systems:

       Size(b)       Free(b)      Type  Flags  Prefixes
             -             -    opaque     rw   system:
*   9936510976    9936510976      disk     rw   flash: bootflash:
             -             -    opaque     rw   null:
             -             -   network     rw   tftp:
       2097152       2097152     nvram     rw   nvram:
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
