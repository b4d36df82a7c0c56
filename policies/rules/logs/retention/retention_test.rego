package rules.logs.retention_test

import rego.v2

import data.rules.logs.retention as rule

group := {"resourceType": "AWS::Logs::LogGroup", "configuration": {"logGroupName": "/app", "retentionInDays": 365}}

violated(subject) if rule.violation with input as subject with data.parameters.min_days as 365

test_compliant_exactly if not violated(group)

test_compliant_longer if not violated(object.union(group, {"configuration": {"retentionInDays": 3653}}))

test_compliant_absent_is_for_ever if not violated({"configuration": {"logGroupName": "/app"}})

test_violation_short if {
	short := object.union(group, {"configuration": {"retentionInDays": 3}})
	violated(short)
	rule.details == {{
		"path": "configuration.retentionInDays",
		"message": "events are kept for 3 days; 365 are required",
	}} with input as short with data.parameters.min_days as 365
}
