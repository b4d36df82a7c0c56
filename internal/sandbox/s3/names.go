package s3

// names gives the XML names that do not follow from the SDK's; see
// [wire.RESTXML] for the notation.
func names(structName, field string) string {
	switch structName + "." + field {
	case "AccessControlPolicy.Grants":
		return "AccessControlList/Grant"
	case "Grantee.Type":
		return "@xsi:type"
	case "Tagging.TagSet":
		return "TagSet/Tag"
	case "CreateBucketConfiguration.Tags":
		return "Tags/Tag"
	case "VersioningConfiguration.MFADelete":
		return "MfaDelete"
	case "LoggingEnabled.TargetGrants":
		return "TargetGrants/Grant"
	case "WebsiteConfiguration.RoutingRules":
		return "RoutingRules/RoutingRule"
	case "ListBucketsOutput.Buckets":
		return "Buckets/Bucket"
	case "NotificationConfiguration.LambdaFunctionConfigurations":
		return "CloudFunctionConfiguration"
	case "LambdaFunctionConfiguration.LambdaFunctionArn":
		return "CloudFunction"
	case "TopicConfiguration.TopicArn":
		return "Topic"
	case "QueueConfiguration.QueueArn":
		return "Queue"
	case "NotificationConfigurationFilter.Key":
		return "S3Key"
	}
	return ""
}
