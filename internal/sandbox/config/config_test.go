package config_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

const (
	bucket      = "config-history"
	linkedRole  = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
	managedRole = "arn:aws:iam::111122223333:role/recorder"
)

// bucketPolicy is the policy of Config's guide.
//
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
const bucketPolicy = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": "arn:aws:s3:::config-history",
	 "Condition": {"StringEquals": {"AWS:SourceAccount": "111122223333"}}},
	{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::config-history/AWSLogs/111122223333/Config/*",
	 "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "AWS:SourceAccount": "111122223333"}}}]}`

func account(t *testing.T, policy string) *sandbox.Server {
	t.Helper()
	s := test.Start(t)
	c := s3.NewFromConfig(test.Config(s, test.Region), func(o *s3.Options) { o.UsePathStyle = true })
	cases := []test.Case{{Name: "bucket", Call: test.Bind(c.CreateBucket, &s3.CreateBucketInput{Bucket: aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: test.Region}})}}
	if policy != "" {
		cases = append(cases, test.Case{Name: "policy", Call: test.Bind(c.PutBucketPolicy, &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &policy})})
	}
	test.Run(t, cases)
	return s
}

func client(s *sandbox.Server) *configservice.Client {
	return configservice.NewFromConfig(test.Config(s, test.Region))
}

// recorder gives the input of a good recorder, after change.
func recorder(change func(*types.ConfigurationRecorder)) *configservice.PutConfigurationRecorderInput {
	r := types.ConfigurationRecorder{Name: aws.String("default"), RoleARN: aws.String(linkedRole)}
	if change != nil {
		change(&r)
	}
	return &configservice.PutConfigurationRecorderInput{ConfigurationRecorder: &r}
}

func channel(change func(*types.DeliveryChannel)) *configservice.PutDeliveryChannelInput {
	c := types.DeliveryChannel{Name: aws.String("default"), S3BucketName: aws.String(bucket)}
	if change != nil {
		change(&c)
	}
	return &configservice.PutDeliveryChannelInput{DeliveryChannel: &c}
}

// recorderARN asks for the ARN, which ends in a random id.
func recorderARN(t *testing.T, c *configservice.Client) *string {
	t.Helper()
	out, err := c.ListConfigurationRecorders(t.Context(), &configservice.ListConfigurationRecordersInput{})
	if err != nil || len(out.ConfigurationRecorderSummaries) != 1 {
		t.Fatalf("%v: %v", out, err)
	}
	arn := out.ConfigurationRecorderSummaries[0].Arn
	if !regexp.MustCompile(`^arn:aws:config:eu-west-1:111122223333:configuration-recorder/default/[0-9a-f]{16}$`).MatchString(*arn) {
		t.Errorf("ARN %s", *arn)
	}
	return arn
}

func shown(arn *string, group types.RecordingGroup) *configservice.DescribeConfigurationRecordersOutput {
	return &configservice.DescribeConfigurationRecordersOutput{ConfigurationRecorders: []types.ConfigurationRecorder{{
		Name: aws.String("default"), Arn: arn, RoleARN: aws.String(linkedRole), RecordingGroup: &group, RecordingScope: types.RecordingScopePaid,
		RecordingMode: &types.RecordingMode{RecordingFrequency: types.RecordingFrequencyContinuous},
	}}}
}

func group(strategy types.RecordingStrategyType) types.RecordingGroup {
	return types.RecordingGroup{
		ResourceTypes: []types.ResourceType{}, ExclusionByResourceTypes: &types.ExclusionByResourceTypes{ResourceTypes: []types.ResourceType{}},
		RecordingStrategy: &types.RecordingStrategy{UseOnly: strategy},
	}
}

// TestOrderOfThings: recorder, channel, start; stop, channel, recorder.
func TestOrderOfThings(t *testing.T) {
	t.Parallel()
	c := client(account(t, bucketPolicy))
	name := aws.String("default")
	start := test.Bind(c.StartConfigurationRecorder, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: name})
	deleteChannel := test.Bind(c.DeleteDeliveryChannel, &configservice.DeleteDeliveryChannelInput{DeliveryChannelName: name})
	status := test.Bind(c.DescribeConfigurationRecorderStatus, &configservice.DescribeConfigurationRecorderStatusInput{})
	test.Run(t, []test.Case{
		{Name: "channel without recorder", Call: test.Bind(c.PutDeliveryChannel, channel(nil)), Code: "NoAvailableConfigurationRecorderException"},
		{Name: "start without recorder", Call: start, Code: "NoSuchConfigurationRecorderException"},
		{Name: "recorder", Call: test.Bind(c.PutConfigurationRecorder, recorder(nil))},
		{Name: "start without channel", Call: start, Code: "NoAvailableDeliveryChannelException"},
		{Name: "second recorder", Call: test.Bind(c.PutConfigurationRecorder, recorder(func(r *types.ConfigurationRecorder) { r.Name = aws.String("other") })), Code: "MaxNumberOfConfigurationRecordersExceededException"},
		{Name: "channel", Call: test.Bind(c.PutDeliveryChannel, channel(nil))},
		{Name: "second channel", Call: test.Bind(c.PutDeliveryChannel, channel(func(d *types.DeliveryChannel) { d.Name = aws.String("other") })), Code: "MaxNumberOfDeliveryChannelsExceededException"},
	})
	arn := recorderARN(t, c)
	pending := types.ConfigurationRecorderStatus{Arn: arn, Name: name, LastStatus: "PENDING"}
	running := types.ConfigurationRecorderStatus{Arn: arn, Name: name, Recording: true, LastStatus: "SUCCESS", LastStartTime: aws.Time(test.Now), LastStatusChangeTime: aws.Time(test.Now)}
	stopped := running
	stopped.Recording, stopped.LastStopTime = false, aws.Time(test.Now)
	statuses := func(s types.ConfigurationRecorderStatus) *configservice.DescribeConfigurationRecorderStatusOutput {
		return &configservice.DescribeConfigurationRecorderStatusOutput{ConfigurationRecordersStatus: []types.ConfigurationRecorderStatus{s}}
	}
	test.Run(t, []test.Case{
		{Name: "pending", Call: status, Want: statuses(pending)},
		{Name: "start", Call: start},
		{Name: "running", Call: status, Want: statuses(running)},
		{Name: "channel of a running recorder", Call: deleteChannel, Code: "LastDeliveryChannelDeleteFailedException"},
		{Name: "stop", Call: test.Bind(c.StopConfigurationRecorder, &configservice.StopConfigurationRecorderInput{ConfigurationRecorderName: name})},
		{Name: "stopped", Call: status, Want: statuses(stopped)},
		{Name: "channel status", Call: test.Bind(c.DescribeDeliveryChannelStatus, &configservice.DescribeDeliveryChannelStatusInput{}),
			Want: &configservice.DescribeDeliveryChannelStatusOutput{DeliveryChannelsStatus: []types.DeliveryChannelStatus{{Name: name,
				ConfigHistoryDeliveryInfo: &types.ConfigExportDeliveryInfo{}, ConfigSnapshotDeliveryInfo: &types.ConfigExportDeliveryInfo{}, ConfigStreamDeliveryInfo: &types.ConfigStreamDeliveryInfo{}}}}},
		{Name: "delete channel", Call: deleteChannel},
		{Name: "delete channel again", Call: deleteChannel, Code: "NoSuchDeliveryChannelException"},
		{Name: "delete recorder", Call: test.Bind(c.DeleteConfigurationRecorder, &configservice.DeleteConfigurationRecorderInput{ConfigurationRecorderName: name})},
		{Name: "no recorder", Call: test.Bind(c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{ConfigurationRecorderNames: []string{"default"}}), Code: "NoSuchConfigurationRecorderException"},
		{Name: "none at all", Call: test.Bind(c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{}), Want: &configservice.DescribeConfigurationRecordersOutput{ConfigurationRecorders: []types.ConfigurationRecorder{}}},
	})
}

func TestRecorderIsShownWithItsDefaults(t *testing.T) {
	t.Parallel()
	c := client(account(t, ""))
	all := group(types.RecordingStrategyTypeAllSupportedResourceTypes)
	all.AllSupported = true
	only := group(types.RecordingStrategyTypeInclusionByResourceTypes)
	only.ResourceTypes = []types.ResourceType{types.ResourceTypeTrail}
	except := group(types.RecordingStrategyTypeExclusionByResourceTypes)
	except.ExclusionByResourceTypes.ResourceTypes = []types.ResourceType{types.ResourceTypeTrail}
	describe := test.Bind(c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{})
	put := func(g *types.RecordingGroup) func(*types.ConfigurationRecorder) {
		return func(r *types.ConfigurationRecorder) { r.RecordingGroup = g }
	}
	test.Run(t, []test.Case{{Name: "put", Call: test.Bind(c.PutConfigurationRecorder, recorder(nil))}})
	arn := recorderARN(t, c)
	test.Run(t, []test.Case{
		{Name: "all", Call: describe, Want: shown(arn, all)},
		{Name: "put only", Call: test.Bind(c.PutConfigurationRecorder, recorder(put(&types.RecordingGroup{ResourceTypes: only.ResourceTypes})))},
		{Name: "only", Call: describe, Want: shown(arn, only)},
		{Name: "put except", Call: test.Bind(c.PutConfigurationRecorder, recorder(put(&types.RecordingGroup{
			ExclusionByResourceTypes: except.ExclusionByResourceTypes, RecordingStrategy: except.RecordingStrategy})))},
		{Name: "except", Call: test.Bind(c.DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{Arn: arn}), Want: shown(arn, except)},
	})
}

// TestRulesOfRecorders breaks one rule at a time.
func TestRulesOfRecorders(t *testing.T) {
	t.Parallel()
	c := client(account(t, ""))
	type r = types.ConfigurationRecorder
	trail := []types.ResourceType{types.ResourceTypeTrail}
	in := func(g types.RecordingGroup) func(*r) { return func(c *r) { c.RecordingGroup = &g } }
	mode := func(m types.RecordingMode) func(*r) { return func(c *r) { c.RecordingMode = &m } }
	for _, tc := range []struct {
		name, code string
		change     func(*r)
	}{
		{"no role", "InvalidRoleException", func(c *r) { c.RoleARN = nil }},
		{"bad role", "InvalidRoleException", func(c *r) { c.RoleARN = aws.String("recorder") }},
		{"long name", "InvalidConfigurationRecorderNameException", func(c *r) { c.Name = aws.String(strings.Repeat("n", 257)) }},
		{"nothing recorded", "InvalidRecordingGroupException", in(types.RecordingGroup{})},
		{"all and some", "InvalidRecordingGroupException", in(types.RecordingGroup{AllSupported: true, ResourceTypes: trail})},
		{"global without all", "InvalidRecordingGroupException", in(types.RecordingGroup{IncludeGlobalResourceTypes: true, ResourceTypes: trail})},
		{"another strategy", "InvalidRecordingGroupException", in(types.RecordingGroup{AllSupported: true, RecordingStrategy: &types.RecordingStrategy{UseOnly: types.RecordingStrategyTypeExclusionByResourceTypes}})},
		{"exclusion without strategy", "InvalidRecordingGroupException", in(types.RecordingGroup{ExclusionByResourceTypes: &types.ExclusionByResourceTypes{ResourceTypes: trail}})},
		{"unknown type", "InvalidRecordingGroupException", in(types.RecordingGroup{ResourceTypes: []types.ResourceType{"AWS::Logs::LogGroup"}})},
		{"hourly", "ValidationException", mode(types.RecordingMode{RecordingFrequency: "HOURLY"})},
		{"override of nothing", "ValidationException", mode(types.RecordingMode{RecordingFrequency: "DAILY", RecordingModeOverrides: []types.RecordingModeOverride{{RecordingFrequency: "DAILY", ResourceTypes: []types.ResourceType{}}}})},
		{"daily compliance", "ValidationException", mode(types.RecordingMode{RecordingFrequency: "CONTINUOUS", RecordingModeOverrides: []types.RecordingModeOverride{
			{RecordingFrequency: "DAILY", ResourceTypes: []types.ResourceType{types.ResourceTypeResourceCompliance}}}})},
		{"service-linked", "UnmodifiableEntityException", func(c *r) { c.ServicePrincipal = aws.String("x.amazonaws.com") }},
		{"all with global types, daily", "", func(c *r) {
			in(types.RecordingGroup{AllSupported: true, IncludeGlobalResourceTypes: true})(c)
			mode(types.RecordingMode{RecordingFrequency: "DAILY"})(c)
		}},
	} {
		_, err := c.PutConfigurationRecorder(t.Context(), recorder(tc.change))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, tc.code, err)
		}
	}
}

func TestChannelsGoWhereTheyMay(t *testing.T) {
	t.Parallel()
	s := account(t, bucketPolicy)
	c := client(s)
	type d = types.DeliveryChannel
	if _, err := c.PutConfigurationRecorder(t.Context(), recorder(nil)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, code string
		change     func(*d)
	}{
		{"no bucket", "NoSuchBucketException", func(c *d) { c.S3BucketName = nil }},
		{"unknown bucket", "NoSuchBucketException", func(c *d) { c.S3BucketName = aws.String("other") }},
		{"prefix that the policy does not have", "InsufficientDeliveryPolicyException", func(c *d) { c.S3KeyPrefix = aws.String("p") }},
		{"bad prefix", "InvalidS3KeyPrefixException", func(c *d) { c.S3KeyPrefix = aws.String("/p") }},
		{"bad topic", "InvalidSNSTopicARNException", func(c *d) { c.SnsTopicARN = aws.String("t") }},
		{"unknown topic", "InvalidSNSTopicARNException", func(c *d) { c.SnsTopicARN = aws.String("arn:aws:sns:eu-west-1:111122223333:t") }},
		{"bad key", "InvalidS3KmsKeyArnException", func(c *d) { c.S3KmsKeyArn = aws.String("alias/k") }},
		{"bad frequency", "ValidationException", func(c *d) {
			c.ConfigSnapshotDeliveryProperties = &types.ConfigSnapshotDeliveryProperties{DeliveryFrequency: "Weekly"}
		}},
		{"six hours", "", func(c *d) {
			c.ConfigSnapshotDeliveryProperties = &types.ConfigSnapshotDeliveryProperties{DeliveryFrequency: types.MaximumExecutionFrequencySixHours}
		}},
	} {
		_, err := c.PutDeliveryChannel(t.Context(), channel(tc.change))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, tc.code, err)
		}
	}
	test.Run(t, []test.Case{{Name: "described", Call: test.Bind(c.DescribeDeliveryChannels, &configservice.DescribeDeliveryChannelsInput{DeliveryChannelNames: []string{"default"}}),
		Want: &configservice.DescribeDeliveryChannelsOutput{DeliveryChannels: []types.DeliveryChannel{{Name: aws.String("default"), S3BucketName: aws.String(bucket),
			ConfigSnapshotDeliveryProperties: &types.ConfigSnapshotDeliveryProperties{DeliveryFrequency: types.MaximumExecutionFrequencySixHours}}}}}})
}

// TestRecorderRoleMayWriteWithoutABucketPolicy: a role of the same account
// needs no bucket policy, only its own.
func TestRecorderRoleMayWriteWithoutABucketPolicy(t *testing.T) {
	t.Parallel()
	s := account(t, "")
	c, roles := client(s), iam.NewFromConfig(test.Config(s, test.Region))
	trust := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	write := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetBucketAcl"], "Resource": ["arn:aws:s3:::%[1]s", "arn:aws:s3:::%[1]s/*"]}]}`, bucket)
	name := aws.String("recorder")
	test.Run(t, []test.Case{
		{Name: "recorder", Call: test.Bind(c.PutConfigurationRecorder, recorder(func(r *types.ConfigurationRecorder) { r.RoleARN = aws.String(managedRole) }))},
		{Name: "no role", Call: test.Bind(c.PutDeliveryChannel, channel(nil)), Code: "InsufficientDeliveryPolicyException"},
		{Name: "role", Call: test.Bind(roles.CreateRole, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: &trust})},
		{Name: "role that may not", Call: test.Bind(c.PutDeliveryChannel, channel(nil)), Code: "InsufficientDeliveryPolicyException"},
		{Name: "role policy", Call: test.Bind(roles.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("write"), PolicyDocument: &write})},
		{Name: "role that may", Call: test.Bind(c.PutDeliveryChannel, channel(nil))},
		{Name: "start", Call: test.Bind(c.StartConfigurationRecorder, &configservice.StartConfigurationRecorderInput{ConfigurationRecorderName: aws.String("default")})},
		{Name: "take the policy", Call: test.Bind(roles.DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("write")})},
		{Name: "take the role", Call: test.Bind(roles.DeleteRole, &iam.DeleteRoleInput{RoleName: name})},
	})
	out, err := c.DescribeConfigurationRecorderStatus(t.Context(), &configservice.DescribeConfigurationRecorderStatusInput{})
	if err != nil || out.ConfigurationRecordersStatus[0].LastStatus != "FAILURE" || aws.ToString(out.ConfigurationRecordersStatus[0].LastErrorCode) != "AccessDenied" {
		t.Errorf("recording without a role: %+v: %v", out, err)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	c := client(account(t, ""))
	tag := func(key, value string) types.Tag { return types.Tag{Key: aws.String(key), Value: aws.String(value)} }
	put := recorder(nil)
	put.Tags = []types.Tag{tag("team", "audit")}
	if _, err := c.PutConfigurationRecorder(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	arn := recorderARN(t, c)
	list := test.Bind(c.ListTagsForResource, &configservice.ListTagsForResourceInput{ResourceArn: arn})
	test.Run(t, []test.Case{
		{Name: "from the start", Call: list, Want: &configservice.ListTagsForResourceOutput{Tags: []types.Tag{tag("team", "audit")}}},
		{Name: "tag", Call: test.Bind(c.TagResource, &configservice.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{tag("a", "1"), tag("team", "security")}})},
		{Name: "tagged", Call: list, Want: &configservice.ListTagsForResourceOutput{Tags: []types.Tag{tag("a", "1"), tag("team", "security")}}},
		{Name: "untag", Call: test.Bind(c.UntagResource, &configservice.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team"}})},
		{Name: "untagged", Call: list, Want: &configservice.ListTagsForResourceOutput{Tags: []types.Tag{tag("a", "1")}}},
		{Name: "nothing there", Call: test.Bind(c.TagResource, &configservice.TagResourceInput{ResourceArn: aws.String(*arn + "0"), Tags: []types.Tag{tag("a", "1")}}), Code: "ResourceNotFoundException"},
	})
}
