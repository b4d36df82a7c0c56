// Package iam is AWS IAM as far as services need it: roles with their trust
// policies, inline and managed policies, service-linked roles, tags. IAM is
// global: the Region of a call does not matter.
package iam

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"sync"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// IAM holds roles and customer managed policies.
type IAM struct {
	mu       sync.Mutex // held by calls that read and then write
	roles    store.Table[role]
	policies store.Table[policy]
}

// global is the Region under which the tables keep everything.
const global = ""

// New makes an IAM without roles.
func New() *IAM { return &IAM{} }

// Service describes the API.
func (s *IAM) Service() *wire.Service {
	return &wire.Service{
		SigningName:  "iam",
		EventSource:  "iam.amazonaws.com",
		Version:      "2010-05-08",
		XMLNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
		Query:        wire.Query{},
		Resources:    map[string]string{"RoleName": "AWS::IAM::Role", "PolicyArn": "AWS::IAM::Policy"},
		Operations: wire.Operations(append(append(s.roleOperations(), s.rolePolicyOperations()...),
			append(s.policyOperations(), wire.Op("GetUser", s.getUser))...)...),
	}
}

func (s *IAM) roleOperations() []wire.Operation {
	return []wire.Operation{
		wire.Op("CreateRole", s.createRole),
		wire.Op("GetRole", s.getRole),
		wire.Op("ListRoles", s.listRoles),
		wire.Op("UpdateRole", s.updateRole),
		wire.Op("UpdateRoleDescription", s.updateRoleDescription),
		wire.Op("UpdateAssumeRolePolicy", s.updateAssumeRolePolicy),
		wire.Op("DeleteRole", s.deleteRole),
		wire.Op("TagRole", s.tagRole),
		wire.Op("UntagRole", s.untagRole),
		wire.Op("ListRoleTags", s.listRoleTags),
		wire.Op("ListInstanceProfilesForRole", s.listInstanceProfilesForRole),
		wire.Op("CreateServiceLinkedRole", s.createServiceLinkedRole),
		wire.Op("DeleteServiceLinkedRole", s.deleteServiceLinkedRole),
		wire.Op("GetServiceLinkedRoleDeletionStatus", s.getServiceLinkedRoleDeletionStatus),
	}
}

func (s *IAM) rolePolicyOperations() []wire.Operation {
	return []wire.Operation{
		wire.Op("PutRolePolicy", s.putRolePolicy),
		wire.Op("GetRolePolicy", s.getRolePolicy),
		wire.Op("ListRolePolicies", s.listRolePolicies),
		wire.Op("DeleteRolePolicy", s.deleteRolePolicy),
		wire.Op("AttachRolePolicy", s.attachRolePolicy),
		wire.Op("DetachRolePolicy", s.detachRolePolicy),
		wire.Op("ListAttachedRolePolicies", s.listAttachedRolePolicies),
	}
}

func (s *IAM) policyOperations() []wire.Operation {
	return []wire.Operation{
		wire.Op("CreatePolicy", s.createPolicy),
		wire.Op("GetPolicy", s.getPolicy),
		wire.Op("ListPolicies", s.listPolicies),
		wire.Op("DeletePolicy", s.deletePolicy),
		wire.Op("CreatePolicyVersion", s.createPolicyVersion),
		wire.Op("GetPolicyVersion", s.getPolicyVersion),
		wire.Op("ListPolicyVersions", s.listPolicyVersions),
		wire.Op("DeletePolicyVersion", s.deletePolicyVersion),
		wire.Op("SetDefaultPolicyVersion", s.setDefaultPolicyVersion),
		wire.Op("ListEntitiesForPolicy", s.listEntitiesForPolicy),
		wire.Op("TagPolicy", s.tagPolicy),
		wire.Op("UntagPolicy", s.untagPolicy),
		wire.Op("ListPolicyTags", s.listPolicyTags),
	}
}

// Role is what other services may know of a role.
type Role struct {
	ARN string
	ID  string // AROA...
	// MaxSession is how long a session of the role may last, in seconds.
	MaxSession int32
	Trust      *iampolicy.Policy
	Policies   []*iampolicy.Policy // inline and attached
}

// Role gives the role of an ARN.
func (s *IAM) Role(ctx context.Context, arn string) (Role, bool) {
	r, ok := s.roles.GetIn(ctx, global, roleKey(arn[strings.LastIndex(arn, "/")+1:]))
	if !ok || r.arn != arn {
		return Role{}, false
	}
	known := Role{ARN: r.arn, ID: r.id, MaxSession: r.session, Trust: parsed(r.trust)}
	for _, document := range r.inline {
		known.Policies = append(known.Policies, parsed(document))
	}
	for _, arn := range r.attached {
		if p, ok := s.findPolicy(ctx, arn); ok {
			known.Policies = append(known.Policies, parsed(p.document()))
		}
	}
	return known, true
}

// parsed reads a document that was checked before it was kept.
func parsed(document string) *iampolicy.Policy {
	p, err := iampolicy.Parse([]byte(document))
	if err != nil {
		return nil // a nil policy allows nothing
	}
	return p
}

// Trusts reports whether a service ("cloudtrail.amazonaws.com") may assume
// the role. context holds what the service says of itself, such as "aws:SourceArn".
func (r Role) Trusts(service string, context map[string]string) bool {
	return r.Trust.Allows(iampolicy.Request{Principal: service, Action: "sts:AssumeRole", Resource: r.ARN, Context: context})
}

// Allows reports whether the role's policies let it do that: one allows it,
// and none denies it.
func (r Role) Allows(action, resource string, context map[string]string) bool {
	allowed := false
	for _, p := range r.Policies {
		switch p.Decide(iampolicy.Request{Principal: r.ARN, Action: action, Resource: resource, Context: context}) {
		case iampolicy.ExplicitDeny:
			return false
		case iampolicy.Allow:
			allowed = true
		}
	}
	return allowed
}

// Resources lists the ARNs of what exists.
func (s *IAM) Resources(ctx context.Context) []string {
	var arns []string
	for _, r := range s.roles.ListIn(ctx, global) {
		arns = append(arns, r.arn)
	}
	for _, p := range s.policies.ListIn(ctx, global) {
		arns = append(arns, p.arn)
	}
	sort.Strings(arns)
	return arns
}

func noSuchEntity(format string, args ...any) *wire.Error {
	return withStatus(http.StatusNotFound, "NoSuchEntity", format, args...)
}

func conflict(code, format string, args ...any) *wire.Error {
	return withStatus(http.StatusConflict, code, format, args...)
}

func withStatus(status int, code, format string, args ...any) *wire.Error {
	e := wire.Errorf(code, format, args...)
	e.Status = status
	return e
}

func validation(format string, args ...any) *wire.Error {
	return wire.Errorf("ValidationError", format, args...)
}
