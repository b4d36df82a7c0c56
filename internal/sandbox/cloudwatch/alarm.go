package cloudwatch

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// alarm is one metric alarm, as DescribeAlarms shows it, and its tags.
type alarm struct {
	shown types.MetricAlarm
	tags  []types.Tag
}

// maxAlarms is the quota of a Region, which AWS raises on request.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
const maxAlarms = 5000

// putMetricAlarm makes an alarm, without data at first, or overwrites the one
// of the same name, which keeps its state and tags.
func (b *Backend) putMetricAlarm(ctx context.Context, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	if err := checkAlarm(wire.CallOf(ctx), in); err != nil {
		return nil, err
	}
	shown := shownAlarm(ctx, in)
	a, exists := b.alarms.Get(ctx, *in.AlarmName)
	if exists {
		keepState(&shown, a.shown)
	} else {
		if len(b.alarms.List(ctx)) >= maxAlarms {
			e := wire.Errorf("LimitExceededFault", "The maximum limit of %d alarms has been reached.", maxAlarms)
			e.QueryCode = "LimitExceeded"
			return nil, e
		}
		a.tags = in.Tags
		firstState(ctx, &shown)
	}
	a.shown = shown
	b.alarms.Put(ctx, *in.AlarmName, a)
	b.noteConfiguration(ctx, shown, exists)
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

// shownAlarm gives the alarm without its state. Lists of actions and
// dimensions are there also when they are empty.
func shownAlarm(ctx context.Context, in *cloudwatch.PutMetricAlarmInput) types.MetricAlarm {
	call := wire.CallOf(ctx)
	shown := types.MetricAlarm{
		AlarmName: in.AlarmName, AlarmArn: aws.String("arn:aws:cloudwatch:" + call.Region + ":" + call.Account + ":alarm:" + *in.AlarmName),
		AlarmDescription: in.AlarmDescription, AlarmConfigurationUpdatedTimestamp: aws.Time(call.Time),
		ActionsEnabled: in.ActionsEnabled, ActionConfiguration: in.ActionConfiguration,
		AlarmActions: present(in.AlarmActions), OKActions: present(in.OKActions), InsufficientDataActions: present(in.InsufficientDataActions),
		MetricName: in.MetricName, Namespace: in.Namespace, Dimensions: present(in.Dimensions),
		Statistic: in.Statistic, ExtendedStatistic: in.ExtendedStatistic, Period: in.Period, Unit: in.Unit,
		Metrics: returned(in.Metrics), ThresholdMetricId: in.ThresholdMetricId,
		EvaluationPeriods: in.EvaluationPeriods, DatapointsToAlarm: in.DatapointsToAlarm,
		Threshold: in.Threshold, ComparisonOperator: in.ComparisonOperator, TreatMissingData: in.TreatMissingData,
		EvaluateLowSampleCountPercentile: in.EvaluateLowSampleCountPercentile,
		EvaluationCriteria:               in.EvaluationCriteria, EvaluationInterval: in.EvaluationInterval,
		EvaluationWindow: in.EvaluationWindow, WarmUpConfiguration: in.WarmUpConfiguration,
	}
	if shown.ActionsEnabled == nil {
		shown.ActionsEnabled = aws.Bool(true)
	}
	return shown
}

func present[V any](list []V) []V {
	if list == nil {
		return []V{}
	}
	return list
}

// returned writes out the default of ReturnData.
func returned(queries []types.MetricDataQuery) []types.MetricDataQuery {
	full := slices.Clone(queries)
	for i := range full {
		full[i].ReturnData = aws.Bool(returnsData(full[i]))
	}
	return full
}

func returnsData(q types.MetricDataQuery) bool { return q.ReturnData == nil || *q.ReturnData }

func keepState(shown *types.MetricAlarm, old types.MetricAlarm) {
	shown.StateValue, shown.StateReason, shown.StateReasonData = old.StateValue, old.StateReason, old.StateReasonData
	shown.StateUpdatedTimestamp, shown.StateTransitionedTimestamp = old.StateUpdatedTimestamp, old.StateTransitionedTimestamp
}

// firstState: PromQL alarms start in OK, all others without data.
func firstState(ctx context.Context, shown *types.MetricAlarm) {
	now := aws.Time(wire.CallOf(ctx).Time)
	shown.StateValue = types.StateValueInsufficientData
	if shown.EvaluationCriteria != nil {
		shown.StateValue = types.StateValueOk
	}
	shown.StateReason = aws.String("Unchecked: Initial alarm creation")
	shown.StateUpdatedTimestamp, shown.StateTransitionedTimestamp = now, now
}

// deleteAlarms deletes all or, when one does not exist, none.
func (b *Backend) deleteAlarms(ctx context.Context, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	if err := checkNames(in.AlarmNames); err != nil {
		return nil, err
	}
	for _, name := range in.AlarmNames {
		if _, exists := b.alarms.Get(ctx, name); !exists {
			return nil, &wire.Error{Code: "ResourceNotFound", Message: "Alarm " + name + " does not exist", Status: 404}
		}
	}
	for _, name := range in.AlarmNames {
		if a, exists := b.alarms.Get(ctx, name); exists {
			b.alarms.Delete(ctx, name)
			b.noteDeletion(ctx, a.shown)
		}
	}
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

func (b *Backend) enableActions(ctx context.Context, in *cloudwatch.EnableAlarmActionsInput) (*cloudwatch.EnableAlarmActionsOutput, error) {
	return &cloudwatch.EnableAlarmActionsOutput{}, b.switchActions(ctx, in.AlarmNames, true)
}

func (b *Backend) disableActions(ctx context.Context, in *cloudwatch.DisableAlarmActionsInput) (*cloudwatch.DisableAlarmActionsOutput, error) {
	return &cloudwatch.DisableAlarmActionsOutput{}, b.switchActions(ctx, in.AlarmNames, false)
}

// switchActions passes over alarms that do not exist.
func (b *Backend) switchActions(ctx context.Context, names []string, enabled bool) error {
	if err := checkNames(names); err != nil {
		return err
	}
	for _, name := range names {
		a, exists := b.alarms.Get(ctx, name)
		if !exists || *a.shown.ActionsEnabled == enabled {
			continue
		}
		a.shown.ActionsEnabled = aws.Bool(enabled)
		a.shown.AlarmConfigurationUpdatedTimestamp = aws.Time(wire.CallOf(ctx).Time)
		b.alarms.Put(ctx, name, a)
		b.noteConfiguration(ctx, a.shown, true)
	}
	return nil
}

func checkNames(names []string) error {
	if len(names) < 1 || len(names) > 100 {
		return badValue("AlarmNames must have 1 to 100 names, not %d.", len(names))
	}
	return nil
}
