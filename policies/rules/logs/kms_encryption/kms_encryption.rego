# METADATA
# title: Log groups are encrypted with a customer key
# description: >-
#   CloudWatch Logs encrypts everything with a key of its own. With a key of yours, reading a log
#   needs a permission on the key, and every use of it is logged.
# related_resources:
#   - description: Encrypting log data in CloudWatch Logs with AWS KMS
#     ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# schemas:
#   - input: schema["AWS::Logs::LogGroup"]
# custom:
#   severity: medium
#   resource_types: ["AWS::Logs::LogGroup"]
#   trigger: [periodic]
#   number: CW-11
#   remediation: Set kms_key_id to the ARN of a key whose policy lets the logs service of the Region use it.
package rules.logs.kms_encryption

import rego.v2

violation if not input.configuration.kmsKeyId

details contains {"path": "configuration.kmsKeyId", "message": "no KMS key is set"}
