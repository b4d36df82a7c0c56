package cloudtrail

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// Quotas of a trail's selectors; AWS raises none of them.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const (
	maxBasicSelectors = 5
	maxDataValues     = 250 // basic selectors, all together
	maxAdvancedValues = 500 // advanced selectors, all together
)

// ValidateConfig refuses what only shows when attributes are seen together.
// What is not known yet is left to AWS.
func (r *trailResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, ok := fwk.Load[trailModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	checkLogDelivery(m, &resp.Diagnostics)
	checkRegions(m, &resp.Diagnostics)
	if len(m.EventSelectors.Elements()) > 0 && len(m.AdvancedEventSelectors.Elements()) > 0 {
		resp.Diagnostics.AddAttributeError(path.Root("advanced_event_selector"), "Basic and advanced event selectors exclude each other",
			"A CloudTrail trail has either event_selector or advanced_event_selector blocks. Every basic selector can be written as an advanced one.")
		return
	}
	checkBasic(ctx, m.EventSelectors, &resp.Diagnostics)
	checkAdvanced(ctx, m.AdvancedEventSelectors, &resp.Diagnostics)
	checkInsights(ctx, m, &resp.Diagnostics)
}

func checkLogDelivery(m trailModel, diags *diag.Diagnostics) {
	group, role := m.CloudWatchLogsGroupARN, m.CloudWatchLogsRoleARN
	if group.IsUnknown() || role.IsUnknown() {
		return
	}
	const detail = "CloudTrail sends events to a log group with a role, and takes both or neither: cloud_watch_logs_group_arn and cloud_watch_logs_role_arn."
	switch {
	case group.ValueString() != "" && role.ValueString() == "":
		diags.AddAttributeError(path.Root("cloud_watch_logs_group_arn"), "A log group without a role", detail)
	case group.ValueString() == "" && role.ValueString() != "":
		diags.AddAttributeError(path.Root("cloud_watch_logs_role_arn"), "A role without a log group", detail)
	}
}

func checkRegions(m trailModel, diags *diag.Diagnostics) {
	everywhere := m.IsMultiRegionTrail.IsNull() || m.IsMultiRegionTrail.ValueBool()
	noGlobal := !m.IncludeGlobalServiceEvents.IsNull() && !m.IncludeGlobalServiceEvents.IsUnknown() && !m.IncludeGlobalServiceEvents.ValueBool()
	if everywhere && noGlobal && !m.IsMultiRegionTrail.IsUnknown() {
		diags.AddAttributeError(path.Root("include_global_service_events"), "A multi-Region trail records global service events",
			"CloudTrail refuses a multi-Region trail that leaves them out. Remove this attribute, or set is_multi_region_trail = false (its default here is true).")
	}
}

func checkBasic(ctx context.Context, list types.List, diags *diag.Diagnostics) {
	values := 0
	for i, element := range list.Elements() {
		s, ok := decode[eventSelector](ctx, element)
		if !ok {
			continue
		}
		at := path.Root("event_selector").AtListIndex(i)
		for _, d := range s.DataResources {
			values += len(d.Values)
		}
		management := s.IncludeManagementEvents == nil || *s.IncludeManagementEvents
		if !management && len(s.DataResources) == 0 {
			diags.AddAttributeError(at, "The event selector selects nothing",
				"It leaves management events out (include_management_events = false) and has no data_resource. CloudTrail refuses such a selector.")
		}
		if !management && len(s.ExcludeManagementEventSources) > 0 {
			diags.AddAttributeError(at.AtName("exclude_management_event_sources"), "Nothing to exclude from",
				"The selector leaves all management events out already (include_management_events = false).")
		}
	}
	if values > maxDataValues {
		diags.AddAttributeError(path.Root("event_selector"), "Too many data resources",
			fmt.Sprintf("All selectors of a trail together hold up to %d values of data_resource; these hold %d. Advanced event selectors take up to %d, and prefixes (starts_with).", maxDataValues, values, maxAdvancedValues))
	}
}

// checkAdvanced checks what AWS documents for all fields, and for the three
// whose rules the others build on. Which other fields there are, AWS knows.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
func checkAdvanced(ctx context.Context, list types.List, diags *diag.Diagnostics) {
	values := 0
	for i, element := range list.Elements() {
		s, ok := decode[advancedSelector](ctx, element)
		if !ok {
			continue
		}
		at := path.Root("advanced_event_selector").AtListIndex(i)
		for j := range s.FieldSelectors {
			values += s.FieldSelectors[j].count()
			checkField(&s.FieldSelectors[j], at.AtName("field_selector").AtListIndex(j), diags)
		}
		checkCategory(s, at, diags)
	}
	if values > maxAdvancedValues {
		diags.AddAttributeError(path.Root("advanced_event_selector"), "Too many values",
			fmt.Sprintf("All advanced event selectors of a trail together hold up to %d values; these hold %d.", maxAdvancedValues, values))
	}
}

func checkCategory(s advancedSelector, at path.Path, diags *diag.Diagnostics) {
	categories := s.equals("eventCategory")
	switch {
	case len(categories) != 1:
		diags.AddAttributeError(at, "The selector needs one event category",
			"Each advanced event selector has a field_selector with field = \"eventCategory\" that equals one value, such as Management, Data or NetworkActivity.")
	case categories[0] == "Data" && len(s.equals("resources.type")) == 0:
		diags.AddAttributeError(at, "The selector needs a resource type",
			"An advanced event selector for data events has a field_selector with field = \"resources.type\" and the type in equals, such as AWS::S3::Object.")
	}
}

func checkField(f *fieldSelector, at path.Path, diags *diag.Diagnostics) {
	field := aws.ToString(f.Field)
	switch {
	case f.count() == 0:
		diags.AddAttributeError(at, "The field selector has no values", "It needs at least one operator (equals, starts_with, ...) with a value.")
	case slices.Contains([]string{"readOnly", "eventCategory", "resources.type"}, field) && f.count() != len(f.Equals):
		diags.AddAttributeError(at, "The field takes no other operator than equals",
			fmt.Sprintf("CloudTrail compares %s with equals only.", field))
	case field == "readOnly" && !slices.Equal(f.Equals, []string{"true"}) && !slices.Equal(f.Equals, []string{"false"}):
		diags.AddAttributeError(at.AtName("equals"), "readOnly is true or false", "CloudTrail takes one of the values true and false. Leave the field out to select both.")
	}
}

// count is the number of values, over all operators.
func (f *fieldSelector) count() (n int) {
	for _, values := range f.operators() {
		n += len(*values)
	}
	return n
}

// equals gives the values that a field must equal.
func (s advancedSelector) equals(field string) []string {
	for _, f := range s.FieldSelectors {
		if aws.ToString(f.Field) == field {
			return f.Equals
		}
	}
	return nil
}

// coverage is what kinds of events selectors record.
type coverage struct{ read, write, data bool }

func (s selectors) coverage() (c coverage) {
	for _, b := range s.basic {
		c.data = c.data || len(b.DataResources) > 0
		if b.IncludeManagementEvents == nil || *b.IncludeManagementEvents {
			kind := awstypes.ReadWriteType(aws.ToString(b.ReadWriteType))
			c.read = c.read || kind != awstypes.ReadWriteTypeWriteOnly
			c.write = c.write || kind != awstypes.ReadWriteTypeReadOnly
		}
	}
	for _, a := range s.advanced {
		category, readOnly := a.equals("eventCategory"), a.equals("readOnly")
		c.data = c.data || slices.Contains(category, "Data")
		if slices.Contains(category, "Management") {
			c.read = c.read || !slices.Equal(readOnly, []string{"false"})
			c.write = c.write || !slices.Equal(readOnly, []string{"true"})
		}
	}
	if len(s.basic)+len(s.advanced) == 0 {
		c.read, c.write = true, true
	}
	return c
}

// missing says which events an insight needs that are not recorded; empty
// where it has what it needs.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
func (c coverage) missing(i insightSelector) string {
	management := len(i.EventCategories) == 0 || slices.Contains(i.EventCategories, string(awstypes.SourceEventCategoryManagement))
	data := slices.Contains(i.EventCategories, string(awstypes.SourceEventCategoryData))
	switch kind := awstypes.InsightType(aws.ToString(i.InsightType)); {
	case management && kind == awstypes.InsightTypeApiCallRateInsight && !c.write:
		return "write management events"
	case management && kind == awstypes.InsightTypeApiErrorRateInsight && !c.write && !c.read:
		return "read or write management events"
	case data && !c.data:
		return "data events"
	}
	return ""
}

// carried gives the insights that have the events they need.
func (c coverage) carried(list []insightSelector) []insightSelector {
	return slices.DeleteFunc(slices.Clone(list), func(i insightSelector) bool { return c.missing(i) != "" })
}

func checkInsights(ctx context.Context, m trailModel, diags *diag.Diagnostics) {
	if !known(ctx, m.EventSelectors) || !known(ctx, m.AdvancedEventSelectors) {
		return
	}
	c := selectorsOf(ctx, trailModel{EventSelectors: m.EventSelectors, AdvancedEventSelectors: m.AdvancedEventSelectors, InsightSelectors: types.ListNull(m.InsightSelectors.ElementType(ctx))}, diags).coverage()
	for n, element := range m.InsightSelectors.Elements() {
		i, ok := decode[insightSelector](ctx, element)
		if !ok {
			continue
		}
		if missing := c.missing(i); missing != "" {
			diags.AddAttributeError(path.Root("insight_selector").AtListIndex(n), "Insights need "+missing,
				fmt.Sprintf("CloudTrail computes %s from %s, and the selectors of this trail leave them out. Select them, or remove the insight_selector.", aws.ToString(i.InsightType), missing))
		}
	}
}

// decode reads one block all of whose values are known.
func decode[T any](ctx context.Context, element attr.Value) (v T, ok bool) {
	if !known(ctx, element) {
		return v, false
	}
	diags := tfsdk.ValueAs(ctx, element, &v)
	return v, !diags.HasError()
}
