package cloudwatch

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

type alarmModel struct {
	ID                      types.String  `tfsdk:"id"`
	AlarmName               types.String  `tfsdk:"alarm_name"`
	AlarmDescription        types.String  `tfsdk:"alarm_description"`
	ComparisonOperator      types.String  `tfsdk:"comparison_operator"`
	EvaluationPeriods       types.Int64   `tfsdk:"evaluation_periods"`
	DatapointsToAlarm       types.Int64   `tfsdk:"datapoints_to_alarm"`
	Threshold               types.Float64 `tfsdk:"threshold"`
	ThresholdMetricID       types.String  `tfsdk:"threshold_metric_id"`
	TreatMissingData        types.String  `tfsdk:"treat_missing_data"`
	LowSamples              types.String  `tfsdk:"evaluate_low_sample_count_percentiles"`
	MetricName              types.String  `tfsdk:"metric_name"`
	Namespace               types.String  `tfsdk:"namespace"`
	Period                  types.Int64   `tfsdk:"period"`
	Statistic               types.String  `tfsdk:"statistic"`
	ExtendedStatistic       types.String  `tfsdk:"extended_statistic"`
	Unit                    types.String  `tfsdk:"unit"`
	Dimensions              types.Map     `tfsdk:"dimensions"`
	ActionsEnabled          types.Bool    `tfsdk:"actions_enabled"`
	AlarmActions            types.Set     `tfsdk:"alarm_actions"`
	OKActions               types.Set     `tfsdk:"ok_actions"`
	InsufficientDataActions types.Set     `tfsdk:"insufficient_data_actions"`
	ARN                     types.String  `tfsdk:"arn"`
	Queries                 types.List    `tfsdk:"metric_query"`
	fwk.Tagged
	fwk.Located
}

type queryModel struct {
	ID         types.String `tfsdk:"id"`
	AccountID  types.String `tfsdk:"account_id"`
	Expression types.String `tfsdk:"expression"`
	Label      types.String `tfsdk:"label"`
	Period     types.Int64  `tfsdk:"period"`
	ReturnData types.Bool   `tfsdk:"return_data"`
	Metric     types.List   `tfsdk:"metric"`
}

type metricModel struct {
	MetricName types.String `tfsdk:"metric_name"`
	Namespace  types.String `tfsdk:"namespace"`
	Period     types.Int64  `tfsdk:"period"`
	Stat       types.String `tfsdk:"stat"`
	Unit       types.String `tfsdk:"unit"`
	Dimensions types.Map    `tfsdk:"dimensions"`
}

func metricType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"metric_name": types.StringType, "namespace": types.StringType, "period": types.Int64Type,
		"stat": types.StringType, "unit": types.StringType, "dimensions": types.MapType{ElemType: types.StringType},
	}}
}

func queryType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"id": types.StringType, "account_id": types.StringType, "expression": types.StringType, "label": types.StringType,
		"period": types.Int64Type, "return_data": types.BoolType, "metric": types.ListType{ElemType: metricType()},
	}}
}

// input gives the model as PutMetricAlarm takes it, without tags.
func (m alarmModel) input(ctx context.Context) *cloudwatch.PutMetricAlarmInput {
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: m.AlarmName.ValueStringPointer(), AlarmDescription: m.AlarmDescription.ValueStringPointer(),
		ComparisonOperator: awstypes.ComparisonOperator(m.ComparisonOperator.ValueString()),
		EvaluationPeriods:  int32Of(m.EvaluationPeriods), DatapointsToAlarm: int32Of(m.DatapointsToAlarm),
		Threshold: m.Threshold.ValueFloat64Pointer(), ThresholdMetricId: m.ThresholdMetricID.ValueStringPointer(),
		TreatMissingData: m.TreatMissingData.ValueStringPointer(),
		MetricName:       m.MetricName.ValueStringPointer(), Namespace: m.Namespace.ValueStringPointer(), Period: int32Of(m.Period),
		Statistic: awstypes.Statistic(m.Statistic.ValueString()), ExtendedStatistic: m.ExtendedStatistic.ValueStringPointer(),
		Unit: awstypes.StandardUnit(m.Unit.ValueString()), Dimensions: dimensionsOf(m.Dimensions),
		ActionsEnabled: m.ActionsEnabled.ValueBoolPointer(),
		AlarmActions:   fwk.Strings(m.AlarmActions.Elements()), OKActions: fwk.Strings(m.OKActions.Elements()),
		InsufficientDataActions: fwk.Strings(m.InsufficientDataActions.Elements()),
	}
	if v := m.LowSamples.ValueString(); v != "" {
		in.EvaluateLowSampleCountPercentile = &v
	}
	queries, _ := fwk.Blocks[queryModel](ctx, m.Queries)
	for _, q := range queries {
		in.Metrics = append(in.Metrics, q.input(ctx))
	}
	return in
}

func (q queryModel) input(ctx context.Context) awstypes.MetricDataQuery {
	out := awstypes.MetricDataQuery{
		Id: q.ID.ValueStringPointer(), AccountId: q.AccountID.ValueStringPointer(), Expression: q.Expression.ValueStringPointer(),
		Label: q.Label.ValueStringPointer(), Period: int32Of(q.Period),
		ReturnData: aws.Bool(q.ReturnData.ValueBool()), // AWS's own default is true
	}
	metrics, _ := fwk.Blocks[metricModel](ctx, q.Metric)
	for _, metric := range metrics {
		out.MetricStat = &awstypes.MetricStat{
			Metric: &awstypes.Metric{MetricName: metric.MetricName.ValueStringPointer(), Namespace: metric.Namespace.ValueStringPointer(), Dimensions: dimensionsOf(metric.Dimensions)},
			Period: int32Of(metric.Period), Stat: metric.Stat.ValueStringPointer(), Unit: awstypes.StandardUnit(metric.Unit.ValueString()),
		}
	}
	return out
}

// alarmModelOf gives what AWS says of an alarm.
func alarmModelOf(ctx context.Context, a awstypes.MetricAlarm, before alarmModel) (alarmModel, diag.Diagnostics) {
	m := before
	m.AlarmName = types.StringPointerValue(a.AlarmName)
	m.ID = m.AlarmName
	m.ARN = types.StringPointerValue(a.AlarmArn)
	m.AlarmDescription = fwk.Text(aws.ToString(a.AlarmDescription), before.AlarmDescription)
	m.ComparisonOperator = types.StringValue(string(a.ComparisonOperator))
	m.EvaluationPeriods = types.Int64Value(int64(aws.ToInt32(a.EvaluationPeriods)))
	m.DatapointsToAlarm = fwk.Int(int64(aws.ToInt32(a.DatapointsToAlarm)), before.DatapointsToAlarm)
	m.Threshold = types.Float64PointerValue(a.Threshold)
	m.ThresholdMetricID = fwk.Text(aws.ToString(a.ThresholdMetricId), before.ThresholdMetricID)
	if !m.ThresholdMetricID.IsNull() {
		m.Threshold = types.Float64Null() // some endpoints answer 0 where there is none
	}
	m.TreatMissingData = types.StringValue("missing")
	if v := aws.ToString(a.TreatMissingData); v != "" {
		m.TreatMissingData = types.StringValue(v)
	}
	m.LowSamples = fwk.Text(aws.ToString(a.EvaluateLowSampleCountPercentile), types.StringNull())
	m.MetricName = fwk.Text(aws.ToString(a.MetricName), before.MetricName)
	m.Namespace = fwk.Text(aws.ToString(a.Namespace), before.Namespace)
	m.Period = fwk.Int(int64(aws.ToInt32(a.Period)), before.Period)
	m.Statistic = fwk.Text(string(a.Statistic), before.Statistic)
	m.ExtendedStatistic = fwk.Text(aws.ToString(a.ExtendedStatistic), before.ExtendedStatistic)
	m.Unit = fwk.Text(string(a.Unit), before.Unit)
	m.Dimensions = fwk.Map(dimensionMap(a.Dimensions), before.Dimensions)
	m.ActionsEnabled = types.BoolValue(aws.ToBool(a.ActionsEnabled))
	m.AlarmActions = fwk.Set(a.AlarmActions, before.AlarmActions)
	m.OKActions = fwk.Set(a.OKActions, before.OKActions)
	m.InsufficientDataActions = fwk.Set(a.InsufficientDataActions, before.InsufficientDataActions)
	var diags diag.Diagnostics
	m.Queries, diags = queriesOf(ctx, a.Metrics, before.Queries)
	return m, diags
}

// queriesOf keeps the order in which the queries were written: AWS promises none.
func queriesOf(ctx context.Context, queries []awstypes.MetricDataQuery, before types.List) (types.List, diag.Diagnostics) {
	said, _ := fwk.Blocks[queryModel](ctx, before)
	place := func(id *string) int {
		return slices.IndexFunc(said, func(q queryModel) bool { return q.ID.ValueString() == aws.ToString(id) })
	}
	ordered := slices.Clone(queries)
	slices.SortStableFunc(ordered, func(a, b awstypes.MetricDataQuery) int {
		// Unsigned, those that nobody wrote (-1) come last.
		return int(min(uint(place(a.Id)), uint(len(said)))) - int(min(uint(place(b.Id)), uint(len(said))))
	})
	blocks := make([]queryModel, 0, len(ordered))
	var diags diag.Diagnostics
	for _, q := range ordered {
		var was queryModel
		if i := place(q.Id); i >= 0 {
			was = said[i]
		}
		b, d := queryModelOf(ctx, q, was)
		diags.Append(d...)
		blocks = append(blocks, b)
	}
	list, d := types.ListValueFrom(ctx, queryType(), blocks)
	diags.Append(d...)
	return list, diags
}

func queryModelOf(ctx context.Context, q awstypes.MetricDataQuery, before queryModel) (queryModel, diag.Diagnostics) {
	m := queryModel{
		ID:         types.StringPointerValue(q.Id),
		AccountID:  fwk.Text(aws.ToString(q.AccountId), before.AccountID),
		Expression: fwk.Text(aws.ToString(q.Expression), before.Expression),
		Label:      fwk.Text(aws.ToString(q.Label), before.Label),
		Period:     fwk.Int(int64(aws.ToInt32(q.Period)), before.Period),
		ReturnData: fwk.Bool(aws.ToBool(q.ReturnData), before.ReturnData),
	}
	metrics := []metricModel{}
	if s := q.MetricStat; s != nil && s.Metric != nil {
		var was metricModel
		if said, _ := fwk.Blocks[metricModel](ctx, before.Metric); len(said) == 1 {
			was = said[0]
		}
		metrics = append(metrics, metricModel{
			MetricName: types.StringPointerValue(s.Metric.MetricName),
			Namespace:  fwk.Text(aws.ToString(s.Metric.Namespace), was.Namespace),
			Period:     types.Int64Value(int64(aws.ToInt32(s.Period))),
			Stat:       types.StringPointerValue(s.Stat),
			Unit:       fwk.Text(string(s.Unit), was.Unit),
			Dimensions: fwk.Map(dimensionMap(s.Metric.Dimensions), was.Dimensions),
		})
	}
	var diags diag.Diagnostics
	m.Metric, diags = types.ListValueFrom(ctx, metricType(), metrics)
	return m, diags
}

func dimensionsOf(m types.Map) []awstypes.Dimension {
	byName := fwk.StringMap(m)
	var out []awstypes.Dimension
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		out = append(out, awstypes.Dimension{Name: aws.String(name), Value: aws.String(byName[name])})
	}
	return out
}

func dimensionMap(dimensions []awstypes.Dimension) map[string]string {
	out := make(map[string]string, len(dimensions))
	for _, d := range dimensions {
		out[aws.ToString(d.Name)] = aws.ToString(d.Value)
	}
	return out
}

func int32Of(n types.Int64) *int32 {
	if n.IsNull() || n.IsUnknown() {
		return nil
	}
	return aws.Int32(int32(n.ValueInt64()))
}
