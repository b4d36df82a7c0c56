package sandbox

import (
	"net/http"
	"sync"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Fault is something that goes wrong with a call. It happens to one call; see
// Times and Always.
type Fault struct {
	name string
	// errorFor gives the error answer in place of the call; nil where the call goes on.
	errorFor func(*wire.Service) *wire.Error
	// committed faults strike after the call had its effect.
	committed bool
	send      sending
	stale     bool
	skew      time.Duration
	pause     time.Duration
	skip      int // calls it lets pass first
	count     int // calls it strikes; negative: all
}

// sending is how an answer reaches the client.
type sending int

const (
	whole     sending = iota
	reset             // the connection is reset
	hanging           // nothing comes
	dripping          // one byte at a time
	truncated         // the body ends half-way
)

// Times makes the fault strike the next n calls.
func (f Fault) Times(n int) Fault { f.count = n; return f }

// Always makes the fault strike all calls until ClearFaults.
func (f Fault) Always() Fault { f.count = -1; return f }

// After lets the next n calls pass before the fault strikes: one call of many
// can be picked out, or credentials end on the way.
func (f Fault) After(n int) Fault { f.skip = n; return f }

// AfterCommit lets the call have its effect first, and loses the answer: what a
// client sees when the network breaks late.
func (f Fault) AfterCommit() Fault { f.committed = true; return f }

// Code answers with an error of AWS in the protocol of the call: a code
// ("TrailNotFoundException"), its text and the HTTP status.
func Code(code, message string, status int) Fault {
	return Fault{name: code, count: 1, errorFor: func(*wire.Service) *wire.Error {
		return &wire.Error{Code: code, Message: message, Status: status}
	}}
}

// Throttle answers as the service does above its rate.
func Throttle() Fault {
	return Fault{name: "throttle", count: 1, errorFor: throttled}
}

// ServerError answers with a status of 500 and above.
func ServerError(status int) Fault {
	code := "InternalFailure"
	if status == http.StatusServiceUnavailable {
		code = "ServiceUnavailable"
	}
	fault := Code(code, http.StatusText(status), status)
	fault.name = "server error"
	return fault
}

// AccessDenied answers as IAM does without a permission.
func AccessDenied() Fault {
	return Fault{name: "access denied", count: 1, errorFor: func(svc *wire.Service) *wire.Error {
		return &wire.Error{
			Code:      codeFor(svc, "AccessDeniedException", "AccessDenied"),
			QueryCode: "AccessDenied",
			Message:   "User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform this operation because no identity-based policy allows it",
			Status:    refusal(svc),
		}
	}}
}

// ExpiredCredentials answers as for temporary credentials past their end.
func ExpiredCredentials() Fault {
	return Fault{name: "expired credentials", count: 1, errorFor: expiredToken}
}

// Reset breaks the connection before the call has its effect; with AfterCommit
// after it.
func Reset() Fault { return Fault{name: "reset", count: 1, send: reset} }

// Hang never answers, until the client goes away or the sandbox is closed.
func Hang() Fault { return Fault{name: "hang", count: 1, send: hanging} }

// Drip answers one byte every pause. The call has its effect.
func Drip(pause time.Duration) Fault {
	return Fault{name: "drip", count: 1, send: dripping, pause: pause, committed: true}
}

// Truncate ends the body of a good answer half-way and closes the connection.
// The call has its effect.
func Truncate() Fault {
	return Fault{name: "truncate", count: 1, send: truncated, committed: true}
}

// ClockSkew gives the service another clock: its Date headers are off by d, and
// requests signed more than five minutes from that clock are refused, until the
// client signs by it.
func ClockSkew(d time.Duration) Fault { return Fault{name: "clock skew", count: 1, skew: d} }

// Stale makes a read answer as before the last change of its service: not found
// after a create, old values after an update.
func Stale() Fault { return Fault{name: "stale", count: 1, stale: true} }

// FailNext lets faults strike the next calls of an operation, one after
// another. The operation is named "DeleteTrail", "cloudtrail:DeleteTrail", or
// "*" for any.
func (s *Server) FailNext(operation string, faults ...Fault) {
	s.faults.add(operation, faults)
}

// ClearFaults forgets all faults that have not struck yet.
func (s *Server) ClearFaults() { s.faults.clear() }

// script holds the faults to come.
type script struct {
	mu   sync.Mutex
	next map[string][]Fault
}

func newScript() *script { return &script{next: map[string][]Fault{}} }

func (sc *script) add(operation string, faults []Fault) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, f := range faults {
		if f.count != 0 {
			sc.next[operation] = append(sc.next[operation], f)
		}
	}
}

func (sc *script) clear() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	clear(sc.next)
}

// take gives the fault for a call and counts it down.
func (sc *script) take(service, operation string) (Fault, bool) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	for _, key := range []string{service + ":" + operation, operation, "*"} {
		queue := sc.next[key]
		if len(queue) == 0 {
			continue
		}
		fault := queue[0]
		if fault.skip > 0 {
			queue[0].skip--
			continue
		}
		switch {
		case fault.count == 1:
			sc.next[key] = queue[1:]
		case fault.count > 1:
			queue[0].count--
		}
		return fault, true
	}
	return Fault{}, false
}

// throttled is the answer of a service above its rate. EC2 and S3 have their
// own names for it.
func throttled(svc *wire.Service) *wire.Error {
	e := &wire.Error{Code: codeFor(svc, "ThrottlingException", "Throttling"), QueryCode: "Throttling", Message: "Rate exceeded"}
	switch {
	case svc != nil && svc.SigningName == "ec2":
		e.Code, e.Status = "RequestLimitExceeded", http.StatusServiceUnavailable
		e.QueryCode = e.Code
	case svc != nil && svc.Raw != nil:
		e.Code, e.Status = "SlowDown", http.StatusServiceUnavailable
	}
	return e
}

// codeFor chooses between the names of an error in the JSON protocols and in
// the older ones.
func codeFor(svc *wire.Service, document, query string) string {
	if speaksDocuments(svc) {
		return document
	}
	return query
}

// refusal is the HTTP status of a request that is not let in.
func refusal(svc *wire.Service) int {
	if speaksDocuments(svc) {
		return http.StatusBadRequest
	}
	return http.StatusForbidden
}

func speaksDocuments(svc *wire.Service) bool {
	return svc == nil || len(svc.Targets) > 0 || svc.CBORName != ""
}
