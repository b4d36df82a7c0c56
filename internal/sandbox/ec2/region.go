package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// regions lists the Regions that every account of the aws partition has without opting in.
func regions() []string {
	return []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
		"eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
}

func (s *EC2) describeRegions(_ context.Context, in *awsec2.DescribeRegionsInput) (*awsec2.DescribeRegionsOutput, error) {
	for _, name := range in.RegionNames {
		if !slices.Contains(regions(), name) {
			return nil, wire.Errorf("InvalidParameterValue", "Invalid values found for region parameter, %s", name)
		}
	}
	out := &awsec2.DescribeRegionsOutput{Regions: []types.Region{}}
	for _, name := range regions() {
		endpoint := "ec2." + name + ".amazonaws.com"
		ok, err := matches(in.Filters, fields{"region-name": {name}, "endpoint": {endpoint}, "opt-in-status": {"opt-in-not-required"}}, nil)
		if err != nil {
			return nil, err
		}
		if ok && (len(in.RegionNames) == 0 || slices.Contains(in.RegionNames, name)) {
			out.Regions = append(out.Regions, types.Region{RegionName: aws.String(name), Endpoint: aws.String(endpoint), OptInStatus: aws.String("opt-in-not-required")})
		}
	}
	return out, nil
}

// describeAvailabilityZones gives every Region three zones.
func (s *EC2) describeAvailabilityZones(ctx context.Context, in *awsec2.DescribeAvailabilityZonesInput) (*awsec2.DescribeAvailabilityZonesOutput, error) {
	region := wire.CallOf(ctx).Region
	out := &awsec2.DescribeAvailabilityZonesOutput{AvailabilityZones: []types.AvailabilityZone{}}
	for i, letter := range []string{"a", "b", "c"} {
		name, id := region+letter, region+"-az"+string(rune('1'+i))
		ok, err := matches(in.Filters, fields{
			"zone-name": {name}, "zone-id": {id}, "region-name": {region}, "state": {"available"}, "zone-type": {"availability-zone"},
			"group-name": {region}, "opt-in-status": {"opt-in-not-required"}, "message": nil, "parent-zone-id": nil, "parent-zone-name": nil,
		}, nil)
		if err != nil {
			return nil, err
		}
		wanted := (len(in.ZoneNames) == 0 || slices.Contains(in.ZoneNames, name)) && (len(in.ZoneIds) == 0 || slices.Contains(in.ZoneIds, id))
		if ok && wanted {
			out.AvailabilityZones = append(out.AvailabilityZones, types.AvailabilityZone{
				ZoneName: aws.String(name), ZoneId: aws.String(id), RegionName: aws.String(region), GroupName: aws.String(region),
				NetworkBorderGroup: aws.String(region), State: types.AvailabilityZoneStateAvailable, ZoneType: aws.String("availability-zone"),
				OptInStatus: types.AvailabilityZoneOptInStatusOptInNotRequired, Messages: []types.AvailabilityZoneMessage{},
			})
		}
	}
	if len(out.AvailabilityZones) == 0 && len(in.ZoneNames)+len(in.ZoneIds) > 0 {
		return nil, wire.Errorf("InvalidParameterValue", "Invalid availability zones")
	}
	return out, nil
}

// describeAccountAttributes: there is no default VPC, and nothing but VPCs.
func (s *EC2) describeAccountAttributes(_ context.Context, in *awsec2.DescribeAccountAttributesInput) (*awsec2.DescribeAccountAttributesOutput, error) {
	out := &awsec2.DescribeAccountAttributesOutput{AccountAttributes: []types.AccountAttribute{}}
	for _, attribute := range []struct{ name, value string }{{"supported-platforms", "VPC"}, {"default-vpc", "none"}} {
		if len(in.AttributeNames) > 0 && !slices.Contains(in.AttributeNames, types.AccountAttributeName(attribute.name)) {
			continue
		}
		out.AccountAttributes = append(out.AccountAttributes, types.AccountAttribute{
			AttributeName: aws.String(attribute.name), AttributeValues: []types.AccountAttributeValue{{AttributeValue: aws.String(attribute.value)}},
		})
	}
	return out, nil
}
