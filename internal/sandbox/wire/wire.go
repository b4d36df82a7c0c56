// Package wire carries AWS's protocols for the sandbox: it turns an HTTP
// request into the SDK's own input type, and the SDK's output type or an
// [Error] into the answer that real clients expect. One codec per protocol:
// JSON 1.0 and 1.1, Query, EC2 Query, RPC v2 CBOR, REST-XML.
//
// Services register [Operation] values made by [Op] and know nothing of HTTP.
package wire

import (
	"context"
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
	// Names gives the wire name of a member where it is not the Go field's name.
	Names Names
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
	}
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
	Time      time.Time
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
