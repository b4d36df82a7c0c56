package cloudtrail

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func basicToAWS(list []eventSelector) []awstypes.EventSelector {
	var out []awstypes.EventSelector
	for _, s := range list {
		e := awstypes.EventSelector{
			ReadWriteType:                 awstypes.ReadWriteType(aws.ToString(s.ReadWriteType)),
			IncludeManagementEvents:       s.IncludeManagementEvents,
			ExcludeManagementEventSources: s.ExcludeManagementEventSources,
		}
		for _, d := range s.DataResources {
			e.DataResources = append(e.DataResources, awstypes.DataResource{Type: d.Type, Values: d.Values})
		}
		out = append(out, e)
	}
	return out
}

func basicFromAWS(list []awstypes.EventSelector) []eventSelector {
	var out []eventSelector
	for _, e := range list {
		s := eventSelector{
			ReadWriteType:                 aws.String(string(e.ReadWriteType)),
			IncludeManagementEvents:       e.IncludeManagementEvents,
			ExcludeManagementEventSources: orNil(e.ExcludeManagementEventSources),
			DataResources:                 []dataResource{}, // a block list is empty, never null
		}
		if e.ReadWriteType == "" {
			s.ReadWriteType = aws.String(string(awstypes.ReadWriteTypeAll))
		}
		if s.IncludeManagementEvents == nil {
			s.IncludeManagementEvents = aws.Bool(true)
		}
		for _, d := range e.DataResources {
			s.DataResources = append(s.DataResources, dataResource{Type: d.Type, Values: d.Values})
		}
		out = append(out, s)
	}
	return out
}

func advancedToAWS(list []advancedSelector) []awstypes.AdvancedEventSelector {
	var out []awstypes.AdvancedEventSelector
	for _, s := range list {
		a := awstypes.AdvancedEventSelector{Name: s.Name}
		for _, f := range s.FieldSelectors {
			a.FieldSelectors = append(a.FieldSelectors, awstypes.AdvancedFieldSelector{
				Field: f.Field, Equals: orNil(f.Equals), NotEquals: orNil(f.NotEquals),
				StartsWith: orNil(f.StartsWith), NotStartsWith: orNil(f.NotStartsWith),
				EndsWith: orNil(f.EndsWith), NotEndsWith: orNil(f.NotEndsWith),
			})
		}
		out = append(out, a)
	}
	return out
}

func advancedFromAWS(list []awstypes.AdvancedEventSelector) []advancedSelector {
	var out []advancedSelector
	for _, a := range list {
		s := advancedSelector{FieldSelectors: []fieldSelector{}}
		if aws.ToString(a.Name) != "" {
			s.Name = a.Name
		}
		for _, f := range a.FieldSelectors {
			s.FieldSelectors = append(s.FieldSelectors, fieldSelector{
				Field: f.Field, Equals: orNil(f.Equals), NotEquals: orNil(f.NotEquals),
				StartsWith: orNil(f.StartsWith), NotStartsWith: orNil(f.NotStartsWith),
				EndsWith: orNil(f.EndsWith), NotEndsWith: orNil(f.NotEndsWith),
			})
		}
		out = append(out, s)
	}
	return out
}

// insightsToAWS never gives nil: an empty list turns Insights off.
func insightsToAWS(list []insightSelector) []awstypes.InsightSelector {
	out := []awstypes.InsightSelector{}
	for _, s := range list {
		i := awstypes.InsightSelector{InsightType: awstypes.InsightType(aws.ToString(s.InsightType))}
		for _, c := range s.EventCategories {
			i.EventCategories = append(i.EventCategories, awstypes.SourceEventCategory(c))
		}
		out = append(out, i)
	}
	return out
}

func insightsFromAWS(list []awstypes.InsightSelector) []insightSelector {
	var out []insightSelector
	for _, i := range list {
		s := insightSelector{InsightType: aws.String(string(i.InsightType))}
		for _, c := range i.EventCategories {
			s.EventCategories = append(s.EventCategories, string(c))
		}
		// Management alone is the default; it stays unsaid where nobody said it.
		if slices.Equal(s.EventCategories, []string{string(awstypes.SourceEventCategoryManagement)}) {
			s.EventCategories = nil
		}
		out = append(out, s)
	}
	return out
}

// setSelectors stores what AWS reports. Blocks that say the same in other
// words stay as they are, and so do absent blocks where AWS reports its default.
func (m *trailModel) setSelectors(ctx context.Context, now selectors) (diags diag.Diagnostics) {
	before := selectorsOf(ctx, *m, &diags)
	unset := len(before.basic)+len(before.advanced) == 0
	if unset && now.isDefault() {
		now.basic, now.advanced = nil, nil
	}
	store(ctx, &m.EventSelectors, now.basic, same(canonicalBasic(before.basic), canonicalBasic(now.basic)), &diags)
	store(ctx, &m.AdvancedEventSelectors, now.advanced, same(canonicalAdvanced(before.advanced), canonicalAdvanced(now.advanced)), &diags)
	store(ctx, &m.InsightSelectors, now.insights, same(canonicalInsights(before.insights), canonicalInsights(now.insights)), &diags)
	return diags
}

// store puts a list of blocks into a model unless that says the same already.
func store[T any](ctx context.Context, into *types.List, list []T, unchanged bool, diags *diag.Diagnostics) {
	if unchanged {
		return
	}
	if list == nil {
		list = []T{}
	}
	v, d := types.ListValueFrom(ctx, into.ElementType(ctx), list)
	diags.Append(d...)
	*into = v
}

func orNil(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
