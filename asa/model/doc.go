// Package model is the configuration of ASA: plain structs, and one row per
// configuration command that says how it is typed, what it sets and how it
// shows (package config). What is known of the device stands in docs/devices, in
// asa-ssh-scp; what is from memory says so.
package model
