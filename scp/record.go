package scp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxLine bounds a line of the dialogue, its end included.
const maxLine = 4096

// record is one control line of the sender.
type record struct {
	kind byte // 'C', 'D', 'E' or 'T'
	FileInfo
}

// parseRecord reads a control line without its end. The error is a refusal.
func parseRecord(line string) (record, error) {
	r := record{}
	if line == "" {
		return r, protocolError("unexpected <newline>")
	}
	r.kind = line[0]
	switch r.kind {
	case 'C', 'D':
		return r, r.parseFile(line[1:])
	case 'T':
		return r, r.parseTimes(line[1:])
	case 'E':
		return r, nil
	}
	return r, protocolError("expected control record")
}

// parseFile reads "0644 1381 r1.cfg".
func (r *record) parseFile(s string) error {
	mode, rest, ok := strings.Cut(s, " ")
	m, err := strconv.ParseUint(mode, 8, 32)
	if !ok || err != nil || len(mode) != 4 {
		return protocolError("bad mode")
	}
	size, name, ok := strings.Cut(rest, " ")
	if !ok {
		return protocolError("size not delimited")
	}
	n, ok := digits(size)
	if !ok {
		return protocolError("size out of range")
	}
	if !validName(name) {
		return refusal(fmt.Sprintf("error: unexpected filename: %q", name))
	}
	r.FileInfo = FileInfo{Name: name, Dir: r.kind == 'D', Mode: uint32(m), Size: n}
	return nil
}

// parseTimes reads "1183828267 0 1183828267 0": seconds and microseconds of modification and access.
func (r *record) parseTimes(s string) error {
	fields := strings.Split(s, " ")
	if len(fields) != 4 {
		return protocolError("times not delimited")
	}
	var n [4]int64
	for i, f := range fields {
		ok := false
		if n[i], ok = digits(f); !ok || i%2 == 1 && n[i] >= 1e6 {
			return protocolError("times out of range")
		}
	}
	r.ModTime, r.AccessTime = time.Unix(n[0], n[1]*1000), time.Unix(n[2], n[3]*1000)
	return nil
}

func digits(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n < math.MaxInt64
}

// validName keeps a name from being a path.
func validName(name string) bool {
	return name != "" && name != "." && name != ".." &&
		!strings.ContainsFunc(name, func(r rune) bool { return r == '/' || isControl(r) })
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// String is the control line without its end.
func (r record) String() string {
	switch r.kind {
	case 'T':
		return fmt.Sprintf("T%d 0 %d 0", unix(r.ModTime), unix(r.AccessTime))
	case 'E':
		return "E"
	}
	return fmt.Sprintf("%c%04o %d %s", r.kind, r.Mode&0o7777, r.Size, r.Name)
}

// unix is the time in seconds; the dialogue knows nothing before 1970.
func unix(t time.Time) int64 { return max(0, t.Unix()) }

// join names a file in the directory it is received into. A prefix like flash: is its own root.
func join(dir, name string) string {
	if strings.HasSuffix(dir, "/") || strings.HasSuffix(dir, ":") {
		return dir + name
	}
	return dir + "/" + name
}
