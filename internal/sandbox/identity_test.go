package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

// TestSessionsAreKnownInEventsAndEnd: who assumed a role is in the event of
// what they did, and after an hour they may do nothing more, in any service.
func TestSessionsAreKnownInEventsAndEnd(t *testing.T) {
	t.Parallel()
	now := test.Now
	s := sandbox.Start(t, sandbox.WithClock(func() time.Time { return now }))
	config := test.Config(s, test.Region)
	trust := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}]}`
	if _, err := iam.NewFromConfig(config).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("audit"), AssumeRolePolicyDocument: &trust}); err != nil {
		t.Fatal(err)
	}
	out, err := sts.NewFromConfig(config).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::111122223333:role/audit"), RoleSessionName: aws.String("ci")})
	if err != nil {
		t.Fatal(err)
	}
	config.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	session := cloudwatchlogs.NewFromConfig(config)
	if err := createGroup(t.Context(), session, "g"); err != nil {
		t.Fatal(err)
	}
	who := identityInEvent(t, s, "CreateLogGroup")
	issuer, _ := who["sessionContext"].(map[string]any)["sessionIssuer"].(map[string]any)
	got := []any{who["type"], who["arn"], issuer["arn"], issuer["userName"]}
	want := []any{"AssumedRole", "arn:aws:sts::111122223333:assumed-role/audit/ci", "arn:aws:iam::111122223333:role/audit", "audit"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	now = now.Add(2 * time.Hour)
	if code := test.Code(createGroup(t.Context(), session, "h")); code != "ExpiredTokenException" {
		t.Errorf("after two hours: %q", code)
	}
}

// identityInEvent gives the userIdentity of the newest event of an action.
func identityInEvent(t *testing.T, s *sandbox.Server, name string) map[string]any {
	t.Helper()
	out, err := cloudtrail.NewFromConfig(test.Config(s, test.Region)).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: aws.String(name)}}})
	if err != nil || len(out.Events) == 0 {
		t.Fatalf("%v: %v", out, err)
	}
	var record struct {
		UserIdentity map[string]any `json:"userIdentity"`
	}
	if err := json.Unmarshal([]byte(*out.Events[0].CloudTrailEvent), &record); err != nil {
		t.Fatal(err)
	}
	return record.UserIdentity
}

// TestCredentialsEndOnTheWay: After lets calls pass first.
func TestCredentialsEndOnTheWay(t *testing.T) {
	t.Parallel()
	s := sandbox.Start(t)
	c := logsClient(s)
	s.FailNext("*", sandbox.ExpiredCredentials().After(2).Always())
	var codes []string
	for _, name := range []string{"a", "b", "c", "d"} {
		codes = append(codes, test.Code(createGroup(t.Context(), c, name)))
	}
	if diff := cmp.Diff([]string{"", "", "ExpiredTokenException", "ExpiredTokenException"}, codes); diff != "" {
		t.Error(diff)
	}
}
