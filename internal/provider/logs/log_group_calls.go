package logs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// clientFor gives the client for the Region of a model, and stores that Region
// in it where the plan could not know it.
func clientFor(ctx context.Context, r *fwk.Resource, where *fwk.Located, diags *diag.Diagnostics) *cloudwatchlogs.Client {
	session := r.Session(diags)
	if session == nil {
		return nil
	}
	api, err := session.Logs(ctx, where.Region.ValueString())
	if err != nil {
		diags.Append(fwk.Problem("Connecting to CloudWatch Logs", err))
		return nil
	}
	where.Region = types.StringValue(api.Options().Region)
	return api
}

// findLogGroup gives the group, or errLogGroupNotFound.
func findLogGroup(ctx context.Context, api *cloudwatchlogs.Client, name string) (awstypes.LogGroup, error) {
	out, err := api.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
	if err != nil {
		return awstypes.LogGroup{}, err
	}
	// Answers are sorted by name: the name itself is the first that begins with it.
	for _, g := range out.LogGroups {
		if aws.ToString(g.LogGroupName) == name {
			return g, nil
		}
	}
	return awstypes.LogGroup{}, errLogGroupNotFound
}

func readLogGroup(ctx context.Context, api *cloudwatchlogs.Client, name string) (awstypes.LogGroup, map[string]string, error) {
	g, err := findLogGroup(ctx, api, name)
	if err != nil {
		return g, nil, err
	}
	arn := logGroupARN(g)
	out, err := api.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
	if err != nil {
		return g, nil, fmt.Errorf("reading its tags: %w", err)
	}
	return g, out.Tags, nil
}

// logGroupModelOf gives what AWS says of a group; what AWS does not know stays
// as it was.
func logGroupModelOf(g awstypes.LogGroup, before logGroupModel) logGroupModel {
	m := before
	m.Name = types.StringPointerValue(g.LogGroupName)
	m.ID = m.Name
	m.ARN = types.StringValue(logGroupARN(g))
	m.KMSKeyID = fwk.Text(aws.ToString(g.KmsKeyId), before.KMSKeyID)
	m.LogGroupClass = types.StringValue(string(g.LogGroupClass))
	if g.LogGroupClass == "" {
		m.LogGroupClass = types.StringValue(string(awstypes.LogGroupClassStandard))
	}
	m.DeletionProtection = types.BoolValue(aws.ToBool(g.DeletionProtectionEnabled))
	m.SkipDestroy = types.BoolValue(before.SkipDestroy.ValueBool())
	m.RetentionInDays = types.Int64Value(int64(aws.ToInt32(g.RetentionInDays)))
	// What the account's policy or the class decides is not the group's own retention.
	if aws.ToString(g.RetentionPolicyName) != "" || g.LogGroupClass == awstypes.LogGroupClassDelivery {
		m.RetentionInDays = types.Int64Value(0)
	}
	return m
}

// updateLogGroup makes the calls that lead from one model to the other.
func updateLogGroup(ctx context.Context, api *cloudwatchlogs.Client, from, to logGroupModel, tags map[string]string) error {
	name := to.Name.ValueString()
	if !to.RetentionInDays.Equal(from.RetentionInDays) {
		if err := putRetention(ctx, api, name, to.RetentionInDays.ValueInt64()); err != nil {
			return fmt.Errorf("setting its retention: %w", err)
		}
	}
	if to.KMSKeyID.ValueString() != from.KMSKeyID.ValueString() {
		if err := putKey(ctx, api, name, to.KMSKeyID.ValueString()); err != nil {
			return fmt.Errorf("setting its key: %w", err)
		}
	}
	if !to.DeletionProtection.Equal(from.DeletionProtection) {
		_, err := api.PutLogGroupDeletionProtection(ctx, &cloudwatchlogs.PutLogGroupDeletionProtectionInput{
			LogGroupIdentifier: &name, DeletionProtectionEnabled: to.DeletionProtection.ValueBoolPointer(),
		})
		if err != nil {
			return fmt.Errorf("setting its deletion protection: %w", err)
		}
	}
	return putTags(ctx, api, to.ARN.ValueString(), from.AllTags(), tags)
}

// putRetention sets the retention; 0 removes it.
func putRetention(ctx context.Context, api *cloudwatchlogs.Client, name string, days int64) error {
	if days == 0 {
		_, err := api.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: &name})
		return err
	}
	_, err := api.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: aws.Int32(int32(days))})
	return err
}

func putKey(ctx context.Context, api *cloudwatchlogs.Client, name, key string) error {
	if key == "" {
		_, err := api.DisassociateKmsKey(ctx, &cloudwatchlogs.DisassociateKmsKeyInput{LogGroupName: &name})
		return err
	}
	_, err := api.AssociateKmsKey(ctx, &cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: &name, KmsKeyId: &key})
	return err
}

func putTags(ctx context.Context, api *cloudwatchlogs.Client, arn string, from, to map[string]string) error {
	set, remove := fwk.Diff(from, to)
	if len(remove) > 0 {
		if _, err := api.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: &arn, TagKeys: remove}); err != nil {
			return fmt.Errorf("removing its tags: %w", err)
		}
	}
	if len(set) > 0 {
		if _, err := api.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: &arn, Tags: set}); err != nil {
			return fmt.Errorf("setting its tags: %w", err)
		}
	}
	return nil
}

// createdSince tells whether the group is as new as the call that may have
// made it, allowing for clocks that differ.
func createdSince(ctx context.Context, api *cloudwatchlogs.Client, name string, started time.Time) bool {
	const skew = 5 * time.Minute
	g, err := findLogGroup(ctx, api, name)
	return err == nil && time.UnixMilli(aws.ToInt64(g.CreationTime)).After(started.Add(-skew))
}

// isNotFound tells whether the thing is not there.
func isNotFound(err error) bool {
	var missing *awstypes.ResourceNotFoundException
	return errors.Is(err, errLogGroupNotFound) || errors.As(err, &missing)
}
