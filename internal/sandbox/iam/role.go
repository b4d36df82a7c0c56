package iam

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

type role struct {
	arn, id, name, path string
	description         string
	hasDescription      bool
	created             time.Time
	session             int32 // seconds
	boundary            string
	trust               string            // policy document
	inline              map[string]string // policy documents by name
	attached            []string          // ARNs
	tags                map[string]string
	linkedTo            string // the service of a service-linked role
}

var (
	entityName = regexp.MustCompile(`^[\w+=,.@-]+$`)
	entityPath = regexp.MustCompile(`^/([!-~]+/)?$`)
)

// roleKey: names are unique without regard to case.
func roleKey(name string) string { return strings.ToLower(name) }

func (s *IAM) createRole(ctx context.Context, in *awsiam.CreateRoleInput) (*awsiam.CreateRoleOutput, error) {
	r, err := newRole(ctx, in)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.addRole(ctx, r); err != nil {
		return nil, err
	}
	out := r.describe()
	return &awsiam.CreateRoleOutput{Role: &out}, nil
}

func newRole(ctx context.Context, in *awsiam.CreateRoleInput) (role, error) {
	path := "/"
	if in.Path != nil {
		path = *in.Path
	}
	name := aws.ToString(in.RoleName)
	session := int32(3600)
	if in.MaxSessionDuration != nil {
		session = *in.MaxSessionDuration
	}
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return role{}, err
	}
	for _, err := range []error{
		checkName("roleName", name, 64), checkPath(path), checkSession(session), checkDescription(in.Description),
		checkTrust(aws.ToString(in.AssumeRolePolicyDocument)),
	} {
		if err != nil {
			return role{}, err
		}
	}
	if strings.HasPrefix(path, "/aws-service-role/") {
		return role{}, withStatus(403, "AccessDenied", "Cannot create a role in the reserved path %s", path)
	}
	call := wire.CallOf(ctx)
	return role{
		arn:         fmt.Sprintf("arn:aws:iam::%s:role%s%s", call.Account, path, name),
		id:          newID("AROA"),
		name:        name,
		path:        path,
		description: aws.ToString(in.Description), hasDescription: in.Description != nil,
		created:  call.Time.UTC().Truncate(time.Second),
		session:  session,
		boundary: aws.ToString(in.PermissionsBoundary),
		trust:    aws.ToString(in.AssumeRolePolicyDocument),
		tags:     tags,
	}, nil
}

func (s *IAM) addRole(ctx context.Context, r role) error {
	if _, exists := s.roles.GetIn(ctx, global, roleKey(r.name)); exists {
		return conflict("EntityAlreadyExists", "Role with name %s already exists.", r.name)
	}
	s.roles.PutIn(ctx, global, roleKey(r.name), r)
	return nil
}

func checkName(member, name string, limit int) error {
	if name == "" || len(name) > limit || !entityName.MatchString(name) {
		return validation("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length between 1 and %d", name, member, limit)
	}
	return nil
}

func checkPath(path string) error {
	if len(path) > 512 || !entityPath.MatchString(path) {
		return validation("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return nil
}

// checkSession: one to twelve hours.
func checkSession(seconds int32) error {
	if seconds < 3600 || seconds > 43200 {
		return validation("1 validation error detected: Value '%d' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200", seconds)
	}
	return nil
}

func checkDescription(description *string) error {
	if len([]rune(aws.ToString(description))) > 1000 {
		return validation("1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1000")
	}
	return nil
}

// describe gives the role as GetRole does.
func (r role) describe() types.Role {
	out := r.summary()
	out.RoleLastUsed = &types.RoleLastUsed{}
	if len(r.tags) > 0 {
		out.Tags = tagList(r.tags)
	}
	if r.boundary != "" {
		out.PermissionsBoundary = &types.AttachedPermissionsBoundary{
			PermissionsBoundaryArn: aws.String(r.boundary), PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy,
		}
	}
	return out
}

// summary gives the role as ListRoles does: without tags, boundary and last use.
func (r role) summary() types.Role {
	out := types.Role{
		Arn: aws.String(r.arn), RoleId: aws.String(r.id), RoleName: aws.String(r.name), Path: aws.String(r.path),
		CreateDate: aws.Time(r.created), MaxSessionDuration: aws.Int32(r.session),
		AssumeRolePolicyDocument: aws.String(encodeDocument(r.trust)),
	}
	if r.hasDescription {
		out.Description = aws.String(r.description)
	}
	return out
}

func (s *IAM) getRole(ctx context.Context, in *awsiam.GetRoleInput) (*awsiam.GetRoleOutput, error) {
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	out := r.describe()
	return &awsiam.GetRoleOutput{Role: &out}, nil
}

func (s *IAM) listRoles(ctx context.Context, in *awsiam.ListRolesInput) (*awsiam.ListRolesOutput, error) {
	var roles []types.Role
	for _, r := range s.roles.ListIn(ctx, global) {
		if strings.HasPrefix(r.path, aws.ToString(in.PathPrefix)) {
			roles = append(roles, r.summary())
		}
	}
	p, err := paged(roles, in.Marker, in.MaxItems)
	return &awsiam.ListRolesOutput{Roles: p.items, Marker: p.marker, IsTruncated: p.truncated}, err
}

func (s *IAM) updateRole(ctx context.Context, in *awsiam.UpdateRoleInput) (*awsiam.UpdateRoleOutput, error) {
	return &awsiam.UpdateRoleOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		if in.MaxSessionDuration != nil {
			r.session = *in.MaxSessionDuration
		}
		r.description, r.hasDescription = aws.ToString(in.Description), in.Description != nil
		if err := checkDescription(in.Description); err != nil {
			return err
		}
		return checkSession(r.session)
	})
}

func (s *IAM) updateRoleDescription(ctx context.Context, in *awsiam.UpdateRoleDescriptionInput) (*awsiam.UpdateRoleDescriptionOutput, error) {
	var changed types.Role
	err := s.changeRole(ctx, in.RoleName, func(r *role) error {
		r.description, r.hasDescription = aws.ToString(in.Description), true
		changed = r.describe()
		return checkDescription(in.Description)
	})
	return &awsiam.UpdateRoleDescriptionOutput{Role: &changed}, err
}

func (s *IAM) updateAssumeRolePolicy(ctx context.Context, in *awsiam.UpdateAssumeRolePolicyInput) (*awsiam.UpdateAssumeRolePolicyOutput, error) {
	return &awsiam.UpdateAssumeRolePolicyOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		r.trust = aws.ToString(in.PolicyDocument)
		return checkTrust(r.trust)
	})
}

func (s *IAM) deleteRole(ctx context.Context, in *awsiam.DeleteRoleInput) (*awsiam.DeleteRoleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.modifiable(ctx, in.RoleName)
	switch {
	case err != nil:
		return nil, err
	case len(r.attached) > 0:
		return nil, conflict("DeleteConflict", "Cannot delete entity, must detach all policies first.")
	case len(r.inline) > 0:
		return nil, conflict("DeleteConflict", "Cannot delete entity, must delete policies first.")
	}
	s.roles.DeleteIn(ctx, global, roleKey(r.name))
	return &awsiam.DeleteRoleOutput{}, nil
}

func (s *IAM) tagRole(ctx context.Context, in *awsiam.TagRoleInput) (*awsiam.TagRoleOutput, error) {
	return &awsiam.TagRoleOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) (err error) {
		r.tags, err = withTags(r.tags, in.Tags)
		return err
	})
}

func (s *IAM) untagRole(ctx context.Context, in *awsiam.UntagRoleInput) (*awsiam.UntagRoleOutput, error) {
	return &awsiam.UntagRoleOutput{}, s.changeRole(ctx, in.RoleName, func(r *role) error {
		r.tags = withoutTags(r.tags, in.TagKeys)
		return nil
	})
}

func (s *IAM) listRoleTags(ctx context.Context, in *awsiam.ListRoleTagsInput) (*awsiam.ListRoleTagsOutput, error) {
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	p, err := paged(tagList(r.tags), in.Marker, in.MaxItems)
	return &awsiam.ListRoleTagsOutput{Tags: p.items, Marker: p.marker, IsTruncated: p.truncated}, err
}

// listInstanceProfilesForRole: there are no instance profiles here.
func (s *IAM) listInstanceProfilesForRole(ctx context.Context, in *awsiam.ListInstanceProfilesForRoleInput) (*awsiam.ListInstanceProfilesForRoleOutput, error) {
	if _, err := s.role(ctx, in.RoleName); err != nil {
		return nil, err
	}
	return &awsiam.ListInstanceProfilesForRoleOutput{InstanceProfiles: []types.InstanceProfile{}}, nil
}

func (s *IAM) role(ctx context.Context, name *string) (role, error) {
	if err := checkName("roleName", aws.ToString(name), 64); err != nil {
		return role{}, err
	}
	r, ok := s.roles.GetIn(ctx, global, roleKey(*name))
	if !ok {
		return role{}, noSuchEntity("The role with name %s cannot be found.", *name)
	}
	return r, nil
}

// modifiable gives the role unless it belongs to a service.
func (s *IAM) modifiable(ctx context.Context, name *string) (role, error) {
	r, err := s.role(ctx, name)
	if err == nil && r.linkedTo != "" {
		err = wire.Errorf("UnmodifiableEntity", "Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS", r.name)
	}
	return r, err
}

// changeRole keeps what change makes of a copy of the role.
func (s *IAM) changeRole(ctx context.Context, name *string, change func(*role) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.modifiable(ctx, name)
	if err != nil {
		return err
	}
	r.inline, r.attached = maps.Clone(r.inline), slices.Clone(r.attached)
	if err := change(&r); err != nil {
		return err
	}
	s.roles.PutIn(ctx, global, roleKey(r.name), r)
	return nil
}
