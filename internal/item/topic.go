package item

// Topic is an SNS topic with its policy and subscriptions.
// https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
type Topic struct {
	ResourceID    string             `json:"resourceId" aws:"arn" cc:"topic_arn"`
	ResourceName  string             `json:"resourceName" aws:"name" cc:"topic_name"`
	ARN           string             `json:"arn" aws:"arn" cc:"topic_arn"`
	Tags          map[string]string  `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration TopicConfiguration `json:"configuration" aws:"." cc:"."`
	Supplementary TopicSupplementary `json:"supplementaryConfiguration" aws:"." cc:"." policy:"." subscription:"."`
}

// TopicConfiguration is the configuration of a [Topic].
type TopicConfiguration struct {
	TopicARN                  string `json:"topicArn" aws:"arn" cc:"topic_arn"`
	TopicName                 string `json:"topicName" aws:"name" cc:"topic_name"`
	DisplayName               string `json:"displayName" aws:"display_name" cc:"display_name,configured"`
	Owner                     string `json:"owner" aws:"owner"`
	KMSMasterKeyID            string `json:"kmsMasterKeyId" aws:"kms_master_key_id" cc:"kms_master_key_id,configured" to:"AWS::KMS::Key#arn"`
	FIFOTopic                 bool   `json:"fifoTopic" aws:"fifo_topic" cc:"fifo_topic,configured"`
	ContentBasedDeduplication bool   `json:"contentBasedDeduplication" aws:"content_based_deduplication" cc:"content_based_deduplication,configured"`
}

// TopicSupplementary is what other calls know of a topic.
type TopicSupplementary struct {
	Policy        map[string]any `json:"policy" aws:"policy,json,configured" policy:"policy,json"`
	Subscriptions []Subscription `json:"subscriptions" cc:"subscription,configured" subscription:".,list"`
}

// Subscription is one receiver of a topic. SubscriptionARN is
// "PendingConfirmation" while nobody has confirmed it.
type Subscription struct {
	SubscriptionARN     string `json:"subscriptionArn" subscription:"arn"`
	Protocol            string `json:"protocol" cc:"protocol" subscription:"protocol"`
	Endpoint            string `json:"endpoint" cc:"endpoint" subscription:"endpoint"`
	PendingConfirmation bool   `json:"pendingConfirmation" subscription:"pending_confirmation"`
}

func topicKind() Kind {
	return Kind{
		Type:  "AWS::SNS::Topic",
		Shape: Topic{},
		Terraform: []Resource{
			{Type: "aws_sns_topic", Tags: []string{"aws"}, Identity: []string{"arn", "name"}, Same: map[string]string{"id": "arn"}},
			{Type: "awscc_sns_topic", Tags: []string{"cc"}, Identity: []string{"topic_arn", "topic_name"}, Same: map[string]string{"id": "topic_arn"}},
			{Type: "aws_sns_topic_policy", Tags: []string{"policy"}, Part: "supplementaryConfiguration.policy", Owner: "arn", Joins: "configuration.topicArn"},
			{Type: "aws_sns_topic_subscription", Tags: []string{"subscription"}, Part: "supplementaryConfiguration.subscriptions", Many: true,
				Owner: "topic_arn", Joins: "configuration.topicArn"},
		},
	}
}
