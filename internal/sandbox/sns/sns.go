// Package sns is Amazon SNS: topics with their policies, subscriptions with
// their confirmation, tags. Publish takes messages and delivers none.
package sns

import (
	"context"
	"sort"
	"sync"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// SNS holds the topics and subscriptions of all Regions.
type SNS struct {
	mu            sync.Mutex // held by calls that read and then write
	topics        store.Table[topic]
	subscriptions store.Table[subscription]
}

// New makes an SNS without topics.
func New() *SNS { return &SNS{} }

// Service describes the API.
func (s *SNS) Service() *wire.Service {
	return &wire.Service{
		SigningName:  "sns",
		EventSource:  "sns.amazonaws.com",
		Version:      "2010-03-31",
		XMLNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		Query:        wire.Query{},
		Resources:    map[string]string{"TopicArn": "AWS::SNS::Topic"},
		Operations: wire.Operations(
			wire.Op("CreateTopic", s.createTopic),
			wire.Op("DeleteTopic", s.deleteTopic),
			wire.Op("GetTopicAttributes", s.getTopicAttributes),
			wire.Op("SetTopicAttributes", s.setTopicAttributes),
			wire.Op("ListTopics", s.listTopics),
			wire.Op("Publish", s.publish),
			wire.Op("Subscribe", s.subscribe),
			wire.Op("ConfirmSubscription", s.confirmSubscription),
			wire.Op("Unsubscribe", s.unsubscribe),
			wire.Op("GetSubscriptionAttributes", s.getSubscriptionAttributes),
			wire.Op("SetSubscriptionAttributes", s.setSubscriptionAttributes),
			wire.Op("ListSubscriptions", s.listSubscriptions),
			wire.Op("ListSubscriptionsByTopic", s.listSubscriptionsByTopic),
			wire.Op("TagResource", s.tagResource),
			wire.Op("UntagResource", s.untagResource),
			wire.Op("ListTagsForResource", s.listTagsForResource),
		),
	}
}

// Topic is what other services may know of a topic.
type Topic struct {
	ARN    string
	Policy *iampolicy.Policy
	// KMSKey is the id, ARN or alias of the key that encrypts its messages; empty where none does.
	KMSKey string
}

// Topic gives the topic of an ARN, whatever the Region of the call.
func (s *SNS) Topic(ctx context.Context, arn string) (Topic, bool) {
	t, ok := s.topics.GetIn(ctx, regionOf(arn), arn)
	if !ok {
		return Topic{}, false
	}
	policy, err := iampolicy.Parse([]byte(t.policy()))
	if err != nil {
		return Topic{}, false // policies are parsed before they are kept
	}
	return Topic{ARN: t.arn, Policy: policy, KMSKey: t.attributes["KmsMasterKeyId"]}, true
}

// Resources lists the ARNs of what exists.
func (s *SNS) Resources(ctx context.Context) []string {
	var arns []string
	for _, t := range s.topics.All(ctx) {
		arns = append(arns, t.arn)
	}
	for _, sub := range s.subscriptions.All(ctx) {
		arns = append(arns, sub.arn)
	}
	sort.Strings(arns)
	return arns
}

func invalidParameter(reason string) *wire.Error {
	return wire.Errorf("InvalidParameter", "Invalid parameter: %s", reason)
}

func notFound(message string) *wire.Error {
	return &wire.Error{Code: "NotFound", Message: message, Status: 404}
}
