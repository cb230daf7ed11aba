package aaaserver

import (
	"context"

	"vtylab/aaa/radius"
)

// RADIUS is the server as the handler of radius.Reply, for who brings datagrams in
// another way. Faults that are in the wire itself are not in it.
func (s *Server) RADIUS() radius.Handler { return radiusServer{s} }

type radiusServer struct{ *Server }

var reject = radius.Answer{Code: radius.AccessReject}

// Access decides on a login, the answer to a challenge, or enable.
func (r radiusServer) Access(_ context.Context, q radius.AccessQuery) radius.Answer {
	name := q.Attributes.Text(radius.UserName)
	if level, ok := enableLevel(name); ok {
		if !q.HasPassword || !r.verifyEnable(level, q.Password) {
			return reject
		}
		return radius.Answer{Code: radius.AccessAccept, Attributes: radius.Attributes{radius.Uint32(radius.ServiceType, radius.ServiceAdministrative)}}
	}
	if !q.HasPassword {
		return reject
	}
	if state, ok := q.Attributes.Bytes(radius.State); ok {
		a, ok := r.met(name, string(state), q.Password)
		if !ok {
			return reject
		}
		return r.accept(&a)
	}
	a, ok := r.verify(name, q.Password)
	switch {
	case !ok:
		return reject
	case a.code.IsZero():
		return r.accept(&a)
	}
	state, err := r.challenge(name)
	if err != nil {
		return radius.Answer{} // no answer
	}
	return radius.Answer{Code: radius.AccessChallenge, Attributes: radius.Attributes{
		radius.String(radius.State, state), radius.String(radius.ReplyMessage, codeText)}}
}

// accept is the answer to a user who may come in (aaa-snmp B4).
func (r radiusServer) accept(a *account) radius.Answer {
	all := radius.Attributes{radius.Uint32(radius.ServiceType, radius.ServiceNASPrompt)}
	for _, pair := range a.exec(r.Fault()) {
		all = append(all, radius.AVPair("shell:"+pair))
	}
	return radius.Answer{Code: radius.AccessAccept, Attributes: all}
}

// Account logs a record, and reports whether that went well.
func (r radiusServer) Account(_ context.Context, p radius.Packet) bool {
	return r.log.radius(p) == nil
}
