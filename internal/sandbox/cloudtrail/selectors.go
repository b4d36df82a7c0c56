package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// defaultSelectors is what a trail logs before anybody says otherwise: all
// management events.
func defaultSelectors() []types.EventSelector {
	return []types.EventSelector{{
		ReadWriteType:                 types.ReadWriteTypeAll,
		IncludeManagementEvents:       aws.Bool(true),
		DataResources:                 []types.DataResource{},
		ExcludeManagementEventSources: []string{},
	}}
}

// selectors gives the basic selectors in force; none where the trail has
// advanced ones.
func (t trail) selectors() []types.EventSelector {
	switch {
	case t.advanced != nil:
		return nil
	case t.basic != nil:
		return t.basic
	default:
		return defaultSelectors()
	}
}

// putEventSelectors replaces all selectors: the basic and the advanced ones
// take each other's place.
func (b *Backend) putEventSelectors(ctx context.Context, in *cloudtrail.PutEventSelectorsInput) (*cloudtrail.PutEventSelectorsOutput, error) {
	t, err := b.own(ctx, in.TrailName)
	if err != nil {
		return nil, err
	}
	switch {
	case len(in.EventSelectors) > 0 && len(in.AdvancedEventSelectors) > 0:
		return nil, wire.Errorf("InvalidParameterCombinationException", "EventSelectors and AdvancedEventSelectors cannot be used together.")
	case len(in.EventSelectors) > 0:
		t.basic, t.advanced = normalSelectors(in.EventSelectors), nil
		err = checkSelectors(t.basic)
	case len(in.AdvancedEventSelectors) > 0:
		t.basic, t.advanced = nil, in.AdvancedEventSelectors
		err = checkAdvanced(t.advanced)
	default:
		err = badSelectors("At least one event selector is required.")
	}
	if err != nil {
		return nil, err
	}
	b.trails.Put(ctx, t.settings.name, t)
	return &cloudtrail.PutEventSelectorsOutput{TrailARN: aws.String(t.arn), EventSelectors: t.basic, AdvancedEventSelectors: t.advanced}, nil
}

// normalSelectors fills in what was left out.
func normalSelectors(given []types.EventSelector) []types.EventSelector {
	full := make([]types.EventSelector, 0, len(given))
	for _, s := range given {
		if s.ReadWriteType == "" {
			s.ReadWriteType = types.ReadWriteTypeAll
		}
		s.IncludeManagementEvents = defaultTrue(s.IncludeManagementEvents)
		if s.DataResources == nil {
			s.DataResources = []types.DataResource{}
		}
		if s.ExcludeManagementEventSources == nil {
			s.ExcludeManagementEventSources = []string{}
		}
		full = append(full, s)
	}
	return full
}

func (b *Backend) getEventSelectors(ctx context.Context, in *cloudtrail.GetEventSelectorsInput) (*cloudtrail.GetEventSelectorsOutput, error) {
	t, err := b.find(ctx, in.TrailName)
	if err != nil {
		return nil, err
	}
	return &cloudtrail.GetEventSelectorsOutput{
		TrailARN: aws.String(t.arn), EventSelectors: t.selectors(), AdvancedEventSelectors: t.advanced,
	}, nil
}
