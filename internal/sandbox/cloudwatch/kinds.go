package cloudwatch

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// maxQueries is how many metrics and expressions one alarm may have.
const maxQueries = 20

var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

// checkMath: ids are unique, each query is a metric or an expression, and one
// of them is what the alarm watches (two for an anomaly band: the metric and
// the band).
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
func checkMath(in *cloudwatch.PutMetricAlarmInput) error {
	if len(in.Metrics) > maxQueries {
		return invalid("Metrics must have at most %d queries, not %d.", maxQueries, len(in.Metrics))
	}
	ids, watched := map[string]bool{}, 0
	for _, q := range in.Metrics {
		id := aws.ToString(q.Id)
		if !queryID.MatchString(id) || ids[id] {
			return invalid("The id %q in Metrics is not valid or appears more than once.", id)
		}
		ids[id] = true
		if returnsData(q) {
			watched++
		}
		if err := checkQuery(q); err != nil {
			return err
		}
	}
	if in.ThresholdMetricId != nil {
		if !ids[*in.ThresholdMetricId] {
			return invalid("ThresholdMetricId %s is not the id of a query in Metrics.", *in.ThresholdMetricId)
		}
		return nil
	}
	if watched != 1 {
		return invalid("Exactly one query in Metrics must return data, not %d.", watched)
	}
	return nil
}

func checkQuery(q types.MetricDataQuery) error {
	stat := q.MetricStat
	switch {
	case (q.Expression == nil) == (stat == nil):
		return invalid("The query %s must have either an expression or a metric.", *q.Id)
	case q.Period != nil && checkPeriod(*q.Period) != nil:
		return checkPeriod(*q.Period)
	case q.Expression != nil && (*q.Expression == "" || len(*q.Expression) > 2048):
		return invalid("The expression of query %s must have 1 to 2048 characters.", *q.Id)
	case q.Expression != nil:
		return nil
	case stat.Metric == nil || aws.ToString(stat.Metric.MetricName) == "" || aws.ToString(stat.Metric.Namespace) == "":
		return invalid("The metric of query %s needs a name and a namespace.", *q.Id)
	case stat.Period == nil || aws.ToString(stat.Stat) == "":
		return invalid("The metric of query %s needs a period and a statistic.", *q.Id)
	}
	if err := checkPeriod(*stat.Period); err != nil {
		return err
	}
	if err := checkUnit(stat.Unit); err != nil {
		return err
	}
	return checkDimensions(stat.Metric.Dimensions)
}

// checkPromQL: all that an alarm of this kind needs stands in its criteria.
func checkPromQL(in *cloudwatch.PutMetricAlarmInput, single bool) error {
	if single || len(in.Metrics) > 0 || in.Threshold != nil || in.ComparisonOperator != "" || in.ThresholdMetricId != nil ||
		in.EvaluationPeriods != nil || in.DatapointsToAlarm != nil || in.EvaluationWindow != nil || in.TreatMissingData != nil {
		return badCombination("EvaluationCriteria cannot be used with the parameters of metrics and thresholds.")
	}
	criteria, ok := in.EvaluationCriteria.(*types.EvaluationCriteriaMemberPromQLCriteria)
	if !ok || aws.ToString(criteria.Value.Query) == "" {
		return missing("EvaluationCriteria.PromQLCriteria.Query")
	}
	if in.EvaluationInterval == nil {
		return missing("EvaluationInterval")
	}
	return checkPeriod(*in.EvaluationInterval)
}
