package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// part is a thing that every VPC comes with, and that cannot be made here otherwise.
type part struct {
	id     string
	fields fields
	vpc    vpc
}

// parts lists one part of each VPC that has one of the ids and passes the filters.
func (s *EC2) parts(ctx context.Context, ids []string, filters []types.Filter, code string, of func(vpc) part) ([]part, error) {
	var found []part
	left := slices.Clone(ids)
	for _, v := range s.vpcs.List(ctx) {
		p := of(v)
		p.vpc = v
		if len(ids) > 0 && !slices.Contains(ids, p.id) {
			continue
		}
		left = slices.DeleteFunc(left, func(id string) bool { return id == p.id })
		ok, err := matches(filters, p.fields, s.tagMap(ctx, p.id))
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, p)
		}
	}
	if len(left) > 0 {
		return nil, wire.Errorf(code, "The ID '%s' does not exist", left[0])
	}
	return found, nil
}

func (s *EC2) describeNetworkAcls(ctx context.Context, in *awsec2.DescribeNetworkAclsInput) (*awsec2.DescribeNetworkAclsOutput, error) {
	found, err := s.parts(ctx, in.NetworkAclIds, in.Filters, "InvalidNetworkAclID.NotFound", func(v vpc) part {
		return part{id: v.acl, fields: fields{
			"vpc-id": {v.id}, "network-acl-id": {v.acl}, "default": {"true"}, "owner-id": {v.account},
			"association.subnet-id": nil, "association.association-id": nil, "association.network-acl-id": nil,
		}}
	})
	if err != nil {
		return nil, err
	}
	acls := []types.NetworkAcl{}
	for _, p := range found {
		acls = append(acls, types.NetworkAcl{
			NetworkAclId: aws.String(p.id), VpcId: aws.String(p.vpc.id), OwnerId: aws.String(p.vpc.account), IsDefault: aws.Bool(true),
			Associations: []types.NetworkAclAssociation{}, Entries: defaultEntries(), Tags: s.tagsOf(ctx, p.id),
		})
	}
	listed, next, err := cut(acls, in.NextToken, in.MaxResults)
	return &awsec2.DescribeNetworkAclsOutput{NetworkAcls: listed, NextToken: next}, err
}

// defaultEntries: rule 100 allows everything, the last one denies the rest, both ways.
func defaultEntries() []types.NetworkAclEntry {
	var entries []types.NetworkAclEntry
	for _, egress := range []bool{true, false} {
		for _, rule := range []struct {
			number int32
			action types.RuleAction
		}{{100, types.RuleActionAllow}, {32767, types.RuleActionDeny}} {
			entries = append(entries, types.NetworkAclEntry{
				CidrBlock: aws.String("0.0.0.0/0"), Egress: aws.Bool(egress), Protocol: aws.String("-1"),
				RuleAction: rule.action, RuleNumber: aws.Int32(rule.number),
			})
		}
	}
	return entries
}

func (s *EC2) describeRouteTables(ctx context.Context, in *awsec2.DescribeRouteTablesInput) (*awsec2.DescribeRouteTablesOutput, error) {
	found, err := s.parts(ctx, in.RouteTableIds, in.Filters, "InvalidRouteTableID.NotFound", func(v vpc) part {
		return part{id: v.table, fields: fields{
			"vpc-id": {v.id}, "route-table-id": {v.table}, "association.main": {"true"}, "owner-id": {v.account},
			"association.route-table-association-id": {associationOf(v)}, "association.route-table-id": {v.table},
			"association.subnet-id": nil, "association.gateway-id": nil, "route.destination-cidr-block": {v.cidr}, "route.gateway-id": {"local"},
		}}
	})
	if err != nil {
		return nil, err
	}
	tables := []types.RouteTable{}
	for _, p := range found {
		tables = append(tables, s.mainTable(ctx, p.vpc))
	}
	listed, next, err := cut(tables, in.NextToken, in.MaxResults)
	return &awsec2.DescribeRouteTablesOutput{RouteTables: listed, NextToken: next}, err
}

// associationOf gives the id of the association of a VPC with its main route table.
func associationOf(v vpc) string { return "rtbassoc" + v.table[len("rtb"):] }

func (s *EC2) mainTable(ctx context.Context, v vpc) types.RouteTable {
	return types.RouteTable{
		RouteTableId: aws.String(v.table), VpcId: aws.String(v.id), OwnerId: aws.String(v.account), PropagatingVgws: []types.PropagatingVgw{},
		Associations: []types.RouteTableAssociation{{
			Main: aws.Bool(true), RouteTableId: aws.String(v.table), RouteTableAssociationId: aws.String(associationOf(v)),
			AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated},
		}},
		Routes: []types.Route{{
			DestinationCidrBlock: aws.String(v.cidr), GatewayId: aws.String("local"), Origin: types.RouteOriginCreateRouteTable, State: types.RouteStateActive,
		}},
		Tags: s.tagsOf(ctx, v.table),
	}
}

func (s *EC2) describeSecurityGroups(ctx context.Context, in *awsec2.DescribeSecurityGroupsInput) (*awsec2.DescribeSecurityGroupsOutput, error) {
	if len(in.GroupNames) > 0 {
		return nil, wire.Errorf("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC", in.GroupNames[0])
	}
	found, err := s.parts(ctx, in.GroupIds, in.Filters, "InvalidGroup.NotFound", func(v vpc) part {
		return part{id: v.group, fields: fields{
			"vpc-id": {v.id}, "group-id": {v.group}, "group-name": {"default"}, "description": {defaultGroup}, "owner-id": {v.account},
		}}
	})
	if err != nil {
		return nil, err
	}
	groups := []types.SecurityGroup{}
	for _, p := range found {
		groups = append(groups, s.defaultSecurityGroup(ctx, p.vpc))
	}
	listed, next, err := cut(groups, in.NextToken, in.MaxResults)
	return &awsec2.DescribeSecurityGroupsOutput{SecurityGroups: listed, NextToken: next}, err
}

const defaultGroup = "default VPC security group"

// defaultSecurityGroup lets its members talk to each other, and out.
func (s *EC2) defaultSecurityGroup(ctx context.Context, v vpc) types.SecurityGroup {
	everything := aws.String("-1")
	return types.SecurityGroup{
		GroupId: aws.String(v.group), GroupName: aws.String("default"), Description: aws.String(defaultGroup),
		VpcId: aws.String(v.id), OwnerId: aws.String(v.account), Tags: s.tagsOf(ctx, v.group),
		SecurityGroupArn: aws.String("arn:aws:ec2:" + v.region + ":" + v.account + ":security-group/" + v.group),
		IpPermissions: []types.IpPermission{{
			IpProtocol: everything, UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String(v.group), UserId: aws.String(v.account)}},
			IpRanges: []types.IpRange{}, Ipv6Ranges: []types.Ipv6Range{}, PrefixListIds: []types.PrefixListId{},
		}},
		IpPermissionsEgress: []types.IpPermission{{
			IpProtocol: everything, IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
			UserIdGroupPairs: []types.UserIdGroupPair{}, Ipv6Ranges: []types.Ipv6Range{}, PrefixListIds: []types.PrefixListId{},
		}},
	}
}
