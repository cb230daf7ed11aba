package device

import (
	"bytes"
	"strings"
	"testing"

	"vtylab/ifs"
	"vtylab/scp"
)

// A directory that would take the name of a file is refused where it is announced,
// as OpenSSH does it: the peer then sends nothing of it.
func TestPutDirectoryOverFile(t *testing.T) {
	for _, c := range []struct{ line, target, sent, want, listed string }{
		{"into a directory", "flash:", "D0755 0 x\n", "\x00\x01scp: flash:x: Not a directory\n", "x"},
		{"onto the file itself", "flash:x", "D0755 0 y\n", "\x00\x01scp: flash:x: Not a directory\n", "x"},
		{"over a file of this very copy", "flash:", "D0755 0 dir\nC0644 1 x\n1\x00D0755 0 x\nE\n", "\x00\x00\x00\x00\x01scp: flash:dir/x: Not a directory\n\x00", "x dir"},
		{"a directory below", "flash:", "D0755 0 dir\nD0755 0 x\nE\n", "\x00\x00\x00\x00", "x dir"},
	} {
		flash := ifs.NewMemory(ifs.Options{Total: 1000})
		if err := ifs.WriteFile(flash, "x", []byte("plain")); err != nil {
			t.Fatal(err)
		}
		files := scpFiles{batch: new(ifs.Batch), set: ifs.NewSet([]ifs.Mount{{Prefixes: []string{"flash:"}, FS: flash, Default: true}}, nil)}
		var answers bytes.Buffer
		p := &scp.Peer{In: strings.NewReader(c.sent), Out: &answers, ErrorText: scpError}
		_, err := p.Receive(files, scp.Command{Sink: true, Recursive: true, Paths: []string{c.target}})
		if refused := strings.Contains(c.want, "\x01"); answers.String() != c.want || refused && err == nil {
			t.Errorf("%s: answers %q, %v; want %q", c.line, answers.String(), err, c.want)
		}
		var listed []string
		list, err := flash.ReadDir("")
		for _, e := range list {
			listed = append(listed, e.Name)
		}
		if got := strings.Join(listed, " "); got != c.listed || err != nil {
			t.Errorf("%s: flash holds %q, %v; want %q", c.line, got, err, c.listed)
		}
		if text, err := ifs.ReadFile(flash, "x", 100); string(text) != "plain" || err != nil {
			t.Errorf("%s: the file holds %q, %v", c.line, text, err)
		}
	}
}
