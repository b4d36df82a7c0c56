// Package s3 is Amazon S3. Objects are kept by gofakes3; buckets and all that
// S3 keeps beside their objects (policy, encryption, versioning, public access
// block, tags, ACL and so on) are this package's, with S3's defaults for new
// buckets since April 2023: encrypted, public access blocked, no ACLs.
//
// Requests address buckets by path (http://host/bucket/key).
package s3

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// S3 holds the buckets of the account. Their names are global: the tables use
// the empty Region.
type S3 struct {
	mu      sync.Mutex // held by calls that read and then write
	buckets store.Table[bucket]
	memory  *s3mem.Backend
	objects http.Handler
}

// global is the Region under which the table keeps all buckets.
const global = ""

// New makes an S3 without buckets. now is the clock of objects.
func New(now func() time.Time) *S3 {
	source := clock{now}
	memory := s3mem.New(s3mem.WithTimeSource(source))
	server := gofakes3.New(memory, gofakes3.WithTimeSource(source), gofakes3.WithTimeSkewLimit(0), gofakes3.WithLogger(gofakes3.DiscardLog()))
	return &S3{memory: memory, objects: server.Server()}
}

// clock is a time source for gofakes3.
type clock struct{ now func() time.Time }

// Now gives the time.
func (c clock) Now() time.Time { return c.now() }

// Since gives the time since then.
func (c clock) Since(then time.Time) time.Duration { return c.now().Sub(then) }

// Service describes the API; S3 reads and writes HTTP by itself.
func (s *S3) Service() *wire.Service {
	return &wire.Service{SigningName: "s3", EventSource: "s3.amazonaws.com", Raw: s}
}

// Policy gives the policy of a bucket (nil without one), and whether the bucket exists.
func (s *S3) Policy(ctx context.Context, name string) (*iampolicy.Policy, bool) {
	b, ok := s.buckets.GetIn(ctx, global, name)
	if !ok || b.policy == "" {
		return nil, ok
	}
	policy, err := iampolicy.Parse([]byte(b.policy))
	if err != nil {
		return nil, true // policies are parsed before they are kept
	}
	return policy, true
}

// Resources lists the ARNs of the buckets.
func (s *S3) Resources(ctx context.Context) []string {
	var arns []string
	for _, b := range s.buckets.ListIn(ctx, global) {
		arns = append(arns, b.arn())
	}
	return arns
}

func failure(status int, code, format string, args ...any) *wire.Error {
	e := wire.Errorf(code, format, args...)
	e.Status = status
	return e
}

func noSuchBucket() *wire.Error {
	return failure(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
}

func accessDenied() *wire.Error {
	return failure(http.StatusForbidden, "AccessDenied", "Access Denied")
}

func malformedXML() *wire.Error {
	return wire.Errorf("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}
