package ec2

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

type vpc struct {
	id, cidr, region, account string
	tenancy                   types.Tenancy
	association               string // id of the CIDR block's association
	acl, table, group         string // ids of what the VPC came with
	dnsSupport, dnsHostnames  bool
	usageMetrics              bool
}

// maxVpcs is the quota of VPCs in a Region.
const maxVpcs = 5

func (s *EC2) createVpc(ctx context.Context, in *awsec2.CreateVpcInput) (*awsec2.CreateVpcOutput, error) {
	cidr, err := checkCIDR(in.CidrBlock)
	if err != nil {
		return nil, err
	}
	tags, err := specifiedTags(in.TagSpecifications, types.ResourceTypeVpc)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.DryRun) {
		return nil, dryRun()
	}
	call := wire.CallOf(ctx)
	v := vpc{
		id: newID("vpc"), cidr: cidr, region: call.Region, account: call.Account, tenancy: in.InstanceTenancy,
		association: newID("vpc-cidr-assoc"), acl: newID("acl"), table: newID("rtb"), group: newID("sg"), dnsSupport: true,
	}
	if v.tenancy == "" {
		v.tenancy = types.TenancyDefault
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.vpcs.List(ctx)) >= maxVpcs {
		return nil, wire.Errorf("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
	}
	s.vpcs.Put(ctx, v.id, v)
	s.tags.Put(ctx, v.id, tags)
	made := s.describe(ctx, v)
	made.State = types.VpcStatePending
	return &awsec2.CreateVpcOutput{Vpc: &made}, nil
}

// checkCIDR: an IPv4 block between /16 and /28. EC2 clears the host bits.
func checkCIDR(block *string) (string, error) {
	if block == nil {
		return "", missing("cidrBlock or ipv4IpamPoolId")
	}
	prefix, err := netip.ParsePrefix(*block)
	if err != nil || !prefix.Addr().Is4() {
		return "", wire.Errorf("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", *block)
	}
	if prefix.Bits() < 16 || prefix.Bits() > 28 {
		return "", wire.Errorf("InvalidVpc.Range", "The CIDR '%s' is invalid.", *block)
	}
	return prefix.Masked().String(), nil
}

func (s *EC2) describe(ctx context.Context, v vpc) types.Vpc {
	return types.Vpc{
		VpcId: aws.String(v.id), CidrBlock: aws.String(v.cidr), OwnerId: aws.String(v.account), State: types.VpcStateAvailable,
		InstanceTenancy: v.tenancy, IsDefault: aws.Bool(false), DhcpOptionsId: aws.String("dopt-0a0a0a0a0a0a0a0a0"),
		CidrBlockAssociationSet: []types.VpcCidrBlockAssociation{{
			AssociationId: aws.String(v.association), CidrBlock: aws.String(v.cidr),
			CidrBlockState: &types.VpcCidrBlockState{State: types.VpcCidrBlockStateCodeAssociated},
		}},
		Tags: s.tagsOf(ctx, v.id),
	}
}

func (v vpc) fields() fields {
	return fields{
		"vpc-id": {v.id}, "cidr": {v.cidr}, "cidrBlock": {v.cidr}, "cidr-block": {v.cidr}, "owner-id": {v.account}, "state": {"available"},
		"isDefault": {"false"}, "is-default": {"false"}, "dhcp-options-id": {"dopt-0a0a0a0a0a0a0a0a0"},
		"cidr-block-association.cidr-block": {v.cidr}, "cidr-block-association.association-id": {v.association}, "cidr-block-association.state": {"associated"},
		"ipv6-cidr-block-association.ipv6-cidr-block": nil, "ipv6-cidr-block-association.association-id": nil,
		"ipv6-cidr-block-association.ipv6-pool": nil, "ipv6-cidr-block-association.state": nil,
	}
}

func (s *EC2) describeVpcs(ctx context.Context, in *awsec2.DescribeVpcsInput) (*awsec2.DescribeVpcsOutput, error) {
	for _, id := range in.VpcIds {
		if _, err := s.vpc(ctx, &id); err != nil {
			return nil, err
		}
	}
	found := []types.Vpc{}
	for _, v := range s.vpcs.List(ctx) {
		ok, err := matches(in.Filters, v.fields(), s.tagMap(ctx, v.id))
		if err != nil {
			return nil, err
		}
		if ok && (len(in.VpcIds) == 0 || slices.Contains(in.VpcIds, v.id)) {
			found = append(found, s.describe(ctx, v))
		}
	}
	vpcs, next, err := cut(found, in.NextToken, in.MaxResults)
	return &awsec2.DescribeVpcsOutput{Vpcs: vpcs, NextToken: next}, err
}

// deleteVpc deletes what the VPC came with, too. Flow logs of the VPC stop, as
// they have nothing left to watch.
func (s *EC2) deleteVpc(ctx context.Context, in *awsec2.DeleteVpcInput) (*awsec2.DeleteVpcOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.vpc(ctx, in.VpcId)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.DryRun) {
		return nil, dryRun()
	}
	for _, f := range s.flowLogs.List(ctx) {
		if f.resource == v.id {
			s.forget(ctx, f.id)
			s.flowLogs.Delete(ctx, f.id)
		}
	}
	s.vpcs.Delete(ctx, v.id)
	for _, id := range []string{v.id, v.acl, v.table, v.group} {
		s.forget(ctx, id)
	}
	return &awsec2.DeleteVpcOutput{}, nil
}

func (s *EC2) describeVpcAttribute(ctx context.Context, in *awsec2.DescribeVpcAttributeInput) (*awsec2.DescribeVpcAttributeOutput, error) {
	v, err := s.vpc(ctx, in.VpcId)
	if err != nil {
		return nil, err
	}
	out := &awsec2.DescribeVpcAttributeOutput{VpcId: &v.id}
	switch in.Attribute {
	case types.VpcAttributeNameEnableDnsSupport:
		out.EnableDnsSupport = &types.AttributeBooleanValue{Value: &v.dnsSupport}
	case types.VpcAttributeNameEnableDnsHostnames:
		out.EnableDnsHostnames = &types.AttributeBooleanValue{Value: &v.dnsHostnames}
	case types.VpcAttributeNameEnableNetworkAddressUsageMetrics:
		out.EnableNetworkAddressUsageMetrics = &types.AttributeBooleanValue{Value: &v.usageMetrics}
	case "":
		return nil, missing("attribute")
	default:
		return nil, wire.Errorf("InvalidParameterValue", "Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
	}
	return out, nil
}

// modifyVpcAttribute changes one attribute at a time.
func (s *EC2) modifyVpcAttribute(ctx context.Context, in *awsec2.ModifyVpcAttributeInput) (*awsec2.ModifyVpcAttributeOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.vpc(ctx, in.VpcId)
	if err != nil {
		return nil, err
	}
	given := 0
	for _, attribute := range []struct {
		value *types.AttributeBooleanValue
		field *bool
	}{{in.EnableDnsSupport, &v.dnsSupport}, {in.EnableDnsHostnames, &v.dnsHostnames}, {in.EnableNetworkAddressUsageMetrics, &v.usageMetrics}} {
		if attribute.value != nil {
			given++
			*attribute.field = aws.ToBool(attribute.value.Value)
		}
	}
	switch given {
	case 0:
		return nil, missing("attribute")
	case 1:
		s.vpcs.Put(ctx, v.id, v)
		return &awsec2.ModifyVpcAttributeOutput{}, nil
	}
	return nil, wire.Errorf("InvalidParameterCombination", "Fields for multiple attribute types specified")
}

func (s *EC2) vpc(ctx context.Context, id *string) (vpc, error) {
	if aws.ToString(id) == "" {
		return vpc{}, missing("vpcId")
	}
	if !validID("vpc-", *id) {
		return vpc{}, wire.Errorf("InvalidVpcID.Malformed", "Invalid id: \"%s\" (expecting \"vpc-...\")", *id)
	}
	v, ok := s.vpcs.Get(ctx, *id)
	if !ok {
		return vpc{}, wire.Errorf("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", *id)
	}
	return v, nil
}

// validID: a prefix, then 8 or 17 hexadecimal digits.
func validID(prefix, id string) bool {
	rest, ok := strings.CutPrefix(id, prefix)
	if !ok || len(rest) != 8 && len(rest) != 17 {
		return false
	}
	_, err := strconv.ParseUint(rest[len(rest)/2:], 16, 64)
	return err == nil
}
