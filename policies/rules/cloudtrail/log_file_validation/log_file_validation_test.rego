package rules.cloudtrail.log_file_validation_test

import rego.v2

import data.rules.cloudtrail.log_file_validation as rule

trail := {"resourceType": "AWS::CloudTrail::Trail", "configuration": {"name": "audit", "logFileValidationEnabled": true}}

test_compliant_on if not rule.violation with input as trail

test_violation_off if {
	off := object.union(trail, {"configuration": {"logFileValidationEnabled": false}})
	rule.violation with input as off
	rule.details == {{
		"path": "configuration.logFileValidationEnabled",
		"message": "log file validation is off",
	}} with input as off
}

test_violation_absent if rule.violation with input as {"configuration": {"name": "audit"}}
