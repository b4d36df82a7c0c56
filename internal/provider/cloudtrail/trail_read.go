package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// errGone says that a trail does not exist any more.
var errGone = errors.New("the trail does not exist")

// foundTrail is everything AWS says of one trail.
type foundTrail struct {
	trail   awstypes.Trail
	logging bool
	selectors
	tags map[string]string
}

// readTrail reads a trail by its ARN, in its home Region.
func readTrail(ctx context.Context, api *cloudtrail.Client, id string) (found foundTrail, err error) {
	out, err := api.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: &id})
	if err != nil {
		return found, err
	}
	found.trail = *out.Trail
	status, err := api.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: &id})
	if err != nil {
		return found, fmt.Errorf("reading its status: %w", err)
	}
	found.logging = aws.ToBool(status.IsLogging)
	if found.selectors, err = readSelectors(ctx, api, id); err != nil {
		return found, err
	}
	found.tags, err = readTags(ctx, api, id)
	return found, err
}

func readSelectors(ctx context.Context, api *cloudtrail.Client, id string) (s selectors, err error) {
	events, err := api.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: &id})
	if err != nil {
		return s, fmt.Errorf("reading its event selectors: %w", err)
	}
	s.basic, s.advanced = basicFromAWS(events.EventSelectors), advancedFromAWS(events.AdvancedEventSelectors)
	insights, err := api.GetInsightSelectors(ctx, &cloudtrail.GetInsightSelectorsInput{TrailName: &id})
	var none *awstypes.InsightNotEnabledException
	var nowhere *awstypes.UnsupportedOperationException // Regions without Insights
	if errors.As(err, &none) || errors.As(err, &nowhere) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("reading its insight selectors: %w", err)
	}
	s.insights = insightsFromAWS(insights.InsightSelectors)
	return s, nil
}

func readTags(ctx context.Context, api *cloudtrail.Client, id string) (map[string]string, error) {
	tags := map[string]string{}
	pages := cloudtrail.NewListTagsPaginator(api, &cloudtrail.ListTagsInput{ResourceIdList: []string{id}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading its tags: %w", err)
		}
		for _, r := range page.ResourceTagList {
			for _, t := range r.TagsList {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
		}
	}
	return tags, nil
}

// isNotFound tells whether CloudTrail says that there is no such trail.
func isNotFound(err error) bool {
	var missing *awstypes.TrailNotFoundException
	return errors.As(err, &missing)
}

// gone decides what it means that CloudTrail does not find a trail: errGone,
// or why that cannot be said. The state holds the ARN and the home Region, so
// a wrong Region is no reason; but to another account, a trail that is
// there looks the same as one that is not. The trail of an organization
// belongs to the management account, whoever manages it.
func (r *trailResource) gone(ctx context.Context, m trailModel) error {
	identity, err := r.Provider().Session.Identity(ctx)
	if err != nil {
		return err
	}
	owner, err := arn.Parse(m.ARN.ValueString())
	if err != nil || identity.Account == "" || identity.Account == owner.AccountID || m.IsOrganizationTrail.ValueBool() {
		return errGone
	}
	return fmt.Errorf("CloudTrail does not find %s, which belongs to account %s, but the provider's credentials are for account %s: use credentials for the trail's account, or remove the trail from the state (terraform state rm) if it is gone",
		m.ARN.ValueString(), owner.AccountID, identity.Account)
}

// locate finds the ARN of a trail by its name in the Region of the import.
func (r *trailResource) locate(ctx context.Context, name string, resp *resource.ImportStateResponse) string {
	var m trailModel
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("region"), &m.Region)...)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if api == nil {
		return ""
	}
	out, err := api.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Importing", trailModel{Name: types.StringValue(name)}, err))
		return ""
	}
	var found, visible []string
	for _, t := range out.TrailList {
		visible = append(visible, aws.ToString(t.TrailARN))
		if aws.ToString(t.Name) == name {
			found = append(found, aws.ToString(t.TrailARN))
		}
	}
	if len(found) != 1 {
		resp.Diagnostics.AddError(fmt.Sprintf("Importing CloudTrail trail %q", name),
			fmt.Sprintf("%d trails of that name are visible in %s; import by ARN instead. Visible are: %v.", len(found), m.Region.ValueString(), visible))
		return ""
	}
	return found[0]
}

// model gives what AWS says of a trail, in the words of the model before where
// they mean the same. resolved is the ARN of the key that its kms_key_id stood
// for when it was last set.
func (f foundTrail) model(ctx context.Context, before trailModel, resolved string, diags *diag.Diagnostics) trailModel {
	t, m := f.trail, before
	at, _ := arn.Parse(aws.ToString(t.TrailARN)) // zero: compare as text
	m.ID, m.ARN = types.StringPointerValue(t.TrailARN), types.StringPointerValue(t.TrailARN)
	m.Name = types.StringPointerValue(t.Name)
	m.HomeRegion = types.StringPointerValue(t.HomeRegion)
	m.S3BucketName = types.StringPointerValue(t.S3BucketName)
	m.S3KeyPrefix = said(before.S3KeyPrefix, aws.ToString(t.S3KeyPrefix))
	m.CloudWatchLogsRoleARN = said(before.CloudWatchLogsRoleARN, aws.ToString(t.CloudWatchLogsRoleArn))
	m.EnableLogging = types.BoolValue(f.logging)
	m.EnableLogFileValidation = types.BoolValue(aws.ToBool(t.LogFileValidationEnabled))
	m.IncludeGlobalServiceEvents = types.BoolValue(aws.ToBool(t.IncludeGlobalServiceEvents))
	m.IsMultiRegionTrail = types.BoolValue(aws.ToBool(t.IsMultiRegionTrail))
	m.IsOrganizationTrail = types.BoolValue(aws.ToBool(t.IsOrganizationTrail))

	if group := aws.ToString(t.CloudWatchLogsLogGroupArn); !sameLogGroup(group, before.CloudWatchLogsGroupARN.ValueString(), at) {
		m.CloudWatchLogsGroupARN = said(before.CloudWatchLogsGroupARN, strings.TrimSuffix(group, ":*"))
	}
	if key := aws.ToString(t.KmsKeyId); key == "" || key != resolved && !sameKey(key, before.KMSKeyID.ValueString(), at) {
		m.KMSKeyID = said(before.KMSKeyID, key)
	}
	m.setTopic(t, at)
	diags.Append(m.setSelectors(ctx, f.selectors)...)
	return m
}

// setTopic stores the topic; a name stays a name while it is the same topic.
func (m *trailModel) setTopic(t awstypes.Trail, at arn.ARN) {
	topic := aws.ToString(t.SnsTopicARN)
	if topic == "" {
		topic = topicARN(aws.ToString(t.SnsTopicName), at) //nolint:staticcheck // some endpoints have only the old member
	}
	unchanged := topic != "" && (topic == m.SNSTopicARN.ValueString() || sameTopic(topic, m.SNSTopicName.ValueString(), at)) && m.SNSTopicName.ValueString() != ""
	if !unchanged {
		m.SNSTopicName = said(m.SNSTopicName, topic)
	}
	m.SNSTopicARN = types.StringNull()
	if topic != "" {
		m.SNSTopicARN = types.StringValue(topic)
	}
}

// said gives a value; "nothing" in the words in which it was said, null or "".
func said(before types.String, now string) types.String {
	if now != "" {
		return types.StringValue(now)
	}
	if before.IsNull() || before.ValueString() != "" {
		return types.StringNull()
	}
	return before
}
