package cloudtrail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
)

const (
	basic = `
  event_selector {
    read_write_type                  = "WriteOnly"
    exclude_management_event_sources = ["kms.amazonaws.com", "rdsdata.amazonaws.com"]
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::app-b/", "arn:aws:s3:::app-a/"]
    }
    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }
  }`
	advanced = `
  advanced_event_selector {
    name = "management"
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field           = "resources.ARN"
      starts_with     = ["arn:aws:s3:::app-b/", "arn:aws:s3:::app-a/"]
      not_starts_with = ["arn:aws:s3:::app-a/tmp/"]
    }
    field_selector {
      field      = "eventName"
      not_equals = ["HeadObject"]
    }
  }`
	insights = `
  insight_selector { insight_type = "ApiCallRateInsight" }
  insight_selector { insight_type = "ApiErrorRateInsight" }`
)

func TestAccTrail_selectors(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(basic), attribute("event_selector", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"read_write_type":                  knownvalue.StringExact("WriteOnly"),
			"include_management_events":        knownvalue.Bool(true),
			"exclude_management_event_sources": set("kms.amazonaws.com", "rdsdata.amazonaws.com"),
			"data_resource": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{"type": knownvalue.StringExact("AWS::S3::Object"), "values": set("arn:aws:s3:::app-a/", "arn:aws:s3:::app-b/")}),
				knownvalue.ObjectExact(map[string]knownvalue.Check{"type": knownvalue.StringExact("AWS::Lambda::Function"), "values": set("arn:aws:lambda")}),
			}),
		})}))),
		imported(trailARN),
		// From basic to advanced and back, and to none: AWS's default again.
		updated(config(advanced), attribute("event_selector", knownvalue.ListSizeExact(0)), attribute("advanced_event_selector", knownvalue.ListSizeExact(2))),
		imported(trailARN),
		updated(config(basic), attribute("event_selector", knownvalue.ListSizeExact(1)), attribute("advanced_event_selector", knownvalue.ListSizeExact(0))),
		updated(config(""), attribute("event_selector", knownvalue.ListSizeExact(0))),
		imported(trailARN),
	}})
	if diff := cmp.Diff([]string{"CreateTrail", "PutEventSelectors", "StartLogging", "PutEventSelectors", "PutEventSelectors", "PutEventSelectors", "DeleteTrail"}, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
	want := []awstypes.EventSelector{{ReadWriteType: awstypes.ReadWriteTypeAll, IncludeManagementEvents: aws.Bool(true)}}
	var last *cloudtrail.PutEventSelectorsInput
	for _, c := range sb.Calls() {
		if in, ok := c.Input.(*cloudtrail.PutEventSelectorsInput); ok {
			last = in
		}
	}
	if diff := cmp.Diff(want, last.EventSelectors, cmpopts.IgnoreUnexported(awstypes.EventSelector{})); diff != "" {
		t.Errorf("selectors of the last PutEventSelectors (-want +got):\n%s", diff)
	}
}

// The default, said or not, is no difference; a change behind Terraform's back is.
func TestAccTrail_selectorDrift(t *testing.T) {
	sb := start(t)
	put := func(in cloudtrail.PutEventSelectorsInput) func() {
		return func() {
			in.TrailName = aws.String("audit")
			_, err := trails(t, sb, "").PutEventSelectors(context.Background(), &in)
			must(t, err)
		}
	}
	management := awstypes.AdvancedFieldSelector{Field: aws.String("eventCategory"), Equals: []string{"Management"}}
	consoleDefault := cloudtrail.PutEventSelectorsInput{AdvancedEventSelectors: []awstypes.AdvancedEventSelector{
		{Name: aws.String("Management events selector"), FieldSelectors: []awstypes.AdvancedFieldSelector{management}}}}
	readOnly := cloudtrail.PutEventSelectorsInput{EventSelectors: []awstypes.EventSelector{{ReadWriteType: awstypes.ReadWriteTypeReadOnly, IncludeManagementEvents: aws.Bool(true)}}}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("event_selector {}")),
		updated(config("")),
		before(put(consoleDefault), unchanged(config(""))),
		before(put(readOnly), updated(config(""))),
		updated(config(basic)),
		before(put(consoleDefault), updated(config(basic), attribute("advanced_event_selector", knownvalue.ListSizeExact(0)))),
	}})
}

func TestAccTrail_insights(t *testing.T) {
	sb := start(t)
	const readOnly = `
  event_selector { read_write_type = "ReadOnly" }
  insight_selector { insight_type = "ApiErrorRateInsight" }`
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(insights), attribute("insight_selector", knownvalue.ListSizeExact(2))),
		imported(trailARN),
		// The rate of calls needs write events: it must be off before they go.
		updated(config(readOnly), attribute("insight_selector", knownvalue.ListSizeExact(1))),
		updated(config(insights), attribute("insight_selector", knownvalue.ListSizeExact(2))),
		updated(config(basic + `
  insight_selector {
    insight_type     = "ApiCallRateInsight"
    event_categories = ["Data", "Management"]
  }`)),
		imported(trailARN),
		updated(config(""), attribute("insight_selector", knownvalue.ListSizeExact(0))),
	}})
	want := []string{
		"CreateTrail", "PutInsightSelectors", "StartLogging",
		"PutInsightSelectors", "PutEventSelectors", // less
		"PutEventSelectors", "PutInsightSelectors", // more
		"PutEventSelectors", "PutInsightSelectors",
		"PutInsightSelectors", "PutEventSelectors", "DeleteTrail", // none of data events, then their selectors
	}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

// What AWS would refuse is refused while planning, in words that name its rule.
func TestAccTrail_refused(t *testing.T) {
	sb := start(t)
	sb.ResetCalls()
	named := func(name, message string) resource.TestStep {
		s := refused("", message)
		s.Config = strings.Replace(s.Config, `"audit"`, fmt.Sprintf("%q", name), 1)
		return s
	}
	values := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("%q", fmt.Sprintf("arn:aws:s3:::bucket-%d/", i)))
		}
		return strings.Join(all, ", ")
	}
	field := func(category, more string) string {
		return "advanced_event_selector {\n    field_selector {\n      field  = \"eventCategory\"\n      equals = [\"" + category + "\"]\n    }\n" + more + "\n  }\n"
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		named("ab", `between 3 and 128`),
		named("a b", `is made of the characters`),
		named("-audit", `begins\s+and\s+ends\s+with\s+a\s+letter`),
		named("audit.", `begins\s+and\s+ends\s+with\s+a\s+letter`),
		named("my-_trail", `side\s+by\s+side`),
		named("192.168.5.4", `must\s+not\s+look\s+like\s+an\s+IP\s+address`),
		refused(`kms_key_id = "key/1"`, `takes a KMS key's ARN or id`),
		refused(`cloud_watch_logs_group_arn = "`+groupARN+`"`, `A log group without a role`),
		refused(`cloud_watch_logs_role_arn = "`+roleARN+`"`, `A role without a log group`),
		refused("cloud_watch_logs_group_arn = \"audit\"\n  cloud_watch_logs_role_arn = \""+roleARN+"\"", `takes the ARN of a log group`),
		refused(`include_global_service_events = false`, `(?s)A multi-Region trail records global service events.*is_multi_region_trail`),
		refused(basic+advanced, `exclude each other`),
		refused(strings.Repeat("event_selector {}\n", 6), `at most 5 elements`),
		refused("event_selector {\n    include_management_events = false\n  }", `selects nothing`),
		refused("event_selector {\n    read_write_type = \"readonly\"\n  }", `AWS writes "ReadOnly"`),
		refused("event_selector {\n    data_resource {\n      type = \"AWS::S3::Object\"\n      values = ["+values(251)+"]\n    }\n  }", `(?s)up to 250 values.*hold\s+251`),
		refused(field("Data", "field_selector {\n field = \"resources.type\"\n equals = [\"AWS::S3::Object\"]\n}\nfield_selector {\n field = \"resources.ARN\"\n starts_with = ["+values(499)+"]\n}"), `(?s)up to\s+500 values.*hold\s+501`),
		refused("advanced_event_selector {\n    field_selector {\n      field  = \"readOnly\"\n      equals = [\"true\"]\n    }\n  }", `needs one event category`),
		refused(field("Data", ""), `needs a resource type`),
		refused(field("Management", "field_selector {\n field = \"readOnly\"\n equals = [\"maybe\"]\n}"), `readOnly is true or false`),
		refused(field("Management", "field_selector {\n field = \"eventSource\"\n}"), `has no values`),
		refused(field("Data", "field_selector {\n field = \"resources.type\"\n not_equals = [\"AWS::S3::Object\"]\n}"), `no other operator than equals`),
		refused("event_selector {\n read_write_type = \"ReadOnly\"\n}\ninsight_selector {\n insight_type = \"ApiCallRateInsight\"\n}", `Insights need write management events`),
		refused(field("Data", "field_selector {\n field = \"resources.type\"\n equals = [\"AWS::S3::Object\"]\n}")+"insight_selector {\n insight_type = \"ApiErrorRateInsight\"\n}", `Insights need read or write management events`),
		refused("insight_selector {\n insight_type = \"ApiCallRateInsight\"\n event_categories = [\"Data\"]\n}", `Insights need data events`),
		refused(`tags = { "aws:x" = "1" }`, `AWS keeps tag keys`),
	}})
	if n := len(sb.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

// Fields and types that AWS adds later are not refused here.
func TestAccTrail_newNames(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		PlanOnly: true, ExpectNonEmptyPlan: true,
		Config: config(`
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Quantum"]
    }
    field_selector {
      field       = "qubit.spin"
      starts_with = ["up"]
    }
  }
  insight_selector { insight_type = "ApiMoodInsight" }`),
	}}})
}

func set(values ...string) knownvalue.Check {
	var checks []knownvalue.Check
	for _, v := range values {
		checks = append(checks, knownvalue.StringExact(v))
	}
	return knownvalue.SetExact(checks)
}
