// Package wire is what SSH connections need whichever version of the protocol
// they speak: data types, buffers, a queue in front of the socket, an end that
// loses nothing, and events that cost nothing while nobody wants them.
//
// It knows no packet. An engine reads its packets out of a [Reader], seals them
// into a [Writer], keeps its goroutines and timers in a [Group], and tells what it
// does through a [Tracer].
//
// # How a connection ends
//
// A socket that is closed with bytes unread is reset by the kernel, and the reset
// takes with it what the peer has not read yet. So our last message goes out with
// [Writer.Finish], our half is closed with [HalfClose], and [Linger] reads until the
// peer has closed its own, for at most [LingerTime].
package wire
