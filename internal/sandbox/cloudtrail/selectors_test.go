package cloudtrail_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

func basic(change func(*types.EventSelector)) []types.EventSelector {
	s := types.EventSelector{ReadWriteType: types.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true),
		DataResources: []types.DataResource{}, ExcludeManagementEventSources: []string{}}
	if change != nil {
		change(&s)
	}
	return []types.EventSelector{s}
}

func field(name string, equals ...string) types.AdvancedFieldSelector {
	return types.AdvancedFieldSelector{Field: aws.String(name), Equals: equals}
}

func advanced(fields ...types.AdvancedFieldSelector) []types.AdvancedEventSelector {
	return []types.AdvancedEventSelector{{Name: aws.String("one"), FieldSelectors: fields}}
}

func TestSelectorsReplaceEachOther(t *testing.T) {
	t.Parallel()
	c := trails(account(t))
	name, arn := aws.String("audit"), aws.String(trailARN)
	get := test.Bind(c.GetEventSelectors, &cloudtrail.GetEventSelectorsInput{TrailName: name})
	custom := test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: name})
	writes := basic(func(s *types.EventSelector) {
		s.ReadWriteType = types.ReadWriteTypeWriteOnly
		s.ExcludeManagementEventSources = []string{"kms.amazonaws.com"}
		s.DataResources = []types.DataResource{{Type: aws.String("AWS::S3::Object"), Values: []string{"arn:aws:s3:::bucket/p"}}}
	})
	data := advanced(field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object"),
		types.AdvancedFieldSelector{Field: aws.String("resources.ARN"), StartsWith: []string{"arn:aws:s3:::bucket/"}, NotEndsWith: []string{".tmp"}})
	put := func(in cloudtrail.PutEventSelectorsInput) func() *cloudtrail.PutEventSelectorsInput {
		return func() *cloudtrail.PutEventSelectorsInput { in.TrailName = name; return &in }
	}
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(nil))},
		{Name: "default", Call: get, Want: &cloudtrail.GetEventSelectorsOutput{TrailARN: arn, EventSelectors: basic(nil)}},
		{Name: "put basic", Call: test.Bind(c.PutEventSelectors, put(cloudtrail.PutEventSelectorsInput{EventSelectors: writes})()),
			Want: &cloudtrail.PutEventSelectorsOutput{TrailARN: arn, EventSelectors: writes}},
		{Name: "basic", Call: get, Want: &cloudtrail.GetEventSelectorsOutput{TrailARN: arn, EventSelectors: writes}},
		{Name: "custom", Call: custom, Want: &cloudtrail.GetTrailOutput{Trail: shown(func(t *types.Trail) { t.HasCustomEventSelectors = aws.Bool(true) })}},
		{Name: "put advanced", Call: test.Bind(c.PutEventSelectors, put(cloudtrail.PutEventSelectorsInput{AdvancedEventSelectors: data})())},
		{Name: "advanced", Call: get, Want: &cloudtrail.GetEventSelectorsOutput{TrailARN: arn, AdvancedEventSelectors: data}},
		{Name: "both", Call: test.Bind(c.PutEventSelectors, put(cloudtrail.PutEventSelectorsInput{EventSelectors: writes, AdvancedEventSelectors: data})()), Code: "InvalidParameterCombinationException"},
		{Name: "neither", Call: test.Bind(c.PutEventSelectors, put(cloudtrail.PutEventSelectorsInput{})()), Code: "InvalidEventSelectorsException"},
		{Name: "the default again", Call: test.Bind(c.PutEventSelectors, put(cloudtrail.PutEventSelectorsInput{EventSelectors: []types.EventSelector{{}}})())},
		{Name: "is not custom", Call: custom, Want: &cloudtrail.GetTrailOutput{Trail: shown(nil)}},
	})
}

// TestRulesOfSelectors breaks one rule at a time.
func TestRulesOfSelectors(t *testing.T) {
	t.Parallel()
	c := trails(account(t))
	if _, err := c.CreateTrail(t.Context(), audit(nil)); err != nil {
		t.Fatal(err)
	}
	type in = cloudtrail.PutEventSelectorsInput
	onData := func(kind string, values ...string) in {
		return in{EventSelectors: basic(func(s *types.EventSelector) {
			s.DataResources = []types.DataResource{{Type: aws.String(kind), Values: values}}
		})}
	}
	many := make([]string, 251)
	for i := range many {
		many[i] = fmt.Sprintf("arn:aws:s3:::bucket/%d", i)
	}
	values := make([]string, 499)
	for i := range values {
		values[i] = fmt.Sprint("Event", i)
	}
	for _, tc := range []struct {
		name string
		in   in
		ok   bool
	}{
		{"all objects", onData("AWS::S3::Object", "arn:aws:s3"), true},
		{"all buckets", onData("AWS::S3::Object", "arn:aws:s3:::"), true},
		{"a bucket without slash", onData("AWS::S3::Object", "arn:aws:s3:::bucket"), false},
		{"a star", onData("AWS::S3::Object", "arn:aws:s3:::*"), false},
		{"all functions", onData("AWS::Lambda::Function", "arn:aws:lambda"), true},
		{"functions with a star", onData("AWS::Lambda::Function", "arn:aws:lambda:*"), false},
		{"a table", onData("AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:111122223333:table/t"), true},
		{"another type", onData("AWS::SNS::Topic", "arn:aws:sns"), false},
		{"251 values", onData("AWS::S3::Object", many...), false},
		{"five selectors", in{EventSelectors: append(append(append(append(basic(nil), basic(nil)...), basic(nil)...), basic(nil)...), basic(nil)...)}, true},
		{"six selectors", in{EventSelectors: append(append(append(append(append(basic(nil), basic(nil)...), basic(nil)...), basic(nil)...), basic(nil)...), basic(nil)...)}, false},
		{"read write type", in{EventSelectors: basic(func(s *types.EventSelector) { s.ReadWriteType = "Some" })}, false},
		{"exclude EC2", in{EventSelectors: basic(func(s *types.EventSelector) { s.ExcludeManagementEventSources = []string{"ec2.amazonaws.com"} })}, false},
		{"exclude without management", in{EventSelectors: basic(func(s *types.EventSelector) {
			s.IncludeManagementEvents, s.ExcludeManagementEventSources = aws.Bool(false), []string{"kms.amazonaws.com"}
		})}, false},
		{"nothing at all", in{EventSelectors: basic(func(s *types.EventSelector) { s.IncludeManagementEvents = aws.Bool(false) })}, false},
		{"management", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("readOnly", "false"))}, true},
		{"no category", in{AdvancedEventSelectors: advanced(field("readOnly", "false"))}, false},
		{"two categories", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management", "Data"))}, false},
		{"unknown category", in{AdvancedEventSelectors: advanced(field("eventCategory", "Insight"))}, false},
		{"readOnly maybe", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("readOnly", "maybe"))}, false},
		{"data without type", in{AdvancedEventSelectors: advanced(field("eventCategory", "Data"))}, false},
		{"data of two types", in{AdvancedEventSelectors: advanced(field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object", "AWS::SNS::Topic"))}, false},
		{"a resource in management", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("resources.ARN", "a"))}, false},
		{"network activity", in{AdvancedEventSelectors: advanced(field("eventCategory", "NetworkActivity"), field("eventSource", "kms.amazonaws.com"))}, true},
		{"unknown field", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("weather", "fine"))}, false},
		{"field twice", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("readOnly", "true"), field("readOnly", "false"))}, false},
		{"no operator", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("eventSource"))}, false},
		{"long name", in{AdvancedEventSelectors: []types.AdvancedEventSelector{{Name: aws.String(strings.Repeat("n", 1001)), FieldSelectors: []types.AdvancedFieldSelector{field("eventCategory", "Management")}}}}, false},
		{"500 values", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("eventName", values...))}, true},
		{"501 values", in{AdvancedEventSelectors: advanced(field("eventCategory", "Management"), field("eventName", values...), field("readOnly", "true"))}, false},
	} {
		tc.in.TrailName = aws.String("audit")
		_, err := c.PutEventSelectors(t.Context(), &tc.in)
		want := "InvalidEventSelectorsException"
		if tc.ok {
			want = ""
		}
		if code := test.Code(err); code != want {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, want, err)
		}
	}
}

func TestInsights(t *testing.T) {
	t.Parallel()
	c := trails(account(t))
	name, arn := aws.String("audit"), aws.String(trailARN)
	calls, failures := types.InsightSelector{InsightType: types.InsightTypeApiCallRateInsight}, types.InsightSelector{InsightType: types.InsightTypeApiErrorRateInsight}
	put := func(selectors ...types.InsightSelector) func(t *testing.T) test.Case {
		return func(*testing.T) test.Case {
			return test.Case{Name: fmt.Sprint(selectors), Call: test.Bind(c.PutInsightSelectors, &cloudtrail.PutInsightSelectorsInput{TrailName: name, InsightSelectors: append([]types.InsightSelector{}, selectors...)})}
		}
	}
	refused := func(selectors ...types.InsightSelector) test.Case {
		tc := put(selectors...)(t)
		tc.Code = "InvalidInsightSelectorsException"
		return tc
	}
	log := func(s []types.EventSelector) test.Case {
		return test.Case{Name: "selectors", Call: test.Bind(c.PutEventSelectors, &cloudtrail.PutEventSelectorsInput{TrailName: name, EventSelectors: s})}
	}
	get := test.Bind(c.GetInsightSelectors, &cloudtrail.GetInsightSelectorsInput{TrailName: name})
	onData := types.InsightSelector{InsightType: types.InsightTypeApiCallRateInsight, EventCategories: []types.SourceEventCategory{types.SourceEventCategoryData}}
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(nil))},
		{Name: "none", Call: get, Code: "InsightNotEnabledException"},
		put(calls, failures)(t),
		{Name: "both", Call: get, Want: &cloudtrail.GetInsightSelectorsOutput{TrailARN: arn, InsightSelectors: []types.InsightSelector{calls, failures}}},
		{Name: "seen", Call: test.Bind(c.GetTrail, &cloudtrail.GetTrailInput{Name: name}), Want: &cloudtrail.GetTrailOutput{Trail: shown(func(t *types.Trail) { t.HasInsightSelectors = aws.Bool(true) })}},
		put()(t),
		{Name: "off", Call: get, Code: "InsightNotEnabledException"},
		refused(calls, calls), refused(types.InsightSelector{InsightType: "Weather"}), refused(onData),
		log(basic(func(s *types.EventSelector) { s.ReadWriteType = types.ReadWriteTypeReadOnly })),
		refused(calls), put(failures)(t),
		log(basic(func(s *types.EventSelector) {
			s.IncludeManagementEvents = aws.Bool(false)
			s.DataResources = []types.DataResource{{Type: aws.String("AWS::S3::Object"), Values: []string{"arn:aws:s3"}}}
		})),
		refused(calls), refused(failures), put(onData)(t),
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	c := trails(account(t))
	tag := func(key, value string) types.Tag { return types.Tag{Key: aws.String(key), Value: aws.String(value)} }
	id := aws.String(trailARN)
	listed := func(tags ...types.Tag) *cloudtrail.ListTagsOutput {
		return &cloudtrail.ListTagsOutput{ResourceTagList: []types.ResourceTag{{ResourceId: id, TagsList: append([]types.Tag{}, tags...)}}}
	}
	list := test.Bind(c.ListTags, &cloudtrail.ListTagsInput{ResourceIdList: []string{trailARN}})
	many := make([]types.Tag, 50)
	for i := range many {
		many[i] = tag(fmt.Sprint("k", i), "")
	}
	test.Run(t, []test.Case{
		{Name: "create", Call: test.Bind(c.CreateTrail, audit(func(i *cloudtrail.CreateTrailInput) { i.TagsList = []types.Tag{tag("a", "1")} }))},
		{Name: "from the start", Call: list, Want: listed(tag("a", "1"))},
		{Name: "add", Call: test.Bind(c.AddTags, &cloudtrail.AddTagsInput{ResourceId: id, TagsList: []types.Tag{tag("b", "2"), tag("a", "3")}})},
		{Name: "added", Call: list, Want: listed(tag("a", "3"), tag("b", "2"))},
		{Name: "remove", Call: test.Bind(c.RemoveTags, &cloudtrail.RemoveTagsInput{ResourceId: id, TagsList: []types.Tag{{Key: aws.String("a")}}})},
		{Name: "removed", Call: list, Want: listed(tag("b", "2"))},
		{Name: "51 in all", Call: test.Bind(c.AddTags, &cloudtrail.AddTagsInput{ResourceId: id, TagsList: many}), Code: "TagsLimitExceededException"},
		{Name: "reserved", Call: test.Bind(c.AddTags, &cloudtrail.AddTagsInput{ResourceId: id, TagsList: []types.Tag{tag("aws:x", "")}}), Code: "InvalidTagParameterException"},
		{Name: "no ARN", Call: test.Bind(c.ListTags, &cloudtrail.ListTagsInput{ResourceIdList: []string{"audit"}}), Code: "CloudTrailARNInvalidException"},
		{Name: "no trail", Call: test.Bind(c.ListTags, &cloudtrail.ListTagsInput{ResourceIdList: []string{trailARN + "2"}}), Code: "ResourceNotFoundException"},
		{Name: "a bucket", Call: test.Bind(c.ListTags, &cloudtrail.ListTagsInput{ResourceIdList: []string{"arn:aws:s3:::b"}}), Code: "ResourceTypeNotSupportedException"},
	})
}
