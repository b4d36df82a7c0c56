// Package ec2 is the part of Amazon EC2 that flow logs need: VPCs with what
// each VPC comes with (main route table, default network ACL, default security
// group), flow logs and tags.
package ec2

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"sort"
	"sync"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/store"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// Neighbours is what EC2 asks other services.
type Neighbours interface {
	// BucketExists tells whether S3 has the bucket.
	BucketExists(ctx context.Context, bucket string) bool
}

// EC2 holds the VPCs and flow logs of all Regions.
type EC2 struct {
	neighbours Neighbours
	mu         sync.Mutex // held by calls that read and then write
	vpcs       store.Table[vpc]
	flowLogs   store.Table[flowLog]
	tags       store.Table[map[string]string] // by resource id
}

// New makes an EC2 without VPCs.
func New(neighbours Neighbours) *EC2 { return &EC2{neighbours: neighbours} }

// Service describes the API.
func (s *EC2) Service() *wire.Service {
	return &wire.Service{
		SigningName:  "ec2",
		EventSource:  "ec2.amazonaws.com",
		Version:      "2016-11-15",
		XMLNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
		Query:        wire.EC2Query{},
		Names:        names,
		Resources:    map[string]string{"VpcId": "AWS::EC2::VPC"},
		Operations: wire.Operations(
			wire.Op("CreateVpc", s.createVpc),
			wire.Op("DeleteVpc", s.deleteVpc),
			wire.Op("DescribeVpcs", s.describeVpcs),
			wire.Op("DescribeVpcAttribute", s.describeVpcAttribute),
			wire.Op("ModifyVpcAttribute", s.modifyVpcAttribute),
			wire.Op("DescribeNetworkAcls", s.describeNetworkAcls),
			wire.Op("DescribeRouteTables", s.describeRouteTables),
			wire.Op("DescribeSecurityGroups", s.describeSecurityGroups),
			wire.Op("CreateFlowLogs", s.createFlowLogs),
			wire.Op("DescribeFlowLogs", s.describeFlowLogs),
			wire.Op("DeleteFlowLogs", s.deleteFlowLogs),
			wire.Op("CreateTags", s.createTags),
			wire.Op("DeleteTags", s.deleteTags),
			wire.Op("DescribeTags", s.describeTags),
			wire.Op("DescribeRegions", s.describeRegions),
			wire.Op("DescribeAvailabilityZones", s.describeAvailabilityZones),
			wire.Op("DescribeAccountAttributes", s.describeAccountAttributes),
		),
	}
}

// names gives the names that do not follow from EC2's rules.
func names(structName, field string) string {
	switch structName + "." + field {
	case "CreateTagsInput.Resources", "DeleteTagsInput.Resources":
		return "ResourceId"
	case "CreateFlowLogsOutput.Unsuccessful", "DeleteFlowLogsOutput.Unsuccessful":
		return "unsuccessful"
	case "DescribeRegionsOutput.Regions":
		return "regionInfo"
	case "Region.Endpoint":
		return "regionEndpoint"
	case "DescribeAvailabilityZonesOutput.AvailabilityZones":
		return "availabilityZoneInfo"
	case "AvailabilityZone.State":
		return "zoneState"
	case "NetworkAcl.Entries":
		return "entrySet"
	case "NetworkAcl.IsDefault":
		return "default"
	case "DescribeSecurityGroupsOutput.SecurityGroups":
		return "securityGroupInfo"
	case "SecurityGroup.IpPermissions":
		return "ipPermissions"
	case "SecurityGroup.IpPermissionsEgress":
		return "ipPermissionsEgress"
	case "SecurityGroup.Description":
		return "groupDescription"
	case "IpPermission.UserIdGroupPairs":
		return "groups"
	case "IpPermission.IpRanges":
		return "ipRanges"
	case "IpPermission.Ipv6Ranges":
		return "ipv6Ranges"
	case "IpPermission.PrefixListIds":
		return "prefixListIds"
	}
	return ""
}

// Resources lists the ARNs of the VPCs and flow logs.
func (s *EC2) Resources(ctx context.Context) []string {
	var arns []string
	for _, v := range s.vpcs.All(ctx) {
		arns = append(arns, fmt.Sprintf("arn:aws:ec2:%s:%s:vpc/%s", v.region, v.account, v.id))
	}
	for _, f := range s.flowLogs.All(ctx) {
		arns = append(arns, fmt.Sprintf("arn:aws:ec2:%s:%s:vpc-flow-log/%s", f.region, f.account, f.id))
	}
	sort.Strings(arns)
	return arns
}

// newID makes an id such as vpc-0123456789abcdef0.
func newID(prefix string) string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + "-0" + fmt.Sprintf("%x", b)[:16]
}

func missing(parameter string) *wire.Error {
	return wire.Errorf("MissingParameter", "The request must contain the parameter %s", parameter)
}

// dryRun is the answer to a request that would have succeeded.
func dryRun() *wire.Error {
	return &wire.Error{Code: "DryRunOperation", Message: "Request would have succeeded, but DryRun flag is set.", Status: http.StatusPreconditionFailed}
}
