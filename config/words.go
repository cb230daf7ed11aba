package config

import (
	"regexp"
	"strings"

	"vtylab/cli"
)

// Words is the command with its keywords in full and a * in the place of each
// secret, in the form in which commands are authorized and accounted.
func (r *Resolved) Words() string {
	switch r.form {
	case No:
		return "no " + r.masked()
	case Default:
		return "default " + r.masked()
	}
	return r.masked()
}

func (r *Resolved) masked() string {
	row := r.cmd.passive
	if row == nil {
		return printed(r.Args.Masked())
	}
	if text, at := printed(r.Args), row.keyAt(r.Args); 0 < at && at < len(text) {
		return text[:at] + "*"
	}
	// Their parameters are kept as typed, and no grammar says what is in them.
	args := r.Args.Masked()
	for i, w := range args {
		if !w.Keyword {
			args[i].Text = Masked(w.Text)
		}
	}
	return cli.MaskURLs(printed(args))
}

// Masked is a text that no grammar explains, without the passwords of URLs and with a *
// in the place of what stands behind the first word that a secret may follow.
func Masked(text string) string {
	text = cli.MaskURLs(text)
	at := secretWord.FindStringSubmatchIndex(text)
	if at == nil || strings.TrimSpace(text[at[3]:]) == "" {
		return text
	}
	return text[:at[3]] + " *"
}

// secretWord is such a word, or what may be short for one; auth-port is none.
var secretWord = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(pa[a-z-]*|sec[a-z]*|ke[a-z-]*|comm[a-z]*|psk|md5|auth|authentication|priv)(?:[^\w-]|$)`)

// Printed is a command as a device prints it: keywords in full.
func Printed(a cli.Args) string { return printed(a) }
