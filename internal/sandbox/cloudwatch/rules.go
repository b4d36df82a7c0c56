package cloudwatch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

const (
	maxActions = 5
	maxTags    = 50
	day        = 24 * 60 * 60 // seconds
	week       = 7 * day
)

// checkAlarm holds a request against the rules of PutMetricAlarm.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
func checkAlarm(call wire.Call, in *cloudwatch.PutMetricAlarmInput) error {
	for _, check := range []func() error{
		func() error { return checkTexts(in) },
		func() error { return checkKind(in) },
		func() error { return checkComparison(in) },
		func() error { return checkEvaluation(in) },
		func() error { return checkActions(call, in) },
		func() error { return checkTags(in.Tags) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func checkTexts(in *cloudwatch.PutMetricAlarmInput) error {
	name := aws.ToString(in.AlarmName)
	switch {
	case name == "":
		return missing("AlarmName")
	case len(name) > 255 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return invalid("1 validation error detected: Value '%s' at 'alarmName' failed to satisfy constraint: Member must have length less than or equal to 255 and hold no control characters", name)
	case len(aws.ToString(in.AlarmDescription)) > 1024:
		return invalid("1 validation error detected: Value at 'alarmDescription' failed to satisfy constraint: Member must have length less than or equal to 1024")
	}
	return checkWarmUp(in.WarmUpConfiguration)
}

// checkKind: an alarm watches one metric, the result of metric math, or a
// PromQL query, and nothing else.
func checkKind(in *cloudwatch.PutMetricAlarmInput) error {
	single := in.MetricName != nil || in.Namespace != nil || len(in.Dimensions) > 0 || in.Period != nil ||
		in.Unit != "" || in.Statistic != "" || in.ExtendedStatistic != nil
	switch {
	case in.EvaluationCriteria != nil:
		return checkPromQL(in, single)
	case in.EvaluationInterval != nil:
		return badCombination("EvaluationInterval needs EvaluationCriteria.")
	case len(in.Metrics) > 0 && single:
		return badCombination("The parameters MetricName, Namespace, Dimensions, Period, Unit, Statistic and ExtendedStatistic cannot be used with Metrics.")
	case len(in.Metrics) > 0:
		return checkMath(in)
	case in.ThresholdMetricId != nil:
		return badCombination("ThresholdMetricId needs Metrics.")
	case in.MetricName == nil:
		return missing("MetricName or Metrics")
	default:
		return checkSingle(in)
	}
}

func checkSingle(in *cloudwatch.PutMetricAlarmInput) error {
	switch {
	case aws.ToString(in.Namespace) == "":
		return missing("Namespace")
	case *in.MetricName == "" || len(*in.MetricName) > 255 || len(*in.Namespace) > 255 || strings.HasPrefix(*in.Namespace, ":"):
		return invalid("The metric %s of the namespace %s is not valid.", *in.MetricName, *in.Namespace)
	case in.Period == nil:
		return missing("Period")
	case (in.Statistic == "") == (in.ExtendedStatistic == nil):
		return badCombination("Exactly one of Statistic and ExtendedStatistic must be specified.")
	case in.Statistic != "" && !slices.Contains(in.Statistic.Values(), in.Statistic):
		return invalid("1 validation error detected: Value '%s' at 'statistic' failed to satisfy constraint: Member must satisfy enum value set: %v", in.Statistic, in.Statistic.Values())
	case in.ExtendedStatistic != nil && !extendedStatistic.MatchString(*in.ExtendedStatistic):
		return badValue("The value %s for parameter ExtendedStatistic is not supported.", *in.ExtendedStatistic)
	}
	if err := checkUnit(in.Unit); err != nil {
		return err
	}
	if err := checkPeriod(*in.Period); err != nil {
		return err
	}
	return checkDimensions(in.Dimensions)
}

// extendedStatistic: percentiles and trimmed statistics.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
var extendedStatistic = regexp.MustCompile(`^((p|tm|wm|tc|ts)(100|\d{1,2}(\.\d{1,10})?)|IQM|(TM|WM|TC|TS|PR)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$`)

func checkUnit(unit types.StandardUnit) error {
	if unit != "" && !slices.Contains(unit.Values(), unit) {
		return invalid("1 validation error detected: Value '%s' at 'unit' failed to satisfy constraint: Member must satisfy enum value set: %v", unit, unit.Values())
	}
	return nil
}

// checkPeriod: 10, 20, 30 or full minutes.
func checkPeriod(seconds int32) error {
	if seconds == 10 || seconds == 20 || seconds == 30 || seconds > 0 && seconds%60 == 0 {
		return nil
	}
	return invalid("Period must be 10, 20, 30 or a multiple of 60, not %d.", seconds)
}

func checkDimensions(dimensions []types.Dimension) error {
	if len(dimensions) > 30 {
		return invalid("1 validation error detected: Value at 'dimensions' failed to satisfy constraint: Member must have length less than or equal to 30")
	}
	seen := map[string]bool{}
	for _, d := range dimensions {
		name := aws.ToString(d.Name)
		if name == "" || len(name) > 255 || aws.ToString(d.Value) == "" || len(*d.Value) > 1024 || seen[name] {
			return invalid("The dimension %q is not valid or appears more than once.", name)
		}
		seen[name] = true
	}
	return nil
}

// checkComparison: a threshold for the plain operators, a band for the others.
func checkComparison(in *cloudwatch.PutMetricAlarmInput) error {
	if in.EvaluationCriteria != nil {
		return nil
	}
	band := slices.Contains([]types.ComparisonOperator{
		types.ComparisonOperatorLessThanLowerOrGreaterThanUpperThreshold,
		types.ComparisonOperatorLessThanLowerThreshold, types.ComparisonOperatorGreaterThanUpperThreshold,
	}, in.ComparisonOperator)
	switch {
	case in.ComparisonOperator == "":
		return missing("ComparisonOperator")
	case !slices.Contains(in.ComparisonOperator.Values(), in.ComparisonOperator):
		return invalid("1 validation error detected: Value '%s' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: %v", in.ComparisonOperator, in.ComparisonOperator.Values())
	case band && in.ThresholdMetricId == nil:
		return badCombination("The comparison operator %s needs ThresholdMetricId.", in.ComparisonOperator)
	case !band && in.ThresholdMetricId != nil:
		return badCombination("The comparison operator %s cannot be used with ThresholdMetricId.", in.ComparisonOperator)
	case band && in.Threshold != nil:
		return badCombination("Threshold and ThresholdMetricId cannot be used together.")
	case !band && in.Threshold == nil:
		return missing("Threshold")
	}
	return nil
}

// checkEvaluation: M of N, and how far back they may reach: a week, or a day
// with periods of less than an hour.
func checkEvaluation(in *cloudwatch.PutMetricAlarmInput) error {
	if in.EvaluationCriteria != nil {
		return nil
	}
	periods := int64(aws.ToInt32(in.EvaluationPeriods))
	period := int64(alarmPeriod(in))
	switch {
	case in.EvaluationPeriods == nil:
		return missing("EvaluationPeriods")
	case periods < 1:
		return invalid("1 validation error detected: Value '%d' at 'evaluationPeriods' failed to satisfy constraint: Member must have value greater than or equal to 1", periods)
	case in.DatapointsToAlarm != nil && *in.DatapointsToAlarm < 1:
		return invalid("1 validation error detected: Value '%d' at 'datapointsToAlarm' failed to satisfy constraint: Member must have value greater than or equal to 1", *in.DatapointsToAlarm)
	case in.DatapointsToAlarm != nil && int64(*in.DatapointsToAlarm) > periods:
		return invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
	case period < 3600 && periods*period > day:
		return invalid("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= %d).", day)
	case periods*period > week:
		return invalid("Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= %d).", week)
	}
	return checkMissingData(in)
}

// alarmPeriod gives the period in seconds; of metric math, the longest one.
func alarmPeriod(in *cloudwatch.PutMetricAlarmInput) int32 {
	period := aws.ToInt32(in.Period)
	for _, q := range in.Metrics {
		period = max(period, aws.ToInt32(q.Period))
		if q.MetricStat != nil {
			period = max(period, aws.ToInt32(q.MetricStat.Period))
		}
	}
	return period
}

func checkMissingData(in *cloudwatch.PutMetricAlarmInput) error {
	if in.TreatMissingData != nil && !slices.Contains([]string{"breaching", "notBreaching", "ignore", "missing"}, *in.TreatMissingData) {
		return invalid("The value %s is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].", *in.TreatMissingData)
	}
	low := in.EvaluateLowSampleCountPercentile
	if low == nil {
		return nil
	}
	if *low != "evaluate" && *low != "ignore" {
		return invalid("The value %s is not supported for EvaluateLowSampleCountPercentile parameter. Supported values are [evaluate, ignore].", *low)
	}
	if in.MetricName != nil && in.ExtendedStatistic == nil {
		return badCombination("EvaluateLowSampleCountPercentile needs a percentile.")
	}
	return nil
}

func checkTags(tags []types.Tag) error {
	seen := map[string]bool{}
	for _, tag := range tags {
		key, value := aws.ToString(tag.Key), aws.ToString(tag.Value)
		if key == "" || len(key) > 128 || tag.Value == nil || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") || seen[key] {
			return badValue("The tag %s is not valid: keys have 1 to 128 characters, do not start with aws: and appear once; values have up to 256.", fmt.Sprintf("%q", key))
		}
		seen[key] = true
	}
	if len(tags) > maxTags {
		return badValue("An alarm has at most %d tags.", maxTags)
	}
	return nil
}
