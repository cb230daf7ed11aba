package aaa

import (
	"net/netip"

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
		Request *Request
	}
	// Trying is the next method of the list, Tried what it came to.
	Trying struct {
		Request  *Request
		Method   MethodRef
		Group    *Group // of a server group that there is
		Fallback bool   // a method before it could not decide
	}
	Tried struct {
		Request *Request
		Method  MethodRef
		Verdict Verdict
	}
	// Questioned is a question that is put to the user, Answered the answer.
	Questioned struct{ Request *Request }
	Answered   struct{ Request *Request }
	// Needed is a command that may have to be authorized.
	Needed struct{ Request *Request }
	// Granted is one attribute of an EXEC, Authorized how an authorization ended.
	Granted struct {
		Request   *Request
		Attribute Attribute
	}
	Authorized struct {
		Request *Request
		Result  Result
	}
	// Asked is a server of TACACS+ that is asked: the first of the request, or one after
	// it. Args are those of an authorization or a record, Preferred that an earlier request
	// of the same login went to it.
	Asked struct {
		Request   *Request
		Group     string
		Server    Server
		Address   netip.Addr
		First     bool
		Preferred bool
		Args      []string
		Account   bool
	}
	// Recorded is a record of accounting: on its way, or with Done how that ended.
	Recorded struct {
		Record *Record
		Done   bool
		Result Result
	}
	// Tacacs and Radius are what goes over the wire.
	Tacacs struct{ tacacs.Event }
	Radius struct{ radius.Event }
)

func (Picked) event()     {}
func (Trying) event()     {}
func (Tried) event()      {}
func (Questioned) event() {}
func (Answered) event()   {}
func (Needed) event()     {}
func (Granted) event()    {}
func (Authorized) event() {}
func (Asked) event()      {}
func (Recorded) event()   {}
func (Tacacs) event()     {}
func (Radius) event()     {}
