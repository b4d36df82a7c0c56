# METADATA
# title: Actions of alarms are enabled
# description: >-
#   Actions are often disabled for a maintenance window and forgotten. The alarm still goes off;
#   nobody hears it.
# related_resources:
#   - description: Enabling and disabling alarm actions
#     ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html
# schemas:
#   - input: schema["AWS::CloudWatch::Alarm"]
# custom:
#   severity: high
#   resource_types: ["AWS::CloudWatch::Alarm"]
#   trigger: [change]
#   number: CW-02
#   remediation: Set actions_enabled = true.
package rules.cloudwatch.alarm_actions_enabled

import rego.v2

violation if not input.configuration.actionsEnabled

details contains {"path": "configuration.actionsEnabled", "message": "the actions of the alarm are disabled"}
