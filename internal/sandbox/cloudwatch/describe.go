package cloudwatch

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// pageSize gives the size of a page: standard unless the request says another
// number up to 100.
func pageSize(given *int32, standard int) (int, error) {
	if given == nil {
		return standard, nil
	}
	if *given < 1 || *given > 100 {
		return 0, invalid("1 validation error detected: Value '%d' at 'maxRecords' failed to satisfy constraint: Member must have value from 1 to 100", *given)
	}
	return int(*given), nil
}

func badToken() error {
	return &wire.Error{Code: "InvalidNextToken", Message: "The next token specified is invalid."}
}

// describeAlarms gives metric alarms; the other kinds do not exist here, and
// asking for them only gives none.
func (b *Backend) describeAlarms(ctx context.Context, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	size, err := pageSize(in.MaxRecords, 50)
	if err != nil {
		return nil, err
	}
	if err := checkDescribe(in); err != nil {
		return nil, err
	}
	out := &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []types.MetricAlarm{}, CompositeAlarms: []types.CompositeAlarm{}}
	if len(in.AlarmTypes) > 0 && !slices.Contains(in.AlarmTypes, types.AlarmTypeMetricAlarm) || in.ChildrenOfAlarmName != nil || in.ParentsOfAlarmName != nil {
		return out, nil
	}
	var found []types.MetricAlarm
	for _, a := range b.alarms.List(ctx) {
		if describeMatches(in, a.shown) {
			found = append(found, a.shown)
		}
	}
	part, next, err := page.After(found, func(a types.MetricAlarm) string { return *a.AlarmName }, in.NextToken, size)
	if err != nil {
		return nil, badToken()
	}
	out.MetricAlarms, out.NextToken = append(out.MetricAlarms, part...), next
	return out, nil
}

func checkDescribe(in *cloudwatch.DescribeAlarmsInput) error {
	switch {
	case len(in.AlarmNames) > 0 && in.AlarmNamePrefix != nil:
		return invalid("AlarmNames and AlarmNamePrefix cannot be used together.")
	case len(in.AlarmNames) > 100:
		return invalid("1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to 100")
	case in.StateValue != "" && !slices.Contains(in.StateValue.Values(), in.StateValue):
		return invalid("1 validation error detected: Value '%s' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: %v", in.StateValue, in.StateValue.Values())
	}
	for _, kind := range in.AlarmTypes {
		if !slices.Contains(kind.Values(), kind) {
			return invalid("1 validation error detected: Value '%s' at 'alarmTypes' failed to satisfy constraint: Member must satisfy enum value set: %v", kind, kind.Values())
		}
	}
	return nil
}

func describeMatches(in *cloudwatch.DescribeAlarmsInput, a types.MetricAlarm) bool {
	hasAction := func(arn string) bool { return strings.HasPrefix(arn, aws.ToString(in.ActionPrefix)) }
	return (len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, *a.AlarmName)) &&
		strings.HasPrefix(*a.AlarmName, aws.ToString(in.AlarmNamePrefix)) &&
		(in.StateValue == "" || a.StateValue == in.StateValue) &&
		(in.ActionPrefix == nil || slices.ContainsFunc(slices.Concat(a.AlarmActions, a.OKActions, a.InsufficientDataActions), hasAction))
}

// describeAlarmsForMetric does not look into metric math, as the service.
func (b *Backend) describeAlarmsForMetric(ctx context.Context, in *cloudwatch.DescribeAlarmsForMetricInput) (*cloudwatch.DescribeAlarmsForMetricOutput, error) {
	switch {
	case aws.ToString(in.MetricName) == "":
		return nil, missing("MetricName")
	case aws.ToString(in.Namespace) == "":
		return nil, missing("Namespace")
	case in.Statistic != "" && in.ExtendedStatistic != nil:
		return nil, badCombination("Statistic and ExtendedStatistic cannot be used together.")
	}
	out := &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{}}
	for _, a := range b.alarms.List(ctx) {
		if metricMatches(in, a.shown) {
			out.MetricAlarms = append(out.MetricAlarms, a.shown)
		}
	}
	return out, nil
}

func metricMatches(in *cloudwatch.DescribeAlarmsForMetricInput, a types.MetricAlarm) bool {
	return aws.ToString(a.MetricName) == *in.MetricName && aws.ToString(a.Namespace) == *in.Namespace &&
		sameDimensions(a.Dimensions, in.Dimensions) &&
		(in.Statistic == "" || a.Statistic == in.Statistic) && (in.Unit == "" || a.Unit == in.Unit) &&
		(in.ExtendedStatistic == nil || aws.ToString(a.ExtendedStatistic) == *in.ExtendedStatistic) &&
		(in.Period == nil || aws.ToInt32(a.Period) == *in.Period)
}

// sameDimensions compares sets: the order does not count.
func sameDimensions(a, b []types.Dimension) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x types.Dimension) bool {
		return !slices.ContainsFunc(b, func(y types.Dimension) bool {
			return aws.ToString(x.Name) == aws.ToString(y.Name) && aws.ToString(x.Value) == aws.ToString(y.Value)
		})
	})
}
