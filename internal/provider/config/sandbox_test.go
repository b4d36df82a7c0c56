package config_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const (
	bucket     = "config-history"
	roleARN    = "arn:aws:iam::111122223333:role/config"
	linkedRole = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
	topicARN   = "arn:aws:sns:eu-west-1:111122223333:config"
)

// start gives a sandbox with a role for AWS Config and a bucket that it may
// write to.
func start(t *testing.T, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	sb := sandbox.Start(t, opts...)
	makeRole(t, sb)
	makeBucket(t, sb, bucket)
	putBucketPolicy(t, sb, bucket)
	return sb
}

// other gives the configuration of clients beside Terraform: the other hand in
// the account.
func other(t *testing.T, sb *sandbox.Server) aws.Config {
	t.Helper()
	c, err := awscfg.New(acctest.Settings(sb)).Config(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	c.BaseEndpoint = aws.String(sb.URL())
	return c
}

func client(t *testing.T, sb *sandbox.Server) *configservice.Client {
	t.Helper()
	return configservice.NewFromConfig(other(t, sb))
}

func buckets(t *testing.T, sb *sandbox.Server) *s3.Client {
	t.Helper()
	return s3.NewFromConfig(other(t, sb), func(o *s3.Options) { o.UsePathStyle = true })
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
  {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": "arn:aws:s3:::%[1]s"},
  {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%[1]s/*",
   "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}}]}`, name)
	_, err := buckets(t, sb).PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: &name, Policy: &policy})
	must(t, err)
}

func makeRole(t *testing.T, sb *sandbox.Server) {
	t.Helper()
	_, err := iam.NewFromConfig(other(t, sb)).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("config"),
		AssumeRolePolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`)})
	must(t, err)
}

func makeTopic(t *testing.T, sb *sandbox.Server) {
	t.Helper()
	_, err := sns.NewFromConfig(other(t, sb)).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("config")})
	must(t, err)
}

func makeKey(t *testing.T, sb *sandbox.Server) string {
	t.Helper()
	out, err := kms.NewFromConfig(other(t, sb)).CreateKey(t.Context(), &kms.CreateKeyInput{})
	must(t, err)
	return *out.KeyMetadata.Arn
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// changes lists the calls to AWS Config that were not reads, in order.
func changes(sb *sandbox.Server) []string {
	var names []string
	for _, c := range sb.Calls() {
		if c.Service == "config" && !strings.HasPrefix(c.Operation, "Describe") && !strings.HasPrefix(c.Operation, "List") {
			names = append(names, c.Operation)
		}
	}
	return names
}
