package iam

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// policy is a managed policy with its versions, oldest first.
type policy struct {
	arn, id, name, path string
	description         string
	created, updated    time.Time
	versions            []version
	current             string // id of the default version
	next                int    // number of the next version
	tags                map[string]string
}

type version struct {
	id, document string
	created      time.Time
}

// maxVersions is how many versions a policy may keep.
const maxVersions = 5

// document gives the default version's document.
func (p policy) document() string {
	v, _ := p.version(p.current)
	return v.document
}

func (p policy) version(id string) (version, bool) {
	for _, v := range p.versions {
		if v.id == id {
			return v, true
		}
	}
	return version{}, false
}

func (s *IAM) createPolicy(ctx context.Context, in *awsiam.CreatePolicyInput) (*awsiam.CreatePolicyOutput, error) {
	path := "/"
	if in.Path != nil {
		path = *in.Path
	}
	name, document := aws.ToString(in.PolicyName), aws.ToString(in.PolicyDocument)
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	for _, err := range []error{checkName("policyName", name, 128), checkPath(path), checkDescription(in.Description), checkIdentity(document)} {
		if err != nil {
			return nil, err
		}
	}
	call := wire.CallOf(ctx)
	now := call.Time.UTC().Truncate(time.Second)
	p := policy{
		arn: fmt.Sprintf("arn:aws:iam::%s:policy%s%s", call.Account, path, name), id: newID("ANPA"), name: name, path: path,
		description: aws.ToString(in.Description), created: now, updated: now,
		versions: []version{{id: "v1", document: document, created: now}}, current: "v1", next: 2, tags: tags,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.policies.ListIn(ctx, global) {
		if strings.EqualFold(other.name, name) {
			return nil, conflict("EntityAlreadyExists", "A policy called %s already exists. Duplicate names are not allowed.", name)
		}
	}
	s.policies.PutIn(ctx, global, p.arn, p)
	out := p.describe(0)
	out.Tags = tagsOrNone(tags)
	return &awsiam.CreatePolicyOutput{Policy: &out}, nil
}

func (p policy) describe(attachments int) types.Policy {
	return types.Policy{
		Arn: aws.String(p.arn), PolicyId: aws.String(p.id), PolicyName: aws.String(p.name), Path: aws.String(p.path),
		AttachmentCount: aws.Int32(int32(attachments)), PermissionsBoundaryUsageCount: aws.Int32(0),
		CreateDate: aws.Time(p.created), UpdateDate: aws.Time(p.updated),
		DefaultVersionId: aws.String(p.current), IsAttachable: true,
	}
}

func (s *IAM) getPolicy(ctx context.Context, in *awsiam.GetPolicyInput) (*awsiam.GetPolicyOutput, error) {
	p, err := s.policy(ctx, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := p.describe(len(s.attachments(ctx, p.arn)))
	out.Tags = tagsOrNone(p.tags)
	if p.description != "" {
		out.Description = aws.String(p.description)
	}
	return &awsiam.GetPolicyOutput{Policy: &out}, nil
}

func (s *IAM) listPolicies(ctx context.Context, in *awsiam.ListPoliciesInput) (*awsiam.ListPoliciesOutput, error) {
	var all []policy
	if in.Scope != types.PolicyScopeTypeLocal {
		all = append(all, awsManaged()...)
	}
	if in.Scope != types.PolicyScopeTypeAws {
		all = append(all, s.policies.ListIn(ctx, global)...)
	}
	var policies []types.Policy
	for _, p := range all {
		attachments := len(s.attachments(ctx, p.arn))
		if in.OnlyAttached && attachments == 0 || !strings.HasPrefix(p.path, aws.ToString(in.PathPrefix)) {
			continue
		}
		policies = append(policies, p.describe(attachments))
	}
	listed, err := paged(policies, in.Marker, in.MaxItems)
	return &awsiam.ListPoliciesOutput{Policies: listed.items, Marker: listed.marker, IsTruncated: listed.truncated}, err
}

func (s *IAM) deletePolicy(ctx context.Context, in *awsiam.DeletePolicyInput) (*awsiam.DeletePolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.ownPolicy(ctx, in.PolicyArn)
	switch {
	case err != nil:
		return nil, err
	case len(s.attachments(ctx, p.arn)) > 0:
		return nil, conflict("DeleteConflict", "Cannot delete a policy attached to entities.")
	case len(p.versions) > 1:
		return nil, conflict("DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	s.policies.DeleteIn(ctx, global, p.arn)
	return &awsiam.DeletePolicyOutput{}, nil
}

func (s *IAM) listEntitiesForPolicy(ctx context.Context, in *awsiam.ListEntitiesForPolicyInput) (*awsiam.ListEntitiesForPolicyOutput, error) {
	p, err := s.policy(ctx, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListEntitiesForPolicyOutput{PolicyGroups: []types.PolicyGroup{}, PolicyUsers: []types.PolicyUser{}, PolicyRoles: []types.PolicyRole{}}
	for _, r := range s.attachments(ctx, p.arn) {
		out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleId: aws.String(r.id), RoleName: aws.String(r.name)})
	}
	return out, nil
}

func (s *IAM) tagPolicy(ctx context.Context, in *awsiam.TagPolicyInput) (*awsiam.TagPolicyOutput, error) {
	return &awsiam.TagPolicyOutput{}, s.changePolicy(ctx, in.PolicyArn, func(p *policy) (err error) {
		p.tags, err = withTags(p.tags, in.Tags)
		return err
	})
}

func (s *IAM) untagPolicy(ctx context.Context, in *awsiam.UntagPolicyInput) (*awsiam.UntagPolicyOutput, error) {
	return &awsiam.UntagPolicyOutput{}, s.changePolicy(ctx, in.PolicyArn, func(p *policy) error {
		p.tags = withoutTags(p.tags, in.TagKeys)
		return nil
	})
}

func (s *IAM) listPolicyTags(ctx context.Context, in *awsiam.ListPolicyTagsInput) (*awsiam.ListPolicyTagsOutput, error) {
	p, err := s.policy(ctx, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	listed, err := paged(tagList(p.tags), in.Marker, in.MaxItems)
	return &awsiam.ListPolicyTagsOutput{Tags: listed.items, Marker: listed.marker, IsTruncated: listed.truncated}, err
}

// attachments gives the roles that a policy is attached to.
func (s *IAM) attachments(ctx context.Context, arn string) []role {
	var roles []role
	for _, r := range s.roles.ListIn(ctx, global) {
		if slices.Contains(r.attached, arn) {
			roles = append(roles, r)
		}
	}
	return roles
}

// findPolicy gives a customer's or one of AWS's policies.
func (s *IAM) findPolicy(ctx context.Context, arn string) (policy, bool) {
	for _, p := range awsManaged() {
		if p.arn == arn {
			return p, true
		}
	}
	return s.policies.GetIn(ctx, global, arn)
}

func (s *IAM) policy(ctx context.Context, arn *string) (policy, error) {
	if err := checkPolicyARN(aws.ToString(arn)); err != nil {
		return policy{}, err
	}
	p, ok := s.findPolicy(ctx, *arn)
	if !ok {
		return policy{}, noSuchEntity("Policy %s was not found.", *arn)
	}
	return p, nil
}

// ownPolicy gives the policy unless it is one of AWS's.
func (s *IAM) ownPolicy(ctx context.Context, arn *string) (policy, error) {
	p, err := s.policy(ctx, arn)
	if err == nil && strings.HasPrefix(p.arn, awsPolicyPrefix) {
		err = withStatus(403, "AccessDenied", "User: %s is not authorized to perform: iam:%s on resource: policy %s",
			CallerARN(wire.CallOf(ctx).Account), wire.CallOf(ctx).Operation, p.arn)
	}
	return p, err
}

// changePolicy keeps what change makes of a copy of the policy.
func (s *IAM) changePolicy(ctx context.Context, arn *string, change func(*policy) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.ownPolicy(ctx, arn)
	if err != nil {
		return err
	}
	p.versions, p.tags = slices.Clone(p.versions), maps.Clone(p.tags)
	if err := change(&p); err != nil {
		return err
	}
	s.policies.PutIn(ctx, global, p.arn, p)
	return nil
}

func checkPolicyARN(arn string) error {
	if len(arn) < 20 || len(arn) > 2048 || !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":policy/") {
		return wire.Errorf("InvalidInput", "ARN %s is not valid.", arn)
	}
	return nil
}

func versionID(number int) string { return "v" + strconv.Itoa(number) }
