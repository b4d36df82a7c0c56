package config

import (
	"context"
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
// ACL and to write a file. It does so as the recorder's role, which its own
// policies or the bucket's may allow, and else as the service.
//
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func (b *Backend) mayWrite(ctx context.Context, bucketPolicy string, c types.DeliveryChannel, role string) bool {
	account := wire.CallOf(ctx).Account
	bucket := "arn:aws:s3:::" + *c.S3BucketName
	folder := bucket + "/"
	if prefix := aws.ToString(c.S3KeyPrefix); prefix != "" {
		folder += prefix + "/"
	}
	acl := map[string]string{"aws:SourceAccount": account, "aws:SecureTransport": "true"}
	put := map[string]string{"aws:SourceAccount": account, "aws:SecureTransport": "true", "s3:x-amz-acl": "bucket-owner-full-control"}
	wanted := []iampolicy.Request{
		{Action: "s3:GetBucketAcl", Resource: bucket, Context: acl},
		{Action: "s3:PutObject", Resource: folder + "AWSLogs/" + account + "/Config/ConfigWritabilityCheckFile", Context: put},
	}
	_, rolePolicies, _ := b.neighbours.RolePolicies(ctx, role)
	asRole := !serviceLinked(role) && b.mayAssume(ctx, role)
	return asRole && allowAll(wanted, role, append(rolePolicies, bucketPolicy)) ||
		allowAll(wanted, servicePrincipal, []string{bucketPolicy})
}

// allowAll tells whether the policies together allow all requests of a
// principal: for each, one allows and none denies.
func allowAll(requests []iampolicy.Request, principal string, documents []string) bool {
	for _, request := range requests {
		request.Principal = principal
		decision := iampolicy.ImplicitDeny
		for _, document := range documents {
			if policy, err := iampolicy.Parse([]byte(document)); err == nil {
				decision = max(decision, policy.Decide(request))
			}
		}
		if decision != iampolicy.Allow {
			return false
		}
	}
	return true
}
