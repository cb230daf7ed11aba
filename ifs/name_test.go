package ifs

import "testing"

// Names of devices on Windows are refused everywhere, so that a state directory
// means the same on every host; names that only resemble them are not.
func TestReservedNames(t *testing.T) {
	volumes(t, 1000, func(t *testing.T, v *Volume) {
		put(t, v, "file", "x")
		for _, name := range []string{"CON", "con", "PRN.log", "aux.txt", "Aux .txt", "NUL", "nul.tar.gz", "COM1", "com9.cfg", "LPT1", "lpt0", "conin$", "CONOUT$.x"} {
			_, err := v.Create(name)
			wantReason(t, "create "+name, err, ErrInvalid)
			_, err = v.Open(name)
			wantReason(t, "open "+name, err, ErrInvalid)
			wantReason(t, "mkdir "+name, v.Mkdir(name), ErrInvalid)
			wantReason(t, "rename to "+name, v.Rename("file", name), ErrInvalid)
			wantReason(t, "rename to "+name+" in a directory", v.Rename("file", "dir/"+name), ErrInvalid)
		}
		for _, name := range []string{"console", "CON1", "COM", "COM10", "com", "lptx", "x.con", "nul-1", "aux_1.txt"} {
			put(t, v, name, "x")
		}
	})
}
