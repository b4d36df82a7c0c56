# METADATA
# title: CloudTrail Insights is on
# description: >-
#   Insights learns how often each API is called and how often calls fail, and reports what is out
#   of the ordinary: a burst of deletions, a wave of denied calls.
# related_resources:
#   - description: Logging Insights events
#     ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
# schemas:
#   - input: schema["AWS::CloudTrail::Trail"]
# custom:
#   severity: low
#   resource_types: ["AWS::CloudTrail::Trail"]
#   trigger: [change]
#   number: CT-22
#   parameters:
#     insight_types:
#       type: array
#       default: [ApiCallRateInsight, ApiErrorRateInsight]
#       text: The kinds of Insights that must be on.
#   remediation: Add an insight_selector for ApiCallRateInsight and one for ApiErrorRateInsight.
package rules.cloudtrail.insights

import rego.v2

violation if {
	some wanted in data.parameters.insight_types
	not wanted in _on
}

details contains {"path": "configuration.insightSelectors", "message": message} if {
	some wanted in data.parameters.insight_types
	not wanted in _on
	message := sprintf("%s is off", [wanted])
}

_on contains selector.insightType if some selector in input.configuration.insightSelectors
