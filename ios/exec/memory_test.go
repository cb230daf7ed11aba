package exec_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/device"
	"vtylab/ifs"
	"vtylab/internal/devicetest"
)

// Devices without a state directory share the memory for what is on flash:. What commands
// open they close, or it would not come back; a device that has ended needs none, and one
// can be saved without any.
func TestMemoryIsShared(t *testing.T) {
	p := devicetest.Product(t, devicetest.Default())
	synctest.Test(t, func(t *testing.T) {
		const size = 1 << 20
		memory := ifs.NewBudget(size)
		boot := func() *device.Device {
			return devicetest.New(t, p, "file prompt quiet\nline con 0\n privilege level 15\n", func(o *device.Options) { o.Memory = memory })
		}
		fill := func(d *device.Device, n int) error {
			return ifs.WriteFile(d.Files().Home().FS(), "x", []byte(strings.Repeat("hostname R1\n", n/12+1)[:n]))
		}
		one, two := boot(), boot()
		if err := fill(one, size*2/3); err != nil {
			t.Fatal(err)
		}
		if err := fill(two, size*2/3); !errors.Is(err, ifs.ErrNoSpace) {
			t.Errorf("the second device writes: %v", err)
		}
		for _, c := range []struct{ line, want string }{
			{"copy flash:x flash:y", "(No space left on device)"},
			{"dir flash:", "x"},
			{"write memory", "[OK]"},
			{"verify /md5 flash:x", "verify /md5"},
			{"more flash:x | count zzz", "Number of lines"},
			{"show running-config | redirect flash:r", ""},
			{"copy flash:r system:running-config", "bytes copied"},
			{"copy flash:x null:", "copied"},
			{"copy flash:none flash:y", "%Error"},
			{"show archive config differences flash:r flash:x", ""},
			{"more nvram:startup-config", "end"},
			{"delete /force flash:r", ""},
			{"delete /force flash:x", ""},
		} {
			if got, err := one.Run(t.Context(), c.line); err != nil || !strings.Contains(got, c.want) {
				t.Errorf("%s: %v\n%s", c.line, err, got)
			}
		}
		if err := fill(one, size); err != nil {
			t.Errorf("after everything is deleted: %v", err)
		}
		if err := one.Close(); err != nil {
			t.Fatal(err)
		}
		if err := fill(two, size); err != nil {
			t.Errorf("after the first device has ended: %v", err)
		}
	})
}
