package sandbox

import (
	"context"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/config"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iam"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/kms"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/logs"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/s3"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/sns"
)

// neighbours answers what the services ask about each other.
type neighbours struct {
	logs    *logs.Backend
	roles   *iam.IAM
	topics  *sns.SNS
	keys    *kms.KMS
	buckets *s3.S3
}

func (n *neighbours) BucketPolicy(ctx context.Context, bucket string) (*iampolicy.Policy, bool) {
	return n.buckets.Policy(ctx, bucket)
}

func (n *neighbours) TopicPolicy(ctx context.Context, arn string) (*iampolicy.Policy, bool) {
	topic, exists := n.topics.Topic(ctx, arn)
	return topic.Policy, exists
}

func (n *neighbours) LogGroupExists(ctx context.Context, name string) bool {
	return n.logs.LogGroupExists(ctx, name)
}

func (n *neighbours) Role(ctx context.Context, arn string) (cloudtrail.Role, bool) {
	return n.roles.Role(ctx, arn)
}

func (n *neighbours) RecorderRole(ctx context.Context, arn string) (config.Role, bool) {
	return n.roles.Role(ctx, arn)
}

func (n *neighbours) Key(ctx context.Context, id string) (cloudtrail.Key, bool) {
	arn, policy, enabled, exists := n.keys.Key(ctx, id)
	return cloudtrail.Key{ARN: arn, Enabled: enabled, Policy: policy}, exists
}

func (n *neighbours) KeyPolicy(ctx context.Context, arn string) (policy *iampolicy.Policy, enabled, exists bool) {
	key, exists := n.Key(ctx, arn)
	return key.Policy, key.Enabled, exists
}

func (n *neighbours) BucketExists(ctx context.Context, bucket string) bool {
	_, exists := n.buckets.Policy(ctx, bucket)
	return exists
}
