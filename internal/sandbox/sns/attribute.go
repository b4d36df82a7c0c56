package sns

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
)

// defaultDeliveryPolicy is what SNS reports where none is set.
const defaultDeliveryPolicy = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,` +
	`"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},` +
	`"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`

// policy is the topic's policy: the one set, or that of a new topic, which
// lets the owning account do everything.
func (t topic) policy() string {
	if policy := t.attributes["Policy"]; policy != "" {
		return policy
	}
	return fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID",`+
		`"Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",`+
		`"SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],`+
		`"Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}`, t.arn, t.account)
}

// checkTopicAttribute checks name and value of a topic's attribute. Some can
// only be given when the topic is made.
func checkTopicAttribute(name, value string, creating bool) error {
	switch name {
	case "Policy":
		return checkPolicy(value)
	case "DisplayName":
		if len(value) > 100 {
			return invalidParameter("DisplayName Reason: must be at most 100 characters")
		}
	case "DeliveryPolicy", "ArchivePolicy":
		return checkJSON(name, value)
	case "TracingConfig":
		return oneOf(name, value, "PassThrough", "Active")
	case "SignatureVersion":
		return oneOf(name, value, "1", "2")
	case "ContentBasedDeduplication":
		return oneOf(name, value, "true", "false")
	case "FifoThroughputScope":
		return oneOf(name, value, "Topic", "MessageGroup")
	case "FifoTopic":
		if !creating {
			return invalidParameter("AttributeName")
		}
		return oneOf(name, value, "true", "false")
	case "DataProtectionPolicy":
		if !creating {
			return invalidParameter("AttributeName")
		}
		return checkJSON(name, value)
	case "KmsMasterKeyId":
	default:
		if !isFeedback(name) {
			return invalidParameter("AttributeName")
		}
	}
	return nil
}

// isFeedback knows the delivery status attributes, such as LambdaSuccessFeedbackRoleArn.
func isFeedback(name string) bool {
	for _, endpoint := range []string{"Application", "Firehose", "HTTP", "Lambda", "SQS"} {
		switch strings.TrimPrefix(name, endpoint) {
		case "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn":
			return true
		}
	}
	return false
}

func checkPolicy(document string) error {
	if document == "" {
		return nil // back to the default
	}
	policy, err := iampolicy.Parse([]byte(document))
	if err == nil {
		err = policy.CheckResourcePolicy()
	}
	var syntax *iampolicy.SyntaxError
	if errors.As(err, &syntax) {
		return invalidParameter("Policy Error: " + syntax.Reason)
	}
	if err != nil {
		return err
	}
	for _, statement := range policy.Statements {
		for _, action := range statement.Actions {
			if service, _, _ := strings.Cut(action, ":"); action != "*" && !strings.EqualFold(service, "sns") {
				return invalidParameter("Policy statement action out of service scope!")
			}
		}
	}
	return nil
}

func checkJSON(name, value string) error {
	if value != "" && !json.Valid([]byte(value)) {
		return invalidParameter(name + ": failed to parse JSON.")
	}
	return nil
}

func oneOf(name, value string, allowed ...string) error {
	for _, one := range allowed {
		if value == one {
			return nil
		}
	}
	return invalidParameter(fmt.Sprintf("%s Reason: %s is not one of %s", name, value, strings.Join(allowed, ", ")))
}
