package cloudtrail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

const (
	bucket   = "audit-logs"
	trailARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
)

// bucketPolicy is the policy of CloudTrail's guide, for log files under a
// prefix ("" or "prefix/").
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
func bucketPolicy(prefix string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::%[1]s",
		 "Condition": {"StringEquals": {"aws:SourceArn": "%[3]s"}}},
		{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::%[1]s/%[2]sAWSLogs/111122223333/*",
		 "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": "%[3]s"}}}]}`, bucket, prefix, trailARN)
}

// account is a sandbox with a bucket that takes the logs of the trail "audit".
func account(t *testing.T, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	s := test.Start(t, opts...)
	c := buckets(s)
	if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: test.Region}}); err != nil {
		t.Fatal(err)
	}
	putPolicy(t, s, bucketPolicy(""))
	return s
}

func buckets(s *sandbox.Server) *s3.Client {
	return s3.NewFromConfig(test.Config(s, test.Region), func(o *s3.Options) { o.UsePathStyle = true })
}

func putPolicy(t *testing.T, s *sandbox.Server, policy string) {
	t.Helper()
	if _, err := buckets(s).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(policy)}); err != nil {
		t.Fatal(err)
	}
}

func trails(s *sandbox.Server) *cloudtrail.Client {
	return cloudtrail.NewFromConfig(test.Config(s, test.Region))
}

func audit(change func(*cloudtrail.CreateTrailInput)) *cloudtrail.CreateTrailInput {
	in := &cloudtrail.CreateTrailInput{Name: aws.String("audit"), S3BucketName: aws.String(bucket)}
	if change != nil {
		change(in)
	}
	return in
}

func shown(change func(*types.Trail)) *types.Trail {
	trail := &types.Trail{
		Name: aws.String("audit"), TrailARN: aws.String(trailARN), HomeRegion: aws.String(test.Region), S3BucketName: aws.String(bucket),
		IncludeGlobalServiceEvents: aws.Bool(true), IsMultiRegionTrail: aws.Bool(false), IsOrganizationTrail: aws.Bool(false),
		LogFileValidationEnabled: aws.Bool(false), HasCustomEventSelectors: aws.Bool(false), HasInsightSelectors: aws.Bool(false),
	}
	if change != nil {
		change(trail)
	}
	return trail
}

func TestLifeOfATrail(t *testing.T) {
	t.Parallel()
	s := account(t)
	c := trails(s)
	name := aws.String("audit")
	get := test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: name})
	status := test.Bind(c.GetTrailStatus, &cloudtrail.GetTrailStatusInput{Name: name})
	quiet := cloudtrail.GetTrailStatusOutput{
		IsLogging: aws.Bool(false), TimeLoggingStarted: aws.String(""), TimeLoggingStopped: aws.String(""),
		LatestDeliveryAttemptTime: aws.String(""), LatestDeliveryAttemptSucceeded: aws.String(""),
		LatestNotificationAttemptTime: aws.String(""), LatestNotificationAttemptSucceeded: aws.String(""),
	}
	logging := quiet
	logging.IsLogging, logging.StartLoggingTime, logging.TimeLoggingStarted = aws.Bool(true), aws.Time(test.Now), aws.String("2026-11-21T10:00:00Z")
	stopped := logging
	stopped.IsLogging, stopped.StopLoggingTime, stopped.TimeLoggingStopped = aws.Bool(false), aws.Time(test.Now), aws.String("2026-11-21T10:00:00Z")
	test.Run(t, []test.Case{
		{Name: "none", Call: test.Bind(c.DescribeTrails, &cloudtrail.DescribeTrailsInput{}), Want: &cloudtrail.DescribeTrailsOutput{TrailList: []types.Trail{}}},
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(nil)), Want: &cloudtrail.CreateTrailOutput{
			Name: name, TrailARN: aws.String(trailARN), S3BucketName: aws.String(bucket), IncludeGlobalServiceEvents: aws.Bool(true),
			IsMultiRegionTrail: aws.Bool(false), IsOrganizationTrail: aws.Bool(false), LogFileValidationEnabled: aws.Bool(false)}},
		{Name: "twice", Call: test.Bind(c.CreateTrail, audit(nil)), Code: "TrailAlreadyExistsException"},
		{Name: "shown", Call: get, Want: &cloudtrail.GetTrailOutput{Trail: shown(nil)}},
		{Name: "does not log yet", Call: status, Want: &quiet},
		{Name: "start", Call: test.Bind(c.StartLogging, &cloudtrail.StartLoggingInput{Name: aws.String(trailARN)})},
		{Name: "logs", Call: status, Want: &logging},
		{Name: "stop", Call: test.Bind(c.StopLogging, &cloudtrail.StopLoggingInput{Name: name})},
		{Name: "stopped", Call: status, Want: &stopped},
		{Name: "update", Call: test.Bind(c.UpdateTrail, &cloudtrail.UpdateTrailInput{Name: name, EnableLogFileValidation: aws.Bool(true), IsMultiRegionTrail: aws.Bool(true)})},
		{Name: "updated", Call: get, Want: &cloudtrail.GetTrailOutput{Trail: shown(func(t *types.Trail) {
			t.LogFileValidationEnabled, t.IsMultiRegionTrail = aws.Bool(true), aws.Bool(true)
		})}},
		{Name: "without global services", Call: test.Bind(c.UpdateTrail, &cloudtrail.UpdateTrailInput{Name: name, IncludeGlobalServiceEvents: aws.Bool(false)}), Code: "InvalidParameterCombinationException"},
		{Name: "listed", Call: test.Bind(c.ListTrails, &cloudtrail.ListTrailsInput{}), Want: &cloudtrail.ListTrailsOutput{Trails: []types.TrailInfo{{Name: name, TrailARN: aws.String(trailARN), HomeRegion: aws.String(test.Region)}}}},
		{Name: "delete", Call: test.Bind(c.DeleteTrail, &cloudtrail.DeleteTrailInput{Name: name})},
		{Name: "gone", Call: get, Code: "TrailNotFoundException"},
		{Name: "delete again", Call: test.Bind(c.DeleteTrail, &cloudtrail.DeleteTrailInput{Name: name}), Code: "TrailNotFoundException"},
	})
}

// TestRulesOfCreateTrail breaks one rule at a time.
func TestRulesOfCreateTrail(t *testing.T) {
	t.Parallel()
	c := trails(account(t))
	type in = cloudtrail.CreateTrailInput
	group, role := aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:g:*"), aws.String("arn:aws:iam::111122223333:role/r")
	for _, tc := range []struct {
		name, code string
		change     func(*in)
	}{
		{"two letters", "InvalidTrailNameException", func(i *in) { i.Name = aws.String("ab") }},
		{"129 letters", "InvalidTrailNameException", func(i *in) { i.Name = aws.String(strings.Repeat("a", 129)) }},
		{"space", "InvalidTrailNameException", func(i *in) { i.Name = aws.String("a trail") }},
		{"ends in a mark", "InvalidTrailNameException", func(i *in) { i.Name = aws.String("trail-") }},
		{"two marks", "InvalidTrailNameException", func(i *in) { i.Name = aws.String("my-_trail") }},
		{"an address", "InvalidTrailNameException", func(i *in) { i.Name = aws.String("192.168.5.4") }},
		{"no such bucket", "S3BucketDoesNotExistException", func(i *in) { i.S3BucketName = aws.String("other-bucket") }},
		{"bad bucket", "InvalidS3BucketNameException", func(i *in) { i.S3BucketName = aws.String("A") }},
		{"prefix that the policy does not have", "InsufficientS3BucketPolicyException", func(i *in) { i.S3KeyPrefix = aws.String("p") }},
		{"trail that the policy does not have", "InsufficientS3BucketPolicyException", func(i *in) { i.Name = aws.String("other") }},
		{"all Regions without global services", "InvalidParameterCombinationException", func(i *in) {
			i.IsMultiRegionTrail, i.IncludeGlobalServiceEvents = aws.Bool(true), aws.Bool(false)
		}},
		{"organization", "OrganizationsNotInUseException", func(i *in) { i.IsOrganizationTrail = aws.Bool(true) }},
		{"no such topic", "InsufficientSnsTopicPolicyException", func(i *in) { i.SnsTopicName = aws.String("t") }},
		{"bad topic", "InvalidSnsTopicNameException", func(i *in) { i.SnsTopicName = aws.String("a b") }},
		{"no such key", "KmsKeyNotFoundException", func(i *in) { i.KmsKeyId = aws.String("alias/none") }},
		{"bad key", "InvalidKmsKeyIdException", func(i *in) { i.KmsKeyId = aws.String("key") }},
		{"group without role", "InvalidCloudWatchLogsRoleArnException", func(i *in) { i.CloudWatchLogsLogGroupArn = group }},
		{"role without group", "InvalidCloudWatchLogsLogGroupArnException", func(i *in) { i.CloudWatchLogsRoleArn = role }},
		{"no such group", "InvalidCloudWatchLogsLogGroupArnException", func(i *in) { i.CloudWatchLogsLogGroupArn, i.CloudWatchLogsRoleArn = group, role }},
		{"tag twice", "InvalidTagParameterException", func(i *in) {
			i.TagsList = []types.Tag{{Key: aws.String("a"), Value: aws.String("")}, {Key: aws.String("a"), Value: aws.String("")}}
		}},
		{"none", "", func(*in) {}},
	} {
		_, err := c.CreateTrail(t.Context(), audit(tc.change))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, tc.code, err)
		}
	}
}

// TestBucketPolicyDecides damages one thing of a good policy at a time.
func TestBucketPolicyDecides(t *testing.T) {
	t.Parallel()
	s := account(t)
	c := trails(s)
	for name, tc := range map[string]struct{ old, new, code string }{
		"as it was":         {"", "", ""},
		"no ACL":            {"s3:GetBucketAcl", "s3:GetBucketCORS", "InsufficientS3BucketPolicyException"},
		"no write":          {`"s3:PutObject"`, `"s3:GetObject"`, "InsufficientS3BucketPolicyException"},
		"another account":   {"AWSLogs/111122223333", "AWSLogs/444455556666", "InsufficientS3BucketPolicyException"},
		"another service":   {"cloudtrail.amazonaws.com", "config.amazonaws.com", "InsufficientS3BucketPolicyException"},
		"another trail":     {"trail/audit", "trail/other", "InsufficientS3BucketPolicyException"},
		"any trail":         {"trail/audit", "trail/*", "InsufficientS3BucketPolicyException"}, // StringEquals knows no wildcards
		"any trail, likely": {`"StringEquals": {"aws:SourceArn": "` + trailARN, `"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*`, ""},
	} {
		policy := bucketPolicy("")
		if tc.old != "" {
			policy = strings.ReplaceAll(policy, tc.old, tc.new)
		}
		putPolicy(t, s, policy)
		_, err := c.CreateTrail(t.Context(), audit(nil))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q", name, code, tc.code)
		}
		if err == nil {
			if _, err := c.DeleteTrail(t.Context(), &cloudtrail.DeleteTrailInput{Name: aws.String("audit")}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestShadowTrails(t *testing.T) {
	t.Parallel()
	s := account(t)
	home, away := trails(s), cloudtrail.NewFromConfig(test.Config(s, "us-east-1"))
	multi := audit(func(i *cloudtrail.CreateTrailInput) { i.IsMultiRegionTrail = aws.Bool(true) })
	want := shown(func(t *types.Trail) { t.IsMultiRegionTrail = aws.Bool(true) })
	all, none := &cloudtrail.DescribeTrailsOutput{TrailList: []types.Trail{*want}}, &cloudtrail.DescribeTrailsOutput{TrailList: []types.Trail{}}
	arn, name := aws.String(trailARN), aws.String("audit")
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(home.CreateTrail, multi)},
		{Name: "seen from away", Call: test.Bind(away.DescribeTrails, &cloudtrail.DescribeTrailsInput{}), Want: all},
		{Name: "unless not asked for", Call: test.Bind(away.DescribeTrails, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(false)}), Want: none},
		{Name: "by ARN", Call: test.Bind(away.GetTrail, &cloudtrail.GetTrailInput{Name: arn}), Want: &cloudtrail.GetTrailOutput{Trail: want}},
		{Name: "not by name", Call: test.Bind(away.GetTrail, &cloudtrail.GetTrailInput{Name: name}), Code: "TrailNotFoundException"},
		{Name: "list of names", Call: test.Bind(home.DescribeTrails, &cloudtrail.DescribeTrailsInput{TrailNameList: []string{"audit", "unknown"}}), Want: all},
		{Name: "not changed from away", Call: test.Bind(away.UpdateTrail, &cloudtrail.UpdateTrailInput{Name: arn, IsMultiRegionTrail: aws.Bool(false)}), Code: "InvalidHomeRegionException"},
		{Name: "not stopped from away", Call: test.Bind(away.StopLogging, &cloudtrail.StopLoggingInput{Name: arn}), Code: "InvalidHomeRegionException"},
		{Name: "one Region only", Call: test.Bind(home.UpdateTrail, &cloudtrail.UpdateTrailInput{Name: name, IsMultiRegionTrail: aws.Bool(false)})},
		{Name: "not seen from away", Call: test.Bind(away.DescribeTrails, &cloudtrail.DescribeTrailsInput{}), Want: none},
		{Name: "not by ARN", Call: test.Bind(away.GetTrail, &cloudtrail.GetTrailInput{Name: arn}), Code: "TrailNotFoundException"},
	})
}

// TestFiveTrailsARegion: shadow trails count.
func TestFiveTrailsARegion(t *testing.T) {
	t.Parallel()
	s := account(t)
	putPolicy(t, s, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*",
		"Resource": ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"]}]}`)
	c, away := trails(s), cloudtrail.NewFromConfig(test.Config(s, "us-east-1"))
	create := func(client *cloudtrail.Client, name string, multi bool) string {
		_, err := client.CreateTrail(t.Context(), audit(func(i *cloudtrail.CreateTrailInput) { i.Name, i.IsMultiRegionTrail = aws.String(name), aws.Bool(multi) }))
		return test.Code(err)
	}
	if code := create(away, "shadow", true); code != "" {
		t.Fatal(code)
	}
	for i := range 5 {
		want := ""
		if i == 4 {
			want = "MaximumNumberOfTrailsExceededException"
		}
		if code := create(c, fmt.Sprint("trail", i), false); code != want {
			t.Errorf("trail %d: %q, want %q", i, code, want)
		}
	}
}

// TestKeyTopicAndLogGroup: what a trail points at must be there and let
// CloudTrail in.
func TestKeyAndLogGroup(t *testing.T) {
	t.Parallel()
	s := account(t)
	c := trails(s)
	config := test.Config(s, test.Region)
	keys, roles, logs := kms.NewFromConfig(config), iam.NewFromConfig(config), cloudwatchlogs.NewFromConfig(config)
	key, err := keys.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	keyARN := key.KeyMetadata.Arn
	keyPolicy := aws.String(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms:GenerateDataKey*", "Resource": "*",
		 "Condition": {"StringEquals": {"aws:SourceArn": "` + trailARN + `"}, "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}}]}`)
	trust := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	write := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
		"Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:111122223333_CloudTrail_eu-west-1*"}]}`
	group, role := aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:g:*"), aws.String("arn:aws:iam::111122223333:role/delivery")
	deliver := &cloudtrail.UpdateTrailInput{Name: aws.String("audit"), CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role}
	encrypt := &cloudtrail.UpdateTrailInput{Name: aws.String("audit"), KmsKeyId: key.KeyMetadata.KeyId}
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(nil))},
		{Name: "key that is not for CloudTrail", Call: test.Bind(c.UpdateTrail, encrypt), Code: "InsufficientEncryptionPolicyException"},
		{Name: "key policy", Call: test.Bind(keys.PutKeyPolicy, &kms.PutKeyPolicyInput{KeyId: keyARN, Policy: keyPolicy})},
		{Name: "key", Call: test.Bind(c.UpdateTrail, encrypt)},
		{Name: "group", Call: test.Bind(logs.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})},
		{Name: "no role", Call: test.Bind(c.UpdateTrail, deliver), Code: "InvalidCloudWatchLogsRoleArnException"},
		{Name: "role", Call: test.Bind(roles.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("delivery"), AssumeRolePolicyDocument: &trust})},
		{Name: "role that may not", Call: test.Bind(c.UpdateTrail, deliver), Code: "InvalidCloudWatchLogsRoleArnException"},
		{Name: "role policy", Call: test.Bind(roles.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: aws.String("delivery"), PolicyName: aws.String("write"), PolicyDocument: &write})},
		{Name: "delivery", Call: test.Bind(c.UpdateTrail, deliver)},
		{Name: "shown", Call: test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: aws.String("audit")}), Want: &cloudtrail.GetTrailOutput{
			Trail: shown(func(t *types.Trail) {
				t.KmsKeyId, t.CloudWatchLogsLogGroupArn, t.CloudWatchLogsRoleArn = keyARN, group, role
			})}},
		{Name: "taken away", Call: test.Bind(c.UpdateTrail, &cloudtrail.UpdateTrailInput{Name: aws.String("audit"), KmsKeyId: aws.String(""),
			CloudWatchLogsLogGroupArn: aws.String(""), CloudWatchLogsRoleArn: aws.String("")})},
		{Name: "as created", Call: test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: aws.String("audit")}), Want: &cloudtrail.GetTrailOutput{Trail: shown(nil)}},
	})
}
