// Package config is the running configuration: plain structs, and one row per
// configuration command that says how it is typed, what it sets and how it
// shows. It knows no service and no device.
//
// A release is a Language: the rows that exist in its vocabulary, compiled to
// one command tree per mode, and the order in which NVGEN prints them.
//
//	Resolve   line → command, without effects (also behind `?`, TAB and the caret)
//	Prepare   questions to the user, before anything is locked
//	Apply     the change, on a Config that the Store has cloned
//	Render    Config → text, the inverse of the three above
//
// # To add a command
//
// Write one Row in the file of its feature. Int, Flag, Text and List derive
// set, no, default and the shown line from a field; a command with a mind of
// its own fills in the functions of Setting itself. What has no behaviour here
// at all is one line in passive.txt.
package config
