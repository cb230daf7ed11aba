// Package edit is what a Cisco device does with keystrokes: they become an
// edited line and the exact bytes that are echoed. It also holds the history,
// the --More-- prompt and the output modifiers. One editor serves the console
// and every vty.
//
// # Guarantees
//
// An Editor is a state machine: bytes in, bytes out. It has no goroutine, no
// clock and no I/O. How input is cut into calls of Input makes no difference
// to lines, events and echo.
//
// The echo consists of printable characters, BS, SP, BEL and CR LF. There is
// never an escape sequence in it: the cursor goes left by BS and right by
// sending again what is there. A terminal that is told the right width, and
// where the prompt started in column 0, shows the prompt and the line with the
// cursor in its place after every byte of input.
//
//	character at the end      itself
//	character inside          itself, the tail, BS × tail
//	Backspace at the end      BS SP BS
//	Backspace inside          BS, the tail, SP, BS × (tail + 1)
//	Ctrl-U, Ctrl-W at the end BS SP BS for each character
//	history                   the line is erased that way, the entry sent
//	Ctrl-R, Ctrl-L            CR LF, prompt and line
//	a key that is refused     BEL
//
// A line is at most [MaxLine] bytes; more of them ring the bell and are lost.
// Bytes from 0x80 on are taken as they are, one column each. NUL is ignored
// everywhere. CR, LF, CR LF and CR NUL are one Enter each: a LF directly after
// a CR belongs to it, also if it comes much later, and also if the CR was a
// key in mode [OneKey] or ended another line. A control character that was
// quoted by Ctrl-V or Esc Q is shown as ^ and a letter; CR, LF and NUL cannot
// be quoted. Words are separated by spaces. Unknown escape sequences, such as
// that of the Delete key, do nothing.
//
// Text that reaches the width of the terminal less the prompt less 2 scrolls
// ten columns; a '$' in the first or last column stands for what is not shown.
// A width of 0 or from 511 on, or one that leaves fewer than 13 columns behind
// the prompt, does not scroll; the terminal wraps the line as it likes.
//
// Nothing is allocated per keystroke once the buffers have grown to the
// longest line.
//
// # What the caller does
//
// The caller sends the CR LF before a prompt, calls [Editor.Begin], feeds
// input and sends [Editor.Output] after each call of Input. After an event the
// rest of the input has to wait until the event is dealt with.
//
//	Enter      CR LF was echoed. Run Line, then Begin. History has the line.
//	EndMode    ^Z CR LF was echoed. Run Line if it is not empty (a device
//	           does), leave the mode, then Begin.
//	Interrupt  CR LF was echoed, the line is discarded. Begin.
//	Help       "?" CR LF was echoed. Print the help for Line, which is the
//	           text before the cursor, and for word help an empty line; then
//	           Redisplay.
//	Tab        Nothing was echoed. Complete, with Line unchanged if there is
//	           no unique completion.
//	Abort      Nothing was echoed, the line goes on. Stop what is running;
//	           at a prompt do nothing.
//	Suspend    The same, after the Abort for the Ctrl-^ before the x. Suspend
//	           the outgoing session; at a prompt do nothing.
//	Key        Look at Editor.Key, then Begin. Nothing was echoed. In mode
//	           OneKey there are no other events: Ctrl-C and Ctrl-^ are keys.
//
// In the modes [Text] and [Secret], ? and TAB are characters. Ctrl-D is never
// an end of file.
//
// # Sources
//
// "Cisco CLI Tips and Tricks" for the keys; netmiko issue 160 (a capture) for
// scrolling; "Using the Cisco IOS Command-Line Interface" for the '$' at the
// right, for the ten deletions of Ctrl-Y and for a command before Ctrl-Z being
// executed; the raw telnet capture of pyneng-examples-exercises (IOS 15.2) for
// the erasing of --More--; captures of "(config-if)#^Z" for Ctrl-Z. What these
// do not settle is decided here: words, bells, how Ctrl-C looks, and that
// typing is dropped when history is recalled.
package edit
