package ifs

import "strings"

// Bounds of a name, in bytes and elements.
const (
	MaxElement = 255  // one element of a path
	MaxPath    = 1024 // a whole path
	MaxDepth   = 32   // elements of a path
)

// hidden starts the names of what a volume keeps on a host directory for itself. No device file
// can have such a name.
const hidden = ".vtylab."

// Clean checks a name and gives its one spelling: no leading, trailing or double slash, no "." and
// no "..". It is what every operation of an FS does with the names it gets.
func Clean(name string) (string, error) {
	if len(name) > MaxPath {
		return "", ErrNameTooLong
	}
	elements := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
	if len(elements) > MaxDepth {
		return "", ErrNameTooLong
	}
	for _, e := range elements {
		if err := checkElement(e); err != nil {
			return "", err
		}
	}
	return strings.Join(elements, "/"), nil
}

// checkElement allows what the FAT file systems of IOS allow, less whatever a host may not tell
// apart or may not store: names are printable ASCII, do not end in a space or a period, and are not
// those of devices on Windows. It is the same on every system, so that a state directory can move.
func checkElement(e string) error {
	if len(e) > MaxElement {
		return ErrNameTooLong
	}
	last := e[len(e)-1]
	if last == '.' || last == ' ' || e[0] == ' ' || strings.HasPrefix(strings.ToLower(e), hidden) || isDevice(e) {
		return ErrInvalid
	}
	for i := range len(e) {
		if e[i] < ' ' || e[i] > '~' || strings.IndexByte(`\:*?"<>|`, e[i]) >= 0 {
			return ErrInvalid
		}
	}
	return nil
}

// isDevice reports whether Windows takes a name for a device, whatever its case and extension
// (Microsoft, "Naming Files, Paths, and Namespaces"): CON, aux.txt, Com1.
func isDevice(e string) bool {
	stem, _, _ := strings.Cut(e, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "COM" || stem[:3] == "LPT") && '0' <= stem[3] && stem[3] <= '9'
}

// join resolves what a user typed against a directory; ".." climbs, and stops at the root.
func join(dir, typed string) (string, error) {
	if len(typed) > MaxPath {
		return "", ErrNameTooLong
	}
	if !strings.HasPrefix(typed, "/") {
		typed = dir + "/" + typed
	}
	var out []string
	for e := range strings.SplitSeq(typed, "/") {
		switch {
		case e == "" || e == ".":
		case e == "..":
			out = out[:max(0, len(out)-1)]
		default:
			out = append(out, e)
		}
	}
	return Clean(strings.Join(out, "/"))
}

// split takes the last element off a clean name.
func split(name string) (dir, base string) {
	i := strings.LastIndexByte(name, '/')
	return name[:max(i, 0)], name[i+1:]
}
