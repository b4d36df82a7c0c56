package sandbox

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/logs"
)

// neighbours answers what the services ask about each other. A service that is
// not there (nil) holds nothing.
type neighbours struct {
	logs    *logs.Backend
	buckets interface {
		// BucketPolicy gives the policy of a bucket ("" without one) and whether the bucket exists.
		BucketPolicy(ctx context.Context, bucket string) (policy string, exists bool)
	}
	topics interface {
		// TopicPolicy gives the policy of a topic and whether the topic exists.
		TopicPolicy(ctx context.Context, arn string) (policy string, exists bool)
	}
	keys interface {
		// Key gives the key of an id, ARN or alias (ARN or name).
		Key(ctx context.Context, id string) (arn, policy string, enabled, exists bool)
	}
	roles interface {
		// RolePolicies gives a role's trust policy and its other policies, inline and attached.
		RolePolicies(ctx context.Context, arn string) (trust string, policies []string, exists bool)
	}
}

func (n *neighbours) BucketPolicy(ctx context.Context, bucket string) (string, bool) {
	if n.buckets == nil {
		return "", false
	}
	return n.buckets.BucketPolicy(ctx, bucket)
}

func (n *neighbours) TopicPolicy(ctx context.Context, arn string) (string, bool) {
	if n.topics == nil {
		return "", false
	}
	return n.topics.TopicPolicy(ctx, arn)
}

func (n *neighbours) LogGroupExists(ctx context.Context, name string) bool {
	return n.logs.LogGroupExists(ctx, name)
}

func (n *neighbours) RolePolicies(ctx context.Context, arn string) (string, []string, bool) {
	if n.roles == nil {
		return "", nil, false
	}
	return n.roles.RolePolicies(ctx, arn)
}

func (n *neighbours) Role(ctx context.Context, arn string) (cloudtrail.Role, bool) {
	trust, policies, exists := n.RolePolicies(ctx, arn)
	return cloudtrail.Role{Trust: trust, Policies: policies}, exists
}

func (n *neighbours) Key(ctx context.Context, id string) (cloudtrail.Key, bool) {
	if n.keys == nil {
		return cloudtrail.Key{}, false
	}
	arn, policy, enabled, exists := n.keys.Key(ctx, id)
	return cloudtrail.Key{ARN: arn, Enabled: enabled, Policy: policy}, exists
}

func (n *neighbours) KeyPolicy(ctx context.Context, arn string) (policy string, enabled, exists bool) {
	key, exists := n.Key(ctx, arn)
	return key.Policy, key.Enabled, exists
}
