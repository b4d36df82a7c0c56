package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// createTrail makes the trail with all that CreateTrail takes. What its bucket,
// key, topic and role allow may be as new as the trail itself, so that is
// waited for.
func createTrail(ctx context.Context, api *cloudtrail.Client, m trailModel, tags map[string]string) (*cloudtrail.CreateTrailOutput, error) {
	in := createInput(m, tags)
	tracked, outcome := awscfg.Track(ctx)
	out, err := fwk.Await(tracked, propagationTimeout, isPropagating, func(ctx context.Context) (*cloudtrail.CreateTrailOutput, error) {
		return api.CreateTrail(ctx, in)
	})
	var exists *awstypes.TrailAlreadyExistsException
	if errors.As(err, &exists) && outcome.Ambiguous() {
		if ours, ok := ownAttempt(ctx, api, in); ok {
			return ours, nil // an attempt whose answer was lost had created it
		}
	}
	return out, err
}

func createInput(m trailModel, tags map[string]string) *cloudtrail.CreateTrailInput {
	in := &cloudtrail.CreateTrailInput{
		Name:                       m.Name.ValueStringPointer(),
		S3BucketName:               m.S3BucketName.ValueStringPointer(),
		S3KeyPrefix:                orNone(m.S3KeyPrefix),
		SnsTopicName:               orNone(m.SNSTopicName),
		CloudWatchLogsLogGroupArn:  orNone(types.StringValue(withStar(m.CloudWatchLogsGroupARN.ValueString()))),
		CloudWatchLogsRoleArn:      orNone(m.CloudWatchLogsRoleARN),
		KmsKeyId:                   orNone(m.KMSKeyID),
		EnableLogFileValidation:    m.EnableLogFileValidation.ValueBoolPointer(),
		IncludeGlobalServiceEvents: m.IncludeGlobalServiceEvents.ValueBoolPointer(),
		IsMultiRegionTrail:         m.IsMultiRegionTrail.ValueBoolPointer(),
		TagsList:                   tagList(tags),
	}
	if m.IsOrganizationTrail.ValueBool() {
		in.IsOrganizationTrail = aws.Bool(true)
	}
	return in
}

// orNone gives nothing for null and "".
func orNone(s types.String) *string {
	if s.ValueString() == "" {
		return nil
	}
	return s.ValueStringPointer()
}

func tagList(tags map[string]string) []awstypes.Tag {
	var list []awstypes.Tag
	for k, v := range tags {
		list = append(list, awstypes.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	slices.SortFunc(list, func(a, b awstypes.Tag) int { return strings.Compare(*a.Key, *b.Key) })
	return list
}

// ownAttempt looks at the trail that is there instead of the one to be made.
// CloudTrail does not say when a trail was created; but one that was just
// created has the settings asked for and has never logged.
func ownAttempt(ctx context.Context, api *cloudtrail.Client, in *cloudtrail.CreateTrailInput) (*cloudtrail.CreateTrailOutput, bool) {
	got, err := api.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: in.Name})
	if err != nil {
		return nil, false
	}
	status, err := api.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: got.Trail.TrailARN})
	if err != nil || aws.ToBool(status.IsLogging) || status.StartLoggingTime != nil {
		return nil, false
	}
	t := got.Trail
	asked := aws.ToString(t.S3BucketName) == aws.ToString(in.S3BucketName) &&
		aws.ToString(t.S3KeyPrefix) == aws.ToString(in.S3KeyPrefix) &&
		aws.ToBool(t.IsMultiRegionTrail) == aws.ToBool(in.IsMultiRegionTrail) &&
		aws.ToBool(t.IsOrganizationTrail) == aws.ToBool(in.IsOrganizationTrail) &&
		aws.ToBool(t.LogFileValidationEnabled) == aws.ToBool(in.EnableLogFileValidation)
	return &cloudtrail.CreateTrailOutput{TrailARN: t.TrailARN, Name: t.Name, KmsKeyId: t.KmsKeyId, SnsTopicARN: t.SnsTopicARN}, asked
}

// created stores what only AWS knew before.
func (m *trailModel) created(made *cloudtrail.CreateTrailOutput) {
	m.ARN = types.StringPointerValue(made.TrailARN)
	m.ID = m.ARN
	m.HomeRegion = m.Region
	m.SNSTopicARN = topicOf(m.SNSTopicName, made.SnsTopicARN, m.ARN)
}

// finishTrail does what CreateTrail does not: selectors, Insights, logging.
// A step that fails does not keep the later ones from being tried: a trail that
// logs AWS's default is better than one that logs nothing. The id is what the
// trail is called in requests.
func finishTrail(ctx context.Context, api *cloudtrail.Client, m trailModel, id string) (diags diag.Diagnostics) {
	want := selectorsOf(ctx, m, &diags)
	if diags.HasError() {
		return diags
	}
	steps := []struct {
		needed bool
		what   string
		do     func(context.Context) error
	}{
		{len(want.basic)+len(want.advanced) > 0, "setting its event selectors", func(ctx context.Context) error { return putSelectors(ctx, api, id, want) }},
		{len(want.insights) > 0, "turning on its Insights", func(ctx context.Context) error { return putInsights(ctx, api, id, want.insights) }},
		{m.EnableLogging.ValueBool(), "starting to log", func(ctx context.Context) error { return setLogging(ctx, api, id, true) }},
	}
	for _, step := range steps {
		if !step.needed {
			continue
		}
		// A trail this new may not be known everywhere yet.
		_, err := fwk.Await(ctx, appearTimeout, isNotFound, func(ctx context.Context) (any, error) { return nil, step.do(ctx) })
		if err != nil {
			diags.Append(fwk.Unfinished(fmt.Sprintf("CloudTrail trail %q", m.Name.ValueString()), fmt.Errorf("%s: %w", step.what, err), adviceFor(err, m, m.ARN.ValueString())))
		}
	}
	if diags.WarningsCount() == 0 {
		settle(ctx, api, m, m.AllTags())
	}
	return diags
}

func putSelectors(ctx context.Context, api *cloudtrail.Client, id string, want selectors) error {
	in := &cloudtrail.PutEventSelectorsInput{TrailName: &id}
	switch {
	case len(want.advanced) > 0:
		in.AdvancedEventSelectors = advancedToAWS(want.advanced)
	case len(want.basic) > 0:
		in.EventSelectors = basicToAWS(want.basic)
	default: // selectors cannot be taken away, only set to what AWS begins with
		in.EventSelectors = basicToAWS(defaultSelector())
	}
	_, err := api.PutEventSelectors(ctx, in)
	return err
}

func putInsights(ctx context.Context, api *cloudtrail.Client, id string, want []insightSelector) error {
	_, err := api.PutInsightSelectors(ctx, &cloudtrail.PutInsightSelectorsInput{TrailName: &id, InsightSelectors: insightsToAWS(want)})
	return err
}

func setLogging(ctx context.Context, api *cloudtrail.Client, id string, on bool) error {
	var err error
	if on {
		_, err = api.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: &id})
	} else {
		_, err = api.StopLogging(ctx, &cloudtrail.StopLoggingInput{Name: &id})
	}
	return err
}
