package logs_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

const arn = "arn:aws:logs:eu-west-1:111122223333:log-group:"

func client(t *testing.T) *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(test.Config(test.Start(t), test.Region))
}

func shown(name string) types.LogGroup {
	return types.LogGroup{
		LogGroupName: aws.String(name), Arn: aws.String(arn + name + ":*"), LogGroupArn: aws.String(arn + name),
		CreationTime: aws.Int64(test.Now.UnixMilli()), LogGroupClass: types.LogGroupClassStandard,
		StoredBytes: aws.Int64(0), MetricFilterCount: aws.Int32(0), DeletionProtectionEnabled: aws.Bool(false),
	}
}

func described(groups ...types.LogGroup) *cloudwatchlogs.DescribeLogGroupsOutput {
	return &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: append([]types.LogGroup{}, groups...)}
}

func TestLifeOfAGroup(t *testing.T) {
	t.Parallel()
	c := client(t)
	name := aws.String("/audit/trail")
	kept := shown(*name)
	kept.RetentionInDays = aws.Int32(365)
	protected := kept
	protected.DeletionProtectionEnabled = aws.Bool(true)
	all := &cloudwatchlogs.DescribeLogGroupsInput{}
	test.Run(t, []test.Case{
		{Name: "none", Call: test.Bind(c.DescribeLogGroups, all), Want: described()},
		{Name: "create", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, Tags: map[string]string{"team": "audit"}})},
		{Name: "twice", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name}), Code: "ResourceAlreadyExistsException"},
		{Name: "described", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/audit")}), Want: described(shown(*name))},
		{Name: "other prefix", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/b")}), Want: described()},
		{Name: "pattern", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("trail")}), Want: described(shown(*name))},
		{Name: "listed", Call: test.Bind(c.ListLogGroups, &cloudwatchlogs.ListLogGroupsInput{LogGroupNamePattern: aws.String("^/audit|nothing")}),
			Want: &cloudwatchlogs.ListLogGroupsOutput{LogGroups: []types.LogGroupSummary{{LogGroupName: name, LogGroupArn: aws.String(arn + *name), LogGroupClass: types.LogGroupClassStandard}}}},
		{Name: "retention of 2 days", Call: test.Bind(c.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(2)}), Code: "InvalidParameterException"},
		{Name: "retention", Call: test.Bind(c.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(365)})},
		{Name: "retained", Call: test.Bind(c.DescribeLogGroups, all), Want: described(kept)},
		{Name: "protect", Call: test.Bind(c.PutLogGroupDeletionProtection, &cloudwatchlogs.PutLogGroupDeletionProtectionInput{LogGroupIdentifier: aws.String(arn + *name), DeletionProtectionEnabled: aws.Bool(true)})},
		{Name: "protected", Call: test.Bind(c.DescribeLogGroups, all), Want: described(protected)},
		{Name: "delete protected", Call: test.Bind(c.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name}), Code: "ValidationException"},
		{Name: "unprotect", Call: test.Bind(c.PutLogGroupDeletionProtection, &cloudwatchlogs.PutLogGroupDeletionProtectionInput{LogGroupIdentifier: name, DeletionProtectionEnabled: aws.Bool(false)})},
		{Name: "no retention", Call: test.Bind(c.DeleteRetentionPolicy, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name})},
		{Name: "as created", Call: test.Bind(c.DescribeLogGroups, all), Want: described(shown(*name))},
		{Name: "key that is none", Call: test.Bind(c.AssociateKmsKey, &cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: name, KmsKeyId: aws.String("arn:aws:kms:eu-west-1:111122223333:key/none")}), Code: "InvalidParameterException"},
		{Name: "delete", Call: test.Bind(c.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})},
		{Name: "gone", Call: test.Bind(c.DescribeLogGroups, all), Want: described()},
		{Name: "delete again", Call: test.Bind(c.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name}), Code: "ResourceNotFoundException"},
		{Name: "retention of none", Call: test.Bind(c.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(7)}), Code: "ResourceNotFoundException"},
		{Name: "bad name", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("a b")}), Code: "InvalidParameterException"},
		{Name: "bad class", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, LogGroupClass: "COLD"}), Code: "InvalidParameterException"},
		{Name: "prefix and pattern", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name, LogGroupNamePattern: name}), Code: "InvalidParameterException"},
		{Name: "page of 51", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(51)}), Code: "InvalidParameterException"},
		{Name: "bad token", Call: test.Bind(c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{NextToken: aws.String("x")}), Code: "InvalidParameterException"},
	})
}

func TestTagsByNameAndByARN(t *testing.T) {
	t.Parallel()
	c := client(t)
	name, id := aws.String("g"), aws.String(arn+"g")
	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint("k", i)] = "v"
	}
	tags := func(m map[string]string) *cloudwatchlogs.ListTagsForResourceOutput {
		return &cloudwatchlogs.ListTagsForResourceOutput{Tags: m}
	}
	list := test.Bind(c.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: id})
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})},
		{Name: "none", Call: list, Want: tags(map[string]string{})},
		{Name: "tag", Call: test.Bind(c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: id, Tags: map[string]string{"a": "1", "b": "2"}})},
		{Name: "tag by name", Call: test.Bind(c.TagLogGroup, &cloudwatchlogs.TagLogGroupInput{LogGroupName: name, Tags: map[string]string{"b": "3"}})},
		{Name: "both", Call: list, Want: tags(map[string]string{"a": "1", "b": "3"})},
		{Name: "untag", Call: test.Bind(c.UntagResource, &cloudwatchlogs.UntagResourceInput{ResourceArn: id, TagKeys: []string{"a"}})},
		{Name: "by name", Call: test.Bind(c.ListTagsLogGroup, &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: name}), Want: &cloudwatchlogs.ListTagsLogGroupOutput{Tags: map[string]string{"b": "3"}}},
		{Name: "untag by name", Call: test.Bind(c.UntagLogGroup, &cloudwatchlogs.UntagLogGroupInput{LogGroupName: name, Tags: []string{"b"}})},
		{Name: "fifty", Call: test.Bind(c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: id, Tags: many})},
		{Name: "fifty-one", Call: test.Bind(c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: id, Tags: map[string]string{"more": ""}}), Code: "TooManyTagsException"},
		{Name: "ARN with a star", Call: test.Bind(c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: aws.String(arn + "g:*"), Tags: map[string]string{"x": ""}}), Code: "InvalidParameterException"},
		{Name: "unknown", Call: test.Bind(c.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arn + "other")}), Code: "ResourceNotFoundException"},
	})
}

func filter(change func(*cloudwatchlogs.PutMetricFilterInput)) *cloudwatchlogs.PutMetricFilterInput {
	in := &cloudwatchlogs.PutMetricFilterInput{
		LogGroupName: aws.String("g"), FilterName: aws.String("root"), FilterPattern: aws.String(`{ $.userIdentity.type = "Root" }`),
		MetricTransformations: []types.MetricTransformation{{MetricName: aws.String("Root"), MetricNamespace: aws.String("Audit"), MetricValue: aws.String("1"), DefaultValue: aws.Float64(0)}},
	}
	if change != nil {
		change(in)
	}
	return in
}

func TestLifeOfAMetricFilter(t *testing.T) {
	t.Parallel()
	c := client(t)
	shown := types.MetricFilter{
		LogGroupName: aws.String("g"), FilterName: aws.String("root"), FilterPattern: aws.String(`{ $.userIdentity.type = "Root" }`),
		CreationTime: aws.Int64(test.Now.UnixMilli()),
		MetricTransformations: []types.MetricTransformation{{MetricName: aws.String("Root"), MetricNamespace: aws.String("Audit"),
			MetricValue: aws.String("1"), DefaultValue: aws.Float64(0), Unit: types.StandardUnitNone}},
	}
	one := &cloudwatchlogs.DescribeMetricFiltersOutput{MetricFilters: []types.MetricFilter{shown}}
	none := &cloudwatchlogs.DescribeMetricFiltersOutput{MetricFilters: []types.MetricFilter{}}
	byMetric := func(name string) *cloudwatchlogs.DescribeMetricFiltersInput {
		return &cloudwatchlogs.DescribeMetricFiltersInput{MetricName: aws.String(name), MetricNamespace: aws.String("Audit")}
	}
	group := aws.String("g")
	test.Run(t, []test.Case{
		{Name: "without group", Call: test.Bind(c.PutMetricFilter, filter(nil)), Code: "ResourceNotFoundException"},
		{Name: "group", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})},
		{Name: "put", Call: test.Bind(c.PutMetricFilter, filter(nil))},
		{Name: "described", Call: test.Bind(c.DescribeMetricFilters, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: group, FilterNamePrefix: aws.String("ro")}), Want: one},
		{Name: "by metric", Call: test.Bind(c.DescribeMetricFilters, byMetric("Root")), Want: one},
		{Name: "by other metric", Call: test.Bind(c.DescribeMetricFilters, byMetric("Other")), Want: none},
		{Name: "half a metric", Call: test.Bind(c.DescribeMetricFilters, &cloudwatchlogs.DescribeMetricFiltersInput{MetricName: aws.String("Root")}), Code: "InvalidParameterException"},
		{Name: "delete other", Call: test.Bind(c.DeleteMetricFilter, &cloudwatchlogs.DeleteMetricFilterInput{LogGroupName: group, FilterName: aws.String("x")}), Code: "ResourceNotFoundException"},
		{Name: "delete", Call: test.Bind(c.DeleteMetricFilter, &cloudwatchlogs.DeleteMetricFilterInput{LogGroupName: group, FilterName: aws.String("root")})},
		{Name: "gone", Call: test.Bind(c.DescribeMetricFilters, &cloudwatchlogs.DescribeMetricFiltersInput{}), Want: none},
	})
}

// TestRulesOfPutMetricFilter breaks one rule at a time.
func TestRulesOfPutMetricFilter(t *testing.T) {
	t.Parallel()
	c := client(t)
	type in = cloudwatchlogs.PutMetricFilterInput
	if _, err := c.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	dimensions := func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprint("d", i)] = "$.x"
		}
		return m
	}
	for _, tc := range []struct {
		name   string
		code   string
		change func(*in)
	}{
		{"dimensions and default", "InvalidParameterException", func(f *in) { f.MetricTransformations[0].Dimensions = dimensions(1) }},
		{"three dimensions", "", func(f *in) {
			f.MetricTransformations[0].Dimensions, f.MetricTransformations[0].DefaultValue = dimensions(3), nil
		}},
		{"four dimensions", "InvalidParameterException", func(f *in) {
			f.MetricTransformations[0].Dimensions, f.MetricTransformations[0].DefaultValue = dimensions(4), nil
		}},
		{"three dimensions and the account", "InvalidParameterException", func(f *in) {
			f.MetricTransformations[0].Dimensions, f.MetricTransformations[0].DefaultValue = dimensions(3), nil
			f.EmitSystemFieldDimensions = []string{"@aws.account"}
		}},
		{"two transformations", "InvalidParameterException", func(f *in) {
			f.MetricTransformations = append(f.MetricTransformations, f.MetricTransformations[0])
		}},
		{"no transformation", "InvalidParameterException", func(f *in) { f.MetricTransformations = []types.MetricTransformation{} }},
		{"value of words", "InvalidParameterException", func(f *in) { f.MetricTransformations[0].MetricValue = aws.String("one") }},
		{"value of a field", "", func(f *in) { f.MetricTransformations[0].MetricValue = aws.String("$.size") }},
		{"name with a colon", "InvalidParameterException", func(f *in) { f.FilterName = aws.String("a:b") }},
		{"open bracket", "InvalidParameterException", func(f *in) { f.FilterPattern = aws.String("{ $.a = 1") }},
		{"open quote", "InvalidParameterException", func(f *in) { f.FilterPattern = aws.String(`"a`) }},
		{"empty pattern", "", func(f *in) { f.FilterPattern = aws.String("") }},
		{"unit", "InvalidParameterException", func(f *in) { f.MetricTransformations[0].Unit = "Furlong" }},
		{"metric with a dollar", "InvalidParameterException", func(f *in) { f.MetricTransformations[0].MetricName = aws.String("$x") }},
	} {
		_, err := c.PutMetricFilter(t.Context(), filter(tc.change))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, tc.code, err)
		}
	}
}

func TestHundredFiltersAreTheLimit(t *testing.T) {
	t.Parallel()
	c := client(t)
	if _, err := c.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	for i := range 101 {
		_, err := c.PutMetricFilter(t.Context(), filter(func(in *cloudwatchlogs.PutMetricFilterInput) { in.FilterName = aws.String(fmt.Sprintf("f%03d", i)) }))
		want := ""
		if i == 100 {
			want = "LimitExceededException"
		}
		if code := test.Code(err); code != want {
			t.Fatalf("filter %d: %q, want %q", i, code, want)
		}
	}
	var names []string
	pages := cloudwatchlogs.NewDescribeMetricFiltersPaginator(c, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: aws.String("g"), Limit: aws.Int32(30)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.MetricFilters {
			names = append(names, *f.FilterName)
		}
	}
	if len(names) != 100 || names[0] != "f000" || names[99] != "f099" {
		t.Errorf("got %d filters in pages of 30: %v", len(names), names)
	}
}

func TestStreams(t *testing.T) {
	t.Parallel()
	c := client(t)
	group := aws.String("g")
	stream := func(name string) types.LogStream {
		return types.LogStream{LogStreamName: aws.String(name), Arn: aws.String(arn + "g:log-stream:" + name),
			CreationTime: aws.Int64(test.Now.UnixMilli()), StoredBytes: aws.Int64(0)}
	}
	put := func(name string) test.Case {
		return test.Case{Name: "put " + name, Call: test.Bind(c.CreateLogStream, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: aws.String(name)})}
	}
	twice := put("a")
	twice.Code = "ResourceAlreadyExistsException"
	test.Run(t, []test.Case{
		{Name: "group", Call: test.Bind(c.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})},
		put("b"), put("a"), twice,
		{Name: "all", Call: test.Bind(c.DescribeLogStreams, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group}), Want: &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{stream("a"), stream("b")}}},
		{Name: "backwards", Call: test.Bind(c.DescribeLogStreams, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupIdentifier: aws.String(arn + "g"), Descending: aws.Bool(true)}), Want: &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{stream("b"), stream("a")}}},
		{Name: "prefix by time", Call: test.Bind(c.DescribeLogStreams, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, LogStreamNamePrefix: aws.String("a"), OrderBy: types.OrderByLastEventTime}), Code: "InvalidParameterException"},
		{Name: "delete", Call: test.Bind(c.DeleteLogStream, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: aws.String("a")})},
		{Name: "delete again", Call: test.Bind(c.DeleteLogStream, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: aws.String("a")}), Code: "ResourceNotFoundException"},
		{Name: "left", Call: test.Bind(c.DescribeLogStreams, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group, LogStreamNamePrefix: aws.String("b")}), Want: &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{stream("b")}}},
	})
}
