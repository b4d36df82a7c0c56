package sns_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const (
	topicARN = "arn:aws:sns:eu-central-1:111122223333:alarms"
	policy   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"` + topicARN + `"}]}`
)

func start(t *testing.T) (*awssns.Client, *sandbox.Server) {
	server := sandbox.Start(t)
	return awssns.New(awssns.Options{
		BaseEndpoint: aws.String(server.URL()), Region: "eu-central-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}), server
}

// same compares SDK values without the client's own metadata.
func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreTypes(middleware.Metadata{}), cmpopts.IgnoreUnexported(
		awssns.CreateTopicOutput{}, awssns.ListTopicsOutput{}, awssns.ListTagsForResourceOutput{}, awssns.ListSubscriptionsByTopicOutput{},
		types.Topic{}, types.Tag{}, types.Subscription{}))
}

func create(t *testing.T, client *awssns.Client, name string) {
	t.Helper()
	if _, err := client.CreateTopic(t.Context(), &awssns.CreateTopicInput{Name: &name}); err != nil {
		t.Fatal(err)
	}
}

func TestTopicLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	input := &awssns.CreateTopicInput{
		Name:       aws.String("alarms"),
		Attributes: map[string]string{"DisplayName": "Alarms & <more>", "KmsMasterKeyId": "alias/aws/sns"},
		Tags:       []types.Tag{{Key: aws.String("team"), Value: aws.String("audit")}},
	}
	for range 2 { // creating it again changes nothing
		out, err := client.CreateTopic(ctx, input)
		if err != nil {
			t.Fatal(err)
		}
		if *out.TopicArn != topicARN {
			t.Fatalf("ARN %s, want %s", *out.TopicArn, topicARN)
		}
	}
	if _, err := client.SetTopicAttributes(ctx, &awssns.SetTopicAttributesInput{TopicArn: aws.String(topicARN), AttributeName: aws.String("Policy"), AttributeValue: aws.String(policy)}); err != nil {
		t.Fatal(err)
	}
	attributes, err := client.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: aws.String(topicARN)})
	if err != nil {
		t.Fatal(err)
	}
	delete(attributes.Attributes, "EffectiveDeliveryPolicy")
	if diff := cmp.Diff(map[string]string{
		"TopicArn": topicARN, "Owner": "111122223333", "DisplayName": "Alarms & <more>", "KmsMasterKeyId": "alias/aws/sns", "Policy": policy,
		"SubscriptionsConfirmed": "0", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
	}, attributes.Attributes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{topicARN}, server.Resources()); diff != "" {
		t.Error(diff)
	}
	for range 2 { // deleting it again is fine
		if _, err := client.DeleteTopic(ctx, &awssns.DeleteTopicInput{TopicArn: aws.String(topicARN)}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := client.ListTopics(ctx, &awssns.ListTopicsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(&awssns.ListTopicsOutput{Topics: []types.Topic{}}, list); diff != "" {
		t.Error(diff)
	}
}

func TestListTopicsInPages(t *testing.T) {
	client, _ := start(t)
	var want, got []string
	for i := range 150 {
		name := fmt.Sprintf("topic-%03d", i)
		create(t, client, name)
		want = append(want, "arn:aws:sns:eu-central-1:111122223333:"+name)
	}
	pages := 0
	for paginator := awssns.NewListTopicsPaginator(client, &awssns.ListTopicsInput{}); paginator.HasMorePages(); pages++ {
		out, err := paginator.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, topic := range out.Topics {
			got = append(got, *topic.TopicArn)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 2 {
		t.Errorf("%d pages, want 2 (-want +got):\n%s", pages, diff)
	}
}

func TestTags(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	create(t, client, "alarms")
	arn := aws.String(topicARN)
	if _, err := client.TagResource(ctx, &awssns.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{
		{Key: aws.String("b"), Value: aws.String("2")}, {Key: aws.String("a"), Value: aws.String("")}, {Key: aws.String("c"), Value: aws.String("3")},
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagResource(ctx, &awssns.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"c", "absent"}}); err != nil {
		t.Fatal(err)
	}
	out, err := client.ListTagsForResource(ctx, &awssns.ListTagsForResourceInput{ResourceArn: arn})
	if err != nil {
		t.Fatal(err)
	}
	want := &awssns.ListTagsForResourceOutput{Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("")}, {Key: aws.String("b"), Value: aws.String("2")}}}
	if diff := same(want, out); diff != "" {
		t.Error(diff)
	}
}

func TestSubscriptions(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	create(t, client, "alarms")
	pending, err := client.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: aws.String(topicARN), Protocol: aws.String("email"), Endpoint: aws.String("audit@example.com")})
	if err != nil {
		t.Fatal(err)
	}
	if *pending.SubscriptionArn != "pending confirmation" {
		t.Errorf("ARN %q of a subscription that nobody confirmed", *pending.SubscriptionArn)
	}
	queue, err := client.Subscribe(ctx, &awssns.SubscribeInput{
		TopicArn: aws.String(topicARN), Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:eu-central-1:111122223333:q"),
		Attributes: map[string]string{"RawMessageDelivery": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := client.GetSubscriptionAttributes(ctx, &awssns.GetSubscriptionAttributesInput{SubscriptionArn: queue.SubscriptionArn})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{
		"SubscriptionArn": *queue.SubscriptionArn, "TopicArn": topicARN, "Owner": "111122223333", "Protocol": "sqs",
		"Endpoint": "arn:aws:sqs:eu-central-1:111122223333:q", "RawMessageDelivery": "true", "PendingConfirmation": "false",
		"ConfirmationWasAuthenticated": "true", "SubscriptionPrincipal": "arn:aws:iam::111122223333:root",
	}, attributes.Attributes); diff != "" {
		t.Error(diff)
	}
	if _, err := client.Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: queue.SubscriptionArn}); err != nil {
		t.Fatal(err)
	}
	list, err := client.ListSubscriptionsByTopic(ctx, &awssns.ListSubscriptionsByTopicInput{TopicArn: aws.String(topicARN)})
	if err != nil {
		t.Fatal(err)
	}
	want := &awssns.ListSubscriptionsByTopicOutput{Subscriptions: []types.Subscription{{
		SubscriptionArn: aws.String("PendingConfirmation"), TopicArn: aws.String(topicARN), Owner: aws.String("111122223333"),
		Protocol: aws.String("email"), Endpoint: aws.String("audit@example.com"),
	}}}
	if diff := same(want, list); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name, want string
		call       func(context.Context, *awssns.Client) error
	}{
		{"topic name", "InvalidParameter: Invalid parameter: Topic Name", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.CreateTopic(ctx, &awssns.CreateTopicInput{Name: aws.String("a b")})
			return err
		}},
		{"other attributes", "InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with different attributes", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.CreateTopic(ctx, &awssns.CreateTopicInput{Name: aws.String("alarms"), Attributes: map[string]string{"DisplayName": "x"}})
			return err
		}},
		{"no topic", "NotFound: Topic does not exist", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: aws.String(topicARN + "x")})
			return err
		}},
		{"topic of another Region", "NotFound: Topic does not exist", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: aws.String("arn:aws:sns:eu-west-1:111122223333:alarms")})
			return err
		}},
		{"no topic to tag", "ResourceNotFound: Resource does not exist", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.TagResource(ctx, &awssns.TagResourceInput{ResourceArn: aws.String(topicARN + "x"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
			return err
		}},
		{"policy", "InvalidParameter: Invalid parameter: Policy Error: Missing required field Statement", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.SetTopicAttributes(ctx, &awssns.SetTopicAttributesInput{TopicArn: aws.String(topicARN), AttributeName: aws.String("Policy"), AttributeValue: aws.String("{}")})
			return err
		}},
		{"attribute", "InvalidParameter: Invalid parameter: AttributeName", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.SetTopicAttributes(ctx, &awssns.SetTopicAttributesInput{TopicArn: aws.String(topicARN), AttributeName: aws.String("Colour"), AttributeValue: aws.String("red")})
			return err
		}},
		{"protocol", "InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: pigeon", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: aws.String(topicARN), Protocol: aws.String("pigeon"), Endpoint: aws.String("x")})
			return err
		}},
		{"token", "InvalidParameter: Invalid parameter: Token", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.ConfirmSubscription(ctx, &awssns.ConfirmSubscriptionInput{TopicArn: aws.String(topicARN), Token: aws.String("x")})
			return err
		}},
		{"message", "InvalidParameter: Invalid parameter: Empty message", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.Publish(ctx, &awssns.PublishInput{TopicArn: aws.String(topicARN), Message: aws.String("")})
			return err
		}},
		{"unknown action", "InvalidAction: Could not find operation ListPhoneNumbersOptedOut for version 2010-03-31", func(ctx context.Context, c *awssns.Client) error {
			_, err := c.ListPhoneNumbersOptedOut(ctx, &awssns.ListPhoneNumbersOptedOutInput{})
			return err
		}},
	}
	client, _ := start(t)
	create(t, client, "alarms")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var api smithy.APIError
			if err := test.call(t.Context(), client); !errors.As(err, &api) {
				t.Fatalf("got %v, want an API error", err)
			}
			if got := api.ErrorCode() + ": " + api.ErrorMessage(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
