package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// changes is what a create or update asks for; nil leaves a setting as it is,
// the empty string takes it away.
type changes struct {
	bucket, prefix, topic, key, logGroup, role      *string
	validation, global, multiRegion, ofOrganization *bool
}

func changesOfCreate(in *cloudtrail.CreateTrailInput) changes {
	c := changes{
		bucket: in.S3BucketName, prefix: in.S3KeyPrefix, topic: in.SnsTopicName, key: in.KmsKeyId,
		logGroup: in.CloudWatchLogsLogGroupArn, role: in.CloudWatchLogsRoleArn,
		validation: in.EnableLogFileValidation, global: in.IncludeGlobalServiceEvents,
		multiRegion: in.IsMultiRegionTrail, ofOrganization: in.IsOrganizationTrail,
	}
	if c.bucket == nil {
		c.bucket = aws.String("")
	}
	return c
}

func changesOfUpdate(in *cloudtrail.UpdateTrailInput) changes {
	return changes{
		bucket: in.S3BucketName, prefix: in.S3KeyPrefix, topic: in.SnsTopicName, key: in.KmsKeyId,
		logGroup: in.CloudWatchLogsLogGroupArn, role: in.CloudWatchLogsRoleArn,
		validation: in.EnableLogFileValidation, global: in.IncludeGlobalServiceEvents,
		multiRegion: in.IsMultiRegionTrail, ofOrganization: in.IsOrganizationTrail,
	}
}

// apply puts the changes into the trail, or says why CloudTrail does not take
// them.
func (b *Backend) apply(ctx context.Context, t *trail, c changes) error {
	s := &t.settings
	set(&s.bucket, c.bucket)
	set(&s.prefix, c.prefix)
	set(&s.validation, c.validation)
	set(&s.global, c.global)
	set(&s.multiRegion, c.multiRegion)
	set(&s.ofOrganization, c.ofOrganization)
	set(&s.logGroupARN, c.logGroup)
	set(&s.roleARN, c.role)
	if err := checkSettings(*s); err != nil {
		return err
	}
	if err := b.resolveKey(ctx, s, c.key); err != nil {
		return err
	}
	if err := b.resolveTopic(ctx, t, c.topic); err != nil {
		return err
	}
	if err := b.checkBucket(ctx, *t); err != nil {
		return err
	}
	return b.checkLogDelivery(ctx, *t, c)
}

func set[V any](setting *V, value *V) {
	if value != nil {
		*setting = *value
	}
}

// resolveKey turns the id of a key into its ARN, which is what trails show.
func (b *Backend) resolveKey(ctx context.Context, s *settings, id *string) error {
	if id == nil || *id == "" {
		set(&s.keyARN, id)
		return nil
	}
	if !keyID.MatchString(*id) {
		return wire.Errorf("InvalidKmsKeyIdException", "Invalid KMS key id: %s", *id)
	}
	key, exists := b.neighbours.Key(ctx, *id)
	switch {
	case !exists:
		return wire.Errorf("KmsKeyNotFoundException", "KMS key %s does not exist, or it is not in the same Region as S3 bucket %s.", *id, s.bucket)
	case !key.Enabled:
		return wire.Errorf("KmsException", "KMS key %s is disabled.", *id)
	}
	if !b.mayEncrypt(ctx, key, *s) {
		return wire.Errorf("InsufficientEncryptionPolicyException", "Insufficient permissions to access S3 bucket %s or KMS key %s.", s.bucket, key.ARN)
	}
	s.keyARN = key.ARN
	return nil
}

// resolveTopic turns a topic's name or ARN into its ARN.
func (b *Backend) resolveTopic(ctx context.Context, t *trail, id *string) error {
	if id == nil || *id == "" {
		set(&t.settings.topicARN, id)
		return nil
	}
	call := wire.CallOf(ctx)
	arn := *id
	if topicName.MatchString(arn) {
		arn = "arn:aws:sns:" + call.Region + ":" + call.Account + ":" + arn
	}
	if !topicARN.MatchString(arn) {
		return wire.Errorf("InvalidSnsTopicNameException", "SNS Topic name is not valid: %s", *id)
	}
	policy, exists := b.neighbours.TopicPolicy(ctx, arn)
	if !exists || !b.mayPublish(policy, arn, *t) {
		return wire.Errorf("InsufficientSnsTopicPolicyException", "SNS Topic does not exist or the topic policy is incorrect!")
	}
	t.settings.topicARN = arn
	return nil
}

func (b *Backend) checkBucket(ctx context.Context, t trail) error {
	policy, exists := b.neighbours.BucketPolicy(ctx, t.settings.bucket)
	if !exists {
		return wire.Errorf("S3BucketDoesNotExistException", "S3 bucket %s does not exist!", t.settings.bucket)
	}
	if !b.mayDeliver(policy, t) {
		return wire.Errorf("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: %s", t.settings.bucket)
	}
	return nil
}

// checkLogDelivery looks at the log group and the role when one of them is
// named in the request.
func (b *Backend) checkLogDelivery(ctx context.Context, t trail, c changes) error {
	group, role := t.settings.logGroupARN, t.settings.roleARN
	if c.logGroup == nil && c.role == nil || group == "" && role == "" {
		return nil
	}
	name, ok := logGroupName(group, wire.CallOf(ctx))
	if !ok {
		return wire.Errorf("InvalidCloudWatchLogsLogGroupArnException", "Invalid log group ARN: %q", group)
	}
	if !roleName.MatchString(role) {
		return wire.Errorf("InvalidCloudWatchLogsRoleArnException", "Invalid role ARN: %q", role)
	}
	if !b.neighbours.LogGroupExists(ctx, name) {
		return wire.Errorf("InvalidCloudWatchLogsLogGroupArnException", "CloudTrail cannot validate the specified log group ARN: %s", group)
	}
	known, exists := b.neighbours.Role(ctx, role)
	if !exists || !b.mayAssume(known, t.arn) || !b.mayWriteLogs(ctx, known, name) {
		return wire.Errorf("InvalidCloudWatchLogsRoleArnException", "Access denied. Verify in IAM that the role has adequate permissions.")
	}
	return nil
}
