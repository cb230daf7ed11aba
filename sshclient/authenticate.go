package sshclient

import (
	"context"
	"errors"
	"strings"

	"vtylab/ssh"
	"vtylab/ssh/ssh2"
)

// ErrVersion says that the server does not speak a version that the client does.
var ErrVersion = errors.New("sshclient: no common version")

// methods are keyboard-interactive, then password (Secure Shell Configuration Guide,
// SSH Keyboard Interactive Authentication): each asks as often as the request says. A
// client of Cisco's offers no public key.
func (r *Request) methods() []ssh2.ClientAuth {
	return []ssh2.ClientAuth{
		ssh2.KeyboardInteractive(r.Tries, r.answers),
		ssh2.Password(r.Tries, func(ctx context.Context) (string, error) {
			return r.Answer(ctx, "", ssh.Prompt{Text: "Password: "})
		}),
	}
}

// answers puts the questions of one round of keyboard-interactive.
func (r *Request) answers(ctx context.Context, name, instruction string, prompts []ssh.Prompt) ([]string, error) {
	var before []string
	for _, text := range []string{name, instruction} {
		if text = printable(text); text != "" {
			before = append(before, text)
		}
	}
	introduction := strings.Join(before, "\n")
	answers := make([]string, 0, len(prompts))
	for _, p := range prompts {
		// Questions of several lines come from servers that are no devices.
		text := printable(p.Text)
		last := strings.LastIndexByte(text, '\n') + 1
		introduction = strings.Trim(introduction+"\n"+text[:last], "\n")
		p.Text = text[last:]
		answer, err := r.Answer(ctx, introduction, p)
		if err != nil {
			return nil, err
		}
		introduction = ""
		answers = append(answers, answer)
	}
	if introduction != "" && r.Banner != nil {
		r.Banner(introduction)
	}
	return answers, nil
}

func (r *Request) banner(text string) {
	if r.Banner != nil {
		r.Banner(printable(text))
	}
}

// maxText bounds a text of the server's before the login, in bytes.
const maxText = 8 << 10

// printable is a text of a server that is not authenticated yet, without what could
// steer the user's terminal. Line ends are LF.
func printable(text string) string {
	text = strings.ReplaceAll(text[:min(len(text), maxText)], "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\n' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) {
			return r
		}
		return -1
	}, text)
}
