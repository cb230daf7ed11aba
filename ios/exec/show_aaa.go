package exec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/ios/model"
)

var aaaCommands = []Command{
	{Syntax: `show "Show running system information" aaa "Show AAA values" method-lists "Show method lists for AAA"
		{accounting "Show method lists for accounting services" | all "Show method lists for all services"
		| authentication "Show method lists for authentication services" | authorization "Show method lists for authorization services"}$which`,
		Level: 15, Filter: true, Run: showMethodLists},
}

// webAuthQueue is one that not every release has.
const webAuthQueue = "WEBAUTH"

// methodQueues are the services of each kind and what stands below them, as
// genieparser has them from a 9500. A 3750-X with IOS 15.x has the same ones but
// webAuthQueue (Muninn#1032 to #1034).
var methodQueues = []struct {
	which, kind string
	queues      []string
	commands    int // how often the queue of commands is there
	permanent   []string
}{
	{"authentication", "authen", []string{"LOGIN", "ENABLE", "PPP", "SGBP", "ARAP", "DOT1X", "8021X", "EAPOUDP", webAuthQueue, "CONNECTEDAPPS"}, 0, []string{
		"  name= Permanent Enable None valid=TRUE id=0 :state=ALIVE : ENABLE  NONE ",
		"  name= Permanent Enable valid=TRUE id=0 :state=ALIVE : ENABLE ",
		"  name= Permanent None valid=TRUE id=0 :state=ALIVE : NONE ",
		"  name= Permanent Local valid=TRUE id=0 :state=ALIVE : LOCAL ",
		"  name= Permanent rcmd valid=TRUE id=0 :state=ALIVE : RCMD "}},
	{"authorization", "author", []string{"SHELL", "NET", "CONN", "IPMOBILE", "RM", "CONFIG", "AUTH_PROXY", "PREAUTH", "FLTSV", "SUBSCRIBER_SERVICE",
		"CREDENTIAL_DOWNLOAD", "PREPAID", "POLICY_IF", "CONNECTEDAPPS"}, 16, []string{"  name= local-list valid=TRUE id=0 :state=ALIVE : LOCAL "}},
	{"accounting", "acct", []string{"SHELL", "AUTH_PROXY", "NET", "CONN", "SYSTEM", "RESOURCE", "RM", "DOT1X", "IDENTITY", "CONNECTEDAPPS"}, 16,
		[]string{"  name= Permanent None valid=TRUE id=0 Action=NOT_SET :state=ALIVE :"}},
}

func showMethodLists(s *Session, a cli.Args) error {
	c := &s.Config().AAA
	lists := map[string]*model.MethodLists{"AUTHEN_LOGIN": &c.Login, "AUTHEN_ENABLE": &c.Enable, "AUTHOR_SHELL": &c.Exec}
	for _, service := range methodQueues {
		if which := a.Get("which"); which != "all" && which != service.which {
			continue
		}
		for _, queue := range service.queues {
			if queue == webAuthQueue && !s.Release.Show.WebAuth {
				continue
			}
			name := strings.ToUpper(service.kind) + "_" + queue
			s.Printf("%s queue=AAA_ML_%s\n", service.kind, name)
			if list := lists[name]; list != nil {
				printLists(s, list, "")
			}
			printRecords(s, accountedBy[name])
		}
		for level := range service.commands {
			s.Printf("%s queue=AAA_ML_%s_COMMAND\n", service.kind, strings.ToUpper(service.kind))
			of := strconv.Itoa(level) + " "
			if service.kind == "author" {
				printLists(s, &c.Commands, of)
			} else {
				printRecords(s, "commands "+of)
			}
		}
		s.Println("permanent lists")
		s.Println(service.permanent...)
	}
	return nil
}

// accountedBy are the records of each queue, as `aaa accounting` names them.
var accountedBy = map[string]string{"ACCT_SHELL": "exec ", "ACCT_CONN": "connection ", "ACCT_SYSTEM": "system "}

// printRecords prints the accounting lists of what begins so (the layout is that of lists of
// methods; the words for the action are from memory).
func printRecords(s *Session, of string) {
	for _, l := range s.Config().AAA.Accounting {
		name, ok := strings.CutPrefix(l.Of, of)
		if of == "" || !ok || l.Action == "" {
			continue
		}
		groups := make([]model.Method, len(l.Groups))
		for i, g := range l.Groups {
			groups[i] = model.Method{Name: "group", Group: g}
		}
		s.Printf("  name=%s valid=TRUE id=0 Action=%s :state=ALIVE : %s\n", name, strings.ToUpper(strings.ReplaceAll(l.Action, "-", "_")), methodText(groups))
	}
}

// printLists prints the lists of one queue, of those that begin with a level; those with a
// name of their own have numbers.
func printLists(s *Session, lists *model.MethodLists, level string) {
	id := 0x97000000
	for _, key := range slices.Sorted(lists.Keys()) {
		name, ok := strings.CutPrefix(key, level)
		if !ok {
			continue
		}
		number := "0"
		if name != "default" {
			id++
			number = fmt.Sprintf("%X", id)
		}
		list, _ := lists.Get(key)
		s.Printf("  name=%s valid=TRUE id=%s :state=ALIVE : %s\n", name, number, methodText(*list))
	}
}

// methodText is a list of methods: groups by their name, two spaces before that
// of one that is not built in, and a space behind all others.
func methodText(list []model.Method) string {
	words := make([]string, len(list))
	for i, m := range list {
		switch {
		case m.Group == "":
			words[i] = strings.ToUpper(m.Name) + " "
		case m.Group == "radius" || m.Group == "tacacs+" || m.Group == "ldap":
			words[i] = "SERVER_GROUP " + m.Group
		default:
			words[i] = "SERVER_GROUP  " + m.Group
		}
	}
	return strings.Join(words, " ")
}
