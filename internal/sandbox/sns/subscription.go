package sns

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/page"
)

type subscription struct {
	arn, topic, account, protocol, endpoint string
	// token is what the endpoint must send back; empty once it has, or where none is needed.
	token         string
	authenticated bool
	attributes    map[string]string
}

// listed is the ARN as the lists show it.
func (s subscription) listed() string {
	if s.token != "" {
		return "PendingConfirmation"
	}
	return s.arn
}

func (s *SNS) subscribe(ctx context.Context, in *awssns.SubscribeInput) (*awssns.SubscribeOutput, error) {
	protocol, endpoint := aws.ToString(in.Protocol), aws.ToString(in.Endpoint)
	if err := checkEndpoint(protocol, endpoint); err != nil {
		return nil, err
	}
	for name, value := range in.Attributes {
		if err := checkSubscriptionAttribute(name, value); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	sub, found := s.findSubscription(ctx, t.arn, protocol, endpoint)
	switch {
	case !found:
		sub = newSubscription(t, protocol, endpoint, in.Attributes)
		s.subscriptions.Put(ctx, sub.arn, sub)
	case !maps.Equal(sub.attributes, in.Attributes) && len(in.Attributes) > 0:
		return nil, invalidParameter("Attributes Reason: Subscription already exists with different attributes")
	}
	if sub.token != "" && !in.ReturnSubscriptionArn {
		return &awssns.SubscribeOutput{SubscriptionArn: aws.String("pending confirmation")}, nil
	}
	return &awssns.SubscribeOutput{SubscriptionArn: &sub.arn}, nil
}

func newSubscription(t topic, protocol, endpoint string, attributes map[string]string) subscription {
	sub := subscription{
		arn: t.arn + ":" + newID(), topic: t.arn, account: t.account,
		protocol: protocol, endpoint: endpoint, attributes: maps.Clone(attributes),
	}
	switch protocol {
	case "http", "https", "email", "email-json":
		sub.token = newToken()
	default:
		sub.authenticated = true // within AWS nobody has to confirm
	}
	return sub
}

func checkEndpoint(protocol, endpoint string) error {
	var ok bool
	switch protocol {
	case "http", "https":
		ok = strings.HasPrefix(endpoint, protocol+"://")
	case "email", "email-json":
		ok = strings.Contains(endpoint, "@")
	case "sqs", "lambda", "firehose", "application":
		ok = strings.HasPrefix(endpoint, "arn:") && len(strings.Split(endpoint, ":")) >= 6
	case "sms":
		ok = len(strings.TrimLeft(endpoint, "+0123456789 -")) == 0 && endpoint != ""
	default:
		return invalidParameter("Amazon SNS does not support this protocol string: " + protocol)
	}
	if !ok {
		return invalidParameter(fmt.Sprintf("%s endpoint Reason: %q is not valid for the protocol", strings.ToUpper(protocol), endpoint))
	}
	return nil
}

func checkSubscriptionAttribute(name, value string) error {
	switch name {
	case "RawMessageDelivery":
		return oneOf(name, value, "true", "false")
	case "FilterPolicyScope":
		return oneOf(name, value, "MessageAttributes", "MessageBody")
	case "FilterPolicy", "DeliveryPolicy", "RedrivePolicy", "ReplayPolicy":
		return checkJSON(name, value)
	case "SubscriptionRoleArn":
		return nil
	}
	return invalidParameter("AttributeName")
}

// PendingTokens gives, by endpoint, the tokens that subscriptions of a topic
// wait for. On AWS they travel in a message to the endpoint.
func (s *SNS) PendingTokens(ctx context.Context, topicARN string) map[string]string {
	tokens := map[string]string{}
	for _, sub := range s.subscriptions.ListIn(ctx, regionOf(topicARN)) {
		if sub.topic == topicARN && sub.token != "" {
			tokens[sub.endpoint] = sub.token
		}
	}
	return tokens
}

func (s *SNS) confirmSubscription(ctx context.Context, in *awssns.ConfirmSubscriptionInput) (*awssns.ConfirmSubscriptionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	token := aws.ToString(in.Token)
	for _, sub := range s.subscriptionsOf(ctx, t.arn) {
		if token == "" || sub.token != token {
			continue
		}
		sub.token = ""
		sub.authenticated = aws.ToString(in.AuthenticateOnUnsubscribe) == "true"
		s.subscriptions.Put(ctx, sub.arn, sub)
		return &awssns.ConfirmSubscriptionOutput{SubscriptionArn: &sub.arn}, nil
	}
	return nil, invalidParameter("Token")
}

// unsubscribe succeeds also where there is no such subscription.
func (s *SNS) unsubscribe(ctx context.Context, in *awssns.UnsubscribeInput) (*awssns.UnsubscribeOutput, error) {
	arn := aws.ToString(in.SubscriptionArn)
	if err := checkSubscriptionARN(arn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub, ok := s.subscriptions.Get(ctx, arn); ok {
		if sub.token != "" {
			return nil, invalidParameter("SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation")
		}
		s.subscriptions.Delete(ctx, arn)
	}
	return &awssns.UnsubscribeOutput{}, nil
}

func checkSubscriptionARN(arn string) error {
	if parts := strings.Split(arn, ":"); len(parts) != 7 || parts[2] != "sns" {
		return invalidParameter(fmt.Sprintf("SubscriptionArn Reason: An ARN must have at least 6 elements, not %d", len(parts)))
	}
	return nil
}

func (s *SNS) getSubscriptionAttributes(ctx context.Context, in *awssns.GetSubscriptionAttributesInput) (*awssns.GetSubscriptionAttributesOutput, error) {
	sub, err := s.subscription(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	attributes := map[string]string{
		"SubscriptionArn":              sub.arn,
		"TopicArn":                     sub.topic,
		"Owner":                        sub.account,
		"Protocol":                     sub.protocol,
		"Endpoint":                     sub.endpoint,
		"PendingConfirmation":          strconv.FormatBool(sub.token != ""),
		"ConfirmationWasAuthenticated": strconv.FormatBool(sub.authenticated),
		"RawMessageDelivery":           "false",
		"SubscriptionPrincipal":        "arn:aws:iam::" + sub.account + ":root",
	}
	if sub.attributes["FilterPolicy"] != "" {
		attributes["FilterPolicyScope"] = "MessageAttributes"
	}
	maps.Copy(attributes, sub.attributes)
	return &awssns.GetSubscriptionAttributesOutput{Attributes: attributes}, nil
}

func (s *SNS) setSubscriptionAttributes(ctx context.Context, in *awssns.SetSubscriptionAttributesInput) (*awssns.SetSubscriptionAttributesOutput, error) {
	name, value := aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)
	if err := checkSubscriptionAttribute(name, value); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	sub.attributes = withAttribute(sub.attributes, name, value)
	s.subscriptions.Put(ctx, sub.arn, sub)
	return &awssns.SetSubscriptionAttributesOutput{}, nil
}

func (s *SNS) listSubscriptions(ctx context.Context, in *awssns.ListSubscriptionsInput) (*awssns.ListSubscriptionsOutput, error) {
	list, next, err := listed(s.subscriptions.List(ctx), in.NextToken)
	if err != nil {
		return nil, err
	}
	return &awssns.ListSubscriptionsOutput{Subscriptions: list, NextToken: next}, nil
}

func (s *SNS) listSubscriptionsByTopic(ctx context.Context, in *awssns.ListSubscriptionsByTopicInput) (*awssns.ListSubscriptionsByTopicOutput, error) {
	t, err := s.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	list, next, err := listed(s.subscriptionsOf(ctx, t.arn), in.NextToken)
	if err != nil {
		return nil, err
	}
	return &awssns.ListSubscriptionsByTopicOutput{Subscriptions: list, NextToken: next}, nil
}

func listed(all []subscription, token *string) ([]types.Subscription, *string, error) {
	subs, next, err := page.Of(all, aws.ToString(token), pageSize)
	if err != nil {
		return nil, nil, invalidParameter("NextToken")
	}
	list := []types.Subscription{}
	for _, sub := range subs {
		list = append(list, types.Subscription{
			SubscriptionArn: aws.String(sub.listed()), TopicArn: aws.String(sub.topic), Owner: aws.String(sub.account),
			Protocol: aws.String(sub.protocol), Endpoint: aws.String(sub.endpoint),
		})
	}
	return list, optional(next), nil
}

func (s *SNS) subscription(ctx context.Context, arn *string) (subscription, error) {
	if err := checkSubscriptionARN(aws.ToString(arn)); err != nil {
		return subscription{}, err
	}
	sub, ok := s.subscriptions.Get(ctx, *arn)
	if !ok {
		return subscription{}, notFound("Subscription does not exist")
	}
	return sub, nil
}

func (s *SNS) subscriptionsOf(ctx context.Context, topic string) []subscription {
	var subs []subscription
	for _, sub := range s.subscriptions.ListIn(ctx, regionOf(topic)) {
		if sub.topic == topic {
			subs = append(subs, sub)
		}
	}
	return subs
}

func (s *SNS) findSubscription(ctx context.Context, topic, protocol, endpoint string) (subscription, bool) {
	for _, sub := range s.subscriptionsOf(ctx, topic) {
		if sub.protocol == protocol && sub.endpoint == endpoint {
			return sub, true
		}
	}
	return subscription{}, false
}

// newID makes a random UUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func newToken() string {
	var b [64]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x", b)
}
