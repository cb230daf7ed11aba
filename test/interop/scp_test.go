package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vtylab/internal/devicetest"
	"vtylab/internal/foreign"
)

// OpenSSH's scp -O, both ways.
func TestSCP(t *testing.T) {
	foreign.Need(t, "ssh", "scp")
	devicetest.Each(t, func(t *testing.T, release string) {
		for _, c := range []struct {
			line string
			run  func(t *testing.T, r *devicetest.Router)
		}{
			{"a file that is put comes back as it was", func(t *testing.T, r *devicetest.Router) {
				image := devicetest.Write(t, "image.bin", devicetest.Blob(300_001))
				r.SCP("cisco:cisco", image, "r1:"+r.Flash()).Run().Ends(0)
				if r.File(r.Flash()+"image.bin") != devicetest.Blob(300_001) {
					t.Error("the router has something else")
				}
				back := filepath.Join(t.TempDir(), "back")
				r.SCP("cisco:cisco", "r1:"+r.Flash()+"/image.bin", back).Run().Ends(0)
				if devicetest.Read(t, back) != devicetest.Blob(300_001) {
					t.Error("what came back is something else")
				}
			}},
			{"-T fetches a file by a name without a slash, whose last part OpenSSH does not recognise", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "f", "x"), "r1:"+r.Flash()).Run().Ends(0)
				back := filepath.Join(t.TempDir(), "back")
				r.SCP("cisco:cisco", "-T", "r1:"+r.Flash()+"f", back).Run().Ends(0)
				if got := devicetest.Read(t, back); got != "x" {
					t.Errorf("got %q", got)
				}
			}},
			{"a file may be empty, and be put under another name", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "empty", ""), "r1:"+r.Flash()+"nothing").Run().Ends(0)
				if got := r.File(r.Flash() + "nothing"); got != "" {
					t.Errorf("the router has %q", got)
				}
			}},
			{"-p keeps the time of a file that is fetched", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", "-p", devicetest.Write(t, "f", "x"), "r1:"+r.Flash()).Run().Ends(0)
				back := filepath.Join(t.TempDir(), "f")
				r.SCP("cisco:cisco", "-p", "r1:"+r.Flash()+"/f", back).Run().Ends(0)
				info, err := os.Stat(back)
				if err != nil || time.Since(info.ModTime()) > time.Hour || info.Mode().Perm() != 0o644 {
					t.Errorf("%v, %v", info, err)
				}
			}},
			{"-r puts and fetches a directory", func(t *testing.T, r *devicetest.Router) {
				tree := filepath.Join(t.TempDir(), "tree")
				files := map[string]string{"a.cfg": "hostname A\n", "sub/b.cfg": "hostname B\n", "sub/deep/c": devicetest.Blob(9000)}
				for name, text := range files {
					path := filepath.Join(tree, name)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				r.SCP("cisco:cisco", "-r", tree, "r1:"+r.Flash()).Run().Ends(0)
				back := t.TempDir()
				r.SCP("cisco:cisco", "-r", "r1:"+r.Flash()+"tree", back).Run().Ends(0)
				for name, text := range files {
					if got := devicetest.Read(t, filepath.Join(back, "tree", name)); got != text {
						t.Errorf("%s is %.100q", name, got)
					}
				}
			}},
			{"running-config is fetched as the commands that make it, behind an empty line", func(t *testing.T, r *devicetest.Router) {
				back := filepath.Join(t.TempDir(), "r1.cfg")
				r.SCP("cisco:cisco", "r1:running-config", back).Run().Ends(0)
				if text := devicetest.Read(t, back); !strings.HasPrefix(text, "\n!\n") {
					t.Errorf("begins with %.20q", text)
				} else {
					devicetest.WantLines(t, text, "\nhostname R1\n", "\nip scp server enable\n", "\nline vty 0 4\n", "\nend\n")
				}
			}},
			{"a file that is put to running-config is merged", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "more.cfg", "hostname R2\nip ssh time-out 33\n"), "r1:running-config").Run().Ends(0)
				devicetest.WantLines(t, r.File("running-config"), "\nhostname R2\n", "username cisco", "\nip ssh time-out 33\n")
			}},
			{"so is one that is put to system:running-config", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "more.cfg", "ip ssh time-out 34\n"), "r1:system:running-config").Run().Ends(0)
				devicetest.WantLines(t, r.File("running-config"), "\nhostname R1\n", "\nip ssh time-out 34\n")
			}},
			{"startup-config takes a file and gives it back", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "new.cfg", "hostname NEXT\nend\n"), "r1:startup-config").Run().Ends(0)
				back := filepath.Join(t.TempDir(), "saved.cfg")
				r.SCP("cisco:cisco", "r1:nvram:/startup-config", back).Run().Ends(0)
				if got := devicetest.Read(t, back); got != "hostname NEXT\nend\n" {
					t.Errorf("startup-config is %q", got)
				}
				devicetest.WantLines(t, r.Console().Enter("show startup-config"), "Using 18 out of", "hostname NEXT\n")
			}},
			{"startup-config is missing until it is saved", func(t *testing.T, r *devicetest.Router) {
				back := filepath.Join(t.TempDir(), "saved.cfg")
				r.SCP("cisco:cisco", "r1:startup-config", back).Run().Refused("No such file or directory")
				r.Console().Enter("write memory")
				r.SCP("cisco:cisco", "r1:startup-config", back).Run().Ends(0)
				devicetest.WantLines(t, devicetest.Read(t, back), "\nhostname R1\n", "\nend\n")
			}},
			{"a missing file is told by name", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", "r1:"+r.Flash()+"missing", t.TempDir()).Run().Refused(`scp: ` + r.Flash() + `missing: No such file or directory`)
			}},
			{"a file system that does not exist is refused without a word", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "f", "x"), "r1:slot9:f").Run().Refused("lost connection")
			}},
			{"a file system of another host is refused", func(t *testing.T, r *devicetest.Router) {
				r.SCP("cisco:cisco", devicetest.Write(t, "f", "x"), "r1:tftp://10.0.0.1/f").Run().Refused("lost connection")
			}},
			{"a file that does not fit leaves nothing behind", func(t *testing.T, r *devicetest.Router) {
				big := devicetest.Write(t, "big", devicetest.Blob(int(r.Device.NVRAMSize())+1))
				r.SCP("cisco:cisco", big, "r1:nvram:big").Run().Refused("No space left on device")
				if text, err := r.TryFile("nvram:big"); err == nil {
					t.Errorf("nvram:big has %d bytes", len(text))
				}
			}},
			{"a user below level 15 is denied", func(t *testing.T, r *devicetest.Router) {
				o := r.SCP("guest:guest", "r1:running-config", t.TempDir()).Run()
				o.Refused("Privilege denied.")
				o = r.SCP("guest:guest", devicetest.Write(t, "f", "x"), "r1:"+r.Flash()).Run()
				o.Refused("Privilege denied.")
			}},
			{"private keys cannot be fetched", func(t *testing.T, r *devicetest.Router) {
				r.Console().Enter("write memory")
				r.SCP("cisco:cisco", "r1:nvram:private-config", t.TempDir()).Run().Refused("nvram:private-config: ")
			}},
			{"without -O scp asks for sftp, which a device has not: the connection drops", func(t *testing.T, r *devicetest.Router) {
				p := r.OpenSSHTool("scp", "cisco:cisco", "-s", "r1:running-config", t.TempDir())
				p.Run().Refused(`subsystem request failed on channel 0`)
				r.Alone()
			}},
		} {
			t.Run(c.line, func(t *testing.T) {
				t.Parallel()
				c.run(t, devicetest.Start(t, release, ""))
			})
		}
		t.Run("without ip scp server enable it is disabled", func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, release, "no ip scp server enable\n")
			r.SCP("cisco:cisco", "r1:running-config", t.TempDir()).Run().Refused("Administratively disabled.")
		})
		t.Run("without exec authorization everybody has level 1 and is denied", func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, release, "no aaa authorization exec default\n")
			r.SCP("cisco:cisco", "r1:running-config", t.TempDir()).Run().Refused("Privilege denied.")
		})
		t.Run("without AAA a local user of level 15 may copy", func(t *testing.T) {
			t.Parallel()
			r := devicetest.Start(t, release, "no aaa new-model\nline vty 0 15\n login local\n")
			r.SCP("cisco:cisco", "r1:running-config", t.TempDir()).Run().Ends(0)
		})
	})
}
