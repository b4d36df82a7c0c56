# METADATA
# title: CloudTrail log files are validated
# description: >-
#   Digest files, signed by AWS once an hour, prove that no log file was changed or deleted after
#   delivery. Without them nobody can show that the record is complete.
# related_resources:
#   - description: Validating CloudTrail log file integrity
#     ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
# schemas:
#   - input: schema["AWS::CloudTrail::Trail"]
# custom:
#   severity: medium
#   resource_types: ["AWS::CloudTrail::Trail"]
#   trigger: [change, periodic]
#   number: CT-04
#   remediation: Set enable_log_file_validation = true on the trail.
package rules.cloudtrail.log_file_validation

import rego.v2

violation if not input.configuration.logFileValidationEnabled

details contains {
	"path": "configuration.logFileValidationEnabled",
	"message": "log file validation is off",
}
