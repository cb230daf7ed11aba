package ifs

import (
	"slices"
	"strings"
)

// Mount is a file system under its prefixes.
type Mount struct {
	Prefixes []string // "flash:", "bootflash:", … the first is its own name, the others are aliases
	FS       FS       // may be nil for a remote one that only copy knows
	Remote   bool     // scp:, tftp:, … what follows the prefix is not a path of ours
	Default  bool     // where names without a prefix are at login
	Hidden   bool     // not in `show file systems`
}

// Set is the file systems of a device. It does not change once made.
type Set struct {
	mounts []*Mount
	words  map[string]string
}

// NewSet makes a set. The order of the mounts is that of `show file systems`. Words are names that mean
// a file wherever the caller stands, such as running-config for system:running-config; only
// ResolveWord knows them.
func NewSet(mounts []Mount, words map[string]string) *Set {
	s := &Set{words: words}
	for _, m := range mounts {
		s.mounts = append(s.mounts, &m)
	}
	return s
}

// Path is a file or directory of a set.
type Path struct {
	Mount  *Mount
	Prefix string // as the user wrote it, in lower case: an alias stays an alias
	Name   string // for Mount.FS; of a remote mount what followed the prefix
	Slash  bool   // the user ended it with a slash and so means a directory
}

// FS is the file system the path is on.
func (p Path) FS() FS { return p.Mount.FS }

// Own is the path under the file system's own prefix instead of an alias.
func (p Path) Own() Path {
	p.Prefix = p.Mount.Prefixes[0]
	return p
}

// String is the path as messages print it: flash:/dir/x.
func (p Path) String() string {
	switch {
	case p.Mount == nil:
		return p.Name
	case p.Mount.Remote:
		return p.Prefix + p.Name
	}
	return p.Prefix + "/" + p.Name
}

// Base is the last element of the path.
func (p Path) Base() string {
	_, base := split(p.Name)
	return base
}

// Home is where a session starts: the root of the default file system, or of the first.
func (s *Set) Home() Path {
	i := max(0, slices.IndexFunc(s.mounts, func(m *Mount) bool { return m.Default }))
	return Path{Mount: s.mounts[i], Prefix: s.mounts[i].Prefixes[0]}
}

// Resolve tells which file a URL or a name relative to the directory cwd means. Prefixes do not
// care for case. The error of an unknown prefix is ErrNoDevice.
func (s *Set) Resolve(url string, cwd Path) (Path, error) {
	prefix, rest, ok := cutPrefix(url)
	if !ok {
		return cwd.join(url)
	}
	for _, m := range s.mounts {
		if slices.Contains(m.Prefixes, prefix) {
			root := Path{Mount: m, Prefix: prefix}
			return root.join(rest)
		}
	}
	return Path{}, ErrNoDevice
}

// ResolveWord is Resolve for callers that also take words, such as the remote command of scp.
func (s *Set) ResolveWord(url string, cwd Path) (Path, error) {
	if file, ok := s.words[url]; ok {
		url = file
	}
	return s.Resolve(url, cwd)
}

// cutPrefix takes "flash:" off. No name holds a colon, but what follows a prefix may.
func cutPrefix(url string) (prefix, rest string, ok bool) {
	i := strings.IndexAny(url, ":/")
	if i < 0 || url[i] == '/' {
		return "", url, false
	}
	return strings.ToLower(url[:i+1]), url[i+1:], true
}

func (p Path) join(typed string) (Path, error) {
	if p.Mount.Remote {
		if len(typed) > MaxPath {
			return Path{}, ErrNameTooLong
		}
		p.Name = typed
		return p, nil
	}
	name, err := join(p.Name, typed)
	p.Name, p.Slash = name, strings.HasSuffix(typed, "/")
	return p, err
}
