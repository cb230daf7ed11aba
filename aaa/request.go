package aaa

import (
	"context"
	"net/netip"

	"vtylab/secret"
)

// Request is one try to log in, to enable, or to get an EXEC. Authenticate does not
// change it.
type Request struct {
	Service string
	List    List
	// User is the name, Named that it is known, even if it is empty: SSH brings one,
	// and enable asks for none.
	User  string
	Named bool
	// Password is what was typed, Typed that it is known: then nobody is asked for it.
	Password string
	Typed    bool
	// Proved is a user who has proved who it is, by a public key: no method is asked,
	// only limits apply. A Probe is the question whether the proof would be worth it:
	// it takes no one-time user away.
	Proved, Probe bool
	// Level is the privilege level that enable is to lead to.
	Level int
	// Account is what authentication has found, for authorization; nil makes that look
	// the user up.
	Account *User
	// Limit decides on a user who has given the right password: sessions at a time, the
	// user's access class. The user may be none of the local ones. It returns nil to
	// let the user in; nil lets everybody in.
	Limit func(name string, u *User) *Verdict
	// Line is what the line of the request has configured.
	Line Line
	// Port and Peer are where the user comes from, for servers: tty3, and the address.
	Port string
	Peer netip.AddrPort
	// ID is Service.NewID of the login that all requests of a session follow from.
	ID uint32
	// Login is what authentication came to, for what is authorized and recorded.
	Login Verdict
	// Command is what a request of the service Commands is about.
	Command Command
}

// Command is a command that is to be authorized or recorded.
type Command struct {
	Level int
	Words []string // keywords in full, passwords as asterisks
}

// Line is what a line gives to whoever is on it.
type Line struct {
	Password    secret.Secret
	Privilege   int
	AutoCommand string
}

// What a Prompt asks for.
const (
	AskUser     = "user"
	AskPassword = "password"
	AskData     = "data" // what a server wants to know besides
)

// Prompt is one question.
type Prompt struct {
	What   string // AskUser, AskPassword or AskData
	Text   string // with the space behind it
	Echo   bool   // the answer may be seen
	Before string // lines to show first, without the last line feed
}

// Ask puts one question to whoever logs in and waits for the answer. An error ends the
// conversation: the user hung up or gave up, or cannot be asked.
type Ask func(context.Context, Prompt) (string, error)
