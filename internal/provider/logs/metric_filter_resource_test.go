package logs_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const filter = "vigil_metric_filter.test"

// filterConfig is a group with a filter; later lines win over earlier ones.
func filterConfig(filterLines, transformationLines string) string {
	return fmt.Sprintf(`
resource "vigil_log_group" "test" {
  name = "audit"
}
resource "vigil_metric_filter" "test" {
  log_group_name = vigil_log_group.test.name
  %s
  metric_transformation {
    name      = "RootUse"
    namespace = "Audit"
    %s
  }
}`, filterLines, transformationLines)
}

const named = "name = \"root\"\n  "

func ofFilter(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(filter, tfjsonpath.New(name), check)
}

// ofMetric checks an attribute of the transformation.
func ofMetric(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(filter, tfjsonpath.New("metric_transformation").AtSliceIndex(0).AtMapKey(name), check)
}

func filterPlanned(action plancheck.ResourceActionType, config string, checks ...statecheck.StateCheck) resource.TestStep {
	s := step(config, checks...)
	s.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(filter, action)}
	return s
}

func TestAccMetricFilter_basic(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(filterConfig(named+`pattern = "{ $.userIdentity.type = \"Root\" }"`, `value = "1"`),
			ofFilter("id", knownvalue.StringExact("root")),
			ofFilter("name", knownvalue.StringExact("root")),
			ofFilter("log_group_name", knownvalue.StringExact("audit")),
			ofFilter("pattern", knownvalue.StringExact(`{ $.userIdentity.type = "Root" }`)),
			ofFilter("apply_on_transformed_logs", knownvalue.Bool(false)),
			ofFilter("emit_system_field_dimensions", knownvalue.Null()),
			ofFilter("field_selection_criteria", knownvalue.Null()),
			ofFilter("region", knownvalue.StringExact("eu-west-1")),
			ofFilter("metric_transformation", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"name": knownvalue.StringExact("RootUse"), "namespace": knownvalue.StringExact("Audit"), "value": knownvalue.StringExact("1"),
				// Unset is not zero: a default of 0 would be published every minute.
				"default_value": knownvalue.Null(), "dimensions": knownvalue.Null(), "unit": knownvalue.StringExact("None"),
			})})),
		),
		{ResourceName: filter, ImportState: true, ImportStateVerify: true, ImportStateId: "audit:root"},
		{ResourceName: filter, ImportState: true, ImportStateVerify: true, ImportStateId: "audit:root@eu-west-1"},
		{ResourceName: filter, ImportState: true, ImportStateId: "root", ExpectError: regexp.MustCompile(`LOG_GROUP_NAME:FILTER_NAME`)},
	}})
	for _, c := range aws.Calls() {
		if in, ok := c.Input.(*cloudwatchlogs.PutMetricFilterInput); ok && in.MetricTransformations[0].DefaultValue != nil {
			t.Error("a default value was sent that nobody set")
		}
	}
}

func TestAccMetricFilter_disappears(t *testing.T) {
	aws := sandbox.Start(t)
	config := filterConfig(named+`pattern = "ERROR"`, `value = "1"`)
	group, name := "audit", "root"
	gone := func(remove func() error) resource.TestStep {
		s := filterPlanned(plancheck.ResourceActionCreate, config)
		s.PreConfig = func() {
			if err := remove(); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config),
		gone(func() error {
			_, err := client(t, aws, "").DeleteMetricFilter(context.Background(), &cloudwatchlogs.DeleteMetricFilterInput{LogGroupName: &group, FilterName: &name})
			return err
		}),
		gone(func() error {
			_, err := client(t, aws, "").DeleteLogGroup(context.Background(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &group})
			return err
		}),
	}})
}

func TestAccMetricFilter_updates(t *testing.T) {
	aws := sandbox.Start(t)
	update := plancheck.ResourceActionUpdate
	jsonPattern := named + `pattern = "{ $.eventName = \"*\" }"`
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(filterConfig(named+`pattern = ""`, `value = "1"`), ofFilter("pattern", knownvalue.StringExact(""))),
		filterPlanned(update, filterConfig(named+"pattern = <<EOT\n  ERROR\nEOT", `value = "1"`), ofFilter("pattern", knownvalue.StringExact("  ERROR\n"))),
		filterPlanned(update, filterConfig(named+`pattern = "ERROR"`, "value = \"1\"\n default_value = 0"), ofMetric("default_value", knownvalue.Float64Exact(0))),
		filterPlanned(update, filterConfig(named+`pattern = "ERROR"`, "value = \"1\"\n default_value = \"1.5\""), ofMetric("default_value", knownvalue.Float64Exact(1.5))),
		filterPlanned(update, filterConfig(jsonPattern, "value = \"$.size\"\n unit = \"Bytes\"\n dimensions = { Name = \"$.eventName\" }"),
			ofMetric("dimensions", texts("Name", "$.eventName")), ofMetric("unit", knownvalue.StringExact("Bytes")), ofMetric("default_value", knownvalue.Null())),
		filterPlanned(update, filterConfig(named+`pattern = "[ip, id, user, when, request = *html*, status = 4*, size]"`, "value = \"$size\"\n dimensions = { Status = \"$status\", Request = \"$request\" }")),
		filterPlanned(update, filterConfig(jsonPattern+"\n  apply_on_transformed_logs = true\n  emit_system_field_dimensions = [\"@aws.region\", \"@aws.account\"]\n  field_selection_criteria = \"@aws.region = \\\"eu-west-1\\\"\"", `value = "1"`),
			ofFilter("apply_on_transformed_logs", knownvalue.Bool(true)),
			ofFilter("emit_system_field_dimensions", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("@aws.account"), knownvalue.StringExact("@aws.region")})),
			ofFilter("field_selection_criteria", knownvalue.StringExact(`@aws.region = "eu-west-1"`))),
		filterPlanned(plancheck.ResourceActionDestroyBeforeCreate, filterConfig(strings.Replace(jsonPattern, "root", "other", 1), `value = "1"`)),
	}})
}

func TestAccMetricFilter_refused(t *testing.T) {
	aws := sandbox.Start(t)
	bad := func(filterLines, transformationLines, message string) resource.TestStep {
		return resource.TestStep{Config: filterConfig(filterLines, transformationLines), PlanOnly: true, ExpectError: regexp.MustCompile(message)}
	}
	plain, document, columns := named+`pattern = "ERROR"`, named+`pattern = "{ $.a = 1 }"`, named+`pattern = "[ip, status = \"a,b\"]"`
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		bad("name = \"a:b\"\n  pattern = \"\"", `value = "1"`, `has no ":"`),
		bad(named+`pattern = "`+strings.Repeat("x", 1025)+`"`, `value = "1"`, `at\s+most\s+1024\s+characters;\s+this\s+one\s+has\s+1025`),
		bad(plain, `value = "many"`, `a number or a\s+field`),
		bad(document, "value = \"1\"\n default_value = 0\n dimensions = { A = \"$.a\" }", `Default value with dimensions`),
		bad(document, "value = \"1\"\n dimensions = { A = \"$.a\", B = \"$.b\", C = \"$.c\", D = \"$.d\" }", `(?s)at\s+most\s+3\s+dimensions.*here\s+are\s+4`),
		bad(document+"\n  emit_system_field_dimensions = [\"@aws.account\", \"@aws.region\"]", "value = \"1\"\n dimensions = { A = \"$.a\", B = \"$.b\" }", `(?s)at\s+most\s+3\s+dimensions.*here\s+are\s+4`),
		bad(document, "value = \"1\"\n dimensions = { A = \"a\" }", `is a field of\s+the\s+event`),
		bad(document, "value = \"$a\"", `In a JSON pattern a field is written`),
		bad(plain, "value = \"$.size\"", `Only JSON patterns`),
		bad(plain, "value = \"1\"\n dimensions = { A = \"$.a\" }", `Only JSON patterns`),
		bad(columns, "value = \"$size\"", `(?s)names\s+the\s+columns\s+ip,\s+status;\s+"\$size"\s+is\s+none`),
		bad(plain, "value = \"1\"\n unit = \"bytes\"", `AWS writes "Bytes"`),
		{Config: `resource "vigil_metric_filter" "test" {
  name = "a"
  pattern = ""
  log_group_name = "b"
}`, PlanOnly: true, ExpectError: regexp.MustCompile(`metric_transformation`)},
	}})
	if n := len(aws.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

func TestAccMetricFilter_unknownValues(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{{
		Config: `
resource "terraform_data" "x" {
  input = { name = "root", group = "audit", pattern = "{ $.a = 1 }", text = "1", unit = "Count", off = false, region = "eu-west-1", field = "$.a" }
}
resource "terraform_data" "list" {
  input = ["one"]
}
resource "vigil_log_group" "test" {
  name = "audit"
}
resource "vigil_metric_filter" "test" {
  name                      = terraform_data.x.output.name
  log_group_name            = terraform_data.x.output.group
  pattern                   = terraform_data.x.output.pattern
  apply_on_transformed_logs = terraform_data.x.output.off
  region                    = terraform_data.x.output.region
  metric_transformation {
    name       = terraform_data.x.output.name
    namespace  = terraform_data.x.output.name
    value      = terraform_data.x.output.text
    unit       = terraform_data.x.output.unit
    dimensions = { A = terraform_data.x.output.field }
  }
  depends_on = [vigil_log_group.test]
}
resource "vigil_metric_filter" "dynamic" {
  name           = "dynamic"
  log_group_name = vigil_log_group.test.name
  pattern        = "ERROR"
  dynamic "metric_transformation" {
    for_each = terraform_data.list.output
    content {
      name          = metric_transformation.value
      namespace     = "Audit"
      value         = terraform_data.x.output.text
      default_value = terraform_data.x.output.text
    }
  }
}`,
		ConfigStateChecks: []statecheck.StateCheck{ofMetric("dimensions", texts("A", "$.a"))},
	}}})
}

func TestAccMetricFilter_alreadyExists(t *testing.T) {
	aws := sandbox.Start(t)
	config := filterConfig(named+`pattern = "ERROR"`, `value = "1"`)
	again := strings.ReplaceAll(config[strings.Index(config, `resource "vigil_metric_filter"`):], `"vigil_metric_filter" "test"`, `"vigil_metric_filter" "again"`)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config),
		{Config: config + "\n" + again, ExpectError: regexp.MustCompile(`(?s)would\s+overwrite.*terraform import vigil_metric_filter.NAME 'audit:root'`)},
	}})
	if n := count(aws, "PutMetricFilter"); n != 1 {
		t.Errorf("%d calls of PutMetricFilter, want 1", n)
	}
}

func TestAccMetricFilter_faults(t *testing.T) {
	config := filterConfig(named+`pattern = "ERROR"`, `value = "1"`)
	tests := []struct {
		name  string
		fault func(*sandbox.Server)
		calls int // of PutMetricFilter
		err   string
	}{
		{"throttled everywhere", func(s *sandbox.Server) {
			for _, op := range []string{"PutMetricFilter", "DescribeMetricFilters", "DeleteMetricFilter"} {
				s.FailNext(op, sandbox.Throttle())
			}
		}, 2, ""},
		{"conflict between writers", func(s *sandbox.Server) {
			s.FailNext("PutMetricFilter", sandbox.Code("OperationAbortedException", "Multiple concurrent requests to update the same resource were in conflict.", 400).Times(2))
		}, 3, ""},
		{"a quota is used up", func(s *sandbox.Server) {
			s.FailNext("PutMetricFilter", sandbox.Code("LimitExceededException", "Resource limit exceeded.", 400).Always())
		}, 1, "A quota of the account is used up"},
		{"reset after the effect", func(s *sandbox.Server) { s.FailNext("PutMetricFilter", sandbox.Reset().AfterCommit()) }, 2, ""},
		{"a server that hangs, answers cut off", func(s *sandbox.Server) {
			s.FailNext("DescribeMetricFilters", sandbox.Hang(), sandbox.Truncate())
		}, 1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			aws := sandbox.Start(t)
			test.fault(aws)
			s := resource.TestStep{Config: config}
			if test.err != "" {
				s.ExpectError = regexp.MustCompile(test.err)
			}
			acctest.Run(t, aws, resource.TestCase{Steps: []resource.TestStep{s}})
			if diff := cmp.Diff(test.calls, count(aws, "PutMetricFilter")); diff != "" {
				t.Errorf("calls of PutMetricFilter (-want +got):\n%s", diff)
			}
		})
	}
}
