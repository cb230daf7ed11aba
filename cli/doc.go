// Package cli is the command language of the device: a grammar in which one
// command is one row of text, trees compiled from such rows, and one walk
// through a tree that serves execution, `?`, TAB and the caret of an error.
// There is no device in it: what a row does is the caller's payload.
//
// # Grammar
//
// A row is the sequence of words a user types, each followed by its `?` help:
//
//	ip "Global IP configuration subcommands"
//	  ssh "Configure ssh options"
//	  time-out "Specify SSH time-out interval"
//	  <1-120>$secs "SSH time-out interval (secs)"
//
//	word          keyword; any unique prefix matches, an exact match wins
//	~word         hidden keyword: matches in full only, never listed
//	=WORD         keyword that has capitals where it is shown
//	<1-120>       number in a range
//	WORD LINE …   argument kinds, see the kinds table
//	LINE!         a secret, which Args.Masked does not show; behind a keyword:
//	              what follows it is one
//	$name         names the argument before it for Args
//	{a | b}       one of        [a | b]    at most one of
//	{a | b}+      one or more, any order, each once
//	[a | b]*      none or more, any order, each once
//	{a | b}++     one or more, repetition allowed
//	{a | b}$name  records which keyword was chosen under name; after + or *
//	/             end of the identifying part: `no` may stop here or later;
//	              without it, that is the last keyword of the leading run
//	@name         replaced by the vocabulary's text of that name; a row that
//	              uses a name the vocabulary lacks does not exist
package cli
