package aaa

import (
	"vtylab/aaa/radius"
	"vtylab/aaa/tacacs"
)

// Event is one thing that the service did, for `debug aaa`, `debug tacacs` and `debug
// radius`. It has no words: the product makes its own. It is one of the types below.
type Event interface{ event() }

// The events of a Service. ID is the number of the request (Request.ID).
type (
	// Picked is the method list that a request goes by.
	Picked struct {
		ID      uint32
		Service string // Login, Enable, Exec or Commands
		List    string // the name of the list
		Request *Request
	}
	// Tried is a method of the list, and what it came to.
	Tried struct {
		ID      uint32
		Service string
		Method  MethodRef
		Result  Result
	}
	// Granted is one attribute of an EXEC.
	Granted struct {
		ID        uint32
		Attribute Attribute
	}
	// Authorized is how an authorization ended.
	Authorized struct {
		ID      uint32
		Service string
		Result  Result
	}
	// Asked is a server that is asked from a group, Again that an earlier request of the
	// same login went to it.
	Asked struct {
		ID     uint32
		Group  string
		Server Server
		Again  bool
	}
	// Recorded is a record of accounting: on its way, or with Done how that ended.
	Recorded struct {
		ID     uint32
		Of     string
		List   string
		Stage  Stage
		Done   bool
		Result Result
	}
	// Tacacs and Radius are what goes over the wire.
	Tacacs struct{ tacacs.Event }
	Radius struct{ radius.Event }
)

func (Picked) event()     {}
func (Tried) event()      {}
func (Granted) event()    {}
func (Authorized) event() {}
func (Asked) event()      {}
func (Recorded) event()   {}
func (Tacacs) event()     {}
func (Radius) event()     {}
