package item

// ConfigurationRecorder is an AWS Config recorder with its status.
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html
type ConfigurationRecorder struct {
	ResourceID    string                `json:"resourceId" aws:"name"`
	ResourceName  string                `json:"resourceName" aws:"name"`
	ARN           string                `json:"arn" vigil:"arn"`
	Tags          map[string]string     `json:"tags" vigil:"tags_all|tags"`
	Configuration RecorderConfiguration `json:"configuration" aws:"."`
	Supplementary RecorderSupplementary `json:"supplementaryConfiguration" status:"." vigil:"."`
}

// RecorderConfiguration is the configuration of a [ConfigurationRecorder].
type RecorderConfiguration struct {
	Name           string         `json:"name" aws:"name"`
	RoleARN        string         `json:"roleARN" aws:"role_arn"`
	RecordingGroup RecordingGroup `json:"recordingGroup" aws:"recording_group"`
	RecordingMode  RecordingMode  `json:"recordingMode" aws:"recording_mode,configured"`
}

// RecordingGroup says which types a recorder records.
type RecordingGroup struct {
	AllSupported               bool               `json:"allSupported" aws:"all_supported"`
	IncludeGlobalResourceTypes bool               `json:"includeGlobalResourceTypes" aws:"include_global_resource_types"`
	ResourceTypes              []string           `json:"resourceTypes" aws:"resource_types"`
	ExclusionByResourceTypes   RecordingExclusion `json:"exclusionByResourceTypes" aws:"exclusion_by_resource_types"`
	RecordingStrategy          RecordingStrategy  `json:"recordingStrategy" aws:"recording_strategy"`
}

// RecordingExclusion lists the types that are left out.
type RecordingExclusion struct {
	ResourceTypes []string `json:"resourceTypes" aws:"resource_types"`
}

// RecordingStrategy is how the types are chosen: ALL_SUPPORTED_RESOURCE_TYPES,
// INCLUSION_BY_RESOURCE_TYPES or EXCLUSION_BY_RESOURCE_TYPES.
type RecordingStrategy struct {
	UseOnly string `json:"useOnly" aws:"use_only"`
}

// RecordingMode is how often changes are recorded: CONTINUOUS or DAILY.
type RecordingMode struct {
	RecordingFrequency     string                  `json:"recordingFrequency" aws:"recording_frequency"`
	RecordingModeOverrides []RecordingModeOverride `json:"recordingModeOverrides" aws:"recording_mode_override|recording_mode_overrides"`
}

// RecordingModeOverride is another frequency for some types.
type RecordingModeOverride struct {
	Description        string   `json:"description" aws:"description"`
	RecordingFrequency string   `json:"recordingFrequency" aws:"recording_frequency"`
	ResourceTypes      []string `json:"resourceTypes" aws:"resource_types"`
}

// RecorderSupplementary is what other calls know of a recorder.
type RecorderSupplementary struct {
	Status RecorderStatus `json:"status" status:"." vigil:"."`
}

// RecorderStatus says whether the recorder is started.
type RecorderStatus struct {
	Recording bool `json:"recording" status:"is_enabled" vigil:"recording|is_enabled"`
}

// DeliveryChannel is an AWS Config delivery channel.
// https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html
type DeliveryChannel struct {
	ResourceID    string                       `json:"resourceId" aws:"name"`
	ResourceName  string                       `json:"resourceName" aws:"name"`
	Configuration DeliveryChannelConfiguration `json:"configuration" aws:"."`
}

// DeliveryChannelConfiguration is the configuration of a [DeliveryChannel].
type DeliveryChannelConfiguration struct {
	Name                             string             `json:"name" aws:"name"`
	S3BucketName                     string             `json:"s3BucketName" aws:"s3_bucket_name" to:"AWS::S3::Bucket#name"`
	S3KeyPrefix                      string             `json:"s3KeyPrefix" aws:"s3_key_prefix"`
	S3KMSKeyARN                      string             `json:"s3KmsKeyArn" aws:"s3_kms_key_arn" to:"AWS::KMS::Key#arn"`
	SNSTopicARN                      string             `json:"snsTopicARN" aws:"sns_topic_arn" to:"AWS::SNS::Topic#topicArn"`
	ConfigSnapshotDeliveryProperties SnapshotProperties `json:"configSnapshotDeliveryProperties" aws:"."`
}

// SnapshotProperties says how often a snapshot is delivered: One_Hour,
// Three_Hours, Six_Hours, Twelve_Hours or TwentyFour_Hours.
type SnapshotProperties struct {
	DeliveryFrequency string `json:"deliveryFrequency" aws:"snapshot_delivery_properties.delivery_frequency|delivery_frequency"`
}

func recorderKind() Kind {
	return Kind{
		Type:  "AWS::Config::ConfigurationRecorder",
		Shape: ConfigurationRecorder{},
		Terraform: []Resource{
			{Type: "aws_config_configuration_recorder", Tags: []string{"aws"}, Identity: []string{"name"}, Same: map[string]string{"id": "name"}},
			{Type: "vigil_config_recorder", Tags: []string{"vigil", "aws"}, Identity: []string{"name", "arn"}, Same: map[string]string{"id": "name"}},
			{Type: "aws_config_configuration_recorder_status", Tags: []string{"status"}, Part: "supplementaryConfiguration.status",
				Owner: "name", Joins: "configuration.name", Regional: true, Same: map[string]string{"id": "name"}},
		},
	}
}

func deliveryChannelKind() Kind {
	return Kind{
		Type:  "AWS::Config::DeliveryChannel",
		Shape: DeliveryChannel{},
		Terraform: []Resource{
			{Type: "aws_config_delivery_channel", Tags: []string{"aws"}, Identity: []string{"name"}, Same: map[string]string{"id": "name"}},
			{Type: "vigil_config_recorder", Tags: []string{"aws"}, Root: "delivery_channel"},
		},
	}
}
