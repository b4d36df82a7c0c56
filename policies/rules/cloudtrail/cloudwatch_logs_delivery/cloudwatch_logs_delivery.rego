# METADATA
# title: CloudTrail delivers to CloudWatch Logs
# description: >-
#   Metric filters and alarms see an API call minutes after it was made, but only in a log group. A
#   trail that writes to S3 alone can be read after the fact, never ring.
# related_resources:
#   - description: Sending CloudTrail events to CloudWatch Logs
#     ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
# schemas:
#   - input: schema["AWS::CloudTrail::Trail"]
# custom:
#   severity: low
#   resource_types: ["AWS::CloudTrail::Trail"]
#   trigger: [change, periodic]
#   number: CT-08
#   remediation: Set cloud_watch_logs_group_arn and cloud_watch_logs_role_arn.
package rules.cloudtrail.cloudwatch_logs_delivery

import rego.v2

violation if not input.configuration.cloudWatchLogsLogGroupArn

violation if not input.configuration.cloudWatchLogsRoleArn

details contains {"path": "configuration.cloudWatchLogsLogGroupArn", "message": "no log group is set"} if {
	not input.configuration.cloudWatchLogsLogGroupArn
}

details contains {"path": "configuration.cloudWatchLogsRoleArn", "message": "no role to write to the log group is set"} if {
	not input.configuration.cloudWatchLogsRoleArn
}
