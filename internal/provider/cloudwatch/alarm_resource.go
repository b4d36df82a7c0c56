// Package cloudwatch holds the resources of CloudWatch: vigil_metric_alarm.
package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

var (
	_ resource.ResourceWithConfigure      = (*alarmResource)(nil)
	_ resource.ResourceWithImportState    = (*alarmResource)(nil)
	_ resource.ResourceWithMoveState      = (*alarmResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*alarmResource)(nil)
	_ resource.ResourceWithValidateConfig = (*alarmResource)(nil)
)

const (
	// operationTimeout leaves room for throttling: PutMetricAlarm is allowed 3 times a second.
	operationTimeout = 5 * time.Minute
	// appearTimeout is how long a new alarm may stay invisible.
	appearTimeout = 2 * time.Minute
)

// errAlarmNotFound says that there is no metric alarm of that name.
var errAlarmNotFound = errors.New("there is no such metric alarm")

// NewMetricAlarmResource makes vigil_metric_alarm.
func NewMetricAlarmResource() resource.Resource {
	return &alarmResource{fwk.Resource{
		Name:  "metric_alarm",
		Moved: fwk.Moved{From: "aws_cloudwatch_metric_alarm", Keeps: []string{"alarm_name"}},
	}}
}

type alarmResource struct{ fwk.Resource }

// ModifyPlan settles a computed attribute that AWS never fills in by itself.
func (r *alarmResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		at := path.Root("evaluate_low_sample_count_percentiles")
		var said, statistic types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &said)...)
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("extended_statistic"), &statistic)...)
		if said.IsNull() && !isPercentile(statistic) {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, types.StringNull())...)
		}
	}
	r.Resource.ModifyPlan(ctx, req, resp)
}

// Create makes a new alarm. PutMetricAlarm would overwrite one that exists, so
// it is looked for first.
func (r *alarmResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m, ok := fwk.Load[alarmModel](ctx, req.Plan, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Create, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	if err := create(ctx, api, m, tags); err != nil {
		resp.Diagnostics.Append(fwk.Problem("Creating "+m.String(), err, importAdvice(err, m)))
		return
	}
	m.ID, m.ARN, m.TagsAll = m.AlarmName, types.StringNull(), fwk.MapOf(tags)
	alarm, err := fwk.Await(ctx, appearTimeout, isNotFound, func(ctx context.Context) (awstypes.MetricAlarm, error) {
		return findAlarm(ctx, api, m.AlarmName.ValueString())
	})
	if err != nil {
		resp.Diagnostics.Append(fwk.Unfinished(m.String(), fmt.Errorf("reading it back: %w", err)))
	}
	m.ARN = types.StringPointerValue(alarm.AlarmArn)
	m.LowSamples = lowSamples(m, alarm)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *alarmResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	m, ok := fwk.Load[alarmModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Read, operationTimeout, &resp.Diagnostics)
	defer cancel()
	alarm, tags, err := readAlarm(ctx, api, m.AlarmName.ValueString())
	if isNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(fwk.Problem("Reading "+m.String(), err))
		return
	}
	next, diags := alarmModelOf(ctx, alarm, m)
	resp.Diagnostics.Append(diags...)
	next.Tagged = r.Provider().Tags.Model(tags, m.Tagged)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
}

func (r *alarmResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m, ok := fwk.Load[alarmModel](ctx, req.Plan, &resp.Diagnostics)
	state, ok2 := fwk.Load[alarmModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || !ok2 || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Update, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	alarm, err := update(ctx, api, state, m, tags)
	if err != nil {
		resp.Diagnostics.Append(fwk.Problem("Updating "+m.String(), err))
		return
	}
	m.TagsAll = fwk.MapOf(tags)
	m.LowSamples = lowSamples(m, alarm)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *alarmResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	m, ok := fwk.Load[alarmModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Delete, operationTimeout, &resp.Diagnostics)
	defer cancel()
	_, err := api.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{m.AlarmName.ValueString()}})
	if err != nil && !isNotFound(err) {
		resp.Diagnostics.Append(fwk.Problem("Deleting "+m.String(), err))
	}
}

// ImportState takes NAME or NAME@REGION.
func (r *alarmResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := r.ImportRegion(ctx, req.ID, resp)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("alarm_name"), name)...)
}

func (m alarmModel) String() string { return fmt.Sprintf("alarm %q", m.AlarmName.ValueString()) }

// client gives the client for the model's Region, and stores that Region in
// the model where the plan could not know it.
func (r *alarmResource) client(ctx context.Context, where *fwk.Located, diags *diag.Diagnostics) *cloudwatch.Client {
	session := r.Session(diags)
	if session == nil {
		return nil
	}
	api, err := session.CloudWatch(ctx, where.Region.ValueString())
	if err != nil {
		diags.Append(fwk.Problem("Connecting to CloudWatch", err))
		return nil
	}
	where.Region = types.StringValue(api.Options().Region)
	return api
}

// errExists says that creating would overwrite.
var errExists = errors.New("it exists already, and creating it would overwrite it")

func create(ctx context.Context, api *cloudwatch.Client, m alarmModel, tags map[string]string) error {
	_, err := findAlarm(ctx, api, m.AlarmName.ValueString())
	if err == nil {
		return errExists
	}
	if !isNotFound(err) {
		return err
	}
	in := m.input(ctx)
	in.Tags = tagList(tags)
	_, err = api.PutMetricAlarm(ctx, in)
	return err
}

// update keeps the settings of the alarm that this resource does not have:
// PutMetricAlarm replaces the whole definition.
func update(ctx context.Context, api *cloudwatch.Client, from, to alarmModel, tags map[string]string) (awstypes.MetricAlarm, error) {
	alarm, err := findAlarm(ctx, api, to.AlarmName.ValueString())
	if err != nil {
		return alarm, err
	}
	in := to.input(ctx)
	in.ActionConfiguration, in.EvaluationWindow, in.WarmUpConfiguration = alarm.ActionConfiguration, alarm.EvaluationWindow, alarm.WarmUpConfiguration
	if _, err := api.PutMetricAlarm(ctx, in); err != nil {
		return alarm, err
	}
	set, remove := fwk.Diff(from.AllTags(), tags)
	if len(remove) > 0 {
		if _, err := api.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: alarm.AlarmArn, TagKeys: remove}); err != nil {
			return alarm, fmt.Errorf("removing its tags: %w", err)
		}
	}
	if len(set) > 0 {
		if _, err := api.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: alarm.AlarmArn, Tags: tagList(set)}); err != nil {
			return alarm, fmt.Errorf("setting its tags: %w", err)
		}
	}
	return alarm, nil
}

// findAlarm gives the alarm, or errAlarmNotFound.
func findAlarm(ctx context.Context, api *cloudwatch.Client, name string) (awstypes.MetricAlarm, error) {
	out, err := api.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}, AlarmTypes: []awstypes.AlarmType{awstypes.AlarmTypeMetricAlarm}})
	if err != nil {
		return awstypes.MetricAlarm{}, err
	}
	for _, a := range out.MetricAlarms {
		if aws.ToString(a.AlarmName) == name {
			return a, nil
		}
	}
	return awstypes.MetricAlarm{}, errAlarmNotFound
}

func readAlarm(ctx context.Context, api *cloudwatch.Client, name string) (awstypes.MetricAlarm, map[string]string, error) {
	alarm, err := findAlarm(ctx, api, name)
	if err != nil {
		return alarm, nil, err
	}
	out, err := api.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: alarm.AlarmArn})
	if err != nil {
		return alarm, nil, fmt.Errorf("reading its tags: %w", err)
	}
	tags := make(map[string]string, len(out.Tags))
	for _, t := range out.Tags {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return alarm, tags, nil
}

func isNotFound(err error) bool {
	var missing *awstypes.ResourceNotFoundException
	return errors.Is(err, errAlarmNotFound) || errors.As(err, &missing)
}

// lowSamples is what was planned, or what AWS chose where the plan left it open.
func lowSamples(m alarmModel, alarm awstypes.MetricAlarm) types.String {
	if m.LowSamples.IsUnknown() {
		return types.StringPointerValue(alarm.EvaluateLowSampleCountPercentile)
	}
	return m.LowSamples
}

func tagList(tags map[string]string) []awstypes.Tag {
	var out []awstypes.Tag
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, awstypes.Tag{Key: aws.String(k), Value: aws.String(tags[k])})
	}
	return out
}

func importAdvice(err error, m alarmModel) string {
	if !errors.Is(err, errExists) {
		return ""
	}
	return fwk.ImportAdvice("vigil_metric_alarm", m.AlarmName.ValueString())
}
