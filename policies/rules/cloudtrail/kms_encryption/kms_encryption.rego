# METADATA
# title: CloudTrail log files are encrypted with a customer key
# description: >-
#   With a key of your own, reading the record needs a permission on the key as well as on the
#   bucket, and every use of the key is logged.
# related_resources:
#   - description: Encrypting CloudTrail log files with AWS KMS keys
#     ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# schemas:
#   - input: schema["AWS::CloudTrail::Trail"]
# custom:
#   severity: medium
#   resource_types: ["AWS::CloudTrail::Trail"]
#   trigger: [change, periodic]
#   number: CT-06
#   parameters:
#     kms_key_arns:
#       type: array
#       default: []
#       text: The only keys that may be used, by ARN; empty allows every customer key.
#   related:
#     - {type: "AWS::KMS::Key", theirs: [configuration.arn], ours: [configuration.kmsKeyId], one: true, generated: true}
#     - {type: "AWS::KMS::Key", theirs: [configuration.keyId], ours: [configuration.kmsKeyId], one: true, generated: true}
#   remediation: Set kms_key_id to the ARN of an enabled KMS key whose policy lets CloudTrail encrypt.
package rules.cloudtrail.kms_encryption

import rego.v2

violation if not input.configuration.kmsKeyId

violation if _disabled

violation if {
	count(data.parameters.kms_key_arns) > 0
	not input.configuration.kmsKeyId in data.parameters.kms_key_arns
}

details contains {"path": "configuration.kmsKeyId", "message": "no KMS key is set"} if {
	not input.configuration.kmsKeyId
}

details contains {"path": "configuration.kmsKeyId", "message": "the KMS key is disabled"} if _disabled

details contains {"path": "configuration.kmsKeyId", "message": message} if {
	count(data.parameters.kms_key_arns) > 0
	not input.configuration.kmsKeyId in data.parameters.kms_key_arns
	message := sprintf("%s is not one of the keys that may be used", [input.configuration.kmsKeyId])
}

_disabled if {
	some key in input.related["AWS::KMS::Key"]
	not key.configuration.enabled
}
