package logs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

var (
	_ resource.ResourceWithConfigure      = (*metricFilterResource)(nil)
	_ resource.ResourceWithImportState    = (*metricFilterResource)(nil)
	_ resource.ResourceWithMoveState      = (*metricFilterResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*metricFilterResource)(nil)
	_ resource.ResourceWithValidateConfig = (*metricFilterResource)(nil)
)

// errFilterNotFound says that the group has no filter of that name.
var errFilterNotFound = errors.New("there is no such metric filter")

// NewMetricFilterResource makes vigil_metric_filter.
func NewMetricFilterResource() resource.Resource {
	return &metricFilterResource{fwk.Resource{
		Name:  "metric_filter",
		Moved: fwk.Moved{From: "aws_cloudwatch_log_metric_filter", Keeps: []string{"name", "log_group_name"}},
	}}
}

type metricFilterResource struct{ fwk.Resource }

type metricFilterModel struct {
	ID                     types.String `tfsdk:"id"`
	Name                   types.String `tfsdk:"name"`
	LogGroupName           types.String `tfsdk:"log_group_name"`
	Pattern                types.String `tfsdk:"pattern"`
	ApplyOnTransformedLogs types.Bool   `tfsdk:"apply_on_transformed_logs"`
	SystemFields           types.Set    `tfsdk:"emit_system_field_dimensions"`
	FieldSelection         types.String `tfsdk:"field_selection_criteria"`
	Transformations        types.List   `tfsdk:"metric_transformation"`
	fwk.Located
}

type transformationModel struct {
	Name         types.String  `tfsdk:"name"`
	Namespace    types.String  `tfsdk:"namespace"`
	Value        types.String  `tfsdk:"value"`
	DefaultValue types.Float64 `tfsdk:"default_value"`
	Dimensions   types.Map     `tfsdk:"dimensions"`
	Unit         types.String  `tfsdk:"unit"`
}

func transformationType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"name": types.StringType, "namespace": types.StringType, "value": types.StringType,
		"default_value": types.Float64Type, "dimensions": types.MapType{ElemType: types.StringType}, "unit": types.StringType,
	}}
}

func (m metricFilterModel) String() string {
	return fmt.Sprintf("metric filter %q of log group %q", m.Name.ValueString(), m.LogGroupName.ValueString())
}

// Create makes a new filter. PutMetricFilter would overwrite one that exists,
// so it is looked for first.
func (r *metricFilterResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m, ok := fwk.Load[metricFilterModel](ctx, req.Plan, &resp.Diagnostics)
	api := clientFor(ctx, &r.Resource, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Create, operationTimeout, &resp.Diagnostics)
	defer cancel()
	_, err := findFilter(ctx, api, m.LogGroupName.ValueString(), m.Name.ValueString())
	if err == nil {
		resp.Diagnostics.Append(fwk.Problem("Creating "+m.String(), errors.New("it exists already, and creating it would overwrite it"),
			fwk.ImportAdvice("vigil_metric_filter", m.LogGroupName.ValueString()+":"+m.Name.ValueString())))
		return
	}
	if isFilterNotFound(err) {
		err = putFilter(ctx, api, m)
	}
	if err != nil {
		resp.Diagnostics.Append(fwk.Problem("Creating "+m.String(), err))
		return
	}
	m.ID = m.Name
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *metricFilterResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	m, ok := fwk.Load[metricFilterModel](ctx, req.State, &resp.Diagnostics)
	api := clientFor(ctx, &r.Resource, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Read, operationTimeout, &resp.Diagnostics)
	defer cancel()
	filter, err := findFilter(ctx, api, m.LogGroupName.ValueString(), m.Name.ValueString())
	if isFilterNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(fwk.Problem("Reading "+m.String(), err))
		return
	}
	m, d := metricFilterModelOf(ctx, filter, m)
	resp.Diagnostics.Append(d...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *metricFilterResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m, ok := fwk.Load[metricFilterModel](ctx, req.Plan, &resp.Diagnostics)
	api := clientFor(ctx, &r.Resource, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Update, operationTimeout, &resp.Diagnostics)
	defer cancel()
	if err := putFilter(ctx, api, m); err != nil {
		resp.Diagnostics.Append(fwk.Problem("Updating "+m.String(), err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *metricFilterResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	m, ok := fwk.Load[metricFilterModel](ctx, req.State, &resp.Diagnostics)
	api := clientFor(ctx, &r.Resource, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Delete, operationTimeout, &resp.Diagnostics)
	defer cancel()
	_, err := api.DeleteMetricFilter(ctx, &cloudwatchlogs.DeleteMetricFilterInput{
		FilterName: m.Name.ValueStringPointer(), LogGroupName: m.LogGroupName.ValueStringPointer(),
	})
	if err != nil && !isFilterNotFound(err) { // with its group, a filter is gone too
		resp.Diagnostics.Append(fwk.Problem("Deleting "+m.String(), err))
	}
}

// ImportState takes GROUP:FILTER or GROUP:FILTER@REGION.
func (r *metricFilterResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := r.ImportRegion(ctx, req.ID, resp)
	group, name, ok := strings.Cut(id, ":")
	if !ok || group == "" || name == "" {
		resp.Diagnostics.AddError("Importing vigil_metric_filter", fmt.Sprintf("The id is LOG_GROUP_NAME:FILTER_NAME. Got: %q.", req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("log_group_name"), group)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
}

// findFilter gives the filter, or errFilterNotFound.
func findFilter(ctx context.Context, api *cloudwatchlogs.Client, group, name string) (awstypes.MetricFilter, error) {
	out, err := api.DescribeMetricFilters(ctx, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: &group, FilterNamePrefix: &name})
	if err != nil {
		return awstypes.MetricFilter{}, err
	}
	// Sorted by name, as groups are: see findLogGroup.
	for _, f := range out.MetricFilters {
		if aws.ToString(f.FilterName) == name {
			return f, nil
		}
	}
	return awstypes.MetricFilter{}, errFilterNotFound
}

func isFilterNotFound(err error) bool { return errors.Is(err, errFilterNotFound) || isNotFound(err) }

func putFilter(ctx context.Context, api *cloudwatchlogs.Client, m metricFilterModel) error {
	blocks, _ := fwk.Blocks[transformationModel](ctx, m.Transformations)
	in := &cloudwatchlogs.PutMetricFilterInput{
		FilterName: m.Name.ValueStringPointer(), LogGroupName: m.LogGroupName.ValueStringPointer(),
		FilterPattern:             aws.String(strings.TrimSpace(m.Pattern.ValueString())),
		ApplyOnTransformedLogs:    m.ApplyOnTransformedLogs.ValueBool(),
		EmitSystemFieldDimensions: fwk.Strings(m.SystemFields.Elements()),
		FieldSelectionCriteria:    m.FieldSelection.ValueStringPointer(),
	}
	for _, t := range blocks {
		in.MetricTransformations = append(in.MetricTransformations, awstypes.MetricTransformation{
			MetricName: t.Name.ValueStringPointer(), MetricNamespace: t.Namespace.ValueStringPointer(), MetricValue: t.Value.ValueStringPointer(),
			DefaultValue: t.DefaultValue.ValueFloat64Pointer(), Dimensions: fwk.StringMap(t.Dimensions), Unit: awstypes.StandardUnit(t.Unit.ValueString()),
		})
	}
	_, err := api.PutMetricFilter(ctx, in)
	return err
}

// metricFilterModelOf gives what AWS says of a filter.
func metricFilterModelOf(ctx context.Context, f awstypes.MetricFilter, before metricFilterModel) (metricFilterModel, diag.Diagnostics) {
	m := before
	m.ID = m.Name
	if pattern := aws.ToString(f.FilterPattern); before.Pattern.IsNull() || strings.TrimSpace(before.Pattern.ValueString()) != pattern {
		m.Pattern = types.StringValue(pattern) // else as it was written, with the blanks around it
	}
	m.ApplyOnTransformedLogs = types.BoolValue(f.ApplyOnTransformedLogs)
	m.SystemFields = fwk.Set(f.EmitSystemFieldDimensions, before.SystemFields)
	m.FieldSelection = fwk.Text(aws.ToString(f.FieldSelectionCriteria), before.FieldSelection)
	said, _ := fwk.Blocks[transformationModel](ctx, before.Transformations)
	blocks := make([]transformationModel, len(f.MetricTransformations))
	for i, t := range f.MetricTransformations {
		dimensions := types.MapNull(types.StringType)
		if i < len(said) {
			dimensions = said[i].Dimensions
		}
		blocks[i] = transformationModel{
			Name: types.StringPointerValue(t.MetricName), Namespace: types.StringPointerValue(t.MetricNamespace), Value: types.StringPointerValue(t.MetricValue),
			DefaultValue: types.Float64PointerValue(t.DefaultValue), Dimensions: fwk.Map(t.Dimensions, dimensions), Unit: types.StringValue(string(t.Unit)),
		}
		if t.Unit == "" {
			blocks[i].Unit = types.StringValue(string(awstypes.StandardUnitNone))
		}
	}
	var d diag.Diagnostics
	m.Transformations, d = types.ListValueFrom(ctx, transformationType(), blocks)
	return m, d
}
