package iam

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

func (s *IAM) createPolicyVersion(ctx context.Context, in *awsiam.CreatePolicyVersionInput) (*awsiam.CreatePolicyVersionOutput, error) {
	document := aws.ToString(in.PolicyDocument)
	if err := checkIdentity(document); err != nil {
		return nil, err
	}
	var made types.PolicyVersion
	err := s.changePolicy(ctx, in.PolicyArn, func(p *policy) error {
		if len(p.versions) >= maxVersions {
			return conflict("LimitExceeded", "A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxVersions)
		}
		v := version{id: versionID(p.next), document: document, created: wire.CallOf(ctx).Time.UTC().Truncate(time.Second)}
		p.versions, p.next, p.updated = append(p.versions, v), p.next+1, v.created
		if in.SetAsDefault {
			p.current = v.id
		}
		made = p.describeVersion(v)
		return nil
	})
	return &awsiam.CreatePolicyVersionOutput{PolicyVersion: &made}, err
}

// describeVersion gives the version as the lists do, without its document.
func (p policy) describeVersion(v version) types.PolicyVersion {
	return types.PolicyVersion{VersionId: aws.String(v.id), IsDefaultVersion: v.id == p.current, CreateDate: aws.Time(v.created)}
}

func (s *IAM) getPolicyVersion(ctx context.Context, in *awsiam.GetPolicyVersionInput) (*awsiam.GetPolicyVersionOutput, error) {
	p, err := s.policy(ctx, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	v, ok := p.version(aws.ToString(in.VersionId))
	if !ok {
		return nil, noSuchVersion(p.arn, in.VersionId)
	}
	out := p.describeVersion(v)
	out.Document = aws.String(encodeDocument(v.document))
	return &awsiam.GetPolicyVersionOutput{PolicyVersion: &out}, nil
}

func noSuchVersion(arn string, id *string) error {
	return noSuchEntity("Policy %s version %s does not exist or is not attachable.", arn, aws.ToString(id))
}

// listPolicyVersions lists the newest first.
func (s *IAM) listPolicyVersions(ctx context.Context, in *awsiam.ListPolicyVersionsInput) (*awsiam.ListPolicyVersionsOutput, error) {
	p, err := s.policy(ctx, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	var versions []types.PolicyVersion
	for _, v := range slices.Backward(p.versions) {
		versions = append(versions, p.describeVersion(v))
	}
	listed, err := paged(versions, in.Marker, in.MaxItems)
	return &awsiam.ListPolicyVersionsOutput{Versions: listed.items, Marker: listed.marker, IsTruncated: listed.truncated}, err
}

func (s *IAM) deletePolicyVersion(ctx context.Context, in *awsiam.DeletePolicyVersionInput) (*awsiam.DeletePolicyVersionOutput, error) {
	return &awsiam.DeletePolicyVersionOutput{}, s.changePolicy(ctx, in.PolicyArn, func(p *policy) error {
		id := aws.ToString(in.VersionId)
		at := slices.IndexFunc(p.versions, func(v version) bool { return v.id == id })
		switch {
		case at < 0:
			return noSuchVersion(p.arn, in.VersionId)
		case id == p.current:
			return conflict("DeleteConflict", "Cannot delete the default version of a policy.")
		}
		p.versions = slices.Delete(p.versions, at, at+1)
		return nil
	})
}

func (s *IAM) setDefaultPolicyVersion(ctx context.Context, in *awsiam.SetDefaultPolicyVersionInput) (*awsiam.SetDefaultPolicyVersionOutput, error) {
	return &awsiam.SetDefaultPolicyVersionOutput{}, s.changePolicy(ctx, in.PolicyArn, func(p *policy) error {
		if _, ok := p.version(aws.ToString(in.VersionId)); !ok {
			return noSuchVersion(p.arn, in.VersionId)
		}
		p.current = *in.VersionId
		return nil
	})
}
