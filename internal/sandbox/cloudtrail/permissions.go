package cloudtrail

import (
	"context"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/iampolicy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// servicePrincipal is who CloudTrail is in policies.
const servicePrincipal = "cloudtrail.amazonaws.com"

// allowed asks one policy for one action of CloudTrail on behalf of a trail.
func (b *Backend) allowed(policy *iampolicy.Policy, action, resource, trailARN string, extra map[string]string) bool {
	conditions := map[string]string{"aws:SourceArn": trailARN, "aws:SourceAccount": b.account, "aws:SecureTransport": "true"}
	for key, value := range extra {
		conditions[key] = value
	}
	return policy.Allows(iampolicy.Request{Principal: servicePrincipal, Action: action, Resource: resource, Context: conditions})
}

// mayDeliver tells whether the bucket policy lets CloudTrail look at the
// bucket's owner and write log files for the account.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
func (b *Backend) mayDeliver(policy *iampolicy.Policy, t trail) bool {
	bucket := "arn:aws:s3:::" + t.settings.bucket
	folder := bucket + "/"
	if t.settings.prefix != "" {
		folder += t.settings.prefix + "/"
	}
	return b.allowed(policy, "s3:GetBucketAcl", bucket, t.arn, nil) &&
		b.allowed(policy, "s3:PutObject", folder+"AWSLogs/"+b.account+"/CloudTrail/probe", t.arn,
			map[string]string{"s3:x-amz-acl": "bucket-owner-full-control"})
}

// mayEncrypt tells whether the key policy lets CloudTrail make data keys for
// the account's trails.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
func (b *Backend) mayEncrypt(ctx context.Context, key Key, s settings) bool {
	arn := trailARN(wire.CallOf(ctx), s.name)
	return b.allowed(key.Policy, "kms:GenerateDataKey", key.ARN, arn, map[string]string{
		"kms:EncryptionContext:aws:cloudtrail:arn": arn,
		"kms:EncryptionContextKeys":                "aws:cloudtrail:arn",
		"kms:CallerAccount":                        b.account,
	})
}

func (b *Backend) mayPublish(policy *iampolicy.Policy, topic string, t trail) bool {
	return b.allowed(policy, "sns:Publish", topic, t.arn, nil)
}

func (b *Backend) mayAssume(r Role, trailARN string) bool {
	return r.Trusts(servicePrincipal, map[string]string{"aws:SourceArn": trailARN, "aws:SourceAccount": b.account})
}

// mayWriteLogs tells whether the role's policies allow the stream that
// CloudTrail makes in the group, ACCOUNT_CloudTrail_REGION.
func (b *Backend) mayWriteLogs(ctx context.Context, r Role, group string) bool {
	call := wire.CallOf(ctx)
	stream := "arn:aws:logs:" + call.Region + ":" + call.Account + ":log-group:" + group +
		":log-stream:" + call.Account + "_CloudTrail_" + call.Region
	return r.Allows("logs:CreateLogStream", stream, nil) && r.Allows("logs:PutLogEvents", stream, nil)
}

// logGroupName takes the name out of a log group's ARN, which must be of the
// call's Region and account. The ARN ends in ":*" or not.
func logGroupName(arn string, call wire.Call) (string, bool) {
	rest, ok := strings.CutPrefix(arn, "arn:aws:logs:"+call.Region+":"+call.Account+":log-group:")
	rest = strings.TrimSuffix(rest, ":*")
	return rest, ok && rest != "" && !strings.ContainsAny(rest, ":*")
}
