# METADATA
# title: AWS Config can deliver to its bucket
# description: >-
#   History and snapshots are the evidence an auditor asks for. Without a bucket policy that lets
#   AWS Config write, none arrives, and nothing else tells.
# related_resources:
#   - description: Permissions for the Amazon S3 bucket of the delivery channel
#     ref: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
# schemas:
#   - input: schema["AWS::Config::DeliveryChannel"]
# custom:
#   severity: high
#   resource_types: ["AWS::Config::DeliveryChannel"]
#   trigger: [periodic]
#   number: CFG-05
#   related:
#     - {type: "AWS::S3::Bucket", theirs: [configuration.name], ours: [configuration.s3BucketName], one: true, absent: not_visible}
#   remediation: Give the bucket a policy that lets config.amazonaws.com put objects, bound to the account by aws:SourceAccount.
package rules.config.delivery_channel

import rego.v2

import data.lib.documents

violation if not input.configuration.s3BucketName

violation if _refused

details contains {"path": "configuration.s3BucketName", "message": "no bucket is set"} if {
	not input.configuration.s3BucketName
}

details contains {"path": "configuration.s3BucketName", "message": message} if {
	_refused
	message := "the bucket has no policy that lets config.amazonaws.com put objects"
}

_refused if {
	_bucket_is_visible
	not documents.allows_service(_policy, "config.amazonaws.com", "s3:PutObject")
}

_bucket_is_visible if input.related["AWS::S3::Bucket"][0].resourceType

_policy := input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.bucketPolicy.policyText
