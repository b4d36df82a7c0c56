package rules.cloudtrail.cloudwatch_logs_delivery_test

import rego.v2

import data.rules.cloudtrail.cloudwatch_logs_delivery as rule

trail := {
	"resourceType": "AWS::CloudTrail::Trail",
	"configuration": {
		"name": "audit",
		"cloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:audit",
		"cloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/audit",
	},
}

without(field) := json.remove(trail, [sprintf("configuration/%s", [field])])

test_compliant_on if not rule.violation with input as trail

test_violation_absent if {
	subject := {"configuration": {"name": "audit"}}
	rule.violation with input as subject
	rule.details == {
		{"path": "configuration.cloudWatchLogsLogGroupArn", "message": "no log group is set"},
		{"path": "configuration.cloudWatchLogsRoleArn", "message": "no role to write to the log group is set"},
	} with input as subject
}

test_violation_no_group if rule.violation with input as without("cloudWatchLogsLogGroupArn")

test_violation_no_role if {
	rule.violation with input as without("cloudWatchLogsRoleArn")
	rule.details == {{
		"path": "configuration.cloudWatchLogsRoleArn",
		"message": "no role to write to the log group is set",
	}} with input as without("cloudWatchLogsRoleArn")
}
