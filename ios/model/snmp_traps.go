package model

import (
	"maps"
	"slices"
	"strings"

	"vtylab/config"
)

// trapType is a type of notifications: its word behind `snmp-server enable traps`,
// and words of its own in the order in which they print.
type trapType struct {
	name, help string
	words      []trapWord
}

type trapWord struct{ name, help string }

// trapTypes are in the order in which they print (aaa-snmp D3 for snmp, flowmon and
// tty; the others and their order are from memory).
var trapTypes = []trapType{
	{"snmp", "Enable SNMP traps", []trapWord{
		{"authentication", "Enable authentication trap"}, {"linkdown", "Enable linkDown trap"}, {"linkup", "Enable linkUp trap"},
		{"coldstart", "Enable coldStart trap"}, {"warmstart", "Enable warmStart trap"}}},
	{"flowmon", "Enable SNMP flowmon notifications", nil},
	{"tty", "Enable TCP connection traps", nil},
	{"eigrp", "Enable SNMP EIGRP traps", nil},
	{"envmon", "Enable SNMP environmental monitor traps", nil},
	{"flash", "Enable SNMP FLASH notifications", []trapWord{
		{"insertion", "Enable SNMP Flash Insertion notifications"}, {"removal", "Enable SNMP Flash Removal notifications"}}},
	{"bgp", "Enable BGP traps", nil},
	{"config-copy", "Enable SNMP config-copy traps", nil},
	{"config", "Enable SNMP config traps", nil},
	{"config-ctid", "Enable SNMP config-ctid traps", nil},
	{"entity", "Enable SNMP entity traps", nil},
	{"fru-ctrl", "Enable SNMP entity FRU control traps", nil},
	{"event-manager", "Enable SNMP Embedded Event Manager traps", nil},
	{"hsrp", "Enable SNMP HSRP traps", nil},
	{"ipmulticast", "Enable SNMP ipmulticast traps", nil},
	{"cpu", "Allow cpu related traps", []trapWord{{"threshold", "Allow CPU utilization threshold violation notification"}}},
	{"syslog", "Enable SNMP syslog traps", nil},
	{"ipsla", "Enable SNMP IP SLA traps", nil},
	{"aaa_server", "Enable SNMP AAA Server traps", nil},
	{"vtp", "Enable SNMP VTP traps", nil},
}

// all are the type's words as they print.
func (t *trapType) all() string {
	var words []string
	for _, w := range t.words {
		words = append(words, w.name)
	}
	return strings.Join(words, " ")
}

// chosen are the words that were typed: first those of the type in their order, then
// others as they are. They are all of the type when none was.
func (t *trapType) chosen(typed []string) string {
	if len(typed) == 0 {
		return t.all()
	}
	var words []string
	for _, w := range t.words {
		if slices.Contains(typed, w.name) {
			words = append(words, w.name)
		}
	}
	for _, w := range typed {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// grammar is the optional words of a type behind its name.
func (t *trapType) grammar() string {
	const others = ` [LINE$more "Other notifications of this type"]`
	if len(t.words) == 0 {
		return others
	}
	var words []string
	for _, w := range t.words {
		words = append(words, w.name+` "`+w.help+`"`)
	}
	return " [" + strings.Join(words, " | ") + "]*$word" + others
}

// trapsPrefix begins the lines of types that are none here.
const trapsPrefix = "snmp-server enable traps "

// dropPassive drops the global lines without behaviour that begin with a text.
func (c *Config) dropPassive(prefix string) {
	c.Passive.Lines.Drop(func(l *config.PassiveLine) bool { return strings.HasPrefix(l.String(), prefix) })
}

const trapsWords = snmpWord + `enable "Enable SNMP Traps" traps "Enable SNMP Traps"`

// trapRows are `snmp-server enable traps`, alone for all types, and with each type.
func trapRows() []row[Config] {
	rows := []row[Config]{{trapsWords, allTraps}}
	for _, t := range trapTypes {
		rows = append(rows, row[Config]{trapsWords + " " + t.name + ` "` + t.help + `"` + t.grammar(), t.setting()})
	}
	return rows
}

var allTraps = config.Setting[Config]{
	Set: func(_ *config.Call, t, _ *Config) error {
		t.SNMP.Traps = map[string]string{}
		for _, k := range trapTypes {
			t.SNMP.Traps[k.name] = k.all()
		}
		return nil
	},
	No: func(_ *config.Call, t, fresh *Config) error {
		t.SNMP.Traps = fresh.SNMP.Traps
		t.dropPassive(trapsPrefix)
		return nil
	},
}

// setting switches the words of a type on, beside those that are on.
func (k trapType) setting() config.Setting[Config] {
	return config.Setting[Config]{
		Set: func(c *config.Call, t, _ *Config) error {
			typed := typedWords(c)
			if len(typed) > 0 {
				typed = append(typed, strings.Fields(t.SNMP.Traps[k.name])...)
			}
			t.SNMP.switchTrap(k.name, k.chosen(typed), true)
			return nil
		},
		No: func(c *config.Call, t, _ *Config) error {
			off := typedWords(c)
			left := slices.DeleteFunc(strings.Fields(t.SNMP.Traps[k.name]), func(w string) bool { return slices.Contains(off, w) })
			t.SNMP.switchTrap(k.name, strings.Join(left, " "), len(off) > 0 && len(left) > 0)
			return nil
		},
		Show: func(v *config.View, t, _ *Config) {
			if words, on := t.SNMP.Traps[k.name]; on {
				v.Line("%s", strings.TrimRight("snmp-server enable traps "+k.name+" "+words, " "))
			}
		},
	}
}

// typedWords are the words behind the name of a type.
func typedWords(c *config.Call) []string {
	return append(c.Args.All("word"), strings.Fields(c.Args.Get("more"))...)
}

func (s *SNMP) switchTrap(kind, words string, on bool) {
	traps := maps.Clone(s.Traps)
	if traps == nil {
		traps = map[string]string{}
	}
	if on {
		traps[kind] = words
	} else {
		delete(traps, kind)
	}
	s.Traps = traps
}
