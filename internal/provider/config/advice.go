package config

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
)

// is tells whether an error is of the SDK type E.
func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// adviceFor gives one piece of advice on an error.
func adviceFor(err error, m recorderModel, want settings, who awscfg.Identity) string {
	var exists *existsError
	switch {
	case errors.As(err, &exists):
		return importAdvice(exists.name)
	case is[*awstypes.MaxNumberOfConfigurationRecordersExceededException](err):
		return "AWS allows one customer-managed recorder in each Region of an account. `aws configservice describe-configuration-recorders` shows its name; import that one: terraform import vigil_config_recorder.NAME THAT_NAME."
	case is[*awstypes.MaxNumberOfDeliveryChannelsExceededException](err):
		return "AWS allows one delivery channel in each Region of an account, and there is one of another name (`aws configservice describe-delivery-channels`). Use its name in delivery_channel, or delete it first."
	case is[*awstypes.InsufficientDeliveryPolicyException](err):
		return bucketAdvice(want, who)
	case is[*awstypes.NoSuchBucketException](err):
		return fmt.Sprintf("Create the bucket %q first; in Terraform, refer to its resource in s3_bucket_name, and name its policy in depends_on.", aws.ToString(want.channel.S3BucketName))
	case is[*awstypes.InvalidRoleException](err):
		return fmt.Sprintf("The role %s must exist and trust config.amazonaws.com. The service-linked one is made by: aws iam create-service-linked-role --aws-service-name config.amazonaws.com", m.RoleARN.ValueString())
	}
	return ""
}

func importAdvice(name string) string {
	return fmt.Sprintf("To manage the one that exists, import it:\n\n  terraform import vigil_config_recorder.NAME '%[1]s'\n\nor, in the configuration:\n\n  import {\n    to = vigil_config_recorder.NAME\n    id = %[1]q\n  }", name)
}

// bucketAdvice shows the statements that the bucket's policy must have.
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func bucketAdvice(want settings, who awscfg.Identity) string {
	partition, account := "aws", "ACCOUNT"
	if who.Partition != "" {
		partition = who.Partition
	}
	if who.Account != "" {
		account = who.Account
	}
	bucket := "arn:" + partition + ":s3:::" + aws.ToString(want.channel.S3BucketName)
	folder := bucket
	if prefix := aws.ToString(want.channel.S3KeyPrefix); prefix != "" {
		folder += "/" + prefix
	}
	return fmt.Sprintf(`The bucket's policy must have these statements, and in Terraform the recorder must wait for it (depends_on):

  {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
   "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": %[1]q,
   "Condition": {"StringEquals": {"aws:SourceAccount": %[3]q}}},
  {"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
   "Action": "s3:PutObject", "Resource": %[2]q,
   "Condition": {"StringEquals": {"aws:SourceAccount": %[3]q, "s3:x-amz-acl": "bucket-owner-full-control"}}}

The service-linked role must exist (aws iam create-service-linked-role --aws-service-name config.amazonaws.com); another role needs these permissions in its own policy.`,
		bucket, folder+"/AWSLogs/"+account+"/Config/*", account)
}
