package ec2

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// flowLog cannot be changed once it is made, except for its tags.
type flowLog struct {
	id, resource, region, account string
	created                       time.Time
	settings                      settings
}

// settings are what a request says of all its flow logs.
type settings struct {
	traffic         types.TrafficType
	destinationType types.LogDestinationType
	destination     string // ARN; empty where only the group's name was given
	group           string // name of the log group
	role            string
	crossRole       string
	format          string
	interval        int32 // seconds
	options         *types.DestinationOptionsResponse
}

// maxFlowLogs is how many flow logs one VPC may have.
const maxFlowLogs = 2

func (s *EC2) createFlowLogs(ctx context.Context, in *awsec2.CreateFlowLogsInput) (*awsec2.CreateFlowLogsOutput, error) {
	wanted, err := s.flowLogSettings(ctx, in)
	if err != nil {
		return nil, err
	}
	tags, err := specifiedTags(in.TagSpecifications, types.ResourceTypeVpcFlowLog)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.DryRun) {
		return nil, dryRun()
	}
	call := wire.CallOf(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &awsec2.CreateFlowLogsOutput{ClientToken: in.ClientToken, FlowLogIds: []string{}, Unsuccessful: []types.UnsuccessfulItem{}}
	for _, resource := range in.ResourceIds {
		if e := s.checkResource(ctx, in.ResourceType, resource, wanted); e != nil {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(resource, e))
			continue
		}
		f := flowLog{
			id: newID("fl"), resource: resource, region: call.Region, account: call.Account,
			created: call.Time.UTC().Truncate(time.Millisecond), settings: wanted,
		}
		s.flowLogs.Put(ctx, f.id, f)
		s.tags.Put(ctx, f.id, tags)
		out.FlowLogIds = append(out.FlowLogIds, f.id)
	}
	return out, nil
}

func unsuccessful(id string, e *wire.Error) types.UnsuccessfulItem {
	return types.UnsuccessfulItem{ResourceId: aws.String(id), Error: &types.UnsuccessfulItemError{Code: aws.String(e.Code), Message: aws.String(e.Message)}}
}

// checkResource checks what differs from resource to resource; its errors
// stand in the answer beside the flow logs that could be made.
func (s *EC2) checkResource(ctx context.Context, kind types.FlowLogsResourceType, id string, wanted settings) *wire.Error {
	if kind != types.FlowLogsResourceTypeVpc {
		return wire.Errorf("Invalid"+string(kind)+"Id.NotFound", "The %s '%s' does not exist", kind, id)
	}
	if _, ok := s.vpcs.Get(ctx, id); !ok {
		return wire.Errorf("InvalidVpcId.NotFound", "The vpc ID '%s' does not exist", id)
	}
	count := 0
	for _, f := range s.flowLogs.List(ctx) {
		if f.resource != id {
			continue
		}
		count++
		if f.settings.destinationType == wanted.destinationType && f.settings.target() == wanted.target() {
			return wire.Errorf("FlowLogAlreadyExists", "Error. There is an existing Flow Log with the same configuration and log destination.")
		}
	}
	if count >= maxFlowLogs {
		return wire.Errorf("FlowLogsLimitExceeded", "You have reached the limit of flow logs for %s.", id)
	}
	return nil
}

// target names where records go, whichever way the request said it.
func (s settings) target() string {
	if s.group != "" {
		return s.group
	}
	return s.destination
}

func (s *EC2) describeFlowLogs(ctx context.Context, in *awsec2.DescribeFlowLogsInput) (*awsec2.DescribeFlowLogsOutput, error) {
	for _, id := range in.FlowLogIds {
		if _, ok := s.flowLogs.Get(ctx, id); !ok {
			return nil, noSuchFlowLog(id)
		}
	}
	found := []types.FlowLog{}
	for _, f := range s.flowLogs.List(ctx) {
		ok, err := matches(in.Filter, f.fields(), s.tagMap(ctx, f.id))
		if err != nil {
			return nil, err
		}
		if ok && (len(in.FlowLogIds) == 0 || slices.Contains(in.FlowLogIds, f.id)) {
			found = append(found, s.describeFlowLog(ctx, f))
		}
	}
	listed, next, err := cut(found, in.NextToken, in.MaxResults)
	return &awsec2.DescribeFlowLogsOutput{FlowLogs: listed, NextToken: next}, err
}

func (f flowLog) fields() fields {
	return fields{
		"flow-log-id": {f.id}, "resource-id": {f.resource}, "traffic-type": {string(f.settings.traffic)}, "deliver-log-status": {"SUCCESS"},
		"log-destination-type": {string(f.settings.destinationType)}, "log-group-name": {f.settings.group},
	}
}

func (s *EC2) describeFlowLog(ctx context.Context, f flowLog) types.FlowLog {
	optional := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	return types.FlowLog{
		FlowLogId: aws.String(f.id), ResourceId: aws.String(f.resource), CreationTime: aws.Time(f.created),
		FlowLogStatus: aws.String("ACTIVE"), DeliverLogsStatus: aws.String("SUCCESS"), TrafficType: f.settings.traffic,
		LogDestinationType: f.settings.destinationType, LogDestination: optional(f.settings.destination), LogGroupName: optional(f.settings.group),
		DeliverLogsPermissionArn: optional(f.settings.role), DeliverCrossAccountRole: optional(f.settings.crossRole),
		LogFormat: aws.String(f.settings.format), MaxAggregationInterval: aws.Int32(f.settings.interval),
		DestinationOptions: f.settings.options, Tags: s.tagsOf(ctx, f.id),
	}
}

// deleteFlowLogs deletes those that exist and names the others.
func (s *EC2) deleteFlowLogs(ctx context.Context, in *awsec2.DeleteFlowLogsInput) (*awsec2.DeleteFlowLogsOutput, error) {
	if len(in.FlowLogIds) == 0 {
		return nil, missing("FlowLogId")
	}
	if aws.ToBool(in.DryRun) {
		return nil, dryRun()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &awsec2.DeleteFlowLogsOutput{Unsuccessful: []types.UnsuccessfulItem{}}
	for _, id := range in.FlowLogIds {
		if _, ok := s.flowLogs.Get(ctx, id); !ok {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(id, noSuchFlowLog(id)))
			continue
		}
		s.flowLogs.Delete(ctx, id)
		s.forget(ctx, id)
	}
	return out, nil
}

func noSuchFlowLog(id string) *wire.Error {
	return wire.Errorf("InvalidFlowLogId.NotFound", "These flow log ids in the input list are not found: [TotalCount: 1] %s", id)
}

// groupOf takes the name out of a log group's ARN.
func groupOf(arn string) (string, bool) {
	_, name, ok := strings.Cut(arn, ":log-group:")
	return strings.TrimSuffix(name, ":*"), ok && strings.HasPrefix(arn, "arn:aws:logs:")
}
