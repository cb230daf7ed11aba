// Package release holds the releases of IOS and IOS XE as values: words and
// limits of commands, default settings, the configuration that a device is born
// with, and texts that name the release.
//
// One file is one release; algorithms.go and texts.go hold what they share.
// There is no behaviour here: what a release does differently is a field of a
// traits struct (packages model and exec) that the code below reads.
//
// # To add a release
//
// Copy the file of the nearest one, change what differs, add the value to the
// list in release.go and run the tests with -update; then compare
// testdata/NAME.cfg with a capture by eye.
//
// # Sources
//
// Comments next to the data say where it is from. "IOS 15.6 capture", "3.3SE
// capture" and the like are console transcripts of such devices; the seed is the
// Secure Shell Configuration Guide, Cisco IOS XE Release 3SE (Catalyst 3650
// Switches). What is marked "from memory" was found in no source.
package release
