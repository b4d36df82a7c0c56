package logs

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// group is a log group with all that hangs on it. Slices and maps in it are
// never changed in place.
type group struct {
	name, arn string // the ARN without ":*"
	created   int64  // milliseconds since 1970, as all times of this service
	class     types.LogGroupClass
	retention int32 // days; 0 is forever
	key       string
	protected bool
	tags      map[string]string
	streams   []types.LogStream    // by name
	filters   []types.MetricFilter // by name
}

func (b *Backend) createLogGroup(ctx context.Context, in *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
	name := aws.ToString(in.LogGroupName)
	if err := checkGroupName(name); err != nil {
		return nil, err
	}
	g := group{
		name: name, arn: groupARN(ctx, name), created: wire.CallOf(ctx).Time.UnixMilli(),
		class: in.LogGroupClass, tags: maps.Clone(in.Tags), protected: aws.ToBool(in.DeletionProtectionEnabled),
	}
	if err := checkClass(&g); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	if len(in.Tags) > maxTags {
		return nil, invalid("A log group can have at most %d tags, not %d.", maxTags, len(in.Tags))
	}
	if _, exists := b.groups.Get(ctx, name); exists {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	if in.KmsKeyId != nil {
		if err := b.checkKey(ctx, g, *in.KmsKeyId); err != nil {
			return nil, err
		}
		g.key = *in.KmsKeyId
	}
	b.groups.Put(ctx, name, g)
	return &cloudwatchlogs.CreateLogGroupOutput{}, nil
}

// checkClass sets the default class. Groups of the class DELIVERY keep their
// events for one day.
func checkClass(g *group) error {
	if g.class == "" {
		g.class = types.LogGroupClassStandard
	}
	if !slices.Contains(g.class.Values(), g.class) {
		return constraint(string(g.class), "logGroupClass", "Member must satisfy enum value set: %v", g.class.Values())
	}
	if g.class == types.LogGroupClassDelivery {
		g.retention = 1
	}
	return nil
}

func (b *Backend) deleteLogGroup(ctx context.Context, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.protected {
		return nil, wire.Errorf("ValidationException", "Log group %s has deletion protection enabled.", g.name)
	}
	b.groups.Delete(ctx, g.name)
	return &cloudwatchlogs.DeleteLogGroupOutput{}, nil
}

// retentions are the legal numbers of days.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func (b *Backend) putRetentionPolicy(ctx context.Context, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	days := aws.ToInt32(in.RetentionInDays)
	if !slices.Contains(retentions, days) {
		return nil, constraint(days, "retentionInDays", "Member must satisfy enum value set: %v", retentions)
	}
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.class == types.LogGroupClassDelivery {
		return nil, invalid("Log groups of the class DELIVERY keep their events for one day.")
	}
	g.retention = days
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.PutRetentionPolicyOutput{}, nil
}

func (b *Backend) deleteRetentionPolicy(ctx context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	g, err := b.find(ctx, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.class == types.LogGroupClassDelivery {
		return nil, invalid("Log groups of the class DELIVERY keep their events for one day.")
	}
	g.retention = 0
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, nil
}

func (b *Backend) putDeletionProtection(ctx context.Context, in *cloudwatchlogs.PutLogGroupDeletionProtectionInput) (*cloudwatchlogs.PutLogGroupDeletionProtectionOutput, error) {
	g, err := b.identified(ctx, aws.ToString(in.LogGroupIdentifier))
	if err != nil {
		return nil, err
	}
	if in.DeletionProtectionEnabled == nil {
		return nil, constraint("null", "deletionProtectionEnabled", "Member must not be null")
	}
	g.protected = *in.DeletionProtectionEnabled
	b.groups.Put(ctx, g.name, g)
	return &cloudwatchlogs.PutLogGroupDeletionProtectionOutput{}, nil
}

// find gives the group of a name.
func (b *Backend) find(ctx context.Context, name *string) (group, error) {
	if err := checkGroupName(aws.ToString(name)); err != nil {
		return group{}, err
	}
	g, exists := b.groups.Get(ctx, aws.ToString(name))
	if !exists {
		return group{}, missingGroup()
	}
	return g, nil
}

// identified gives the group of a name or ARN. ARNs for this end without ":*".
func (b *Backend) identified(ctx context.Context, id string) (group, error) {
	if !strings.HasPrefix(id, "arn:") {
		return b.find(ctx, &id)
	}
	name, ok := strings.CutPrefix(id, groupARN(ctx, ""))
	if !ok {
		return group{}, missingGroup()
	}
	return b.find(ctx, &name)
}

func missingGroup() error {
	return wire.Errorf("ResourceNotFoundException", "The specified log group does not exist.")
}

// groupARN gives the ARN of a group in the Region of the call.
func groupARN(ctx context.Context, name string) string {
	call := wire.CallOf(ctx)
	return "arn:aws:logs:" + call.Region + ":" + call.Account + ":log-group:" + name
}
