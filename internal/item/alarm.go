package item

// Alarm is a CloudWatch metric alarm.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
type Alarm struct {
	ResourceID    string             `json:"resourceId" aws:"alarm_name" cc:"alarm_name"`
	ResourceName  string             `json:"resourceName" aws:"alarm_name" cc:"alarm_name"`
	ARN           string             `json:"arn" aws:"arn" cc:"arn"`
	Tags          map[string]string  `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration AlarmConfiguration `json:"configuration" aws:"." cc:"."`
}

// AlarmConfiguration is the configuration of an [Alarm]. Periods are seconds.
type AlarmConfiguration struct {
	AlarmName                        string      `json:"alarmName" aws:"alarm_name" cc:"alarm_name"`
	AlarmARN                         string      `json:"alarmArn" aws:"arn" cc:"arn"`
	AlarmDescription                 string      `json:"alarmDescription" aws:"alarm_description" cc:"alarm_description,configured"`
	ActionsEnabled                   bool        `json:"actionsEnabled" aws:"actions_enabled" cc:"actions_enabled,configured|,const=true"`
	AlarmActions                     []string    `json:"alarmActions" aws:"alarm_actions" cc:"alarm_actions,configured" to:"AWS::SNS::Topic#topicArn"`
	OKActions                        []string    `json:"okActions" aws:"ok_actions" cc:"ok_actions,configured" to:"AWS::SNS::Topic#topicArn"`
	InsufficientDataActions          []string    `json:"insufficientDataActions" aws:"insufficient_data_actions" cc:"insufficient_data_actions,configured" to:"AWS::SNS::Topic#topicArn"`
	MetricName                       string      `json:"metricName" aws:"metric_name" cc:"metric_name,configured"`
	Namespace                        string      `json:"namespace" aws:"namespace" cc:"namespace,configured"`
	Statistic                        string      `json:"statistic" aws:"statistic" cc:"statistic,configured"`
	ExtendedStatistic                string      `json:"extendedStatistic" aws:"extended_statistic" cc:"extended_statistic,configured"`
	Dimensions                       []Dimension `json:"dimensions" aws:"dimensions,pairs" cc:"dimensions,configured"`
	Period                           int64       `json:"period" aws:"period,zero" cc:"period,zero,configured"`
	Unit                             string      `json:"unit" aws:"unit" cc:"unit,configured"`
	EvaluationPeriods                int64       `json:"evaluationPeriods" aws:"evaluation_periods" cc:"evaluation_periods"`
	DatapointsToAlarm                int64       `json:"datapointsToAlarm" aws:"datapoints_to_alarm,zero" cc:"datapoints_to_alarm,zero,configured"`
	Threshold                        float64     `json:"threshold" aws:"threshold" cc:"threshold,configured"`
	ComparisonOperator               string      `json:"comparisonOperator" aws:"comparison_operator" cc:"comparison_operator"`
	TreatMissingData                 string      `json:"treatMissingData" aws:"treat_missing_data" cc:"treat_missing_data"`
	EvaluateLowSampleCountPercentile string      `json:"evaluateLowSampleCountPercentile" aws:"evaluate_low_sample_count_percentiles" cc:"evaluate_low_sample_count_percentile,configured"`
	Metrics                          []Metric    `json:"metrics" aws:"metric_query" cc:"metrics,configured"`
	ThresholdMetricID                string      `json:"thresholdMetricId" aws:"threshold_metric_id" cc:"threshold_metric_id,configured"`
}

// Dimension is one name and value of a metric's identity.
type Dimension struct {
	Name  string `json:"name" aws:"name" cc:"name"`
	Value string `json:"value" aws:"value" cc:"value"`
}

// Metric is one query or expression of a metric math alarm.
type Metric struct {
	ID         string     `json:"id" aws:"id" cc:"id"`
	AccountID  string     `json:"accountId" aws:"account_id" cc:"account_id,configured"`
	Expression string     `json:"expression" aws:"expression" cc:"expression,configured"`
	Label      string     `json:"label" aws:"label" cc:"label,configured"`
	Period     int64      `json:"period" aws:"period,zero" cc:"period,zero,configured"`
	ReturnData bool       `json:"returnData" aws:"return_data" cc:"return_data"`
	MetricStat MetricStat `json:"metricStat" aws:"metric" cc:"metric_stat,configured"`
}

// MetricStat is the statistic that a [Metric] reads.
type MetricStat struct {
	Metric MetricIdentity `json:"metric" aws:"." cc:"metric"`
	Period int64          `json:"period" aws:"period,zero" cc:"period,zero"`
	Stat   string         `json:"stat" aws:"stat" cc:"stat"`
	Unit   string         `json:"unit" aws:"unit" cc:"unit,configured"`
}

// MetricIdentity names a CloudWatch metric.
type MetricIdentity struct {
	Namespace  string      `json:"namespace" aws:"namespace" cc:"namespace"`
	MetricName string      `json:"metricName" aws:"metric_name" cc:"metric_name"`
	Dimensions []Dimension `json:"dimensions" aws:"dimensions,pairs" cc:"dimensions,configured"`
}

func alarmKind() Kind {
	return Kind{
		Type:  "AWS::CloudWatch::Alarm",
		Shape: Alarm{},
		Terraform: []Resource{
			{Type: "aws_cloudwatch_metric_alarm", Tags: []string{"aws"}, Identity: []string{"alarm_name", "arn"}, Same: map[string]string{"id": "alarm_name"}},
			{Type: "vigil_metric_alarm", Tags: []string{"aws"}, Identity: []string{"alarm_name", "arn"}, Same: map[string]string{"id": "alarm_name"}},
			{Type: "awscc_cloudwatch_alarm", Tags: []string{"cc"}, Identity: []string{"alarm_name", "arn"}, Same: map[string]string{"id": "alarm_name"}},
		},
	}
}
