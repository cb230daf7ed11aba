package exec_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vtylab/config/diff"
	"vtylab/internal/devicetest"
)

// manyLines is a configuration with many lines of many kinds. Of each kind a part is
// the same for all variants, a part differs, a part is there in one of them only.
func manyLines(variant int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "hostname R%d\n", variant)
	for i := range 100 {
		if i%10 != variant {
			fmt.Fprintf(&b, "ip host h%d 10.%d.0.%d\n", i, i%3*variant, i)
		}
	}
	for i := range 50 {
		if i%7 == variant {
			continue
		}
		fmt.Fprintf(&b, "interface Loopback%d\n description %d of %d\n ip address 10.9.%d.1 255.255.255.255\n", i, i, i%2*variant, i)
		if i%5 == variant {
			b.WriteString(" shutdown\n")
		}
	}
	for i := range 30 {
		fmt.Fprintf(&b, "access-list %d permit 10.0.%d.0 0.0.0.255\naccess-list %d permit host 10.1.1.%d\n", i+1, i, i+1, variant*(i%4))
		fmt.Fprintf(&b, "username u%d privilege %d\nalias exec a%d show clock %d\n", i, i%3*variant, i, i)
	}
	fmt.Fprintf(&b, "no service timestamps log\nbanner motd ^C\nhello %d\ninterface Loopback0\n^C\n", variant)
	return b.String()
}

// Hundreds of differences of all kinds, forth and back.
func TestConfigureReplaceMany(t *testing.T) {
	shown := func(r *devicetest.Router) string {
		text, err := r.Device.Run(t.Context(), "show running-config")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	r := devicetest.Start(t, "ios-15.5", manyLines(1))
	for _, variant := range []int{2, 1, 3} {
		want := devicetest.Start(t, "ios-15.5", manyLines(variant))
		r.Put(r.Flash()+"other", shown(want)+"\nend\n")
		if out, err := r.Device.Run(t.Context(), "configure replace "+r.Flash()+"other force"); !strings.Contains(out, "Rollback Done") {
			t.Fatalf("%d: %s %v", variant, out, err)
		}
		// Where a list has no order of its own, a replacement keeps none.
		if d := diff.Contextual(diff.Parse(shown(want)), diff.Parse(shown(r))); len(d) > 0 {
			t.Fatalf("%d: %s", variant, strings.Join(d, "\n"))
		}
	}
}

// Thousands of blocks, of which some cannot be: a replacement does not try them one by
// one, and a device that closes does not wait for it.
func TestConfigureReplaceBlocks(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "interface Loopback%d\n description %d\n ip address 10.%d.%d.1 255.255.255.255\n!\n", i, i, i/250, i%250)
	}
	text.WriteString("no such command\n")
	r := devicetest.Start(t, "ios-15.5", "archive\n path "+"flash0:kept\n")
	before, err := r.Device.Run(t.Context(), "show running-config")
	if err != nil {
		t.Fatal(err)
	}
	r.Put(r.Flash()+"many", strings.TrimSuffix(strings.TrimSpace(before), "end")+text.String()+"end\n")
	begin := time.Now()
	if out, err := r.Device.Run(t.Context(), "configure replace "+r.Flash()+"many force time 5"); !strings.Contains(out, "no such command") {
		t.Fatalf("%s %v", out, err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	count := func() int { return strings.Count(r.Device.RunningConfig(false), "\ninterface Loopback") }
	if n := count(); n != 2000 {
		t.Errorf("%d interfaces were made", n)
	}

	// A way back that is cut short is still wanted.
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if out, err := r.Device.Run(ctx, "configure revert now"); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(out, "Rollback Done") {
		t.Errorf("%s %v", out, err)
	}
	if out, _ := r.Device.Run(t.Context(), "show archive config rollback timer"); !strings.Contains(out, "Timer value: 5 min") || count() != 2000 {
		t.Errorf("%s, and there are %d interfaces", out, count())
	}
	r.Device.RunUnwatched("configure revert now", 0)
	if n := count(); n != 0 {
		t.Errorf("%d interfaces are left", n)
	}
}
