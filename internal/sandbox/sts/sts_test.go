package sts_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const roleARN = "arn:aws:iam::111122223333:role/auditor"

func now() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreTypes(document.NoSerde{}, middleware.Metadata{}))
}

func clientWith(server *sandbox.Server, provider aws.CredentialsProvider) *awssts.Client {
	return awssts.New(awssts.Options{BaseEndpoint: aws.String(server.URL()), Region: "eu-west-1", Credentials: provider})
}

// start gives a client and a role that the account and an OIDC provider may assume.
func start(t *testing.T) (*awssts.Client, *sandbox.Server) {
	t.Helper()
	server := sandbox.Start(t, sandbox.WithClock(now))
	keys := credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", "")
	trust := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"audit"}}},
		{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"},"Action":"sts:AssumeRoleWithWebIdentity",
		 "Condition":{"StringLike":{"ci.example.com:sub":"repo:audit/*"}}}]}`
	_, err := awsiam.New(awsiam.Options{BaseEndpoint: aws.String(server.URL()), Region: "us-east-1", Credentials: keys}).CreateRole(t.Context(),
		&awsiam.CreateRoleInput{RoleName: aws.String("auditor"), AssumeRolePolicyDocument: &trust})
	if err != nil {
		t.Fatal(err)
	}
	return clientWith(server, keys), server
}

func identity(t *testing.T, client *awssts.Client) *awssts.GetCallerIdentityOutput {
	t.Helper()
	out, err := client.GetCallerIdentity(t.Context(), &awssts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCallerIdentity(t *testing.T) {
	client, _ := start(t)
	want := &awssts.GetCallerIdentityOutput{
		Account: aws.String("111122223333"), Arn: aws.String("arn:aws:iam::111122223333:user/sandbox"), UserId: aws.String("AIDAIOSFODNN7EXAMPLE"),
	}
	if diff := same(want, identity(t, client)); diff != "" {
		t.Error(diff)
	}
}

func TestAssumeRole(t *testing.T) {
	client, server := start(t)
	out, err := client.AssumeRole(t.Context(), &awssts.AssumeRoleInput{
		RoleArn: aws.String(roleARN), RoleSessionName: aws.String("run-1"), ExternalId: aws.String("audit"), DurationSeconds: aws.Int32(900),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !out.Credentials.Expiration.Equal(now().Add(15 * time.Minute)) {
		t.Errorf("expires %v", out.Credentials.Expiration)
	}
	session := clientWith(server, credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken))
	want := &awssts.GetCallerIdentityOutput{
		Account: aws.String("111122223333"), Arn: aws.String("arn:aws:sts::111122223333:assumed-role/auditor/run-1"), UserId: out.AssumedRoleUser.AssumedRoleId,
	}
	if diff := same(want, identity(t, session)); diff != "" {
		t.Error(diff)
	}
}

// jwt makes a token with those claims and no real signature.
func jwt(subject string, expires time.Time) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(fmt.Appendf(nil,
		`{"iss":"https://ci.example.com","sub":%q,"aud":["sts.amazonaws.com"],"exp":%d}`, subject, expires.Unix())) + "." + encode([]byte("signature"))
}

func TestAssumeRoleWithWebIdentityNeedsNoKeys(t *testing.T) {
	_, server := start(t)
	client := clientWith(server, aws.AnonymousCredentials{})
	out, err := client.AssumeRoleWithWebIdentity(t.Context(), &awssts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String(roleARN), RoleSessionName: aws.String("ci"), WebIdentityToken: aws.String(jwt("repo:audit/baseline", now().Add(time.Minute))),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &awssts.AssumeRoleWithWebIdentityOutput{
		AssumedRoleUser: &types.AssumedRoleUser{Arn: aws.String("arn:aws:sts::111122223333:assumed-role/auditor/ci"), AssumedRoleId: out.AssumedRoleUser.AssumedRoleId},
		Audience:        aws.String("sts.amazonaws.com"), Provider: aws.String("arn:aws:iam::111122223333:oidc-provider/ci.example.com"),
		SubjectFromWebIdentityToken: aws.String("repo:audit/baseline"), Credentials: out.Credentials,
	}
	if diff := same(want, out); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	client, _ := start(t)
	assume := func(change func(*awssts.AssumeRoleInput)) func(context.Context) error {
		return func(ctx context.Context) error {
			in := &awssts.AssumeRoleInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String("run-1"), ExternalId: aws.String("audit")}
			change(in)
			_, err := client.AssumeRole(ctx, in)
			return err
		}
	}
	web := func(token string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := client.AssumeRoleWithWebIdentity(ctx, &awssts.AssumeRoleWithWebIdentityInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String("ci"), WebIdentityToken: &token})
			return err
		}
	}
	denied := "AccessDenied: User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: sts:AssumeRole on resource: "
	tests := []struct {
		want string
		call func(context.Context) error
	}{
		{denied + roleARN, assume(func(in *awssts.AssumeRoleInput) { in.ExternalId = nil })},
		{denied + roleARN + "s", assume(func(in *awssts.AssumeRoleInput) { in.RoleArn = aws.String(roleARN + "s") })},
		{"ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", assume(func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(7200) })},
		{"ValidationError: arn:aws:s3:::audit/role is invalid", assume(func(in *awssts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:s3:::audit/role") })},
		{"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", web(jwt("repo:other/x", now().Add(time.Minute)))},
		{"InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)", web("token")},
		{"ExpiredTokenException: Token expired: current date/time 1772366400 must be before the expiration date/time 1772366399", web(jwt("repo:audit/x", now().Add(-time.Second)))},
		{"InvalidAction: Could not find operation GetFederationToken for version 2011-06-15", func(ctx context.Context) error {
			_, err := client.GetFederationToken(ctx, &awssts.GetFederationTokenInput{Name: aws.String("x")})
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			var api smithy.APIError
			if err := test.call(t.Context()); !errors.As(err, &api) {
				t.Fatalf("got %v, want an API error", err)
			}
			if got := api.ErrorCode() + ": " + api.ErrorMessage(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
