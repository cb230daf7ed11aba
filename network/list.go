package network

// List is an access list.
type List struct {
	Name    string
	Entries []Entry
}

// Entry is one line of an access list.
type Entry struct {
	Permit bool
	Line   string
}

// Permits reports whether the list lets a connection pass, and the line that
// decided.
func (l *List) Permits(f Flow) (bool, string) { return true, "" }
