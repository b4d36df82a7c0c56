# METADATA
# title: Log groups keep events long enough
# description: >-
#   An intrusion is often found months later. What was deleted by then cannot be looked at.
# related_resources:
#   - description: Changing how long CloudWatch Logs keeps events
#     ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention
# schemas:
#   - input: schema["AWS::Logs::LogGroup"]
# custom:
#   severity: medium
#   resource_types: ["AWS::Logs::LogGroup"]
#   trigger: [periodic]
#   number: CW-09
#   parameters:
#     min_days:
#       type: number
#       default: 365
#       text: How many days events must be kept at least.
#   remediation: Set retention_in_days to at least the required number of days, or leave it out to keep events for ever.
package rules.logs.retention

import rego.v2

# A group without a retention keeps its events for ever, which is long enough
# (as in AWS Config's CW_LOGGROUP_RETENTION_PERIOD_CHECK).
violation if input.configuration.retentionInDays < data.parameters.min_days

details contains {"path": "configuration.retentionInDays", "message": message} if {
	message := sprintf("events are kept for %d days; %d are required", [input.configuration.retentionInDays, data.parameters.min_days])
}
