package exec_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"vtylab/cli"
	"vtylab/internal/devicetest"
	"vtylab/ios/exec"
)

var update = flag.Bool("update", false, "rewrite testdata/commands.txt with what the commands print")

// testdata/commands.txt has commands and what they print: a start-up configuration,
// then a file for each command, all given by the program to one device of each
// release. COMMAND@RELEASE is for that release alone.
func TestCommands(t *testing.T) {
	const name = "testdata/commands.txt"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	startup := string(archive.Files[0].Data)
	for _, release := range devicetest.Releases() {
		p := devicetest.Product(t, release)
		synctest.Test(t, func(t *testing.T) {
			d := devicetest.New(t, p, startup)
			for i := range archive.Files[1:] {
				f := &archive.Files[1+i]
				command, only, _ := strings.Cut(f.Name, "@")
				if only != "" && only != release || only == "" && *update && release != devicetest.Default() {
					continue
				}
				got, _ := d.Run(t.Context(), command)
				got = fixed(got)
				if *update {
					f.Data = []byte(got)
				}
				if d := cmp.Diff(string(f.Data), got); d != "" {
					t.Errorf("%s: %s (-want +printed):\n%s", release, command, d)
				}
			}
		})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fixed is a text as txtar keeps it: with a line end.
func fixed(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// elsewhere are the commands that commands.txt cannot have, and the test that does.
var elsewhere = map[string]string{
	"show crypto key mypubkey": "key_show.txt: a key is another each time",
	"show aaa method-lists":    "exec_show_lists.txt: it is long",
	"show version":             "show_misc.txt: it is long",
	"show tcp brief":           "TestShowTCP",
	"show udp":                 "TestShowUDP",
	"show ip route":            "show_ip_route.txt",
	"show interfaces":          "TestInterfaceShows",
	"show ip interface":        "TestInterfaceShows",
	"show ip interface brief":  "show_interfaces.txt",
	"show ipv6 interface":      "TestInterfaceShows",
	"show protocols":           "TestInterfaceShows",
	"show arp":                 "TestInterfaceShows",
	"show ip arp":              "show_interfaces.txt",
	"show ip vrf":              "TestInterfaceShows",
	"show ip vrf detail":       "TestInterfaceShows",
	"show ip vrf interfaces":   "TestInterfaceShows",
	"show vrf detail":          "TestInterfaceShows",
	"show ipv6 route":          "show_ip_route.txt",
	"show cdp neighbors":       "lab_paths.txt: there has to be one",
	"show history":             "cli_more.txt: a program types nothing",

	"show snmp":           "snmp_show.txt",
	"show snmp chassis":   "snmp_show.txt",
	"show snmp community": "TestSNMPShows: its layout is from memory",
	"show snmp contact":   "snmp_show.txt",
	"show snmp engineID":  "snmp_show.txt",
	"show snmp group":     "snmp_show.txt",
	"show snmp host":      "TestSNMPShows: its layout is from memory",
	"show snmp location":  "snmp_show.txt",
	"show snmp user":      "snmp_show.txt",
	"show snmp view":      "TestSNMPShows: its layout is from memory",

	"show archive config differences":       "configure_replace.txt",
	"show archive config incremental-diffs": "configure_replace.txt",
	"show archive config rollback timer":    "configure_replace.txt",
	"show archive log config":               "archive_log.txt",
	"show ipv6 neighbors":                   "lab_ipv6.txt",
	"show ipv6 access-list":                 "lab_access_lists.txt",
	"show aaa local user lockout":           "login_lockout.txt",
	"show parser view":                      "parser_view.txt",

	"show tacacs":                   "aaa_shows.txt",
	"show aaa servers":              "aaa_shows.txt",
	"show aaa sessions":             "aaa_shows.txt",
	"show aaa user":                 "aaa_shows.txt",
	"show aaa dead-criteria radius": "aaa_shows.txt",
	"show radius server-group":      "aaa_shows.txt",
	"show radius statistics":        "aaa_shows.txt",
}

// Every show command is in commands.txt, or in another test.
func TestEveryShowIsTried(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range exec.Commands() {
		words := strings.ReplaceAll(strings.ReplaceAll(cli.Keywords(c.Syntax), "@show-bootflash", "bootflash:"), "@show-boot", "boot")
		if !strings.HasPrefix(words, "show ") || elsewhere[words] != "" {
			continue
		}
		tried := false
		for _, f := range archive.Files {
			tried = tried || strings.HasPrefix(f.Name, words)
		}
		if !tried {
			t.Errorf("%s is not tried", words)
		}
	}
}
