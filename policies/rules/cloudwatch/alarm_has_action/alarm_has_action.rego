# METADATA
# title: Alarms have an action
# description: >-
#   An alarm without an action changes colour on a page that nobody looks at.
# related_resources:
#   - description: Alarm actions
#     ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
# schemas:
#   - input: schema["AWS::CloudWatch::Alarm"]
# custom:
#   severity: high
#   resource_types: ["AWS::CloudWatch::Alarm"]
#   trigger: [change]
#   number: CW-01
#   parameters:
#     alarm_action_required:
#       type: boolean
#       default: true
#       text: Whether an action is required for the state ALARM.
#     insufficient_data_action_required:
#       type: boolean
#       default: false
#       text: Whether an action is required for the state INSUFFICIENT_DATA.
#     ok_action_required:
#       type: boolean
#       default: false
#       text: Whether an action is required for the state OK.
#   remediation: Give alarm_actions at least one target, such as an SNS topic.
package rules.cloudwatch.alarm_has_action

import rego.v2

violation if {
	data.parameters.alarm_action_required
	not _on_alarm
}

violation if {
	data.parameters.insufficient_data_action_required
	not _on_insufficient_data
}

violation if {
	data.parameters.ok_action_required
	not _on_ok
}

details contains {"path": "configuration.alarmActions", "message": "nothing happens on ALARM"} if {
	data.parameters.alarm_action_required
	not _on_alarm
}

details contains {"path": "configuration.insufficientDataActions", "message": "nothing happens on INSUFFICIENT_DATA"} if {
	data.parameters.insufficient_data_action_required
	not _on_insufficient_data
}

details contains {"path": "configuration.okActions", "message": "nothing happens on OK"} if {
	data.parameters.ok_action_required
	not _on_ok
}

_on_alarm if {
	some action in input.configuration.alarmActions
	action
}

_on_insufficient_data if {
	some action in input.configuration.insufficientDataActions
	action
}

_on_ok if {
	some action in input.configuration.okActions
	action
}
