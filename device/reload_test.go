package device_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"vtylab/internal/devicetest"
)

// Whoever saves while the device boots saves a whole configuration.
func TestSaveDuringReload(t *testing.T) {
	var text strings.Builder
	text.WriteString(devicetest.Usual)
	for i := range 500 {
		fmt.Fprintf(&text, "interface Loopback%d\n description customer %d\n", i, i)
	}
	d := devicetest.New(t, devicetest.Product(t, "ios-15.5"), text.String())
	if err := d.Save("lab"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		var work sync.WaitGroup
		work.Go(func() { d.Reload("lab", "test") })
		for range 2 {
			work.Go(func() {
				for range 10 {
					if err := d.Save("lab"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		work.Wait()
		saved, _ := d.StartupConfig()
		if n := strings.Count(saved, "interface Loopback"); n != 500 {
			t.Fatalf("%d interfaces were saved, want 500", n)
		}
	}
}
