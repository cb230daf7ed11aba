package model

import (
	"vtylab/config"
	"vtylab/secret"
)

// FileClients are the clients of `copy` that have settings of their own.
type FileClients struct {
	TFTP, FTP, HTTP FileClient
	BlockSize       int // of TFTP, in bytes; 0 is the 512 of every server
}

// FileClient is one of them.
type FileClient struct {
	Source   string // interface
	User     string // where a URL names none
	Password secret.Secret
}

var fileClientRows = []row[Config]{
	{`ip http "HTTP server configuration" client "Set http client parameters" source-interface "Specify interface for source address in all HTTP client connections" INTERFACE$if "Interface"`,
		clientSource(func(c *Config) *FileClient { return &c.Clients.HTTP })},
	{`ip http client username "Set default username for HTTP client" WORD$user "Username"`, clientUser(func(c *Config) *FileClient { return &c.Clients.HTTP })},
	{`ip http client password "Set default password for HTTP client" ` + passwordGrammar("default HTTP client"), clientPassword(func(c *Config) *FileClient { return &c.Clients.HTTP })},
	{`ip ftp "FTP configuration commands" source-interface "Specify interface for source address in FTP connections" INTERFACE$if "Interface"`,
		clientSource(func(c *Config) *FileClient { return &c.Clients.FTP })},
	{`ip ftp username "Specify username for FTP connections" WORD$user "Username"`, clientUser(func(c *Config) *FileClient { return &c.Clients.FTP })},
	{`ip ftp password "Specify password for FTP connections" ` + passwordGrammar("FTP connection"), clientPassword(func(c *Config) *FileClient { return &c.Clients.FTP })},
	{`ip tftp "tftp configuration commands" source-interface "Specify interface for source address in TFTP connections" INTERFACE$if "Interface"`,
		clientSource(func(c *Config) *FileClient { return &c.Clients.TFTP })},
	{`ip tftp blocksize "Specify TFTP client blocksize" <512-8192>$n "Blocksize value"`, config.IntOrNone(func(c *Config) *int { return &c.Clients.BlockSize }, 0)},
}

func clientSource(of func(*Config) *FileClient) config.Setting[Config] {
	return config.Text(func(c *Config) *string { return &of(c).Source })
}

func clientUser(of func(*Config) *FileClient) config.Setting[Config] {
	return config.Text(func(c *Config) *string { return &of(c).User })
}

func clientPassword(of func(*Config) *FileClient) config.Setting[Config] {
	return config.Setting[Config]{
		Before: askSecret(false),
		Set: func(c *config.Call, t, _ *Config) error {
			of(t).Password = protect(c, c.Answer.(secret.Secret))
			return nil
		},
		No: func(_ *config.Call, t, _ *Config) error { of(t).Password = secret.Secret{}; return nil },
		Show: func(v *config.View, t, _ *Config) {
			if p := of(t).Password; p.Text != "" {
				v.Line("%s %s", v.Words, storedText(p, false))
			}
		},
	}
}
