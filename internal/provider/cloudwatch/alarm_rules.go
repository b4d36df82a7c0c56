package cloudwatch

import (
	"context"
	"fmt"
	"strings"

	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// periodRule: 10, 20, 30 or whole minutes.
type periodRule struct{}

func (periodRule) Description(context.Context) string {
	return "10, 20, 30 or a multiple of 60 (seconds)"
}

func (p periodRule) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

func (p periodRule) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	v := req.ConfigValue
	if v.IsNull() || v.IsUnknown() {
		return
	}
	switch s := v.ValueInt64(); {
	case s == 10, s == 20, s == 30, s > 0 && s%60 == 0:
	default:
		resp.Diagnostics.AddAttributeError(req.Path, "Period CloudWatch does not offer", fmt.Sprintf("A period is %s. Got: %d.", p.Description(ctx), s))
	}
}

// ValidateConfig checks what only shows when attributes are seen together.
// Each rule is silent while a value it needs is unknown.
func (r *alarmResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, ok := fwk.Load[alarmModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	c := check{&resp.Diagnostics}
	queries, known := fwk.Blocks[queryModel](ctx, m.Queries)
	c.kind(m, queries, known)
	c.threshold(m)
	c.dataPoints(m)
	c.lowSamples(m)
	c.instanceActions(m)
	c.window(m.EvaluationPeriods, m.Period, path.Root("period"))
	if known && len(queries) > 0 {
		c.queries(ctx, m, queries)
	}
}

type check struct{ diags *diag.Diagnostics }

func (c check) refuse(at path.Path, summary, detail string) {
	c.diags.AddAttributeError(at, summary, detail)
}

// kind: one metric or metric math, never both.
func (c check) kind(m alarmModel, queries []queryModel, known bool) {
	single := map[string]attr.Value{
		"metric_name": m.MetricName, "namespace": m.Namespace, "period": m.Period, "statistic": m.Statistic,
		"extended_statistic": m.ExtendedStatistic, "unit": m.Unit, "dimensions": m.Dimensions,
	}
	if len(queries) > 0 || !known {
		for name, v := range single {
			if len(queries) > 0 && isSet(v) {
				c.refuse(path.Root(name), "Alarm on both a metric and metric math",
					"With metric_query, CloudWatch takes metric, period, statistic, unit and dimensions from inside the queries: "+name+" must not be set beside them.")
			}
		}
		return
	}
	if m.MetricName.IsNull() {
		c.refuse(path.Root("metric_name"), "Alarm on nothing", "An alarm needs either metric_name (with namespace, period and a statistic) or metric_query blocks.")
		return
	}
	for _, name := range []string{"namespace", "period"} {
		if single[name].IsNull() {
			c.refuse(path.Root(name), "Missing "+name, "An alarm on metric_name needs "+name+" too.")
		}
	}
	if m.Statistic.IsNull() && m.ExtendedStatistic.IsNull() || isSet(m.Statistic) && isSet(m.ExtendedStatistic) {
		c.refuse(path.Root("statistic"), "One statistic is needed", "CloudWatch takes exactly one of statistic and extended_statistic.")
	}
	if isSet(m.ThresholdMetricID) {
		c.refuse(path.Root("threshold_metric_id"), "No query to refer to", "threshold_metric_id names a metric_query, so it needs metric_query blocks.")
	}
}

// threshold: anomaly detection compares with a band, everything else with a number.
func (c check) threshold(m alarmModel) {
	if isSet(m.Threshold) && isSet(m.ThresholdMetricID) {
		c.refuse(path.Root("threshold"), "Two thresholds", "CloudWatch takes exactly one of threshold and threshold_metric_id.")
		return
	}
	switch awstypes.ComparisonOperator(m.ComparisonOperator.ValueString()) {
	case "":
	case awstypes.ComparisonOperatorLessThanLowerOrGreaterThanUpperThreshold, awstypes.ComparisonOperatorLessThanLowerThreshold, awstypes.ComparisonOperatorGreaterThanUpperThreshold:
		if m.ThresholdMetricID.IsNull() {
			c.refuse(path.Root("comparison_operator"), "Operator of anomaly detection",
				m.ComparisonOperator.ValueString()+" compares with an anomaly detection band: set threshold_metric_id to the id of the metric_query with ANOMALY_DETECTION_BAND, in place of threshold.")
		}
	default:
		if m.Threshold.IsNull() && m.ThresholdMetricID.IsNull() {
			c.refuse(path.Root("threshold"), "Missing threshold", m.ComparisonOperator.ValueString()+" compares with a number: set threshold.")
		}
		if isSet(m.ThresholdMetricID) {
			c.refuse(path.Root("comparison_operator"), "Operator without a band",
				"With threshold_metric_id the operator is one of LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold.")
		}
	}
}

// dataPoints: M out of N.
func (c check) dataPoints(m alarmModel) {
	if isSet(m.DatapointsToAlarm) && isSet(m.EvaluationPeriods) && m.DatapointsToAlarm.ValueInt64() > m.EvaluationPeriods.ValueInt64() {
		c.refuse(path.Root("datapoints_to_alarm"), "More datapoints than periods",
			fmt.Sprintf("datapoints_to_alarm (M, here %d) is at most evaluation_periods (N, here %d): the alarm looks at no more than N.", m.DatapointsToAlarm.ValueInt64(), m.EvaluationPeriods.ValueInt64()))
	}
}

func (c check) lowSamples(m alarmModel) {
	if isSet(m.LowSamples) && m.ExtendedStatistic.IsNull() && isSet(m.MetricName) {
		c.refuse(path.Root("evaluate_low_sample_count_percentiles"), "Not a percentile", "evaluate_low_sample_count_percentiles is used only with a percentile in extended_statistic.")
	}
}

// instanceActions: stopping or recovering an instance needs to know which.
func (c check) instanceActions(m alarmModel) {
	_, named := m.Dimensions.Elements()["InstanceId"]
	if named || m.Dimensions.IsUnknown() || !isSet(m.MetricName) {
		return
	}
	for name, actions := range map[string]types.Set{"alarm_actions": m.AlarmActions, "ok_actions": m.OKActions, "insufficient_data_actions": m.InsufficientDataActions} {
		for _, arn := range fwk.Strings(actions.Elements()) {
			if strings.Contains(arn, ":ec2:") && strings.Contains(arn, ":automate:") || strings.Contains(arn, "AWS_EC2.InstanceId") {
				c.refuse(path.Root(name), "Action on an unnamed instance", arn+" acts on the instance in the dimension InstanceId, which this alarm does not have.")
			}
		}
	}
}

// window: N periods last at most 7 days, or 1 day where a period is shorter than 1 hour.
func (c check) window(n, period types.Int64, at path.Path) {
	if !isSet(n) || !isSet(period) {
		return
	}
	limit, words := int64(week), "7 days"
	if period.ValueInt64() < 3600 {
		limit, words = day, "1 day, because the period is shorter than 1 hour"
	}
	if total := n.ValueInt64() * period.ValueInt64(); total > limit {
		c.refuse(at, "Evaluation window too long",
			fmt.Sprintf("evaluation_periods × period is at most %d seconds (%s). Here: %d × %d = %d seconds.", limit, words, n.ValueInt64(), period.ValueInt64(), total))
	}
}

// queries checks the metric_query blocks among each other.
func (c check) queries(ctx context.Context, m alarmModel, queries []queryModel) {
	ids, watched, open := make(map[string]bool), 0, false
	for i, q := range queries {
		at := path.Root("metric_query").AtListIndex(i)
		if isSet(q.ID) && ids[q.ID.ValueString()] {
			c.refuse(at.AtName("id"), "Id used twice", fmt.Sprintf("The id %q belongs to another metric_query already.", q.ID.ValueString()))
		}
		ids[q.ID.ValueString()] = true
		open = open || q.ID.IsUnknown() || q.ReturnData.IsUnknown()
		if q.ReturnData.ValueBool() {
			watched++
		}
		c.query(ctx, m, q, at)
	}
	id := m.ThresholdMetricID
	if isSet(id) && !ids[id.ValueString()] && !open {
		c.refuse(path.Root("threshold_metric_id"), "No such query", fmt.Sprintf("No metric_query has the id %q.", id.ValueString()))
	}
	// Anomaly detection returns two: the metric and its band.
	if !open && !id.IsUnknown() && (watched == 0 || watched > 1 && id.IsNull() || watched > 2) {
		c.refuse(path.Root("metric_query"), "One query to watch",
			fmt.Sprintf("The alarm watches the metric_query with return_data = true: exactly one must have it (with threshold_metric_id, the metric and its band). Here: %d.", watched))
	}
}

func (c check) query(ctx context.Context, m alarmModel, q queryModel, at path.Path) {
	metrics, known := fwk.Blocks[metricModel](ctx, q.Metric)
	if !known || q.Expression.IsUnknown() {
		return
	}
	if (len(metrics) == 1) == isSet(q.Expression) {
		c.refuse(at, "Query of nothing, or of two things", "A metric_query has exactly one of expression and metric.")
	}
	period, where := q.Period, at.AtName("period")
	for _, metric := range metrics {
		if isSet(q.Period) {
			c.refuse(where, "Period in two places", "With metric, the period is set inside of metric.")
		}
		period, where = metric.Period, at.AtName("metric").AtListIndex(0).AtName("period")
	}
	c.window(m.EvaluationPeriods, period, where)
}

func isSet(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// isPercentile tells whether the plan has a percentile, or may have one.
func isPercentile(s types.String) bool {
	return s.IsUnknown() || strings.HasPrefix(s.ValueString(), "p")
}
