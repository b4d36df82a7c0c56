package cloudtrail

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// putInsightSelectors turns insights on, or off with an empty list.
func (b *Backend) putInsightSelectors(ctx context.Context, in *cloudtrail.PutInsightSelectorsInput) (*cloudtrail.PutInsightSelectorsOutput, error) {
	if in.EventDataStore != nil || in.InsightsDestination != nil {
		return nil, wire.Errorf("InvalidParameterCombinationException", "There are no event data stores here: name a trail.")
	}
	t, err := b.own(ctx, in.TrailName)
	if err != nil {
		return nil, err
	}
	if in.InsightSelectors == nil {
		return nil, badInsights("InsightSelectors is required.")
	}
	if err := checkInsights(t, in.InsightSelectors); err != nil {
		return nil, err
	}
	t.insights = in.InsightSelectors
	b.trails.Put(ctx, t.settings.name, t)
	return &cloudtrail.PutInsightSelectorsOutput{TrailARN: aws.String(t.arn), InsightSelectors: t.insights}, nil
}

func (b *Backend) getInsightSelectors(ctx context.Context, in *cloudtrail.GetInsightSelectorsInput) (*cloudtrail.GetInsightSelectorsOutput, error) {
	if in.EventDataStore != nil {
		return nil, wire.Errorf("InvalidParameterCombinationException", "There are no event data stores here: name a trail.")
	}
	t, err := b.find(ctx, in.TrailName)
	if err != nil {
		return nil, err
	}
	if len(t.insights) == 0 {
		return nil, wire.Errorf("InsightNotEnabledException", "Trail %s does not have Insights enabled.", t.arn)
	}
	return &cloudtrail.GetInsightSelectorsOutput{TrailARN: aws.String(t.arn), InsightSelectors: t.insights}, nil
}

func badInsights(format string, args ...any) error {
	return wire.Errorf("InvalidInsightSelectorsException", format, args...)
}

// checkInsights: a rate of calls can only be watched in write events, a rate of
// errors in events of either kind. On data events both need any data events.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
func checkInsights(t trail, selectors []types.InsightSelector) error {
	var seen []types.InsightType
	for _, s := range selectors {
		if !slices.Contains(s.InsightType.Values(), s.InsightType) {
			return badInsights("Value %s for InsightType is invalid.", s.InsightType)
		}
		if slices.Contains(seen, s.InsightType) {
			return badInsights("InsightType %s appears more than once.", s.InsightType)
		}
		seen = append(seen, s.InsightType)
		if err := checkInsightSources(t, s); err != nil {
			return err
		}
	}
	return nil
}

func checkInsightSources(t trail, s types.InsightSelector) error {
	sources := s.EventCategories
	if len(sources) == 0 {
		sources = []types.SourceEventCategory{types.SourceEventCategoryManagement}
	}
	for _, source := range sources {
		switch source {
		case types.SourceEventCategoryManagement:
			reads, writes := t.managementEvents()
			if !writes && s.InsightType == types.InsightTypeApiCallRateInsight {
				return badInsights("Trail %s must log write management events for ApiCallRateInsight.", t.arn)
			}
			if !reads && !writes {
				return badInsights("Trail %s must log management events for %s.", t.arn, s.InsightType)
			}
		case types.SourceEventCategoryData:
			if !t.dataEvents() {
				return badInsights("Trail %s must log data events for %s on data events.", t.arn, s.InsightType)
			}
		default:
			return badInsights("Value %s for EventCategories is invalid.", source)
		}
	}
	return nil
}

// managementEvents tells which management events the trail logs.
func (t trail) managementEvents() (reads, writes bool) {
	for _, s := range t.selectors() {
		if aws.ToBool(s.IncludeManagementEvents) {
			reads = reads || s.ReadWriteType != types.ReadWriteTypeWriteOnly
			writes = writes || s.ReadWriteType != types.ReadWriteTypeReadOnly
		}
	}
	for _, s := range t.advanced {
		if fieldEquals(s, "eventCategory", "Management") {
			reads = reads || !fieldEquals(s, "readOnly", "false")
			writes = writes || !fieldEquals(s, "readOnly", "true")
		}
	}
	return reads, writes
}

func (t trail) dataEvents() bool {
	return slices.ContainsFunc(t.selectors(), func(s types.EventSelector) bool { return len(s.DataResources) > 0 }) ||
		slices.ContainsFunc(t.advanced, func(s types.AdvancedEventSelector) bool { return fieldEquals(s, "eventCategory", "Data") })
}

func fieldEquals(s types.AdvancedEventSelector, field, value string) bool {
	return slices.ContainsFunc(s.FieldSelectors, func(f types.AdvancedFieldSelector) bool {
		return aws.ToString(f.Field) == field && slices.Contains(f.Equals, value)
	})
}
