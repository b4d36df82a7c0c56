// Package sandboxtest connects aws-sdk-go-v2 clients to a sandbox in tests.
package sandboxtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// Region is where tests call.
const Region = "eu-west-1"

// Now is the time in a sandbox made by Start.
//
//nolint:gochecknoglobals // time.Time has no constants
var Now = time.Date(2026, time.November, 21, 10, 0, 0, 0, time.UTC)

// Start serves a sandbox whose clock stands still, until the test ends.
func Start(t *testing.T, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	clock := sandbox.WithClock(func() time.Time { return Now })
	return sandbox.Start(t, append([]sandbox.Option{clock}, opts...)...)
}

// Config gives the SDK configuration of a client in a Region. Nothing is
// retried, so that every answer is seen.
func Config(s *sandbox.Server, region string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(s.URL()),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// Code gives AWS's code of an error; "" for nil, and the whole text of errors
// that are not AWS's.
func Code(err error) string {
	var api smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return api.ErrorCode()
	default:
		return err.Error()
	}
}

// Case is one call and what it shall answer: the whole output, or the code of
// the error.
type Case struct {
	Name string
	Call func(context.Context) (any, error)
	Want any    // the output; not compared where nil
	Code string // of the error; empty where there shall be none
}

// Run makes the calls one after another: each sees what those before it did.
func Run(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		got, err := c.Call(t.Context())
		if code := Code(err); code != c.Code {
			t.Errorf("%s: error %q, want %q (%v)", c.Name, code, c.Code, err)
			continue
		}
		if c.Want == nil || err != nil {
			continue
		}
		if diff := cmp.Diff(c.Want, got, Compare()...); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.Name, diff)
		}
	}
}

// Compare compares SDK values by all that goes over the wire.
func Compare() []cmp.Option {
	return []cmp.Option{
		cmpopts.IgnoreTypes(middleware.Metadata{}),
		cmp.FilterPath(func(p cmp.Path) bool {
			field, ok := p.Last().(cmp.StructField)
			return ok && field.Name() == "noSmithyDocumentSerde"
		}, cmp.Ignore()),
	}
}

// Bind makes the Call of a Case from a client's method and an input.
func Bind[I, O, F any](method func(context.Context, *I, ...func(*F)) (*O, error), in *I) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) { return method(ctx, in) }
}
