package cloudwatch_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const (
	alarm  = "vigil_metric_alarm.test"
	common = `alarm_name = "root-use"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  `
	metric = `metric_name = "RootUse"
  namespace = "Audit"
  statistic = "Sum"
  `
	// complete is the smallest alarm on a metric.
	complete = common + metric + "threshold = 1\n  period = 300\n  evaluation_periods = 1\n  "
	topic    = "arn:aws:sns:eu-west-1:111122223333:audit"
)

func config(lines string) string {
	return "resource \"vigil_metric_alarm\" \"test\" {\n  " + lines + "\n}"
}

func attribute(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(alarm, tfjsonpath.New(name), check)
}

func texts(values ...string) knownvalue.Check {
	var checks []knownvalue.Check
	for _, v := range values {
		checks = append(checks, knownvalue.StringExact(v))
	}
	return knownvalue.SetExact(checks)
}

func step(lines string, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{Config: config(lines), ConfigStateChecks: checks}
}

func planned(action plancheck.ResourceActionType, lines string, checks ...statecheck.StateCheck) resource.TestStep {
	s := step(lines, checks...)
	s.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(alarm, action)}
	return s
}

func updated(lines string, checks ...statecheck.StateCheck) resource.TestStep {
	return planned(plancheck.ResourceActionUpdate, lines, checks...)
}

func client(t *testing.T, s *sandbox.Server) *cloudwatch.Client {
	t.Helper()
	api, err := awscfg.New(acctest.Settings(s)).CloudWatch(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func count(s *sandbox.Server, operation string) (n int) {
	for _, c := range s.Calls() {
		if c.Operation == operation {
			n++
		}
	}
	return n
}

func TestAccMetricAlarm_basic(t *testing.T) {
	s := sandbox.Start(t)
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{
		step(complete,
			attribute("id", knownvalue.StringExact("root-use")),
			attribute("arn", knownvalue.StringExact("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root-use")),
			attribute("alarm_description", knownvalue.Null()),
			attribute("comparison_operator", knownvalue.StringExact("GreaterThanOrEqualToThreshold")),
			attribute("evaluation_periods", knownvalue.Int64Exact(1)),
			attribute("datapoints_to_alarm", knownvalue.Null()),
			attribute("threshold", knownvalue.Float64Exact(1)),
			attribute("threshold_metric_id", knownvalue.Null()),
			attribute("treat_missing_data", knownvalue.StringExact("missing")),
			attribute("evaluate_low_sample_count_percentiles", knownvalue.Null()),
			attribute("metric_name", knownvalue.StringExact("RootUse")),
			attribute("namespace", knownvalue.StringExact("Audit")),
			attribute("period", knownvalue.Int64Exact(300)),
			attribute("statistic", knownvalue.StringExact("Sum")),
			attribute("extended_statistic", knownvalue.Null()),
			attribute("unit", knownvalue.Null()),
			attribute("dimensions", knownvalue.Null()),
			attribute("actions_enabled", knownvalue.Bool(true)),
			attribute("alarm_actions", knownvalue.Null()),
			attribute("ok_actions", knownvalue.Null()),
			attribute("insufficient_data_actions", knownvalue.Null()),
			attribute("metric_query", knownvalue.ListExact([]knownvalue.Check{})),
			attribute("tags_all", knownvalue.MapExact(nil)),
		),
		{ResourceName: alarm, ImportState: true, ImportStateVerify: true, ImportStateId: "root-use"},
		{ResourceName: alarm, ImportState: true, ImportStateVerify: true, ImportStateId: "root-use@eu-west-1"},
	}})
}

func TestAccMetricAlarm_disappears(t *testing.T) {
	s := sandbox.Start(t)
	again := planned(plancheck.ResourceActionCreate, complete)
	again.PreConfig = func() {
		if _, err := client(t, s).DeleteAlarms(context.Background(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"root-use"}}); err != nil {
			t.Fatal(err)
		}
	}
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{step(complete), again}})
}

func TestAccMetricAlarm_updates(t *testing.T) {
	s := sandbox.Start(t)
	evaluation := func(lines string) string { return common + metric + "threshold = 0\n  " + lines }
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{
		step(complete),
		updated(evaluation("period = 60\n  evaluation_periods = 5\n  datapoints_to_alarm = 3\n  treat_missing_data = \"notBreaching\""),
			attribute("threshold", knownvalue.Float64Exact(0)),
			attribute("datapoints_to_alarm", knownvalue.Int64Exact(3)),
			attribute("treat_missing_data", knownvalue.StringExact("notBreaching"))),
		updated(evaluation("period = 10\n  evaluation_periods = 2\n  unit = \"Count\"\n  dimensions = { Account = \"1\", Region = \"2\" }\n  alarm_description = \"Root was used.\""),
			attribute("datapoints_to_alarm", knownvalue.Null()),
			attribute("unit", knownvalue.StringExact("Count"))),
		updated(complete+fmt.Sprintf("alarm_actions = [%[1]q]\n  ok_actions = [%[1]q]\n  insufficient_data_actions = [\"arn:aws:lambda:eu-west-1:111122223333:function:audit\"]\n  actions_enabled = false", topic),
			attribute("alarm_actions", texts(topic)),
			attribute("insufficient_data_actions", texts("arn:aws:lambda:eu-west-1:111122223333:function:audit")),
			attribute("actions_enabled", knownvalue.Bool(false)),
			attribute("dimensions", knownvalue.Null()),
			attribute("alarm_description", knownvalue.Null())),
		updated(complete+"alarm_actions = []\n  dimensions = {}\n  alarm_description = \"\"", attribute("alarm_actions", texts())),
		updated(strings.Replace(complete, `statistic = "Sum"`, `extended_statistic = "p99.9"`, 1)+`evaluate_low_sample_count_percentiles = "ignore"`,
			attribute("extended_statistic", knownvalue.StringExact("p99.9")),
			attribute("evaluate_low_sample_count_percentiles", knownvalue.StringExact("ignore")),
			attribute("statistic", knownvalue.Null())),
		updated(complete, attribute("evaluate_low_sample_count_percentiles", knownvalue.Null())),
		updated(complete + `tags = { a = "1", b = "2" }`),
		updated(complete+`tags = { b = "3" }`, attribute("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{"b": knownvalue.StringExact("3")}))),
		planned(plancheck.ResourceActionDestroyBeforeCreate, strings.Replace(complete, "root-use", "other", 1)),
	}})
}

// An update must not take away what this resource has no attribute for.
func TestAccMetricAlarm_keepsOtherSettings(t *testing.T) {
	s := sandbox.Start(t)
	change := updated(complete + `alarm_description = "changed"`)
	change.PreConfig = func() {
		_, err := client(t, s).PutMetricAlarm(context.Background(), &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String("root-use"), MetricName: aws.String("RootUse"), Namespace: aws.String("Audit"), Statistic: awstypes.StatisticSum,
			Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
			ComparisonOperator:  awstypes.ComparisonOperatorGreaterThanOrEqualToThreshold,
			WarmUpConfiguration: &awstypes.WarmUpConfiguration{WarmUpPeriodDurationInMinutes: aws.Int32(30)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{step(complete), change}})
	var last *cloudwatch.PutMetricAlarmInput
	for _, c := range s.Calls() {
		if in, ok := c.Input.(*cloudwatch.PutMetricAlarmInput); ok {
			last = in
		}
	}
	if last.WarmUpConfiguration == nil || aws.ToInt32(last.WarmUpConfiguration.WarmUpPeriodDurationInMinutes) != 30 {
		t.Errorf("the update sent warm-up %v, want 30 minutes", last.WarmUpConfiguration)
	}
}

// math is an alarm on the rate of refused calls.
const math = `
  metric_query {
    id          = "rate"
    expression  = "100 * refused / calls"
    label       = "refused (%)"
    return_data = true
  }
  metric_query {
    id = "refused"
    metric {
      metric_name = "Refused"
      namespace   = "Audit"
      period      = 300
      stat        = "Sum"
      dimensions  = { Account = "1" }
    }
  }
  metric_query {
    id          = "calls"
    return_data = false
    metric {
      metric_name = "Calls"
      namespace   = "Audit"
      period      = 300
      stat        = "Sum"
      unit        = "Count"
    }
  }`

func TestAccMetricAlarm_metricQuery(t *testing.T) {
	s := sandbox.Start(t)
	rate := common + "threshold = 5\n  evaluation_periods = 2\n"
	band := `alarm_name = "root-use"
  comparison_operator = "GreaterThanUpperThreshold"
  evaluation_periods  = 2
  threshold_metric_id = "band"
  metric_query {
    id          = "band"
    expression  = "ANOMALY_DETECTION_BAND(m1, 2)"
    return_data = true
  }
  metric_query {
    id          = "m1"
    return_data = true
    metric {
      metric_name = "Calls"
      namespace   = "Audit"
      period      = 300
      stat        = "Sum"
    }
  }`
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{
		step(rate+math, attribute("metric_name", knownvalue.Null()), attribute("period", knownvalue.Null())),
		{ResourceName: alarm, ImportState: true, ImportStateVerify: true, ImportStateId: "root-use",
			// Not written is false: importing cannot know which of the two was meant.
			ImportStateVerifyIgnore: []string{"metric_query.1.return_data", "metric_query.2.return_data"}},
		updated(rate + strings.Replace(math, "100 *", "1000 *", 1)),
		updated(complete, attribute("metric_query", knownvalue.ListExact([]knownvalue.Check{}))),
		updated(band, attribute("threshold", knownvalue.Null()), attribute("threshold_metric_id", knownvalue.StringExact("band"))),
	}})
}

func TestAccMetricAlarm_refused(t *testing.T) {
	s := sandbox.Start(t)
	var steps []resource.TestStep
	bad := func(lines, message string) {
		steps = append(steps, resource.TestStep{Config: config(lines), PlanOnly: true, ExpectError: regexp.MustCompile(strings.ReplaceAll(message, " ", `\s+`))})
	}
	with := func(period, n int64) string {
		return common + metric + fmt.Sprintf("threshold = 1\n  period = %d\n  evaluation_periods = %d\n  ", period, n)
	}
	rate := common + "threshold = 5\n  evaluation_periods = 2\n"
	bad(with(45, 1), `A period is 10, 20, 30 or a multiple of 60 \(seconds\)\. Got: 45`)
	bad(with(0, 1), `Got: 0`)
	bad(with(60, 0), `must be at least 1`)
	bad(with(60, 3)+"datapoints_to_alarm = 4", `datapoints_to_alarm \(M, here 4\) is at most evaluation_periods \(N, here 3\)`)
	bad(with(300, 289), `at most 86400 seconds \(1 day, because the period is shorter than 1 hour\)\. Here: 289 × 300 = 86700`)
	bad(with(3600, 169), `at most 604800 seconds \(7 days\)`)
	bad(complete+`extended_statistic = "p99"`, `exactly one of statistic and extended_statistic`)
	bad(strings.Replace(complete, `statistic = "Sum"`, "", 1), `exactly one of statistic and extended_statistic`)
	bad(strings.Replace(complete, `statistic = "Sum"`, `extended_statistic = "best"`, 1), `An extended statistic is a percentile`)
	bad(strings.Replace(complete, `statistic = "Sum"`, `statistic = "sum"`, 1), `AWS writes "Sum"`)
	bad(strings.Replace(complete, `namespace = "Audit"`, "", 1), `An alarm on metric_name needs namespace too`)
	bad(strings.Replace(complete, `period = 300`, "", 1), `An alarm on metric_name needs period too`)
	bad(strings.Replace(complete, `threshold = 1`, "", 1), `compares with a number: set threshold`)
	bad(complete+`evaluate_low_sample_count_percentiles = "ignore"`, `used only with a percentile`)
	bad(complete+`threshold_metric_id = "m1"`, `exactly one of threshold and threshold_metric_id`)
	bad(strings.Replace(complete, "GreaterThanOrEqualToThreshold", "GreaterThanUpperThreshold", 1), `compares with an anomaly detection band`)
	bad(complete+`ok_actions = ["arn:aws:automate:eu-west-1:ec2:stop"]`, `acts on the instance in the dimension InstanceId`)
	bad(complete+`alarm_actions = ["audit"]`, `An action is an ARN`)
	bad(complete+`alarm_actions = [for i in range(6) : "`+topic+`-${i}"]`, `at most 5 elements`)
	bad(complete+`dimensions = { for i in range(31) : "d${i}" => "x" }`, `at most 30 elements`)
	bad(complete+`alarm_description = "`+strings.Repeat("x", 1025)+`"`, `at most 1024`)
	bad(rate, `An alarm needs either metric_name .* or metric_query`)
	bad(complete+math, `must not be set beside them`)
	bad(rate+strings.Replace(math, "return_data = true", "return_data = false", 1), `exactly one must have it .*Here: 0`)
	bad(rate+strings.Replace(math, "return_data = false", "return_data = true", 1), `Here: 2`)
	bad(rate+strings.Replace(math, `id = "refused"`, `id = "calls"`, 1), `The id "calls" belongs to another`)
	bad(rate+strings.Replace(math, `id = "refused"`, `id = "Refused"`, 1), `begins with a lower-case letter`)
	bad(rate+strings.Replace(math, `id = "refused"`, "id = \"refused\"\n    expression = \"1\"", 1), `exactly one of expression and metric`)
	bad(strings.Replace(rate, "evaluation_periods = 2", "evaluation_periods = 500", 1)+math, `Evaluation window too long`)
	bad(strings.Replace(rate, "threshold = 5", `threshold_metric_id = "none"`, 1)+math, `No metric_query has the id "none"`)
	acctest.Test(t, s, resource.TestCase{Steps: steps})
	if n := len(s.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

func TestAccMetricAlarm_unknownValues(t *testing.T) {
	s := sandbox.Start(t)
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{{Config: `
resource "terraform_data" "x" {
  input = {
    name = "root-use", operator = "GreaterThanThreshold", n = 3, m = 2, number = 1, missing = "ignore", metric = "RootUse", namespace = "Audit",
    period = 60, statistic = "Sum", extended = "p99", low = "ignore", unit = "Count", on = true, off = false, action = "arn:aws:sns:eu-west-1:111122223333:audit",
    region = "eu-west-1", id = "m1", expression = "m1 * 2", none = null
  }
}
resource "terraform_data" "actions" {
  input = ["arn:aws:sns:eu-west-1:111122223333:audit"]
}
resource "vigil_metric_alarm" "test" {
  alarm_name                = terraform_data.x.output.name
  alarm_description         = terraform_data.x.output.name
  comparison_operator       = terraform_data.x.output.operator
  evaluation_periods        = terraform_data.x.output.n
  datapoints_to_alarm       = terraform_data.x.output.m
  threshold                 = terraform_data.x.output.number
  treat_missing_data        = terraform_data.x.output.missing
  metric_name               = terraform_data.x.output.metric
  namespace                 = terraform_data.x.output.namespace
  period                    = terraform_data.x.output.period
  statistic                 = terraform_data.x.output.none
  extended_statistic        = terraform_data.x.output.extended
  unit                      = terraform_data.x.output.unit
  actions_enabled           = terraform_data.x.output.on
  alarm_actions             = [terraform_data.x.output.action]
  ok_actions                = terraform_data.actions.output
  region                    = terraform_data.x.output.region
  dimensions                = { Account = terraform_data.x.output.name }
}
resource "vigil_metric_alarm" "math" {
  alarm_name          = "math"
  comparison_operator = terraform_data.x.output.operator
  evaluation_periods  = terraform_data.x.output.n
  threshold           = terraform_data.x.output.number
  metric_query {
    id          = terraform_data.x.output.id
    return_data = terraform_data.x.output.off
    metric {
      metric_name = terraform_data.x.output.metric
      namespace   = "Audit"
      period      = terraform_data.x.output.period
      stat        = terraform_data.x.output.statistic
    }
  }
  metric_query {
    id          = "e1"
    expression  = terraform_data.x.output.expression
    return_data = terraform_data.x.output.on
  }
}
resource "vigil_metric_alarm" "dynamic" {
  alarm_name          = "dynamic"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  dynamic "metric_query" {
    for_each = terraform_data.actions.output
    content {
      id          = "q"
      return_data = true
      metric {
        metric_name = "RootUse"
        namespace   = "Audit"
        period      = 60
        stat        = "Sum"
      }
    }
  }
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("ok_actions", texts(topic)),
			attribute("extended_statistic", knownvalue.StringExact("p99")),
		},
	}}})
}

func TestAccMetricAlarm_alreadyExists(t *testing.T) {
	s := sandbox.Start(t)
	acctest.Test(t, s, resource.TestCase{Steps: []resource.TestStep{
		step(complete),
		{
			Config:      config(complete) + strings.Replace("\n"+config(complete), `"test"`, `"again"`, 1),
			ExpectError: regexp.MustCompile(`(?s)would\s+overwrite.*terraform import vigil_metric_alarm.NAME 'root-use'`),
		},
	}})
	if n := count(s, "PutMetricAlarm"); n != 1 {
		t.Errorf("%d calls of PutMetricAlarm, want 1", n)
	}
}

func TestAccMetricAlarm_faults(t *testing.T) {
	tests := []struct {
		name  string
		fault func(*sandbox.Server)
		calls int // of PutMetricAlarm
		err   string
	}{
		{"throttled everywhere", func(s *sandbox.Server) {
			for _, op := range []string{"PutMetricAlarm", "DescribeAlarms", "ListTagsForResource", "DeleteAlarms"} {
				s.FailNext(op, sandbox.Throttle())
			}
		}, 2, ""},
		{"a quota is used up", func(s *sandbox.Server) {
			s.FailNext("PutMetricAlarm", sandbox.Code("LimitExceeded", "The quota for alarms for this customer has already been reached.", 400).Always())
		}, 1, "A quota of the account is used up"},
		{"reset after the effect", func(s *sandbox.Server) { s.FailNext("PutMetricAlarm", sandbox.Reset().AfterCommit()) }, 2, ""},
		{"a server that hangs, answers cut off", func(s *sandbox.Server) {
			s.FailNext("DescribeAlarms", sandbox.Hang(), sandbox.Truncate())
		}, 1, ""},
		{"seen only later", func(s *sandbox.Server) {
			s.FailNext("DescribeAlarms", sandbox.Stale().Times(3))
		}, 1, ""},
		{"server errors", func(s *sandbox.Server) { s.FailNext("PutMetricAlarm", sandbox.ServerError(503).Times(2)) }, 3, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := sandbox.Start(t)
			test.fault(s)
			apply := step(complete)
			if test.err != "" {
				apply.ExpectError = regexp.MustCompile(test.err)
			}
			acctest.Run(t, s, resource.TestCase{Steps: []resource.TestStep{apply}})
			if diff := cmp.Diff(test.calls, count(s, "PutMetricAlarm")); diff != "" {
				t.Errorf("calls of PutMetricAlarm (-want +got):\n%s", diff)
			}
		})
	}
}
