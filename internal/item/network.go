package item

// VPC is a virtual private cloud.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html
type VPC struct {
	ResourceID    string            `json:"resourceId" aws:"id" cc:"vpc_id"`
	ARN           string            `json:"arn" aws:"arn"`
	Tags          map[string]string `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration VPCConfiguration  `json:"configuration" aws:"." cc:"."`
}

// VPCConfiguration is the configuration of a [VPC].
type VPCConfiguration struct {
	VPCID           string `json:"vpcId" aws:"id" cc:"vpc_id"`
	CIDRBlock       string `json:"cidrBlock" aws:"cidr_block" cc:"cidr_block"`
	InstanceTenancy string `json:"instanceTenancy" aws:"instance_tenancy" cc:"instance_tenancy"`
	DHCPOptionsID   string `json:"dhcpOptionsId" aws:"dhcp_options_id"`
	OwnerID         string `json:"ownerId" aws:"owner_id"`
	IsDefault       bool   `json:"isDefault" aws:",const=false" default:",const=true"`
}

// FlowLog is a VPC flow log.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
type FlowLog struct {
	ResourceID    string               `json:"resourceId" aws:"id" cc:"id"`
	ARN           string               `json:"arn" aws:"arn"`
	Tags          map[string]string    `json:"tags" aws:"tags_all|tags" cc:"tags,map,configured"`
	Configuration FlowLogConfiguration `json:"configuration" aws:"." cc:"."`
}

// FlowLogConfiguration is the configuration of a [FlowLog]. ResourceID is the
// VPC, subnet, interface or gateway that is logged. FlowLogStatus is always
// ACTIVE: the API knows no other value. Intervals are seconds.
type FlowLogConfiguration struct {
	FlowLogID                string `json:"flowLogId" aws:"id" cc:"id"`
	FlowLogStatus            string `json:"flowLogStatus" aws:",const=ACTIVE" cc:",const=ACTIVE"`
	ResourceID               string `json:"resourceId" aws:"vpc_id|subnet_id|eni_id|transit_gateway_id|transit_gateway_attachment_id|regional_nat_gateway_id" cc:"resource_id" to:"AWS::EC2::VPC#vpcId"`
	TrafficType              string `json:"trafficType" aws:"traffic_type" cc:"traffic_type"`
	LogDestinationType       string `json:"logDestinationType" aws:"log_destination_type" cc:"log_destination_type"`
	LogDestination           string `json:"logDestination" aws:"log_destination,trim=:*" cc:"log_destination,trim=:*,configured" to:"AWS::Logs::LogGroup#arn,AWS::S3::Bucket#arn"`
	LogGroupName             string `json:"logGroupName" aws:"log_group_name,configured" cc:"log_group_name,configured"`
	DeliverLogsPermissionARN string `json:"deliverLogsPermissionArn" aws:"iam_role_arn" cc:"deliver_logs_permission_arn,configured"`
	DeliverCrossAccountRole  string `json:"deliverCrossAccountRole" aws:"deliver_cross_account_role" cc:"deliver_cross_account_role,configured"`
	LogFormat                string `json:"logFormat" aws:"log_format" cc:"log_format"`
	MaxAggregationInterval   int64  `json:"maxAggregationInterval" aws:"max_aggregation_interval" cc:"max_aggregation_interval"`
}

func vpcKind() Kind {
	return Kind{
		Type:  "AWS::EC2::VPC",
		Shape: VPC{},
		Terraform: []Resource{
			{Type: "aws_vpc", Tags: []string{"aws"}, Identity: []string{"id", "arn"}},
			{Type: "aws_default_vpc", Tags: []string{"default", "aws"}, Identity: []string{"id", "arn"}},
			{Type: "awscc_ec2_vpc", Tags: []string{"cc"}, Identity: []string{"vpc_id"}, Same: map[string]string{"id": "vpc_id"}},
		},
	}
}

func flowLogKind() Kind {
	return Kind{
		Type:  "AWS::EC2::FlowLog",
		Shape: FlowLog{},
		Terraform: []Resource{
			{Type: "aws_flow_log", Tags: []string{"aws"}, Identity: []string{"id", "arn"}},
			{Type: "awscc_ec2_flow_log", Tags: []string{"cc"}, Identity: []string{"id"}},
		},
	}
}

// flowLogged are the resources besides VPCs that a flow log can be of, by
// Terraform type: their ids are never the id of a VPC.
func flowLogged() map[string]string {
	return map[string]string{
		"aws_subnet":                             "AWS::EC2::Subnet",
		"aws_default_subnet":                     "AWS::EC2::Subnet",
		"aws_network_interface":                  "AWS::EC2::NetworkInterface",
		"aws_nat_gateway":                        "AWS::EC2::NatGateway",
		"aws_ec2_transit_gateway":                "AWS::EC2::TransitGateway",
		"aws_ec2_transit_gateway_vpc_attachment": "AWS::EC2::TransitGatewayVpcAttachment",
		"awscc_ec2_transit_gateway":              "AWS::EC2::TransitGateway",
	}
}
