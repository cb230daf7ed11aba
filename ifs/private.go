package ifs

import "strings"

// Open opens a file for reading; private files are refused.
func (v *Volume) Open(name string) (File, error) {
	if v.hides(name) {
		if _, err := v.Stat(name); err != nil {
			return nil, err
		}
		return nil, ErrPermission
	}
	return v.openInternal(name)
}

// Create starts a file; private files are refused.
func (v *Volume) Create(name string) (Writer, error) {
	if v.hides(name) {
		return nil, ErrPermission
	}
	return v.createInternal(name)
}

// Remove deletes a file; private files are refused.
func (v *Volume) Remove(name string) error {
	if v.hides(name) {
		return ErrPermission
	}
	return v.removeInternal(name)
}

// Rename moves a file or a directory; private files are refused.
func (v *Volume) Rename(old, new string) error {
	if v.hides(old) || v.hides(new) {
		return ErrPermission
	}
	return v.renameInternal(old, new)
}

// hides reports whether a name is private, or a directory above something private.
func (v *Volume) hides(name string) bool {
	name, err := Clean(name)
	if err != nil {
		return false
	}
	for _, p := range v.opts.Private {
		if p == name || strings.HasPrefix(p, name+"/") {
			return true
		}
	}
	return false
}

// Internal is the volume as the device itself sees it: private files open and can be written.
func (v *Volume) Internal() FS { return internal{v} }

type internal struct{ *Volume }

func (i internal) Open(name string) (File, error)     { return i.openInternal(name) }
func (i internal) Create(name string) (Writer, error) { return i.createInternal(name) }
func (i internal) Remove(name string) error           { return i.removeInternal(name) }
func (i internal) Rename(old, new string) error       { return i.renameInternal(old, new) }
