// Package exec is the EXEC commands of ASA, one row each: grammar, help, what it
// does. They work in the configuration modes too.
package exec
