package item

// Trail is a CloudTrail trail: DescribeTrails, GetEventSelectors,
// GetInsightSelectors and GetTrailStatus in one.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
type Trail struct {
	ResourceID    string             `json:"resourceId" aws:"name" cc:"trail_name"`
	ResourceName  string             `json:"resourceName" aws:"name" cc:"trail_name"`
	ARN           string             `json:"arn" aws:"arn" cc:"arn"`
	Tags          map[string]string  `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration TrailConfiguration `json:"configuration" aws:"." cc:"."`
}

// TrailConfiguration is the configuration of a [Trail].
// CloudWatchLogsLogGroupARN is written without the trailing ":*", as
// [LogGroupConfiguration] writes its ARN, so that the two can be compared.
type TrailConfiguration struct {
	Name                       string                  `json:"name" aws:"name" cc:"trail_name"`
	TrailARN                   string                  `json:"trailARN" aws:"arn" cc:"arn"`
	HomeRegion                 string                  `json:"homeRegion" aws:"home_region"`
	S3BucketName               string                  `json:"s3BucketName" aws:"s3_bucket_name" cc:"s3_bucket_name" to:"AWS::S3::Bucket#name"`
	S3KeyPrefix                string                  `json:"s3KeyPrefix" aws:"s3_key_prefix" cc:"s3_key_prefix,configured"`
	SNSTopicName               string                  `json:"snsTopicName" aws:"sns_topic_name" cc:"sns_topic_name,configured" to:"AWS::SNS::Topic#topicName"`
	SNSTopicARN                string                  `json:"snsTopicARN" aws:"sns_topic_arn,configured" cc:"sns_topic_arn,configured"`
	IncludeGlobalServiceEvents bool                    `json:"includeGlobalServiceEvents" aws:"include_global_service_events" cc:"include_global_service_events"`
	IsMultiRegionTrail         bool                    `json:"isMultiRegionTrail" aws:"is_multi_region_trail" cc:"is_multi_region_trail,configured"`
	IsOrganizationTrail        bool                    `json:"isOrganizationTrail" aws:"is_organization_trail" cc:"is_organization_trail,configured"`
	LogFileValidationEnabled   bool                    `json:"logFileValidationEnabled" aws:"enable_log_file_validation" cc:"enable_log_file_validation,configured"`
	KMSKeyID                   string                  `json:"kmsKeyId" aws:"kms_key_id" cc:"kms_key_id,configured" to:"AWS::KMS::Key#arn"`
	CloudWatchLogsLogGroupARN  string                  `json:"cloudWatchLogsLogGroupArn" aws:"cloud_watch_logs_group_arn,trim=:*" cc:"cloudwatch_logs_log_group_arn,trim=:*,configured" to:"AWS::Logs::LogGroup#arn"`
	CloudWatchLogsRoleARN      string                  `json:"cloudWatchLogsRoleArn" aws:"cloud_watch_logs_role_arn" cc:"cloudwatch_logs_role_arn,configured"`
	IsLogging                  bool                    `json:"isLogging" aws:"enable_logging" cc:"is_logging"`
	EventSelectors             []EventSelector         `json:"eventSelectors" aws:"event_selector" cc:"event_selectors,configured"`
	AdvancedEventSelectors     []AdvancedEventSelector `json:"advancedEventSelectors" aws:"advanced_event_selector" cc:"advanced_event_selectors,configured"`
	InsightSelectors           []InsightSelector       `json:"insightSelectors" aws:"insight_selector" cc:"insight_selectors,configured"`
}

// EventSelector is a basic selector of management and data events.
type EventSelector struct {
	ReadWriteType                 string         `json:"readWriteType" aws:"read_write_type" cc:"read_write_type"`
	IncludeManagementEvents       bool           `json:"includeManagementEvents" aws:"include_management_events" cc:"include_management_events"`
	DataResources                 []DataResource `json:"dataResources" aws:"data_resource" cc:"data_resources,configured"`
	ExcludeManagementEventSources []string       `json:"excludeManagementEventSources" aws:"exclude_management_event_sources" cc:"exclude_management_event_sources,configured"`
}

// DataResource is what a basic selector logs data events of.
type DataResource struct {
	Type   string   `json:"type" aws:"type" cc:"type"`
	Values []string `json:"values" aws:"values" cc:"values,configured"`
}

// AdvancedEventSelector selects events by the values of their fields.
type AdvancedEventSelector struct {
	Name           string          `json:"name" aws:"name" cc:"name,configured"`
	FieldSelectors []FieldSelector `json:"fieldSelectors" aws:"field_selector" cc:"field_selectors"`
}

// FieldSelector is one condition of an [AdvancedEventSelector].
type FieldSelector struct {
	Field         string   `json:"field" aws:"field" cc:"field"`
	Equals        []string `json:"equals" aws:"equals" cc:"equals,configured"`
	NotEquals     []string `json:"notEquals" aws:"not_equals" cc:"not_equals,configured"`
	StartsWith    []string `json:"startsWith" aws:"starts_with" cc:"starts_with,configured"`
	NotStartsWith []string `json:"notStartsWith" aws:"not_starts_with" cc:"not_starts_with,configured"`
	EndsWith      []string `json:"endsWith" aws:"ends_with" cc:"ends_with,configured"`
	NotEndsWith   []string `json:"notEndsWith" aws:"not_ends_with" cc:"not_ends_with,configured"`
}

// InsightSelector turns one kind of Insights on.
type InsightSelector struct {
	InsightType     string   `json:"insightType" aws:"insight_type" cc:"insight_type"`
	EventCategories []string `json:"eventCategories" aws:"event_categories,configured" cc:"event_categories,configured"`
}

func trailKind() Kind {
	return Kind{
		Type:  "AWS::CloudTrail::Trail",
		Shape: Trail{},
		Terraform: []Resource{
			{Type: "aws_cloudtrail", Tags: []string{"aws"}, Identity: []string{"arn", "id", "name"}},
			{Type: "vigil_trail", Tags: []string{"aws"}, Identity: []string{"arn", "id", "name"}},
			{Type: "awscc_cloudtrail_trail", Tags: []string{"cc"}, Identity: []string{"trail_name", "arn"}, Same: map[string]string{"id": "trail_name"}},
		},
	}
}
