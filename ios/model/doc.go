// Package model is the configuration of IOS and IOS XE: plain structs, and one
// row per configuration command that says how it is typed, what it sets and how
// it shows. It knows no service and no device.
//
// # To add a command
//
// Write one row in the file of its feature. config.Int, Flag, Text and List
// derive set, no, default and the shown line from a field; a command with a mind
// of its own fills in the functions of config.Setting itself. What has no
// behaviour here at all is one line in passive.txt.
package model
