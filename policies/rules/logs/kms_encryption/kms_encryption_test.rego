package rules.logs.kms_encryption_test

import rego.v2

import data.rules.logs.kms_encryption as rule

group := {
	"resourceType": "AWS::Logs::LogGroup",
	"configuration": {"logGroupName": "/app", "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"},
}

test_compliant_on if not rule.violation with input as group

test_violation_absent if {
	subject := {"configuration": {"logGroupName": "/app"}}
	rule.violation with input as subject
	rule.details == {{"path": "configuration.kmsKeyId", "message": "no KMS key is set"}} with input as subject
}
