package ec2_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const role = "arn:aws:iam::111122223333:role/flow"

func now() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

func start(t *testing.T) (*awsec2.Client, *sandbox.Server) {
	t.Helper()
	server := sandbox.Start(t, sandbox.WithClock(now), sandbox.WithLandingZone())
	return awsec2.New(awsec2.Options{
		BaseEndpoint: aws.String(server.URL()), Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}), server
}

func same(want, got any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreTypes(document.NoSerde{}))
}

func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func tag(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }

func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: &name, Values: values}
}

func createVpc(t *testing.T, client *awsec2.Client, name string) *types.Vpc {
	t.Helper()
	return must[*awsec2.CreateVpcOutput](t)(client.CreateVpc(t.Context(), &awsec2.CreateVpcInput{
		CidrBlock: aws.String("10.0.7.9/16"), TagSpecifications: []types.TagSpecification{{ResourceType: "vpc", Tags: []types.Tag{tag("Name", name)}}},
	})).Vpc
}

func TestVpcLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	before := len(server.Resources())
	made := createVpc(t, client, "main")
	want := types.Vpc{
		VpcId: made.VpcId, CidrBlock: aws.String("10.0.0.0/16"), OwnerId: aws.String("111122223333"), State: "pending", InstanceTenancy: "default",
		IsDefault: aws.Bool(false), DhcpOptionsId: made.DhcpOptionsId, Tags: []types.Tag{tag("Name", "main")},
		CidrBlockAssociationSet: []types.VpcCidrBlockAssociation{{
			AssociationId: made.CidrBlockAssociationSet[0].AssociationId, CidrBlock: aws.String("10.0.0.0/16"),
			CidrBlockState: &types.VpcCidrBlockState{State: "associated"},
		}},
	}
	if diff := same(&want, made); diff != "" {
		t.Error(diff)
	}
	createVpc(t, client, "other")
	want.State = "available"
	for _, in := range []*awsec2.DescribeVpcsInput{
		{VpcIds: []string{*made.VpcId}},
		{Filters: []types.Filter{filter("tag:Name", "ma*"), filter("cidr", "10.0.0.0/16", "10.1.0.0/16")}},
		{Filters: []types.Filter{filter("vpc-id", *made.VpcId)}},
	} {
		if diff := same([]types.Vpc{want}, must[*awsec2.DescribeVpcsOutput](t)(client.DescribeVpcs(ctx, in)).Vpcs); diff != "" {
			t.Error(diff)
		}
	}
	if got := must[*awsec2.DescribeVpcsOutput](t)(client.DescribeVpcs(ctx, &awsec2.DescribeVpcsInput{Filters: []types.Filter{filter("is-default", "true")}})).Vpcs; len(got) != 0 {
		t.Errorf("default VPCs: %v", got)
	}
	for _, vpc := range must[*awsec2.DescribeVpcsOutput](t)(client.DescribeVpcs(ctx, &awsec2.DescribeVpcsInput{})).Vpcs {
		must[*awsec2.DeleteVpcOutput](t)(client.DeleteVpc(ctx, &awsec2.DeleteVpcInput{VpcId: vpc.VpcId}))
	}
	if after := len(server.Resources()); after != before {
		t.Errorf("%d resources, want %d as before", after, before)
	}
}

func TestVpcAttributes(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	id := createVpc(t, client, "main").VpcId
	must[*awsec2.ModifyVpcAttributeOutput](t)(client.ModifyVpcAttribute(ctx, &awsec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)}}))
	for attribute, want := range map[types.VpcAttributeName]bool{"enableDnsSupport": true, "enableDnsHostnames": true, "enableNetworkAddressUsageMetrics": false} {
		out := must[*awsec2.DescribeVpcAttributeOutput](t)(client.DescribeVpcAttribute(ctx, &awsec2.DescribeVpcAttributeInput{VpcId: id, Attribute: attribute}))
		var got []bool
		for _, value := range []*types.AttributeBooleanValue{out.EnableDnsSupport, out.EnableDnsHostnames, out.EnableNetworkAddressUsageMetrics} {
			if value != nil {
				got = append(got, *value.Value)
			}
		}
		if diff := cmp.Diff([]bool{want}, got); diff != "" {
			t.Errorf("%s: %s", attribute, diff)
		}
	}
}

// TestWhatAVpcComesWith: hashicorp/aws reads these with every VPC.
func TestWhatAVpcComesWith(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	id := createVpc(t, client, "main").VpcId
	createVpc(t, client, "other")
	acls := must[*awsec2.DescribeNetworkAclsOutput](t)(client.DescribeNetworkAcls(ctx, &awsec2.DescribeNetworkAclsInput{Filters: []types.Filter{filter("default", "true"), filter("vpc-id", *id)}})).NetworkAcls
	if len(acls) != 1 || !*acls[0].IsDefault || *acls[0].VpcId != *id || len(acls[0].Entries) != 4 {
		t.Errorf("network ACLs %v", acls)
	}
	tables := must[*awsec2.DescribeRouteTablesOutput](t)(client.DescribeRouteTables(ctx, &awsec2.DescribeRouteTablesInput{Filters: []types.Filter{filter("association.main", "true"), filter("vpc-id", *id)}})).RouteTables
	if len(tables) != 1 || !*tables[0].Associations[0].Main || *tables[0].Routes[0].GatewayId != "local" {
		t.Errorf("route tables %v", tables)
	}
	groups := must[*awsec2.DescribeSecurityGroupsOutput](t)(client.DescribeSecurityGroups(ctx, &awsec2.DescribeSecurityGroupsInput{Filters: []types.Filter{filter("group-name", "default"), filter("vpc-id", *id)}})).SecurityGroups
	if len(groups) != 1 || *groups[0].Description != "default VPC security group" || *groups[0].IpPermissions[0].UserIdGroupPairs[0].GroupId != *groups[0].GroupId {
		t.Errorf("security groups %v", groups)
	}
}

func TestFlowLogLifecycle(t *testing.T) {
	ctx := t.Context()
	client, server := start(t)
	vpc := createVpc(t, client, "main").VpcId
	group := must[*awsec2.CreateFlowLogsOutput](t)(client.CreateFlowLogs(ctx, &awsec2.CreateFlowLogsInput{
		ResourceIds: []string{*vpc}, ResourceType: "VPC", TrafficType: "ALL", LogGroupName: aws.String("flow"), DeliverLogsPermissionArn: aws.String(role),
		TagSpecifications: []types.TagSpecification{{ResourceType: "vpc-flow-log", Tags: []types.Tag{tag("team", "audit")}}},
	})).FlowLogIds
	bucket := "arn:aws:s3:::" + server.LandingZone().TrailBucket + "/flow/"
	files := must[*awsec2.CreateFlowLogsOutput](t)(client.CreateFlowLogs(ctx, &awsec2.CreateFlowLogsInput{
		ResourceIds: []string{*vpc}, ResourceType: "VPC", TrafficType: "REJECT", LogDestinationType: "s3", LogDestination: &bucket,
		MaxAggregationInterval: aws.Int32(60), LogFormat: aws.String("${version} ${vpc-id}"),
		DestinationOptions: &types.DestinationOptionsRequest{FileFormat: "parquet", PerHourPartition: aws.Bool(true)},
	})).FlowLogIds
	const format = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
	want := map[string]types.FlowLog{
		"cloud-watch-logs": {
			FlowLogId: &group[0], ResourceId: vpc, CreationTime: aws.Time(now()), FlowLogStatus: aws.String("ACTIVE"), DeliverLogsStatus: aws.String("SUCCESS"),
			TrafficType: "ALL", LogDestinationType: "cloud-watch-logs", LogGroupName: aws.String("flow"), DeliverLogsPermissionArn: aws.String(role),
			LogFormat: aws.String(format), MaxAggregationInterval: aws.Int32(600), Tags: []types.Tag{tag("team", "audit")},
		},
		"s3": {
			FlowLogId: &files[0], ResourceId: vpc, CreationTime: aws.Time(now()), FlowLogStatus: aws.String("ACTIVE"), DeliverLogsStatus: aws.String("SUCCESS"),
			TrafficType: "REJECT", LogDestinationType: "s3", LogDestination: &bucket, LogFormat: aws.String("${version} ${vpc-id}"), MaxAggregationInterval: aws.Int32(60),
			DestinationOptions: &types.DestinationOptionsResponse{FileFormat: "parquet", HiveCompatiblePartitions: aws.Bool(false), PerHourPartition: aws.Bool(true)},
		},
	}
	for kind, flowLog := range want {
		got := must[*awsec2.DescribeFlowLogsOutput](t)(client.DescribeFlowLogs(ctx, &awsec2.DescribeFlowLogsInput{Filter: []types.Filter{filter("log-destination-type", kind), filter("resource-id", *vpc)}})).FlowLogs
		if diff := same([]types.FlowLog{flowLog}, got); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
	deleted := must[*awsec2.DeleteFlowLogsOutput](t)(client.DeleteFlowLogs(ctx, &awsec2.DeleteFlowLogsInput{FlowLogIds: []string{group[0], "fl-00000000000000000", files[0]}}))
	if diff := same([]types.UnsuccessfulItem{{ResourceId: aws.String("fl-00000000000000000"), Error: &types.UnsuccessfulItemError{
		Code: aws.String("InvalidFlowLogId.NotFound"), Message: aws.String("These flow log ids in the input list are not found: [TotalCount: 1] fl-00000000000000000"),
	}}}, deleted.Unsuccessful); diff != "" {
		t.Error(diff)
	}
	if left := must[*awsec2.DescribeFlowLogsOutput](t)(client.DescribeFlowLogs(ctx, &awsec2.DescribeFlowLogsInput{})).FlowLogs; len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestTags(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	id := *createVpc(t, client, "main").VpcId
	must[*awsec2.CreateTagsOutput](t)(client.CreateTags(ctx, &awsec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{tag("a", "1"), tag("b", "2"), tag("c", "3")}}))
	must[*awsec2.DeleteTagsOutput](t)(client.DeleteTags(ctx, &awsec2.DeleteTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("a")}, tag("b", "other"), tag("Name", "main")}}))
	got := must[*awsec2.DescribeTagsOutput](t)(client.DescribeTags(ctx, &awsec2.DescribeTagsInput{Filters: []types.Filter{filter("resource-id", id)}})).Tags
	description := func(key, value string) types.TagDescription {
		return types.TagDescription{ResourceId: &id, ResourceType: "vpc", Key: &key, Value: &value}
	}
	if diff := same([]types.TagDescription{description("b", "2"), description("c", "3")}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRegionsAndZones(t *testing.T) {
	ctx := t.Context()
	client, _ := start(t)
	regions := must[*awsec2.DescribeRegionsOutput](t)(client.DescribeRegions(ctx, &awsec2.DescribeRegionsInput{RegionNames: []string{"eu-west-1"}})).Regions
	if diff := same([]types.Region{{RegionName: aws.String("eu-west-1"), Endpoint: aws.String("ec2.eu-west-1.amazonaws.com"), OptInStatus: aws.String("opt-in-not-required")}}, regions); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, zone := range must[*awsec2.DescribeAvailabilityZonesOutput](t)(client.DescribeAvailabilityZones(ctx, &awsec2.DescribeAvailabilityZonesInput{})).AvailabilityZones {
		names = append(names, *zone.ZoneName+" "+string(zone.State))
	}
	if diff := cmp.Diff([]string{"eu-west-1a available", "eu-west-1b available", "eu-west-1c available"}, names); diff != "" {
		t.Error(diff)
	}
}

// TestErrors: errors of the whole request come as such, those of one resource in the answer.
func TestErrors(t *testing.T) {
	client, server := start(t)
	vpc := *createVpc(t, client, "main").VpcId
	flow := func(change func(*awsec2.CreateFlowLogsInput)) func(context.Context) error {
		return func(ctx context.Context) error {
			in := &awsec2.CreateFlowLogsInput{ResourceIds: []string{vpc}, ResourceType: "VPC", TrafficType: "ALL", LogGroupName: aws.String("flow"), DeliverLogsPermissionArn: aws.String(role)}
			change(in)
			out, err := client.CreateFlowLogs(ctx, in)
			if err == nil && len(out.Unsuccessful) == 1 {
				return &smithy.GenericAPIError{Code: *out.Unsuccessful[0].Error.Code, Message: *out.Unsuccessful[0].Error.Message}
			}
			return err
		}
	}
	if err := flow(func(*awsec2.CreateFlowLogsInput) {})(t.Context()); err != nil {
		t.Fatal(err)
	}
	create := func(cidr string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := client.CreateVpc(ctx, &awsec2.CreateVpcInput{CidrBlock: &cidr})
			return err
		}
	}
	describe := func(in *awsec2.DescribeVpcsInput) func(context.Context) error {
		return func(ctx context.Context) error { _, err := client.DescribeVpcs(ctx, in); return err }
	}
	tests := []struct {
		want string
		call func(context.Context) error
	}{
		{"InvalidVpcID.NotFound: The vpc ID 'vpc-00000000000000000' does not exist", describe(&awsec2.DescribeVpcsInput{VpcIds: []string{"vpc-00000000000000000"}})},
		{"InvalidVpcID.Malformed: Invalid id: \"main\" (expecting \"vpc-...\")", describe(&awsec2.DescribeVpcsInput{VpcIds: []string{"main"}})},
		{"InvalidParameterValue: The filter 'colour' is invalid", describe(&awsec2.DescribeVpcsInput{Filters: []types.Filter{filter("colour", "red")}})},
		{"InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid.", create("10.0.0.0/8")},
		{"InvalidParameterValue: Value (ten) for parameter cidrBlock is invalid. This is not a valid CIDR block.", create("ten")},
		{"FlowLogAlreadyExists: Error. There is an existing Flow Log with the same configuration and log destination.", flow(func(in *awsec2.CreateFlowLogsInput) { in.TrafficType = "REJECT" })},
		{"InvalidVpcId.NotFound: The vpc ID 'vpc-00000000000000000' does not exist", flow(func(in *awsec2.CreateFlowLogsInput) { in.ResourceIds = []string{"vpc-00000000000000000"} })},
		{"MissingParameter: The request must contain the parameter TrafficType", flow(func(in *awsec2.CreateFlowLogsInput) { in.TrafficType = "" })},
		{"InvalidParameter: DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.", flow(func(in *awsec2.CreateFlowLogsInput) { in.DeliverLogsPermissionArn = nil })},
		{"InvalidParameter: LogDestination can't be empty if LogGroupName is not provided.", flow(func(in *awsec2.CreateFlowLogsInput) { in.LogGroupName = nil })},
		{"InvalidParameter: Please only provide LogGroupName or only provide LogDestination.", flow(func(in *awsec2.CreateFlowLogsInput) {
			in.LogDestination = aws.String("arn:aws:logs:eu-west-1:111122223333:log-group:x")
		})},
		{"InvalidParameter: Invalid Flow Log Max Aggregation Interval. Valid values are 60 and 600 seconds.", flow(func(in *awsec2.CreateFlowLogsInput) { in.MaxAggregationInterval = aws.Int32(61) })},
		{"InvalidParameter: LogFormat is invalid: version", flow(func(in *awsec2.CreateFlowLogsInput) { in.LogFormat = aws.String("version") })},
		{"InvalidParameter: LogDestination: absent does not exist", flow(func(in *awsec2.CreateFlowLogsInput) {
			in.LogGroupName, in.LogDestinationType, in.LogDestination = nil, "s3", aws.String("arn:aws:s3:::absent")
		})},
		{"DryRunOperation: Request would have succeeded, but DryRun flag is set.", flow(func(in *awsec2.CreateFlowLogsInput) { in.DryRun = aws.Bool(true) })},
		{"InvalidID: The ID 'vpc-00000000000000000' is not valid", func(ctx context.Context) error {
			_, err := client.CreateTags(ctx, &awsec2.CreateTagsInput{Resources: []string{"vpc-00000000000000000"}, Tags: []types.Tag{tag("a", "b")}})
			return err
		}},
		{"InvalidAction: Could not find operation DescribeSubnets for version 2016-11-15", func(ctx context.Context) error {
			_, err := client.DescribeSubnets(ctx, &awsec2.DescribeSubnetsInput{})
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			before := len(server.Resources())
			var api smithy.APIError
			if err := test.call(t.Context()); !errors.As(err, &api) {
				t.Fatalf("got %v, want an API error", err)
			}
			if got := api.ErrorCode() + ": " + api.ErrorMessage(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if after := len(server.Resources()); after != before {
				t.Errorf("the call made %d resources", after-before)
			}
		})
	}
}
