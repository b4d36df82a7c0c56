package rules.cloudwatch.alarm_has_action_test

import rego.v2

import data.rules.cloudwatch.alarm_has_action as rule

topic := "arn:aws:sns:eu-west-1:111122223333:soc"

alarm := {"resourceType": "AWS::CloudWatch::Alarm", "configuration": {"alarmName": "root", "alarmActions": [topic]}}

defaults := {"alarm_action_required": true, "insufficient_data_action_required": false, "ok_action_required": false}

all_states := {"alarm_action_required": true, "insufficient_data_action_required": true, "ok_action_required": true}

violated(subject, parameters) if rule.violation with input as subject with data.parameters as parameters

words(subject, parameters) := listed if listed := rule.details with input as subject with data.parameters as parameters

test_compliant_on if not violated(alarm, defaults)

test_compliant_all_states if {
	full := object.union(alarm, {"configuration": {"insufficientDataActions": [topic], "okActions": [topic]}})
	not violated(full, all_states)
}

test_compliant_none_required if {
	not violated({"configuration": {"alarmName": "root"}}, object.union(defaults, {"alarm_action_required": false}))
}

test_violation_empty if violated(object.union(alarm, {"configuration": {"alarmActions": []}}), defaults)

test_violation_absent if {
	subject := {"configuration": {"alarmName": "root"}}
	violated(subject, defaults)
	words(subject, defaults) == {{"path": "configuration.alarmActions", "message": "nothing happens on ALARM"}}
}

test_violation_other_states if {
	violated(alarm, all_states)
	words(alarm, all_states) == {
		{"path": "configuration.insufficientDataActions", "message": "nothing happens on INSUFFICIENT_DATA"},
		{"path": "configuration.okActions", "message": "nothing happens on OK"},
	}
}
