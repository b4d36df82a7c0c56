package s3

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// maxPolicy is the limit of a bucket policy in bytes.
const maxPolicy = 20 << 10

func noSuchPolicy() error {
	return failure(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist")
}

func malformedPolicy(reason string) error { return wire.Errorf("MalformedPolicy", "%s", reason) }

func (s *S3) getPolicy(ctx context.Context, name string) (answer, error) {
	b, err := s.bucket(ctx, name)
	if err == nil && b.policy == "" {
		err = noSuchPolicy()
	}
	return answer{text: b.policy, header: http.Header{"Content-Type": {"application/json"}}}, err
}

func (s *S3) putPolicy(ctx context.Context, name string, body []byte) (answer, error) {
	return answer{status: http.StatusNoContent}, s.change(ctx, name, func(b *bucket) error {
		policy, err := checkPolicy(*b, body)
		if err != nil {
			return err
		}
		if policy.Public() && b.blocks(blockPublicPolicy) {
			return accessDenied()
		}
		b.policy = string(body)
		return nil
	})
}

// deletePolicy succeeds also where there is none.
func (s *S3) deletePolicy(ctx context.Context, name string) (answer, error) {
	return answer{status: http.StatusNoContent}, s.change(ctx, name, func(b *bucket) error {
		b.policy = ""
		return nil
	})
}

func (s *S3) getPolicyStatus(ctx context.Context, name string) (answer, error) {
	policy, _ := s.Policy(ctx, name)
	if policy == nil {
		return answer{}, noSuchPolicy()
	}
	return answer{root: "PolicyStatus", document: &types.PolicyStatus{IsPublic: aws.Bool(policy.Public())}}, nil
}

// checkPolicy parses a bucket policy and checks that it speaks of this bucket
// and of S3 only.
func checkPolicy(b bucket, body []byte) (*iampolicy.Policy, error) {
	if len(body) > maxPolicy {
		return nil, malformedPolicy("Policy document exceeds the maximum size of 20480 bytes")
	}
	if !strings.HasPrefix(string(body), "{") {
		return nil, malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	policy, err := iampolicy.Parse(body)
	if err == nil {
		err = policy.CheckResourcePolicy()
	}
	var syntax *iampolicy.SyntaxError
	if errors.As(err, &syntax) {
		return nil, malformedPolicy(syntax.Reason)
	}
	if err != nil {
		return nil, err
	}
	for _, statement := range policy.Statements {
		if err := checkStatement(b, statement); err != nil {
			return nil, err
		}
	}
	return policy, nil
}

func checkStatement(b bucket, statement iampolicy.Statement) error {
	resources := statement.Resources
	if len(resources) == 0 {
		resources = statement.NotResources
	}
	for _, resource := range resources {
		if !covers(b, resource) {
			return malformedPolicy("Policy has invalid resource")
		}
	}
	for _, action := range statement.Actions {
		service, name, _ := strings.Cut(action, ":")
		if action != "*" && !strings.EqualFold(service, "s3") {
			return malformedPolicy("Policy has invalid action")
		}
		if len(statement.Resources) > 0 && !appliesToAny(name, statement.Resources) {
			return malformedPolicy("Action does not apply to any resource(s) in statement")
		}
	}
	return nil
}

// covers tells whether a resource is the bucket, something in it, or a pattern
// that fits it.
func covers(b bucket, resource string) bool {
	if resource == "*" {
		return true
	}
	rest, ok := strings.CutPrefix(resource, "arn:aws:s3:::")
	if !ok {
		return false
	}
	name, _, _ := strings.Cut(rest, "/")
	prefix, _, pattern := strings.Cut(name, "*")
	return name == b.name || pattern && strings.HasPrefix(b.name, prefix)
}

// appliesToAny: actions on objects need a resource in the bucket, actions on
// the bucket need the bucket itself. Patterns may be either.
func appliesToAny(action string, resources []string) bool {
	if action == "" || strings.ContainsAny(action, "*?") {
		return true
	}
	for _, resource := range resources {
		name := strings.TrimPrefix(resource, "arn:aws:s3:::")
		if onObjects(action) == strings.Contains(name, "/") || strings.HasSuffix(name, "*") && !strings.Contains(name, "/") {
			return true
		}
	}
	return false
}

// onObjects tells the actions whose resource is an object (Service
// Authorization Reference, "Actions, resources, and condition keys for Amazon S3").
func onObjects(action string) bool {
	switch lower := strings.ToLower(action); lower {
	case "abortmultipartupload", "listmultipartuploadparts", "bypassgovernanceretention":
		return true
	default:
		return strings.Contains(lower, "object") && !strings.Contains(lower, "bucket")
	}
}
