package vtylab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// blob is a file of n bytes that does not repeat, of all values.
func blob(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// OpenSSH's scp -O, both ways.
func TestSCP(t *testing.T) {
	client(t, "scp")
	eachPlatform(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			line string
			run  func(t *testing.T, r *router)
		}{
			{"a file that is put comes back as it was", func(t *testing.T, r *router) {
				image := write(t, "image.bin", blob(300_001))
				r.openSCP("cisco:cisco", image, "r1:"+r.flash()).run().ends(0)
				if r.file(r.flash()+"image.bin") != blob(300_001) {
					t.Error("the router has something else")
				}
				back := filepath.Join(t.TempDir(), "back")
				r.openSCP("cisco:cisco", "r1:"+r.flash()+"/image.bin", back).run().ends(0)
				if read(t, back) != blob(300_001) {
					t.Error("what came back is something else")
				}
			}},
			{"-T fetches a file by a name without a slash, whose last part OpenSSH does not recognise", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "f", "x"), "r1:"+r.flash()).run().ends(0)
				back := filepath.Join(t.TempDir(), "back")
				r.openSCP("cisco:cisco", "-T", "r1:"+r.flash()+"f", back).run().ends(0)
				if got := read(t, back); got != "x" {
					t.Errorf("got %q", got)
				}
			}},
			{"a file may be empty, and be put under another name", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "empty", ""), "r1:"+r.flash()+"nothing").run().ends(0)
				if got := r.file(r.flash() + "nothing"); got != "" {
					t.Errorf("the router has %q", got)
				}
			}},
			{"-p keeps the time of a file that is fetched", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", "-p", write(t, "f", "x"), "r1:"+r.flash()).run().ends(0)
				back := filepath.Join(t.TempDir(), "f")
				r.openSCP("cisco:cisco", "-p", "r1:"+r.flash()+"/f", back).run().ends(0)
				info, err := os.Stat(back)
				if err != nil || time.Since(info.ModTime()) > time.Hour || info.Mode().Perm() != 0o644 {
					t.Errorf("%v, %v", info, err)
				}
			}},
			{"-r puts and fetches a directory", func(t *testing.T, r *router) {
				tree := filepath.Join(t.TempDir(), "tree")
				files := map[string]string{"a.cfg": "hostname A\n", "sub/b.cfg": "hostname B\n", "sub/deep/c": blob(9000)}
				for name, text := range files {
					path := filepath.Join(tree, name)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				r.openSCP("cisco:cisco", "-r", tree, "r1:"+r.flash()).run().ends(0)
				back := t.TempDir()
				r.openSCP("cisco:cisco", "-r", "r1:"+r.flash()+"tree", back).run().ends(0)
				for name, text := range files {
					if got := read(t, filepath.Join(back, "tree", name)); got != text {
						t.Errorf("%s is %.100q", name, got)
					}
				}
			}},
			{"running-config is fetched as the commands that make it, behind an empty line", func(t *testing.T, r *router) {
				back := filepath.Join(t.TempDir(), "r1.cfg")
				r.openSCP("cisco:cisco", "r1:running-config", back).run().ends(0)
				if text := read(t, back); !strings.HasPrefix(text, "\n!\n") {
					t.Errorf("begins with %.20q", text)
				} else {
					wantLines(t, text, "\nhostname R1\n", "\nip scp server enable\n", "\nline vty 0 4\n", "\nend\n")
				}
			}},
			{"a file that is put to running-config is merged", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "more.cfg", "hostname R2\nip ssh time-out 33\n"), "r1:running-config").run().ends(0)
				wantLines(t, r.file("running-config"), "\nhostname R2\n", "username cisco", "\nip ssh time-out 33\n")
			}},
			{"so is one that is put to system:running-config", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "more.cfg", "ip ssh time-out 34\n"), "r1:system:running-config").run().ends(0)
				wantLines(t, r.file("running-config"), "\nhostname R1\n", "\nip ssh time-out 34\n")
			}},
			{"startup-config takes a file and gives it back", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "new.cfg", "hostname NEXT\nend\n"), "r1:startup-config").run().ends(0)
				back := filepath.Join(t.TempDir(), "saved.cfg")
				r.openSCP("cisco:cisco", "r1:nvram:/startup-config", back).run().ends(0)
				if got := read(t, back); got != "hostname NEXT\nend\n" {
					t.Errorf("startup-config is %q", got)
				}
				wantLines(t, r.console().enter("show startup-config"), "Using 18 out of", "hostname NEXT\n")
			}},
			{"startup-config is missing until it is saved", func(t *testing.T, r *router) {
				back := filepath.Join(t.TempDir(), "saved.cfg")
				r.openSCP("cisco:cisco", "r1:startup-config", back).run().refused("No such file or directory")
				r.console().enter("write memory")
				r.openSCP("cisco:cisco", "r1:startup-config", back).run().ends(0)
				wantLines(t, read(t, back), "\nhostname R1\n", "\nend\n")
			}},
			{"a missing file is told by name", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", "r1:"+r.flash()+"missing", t.TempDir()).run().refused(`scp: ` + r.flash() + `missing: No such file or directory`)
			}},
			{"a file system that does not exist is refused without a word", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "f", "x"), "r1:slot9:f").run().refused("lost connection")
			}},
			{"a file system of another host is refused", func(t *testing.T, r *router) {
				r.openSCP("cisco:cisco", write(t, "f", "x"), "r1:tftp://10.0.0.1/f").run().refused("lost connection")
			}},
			{"a file that does not fit leaves nothing behind", func(t *testing.T, r *router) {
				big := write(t, "big", blob(int(r.NVRAMSize())+1))
				r.openSCP("cisco:cisco", big, "r1:nvram:big").run().refused("No space left on device")
				if text, err := r.tryFile("nvram:big"); err == nil {
					t.Errorf("nvram:big has %d bytes", len(text))
				}
			}},
			{"a user below level 15 is denied", func(t *testing.T, r *router) {
				o := r.openSCP("guest:guest", "r1:running-config", t.TempDir()).run()
				o.refused("Privilege denied.")
				o = r.openSCP("guest:guest", write(t, "f", "x"), "r1:"+r.flash()).run()
				o.refused("Privilege denied.")
			}},
			{"private keys cannot be fetched", func(t *testing.T, r *router) {
				r.console().enter("write memory")
				r.openSCP("cisco:cisco", "r1:nvram:private-config", t.TempDir()).run().refused("nvram:private-config: ")
			}},
			{"without -O scp asks for sftp, which a device has not: the connection drops", func(t *testing.T, r *router) {
				p := r.openSSHTool("scp", "cisco:cisco", "-s", "r1:running-config", t.TempDir())
				p.run().refused(`subsystem request failed on channel 0`)
				eventually(t, "the vty is free again", func() bool { return len(r.SSH.Connections()) == 0 })
			}},
		} {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				c.run(t, start(t, release, ""))
			})
		}
		t.Run("without ip scp server enable it is disabled", func(t *testing.T) {
			t.Parallel()
			r := start(t, release, "no ip scp server enable\n")
			r.openSCP("cisco:cisco", "r1:running-config", t.TempDir()).run().refused("Administratively disabled.")
		})
		t.Run("without exec authorization everybody has level 1 and is denied", func(t *testing.T) {
			t.Parallel()
			r := start(t, release, "no aaa authorization exec default\n")
			r.openSCP("cisco:cisco", "r1:running-config", t.TempDir()).run().refused("Privilege denied.")
		})
		t.Run("without AAA a local user of level 15 may copy", func(t *testing.T) {
			t.Parallel()
			r := start(t, release, "no aaa new-model\nline vty 0 15\n login local\n")
			r.openSCP("cisco:cisco", "r1:running-config", t.TempDir()).run().ends(0)
		})
	})
}
