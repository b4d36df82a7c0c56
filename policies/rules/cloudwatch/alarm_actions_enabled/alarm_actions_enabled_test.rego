package rules.cloudwatch.alarm_actions_enabled_test

import rego.v2

import data.rules.cloudwatch.alarm_actions_enabled as rule

alarm := {"resourceType": "AWS::CloudWatch::Alarm", "configuration": {"alarmName": "root", "actionsEnabled": true}}

test_compliant_on if not rule.violation with input as alarm

test_violation_off if {
	off := object.union(alarm, {"configuration": {"actionsEnabled": false}})
	rule.violation with input as off
	rule.details == {{
		"path": "configuration.actionsEnabled",
		"message": "the actions of the alarm are disabled",
	}} with input as off
}

test_violation_absent if rule.violation with input as {"configuration": {"alarmName": "root"}}
