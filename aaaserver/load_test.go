package aaaserver

import (
	"errors"
	"os"
	"strings"
	"testing"

	"vtylab/secret"
)

func TestLoad(t *testing.T) {
	c, err := Load("users.yml", []byte("\ufeff"+`# everything
key: cisco
enable:
  15: fifteen
  7: 5 $1$abcd$0123456789012345678901
users:
  lab:
    secret: 0 5 of five
    code: 0123
    level: 15
    autocmd: show users
    attributes: [idletime=10, acl*7]
    commands:
    - permit show .*
    - deny .*
    change-first: true
    change-after: 2
  plain: {secret: "12"}
change-refused: |
  Not here.
fault: slow
`))
	if err != nil {
		t.Fatal(err)
	}
	lab, plain := c.Users["lab"], c.Users["plain"]
	if c.Key != "cisco" || c.Fault != Slow || c.ChangeRefused != "Not here.\n" || c.Enable[15] != (secret.Secret{Text: "fifteen"}) || c.Enable[7].Type != 5 ||
		lab.Secret != (secret.Secret{Text: "5 of five"}) || lab.Code.Text != "0123" || lab.Level != 15 || lab.AutoCommand != "show users" ||
		strings.Join(lab.Attributes, " ") != "idletime=10 acl*7" || len(lab.Commands) != 2 || !lab.permits("show version") || lab.permits("show") ||
		!lab.ChangeFirst || lab.ChangeAfter != 2 || plain.Secret.Text != "12" || plain.Level != 1 {
		t.Errorf("%+v\n%+v\n%+v", c, lab, plain)
	}
	if c, err := Load("empty.yml", nil); err != nil || len(c.Users) > 0 {
		t.Errorf("an empty file: %+v, %v", c, err)
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"kex: cisco", `f:1:1: unknown key "kex", want one of change-refused, enable, fault, key, ports, users`},
		{"- a", "f:1:1: want a mapping"},
		{"key: [a]", "f:1:6: want a text"},
		{"key:", "f:1:6: want a text"},
		{"fault: asleep", `f:1:8: fault "asleep", want one of mute, wrong-key, slow, deny, no-priv-lvl, malformed`},
		{"enable:\n  16: x", `f:2:3: "16", want 1 to 15`},
		{"enable:\n  x: y", `f:2:3: "x", want 1 to 15`},
		{"enable:\n  1: 7 070C285F4D06", "f:2:6: secret of type 7, want 0, 5, 8 or 9"},
		{"enable:\n  1: 9 hunter2", "f:2:6: type 9: not $9$SALT$DIGEST"},
		{"enable:\n  1: ''", "f:2:6: no secret"},
		{"users:\n  lab:", `f:2:3: user "lab" has no secret`},
		{"users:\n  lab: {level: 3}", `f:2:3: user "lab" has no secret`},
		{"users:\n  lab:\n    secret: x\n    level: 16", `f:4:12: "16", want 0 to 15`},
		{"users:\n  lab:\n    password: x", `f:3:5: unknown key "password", want one of attributes, autocmd, change-after, change-first, code, commands, level, secret`},
		{"users:\n  lab:\n    secret: x\n    change-first: 1", "f:4:19: want true or false"},
		{"users:\n  lab:\n    secret: x\n    change-after: 0", `f:4:19: "0", want 1 to 1000000`},
		{"users:\n  lab:\n    secret: x\n    commands: permit x", "f:4:15: want a list"},
		{"users:\n  lab:\n    secret: x\n    commands:\n    - allow x", `f:5:7: "allow x", want permit or deny, and a regular expression`},
		{"users:\n  lab:\n    secret: x\n    commands:\n    - permit (", "f:5:7: rule: error parsing regexp: missing closing ): `(`"},
		{"users:\n  lab:\n    secret: x\n    commands:\n    - permit a)|(b", "f:5:7: rule: error parsing regexp: unexpected ): `a)|(b`"},
		{"users:\n  lab:\n    secret: x\n    commands:\n    - permit \\Qa", "f:5:7: rule: error parsing regexp: missing closing ): `^(?:\\Qa)$`"},
		{"users:\n  lab:\n    secret: x\n    commands:\n    - [a]", "f:5:7: want a text"},
		{"users:\n  lab:\n    secret: x\n    attributes: [idletime]", `f:4:18: attribute "idletime", want NAME=VALUE or NAME*VALUE of at most 240 bytes`},
		{"users:\n  lab:\n    secret: x\n  lab:\n    secret: y", `f:4:3: mapping key "lab" already defined at [2:3]`},
		{"a: &x 1", "f:1:4: anchors, aliases, merges and tags are not supported"},
		{"a: b\n---\na: c", "f:3:1: a second document, want one"},
		{strings.Repeat("[", 17), "f:1:17: nested too deep"},
		{strings.Repeat("- ", 17), "f:1:33: nested too deep"},
		{"a:\n" + strings.Repeat(" ", 65) + "b: c", "f:2:66: indented too far"},
		{"key: \"a", "f:1:6: could not find end character of double-quoted text"},
		{strings.Repeat("#", maxFile+1), "f: 65537 bytes, want at most 65536"},
	}
	for _, tt := range tests {
		c, err := Load("f", []byte(tt.text))
		var wrong *Error
		if !errors.As(err, &wrong) || err.Error() != tt.want {
			t.Errorf("%.80q: %+v\n got %v\nwant %s", tt.text, c, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret is in %v", err)
		}
	}
}

// The example of the documentation of Load is one.
func TestLoadExample(t *testing.T) {
	source, err := os.ReadFile("load.go")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(source), "converted silently:\n//\n")
	text, _, _ = strings.Cut(text, "func Load")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "//\t", ""), "9 $9$…", "9 $9$"+strings.Repeat("a", 14)+"$"+strings.Repeat("b", 43))
	if c, err := Load("example.yml", []byte(text)); err != nil || len(c.Users) != 1 || c.Fault != Mute {
		t.Errorf("%v in\n%s", err, text)
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{"key: cisco", "users:\n  lab: {secret: x, commands: [permit a]}", "enable:\n  15: 5 $1$abcd$0123456789012345678901", "a: [b, {c: d}]", "? a\n: b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load("f", []byte(text))
		if err == nil && c.check() != nil {
			t.Errorf("%q was taken", text)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("%q: more than a line: %q", text, err)
		}
	})
}
