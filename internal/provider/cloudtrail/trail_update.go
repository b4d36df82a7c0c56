package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// updateTrail makes the calls that lead from one model to the other, and none
// that is not needed. It gives what UpdateTrail answered, if it was called,
// also where a later step fails. The id is what the trail is called in requests.
func updateTrail(ctx context.Context, api *cloudtrail.Client, id string, from, to trailModel, tags map[string]string) (updated *cloudtrail.UpdateTrailOutput, err error) {
	if in, dependencies := updateInput(from, to); in != nil {
		in.Name = &id
		pending := func(err error) bool { return dependencies && isPropagating(err) }
		updated, err = fwk.Await(ctx, propagationTimeout, pending, func(ctx context.Context) (*cloudtrail.UpdateTrailOutput, error) {
			return api.UpdateTrail(ctx, in)
		})
		if err != nil {
			return nil, err
		}
	}
	if err := updateSelectors(ctx, api, id, from, to); err != nil {
		return updated, err
	}
	if err := putTags(ctx, api, from.ARN.ValueString(), from.AllTags(), tags); err != nil {
		return updated, err
	}
	if !to.EnableLogging.Equal(from.EnableLogging) {
		if err := setLogging(ctx, api, id, to.EnableLogging.ValueBool()); err != nil {
			return updated, fmt.Errorf("starting or stopping to log: %w", err)
		}
	}
	return updated, nil
}

// updateInput holds what is to change, the empty string where a setting goes
// away; nil where nothing changes. dependencies tells whether something is
// named that AWS checks the permissions of.
func updateInput(from, to trailModel) (in *cloudtrail.UpdateTrailInput, dependencies bool) {
	in = new(cloudtrail.UpdateTrailInput)
	text := func(into **string, a, b types.String) {
		if a.ValueString() != b.ValueString() {
			*into, dependencies = aws.String(b.ValueString()), true
		}
	}
	text(&in.S3BucketName, from.S3BucketName, to.S3BucketName)
	text(&in.S3KeyPrefix, from.S3KeyPrefix, to.S3KeyPrefix)
	text(&in.SnsTopicName, from.SNSTopicName, to.SNSTopicName)
	text(&in.KmsKeyId, from.KMSKeyID, to.KMSKeyID)
	group := func(m trailModel) types.String {
		return types.StringValue(withStar(m.CloudWatchLogsGroupARN.ValueString()))
	}
	text(&in.CloudWatchLogsLogGroupArn, group(from), group(to))
	text(&in.CloudWatchLogsRoleArn, from.CloudWatchLogsRoleARN, to.CloudWatchLogsRoleARN)
	if in.CloudWatchLogsLogGroupArn != nil || in.CloudWatchLogsRoleArn != nil { // CloudTrail takes only both
		in.CloudWatchLogsLogGroupArn = group(to).ValueStringPointer()
		in.CloudWatchLogsRoleArn = aws.String(to.CloudWatchLogsRoleARN.ValueString())
	}
	flags := flagChanges(in, from, to)
	if !flags && !dependencies {
		return nil, false
	}
	return in, dependencies || in.IsOrganizationTrail != nil
}

func flagChanges(in *cloudtrail.UpdateTrailInput, from, to trailModel) (changed bool) {
	flag := func(into **bool, a, b types.Bool) {
		if !a.Equal(b) {
			*into, changed = b.ValueBoolPointer(), true
		}
	}
	flag(&in.EnableLogFileValidation, from.EnableLogFileValidation, to.EnableLogFileValidation)
	flag(&in.IsOrganizationTrail, from.IsOrganizationTrail, to.IsOrganizationTrail)
	flag(&in.IncludeGlobalServiceEvents, from.IncludeGlobalServiceEvents, to.IncludeGlobalServiceEvents)
	flag(&in.IsMultiRegionTrail, from.IsMultiRegionTrail, to.IsMultiRegionTrail)
	return changed
}

// updateSelectors changes selectors and Insights. CloudTrail refuses selectors
// that cannot carry the Insights there are, and Insights that the selectors
// there are cannot carry; so what the new selectors do not carry goes first.
func updateSelectors(ctx context.Context, api *cloudtrail.Client, id string, from, to trailModel) error {
	var diags diag.Diagnostics
	old, want := selectorsOf(ctx, from, &diags), selectorsOf(ctx, to, &diags)
	if diags.HasError() {
		return errors.New("decoding selectors: " + diags.Errors()[0].Detail())
	}
	insights := old.insights
	if !same(canonicalBasic(old.basic), canonicalBasic(want.basic)) || !same(canonicalAdvanced(old.advanced), canonicalAdvanced(want.advanced)) {
		if carried := want.coverage().carried(insights); len(carried) < len(insights) {
			if err := putInsights(ctx, api, id, carried); err != nil {
				return fmt.Errorf("turning off its Insights: %w", err)
			}
			insights = carried
		}
		if err := putSelectors(ctx, api, id, want); err != nil {
			return fmt.Errorf("setting its event selectors: %w", err)
		}
	}
	if same(canonicalInsights(insights), canonicalInsights(want.insights)) {
		return nil
	}
	if err := putInsights(ctx, api, id, want.insights); err != nil {
		return fmt.Errorf("setting its Insights: %w", err)
	}
	return nil
}

func putTags(ctx context.Context, api *cloudtrail.Client, id string, from, to map[string]string) error {
	set, remove := fwk.Diff(from, to)
	if len(remove) > 0 {
		var list []awstypes.Tag
		for _, k := range remove {
			list = append(list, awstypes.Tag{Key: aws.String(k)})
		}
		if _, err := api.RemoveTags(ctx, &cloudtrail.RemoveTagsInput{ResourceId: &id, TagsList: list}); err != nil {
			return fmt.Errorf("removing its tags: %w", err)
		}
	}
	if len(set) > 0 {
		if _, err := api.AddTags(ctx, &cloudtrail.AddTagsInput{ResourceId: &id, TagsList: tagList(set)}); err != nil {
			return fmt.Errorf("setting its tags: %w", err)
		}
	}
	return nil
}

// errSettling says that reads still answer as before a change.
var errSettling = errors.New("the change is not visible yet")

// settle waits until reads show what was written, so that the refresh that
// comes next does not take an old answer for drift. It is no error if that
// does not happen in time: the next plan will show it.
func settle(ctx context.Context, api *cloudtrail.Client, m trailModel, tags map[string]string) {
	pending := func(err error) bool { return errors.Is(err, errSettling) || isNotFound(err) }
	_, _ = fwk.Await(ctx, settleTimeout, pending, func(ctx context.Context) (any, error) {
		found, err := readTrail(ctx, api, m.ARN.ValueString())
		if err != nil {
			return nil, err
		}
		var diags diag.Diagnostics
		now := found.model(ctx, m, aws.ToString(found.trail.KmsKeyId), &diags)
		if !settled(now, m) || !maps.Equal(withoutReserved(found.tags), tags) {
			return nil, errSettling
		}
		return nil, nil
	})
}

// settled compares what can be changed.
func settled(now, want trailModel) bool {
	in, _ := updateInput(now, want)
	return in == nil && now.EnableLogging.Equal(want.EnableLogging) && now.EventSelectors.Equal(want.EventSelectors) &&
		now.AdvancedEventSelectors.Equal(want.AdvancedEventSelectors) && now.InsightSelectors.Equal(want.InsightSelectors)
}

// withoutReserved leaves out the tags that AWS sets.
func withoutReserved(tags map[string]string) map[string]string {
	own := maps.Clone(tags)
	maps.DeleteFunc(own, func(k, _ string) bool { return strings.HasPrefix(k, "aws:") })
	return own
}

// topicOf gives the topic's ARN as AWS reported it, else as its name says.
func topicOf(topic types.String, reported *string, trail types.String) types.String {
	if topic.ValueString() == "" {
		return types.StringNull()
	}
	if reported != nil && *reported != "" {
		return types.StringValue(*reported)
	}
	at, _ := arn.Parse(trail.ValueString())
	return types.StringValue(topicARN(topic.ValueString(), at))
}
