package cloudtrail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const (
	bucket   = "audit-logs"
	trailARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
	topicARN = "arn:aws:sns:eu-west-1:111122223333:audit"
	roleARN  = "arn:aws:iam::111122223333:role/trail"
	groupARN = "arn:aws:logs:eu-west-1:111122223333:log-group:audit"
)

// start gives a sandbox with a bucket that CloudTrail may write to.
func start(t *testing.T, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	sb := sandbox.Start(t, opts...)
	makeBucket(t, sb, bucket)
	putBucketPolicy(t, sb, bucket)
	return sb
}

// other gives the configuration of clients beside Terraform: the other hand in
// the account.
func other(t *testing.T, sb *sandbox.Server, region string) aws.Config {
	t.Helper()
	c, err := awscfg.New(acctest.Settings(sb)).Config(t.Context(), region)
	if err != nil {
		t.Fatal(err)
	}
	c.BaseEndpoint = aws.String(sb.URL())
	return c
}

func trails(t *testing.T, sb *sandbox.Server, region string) *cloudtrail.Client {
	t.Helper()
	return cloudtrail.NewFromConfig(other(t, sb, region))
}

func buckets(t *testing.T, sb *sandbox.Server) *s3.Client {
	t.Helper()
	return s3.NewFromConfig(other(t, sb, ""), func(o *s3.Options) { o.UsePathStyle = true })
}

func makeBucket(t *testing.T, sb *sandbox.Server, name string) {
	t.Helper()
	_, err := buckets(t, sb).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name,
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: acctest.Region}})
	must(t, err)
}

func putBucketPolicy(t *testing.T, sb *sandbox.Server, name string) {
	t.Helper()
	policy := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::%[1]s"},
  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%[1]s/*",
   "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}}]}`, name)
	_, err := buckets(t, sb).PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: &name, Policy: &policy})
	must(t, err)
}

func makeTopic(t *testing.T, sb *sandbox.Server, name string) {
	t.Helper()
	policy := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:%s"}]}`, name)
	_, err := sns.NewFromConfig(other(t, sb, "")).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name, Attributes: map[string]string{"Policy": policy}})
	must(t, err)
}

// makeKey makes a key that CloudTrail may use, with an alias, and gives its ARN.
func makeKey(t *testing.T, sb *sandbox.Server, alias string) string {
	t.Helper()
	api := kms.NewFromConfig(other(t, sb, ""))
	policy := `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}]}`
	out, err := api.CreateKey(t.Context(), &kms.CreateKeyInput{Policy: &policy})
	must(t, err)
	_, err = api.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: &alias, TargetKeyId: out.KeyMetadata.KeyId})
	must(t, err)
	return *out.KeyMetadata.Arn
}

// makeLogGroup makes the group audit, and the role that writes to it.
func makeLogGroup(t *testing.T, sb *sandbox.Server) {
	t.Helper()
	_, err := cloudwatchlogs.NewFromConfig(other(t, sb, "")).CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("audit")})
	must(t, err)
	api := iam.NewFromConfig(other(t, sb, ""))
	_, err = api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("trail"),
		AssumeRolePolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`)})
	must(t, err)
	_, err = api.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("trail"), PolicyName: aws.String("write"),
		PolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "` + groupARN + `:log-stream:*"}]}`)})
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// changes lists the calls to CloudTrail that were not reads, in order.
func changes(sb *sandbox.Server) []string {
	var names []string
	for _, c := range sb.Calls() {
		if c.Service == "cloudtrail" && !strings.HasPrefix(c.Operation, "Describe") && !strings.HasPrefix(c.Operation, "List") && !strings.HasPrefix(c.Operation, "Get") {
			names = append(names, c.Operation)
		}
	}
	return names
}

// noTrails wants no trail to be left, whatever became of the rest.
func noTrails(sb *sandbox.Server) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for _, arn := range sb.Resources() {
			if strings.Contains(arn, ":trail/") {
				return fmt.Errorf("left behind in the sandbox: %s", arn)
			}
		}
		return nil
	}
}
