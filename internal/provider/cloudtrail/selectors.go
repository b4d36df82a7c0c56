package cloudtrail

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// eventSelector is one `event_selector` block. The values of a block are
// decoded only where all of them are known.
type eventSelector struct {
	ReadWriteType                 *string        `tfsdk:"read_write_type" json:"rw"`
	IncludeManagementEvents       *bool          `tfsdk:"include_management_events" json:"mgmt"`
	ExcludeManagementEventSources []string       `tfsdk:"exclude_management_event_sources" json:"ex"`
	DataResources                 []dataResource `tfsdk:"data_resource" json:"data"`
}

// dataResource is one `data_resource` block of an [eventSelector].
type dataResource struct {
	Type   *string  `tfsdk:"type" json:"t"`
	Values []string `tfsdk:"values" json:"v"`
}

// advancedSelector is one `advanced_event_selector` block.
type advancedSelector struct {
	Name           *string         `tfsdk:"name" json:"n"`
	FieldSelectors []fieldSelector `tfsdk:"field_selector" json:"f"`
}

// fieldSelector is one `field_selector` block of an [advancedSelector].
type fieldSelector struct {
	Field         *string  `tfsdk:"field" json:"f"`
	Equals        []string `tfsdk:"equals" json:"eq"`
	NotEquals     []string `tfsdk:"not_equals" json:"ne"`
	StartsWith    []string `tfsdk:"starts_with" json:"sw"`
	NotStartsWith []string `tfsdk:"not_starts_with" json:"nsw"`
	EndsWith      []string `tfsdk:"ends_with" json:"ew"`
	NotEndsWith   []string `tfsdk:"not_ends_with" json:"new"`
}

// insightSelector is one `insight_selector` block.
type insightSelector struct {
	InsightType     *string  `tfsdk:"insight_type" json:"t"`
	EventCategories []string `tfsdk:"event_categories" json:"c"`
}

// selectors is what a trail selects: basic or advanced selectors, never both,
// and Insights.
type selectors struct {
	basic    []eventSelector
	advanced []advancedSelector
	insights []insightSelector
}

// selectorsOf decodes the blocks of a model whose values are all known.
func selectorsOf(ctx context.Context, m trailModel, diags *diag.Diagnostics) (s selectors) {
	diags.Append(m.EventSelectors.ElementsAs(ctx, &s.basic, false)...)
	diags.Append(m.AdvancedEventSelectors.ElementsAs(ctx, &s.advanced, false)...)
	diags.Append(m.InsightSelectors.ElementsAs(ctx, &s.insights, false)...)
	return s
}

// known tells whether a value has no unknown part.
func known(ctx context.Context, v attr.Value) bool {
	raw, err := v.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}

// defaultSelector is what CloudTrail selects on a trail that nobody gave
// selectors: management events, read and write.
func defaultSelector() []eventSelector {
	return []eventSelector{{ReadWriteType: aws.String(string(awstypes.ReadWriteTypeAll)), IncludeManagementEvents: aws.Bool(true)}}
}

// isDefault tells whether selectors mean the same as none: the basic default,
// or the advanced selector that the console writes for it.
func (s selectors) isDefault() bool {
	advanced := []advancedSelector{{FieldSelectors: []fieldSelector{{Field: aws.String("eventCategory"), Equals: []string{"Management"}}}}}
	switch {
	case len(s.basic) > 0:
		return same(canonicalBasic(s.basic), canonicalBasic(defaultSelector()))
	case len(s.advanced) == 1:
		unnamed := slices.Clone(s.advanced)
		unnamed[0].Name = nil
		return same(canonicalAdvanced(unnamed), canonicalAdvanced(advanced))
	}
	return len(s.advanced) == 0
}

// The canonical forms have neither order nor defaults, so that two lists of
// selectors with one meaning are one text. CloudTrail gives no promise to
// return what it was sent in the order it was sent.

func canonicalBasic(list []eventSelector) []string {
	var out []string
	for _, s := range list {
		if s.ReadWriteType == nil {
			s.ReadWriteType = aws.String(string(awstypes.ReadWriteTypeAll))
		}
		if s.IncludeManagementEvents == nil {
			s.IncludeManagementEvents = aws.Bool(true)
		}
		s.ExcludeManagementEventSources = sorted(s.ExcludeManagementEventSources)
		var data []string
		for _, d := range s.DataResources {
			d.Values = sorted(d.Values)
			data = append(data, text(d))
		}
		s.DataResources = nil
		out = append(out, text(s)+text(sorted(data)))
	}
	return sorted(out)
}

func canonicalAdvanced(list []advancedSelector) []string {
	var out []string
	for _, s := range list {
		var fields []string
		for _, f := range s.FieldSelectors {
			for _, values := range f.operators() {
				*values = sorted(*values)
			}
			fields = append(fields, text(f))
		}
		out = append(out, aws.ToString(s.Name)+text(sorted(fields)))
	}
	return sorted(out)
}

func canonicalInsights(list []insightSelector) []string {
	var out []string
	for _, s := range list {
		if len(s.EventCategories) == 0 {
			s.EventCategories = []string{string(awstypes.SourceEventCategoryManagement)}
		}
		s.EventCategories = sorted(s.EventCategories)
		out = append(out, text(s))
	}
	return sorted(out)
}

// operators gives the values of each operator, to read or to change.
func (f *fieldSelector) operators() []*[]string {
	return []*[]string{&f.Equals, &f.NotEquals, &f.StartsWith, &f.NotStartsWith, &f.EndsWith, &f.NotEndsWith}
}

func same(a, b []string) bool { return slices.Equal(a, b) }

// sorted gives a sorted copy; nil where there is nothing.
func sorted(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

func text(v any) string {
	b, _ := json.Marshal(v) // strings and booleans only: no error is possible
	return string(b)
}
