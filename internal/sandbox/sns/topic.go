package sns

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// topic is a topic with the attributes that somebody has set.
type topic struct {
	arn, account string
	attributes   map[string]string
	tags         map[string]string
}

// pageSize is how many topics or subscriptions one answer lists.
const pageSize = 100

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *SNS) createTopic(ctx context.Context, in *awssns.CreateTopicInput) (*awssns.CreateTopicOutput, error) {
	name := aws.ToString(in.Name)
	if err := checkName(name, in.Attributes["FifoTopic"] == "true"); err != nil {
		return nil, err
	}
	for attribute, value := range in.Attributes {
		if err := checkTopicAttribute(attribute, value, true); err != nil {
			return nil, err
		}
	}
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	call := wire.CallOf(ctx)
	wanted := topic{
		arn:        fmt.Sprintf("arn:aws:sns:%s:%s:%s", call.Region, call.Account, name),
		account:    call.Account,
		attributes: maps.Clone(in.Attributes),
		tags:       tags,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if existing, ok := s.topics.Get(ctx, wanted.arn); ok {
		if err := sameTopic(existing, wanted); err != nil {
			return nil, err
		}
	} else {
		s.topics.Put(ctx, wanted.arn, wanted)
	}
	return &awssns.CreateTopicOutput{TopicArn: &wanted.arn}, nil
}

func checkName(name string, fifo bool) error {
	base := name
	if fifo {
		var found bool
		if base, found = strings.CutSuffix(name, ".fifo"); !found {
			return invalidParameter("Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.")
		}
	}
	if !topicName.MatchString(base) {
		return invalidParameter("Topic Name")
	}
	return nil
}

// sameTopic: creating a topic again is fine as long as nothing asked for differs.
func sameTopic(existing, wanted topic) error {
	for attribute, value := range wanted.attributes {
		if existing.attributes[attribute] != value {
			return invalidParameter("Attributes Reason: Topic already exists with different attributes")
		}
	}
	if len(wanted.tags) > 0 && !maps.Equal(existing.tags, wanted.tags) {
		return invalidParameter("Tags Reason: Topic already exists with different tags")
	}
	return nil
}

// deleteTopic succeeds also where there is no such topic.
func (s *SNS) deleteTopic(ctx context.Context, in *awssns.DeleteTopicInput) (*awssns.DeleteTopicOutput, error) {
	arn := aws.ToString(in.TopicArn)
	if err := checkTopicARN(arn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics.Get(ctx, arn); ok {
		s.topics.Delete(ctx, arn)
		for _, sub := range s.subscriptionsOf(ctx, arn) {
			s.subscriptions.Delete(ctx, sub.arn)
		}
	}
	return &awssns.DeleteTopicOutput{}, nil
}

func (s *SNS) getTopicAttributes(ctx context.Context, in *awssns.GetTopicAttributesInput) (*awssns.GetTopicAttributesOutput, error) {
	t, err := s.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	attributes := map[string]string{
		"TopicArn":                t.arn,
		"Owner":                   t.account,
		"DisplayName":             "",
		"Policy":                  t.policy(),
		"EffectiveDeliveryPolicy": defaultDeliveryPolicy,
		"SubscriptionsDeleted":    "0",
	}
	maps.Copy(attributes, t.attributes)
	if policy := t.attributes["DeliveryPolicy"]; policy != "" {
		attributes["EffectiveDeliveryPolicy"] = policy
	}
	var confirmed, pending int
	for _, sub := range s.subscriptionsOf(ctx, t.arn) {
		if sub.token == "" {
			confirmed++
		} else {
			pending++
		}
	}
	attributes["SubscriptionsConfirmed"] = strconv.Itoa(confirmed)
	attributes["SubscriptionsPending"] = strconv.Itoa(pending)
	return &awssns.GetTopicAttributesOutput{Attributes: attributes}, nil
}

func (s *SNS) setTopicAttributes(ctx context.Context, in *awssns.SetTopicAttributesInput) (*awssns.SetTopicAttributesOutput, error) {
	name, value := aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)
	if err := checkTopicAttribute(name, value, false); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	t.attributes = withAttribute(t.attributes, name, value)
	s.topics.Put(ctx, t.arn, t)
	return &awssns.SetTopicAttributesOutput{}, nil
}

// withAttribute copies the attributes; the empty value takes one away.
func withAttribute(attributes map[string]string, name, value string) map[string]string {
	changed := map[string]string{}
	maps.Copy(changed, attributes)
	if value == "" {
		delete(changed, name)
	} else {
		changed[name] = value
	}
	return changed
}

func (s *SNS) listTopics(ctx context.Context, in *awssns.ListTopicsInput) (*awssns.ListTopicsOutput, error) {
	topics, next, err := page.Of(s.topics.List(ctx), aws.ToString(in.NextToken), pageSize)
	if err != nil {
		return nil, invalidParameter("NextToken")
	}
	out := &awssns.ListTopicsOutput{Topics: []types.Topic{}, NextToken: optional(next)}
	for _, t := range topics {
		out.Topics = append(out.Topics, types.Topic{TopicArn: aws.String(t.arn)})
	}
	return out, nil
}

// maxMessage is SNS's limit for a message, in bytes.
const maxMessage = 256 << 10

func (s *SNS) publish(ctx context.Context, in *awssns.PublishInput) (*awssns.PublishOutput, error) {
	arn := in.TopicArn
	if arn == nil {
		arn = in.TargetArn
	}
	if arn == nil && in.PhoneNumber == nil {
		return nil, invalidParameter("TopicArn or TargetArn Reason: no value for required parameter")
	}
	if in.PhoneNumber == nil {
		if _, err := s.topic(ctx, arn); err != nil {
			return nil, err
		}
	}
	switch n := len(aws.ToString(in.Message)); {
	case n == 0:
		return nil, invalidParameter("Empty message")
	case n > maxMessage:
		return nil, invalidParameter("Message too long")
	}
	return &awssns.PublishOutput{MessageId: aws.String(newID())}, nil
}

// topic gives the topic of an ARN in the Region of the call.
func (s *SNS) topic(ctx context.Context, arn *string) (topic, error) {
	if err := checkTopicARN(aws.ToString(arn)); err != nil {
		return topic{}, err
	}
	t, ok := s.topics.Get(ctx, *arn)
	if !ok {
		return topic{}, notFound("Topic does not exist")
	}
	return t, nil
}

func checkTopicARN(arn string) error {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "sns" || parts[5] == "" {
		return invalidParameter(fmt.Sprintf("TopicArn Reason: An ARN must have at least 6 elements, not %d", len(parts)))
	}
	return nil
}

func regionOf(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 {
		return ""
	}
	return parts[3]
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
