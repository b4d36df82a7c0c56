# METADATA
# title: VPCs have a flow log
# description: >-
#   Flow logs show which connections were made and which were refused. After an intrusion they are
#   often the only trace of where it went.
# related_resources:
#   - description: Logging IP traffic using VPC Flow Logs
#     ref: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
# schemas:
#   - input: schema["AWS::EC2::VPC"]
# custom:
#   severity: medium
#   resource_types: ["AWS::EC2::VPC"]
#   trigger: [periodic]
#   number: FL-01
#   parameters:
#     traffic_types:
#       type: array
#       default: [ALL, REJECT]
#       text: The traffic types of which a flow log must capture one.
#   related:
#     - type: "AWS::EC2::FlowLog"
#       theirs: [configuration.resourceId]
#       ours: [configuration.vpcId]
#       generated: true
#   remediation: Create a flow log for the VPC, with traffic_type ALL or REJECT.
package rules.ec2.vpc_flow_logs

import rego.v2

violation if not _logged

details contains {"path": "", "message": message} if {
	message := sprintf("the VPC has no flow log of traffic type %s", [concat(" or ", data.parameters.traffic_types)])
}

_logged if {
	some flow_log in input.related["AWS::EC2::FlowLog"]
	flow_log.configuration.trafficType in data.parameters.traffic_types
}
