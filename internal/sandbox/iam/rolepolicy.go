package iam

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	maxInline   = 10240 // characters of all inline policies of a role, white space not counted
	maxAttached = 10    // managed policies of a role (default quota)
)

func (s *IAM) putRolePolicy(ctx context.Context, in *awsiam.PutRolePolicyInput) (*awsiam.PutRolePolicyOutput, error) {
	name, document := aws.ToString(in.PolicyName), aws.ToString(in.PolicyDocument)
	if err := checkName("policyName", name, 128); err != nil {
		return nil, err
	}
	return &awsiam.PutRolePolicyOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		if err := checkIdentity(document); err != nil {
			return err
		}
		if r.inline == nil {
			r.inline = map[string]string{}
		}
		r.inline[name] = document
		total := 0
		for _, one := range r.inline {
			total += len(strings.Join(strings.Fields(one), ""))
		}
		if total > maxInline {
			return conflict("LimitExceeded", "Maximum policy size of %d bytes exceeded for role %s", maxInline, r.name)
		}
		return nil
	})
}

func (s *IAM) getRolePolicy(ctx context.Context, in *awsiam.GetRolePolicyInput) (*awsiam.GetRolePolicyOutput, error) {
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	document, ok := r.inline[aws.ToString(in.PolicyName)]
	if !ok {
		return nil, noSuchRolePolicy(in.PolicyName)
	}
	return &awsiam.GetRolePolicyOutput{RoleName: &r.name, PolicyName: in.PolicyName, PolicyDocument: aws.String(encodeDocument(document))}, nil
}

func noSuchRolePolicy(name *string) error {
	return noSuchEntity("The role policy with name %s cannot be found.", aws.ToString(name))
}

func (s *IAM) listRolePolicies(ctx context.Context, in *awsiam.ListRolePoliciesInput) (*awsiam.ListRolePoliciesOutput, error) {
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	p, err := paged(slices.Sorted(maps.Keys(r.inline)), in.Marker, in.MaxItems)
	return &awsiam.ListRolePoliciesOutput{PolicyNames: p.items, Marker: p.marker, IsTruncated: p.truncated}, err
}

func (s *IAM) deleteRolePolicy(ctx context.Context, in *awsiam.DeleteRolePolicyInput) (*awsiam.DeleteRolePolicyOutput, error) {
	return &awsiam.DeleteRolePolicyOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		if _, ok := r.inline[aws.ToString(in.PolicyName)]; !ok {
			return noSuchRolePolicy(in.PolicyName)
		}
		delete(r.inline, *in.PolicyName)
		return nil
	})
}

// attachRolePolicy succeeds also where the policy is attached already.
func (s *IAM) attachRolePolicy(ctx context.Context, in *awsiam.AttachRolePolicyInput) (*awsiam.AttachRolePolicyOutput, error) {
	arn := aws.ToString(in.PolicyArn)
	return &awsiam.AttachRolePolicyOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		if err := checkPolicyARN(arn); err != nil {
			return err
		}
		if _, ok := s.findPolicy(ctx, arn); !ok {
			return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
		}
		if slices.Contains(r.attached, arn) {
			return nil
		}
		if len(r.attached) >= maxAttached {
			return conflict("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: %d", maxAttached)
		}
		r.attached = append(r.attached, arn)
		return nil
	})
}

func (s *IAM) detachRolePolicy(ctx context.Context, in *awsiam.DetachRolePolicyInput) (*awsiam.DetachRolePolicyOutput, error) {
	arn := aws.ToString(in.PolicyArn)
	return &awsiam.DetachRolePolicyOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		at := slices.Index(r.attached, arn)
		if at < 0 {
			return noSuchEntity("Policy %s was not found.", arn)
		}
		r.attached = slices.Delete(r.attached, at, at+1)
		return nil
	})
}

func (s *IAM) listAttachedRolePolicies(ctx context.Context, in *awsiam.ListAttachedRolePoliciesInput) (*awsiam.ListAttachedRolePoliciesOutput, error) {
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	var attached []types.AttachedPolicy
	for _, arn := range r.attached {
		if p, ok := s.findPolicy(ctx, arn); ok && strings.HasPrefix(p.path, aws.ToString(in.PathPrefix)) {
			attached = append(attached, types.AttachedPolicy{PolicyArn: aws.String(arn), PolicyName: aws.String(p.name)})
		}
	}
	p, err := paged(attached, in.Marker, in.MaxItems)
	return &awsiam.ListAttachedRolePoliciesOutput{AttachedPolicies: p.items, Marker: p.marker, IsTruncated: p.truncated}, err
}
