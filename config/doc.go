// Package config is the machine of a configuration: it knows no command of any
// product. A product brings a model, which is plain structs, and one row per
// configuration command that says how it is typed, what it sets and how it
// shows; a Language compiles them for one release.
//
//	Resolve   line → command, without effects (also behind `?`, TAB and the caret)
//	Prepare   questions to the user, before anything is locked
//	Commit    the change, on a model that the Store has cloned
//	Render    model → text (NVGEN), the inverse of the three above
//
// # What a product writes
//
// A Spec: the model with its defaults, its modes with their rows, a table of
// commands without behaviour (see passive.go), the order in which NVGEN prints.
// Int, Flag, Text and List derive set, no, default and the shown line of a row
// from a field; a command with a mind of its own fills in the functions of
// Setting itself.
//
// # What a device uses
//
// A Machine: the Language and the Store of one device behind the interface
// Running, which does not depend on the type of the model.
package config
