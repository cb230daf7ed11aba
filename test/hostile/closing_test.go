package hostile

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/internal/devicetest"
)

// A device that closes while its users change the configuration: it ends, and they do.
func TestCloseWhileConfigured(t *testing.T) {
	for try := range 40 {
		devicetest.InBubble(t, "ios-15.5", telnetOn, func(t *testing.T, r *devicetest.Bubble) {
			var over []<-chan string
			for user := range 3 {
				conn, err := r.ConnectTo("10.0.0.66", 23)
				if err != nil {
					t.Fatal(err)
				}
				over = append(over, drain(conn))
				io.WriteString(conn, "cisco\rcisco\rconfigure terminal\r")
				synctest.Wait()
				var lines strings.Builder
				for i := range 200 {
					fmt.Fprintf(&lines, "interface Loopback%d\rip address 11.%d.0.%d 255.255.255.255\r", user*1000+i, user, i+1)
				}
				go io.WriteString(conn, lines.String())
			}
			for range try * 20 {
				runtime.Gosched()
			}
			r.Device.Close()
			for _, text := range over {
				<-text
			}
		})
	}
}
