// Package tty is the terminal side of a device: its lines, the screen and the
// session on each, the questions that a command asks. What a person types is
// answered by a Shell, which is a product's; the package knows none.
//
// # Who owns what
//
// A Line lives as long as the device and holds at most one Session, which is one
// goroutine: it reads keystrokes, edits, has commands run and writes. Anything
// else that has to say something on a line goes through the line's Screen, which
// is locked.
package tty
