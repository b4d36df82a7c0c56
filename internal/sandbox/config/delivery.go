package config

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// servicePrincipal is who Config is in policies.
const servicePrincipal = "config.amazonaws.com"

// checkDelivery looks at the bucket, the topic and the key of a channel.
func (b *Backend) checkDelivery(ctx context.Context, c types.DeliveryChannel, role string) error {
	policy, exists := b.neighbours.BucketPolicy(ctx, *c.S3BucketName)
	if !exists {
		return wire.Errorf("NoSuchBucketException", "Cannot find a S3 bucket with the name '%s'.", *c.S3BucketName)
	}
	if c.SnsTopicARN != nil && strings.Contains(*c.SnsTopicARN, ":"+wire.CallOf(ctx).Account+":") {
		if _, exists := b.neighbours.TopicPolicy(ctx, *c.SnsTopicARN); !exists {
			return wire.Errorf("InvalidSNSTopicARNException", "The sns topic arn '%s' is not valid.", *c.SnsTopicARN)
		}
	}
	if c.S3KmsKeyArn != nil {
		if _, enabled, exists := b.neighbours.KeyPolicy(ctx, *c.S3KmsKeyArn); !exists || !enabled {
			return wire.Errorf("InvalidS3KmsKeyArnException", "The kms key '%s' does not exist or is disabled.", *c.S3KmsKeyArn)
		}
	}
	if !b.mayWrite(ctx, policy, c, role) {
		return wire.Errorf("InsufficientDeliveryPolicyException", "Insufficient delivery policy to s3 bucket: %s, unable to write to bucket, provided s3 key prefix is '%s', provided kms key is '%s'.",
			*c.S3BucketName, orNull(c.S3KeyPrefix), orNull(c.S3KmsKeyArn))
	}
	return nil
}

func orNull(text *string) string {
	if text == nil {
		return "null"
	}
	return *text
}

// mayWrite tries what Config tries when a channel is put: to see the bucket's
// ACL and to write a file. It does so as the recorder's role and, where that
// may not, as the service.
//
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func (b *Backend) mayWrite(ctx context.Context, bucket *iampolicy.Policy, c types.DeliveryChannel, role string) bool {
	wanted := writes(wire.CallOf(ctx).Account, c)
	asService := !slices.ContainsFunc(wanted, func(r iampolicy.Request) bool { return !bucket.Allows(r) })
	assumed, ok := b.assumed(ctx, role)
	if asService || !ok {
		return asService
	}
	for _, r := range wanted {
		r.Principal = role
		if !assumed.Allows(r.Action, r.Resource, r.Context) || bucket.Decide(r) == iampolicy.ExplicitDeny {
			return false
		}
	}
	return true
}

// writes gives the requests of a delivery, by the service.
func writes(account string, c types.DeliveryChannel) []iampolicy.Request {
	bucket := "arn:aws:s3:::" + *c.S3BucketName
	folder := bucket + "/"
	if prefix := aws.ToString(c.S3KeyPrefix); prefix != "" {
		folder += prefix + "/"
	}
	look := map[string]string{"aws:SourceAccount": account, "aws:SecureTransport": "true"}
	put := maps.Clone(look)
	put["s3:x-amz-acl"] = "bucket-owner-full-control"
	return []iampolicy.Request{
		{Principal: servicePrincipal, Action: "s3:GetBucketAcl", Resource: bucket, Context: look},
		{Principal: servicePrincipal, Action: "s3:PutObject", Resource: folder + "AWSLogs/" + account + "/Config/ConfigWritabilityCheckFile", Context: put},
	}
}
