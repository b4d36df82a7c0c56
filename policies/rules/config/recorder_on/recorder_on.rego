# METADATA
# title: AWS Config is recording
# description: >-
#   Without the recorder there is no history of what was configured when, and no rule that reacts to
#   a change ever runs.
# related_resources:
#   - description: Managing the configuration recorder
#     ref: https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
# schemas:
#   - input: schema["AWS::Config::ConfigurationRecorder"]
# custom:
#   severity: critical
#   resource_types: ["AWS::Config::ConfigurationRecorder", "AWS::::Account"]
#   trigger: [periodic]
#   number: CFG-01
#   related:
#     - {type: "AWS::Config::ConfigurationRecorder", theirs: [awsAccountId, awsRegion], ours: [awsAccountId, awsRegion]}
#   remediation: Create a recorder in every Region in use, with a delivery channel, and start it.
package rules.config.recorder_on

import rego.v2

violation if {
	input.resourceType == "AWS::Config::ConfigurationRecorder"
	not input.supplementaryConfiguration.status.recording
}

violation if {
	input.resourceType == "AWS::::Account"
	not _there
}

# A recorder that is there is judged itself.
not_applicable if {
	input.resourceType == "AWS::::Account"
	_there
}

details contains {"path": "supplementaryConfiguration.status.recording", "message": "the recorder is not started"} if {
	input.resourceType == "AWS::Config::ConfigurationRecorder"
}

details contains {"path": "", "message": "the Region has no recorder"} if input.resourceType == "AWS::::Account"

_there if {
	some recorder in input.related["AWS::Config::ConfigurationRecorder"]
	recorder.resourceType
}
