// Package exec holds the EXEC commands: one row each, in the file of their
// feature, with what they do. Commands that act in configuration mode (`crypto
// key generate rsa`) are rows here too.
//
// To add a command, write its row into the list of its file; grammar and help
// are one text (package cli), and the device does the rest: abbreviation, `?`,
// TAB, privilege, paging and output modifiers. show_clock.go is the smallest.
package exec
