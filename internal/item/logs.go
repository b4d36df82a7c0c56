package item

// LogGroup is a CloudWatch Logs log group. AWS Config does not record the
// type; the field names follow DescribeLogGroups.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
type LogGroup struct {
	ResourceID    string                `json:"resourceId" aws:"name" cc:"log_group_name"`
	ResourceName  string                `json:"resourceName" aws:"name" cc:"log_group_name"`
	ARN           string                `json:"arn" aws:"arn,trim=:*" cc:"arn,trim=:*"`
	Tags          map[string]string     `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration LogGroupConfiguration `json:"configuration" aws:"." cc:"."`
}

// LogGroupConfiguration is the configuration of a [LogGroup]. ARN is written
// without the trailing ":*" that some calls add. RetentionInDays is absent
// when events never expire (Terraform writes 0 for that).
type LogGroupConfiguration struct {
	LogGroupName              string `json:"logGroupName" aws:"name" cc:"log_group_name"`
	ARN                       string `json:"arn" aws:"arn,trim=:*" cc:"arn,trim=:*"`
	RetentionInDays           int64  `json:"retentionInDays" aws:"retention_in_days,zero" cc:"retention_in_days,zero,configured"`
	KMSKeyID                  string `json:"kmsKeyId" aws:"kms_key_id" cc:"kms_key_id,configured" to:"AWS::KMS::Key#arn"`
	LogGroupClass             string `json:"logGroupClass" aws:"log_group_class" cc:"log_group_class"`
	DeletionProtectionEnabled bool   `json:"deletionProtectionEnabled" aws:"deletion_protection_enabled" cc:"deletion_protection_enabled,configured"`
}

// MetricFilter is a CloudWatch Logs metric filter. AWS Config does not record
// the type; the field names follow DescribeMetricFilters.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricFilter.html
type MetricFilter struct {
	ResourceID    string                    `json:"resourceId" aws:"name" cc:"filter_name"`
	ResourceName  string                    `json:"resourceName" aws:"name" cc:"filter_name"`
	Configuration MetricFilterConfiguration `json:"configuration" aws:"." cc:"."`
}

// MetricFilterConfiguration is the configuration of a [MetricFilter].
type MetricFilterConfiguration struct {
	FilterName                string                 `json:"filterName" aws:"name" cc:"filter_name"`
	FilterPattern             string                 `json:"filterPattern" aws:"pattern,keep" cc:"filter_pattern,keep"`
	LogGroupName              string                 `json:"logGroupName" aws:"log_group_name" cc:"log_group_name" to:"AWS::Logs::LogGroup#logGroupName"`
	MetricTransformations     []MetricTransformation `json:"metricTransformations" aws:"metric_transformation" cc:"metric_transformations"`
	ApplyOnTransformedLogs    bool                   `json:"applyOnTransformedLogs" aws:"apply_on_transformed_logs" cc:"apply_on_transformed_logs,configured"`
	FieldSelectionCriteria    string                 `json:"fieldSelectionCriteria" aws:"field_selection_criteria" cc:"field_selection_criteria,configured"`
	EmitSystemFieldDimensions []string               `json:"emitSystemFieldDimensions" aws:"emit_system_field_dimensions" cc:"emit_system_field_dimensions,configured"`
}

// MetricTransformation says which metric a matching event feeds.
type MetricTransformation struct {
	MetricName      string            `json:"metricName" aws:"name" cc:"metric_name"`
	MetricNamespace string            `json:"metricNamespace" aws:"namespace" cc:"metric_namespace"`
	MetricValue     string            `json:"metricValue" aws:"value" cc:"metric_value"`
	DefaultValue    float64           `json:"defaultValue" aws:"default_value,number" cc:"default_value,configured"`
	Dimensions      map[string]string `json:"dimensions" aws:"dimensions" cc:"dimensions,map,configured"`
	Unit            string            `json:"unit" aws:"unit" cc:"unit"`
}

func logGroupKind() Kind {
	return Kind{
		Type:  "AWS::Logs::LogGroup",
		Shape: LogGroup{},
		Terraform: []Resource{
			{Type: "aws_cloudwatch_log_group", Tags: []string{"aws"}, Identity: []string{"name", "arn"}, Same: map[string]string{"id": "name"}},
			{Type: "vigil_log_group", Tags: []string{"aws"}, Identity: []string{"name", "arn"}, Same: map[string]string{"id": "name"}},
			{Type: "awscc_logs_log_group", Tags: []string{"cc"}, Identity: []string{"log_group_name", "arn"}, Same: map[string]string{"id": "log_group_name"}},
		},
	}
}

func metricFilterKind() Kind {
	return Kind{
		Type:  "AWS::Logs::MetricFilter",
		Shape: MetricFilter{},
		Terraform: []Resource{
			{Type: "aws_cloudwatch_log_metric_filter", Tags: []string{"aws"}, Identity: []string{"name", "id"}},
			{Type: "vigil_metric_filter", Tags: []string{"aws"}, Identity: []string{"name", "id"}},
			{Type: "awscc_logs_metric_filter", Tags: []string{"cc"}, Identity: []string{"filter_name", "id"}},
		},
	}
}
