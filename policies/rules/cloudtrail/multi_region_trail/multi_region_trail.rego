# METADATA
# title: A multi-Region trail logs every management event
# description: >-
#   An attacker works in the Region that nobody watches, and reads before writing. One trail that
#   covers all enabled Regions, reading and writing, and is switched on, leaves no such gap.
# related_resources:
#   - description: Creating a trail for all Regions
#     ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-multi-region-trails.html
# schemas:
#   - input: schema["AWS::::Account"]
# custom:
#   severity: high
#   resource_types: ["AWS::::Account"]
#   trigger: [periodic]
#   number: CT-01
#   parameters:
#     allowed_exclusions:
#       type: array
#       default: []
#       text: Event sources that may be left out, such as kms.amazonaws.com.
#   related:
#     - {type: "AWS::CloudTrail::Trail", theirs: [awsAccountId], ours: [awsAccountId]}
#   remediation: Create a trail with is_multi_region_trail = true and enable_logging = true whose selectors log all management events.
package rules.cloudtrail.multi_region_trail

import rego.v2

import data.lib.selectors

violation if not _covered

details contains {
	"path": "",
	"message": "no trail that is logging in all Regions takes every management event",
}

_covered if {
	some i, trail in input.related["AWS::CloudTrail::Trail"]
	trail.configuration.isMultiRegionTrail
	trail.configuration.isLogging
	_takes_all[i]
}

# Without selectors a trail logs all management events.
_takes_all contains i if {
	some i, trail in input.related["AWS::CloudTrail::Trail"]
	not trail.configuration.eventSelectors
	not trail.configuration.advancedEventSelectors
}

_takes_all contains i if {
	some i, trail in input.related["AWS::CloudTrail::Trail"]
	selectors.basic_logs_all(trail.configuration.eventSelectors, data.parameters.allowed_exclusions)
}

_takes_all contains i if {
	some i, trail in input.related["AWS::CloudTrail::Trail"]
	selectors.advanced_logs_all(trail.configuration.advancedEventSelectors, data.parameters.allowed_exclusions)
}
