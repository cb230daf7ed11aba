package bench

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"vtylab/config"
	"vtylab/internal/devicetest"
	"vtylab/ios"
	"vtylab/ios/model"
)

// kinds are configurations of n lines of one kind, or of n blocks.
var kinds = []struct {
	name string
	head string
	line func(i int) string
}{
	{"alias", "", func(i int) string { return fmt.Sprintf("alias exec a%d show version", i) }},
	{"user", "", func(i int) string { return fmt.Sprintf("username u%d nopassword", i) }},
	{"user with a password", "", func(i int) string { return fmt.Sprintf("username u%d password 0 lab", i) }},
	{"standard entry", "", func(i int) string { return fmt.Sprintf("access-list 10 permit %s", address(i)) }},
	{"extended entry", "ip access-list extended A\n", func(i int) string { return fmt.Sprintf(" permit tcp host %s any eq 22", address(i)) }},
	{"IPv6 entry", "ipv6 access-list A\n", func(i int) string { return fmt.Sprintf(" permit tcp host 2001:DB8::%x:%x any eq 22", i>>16, i&0xffff) }},
	{"access list", "", func(i int) string { return fmt.Sprintf("ip access-list standard A%d\n permit any", i) }},
	{"interface", "", func(i int) string { return fmt.Sprintf("interface Loopback%d", i) }},
	{"interface with lines", "", func(i int) string {
		return fmt.Sprintf("interface Loopback%d\n description no %d\n ip address %s 255.255.255.255\n ip ospf 1 area 0\n no shutdown", i, i, address(i))
	}},
	{"VRF", "", func(i int) string { return fmt.Sprintf("vrf definition V%d\n rd 1:%d\n address-family ipv4", i, i) }},
	{"static route", "", func(i int) string { return fmt.Sprintf("ip route %s 255.255.255.255 10.0.0.1", address(i)) }},
	{"host name", "", func(i int) string { return fmt.Sprintf("ip host h%d %s", i, address(i)) }},
	{"prefix list", "", func(i int) string { return fmt.Sprintf("ip prefix-list P seq %d permit %s/32", i+1, address(i)) }},
	{"passive line with no", "", func(i int) string { return fmt.Sprintf("no mpls ldp neighbor %s", address(i)) }},
	{"passive line of an interface", "interface Loopback0\n", func(i int) string { return fmt.Sprintf(" ip helper-address %s", address(i)) }},
	{"key of a server", "", func(i int) string { return fmt.Sprintf("tacacs-server host %s key lab", address(i)) }},
	{"passive block", "", func(i int) string { return fmt.Sprintf("route-map M permit %d\n match tag %d", i%65536, i) }},
	{"block inside a block", "policy-map P\n", func(i int) string { return fmt.Sprintf(" class C%d\n  bandwidth %d", i, i) }},
	{"certificate data", "", func(i int) string {
		return fmt.Sprintf("crypto pki certificate chain C%d\n certificate ca 01\n  AABB\n  \tquit", i)
	}},
}

func address(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16+1, i>>8&255, i&255) }

// Configuration texts of one kind of line, at two sizes: parsed and applied to a
// new configuration, rendered, and encrypted as a whole. What is linear takes the
// same time for each line.
func BenchmarkLoad(b *testing.B) {
	language := devicetest.Product(b, "ios-15.5").(*ios.Product).Language()
	for _, k := range kinds {
		for _, n := range []int{10_000, 100_000} {
			var text strings.Builder
			text.WriteString(k.head)
			for i := range n {
				text.WriteString(k.line(i))
				text.WriteByte('\n')
			}
			lines := strings.Count(text.String(), "\n")
			perLine := func(b *testing.B) {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
			}
			var c *model.Config
			b.Run(fmt.Sprintf("%s/%d/parse", k.name, n), func(b *testing.B) {
				for b.Loop() {
					var s *config.Script
					if c, s = language.Parse(text.String()); len(s.Rejected) > 0 {
						b.Fatal(s.Rejected[0])
					}
				}
				perLine(b)
			})
			b.Run(fmt.Sprintf("%s/%d/render", k.name, n), func(b *testing.B) {
				for b.Loop() {
					language.Render(c, false)
				}
				perLine(b)
			})
		}
	}
}

// A text with 500 secrets in the clear, hashed on one processor and on all.
func BenchmarkSecrets(b *testing.B) {
	language := devicetest.Product(b, "ios-15.5").(*ios.Product).Language()
	for _, kind := range []struct{ name, words string }{{"type 5", "md5"}, {"type 8", "sha256"}, {"type 9", "scrypt"}} {
		var text strings.Builder
		for i := range 500 {
			fmt.Fprintf(&text, "username u%d algorithm-type %s secret lab%d\n", i, kind.words, i)
		}
		for _, processors := range []int{1, runtime.NumCPU()} {
			b.Run(fmt.Sprintf("%s/%d processors", kind.name, processors), func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
				for b.Loop() {
					if c, s := language.Parse(text.String()); len(s.Rejected) > 0 || c.Users.Len() != 500 {
						b.Fatal(s.Rejected)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*500), "µs/secret")
			})
		}
	}
}

// One line typed into a configuration that has n of its kind.
func BenchmarkLineAmong(b *testing.B) {
	language := devicetest.Product(b, "ios-15.5").(*ios.Product).Language()
	for _, n := range []int{10, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			line := func(i int) string { return fmt.Sprintf("access-list 10 permit %s", address(i)) }
			var text strings.Builder
			for i := range n {
				text.WriteString(line(i) + "\n")
			}
			m := config.NewMachine(language, nil)
			c, _ := language.Parse(text.String())
			m.Replace(c)
			for i := n; b.Loop(); i++ {
				apply(b, m, config.Top(), line(i))
			}
		})
	}
}
