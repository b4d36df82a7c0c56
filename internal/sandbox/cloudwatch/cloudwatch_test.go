package cloudwatch_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	test "github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sandboxtest"
)

// alarm gives the input of a good alarm, after change.
func alarm(change func(*cloudwatch.PutMetricAlarmInput)) *cloudwatch.PutMetricAlarmInput {
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("root-login"), MetricName: aws.String("RootLogin"), Namespace: aws.String("Audit"),
		Statistic: types.StatisticSum, Period: aws.Int32(300), EvaluationPeriods: aws.Int32(3), DatapointsToAlarm: aws.Int32(2),
		Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("audit")}},
	}
	if change != nil {
		change(in)
	}
	return in
}

const arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:root-login"

// shown is how DescribeAlarms shows it.
func shown() types.MetricAlarm {
	return types.MetricAlarm{
		AlarmName: aws.String("root-login"), AlarmArn: aws.String(arn),
		AlarmConfigurationUpdatedTimestamp: aws.Time(test.Now), ActionsEnabled: aws.Bool(true),
		AlarmActions: []string{}, OKActions: []string{}, InsufficientDataActions: []string{}, Dimensions: []types.Dimension{},
		MetricName: aws.String("RootLogin"), Namespace: aws.String("Audit"), Statistic: types.StatisticSum,
		Period: aws.Int32(300), EvaluationPeriods: aws.Int32(3), DatapointsToAlarm: aws.Int32(2), Threshold: aws.Float64(1),
		ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
		StateValue:         types.StateValueInsufficientData, StateReason: aws.String("Unchecked: Initial alarm creation"),
		StateUpdatedTimestamp: aws.Time(test.Now), StateTransitionedTimestamp: aws.Time(test.Now),
	}
}

func described(alarms ...types.MetricAlarm) *cloudwatch.DescribeAlarmsOutput {
	return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: append([]types.MetricAlarm{}, alarms...), CompositeAlarms: []types.CompositeAlarm{}}
}

func TestLifeOfAnAlarm(t *testing.T) {
	t.Parallel()
	c := cloudwatch.NewFromConfig(test.Config(test.Start(t), test.Region))
	changed := shown()
	changed.Threshold, changed.AlarmDescription = aws.Float64(2), aws.String("somebody used the root account")
	changed.DatapointsToAlarm = nil
	off := changed
	off.ActionsEnabled = aws.Bool(false)
	ringing := off
	ringing.StateValue, ringing.StateReason = types.StateValueAlarm, aws.String("test")
	name := []string{"root-login"}
	all := &cloudwatch.DescribeAlarmsInput{}
	test.Run(t, []test.Case{
		{Name: "none", Call: test.Bind(c.DescribeAlarms, all), Want: described()},
		{Name: "create", Call: test.Bind(c.PutMetricAlarm, alarm(nil))},
		{Name: "described", Call: test.Bind(c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{AlarmNames: name}), Want: described(shown())},
		{Name: "only other kinds", Call: test.Bind(c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}}), Want: described()},
		{Name: "update overwrites", Call: test.Bind(c.PutMetricAlarm, alarm(func(in *cloudwatch.PutMetricAlarmInput) {
			in.Threshold, in.AlarmDescription, in.DatapointsToAlarm, in.Tags = aws.Float64(2), changed.AlarmDescription, nil, nil
		}))},
		{Name: "updated", Call: test.Bind(c.DescribeAlarms, all), Want: described(changed)},
		{Name: "tags survive", Call: test.Bind(c.ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: aws.String(arn)}),
			Want: &cloudwatch.ListTagsForResourceOutput{Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("audit")}}}},
		{Name: "disable", Call: test.Bind(c.DisableAlarmActions, &cloudwatch.DisableAlarmActionsInput{AlarmNames: name})},
		{Name: "disabled", Call: test.Bind(c.DescribeAlarms, all), Want: described(off)},
		{Name: "ring", Call: test.Bind(c.SetAlarmState, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("root-login"), StateValue: types.StateValueAlarm, StateReason: aws.String("test")})},
		{Name: "ringing", Call: test.Bind(c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{StateValue: types.StateValueAlarm}), Want: described(ringing)},
		{Name: "by metric", Call: test.Bind(c.DescribeAlarmsForMetric, &cloudwatch.DescribeAlarmsForMetricInput{MetricName: aws.String("RootLogin"), Namespace: aws.String("Audit")}),
			Want: &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{ringing}}},
		{Name: "by other dimensions", Call: test.Bind(c.DescribeAlarmsForMetric, &cloudwatch.DescribeAlarmsForMetricInput{MetricName: aws.String("RootLogin"), Namespace: aws.String("Audit"),
			Dimensions: []types.Dimension{{Name: aws.String("a"), Value: aws.String("b")}}}), Want: &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{}}},
		{Name: "delete with an unknown name", Call: test.Bind(c.DeleteAlarms, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"root-login", "other"}}), Code: "ResourceNotFound"},
		{Name: "deletes none", Call: test.Bind(c.DescribeAlarms, all), Want: described(ringing)},
		{Name: "delete", Call: test.Bind(c.DeleteAlarms, &cloudwatch.DeleteAlarmsInput{AlarmNames: name})},
		{Name: "gone", Call: test.Bind(c.DescribeAlarms, all), Want: described()},
		{Name: "no tags of it", Call: test.Bind(c.ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: aws.String(arn)}), Code: "ResourceNotFoundException"},
		{Name: "no state of it", Call: test.Bind(c.SetAlarmState, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("root-login"), StateValue: types.StateValueOk, StateReason: aws.String("x")}), Code: "ResourceNotFound"},
	})
}

func TestUnionsAndMathComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	c := cloudwatch.NewFromConfig(test.Config(test.Start(t), test.Region))
	math := []types.MetricDataQuery{
		{Id: aws.String("rate"), Expression: aws.String("m1 * 100"), Label: aws.String("rate"), ReturnData: aws.Bool(true)},
		{Id: aws.String("m1"), ReturnData: aws.Bool(false), MetricStat: &types.MetricStat{
			Metric: &types.Metric{MetricName: aws.String("Errors"), Namespace: aws.String("Audit"), Dimensions: []types.Dimension{{Name: aws.String("d"), Value: aws.String("v")}}},
			Period: aws.Int32(60), Stat: aws.String("p99"),
		}},
	}
	window := &types.EvaluationWindowMemberWallClockWindow{Value: types.WallClockWindow{Timezone: aws.String("Europe/Berlin")}}
	promql := &types.EvaluationCriteriaMemberPromQLCriteria{Value: types.AlarmPromQLCriteria{Query: aws.String("up == 0"), PendingPeriod: aws.Int32(120)}}
	first := shown()
	first.MetricName, first.Namespace, first.Statistic, first.Period = nil, nil, "", nil
	first.Metrics, first.EvaluationWindow = math, window
	second := types.MetricAlarm{
		AlarmName: aws.String("up"), AlarmArn: aws.String(strings.Replace(arn, "root-login", "up", 1)), AlarmConfigurationUpdatedTimestamp: aws.Time(test.Now),
		ActionsEnabled: aws.Bool(true), AlarmActions: []string{}, OKActions: []string{}, InsufficientDataActions: []string{}, Dimensions: []types.Dimension{},
		EvaluationCriteria: promql, EvaluationInterval: aws.Int32(60), StateValue: types.StateValueOk,
		StateReason: aws.String("Unchecked: Initial alarm creation"), StateUpdatedTimestamp: aws.Time(test.Now), StateTransitionedTimestamp: aws.Time(test.Now),
	}
	test.Run(t, []test.Case{
		{Name: "math", Call: test.Bind(c.PutMetricAlarm, alarm(func(in *cloudwatch.PutMetricAlarmInput) {
			in.MetricName, in.Namespace, in.Statistic, in.Period, in.Metrics, in.EvaluationWindow = nil, nil, "", nil, math, window
		}))},
		{Name: "PromQL", Call: test.Bind(c.PutMetricAlarm, &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String("up"), EvaluationCriteria: promql, EvaluationInterval: aws.Int32(60)})},
		{Name: "described", Call: test.Bind(c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{}), Want: described(first, second)},
	})
}

// TestRulesOfPutMetricAlarm breaks one rule at a time.
func TestRulesOfPutMetricAlarm(t *testing.T) {
	t.Parallel()
	c := cloudwatch.NewFromConfig(test.Config(test.Start(t), test.Region))
	type in = cloudwatch.PutMetricAlarmInput
	topic := "arn:aws:sns:eu-west-1:111122223333:audit"
	cases := []struct {
		name   string
		code   string
		change func(*in)
	}{
		{"M above N", "ValidationError", func(a *in) { a.DatapointsToAlarm = aws.Int32(4) }},
		{"no datapoint", "ValidationError", func(a *in) { a.DatapointsToAlarm = aws.Int32(0) }},
		{"period 45", "ValidationError", func(a *in) { a.Period = aws.Int32(45) }},
		{"period 90", "ValidationError", func(a *in) { a.Period = aws.Int32(90) }},
		{"period 20", "", func(a *in) { a.Period = aws.Int32(20) }},
		{"a day", "", func(a *in) { a.Period, a.EvaluationPeriods = aws.Int32(300), aws.Int32(288) }},
		{"more than a day", "ValidationError", func(a *in) { a.Period, a.EvaluationPeriods = aws.Int32(300), aws.Int32(289) }},
		{"a week by the hour", "", func(a *in) { a.Period, a.EvaluationPeriods = aws.Int32(3600), aws.Int32(168) }},
		{"more than a week", "ValidationError", func(a *in) { a.Period, a.EvaluationPeriods = aws.Int32(3600), aws.Int32(169) }},
		{"six actions", "ValidationError", func(a *in) { a.AlarmActions = []string{topic, topic, topic, topic, topic, topic} }},
		{"action in another Region", "ValidationError", func(a *in) { a.OKActions = []string{"arn:aws:sns:us-east-1:111122223333:audit"} }},
		{"no ARN", "ValidationError", func(a *in) { a.InsufficientDataActions = []string{"audit"} }},
		{"stop what instance", "ValidationError", func(a *in) { a.AlarmActions = []string{"arn:aws:automate:eu-west-1:ec2:stop"} }},
		{"no statistic", "InvalidParameterCombination", func(a *in) { a.Statistic = "" }},
		{"two statistics", "InvalidParameterCombination", func(a *in) { a.ExtendedStatistic = aws.String("p99") }},
		{"bad percentile", "InvalidParameterValue", func(a *in) { a.Statistic, a.ExtendedStatistic = "", aws.String("p101") }},
		{"low samples without percentile", "InvalidParameterCombination", func(a *in) { a.EvaluateLowSampleCountPercentile = aws.String("ignore") }},
		{"missing data", "ValidationError", func(a *in) { a.TreatMissingData = aws.String("maybe") }},
		{"unit", "ValidationError", func(a *in) { a.Unit = "Furlong" }},
		{"operator", "ValidationError", func(a *in) { a.ComparisonOperator = "About" }},
		{"band without id", "InvalidParameterCombination", func(a *in) {
			a.ComparisonOperator, a.Threshold = types.ComparisonOperatorGreaterThanUpperThreshold, nil
		}},
		{"no threshold", "MissingParameter", func(a *in) { a.Threshold = nil }},
		{"no metric", "MissingParameter", func(a *in) { a.MetricName, a.Namespace, a.Statistic, a.Period = nil, nil, "", nil }},
		{"metric and math", "InvalidParameterCombination", func(a *in) {
			a.Metrics = []types.MetricDataQuery{{Id: aws.String("a"), Expression: aws.String("1")}}
		}},
		{"reserved tag", "InvalidParameterValue", func(a *in) { a.Tags = []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("")}} }},
		{"dimension twice", "ValidationError", func(a *in) {
			d := types.Dimension{Name: aws.String("d"), Value: aws.String("v")}
			a.Dimensions = []types.Dimension{d, d}
		}},
	}
	for _, tc := range cases {
		_, err := c.PutMetricAlarm(t.Context(), alarm(tc.change))
		if code := test.Code(err); code != tc.code {
			t.Errorf("%s: %q, want %q (%v)", tc.name, code, tc.code, err)
		}
	}
}

func TestHistoryTellsWhatActionsCameTo(t *testing.T) {
	t.Parallel()
	c := cloudwatch.NewFromConfig(test.Config(test.Start(t), test.Region))
	topic := "arn:aws:sns:eu-west-1:111122223333:nowhere"
	put := alarm(func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmActions = []string{topic} })
	ring := &cloudwatch.SetAlarmStateInput{AlarmName: put.AlarmName, StateValue: types.StateValueAlarm, StateReason: aws.String("test")}
	if _, err := c.PutMetricAlarm(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SetAlarmState(t.Context(), ring); err != nil {
		t.Fatal(err)
	}
	var summaries []string
	pages := cloudwatch.NewDescribeAlarmHistoryPaginator(c, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: put.AlarmName, MaxRecords: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.AlarmHistoryItems {
			summaries = append(summaries, *item.HistorySummary)
		}
	}
	want := "Failed to execute action " + topic + "\nAlarm updated from INSUFFICIENT_DATA to ALARM\nAlarm \"root-login\" created"
	if got := strings.Join(summaries, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
