package iam_test

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const (
	trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	grant = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::config + logs/*"}]}`
)

func start(t *testing.T) (*awsiam.Client, *sandbox.Server) {
	server := sandbox.Start(t)
	return awsiam.New(awsiam.Options{
		BaseEndpoint: aws.String(server.URL()), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}), server
}

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.Role{}, types.RoleLastUsed{}, types.Tag{}, types.AttachedPolicy{}, types.PolicyVersion{}))
}

func createRole(t *testing.T, client *awsiam.Client) *types.Role {
	t.Helper()
	out, err := client.CreateRole(t.Context(), &awsiam.CreateRoleInput{
		RoleName: aws.String("config"), Path: aws.String("/audit/"), AssumeRolePolicyDocument: aws.String(trust),
		Description: aws.String("Config's role"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("audit")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Role
}

func TestRoleLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	created := createRole(t, client)
	want := &types.Role{
		Arn: aws.String("arn:aws:iam::111122223333:role/audit/config"), RoleName: aws.String("config"), Path: aws.String("/audit/"),
		Description: aws.String("Config's role"), MaxSessionDuration: aws.Int32(3600),
		RoleLastUsed: &types.RoleLastUsed{}, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("audit")}},
		RoleId: created.RoleId, CreateDate: created.CreateDate, AssumeRolePolicyDocument: created.AssumeRolePolicyDocument,
	}
	if diff := same(want, created); diff != "" {
		t.Error(diff)
	}
	if decoded, err := url.QueryUnescape(*created.AssumeRolePolicyDocument); err != nil || decoded != trust {
		t.Errorf("trust policy %q, %v", decoded, err)
	}
	if _, err := client.UpdateRole(ctx, &awsiam.UpdateRoleInput{RoleName: aws.String("config"), MaxSessionDuration: aws.Int32(7200), Description: aws.String("new")}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("config")})
	if err != nil {
		t.Fatal(err)
	}
	want.MaxSessionDuration, want.Description = aws.Int32(7200), aws.String("new")
	if diff := same(want, got.Role); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"arn:aws:iam::111122223333:role/audit/config"}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	if _, err := client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: aws.String("config")}); err != nil {
		t.Fatal(err)
	}
	if left := server.Resources(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestInlinePolicy(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	createRole(t, client)
	name, role := aws.String("write"), aws.String("config")
	if _, err := client.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{RoleName: role, PolicyName: name, PolicyDocument: aws.String(grant)}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: role, PolicyName: name})
	if err != nil {
		t.Fatal(err)
	}
	const encoded = "%7B%22Version%22%3A%20%222012-10-17%22%2C%20%22Statement%22%3A%20%5B%7B%22Effect%22%3A%20%22Allow%22%2C%20%22Action%22%3A%20" +
		"%22s3%3APutObject%22%2C%20%22Resource%22%3A%20%22arn%3Aaws%3As3%3A%3A%3Aconfig%20%2B%20logs%2F%2A%22%7D%5D%7D"
	if *got.PolicyDocument != encoded {
		t.Errorf("document %s, want %s", *got.PolicyDocument, encoded)
	}
	list, err := client.ListRolePolicies(ctx, &awsiam.ListRolePoliciesInput{RoleName: role})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"write"}, list.PolicyNames); diff != "" {
		t.Error(diff)
	}
	wantError(t, "DeleteConflict: Cannot delete entity, must delete policies first.", func() error {
		_, err := client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: role})
		return err
	})
	if _, err := client.DeleteRolePolicy(ctx, &awsiam.DeleteRolePolicyInput{RoleName: role, PolicyName: name}); err != nil {
		t.Fatal(err)
	}
	wantError(t, "NoSuchEntity: The role policy with name write cannot be found.", func() error {
		_, err := client.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: role, PolicyName: name})
		return err
	})
}

func TestManagedPolicies(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	createRole(t, client)
	role := aws.String("config")
	made, err := client.CreatePolicy(ctx, &awsiam.CreatePolicyInput{PolicyName: aws.String("write"), PolicyDocument: aws.String(grant)})
	if err != nil {
		t.Fatal(err)
	}
	own, awsOwn := made.Policy.Arn, aws.String("arn:aws:iam::aws:policy/service-role/AWS_ConfigRole")
	for _, arn := range []*string{own, awsOwn, own} { // twice is fine
		if _, err := client.AttachRolePolicy(ctx, &awsiam.AttachRolePolicyInput{RoleName: role, PolicyArn: arn}); err != nil {
			t.Fatal(err)
		}
	}
	attached, err := client.ListAttachedRolePolicies(ctx, &awsiam.ListAttachedRolePoliciesInput{RoleName: role})
	if err != nil {
		t.Fatal(err)
	}
	if diff := same([]types.AttachedPolicy{
		{PolicyArn: aws.String("arn:aws:iam::111122223333:policy/write"), PolicyName: aws.String("write")},
		{PolicyArn: awsOwn, PolicyName: aws.String("AWS_ConfigRole")},
	}, attached.AttachedPolicies); diff != "" {
		t.Error(diff)
	}
	wantError(t, "DeleteConflict: Cannot delete a policy attached to entities.", func() error {
		_, err := client.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: own})
		return err
	})
	wantError(t, "DeleteConflict: Cannot delete entity, must detach all policies first.", func() error {
		_, err := client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: role})
		return err
	})
	if _, err := client.DetachRolePolicy(ctx, &awsiam.DetachRolePolicyInput{RoleName: role, PolicyArn: own}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: own}); err != nil {
		t.Fatal(err)
	}
}

func TestPolicyVersions(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	made, err := client.CreatePolicy(ctx, &awsiam.CreatePolicyInput{PolicyName: aws.String("write"), PolicyDocument: aws.String(grant)})
	if err != nil {
		t.Fatal(err)
	}
	arn := made.Policy.Arn
	if _, err := client.CreatePolicyVersion(ctx, &awsiam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: aws.String(grant), SetAsDefault: true}); err != nil {
		t.Fatal(err)
	}
	list, err := client.ListPolicyVersions(ctx, &awsiam.ListPolicyVersionsInput{PolicyArn: arn})
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.Versions {
		list.Versions[i].CreateDate = nil
	}
	if diff := same([]types.PolicyVersion{{VersionId: aws.String("v2"), IsDefaultVersion: true}, {VersionId: aws.String("v1")}}, list.Versions); diff != "" {
		t.Error(diff)
	}
	wantError(t, "DeleteConflict: Cannot delete the default version of a policy.", func() error {
		_, err := client.DeletePolicyVersion(ctx, &awsiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v2")})
		return err
	})
	if _, err := client.DeletePolicyVersion(ctx, &awsiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")}); err != nil {
		t.Fatal(err)
	}
}

func TestServiceLinkedRole(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	input := &awsiam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("config.amazonaws.com")}
	made, err := client.CreateServiceLinkedRole(ctx, input)
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
	if *made.Role.Arn != arn {
		t.Errorf("ARN %s, want %s", *made.Role.Arn, arn)
	}
	wantError(t, "InvalidInput: Service role name AWSServiceRoleForConfig has been taken in this account, please try a different suffix.", func() error {
		_, err := client.CreateServiceLinkedRole(ctx, input)
		return err
	})
	wantError(t, "UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForConfig' - this role is only modifiable by AWS", func() error {
		_, err := client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: made.Role.RoleName})
		return err
	})
	task, err := client.DeleteServiceLinkedRole(ctx, &awsiam.DeleteServiceLinkedRoleInput{RoleName: made.Role.RoleName})
	if err != nil {
		t.Fatal(err)
	}
	status, err := client.GetServiceLinkedRoleDeletionStatus(ctx, &awsiam.GetServiceLinkedRoleDeletionStatusInput{DeletionTaskId: task.DeletionTaskId})
	if err != nil || status.Status != types.DeletionTaskStatusTypeSucceeded {
		t.Errorf("status %v, %v", status, err)
	}
	if left := server.Resources(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestErrors(t *testing.T) {
	role := func(name, document string) *awsiam.CreateRoleInput {
		return &awsiam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &document}
	}
	put := func(document string) *awsiam.PutRolePolicyInput {
		return &awsiam.PutRolePolicyInput{RoleName: aws.String("config"), PolicyName: aws.String("p"), PolicyDocument: &document}
	}
	createWith := func(in *awsiam.CreateRoleInput) func(context.Context, *awsiam.Client) error {
		return func(ctx context.Context, c *awsiam.Client) error { _, err := c.CreateRole(ctx, in); return err }
	}
	putWith := func(in *awsiam.PutRolePolicyInput) func(context.Context, *awsiam.Client) error {
		return func(ctx context.Context, c *awsiam.Client) error { _, err := c.PutRolePolicy(ctx, in); return err }
	}
	tests := []struct {
		name, want string
		call       func(context.Context, *awsiam.Client) error
	}{
		{"role exists, in other case", "EntityAlreadyExists: Role with name CONFIG already exists.", createWith(role("CONFIG", trust))},
		{"trust policy is no JSON", "MalformedPolicyDocument: This policy contains invalid Json", createWith(role("r", "{"))},
		{"trust policy with a resource", "MalformedPolicyDocument: Has prohibited field Resource", createWith(role("r", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}`))},
		{"role policy with a principal", "MalformedPolicyDocument: Policy document should not specify a principal.", putWith(put(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`))},
		{"role policy without resource", "MalformedPolicyDocument: Policy statement must contain resources.", putWith(put(`{"Statement":{"Effect":"Allow","Action":"*"}}`))},
		{"no role", "NoSuchEntity: The role with name absent cannot be found.", func(ctx context.Context, c *awsiam.Client) error {
			_, err := c.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("absent")})
			return err
		}},
		{"no policy to attach", "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/absent does not exist or is not attachable.", func(ctx context.Context, c *awsiam.Client) error {
			_, err := c.AttachRolePolicy(ctx, &awsiam.AttachRolePolicyInput{RoleName: aws.String("config"), PolicyArn: aws.String("arn:aws:iam::111122223333:policy/absent")})
			return err
		}},
		{"session", "ValidationError: 1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200",
			createWith(&awsiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust), MaxSessionDuration: aws.Int32(60)})},
		{"AWS's policy cannot be deleted", "AccessDenied: User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: iam:DeletePolicy on resource: policy arn:aws:iam::aws:policy/SecurityAudit", func(ctx context.Context, c *awsiam.Client) error {
			_, err := c.DeletePolicy(ctx, &awsiam.DeletePolicyInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/SecurityAudit")})
			return err
		}},
		{"unknown action", "InvalidAction: Could not find operation CreateUser for version 2010-05-08", func(ctx context.Context, c *awsiam.Client) error {
			_, err := c.CreateUser(ctx, &awsiam.CreateUserInput{UserName: aws.String("u")})
			return err
		}},
	}
	client, _ := start(t)
	createRole(t, client)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantError(t, test.want, func() error { return test.call(t.Context(), client) })
		})
	}
}

func wantError(t *testing.T, want string, call func() error) {
	t.Helper()
	var api smithy.APIError
	if err := call(); !errors.As(err, &api) {
		t.Fatalf("got %v, want an API error", err)
	}
	if got := api.ErrorCode() + ": " + api.ErrorMessage(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
