package model

import (
	"strconv"
	"strings"

	"vtylab/cli"
	"vtylab/config"
)

// maxRange is how many interfaces a range may have.
const maxRange = 4096

// rangeRow edits several interfaces at once: `interface range Gi1/0/1 - 4 , Gi1/0/9`.
var rangeRow = row[Config]{`interface "Select an interface to configure" range "interface range command" LINE$range "Interfaces: TYPE FIRST - LAST, ..."`, config.Setting[Config]{
	Set: func(c *config.Call, t, _ *Config) error {
		names, err := rangeOf(c, t)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !t.Interfaces.Has(name) {
				t.interfaceAt(name)
			}
		}
		c.Enter(rangeMode, strings.Join(names, ","))
		return nil
	},
	No: func(c *config.Call, t, _ *Config) error {
		names, err := rangeOf(c, t)
		if err != nil {
			return err
		}
		for _, name := range names {
			if Physical(name) {
				return config.Refusal("% Removal of physical interfaces is not permitted")
			}
			t.Interfaces.Delete(name)
		}
		return nil
	},
}}

// rangeMode edits the interfaces whose names its key joins with commas.
const rangeMode = "if-range"

// rangeOf reads a range: the names of its interfaces, each of which there is or can
// be. The error puts the caret at the part that is none.
func rangeOf(c *config.Call, t *Config) (names []string, err error) {
	text, at := c.Args.Get("range"), c.Args.At("range")
	for part := range strings.SplitSeq(text, ",") {
		wrong := &cli.Error{Kind: cli.Invalid, Pos: at + len(part) - len(strings.TrimLeft(part, cli.Blanks))}
		unit, last, some := strings.Cut(unitOf(part), "-")
		these, ok := t.interfacesBetween(strings.Trim(TypeOf(part)+unit, cli.Blanks), strings.Trim(last, cli.Blanks), some)
		if !ok || len(names)+len(these) > maxRange {
			return nil, wrong
		}
		for _, name := range these {
			if !canBe(c, t, name) {
				return nil, wrong
			}
		}
		names = append(names, these...)
		at += len(part) + 1
	}
	return names, nil
}

// interfacesBetween are the interfaces from the first to the last, whose name or last
// number it is; some is false for the first one alone.
func (c *Config) interfacesBetween(first, last string, some bool) (names []string, ok bool) {
	first = c.Release.Words.InterfaceName(first)
	end := strings.LastIndexAny(first, "/.:") + 1
	if end == 0 {
		end = len(TypeOf(first))
	}
	from, err := strconv.Atoi(first[end:])
	if TypeOf(first) == "" || err != nil {
		return nil, false
	}
	to := from
	if some {
		last = c.Release.Words.InterfaceName(last)
		if to, err = strconv.Atoi(strings.TrimPrefix(last, first[:end])); err != nil || to < from || to-from >= maxRange {
			return nil, false
		}
	}
	for n := from; n <= to; n++ {
		names = append(names, first[:end]+strconv.Itoa(n))
	}
	return names, true
}
