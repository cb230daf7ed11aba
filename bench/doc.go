// Package bench measures what vtylab promises: the command line, logins, copies,
// memory and the start. Where there is somebody to compare with, both are
// measured in turn in one run, and the figure is a ratio; 2 is twice as good as
// the other. README.md has the commands and the last figures.
package bench
