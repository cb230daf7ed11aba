package device_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"vtylab/device"
	"vtylab/internal/devicetest"
)

// A device that cannot read its state stays as it is: after a reload it would be
// a new one.
func TestReloadWithoutState(t *testing.T) {
	model := devicetest.Product(t, "ios-15.5")
	for _, name := range []string{"startup-config", "private-config"} {
		var log bytes.Buffer
		operator := logrus.New()
		operator.SetOutput(&log)
		state := t.TempDir()
		startup := "hostname R1\nip domain name example.com\ncrypto key generate rsa modulus 1024\n"
		d := devicetest.New(t, model, startup, func(o *device.Options) { o.StateDir, o.Log = state, operator })
		if err := d.Save("console"); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(state, "nvram", name)
		if err := errors.Join(os.Rename(path, path+".good"), os.Mkdir(path, 0o700)); err != nil {
			t.Fatal(err)
		}
		d.Reload("console", "test")
		if host, keys := d.Settings().Hostname, len(d.Keys.All()); host != "R1" || keys != 1 {
			t.Errorf("%s: the host name is %q, with %d key pairs; want R1 with 1", name, host, keys)
		}
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), name) {
			t.Errorf("%s: the operator reads %q, want one line", name, log.String())
		}
		if err := errors.Join(os.Remove(path), os.Rename(path+".good", path)); err != nil {
			t.Fatal(err)
		}
		d.Reload("console", "test")
		if host, keys := d.Settings().Hostname, len(d.Keys.All()); host != "R1" || keys != 1 {
			t.Errorf("%s, good again: the host name is %q, with %d key pairs; want R1 with 1", name, host, keys)
		}
	}
}
