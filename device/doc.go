// Package device puts a device together: the lines, the sessions on them, the key
// pairs, files, logging, debug switches and the services that follow the
// configuration. It knows no command and prints no text of its own: what a device
// is comes in as a Product, which makes a System for each device.
//
// # Who owns what
//
// A Device owns its lines, its file systems, its key ring and its services; it
// waits for every goroutine it started before Close returns. A Line is
// long-lived and holds at most one Session, which is one goroutine: it reads
// keystrokes, edits, runs commands and writes. Anything else that has to say
// something on a line goes through the line's Screen, which is locked.
package device
