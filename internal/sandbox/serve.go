package sandbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxBody is more than any action here takes; AWS's own limits are about 1 MiB.
const maxBody = 16 << 20

// exchange is one request on its way through the sandbox.
type exchange struct {
	request *wire.Request
	route   wire.Route
	scope   wire.Scope
	signed  bool
	call    wire.Call
	action  wire.Action // of Raw services
	input   any
	output  any
	failure *wire.Error
	fault   Fault
	done    bool // the call had its effect
}

// ServeHTTP answers one request: find the action, let a fault strike, call the
// handler, record it, send the answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{request: &wire.Request{Request: r}}
	answer := s.answer(x)
	s.remember(x, answer)
	s.send(w, r, x, answer)
}

// answer gives the whole answer to the request of x, and notes in x what
// happened.
func (s *Server) answer(x *exchange) *wire.Answer {
	if failure := s.prepare(x); failure != nil {
		return s.refuse(x, failure)
	}
	var struck bool
	if x.fault, struck = s.faults.take(x.route.Service.SigningName, x.route.Operation); struck {
		if answer, over := s.strike(x); over {
			return answer
		}
	}
	if s.limits.exceeded(x.call) {
		x.fault.name = "rate"
		return s.refuse(x, throttled(x.route.Service))
	}
	if x.route.Service.Raw != nil {
		return s.invokeRaw(x)
	}
	return s.invoke(x)
}

// strike lets a fault happen before the call. It gives false where the call
// goes on.
func (s *Server) strike(x *exchange) (*wire.Answer, bool) {
	fault := x.fault
	switch {
	case fault.skew != 0:
		return s.skewed(x)
	case fault.stale:
		if x.call.ReadOnly {
			x.call.AsOf = s.staleness.before(x.call)
		}
		return nil, false
	case fault.committed:
		return nil, false
	case fault.errorFor != nil:
		return s.refuse(x, fault.errorFor(x.route.Service)), true
	default:
		return nil, true
	}
}

// prepare reads the request: who asks whom for what.
func (s *Server) prepare(x *exchange) *wire.Error {
	x.scope, x.signed = wire.ScopeOf(x.request.Request)
	x.call = s.newCall(x)
	if wire.HasAction(x.request.Request) {
		return s.prepareAction(x)
	}
	raw := s.router.Raw()
	if raw == nil {
		return wire.Errorf("UnknownOperationException", "")
	}
	x.action = raw.Raw.Action(x.request.Request)
	x.route = wire.Route{Service: raw, Operation: x.action.Name}
	x.call.Service, x.call.Operation, x.call.ReadOnly = raw.SigningName, x.action.Name, x.action.ReadOnly
	x.call.AsOf = s.staleness.asOf(x.call)
	if x.action.Name == "" {
		return &wire.Error{Code: "NotImplemented", Message: "A header you provided implies functionality that is not implemented", Status: http.StatusNotImplemented}
	}
	return s.expired(x)
}

func (s *Server) prepareAction(x *exchange) *wire.Error {
	content, err := io.ReadAll(io.LimitReader(x.request.Body, maxBody+1))
	if err != nil {
		return wire.Errorf("SerializationException", "reading the body: %s", err)
	}
	if len(content) > maxBody {
		return &wire.Error{Code: "RequestEntityTooLargeException", Status: http.StatusRequestEntityTooLarge}
	}
	x.request.Content = content
	var failure *wire.Error
	x.route, failure = s.router.Find(x.request, x.scope)
	x.call.Operation = x.route.Operation
	if x.route.Service != nil {
		x.call.Service = x.route.Service.SigningName
		x.call.ReadOnly = x.route.Service.Operations[x.route.Operation].ReadOnly
	}
	if failure != nil {
		return failure
	}
	if failure := authenticate(x); failure != nil {
		return failure
	}
	x.call.AsOf = s.staleness.asOf(x.call)
	return s.expired(x)
}

func (s *Server) newCall(x *exchange) wire.Call {
	host, _, err := net.SplitHostPort(x.request.RemoteAddr)
	if err != nil {
		host = x.request.RemoteAddr
	}
	region := x.scope.Region
	if region == "" {
		region = "us-east-1"
	}
	return wire.Call{
		Region:    region,
		Account:   s.options.account,
		RequestID: newRequestID(),
		AccessKey: x.scope.AccessKey,
		SourceIP:  host,
		UserAgent: x.request.UserAgent(),
		Time:      s.options.now(),
		Sequence:  s.record.number(),
	}
}

// regionName is the form of Region names in the aws, aws-cn and aws-us-gov
// partitions.
var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)

// authenticate checks that the request is signed for the service that it asks.
// Signatures themselves are not checked: the sandbox knows no secrets.
func authenticate(x *exchange) *wire.Error {
	svc := x.route.Service
	if svc.Operations[x.route.Operation].Unsigned && !x.signed {
		return nil
	}
	switch {
	case !x.signed:
		return &wire.Error{
			Code:      codeFor(svc, "MissingAuthenticationTokenException", "MissingAuthenticationToken"),
			QueryCode: "MissingAuthenticationToken",
			Message:   "Missing Authentication Token",
			Status:    refusal(svc),
		}
	case x.scope.Service != svc.SigningName:
		return badScope(svc, "Credential should be scoped to correct service: '"+svc.SigningName+"'.")
	case !regionName.MatchString(x.scope.Region):
		return badScope(svc, "Credential should be scoped to a valid region.")
	}
	return nil
}

func badScope(svc *wire.Service, message string) *wire.Error {
	return &wire.Error{
		Code:      codeFor(svc, "InvalidSignatureException", "SignatureDoesNotMatch"),
		QueryCode: "SignatureDoesNotMatch",
		Message:   message,
		Status:    refusal(svc),
	}
}

// invoke decodes the input, calls the handler and encodes what it gives.
func (s *Server) invoke(x *exchange) *wire.Answer {
	svc := x.route.Service
	op := svc.Operations[x.route.Operation]
	x.input = op.NewInput()
	if err := x.route.Protocol.Decode(svc, &op, x.request, x.input); err != nil {
		return s.refuse(x, decodeFailure(err))
	}
	output, err := s.call(x, op)
	if err != nil {
		return s.refuse(x, wire.AsError(err))
	}
	x.output, x.done = output, true
	answer, err := x.route.Protocol.Encode(svc, &op, x.call, output)
	if err != nil {
		return s.refuse(x, wire.AsError(err))
	}
	return s.after(x, answer)
}

// call runs the handler. Changes go one at a time: handlers read, decide and
// write without locks of their own.
func (s *Server) call(x *exchange, op wire.Operation) (any, error) {
	if !op.ReadOnly {
		s.changes.Lock()
		defer s.changes.Unlock()
	}
	return op.Invoke(wire.WithCall(x.request.Context(), x.call), x.input)
}

func decodeFailure(err error) *wire.Error {
	e := wire.AsError(err)
	if e.Code == "InternalFailure" {
		return wire.Errorf("SerializationException", "%s", err)
	}
	return e
}

// invokeRaw lets a raw service write its answer into memory.
func (s *Server) invokeRaw(x *exchange) *wire.Answer {
	w := &recorded{header: http.Header{}}
	ctx := wire.WithCall(x.request.Context(), x.call)
	x.route.Service.Raw.ServeHTTP(w, x.request.WithContext(ctx))
	answer := w.answer()
	if answer.Status >= http.StatusBadRequest {
		x.failure = &wire.Error{Code: rawCode(answer), Status: answer.Status}
		return answer
	}
	x.done = true
	return s.after(x, answer)
}

// after replaces a good answer where the fault strikes late.
func (s *Server) after(x *exchange, answer *wire.Answer) *wire.Answer {
	if !x.call.ReadOnly {
		s.staleness.changed(x.call)
	}
	if x.fault.committed && x.fault.errorFor != nil {
		return s.refuse(x, x.fault.errorFor(x.route.Service))
	}
	return answer
}

// refuse makes the error answer in the protocol of the request, and a line in
// the log where the request itself is at fault.
func (s *Server) refuse(x *exchange, failure *wire.Error) *wire.Answer {
	x.failure = failure
	if x.input == nil && x.fault.name == "" {
		s.logger.Printf("%s %s (%s, %s): %s", x.request.Method, x.request.URL.Path, x.route, x.call.UserAgent, failure)
	}
	switch svc := x.route.Service; {
	case x.route.Protocol != nil:
		return x.route.Protocol.Fail(svc, x.call, failure)
	case svc != nil && svc.Raw != nil:
		return svc.Raw.Fail(x.call, failure)
	default:
		return wire.JSON{}.Fail(nil, x.call, failure)
	}
}

// remember writes the call into the journal and, as CloudTrail does, into the
// event history.
func (s *Server) remember(x *exchange, answer *wire.Answer) {
	record := CallRecord{
		Sequence: x.call.Sequence, Service: x.call.Service, Operation: x.call.Operation,
		Region: x.call.Region, RequestID: x.call.RequestID, AccessKey: x.call.AccessKey,
		UserAgent: x.call.UserAgent, Time: x.call.Time, Protocol: protocolName(x.route),
		Fault: x.fault.name, Committed: x.done, Input: x.input,
	}
	if answer != nil && x.fault.send != reset && x.fault.send != hanging {
		record.Status = answer.Status
	}
	if x.failure != nil {
		record.Error = x.failure.Code
	}
	s.journal.add(record)
	s.record.event(x)
}

func protocolName(route wire.Route) string {
	if route.Protocol == nil {
		return "raw"
	}
	return strings.ToLower(reflect.TypeOf(route.Protocol).Name())
}

// newRequestID makes a random UUID, version 4 (RFC 9562).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// wait blocks until the client goes away or the sandbox closes.
func (s *Server) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.closing:
	}
}
