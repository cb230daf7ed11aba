package config

import (
	"slices"
	"strconv"
	"strings"
)

// maxSequence is the highest number of an entry.
const maxSequence = 2147483647

// keepEntry keeps the entries of an extended access list in the order of their
// numbers, one each. The number is the line's ID; it prints where it was typed,
// and where a reader who counts by ten would count another one.
func keepEntry(c *Call, v verb) (bool, error) {
	lines := passiveLines(c.Config, "ext-nacl", c.Key)[0]
	number, numbered := c.Args.Int("sequence")
	words := c.Args
	if numbered {
		words = words[1:]
	}
	text := printed(words)
	same := func(l PassiveLine) bool { return entryText(l) == text }
	switch {
	case v != doSet && numbered:
		*lines = lines.without(number).counted()
	case v != doSet:
		*lines = slices.DeleteFunc(slices.Clone(*lines), same).counted()
	case slices.ContainsFunc(*lines, same):
	case numbered:
		left := lines.without(number)
		at := slices.IndexFunc(left, func(l PassiveLine) bool { return sequence(l) > number })
		if at < 0 {
			at = len(left)
		}
		id := itoa(number)
		*lines = slices.Insert(left, at, PassiveLine{ID: id, Text: id + " " + text}).counted()
	default:
		number = 10
		if n := len(*lines); n > 0 {
			number += sequence((*lines)[n-1])
		}
		if number > maxSequence {
			return true, Refusal("% Sequence number exceeds the maximum") // from memory
		}
		*lines = append(*lines, PassiveLine{ID: itoa(number), Text: text})
	}
	return true, nil
}

func sequence(l PassiveLine) int { n, _ := strconv.Atoi(l.ID); return n }

// entryText is an entry without its number.
func entryText(l PassiveLine) string { return strings.TrimPrefix(l.Text, l.ID+" ") }

// without is a copy without the entry of that number.
func (ls PassiveLines) without(number int) PassiveLines {
	return slices.DeleteFunc(slices.Clone(ls), func(l PassiveLine) bool { return sequence(l) == number })
}

// counted puts a number in front of the entries that others have moved away from
// theirs. The lines must be nobody else's.
func (ls PassiveLines) counted() PassiveLines {
	last := 0
	for i := range ls {
		n := sequence(ls[i])
		if n != last+10 {
			ls[i].Text = ls[i].ID + " " + entryText(ls[i])
		}
		last = n
	}
	return ls
}

// keepNumbered keeps an entry once; `no access-list 110`, whatever stands behind,
// removes the list, as on a device.
func keepNumbered(c *Call, v verb) (bool, error) {
	text := printed(c.Args)
	if v == doSet {
		return slices.ContainsFunc(c.Config.Passive.Lines, func(l PassiveLine) bool { return l.Text == text }), nil
	}
	list := "access-list " + c.Args.Get("acl") + " "
	c.Config.Passive.Lines = slices.DeleteFunc(slices.Clone(c.Config.Passive.Lines), func(l PassiveLine) bool { return strings.HasPrefix(l.Text, list) })
	return true, nil
}
