package ios_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"vtylab/cli"
	"vtylab/device"
	"vtylab/internal/devicetest"
	"vtylab/ios"
)

// hidden stands in secretText where a secret does. It is no valid hash: lines that
// take one are refused, and pass the gates all the same.
const hidden = "Hush4Hush"

// secretText has a line for every row that takes a secret.
const secretText = `
enable secret Hush4Hush
enable secret 5 Hush4Hush
enable secret level 7 9 Hush4Hush
no enable secret 8 Hush4Hush
enable algorithm-type md5 secret Hush4Hush
enable password 0 Hush4Hush and more
enable password 7 Hush4Hush
username a privilege 15 secret Hush4Hush
username a secret 4 Hush4Hush
default username a secret 5 Hush4Hush
username b password 7 Hush4Hush
username b password Hush4Hush
username c algorithm-type sha256 secret Hush4Hush
alias exec up copy flash:x scp://u:Hush4Hush@10.0.0.1/x
ip ftp password 7 Hush4Hush
ip ftp password Hush4Hush
ip host-key Hush4Hush
key chain K
 key 1
  key-string 0 Hush4Hush
  key-string Hush4Hush
aaa group server tacacs+ G
 server-private 10.0.0.1 timeout 5 key 7 Hush4Hush
aaa group server radius H
 server-private 10.0.0.1 auth-port 1812 key Hush4Hush
crypto pki trustpoint T
 enrollment url http://u:Hush4Hush@10.0.0.1/x
 password 7 Hush4Hush
crypto isakmp key 6 Hush4Hush address 10.0.0.1
crypto isakmp client configuration group G
 key Hush4Hush
 pool P
crypto keyring R
 pre-shared-key address 10.0.0.1 key Hush4Hush
crypto ikev2 keyring R
 peer P
 pre-shared-key local Hush4Hush
parser view V
 secret 5 Hush4Hush
interface Loopback0
 standby 1 authentication md5 key-string Hush4Hush
 standby 1 authentication Hush4Hush
 ip ospf message-digest-key 1 md5 Hush4Hush
 ip ospf authentication-key Hush4Hush
 ppp chap password 0 Hush4Hush
 ppp pap sent-username u password 0 Hush4Hush
router bgp 1
 neighbor 10.0.0.1 password 7 Hush4Hush
archive
 path scp://u:Hush4Hush@10.0.0.1/x
 path scp:u:Hush4Hush@10.0.0.1/x
 path ftp:/u:Hush4Hush@10.0.0.1/x
 path scp://u:a Hush4Hush@10.0.0.1/x
ip http client password Hush4Hush
ip ftp password Hush4Hush
snmp-server community Hush4Hush RO
snmp-server host 10.0.0.1 version 2c Hush4Hush
snmp-server user u g v3 auth sha Hush4Hush priv aes 128 Hush4Hush
tacacs-server host 10.0.0.1 key Hush4Hush
tacacs-server key 7 Hush4Hush
tacacs server S
 key Hush4Hush
radius-server host 10.0.0.1 auth-port 1812 key Hush4Hush
radius-server key Hush4Hush
radius server S
 key 0 Hush4Hush
ntp authentication-key 1 md5 Hush4Hush
event manager environment _password Hush4Hush
event manager applet A
 action 1.0 cli command "username x password Hush4Hush"
line con 0
 password Hush4Hush
 password 7 Hush4Hush
ip ssh pubkey-chain
 username u
  key-string
   Hush4Hush
  exit
do copy scp://u:Hush4Hush@10.0.0.1/x flash:x
`

// listener is a gate that keeps the words of what passes.
type listener struct{ words []string }

func (g *listener) Before(_ *device.Shell, a *device.Action) error {
	g.words = append(g.words, a.Words)
	return nil
}
func (*listener) After(*device.Shell, *device.Action, error) {}

// No gate sees a secret of a configuration that is pasted, and every row that takes
// one is tried.
func TestSecretsAreMasked(t *testing.T) {
	devicetest.Each(t, func(t *testing.T, release string) {
		p := devicetest.Product(t, release)
		var g listener
		synctest.Test(t, func(t *testing.T) {
			d := devicetest.New(t, p, devicetest.Usual, func(o *device.Options) { o.Gates = []device.Gate{&g} })
			term := devicetest.Attach(d)
			defer term.Close()
			term.Type("copy scp://u:Hush4Hush@10.0.0.1/x flash:x\r\x03configure terminal\r" + strings.ReplaceAll(secretText, "\n", "\r"))
			term.Shown()
		})
		masked := map[string]bool{}
		for _, words := range g.words {
			if strings.Contains(words, hidden) {
				t.Errorf("a gate sees %q", words)
			}
			if at := strings.Index(words, "*"); at >= 0 {
				masked[words] = true
			}
		}
		for _, url := range []string{"copy scp://*****:*****@10.0.0.1/x flash:x", "alias exec up copy flash:x scp://*****:*****@10.0.0.1/x", "*"} {
			if !masked[url] {
				t.Errorf("no gate sees %q", url)
			}
		}
		p.(*ios.Product).Language().Rows(func(mode, syntax string, secret bool) {
			words := cli.Keywords(syntax)
			for m := range masked {
				secret = secret && !strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(m, "no "), "default "), words)
			}
			if secret {
				t.Errorf("mode %s: no line is like %s", mode, syntax)
			}
		})
	})
}

// A row whose argument looks like a secret is marked.
func TestSecretsAreMarked(t *testing.T) {
	quoted := regexp.MustCompile(`"[^"]*"`)
	suspect := regexp.MustCompile(`(^|[ {|-])(password|secret|key|key-string|community|passphrase|psk|md5) *({?[0-9~]* )?(WORD|LINE)`)
	devicetest.Each(t, func(t *testing.T, release string) {
		devicetest.Product(t, release).(*ios.Product).Language().Rows(func(mode, syntax string, secret bool) {
			s := quoted.ReplaceAllString(syntax, "")
			if !secret && suspect.MatchString(s) && !strings.HasPrefix(s, "named-key ") { // the name of a peer
				t.Errorf("mode %s: %s", mode, s)
			}
		})
	})
}
