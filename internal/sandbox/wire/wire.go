// Package wire carries AWS's protocols for the sandbox: it turns an HTTP
// request into the SDK's own input type, and the SDK's output type or an
// [Error] into the answer that real clients expect. One codec per protocol:
// JSON 1.0 and 1.1, Query, EC2 Query, RPC v2 CBOR, REST-XML.
//
// Services register [Operation] values made by [Op] and know nothing of HTTP.
package wire

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Service is one AWS service as clients see it.
type Service struct {
	// SigningName is the name in the credential scope: "cloudtrail", "logs", "monitoring".
	SigningName string
	// EventSource is the service's name in CloudTrail events: "cloudtrail.amazonaws.com".
	EventSource string
	// Targets are the accepted X-Amz-Target prefixes, without the dot.
	Targets []string
	// Version and XMLNamespace are those of the Query API; empty where there is none.
	Version      string
	XMLNamespace string
	// CBORName is the service's name in RPC v2 CBOR paths (/service/NAME/operation/OP); empty where there is none.
	CBORName string
	// Query answers forms with an Action member ([Query], [EC2Query]); nil where the service has no such API.
	Query Protocol
	// Raw answers requests that name no action in a header or form, as S3's do; nil for all others.
	Raw Raw
	// Names gives the wire name of a member where it is not the Go field's name.
	Names Names
	// Unions are zero values of the SDK's union members
	// (&types.EvaluationCriteriaMemberPromQLCriteria{}) that inputs may hold.
	Unions []any
	// Resources gives, by the Go name of an input's member, the
	// CloudFormation type of the resource that the member names:
	// {"LogGroupName": "AWS::Logs::LogGroup"}. CloudTrail events list them.
	Resources map[string]string
	// Operations by name.
	Operations map[string]Operation
}

// Names maps a Go struct type's name and field to the member's name on the
// wire. The empty answer means: as the Go field is called.
type Names func(structName, field string) string

// Operation is one API action, type-erased.
type Operation struct {
	Name string
	// NewInput gives a pointer to the zero SDK input.
	NewInput func() any
	// Invoke runs the handler with what NewInput gave, and returns a pointer to the SDK output.
	Invoke func(ctx context.Context, in any) (any, error)
	// ReadOnly operations change nothing; CloudTrail events carry the flag.
	ReadOnly bool
	// Unsigned operations are answered without credentials, as sts:AssumeRoleWithWebIdentity is.
	Unsigned bool
}

// Op makes an operation from a typed handler.
func Op[I, O any](name string, handle func(context.Context, *I) (*O, error)) Operation {
	return Operation{
		Name:     name,
		NewInput: func() any { return new(I) },
		Invoke: func(ctx context.Context, in any) (any, error) {
			out, err := handle(ctx, in.(*I))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
		ReadOnly: readOnly(name),
	}
}

// readOnly tells by the verb of an action whether it changes nothing. The
// verbs are those of the readOnly flag in CloudTrail's records of the services
// here.
func readOnly(name string) bool {
	for _, verb := range []string{"Get", "List", "Describe", "Lookup", "Head", "Filter", "Test", "Assume"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// Operations indexes operations by their names.
func Operations(list ...Operation) map[string]Operation {
	byName := make(map[string]Operation, len(list))
	for _, op := range list {
		byName[op.Name] = op
	}
	return byName
}

// Error is an AWS error answer. Handlers return it; any other error becomes
// InternalFailure with status 500.
type Error struct {
	Code    string // "TrailNotFoundException"
	Message string
	Status  int // 400 where zero
	// QueryCode is the code of the Query protocol where it is not Code.
	QueryCode string
}

// Errorf makes an error answer with status 400.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// HTTPStatus gives the status of the answer.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// Error makes *Error an error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Call is what a handler may know about the request that it answers.
type Call struct {
	Service   string // signing name
	Operation string
	Region    string
	Account   string
	RequestID string
	AccessKey string
	SourceIP  string
	UserAgent string
	ReadOnly  bool
	Time      time.Time
	// Sequence numbers the requests of a server, from 2, so that there is a
	// number before the first.
	Sequence uint64
	// AsOf is the last request whose effects this call may see; zero means all
	// of them. It makes the stale reads of eventual consistency.
	AsOf uint64
}

type callKey struct{}

// WithCall puts the call into the context.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallOf gives the call of the context; the zero Call where there is none.
func CallOf(ctx context.Context) Call {
	c, _ := ctx.Value(callKey{}).(Call)
	return c
}
