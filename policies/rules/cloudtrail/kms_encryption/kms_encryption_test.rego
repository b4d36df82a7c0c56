package rules.cloudtrail.kms_encryption_test

import rego.v2

import data.rules.cloudtrail.kms_encryption as rule

arn := "arn:aws:kms:eu-west-1:111122223333:key/1"

trail := {
	"resourceType": "AWS::CloudTrail::Trail",
	"configuration": {"name": "audit", "kmsKeyId": arn},
	"related": {"AWS::KMS::Key": [{"configuration": {"arn": arn, "enabled": true}}]},
}

bare := {"configuration": {"name": "audit"}, "related": {"AWS::KMS::Key": []}}

violated(subject, arns) if rule.violation with input as subject with data.parameters.kms_key_arns as arns

words(subject, arns) := listed if listed := rule.details with input as subject with data.parameters.kms_key_arns as arns

test_compliant_on if not violated(trail, [])

test_compliant_key_elsewhere if not violated(object.union(trail, {"related": {"AWS::KMS::Key": []}}), [])

test_compliant_listed_key if not violated(trail, [arn])

test_violation_absent if {
	violated(bare, [])
	words(bare, []) == {{"path": "configuration.kmsKeyId", "message": "no KMS key is set"}}
}

test_violation_disabled_key if {
	off := object.union(trail, {"related": {"AWS::KMS::Key": [{"configuration": {"arn": arn, "enabled": false}}]}})
	violated(off, [])
	words(off, []) == {{"path": "configuration.kmsKeyId", "message": "the KMS key is disabled"}}
}

test_violation_other_key if {
	violated(trail, ["arn:aws:kms:eu-west-1:111122223333:key/2"])
	words(trail, ["arn:aws:kms:eu-west-1:111122223333:key/2"]) == {{
		"path": "configuration.kmsKeyId",
		"message": "arn:aws:kms:eu-west-1:111122223333:key/1 is not one of the keys that may be used",
	}}
}
