package hostile

import (
	"strings"
	"testing"
	"time"
)

// What a server sends as text does not steer the terminal either: where it is applied,
// compared or shown.
func TestHostileContent(t *testing.T) {
	lines := "hostname " + steering + "\n" + steering + "\nbanner motd #" + steering + "#\ninterface " + steering + "\n! " + steering + "\nend\n"
	for _, line := range []string{
		"copy ftp://u:p@10.0.0.9/x running-config",
		"more ftp://u:p@10.0.0.9/x",
		"show archive config differences ftp://u:p@10.0.0.9/x",
		"show archive config differences ftp://u:p@10.0.0.9/x system:running-config",
		"show archive config incremental-diffs ftp://u:p@10.0.0.9/x",
		"configure replace ftp://u:p@10.0.0.9/x force",
		"configure replace ftp://u:p@10.0.0.9/x list force",
		"verify /md5 ftp://u:p@10.0.0.9/x",
	} {
		t.Run(line, func(t *testing.T) {
			beside(t, "ios-15.5", func(c *client, s *station) {
				s.ftp(&speaker{answers: map[string]string{"226": "226 done\r\n", "SIZE": "500 no\r\n"}, file: lines})
				c.Type(line + "\r")
				var out strings.Builder
				for range 60 {
					rows, prompt := c.Shown()
					out.WriteString(strings.Join(append(rows, prompt), "\n"))
					if strings.HasSuffix(prompt, "#") {
						break
					}
					time.Sleep(time.Second)
				}
				c.clean(out.String())
				if !strings.HasSuffix(out.String(), "\nR1#") {
					t.Errorf("no prompt after a minute: %q", out.String())
				}
			})
		})
	}
}
