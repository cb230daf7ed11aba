package exec

import (
	"errors"
	"io"
	"net"
	"strconv"
	"strings"

	"vtylab/ifs"
	"vtylab/ios/model"
	"vtylab/resolver"
	"vtylab/ssh"
	"vtylab/transfer"
	"vtylab/tty"
)

// server is what a URL says of a file on a server: scheme://user:password@host/path.
type server struct {
	prefix               string // "tftp:"
	user, password, host string // host may have a port
	path                 string // without its first slash
}

// url is the server as package transfer takes it; ok is false for a port that is none.
func (v server) url() (u transfer.URL, ok bool) {
	u = transfer.URL{User: v.user, Password: v.password, Host: v.host, Path: v.path}
	if host, port, err := net.SplitHostPort(v.host); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return u, false
		}
		u.Host, u.Port = host, uint16(n)
	}
	u.Host = strings.Trim(u.Host, "[]") // of an IPv6 address
	return u, true
}

// serverOf takes a URL apart. Without the two slashes all of it is a path, and
// the host is asked for (17.15, captured).
func serverOf(p ifs.Path) server {
	v := server{prefix: p.Prefix}
	rest, ok := strings.CutPrefix(p.Name, "//")
	if !ok {
		v.path = strings.TrimPrefix(p.Name, "/")
		return v
	}
	v.host, v.path, _ = strings.Cut(rest, "/")
	if i := strings.LastIndexByte(v.host, '@'); i >= 0 {
		v.user, v.password, _ = strings.Cut(v.host[:i], ":")
		v.host = v.host[i+1:]
	}
	return v
}

// name is what follows the prefix.
func (v server) name() string {
	if v.host == "" {
		return v.path
	}
	return "//" + v.credentials() + v.host + "/" + v.path
}

func (v server) credentials() string {
	switch {
	case v.password != "":
		return v.user + ":" + v.password + "@"
	case v.user != "":
		return v.user + "@"
	}
	return ""
}

// String is the URL as messages print it.
func (v server) String() string { return masked(v.prefix + v.name()) }

// base is the name of the file without its directories.
func (v server) base() string { return v.path[strings.LastIndexAny(v.path, "/:")+1:] } // flash:x, too

// protocol is how a protocol differs from the others in `copy`.
type protocol struct {
	user             bool   // asks for one
	reading, writing string // before the server is asked; {} is the URL, or the name that is written
	loading          string // once a file comes: {path}, {host}, {url}, and {via} for the interface
	received         string // below the marks of a file that has come
	down, up         int64  // bytes that one ! stands for
	// client are the settings of a client of its own, nil for that of SSH; guest is that
	// without a user the login is anonymous.
	client func(*model.FileClients) *model.FileClient
	guest  bool
}

// bytesPerMark is how much one ! stands for where no source says how much it is. Of
// TFTP it is ten packets of 512 bytes (ios-cli D4); of 2,134 bytes that are written a
// capture has two.
const bytesPerMark = 64 << 10

// protocols: captured are the lines before a download of tftp, ftp and http, the line
// that tftp loads with, those before an upload of ftp and scp, and what is below the
// marks of tftp and ftp (ios-cli D4, ios-ssh-scp 3.3). The rest is from memory.
var protocols = map[string]protocol{
	"tftp:": {reading: accessing, loading: "Loading {path} from {host}{via}: ", received: "[OK - {n} bytes]\n\n", down: 5120, up: 2048,
		client: func(c *model.FileClients) *model.FileClient { return &c.TFTP }},
	"ftp:": {reading: accessing, writing: "Writing {} \n", loading: "Loading {path} ", received: "[OK - {n}/4096 bytes]\n\n", down: bytesPerMark, up: bytesPerMark,
		client: func(c *model.FileClients) *model.FileClient { return &c.FTP }, guest: true},
	"scp:":   {user: true, writing: "Writing {} \n", down: bytesPerMark, up: bytesPerMark},
	"sftp:":  {user: true, writing: "Writing {} \n", down: bytesPerMark, up: bytesPerMark},
	"http:":  {reading: accessing, writing: "Writing {} \n", loading: "Loading {url} ", down: bytesPerMark, up: bytesPerMark, client: ofHTTP},
	"https:": {reading: accessing, writing: "Writing {} \n", loading: "Loading {url} ", down: bytesPerMark, up: bytesPerMark, client: ofHTTP},
}

const accessing = "Accessing {}...\n"

func ofHTTP(c *model.FileClients) *model.FileClient { return &c.HTTP }

// host asks for the server.
func (c *copying) host(v *server) (err error) {
	if v.host, err = c.s.Default("Address or name of remote host", v.host); err == nil && v.host == "" {
		err = &copyError{"?Host name or address not specified\n%Error parsing filename (Bad address)"}
	}
	return err
}

// account asks for the user of protocols that have one: by default that of
// the session, or the name of the device.
func (c *copying) account(v *server, question string) (err error) {
	if v.user == "" {
		v.user = c.s.account()
	}
	v.user, err = c.s.Default(question, v.user)
	return err
}

// fromServer asks for what the URL of a source leaves open.
func (c *copying) fromServer(p ifs.Path) (ifs.Path, error) {
	v := serverOf(p)
	if v.host != "" && v.path != "" {
		return p, nil
	}
	err := c.host(&v)
	if err == nil && protocols[v.prefix].user {
		err = c.account(&v, "Source username")
	}
	if err == nil {
		v.path, err = c.fileName(v.path)
	}
	p.Name = v.name()
	return p, err
}

// download reads a file of a server; create is called once there is one. The error is
// the device's own as create and its writer return it, or says why the server gave none.
func (c *copying) download(src ifs.Path, create func(size int64) (io.Writer, error)) (int64, error) {
	v := serverOf(src)
	c.s.Printf("%s", strings.ReplaceAll(protocols[v.prefix].reading, "{}", v.String()))
	n, err := c.s.fromServer(v, create)
	return n, remoteError(v, err, n, "reading")
}

// upload writes a file of a server.
func (c *copying) upload(v server, f ifs.File) (int64, error) {
	c.s.Printf("%s", strings.ReplaceAll(protocols[v.prefix].writing, "{}", v.base()))
	n, err := c.s.toServer(v, f, f.Stat().Size)
	return n, remoteError(v, err, n, "writing")
}

// remoteError words what a server has against a copy that got as far as n bytes. Errors
// of the device's own files, and of a user who is gone or broke it off, stay as they are.
func remoteError(v server, err error, n int64, doing string) error {
	var own *ifs.Error
	reason, known := transfer.Reason(err)
	switch {
	case err == nil, errors.As(err, &own), errors.Is(err, tty.ErrInterrupted), errors.Is(err, tty.ErrHangup):
		return err
	case errors.Is(err, errAborted):
		reason = "Aborted" // from memory, like the next two
	case errors.Is(err, resolver.ErrNotFound):
		reason = "Bad address"
	case !known:
		reason = "Undefined error"
	}
	if n == 0 {
		doing = "opening"
	}
	text := "%Error " + doing + " " + v.String() + " (" + reason + ")"
	var unmatched *ssh.NoMatchError
	if errors.As(err, &unmatched) {
		u, _ := v.url()
		text = "[Connection to " + u.Host + " aborted: error status 0]\n" + text
	}
	return &copyError{text}
}

// toServer asks for a destination, in brackets what is known of it, and writes there.
func (c *copying) toServer(src, dst ifs.Path) error {
	v, how := serverOf(dst), protocols[dst.Prefix]
	if v.path == "" || strings.HasSuffix(v.path, "/") {
		v.path += c.defaultName(src)
	}
	if c.ask || v.host == "" {
		if err := c.host(&v); err != nil {
			return err
		}
		if how.user {
			if err := c.account(&v, "Destination username"); err != nil {
				return err
			}
		}
		path, err := c.s.Default("Destination filename", v.path)
		if err != nil {
			return err
		}
		v.path = path // with a slash, from the root of the server
	}
	f, err := c.open(src)
	if err != nil {
		return err
	}
	defer f.Close()
	start := c.s.Device.Steady()
	n, err := c.upload(v, f)
	if err != nil {
		return err
	}
	c.copied(n, start)
	return nil
}
