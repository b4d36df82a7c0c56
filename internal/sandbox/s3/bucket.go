package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

type bucket struct {
	name, region, account string
	created               time.Time
	policy                string // document; empty without one
	// documents by the query of their subresource: SDK types, as PUT or the defaults left them.
	documents map[string]any
	// transitionSize is the header that goes with the lifecycle configuration.
	transitionSize string
}

func (b bucket) arn() string { return "arn:aws:s3:::" + b.name }

// canonicalID stands for the account in ACLs: 64 hexadecimal digits.
func (b bucket) canonicalID() string { return canonicalID(b.account) }

func canonicalID(account string) string {
	sum := sha256.Sum256([]byte(account))
	return hex.EncodeToString(sum[:])
}

func (s *S3) createBucket(ctx context.Context, header http.Header, name string, body []byte) (answer, error) {
	if err := checkName(name); err != nil {
		return answer{}, err
	}
	var in types.CreateBucketConfiguration
	if len(body) > 0 {
		if err := (wire.RESTXML{Names: names}).Decode(body, "CreateBucketConfiguration", &in); err != nil {
			return answer{}, err
		}
	}
	call := wire.CallOf(ctx)
	region, err := regionFor(call.Region, string(in.LocationConstraint))
	if err != nil {
		return answer{}, err
	}
	b := bucket{name: name, region: region, account: call.Account, created: call.Time.UTC().Truncate(time.Second)}
	if err := b.setDefaults(ctx, header, in.Tags); err != nil {
		return answer{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if existing, ok := s.buckets.GetIn(ctx, global, name); ok {
		// In us-east-1 creating one's own bucket again is no error.
		if region == "us-east-1" && existing.region == region {
			return answer{header: http.Header{"Location": {"/" + name}}}, nil
		}
		return answer{}, failure(http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
	}
	if err := s.memory.CreateBucket(name); err != nil {
		return answer{}, err
	}
	if err := s.keep(ctx, b); err != nil {
		return answer{}, err
	}
	return answer{header: http.Header{"Location": {"/" + name}}}, nil
}

// regionFor gives the Region of a new bucket from the endpoint that was asked
// and the constraint in the request.
func regionFor(endpoint, constraint string) (string, error) {
	if constraint == "EU" {
		constraint = "eu-west-1"
	}
	switch {
	case constraint == "us-east-1":
		return "", wire.Errorf("InvalidLocationConstraint", "The specified location-constraint is not valid")
	case endpoint == "us-east-1" && constraint == "":
		return "us-east-1", nil
	case endpoint == "us-east-1" || endpoint == constraint:
		return constraint, nil
	case constraint == "":
		constraint = "unspecified"
	}
	return "", wire.Errorf("IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", constraint)
}

// bucketName: letters, digits, hyphens, dots between labels (S3 User Guide,
// "General purpose bucket naming rules").
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$`)

var ipAddress = regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`)

func checkName(name string) error {
	invalid := wire.Errorf("InvalidBucketName", "The specified bucket is not valid.")
	if len(name) < 3 || len(name) > 63 || !bucketName.MatchString(name) || ipAddress.MatchString(name) || strings.HasSuffix(name, "-") {
		return invalid
	}
	for _, label := range strings.Split(name, ".") {
		if strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return invalid
		}
	}
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, prefix) {
			return invalid
		}
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return invalid
		}
	}
	return nil
}

func (s *S3) headBucket(ctx context.Context, name string) (answer, error) {
	b, err := s.bucket(ctx, name)
	return answer{header: http.Header{"X-Amz-Bucket-Region": {b.region}, "X-Amz-Access-Point-Alias": {"false"}}}, err
}

func (s *S3) deleteBucket(ctx context.Context, name string) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.bucket(ctx, name); err != nil {
		return answer{}, err
	}
	if err := s.memory.DeleteBucket(name); err != nil {
		return answer{}, failure(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty")
	}
	s.buckets.DeleteIn(ctx, global, name)
	return answer{status: http.StatusNoContent}, nil
}

func (s *S3) getLocation(ctx context.Context, name string) (answer, error) {
	b, err := s.bucket(ctx, name)
	region := b.region
	if region == "us-east-1" {
		region = "" // the oldest Region has no name here
	}
	return answer{
		text:   `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<LocationConstraint xmlns="` + namespace + `">` + region + `</LocationConstraint>`,
		header: http.Header{"Content-Type": {"application/xml"}},
	}, err
}

func (s *S3) listBuckets(ctx context.Context, query url.Values) (answer, error) {
	size := 10000
	if text := query.Get("max-buckets"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil || size < 1 || size > 10000 {
			return answer{}, wire.Errorf("InvalidArgument", "Argument max-buckets must be an integer between 1 and 10000")
		}
	}
	var wanted []bucket
	for _, b := range s.buckets.ListIn(ctx, global) {
		region := query.Get("bucket-region")
		if strings.HasPrefix(b.name, query.Get("prefix")) && (region == "" || region == b.region) {
			wanted = append(wanted, b)
		}
	}
	listed, next, err := page.Of(wanted, query.Get("continuation-token"), size)
	if err != nil {
		return answer{}, wire.Errorf("InvalidArgument", "The continuation token provided is incorrect")
	}
	out := &awss3.ListBucketsOutput{Owner: owner(wire.CallOf(ctx).Account), Buckets: []types.Bucket{}}
	if next != "" {
		out.ContinuationToken = &next
	}
	for _, b := range listed {
		entry := types.Bucket{Name: aws.String(b.name), CreationDate: aws.Time(b.created)}
		if query.Has("max-buckets") || query.Has("bucket-region") {
			entry.BucketRegion = aws.String(b.region)
		}
		out.Buckets = append(out.Buckets, entry)
	}
	return answer{root: "ListAllMyBucketsResult", document: out}, nil
}

func owner(account string) *types.Owner { return &types.Owner{ID: aws.String(canonicalID(account))} }

func (s *S3) bucket(ctx context.Context, name string) (bucket, error) {
	b, ok := s.buckets.GetIn(ctx, global, name)
	if !ok {
		return bucket{}, noSuchBucket()
	}
	return b, nil
}

// change keeps what change makes of a copy of the bucket.
func (s *S3) change(ctx context.Context, name string, change func(*bucket) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bucket(ctx, name)
	if err != nil {
		return err
	}
	b.documents = maps.Clone(b.documents)
	if err := change(&b); err != nil {
		return err
	}
	return s.keep(ctx, b)
}
