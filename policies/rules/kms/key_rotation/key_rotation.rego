# METADATA
# title: Symmetric customer keys are rotated
# description: >-
#   Rotation limits how much was encrypted with one piece of key material, and costs nothing: old
#   data stays readable.
# related_resources:
#   - description: Rotating AWS KMS keys
#     ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# schemas:
#   - input: schema["AWS::KMS::Key"]
# custom:
#   severity: medium
#   resource_types: ["AWS::KMS::Key"]
#   trigger: [periodic]
#   number: KMS-01
#   parameters:
#     max_period_days:
#       type: number
#       default: 365
#       text: How many days key material may be used at most; AWS allows 90 to 2560.
#   remediation: Set enable_key_rotation = true, and rotation_period_in_days to no more than the limit.
package rules.kms.key_rotation

import rego.v2

violation if not input.configuration.keyRotationEnabled

violation if _period > data.parameters.max_period_days

# AWS rotates only symmetric encryption keys whose material it made itself.
not_applicable if input.configuration.keyManager != "CUSTOMER"

not_applicable if input.configuration.keySpec != "SYMMETRIC_DEFAULT"

not_applicable if input.configuration.keyUsage != "ENCRYPT_DECRYPT"

not_applicable if input.configuration.origin != "AWS_KMS"

details contains {"path": "configuration.keyRotationEnabled", "message": "automatic rotation is off"} if {
	not input.configuration.keyRotationEnabled
}

details contains {"path": "configuration.rotationPeriodInDays", "message": message} if {
	input.configuration.keyRotationEnabled
	_period > data.parameters.max_period_days
	message := sprintf("key material is used for %d days; %d are allowed", [_period, data.parameters.max_period_days])
}

# AWS rotates once a year where no period was set.
_period := object.get(input.configuration, "rotationPeriodInDays", 365)
