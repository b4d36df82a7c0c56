package policy

import "sort"

// itemTypes lists the types that rules may name.
func itemTypes() []string {
	types := []string{
		"AWS::CloudTrail::Trail", "AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm",
		"AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel", "AWS::EC2::VPC", "AWS::EC2::FlowLog",
		"AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::::Account",
	}
	sort.Strings(types)
	return types
}

func itemSchema(string) map[string]any {
	object := map[string]any{"type": "object"}
	text := map[string]any{"type": "string"}
	return map[string]any{"type": "object", "properties": map[string]any{
		"resourceType": text, "resourceId": text, "resourceName": text, "arn": text, "awsAccountId": text, "awsRegion": text,
		"tags": object, "configuration": object, "supplementaryConfiguration": object, "source": object,
	}}
}
