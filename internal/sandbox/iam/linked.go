package iam

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// linkedRoleName gives the name of a service's own role, and the managed
// policy that comes with it (empty where there is none here).
func linkedRoleName(service string) (name, policy string, ok bool) {
	switch service {
	case "config.amazonaws.com":
		return "AWSServiceRoleForConfig", awsPolicyPrefix + "aws-service-role/AWSConfigServiceRolePolicy", true
	case "cloudtrail.amazonaws.com":
		return "AWSServiceRoleForCloudTrail", awsPolicyPrefix + "aws-service-role/CloudTrailServiceRolePolicy", true
	case "delivery.logs.amazonaws.com":
		return "AWSServiceRoleForLogDelivery", "", true
	case "cloudwatch.amazonaws.com", "events.amazonaws.com":
		return "AWSServiceRoleForCloudWatchEvents", "", true
	}
	return "", "", false
}

func (s *IAM) createServiceLinkedRole(ctx context.Context, in *awsiam.CreateServiceLinkedRoleInput) (*awsiam.CreateServiceLinkedRoleOutput, error) {
	service := aws.ToString(in.AWSServiceName)
	name, attached, ok := linkedRoleName(service)
	if !ok {
		return nil, wire.Errorf("InvalidInput", "Service Linked Role cannot be created for service %s: the service does not exist here", service)
	}
	if in.CustomSuffix != nil {
		return nil, wire.Errorf("InvalidInput", "Custom suffix is not allowed for %s", service)
	}
	call := wire.CallOf(ctx)
	path := "/aws-service-role/" + service + "/"
	r := role{
		arn: fmt.Sprintf("arn:aws:iam::%s:role%s%s", call.Account, path, name), id: newID("AROA"), name: name, path: path,
		description: aws.ToString(in.Description), hasDescription: in.Description != nil,
		created: call.Time.UTC().Truncate(time.Second), session: 3600, linkedTo: service,
		trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`,
	}
	if attached != "" {
		r.attached = []string{attached}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addRole(ctx, r) != nil {
		return nil, wire.Errorf("InvalidInput", "Service role name %s has been taken in this account, please try a different suffix.", name)
	}
	out := r.describe()
	out.RoleLastUsed = nil
	return &awsiam.CreateServiceLinkedRoleOutput{Role: &out}, nil
}

// deleteServiceLinkedRole deletes at once; the task that it names has succeeded.
func (s *IAM) deleteServiceLinkedRole(ctx context.Context, in *awsiam.DeleteServiceLinkedRoleInput) (*awsiam.DeleteServiceLinkedRoleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.role(ctx, in.RoleName)
	if err != nil {
		return nil, err
	}
	if r.linkedTo == "" {
		return nil, noSuchEntity("The role with name %s is not a service-linked role.", r.name)
	}
	s.roles.DeleteIn(ctx, global, roleKey(r.name))
	task := "task" + strings.TrimSuffix(r.path, "/") + "/" + r.name + "/" + newID("")
	return &awsiam.DeleteServiceLinkedRoleOutput{DeletionTaskId: &task}, nil
}

func (s *IAM) getServiceLinkedRoleDeletionStatus(_ context.Context, in *awsiam.GetServiceLinkedRoleDeletionStatusInput) (*awsiam.GetServiceLinkedRoleDeletionStatusOutput, error) {
	if !strings.HasPrefix(aws.ToString(in.DeletionTaskId), "task/aws-service-role/") {
		return nil, noSuchEntity("The deletion task %s cannot be found.", aws.ToString(in.DeletionTaskId))
	}
	return &awsiam.GetServiceLinkedRoleDeletionStatusOutput{Status: types.DeletionTaskStatusTypeSucceeded}, nil
}

// CallerID is the unique id of the user whom every call is taken for.
const CallerID = "AIDAIOSFODNN7EXAMPLE"

// callerName is that user's name.
const callerName = "sandbox"

// CallerARN gives the ARN of the user whom every call is taken for, unless it
// comes from a session of a role.
func CallerARN(account string) string { return "arn:aws:iam::" + account + ":user/" + callerName }

// getUser knows the one user whom every call is taken for.
func (s *IAM) getUser(ctx context.Context, in *awsiam.GetUserInput) (*awsiam.GetUserOutput, error) {
	if name := aws.ToString(in.UserName); in.UserName != nil && name != callerName {
		return nil, noSuchEntity("The user with name %s cannot be found.", name)
	}
	return &awsiam.GetUserOutput{User: &types.User{
		Arn: aws.String(CallerARN(wire.CallOf(ctx).Account)), UserId: aws.String(CallerID), UserName: aws.String(callerName), Path: aws.String("/"),
		CreateDate: aws.Time(time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)),
	}}, nil
}
