package model

import (
	"errors"
	"strings"

	"vtylab/config"
)

// Banners are the texts shown around a login, as stored between delimiters.
type Banners struct {
	MOTD, Login, Exec, Incoming, PromptTimeout, SLIP string
}

// bannerLimit bounds a banner's text.
const bannerLimit = 16 << 10

const bannerText = ` LINE$text "c banner-text c, where 'c' is a delimiting character"`

var bannerRows = []row[Config]{
	{`banner "Define a login banner" exec "Set EXEC process creation banner"` + bannerText,
		banner("exec", func(b *Banners) *string { return &b.Exec })},
	{`banner incoming "Set incoming terminal line banner"` + bannerText,
		banner("incoming", func(b *Banners) *string { return &b.Incoming })},
	{`banner login "Set login banner"` + bannerText,
		banner("login", func(b *Banners) *string { return &b.Login })},
	{`banner motd "Set Message of the Day banner"` + bannerText,
		banner("motd", func(b *Banners) *string { return &b.MOTD })},
	{`banner prompt-timeout "Set Message for login authentication timeout"` + bannerText,
		banner("prompt-timeout", func(b *Banners) *string { return &b.PromptTimeout })},
	{`banner slip-ppp "Set Message for SLIP/PPP"` + bannerText,
		banner("slip-ppp", func(b *Banners) *string { return &b.SLIP })},
	{`banner` + bannerText, config.Alternate(banner("motd", func(b *Banners) *string { return &b.MOTD }))},
}

func banner(name string, field func(*Banners) *string) config.Setting[Config] {
	return delimited("banner "+name, func(c *Config) *string { return field(&c.Banners) })
}

// delimited is a text between two characters of the user's choice.
func delimited(words string, field func(*Config) *string) config.Setting[Config] {
	return config.Setting[Config]{
		Before: func(c *config.Call) error {
			if c.Args.Has("no") {
				return nil
			}
			text, err := readBanner(c.UI, c.Args.Get("text"))
			c.Answer = text
			return err
		},
		Set: func(c *config.Call, t, _ *Config) error { *field(t), _ = c.Answer.(string); return nil },
		No:  func(_ *config.Call, t, _ *Config) error { *field(t) = ""; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if text := *field(t); text != "" {
				mark := delimiterOf(text)
				v.Line("%s %s%s%s", words, mark, text, mark)
			}
		},
	}
}

// delimiterOf is what a banner is shown between: ^C, as on a device, unless its
// text holds that too and would not read back.
func delimiterOf(text string) string {
	for _, mark := range []string{"^C", "#", "%", "@", "~", "$", "&", "|", "+", "="} {
		if !strings.Contains(text, mark) {
			return mark
		}
	}
	return "^C"
}

// readBanner takes the text between delimiters, asking for more lines until the
// delimiter returns; what stands behind it is dropped. The two characters ^C,
// as running-config prints them, are one delimiter.
func readBanner(ui config.UI, rest string) (string, error) {
	delimiter := rest[:1]
	if strings.HasPrefix(rest, "^C") {
		delimiter = "^C"
	}
	rest = rest[len(delimiter):]
	if text, _, closed := strings.Cut(rest, delimiter); closed {
		return text, nil
	}
	ui.Invite("Enter TEXT message.  End with the character '" + delimiter + "'.")
	text := rest
	for len(text) <= bannerLimit {
		line, err := ui.Text()
		if errors.Is(err, config.ErrEndOfText) {
			return text, nil // nothing else is left to be a configuration
		}
		if err != nil {
			return "", err
		}
		before, _, closed := strings.Cut(line, delimiter)
		text += "\n" + before
		if closed {
			return text, nil
		}
	}
	return "", config.Refusal("% Banner text is too long")
}
