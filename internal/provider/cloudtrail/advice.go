package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// is tells whether an error is of the SDK type E.
func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// isPropagating tells whether an error may pass by itself, because a policy or
// role was made moments ago. For role and log group only AWS's text tells a
// missing permission from a malformed ARN: both have the same type.
func isPropagating(err error) bool {
	var role *awstypes.InvalidCloudWatchLogsRoleArnException
	var group *awstypes.InvalidCloudWatchLogsLogGroupArnException
	switch {
	case errors.As(err, &role):
		return strings.Contains(role.ErrorMessage(), "Access denied")
	case errors.As(err, &group):
		return strings.Contains(group.ErrorMessage(), "Access denied")
	}
	return is[*awstypes.InsufficientS3BucketPolicyException](err) ||
		is[*awstypes.InsufficientEncryptionPolicyException](err) ||
		is[*awstypes.InsufficientSnsTopicPolicyException](err)
}

// problem says what went wrong with a trail, with advice where we know it.
func (r *trailResource) problem(ctx context.Context, verb string, m trailModel, err error) diag.Diagnostic {
	id := m.ARN.ValueString()
	if id == "" {
		id = r.futureARN(ctx, m)
	}
	return fwk.Problem(fmt.Sprintf("%s CloudTrail trail %q", verb, m.Name.ValueString()), err, adviceFor(err, m, id))
}

// futureARN is the ARN that a trail will have.
func (r *trailResource) futureARN(ctx context.Context, m trailModel) string {
	identity, err := r.Provider().Session.Identity(ctx)
	if err != nil || identity.Account == "" {
		identity.Account = "ACCOUNT"
	}
	if identity.Partition == "" {
		identity.Partition = "aws"
	}
	return arn.ARN{Partition: identity.Partition, Service: "cloudtrail", Region: m.Region.ValueString(),
		AccountID: identity.Account, Resource: "trail/" + m.Name.ValueString()}.String()
}

// adviceFor gives one piece of advice on an error about the trail with this ARN.
func adviceFor(err error, m trailModel, id string) string {
	switch {
	case is[*awstypes.InsufficientS3BucketPolicyException](err):
		return bucketAdvice(m, id)
	case is[*awstypes.InsufficientEncryptionPolicyException](err):
		return fmt.Sprintf("The policy of the KMS key must let cloudtrail.amazonaws.com call kms:GenerateDataKey* and kms:DescribeKey, with aws:SourceArn = %q where it restricts the source, and the bucket must be in the key's Region.", id)
	case is[*awstypes.InsufficientSnsTopicPolicyException](err):
		return fmt.Sprintf("The topic must exist, and its policy must let cloudtrail.amazonaws.com call sns:Publish, with aws:SourceArn = %q where it restricts the source.", id)
	case is[*awstypes.InvalidCloudWatchLogsRoleArnException](err), is[*awstypes.InvalidCloudWatchLogsLogGroupArnException](err):
		return "The log group must exist in the trail's Region, and the role must trust cloudtrail.amazonaws.com and allow logs:CreateLogStream and logs:PutLogEvents on the group's streams (LOG_GROUP_ARN:log-stream:ACCOUNT_CloudTrail_REGION*)."
	case is[*awstypes.S3BucketDoesNotExistException](err):
		return fmt.Sprintf("Create the bucket %q first; in Terraform, refer to its resource in s3_bucket_name, and name its policy in depends_on.", m.S3BucketName.ValueString())
	case is[*awstypes.MaximumNumberOfTrailsExceededException](err):
		return "The quota is five trails per Region, and AWS does not raise it. Multi-Region and organization trails of other Regions count in this one too. `aws cloudtrail describe-trails` lists them all."
	case is[*awstypes.TrailAlreadyExistsException](err):
		return fmt.Sprintf("To manage the one that exists, import it:\n\n  terraform import vigil_trail.NAME '%[1]s'\n\nor, in the configuration:\n\n  import {\n    to = vigil_trail.NAME\n    id = %[1]q\n  }", m.Name.ValueString()+"@"+m.Region.ValueString())
	}
	return placeAdvice(err, m)
}

// placeAdvice is about being in the wrong Region or account.
func placeAdvice(err error, m trailModel) string {
	switch {
	case is[*awstypes.InvalidHomeRegionException](err):
		return fmt.Sprintf("A trail is changed in its home Region only: set region on the resource to that Region (%s asks %s).", m.Name.ValueString(), m.Region.ValueString())
	case is[*awstypes.NotOrganizationMasterAccountException](err), is[*awstypes.NotOrganizationManagementAccountException](err):
		return "Only the organization's management account, or an account that it made delegated administrator of CloudTrail (aws cloudtrail register-organization-delegated-admin), may create, change or delete an organization trail."
	case is[*awstypes.CloudTrailAccessNotEnabledException](err):
		return "CloudTrail needs trusted access to the organization: aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com, in the management account."
	case is[*awstypes.OrganizationNotInAllFeaturesModeException](err):
		return "Organization trails need an organization with all features enabled: aws organizations enable-all-features, in the management account."
	case is[*awstypes.OrganizationsNotInUseException](err):
		return "The account is in no organization: leave is_organization_trail out."
	}
	return ""
}

// bucketAdvice shows the statements that the bucket's policy must have.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
func bucketAdvice(m trailModel, id string) string {
	trail, err := arn.Parse(id)
	if err != nil {
		trail = arn.ARN{Partition: "aws", AccountID: "ACCOUNT"}
	}
	bucket := "arn:" + trail.Partition + ":s3:::" + m.S3BucketName.ValueString()
	folder := bucket
	if m.S3KeyPrefix.ValueString() != "" {
		folder += "/" + m.S3KeyPrefix.ValueString()
	}
	owner := trail.AccountID
	if m.IsOrganizationTrail.ValueBool() {
		owner = "*" // and the organization's id, for the member accounts
	}
	return fmt.Sprintf(`The bucket's policy must have these statements, and in Terraform the trail must wait for it (depends_on):

  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
   "Action": "s3:GetBucketAcl", "Resource": %[1]q,
   "Condition": {"StringEquals": {"aws:SourceArn": %[3]q}}},
  {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
   "Action": "s3:PutObject", "Resource": %[2]q,
   "Condition": {"StringEquals": {"aws:SourceArn": %[3]q, "s3:x-amz-acl": "bucket-owner-full-control"}}}`,
		bucket, folder+"/AWSLogs/"+owner+"/*", id)
}
