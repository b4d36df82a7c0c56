package rules.ec2.vpc_flow_logs_test

import rego.v2

import data.rules.ec2.vpc_flow_logs as rule

vpc(traffic_types) := {
	"resourceType": "AWS::EC2::VPC",
	"configuration": {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/16"},
	"related": {"AWS::EC2::FlowLog": [{"configuration": {"resourceId": "vpc-1", "trafficType": type}} | some type in traffic_types]},
}

violated(subject) if rule.violation with input as subject with data.parameters.traffic_types as ["ALL", "REJECT"]

test_compliant_all if not violated(vpc(["ALL"]))

test_compliant_reject if not violated(vpc(["REJECT"]))

test_compliant_one_of_two if not violated(vpc(["ACCEPT", "REJECT"]))

test_compliant_default_vpc if not violated(object.union(vpc(["ALL"]), {"configuration": {"isDefault": true}}))

test_violation_accept_only if violated(vpc(["ACCEPT"]))

test_violation_default_vpc if violated(object.union(vpc([]), {"configuration": {"isDefault": true}}))

test_violation_no_related_flow_log if {
	violated(vpc([]))
	rule.details == {{
		"path": "",
		"message": "the VPC has no flow log of traffic type ALL or REJECT",
	}} with input as vpc([]) with data.parameters.traffic_types as ["ALL", "REJECT"]
}

test_violation_absent_type if {
	violated(object.union(vpc([]), {"related": {"AWS::EC2::FlowLog": [{"configuration": {"resourceId": "vpc-1"}}]}}))
}
