// Package config holds vigil_config_recorder.
//
// AWS Config records when three things are there, made in this order: a
// recorder, a delivery channel, and the order to start. They go away in the
// opposite order. Each depends on the others being there, so they are
// one resource:
//
//	PutConfigurationRecorder -> PutDeliveryChannel -> StartConfigurationRecorder
//	StopConfigurationRecorder -> DeleteDeliveryChannel -> DeleteConfigurationRecorder
//
// Nothing is recorded before the last step, so a creation that fails is taken
// back: no half of a recorder stays behind, and the error is an error.
package config

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

var (
	_ resource.ResourceWithConfigure      = (*recorderResource)(nil)
	_ resource.ResourceWithImportState    = (*recorderResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*recorderResource)(nil)
	_ resource.ResourceWithValidateConfig = (*recorderResource)(nil)
)

const (
	operationTimeout = 10 * time.Minute // default for each operation
	// propagationTimeout is how long AWS may take to spread a bucket's policy or a role.
	propagationTimeout = 2 * time.Minute
	// appearTimeout is how long a new recorder or channel may stay invisible.
	appearTimeout = 2 * time.Minute
	// settleTimeout is how long a change may stay invisible to reads.
	settleTimeout = 20 * time.Second
	// undoTimeout bounds taking back what a failed creation has made.
	undoTimeout = time.Minute
)

// NewRecorderResource makes vigil_config_recorder.
func NewRecorderResource() resource.Resource {
	return &recorderResource{fwk.Resource{Name: "config_recorder"}}
}

type recorderResource struct{ fwk.Resource }

type recorderModel struct {
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	RoleARN         types.String `tfsdk:"role_arn"`
	Recording       types.Bool   `tfsdk:"recording"`
	ARN             types.String `tfsdk:"arn"`
	RecordingGroup  types.Object `tfsdk:"recording_group"`
	RecordingMode   types.Object `tfsdk:"recording_mode"`
	DeliveryChannel types.Object `tfsdk:"delivery_channel"`
	fwk.Tagged
	fwk.Located
}

// ModifyPlan fills in what follows from other attributes.
func (r *recorderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		planRole(ctx, req, resp)
		planAllSupported(ctx, req, resp)
	}
	r.Resource.ModifyPlan(ctx, req, resp)
}

func (r *recorderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m, ok := fwk.Load[recorderModel](ctx, req.Plan, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Create, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	m.TagsAll = fwk.MapOf(tags)
	want, ok := r.settingsOf(ctx, &m, &resp.Diagnostics)
	if !ok {
		return
	}
	arn, err := createRecorder(ctx, api, want, tags)
	m.ID, m.ARN = m.Name, types.StringPointerValue(arn)
	var stuck *stuckError
	if err == nil || errors.As(err, &stuck) {
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Creating", m, want, err))
	}
}

func (r *recorderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	m, ok := fwk.Load[recorderModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Read, operationTimeout, &resp.Diagnostics)
	defer cancel()
	found, err := readRecorder(ctx, api, m.Name.ValueString())
	if isNotFound(err) {
		resp.State.RemoveResource(ctx) // Terraform will plan to make it again
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Reading", m, settings{}, err))
		return
	}
	next := found.model(ctx, m, &resp.Diagnostics)
	if !next.ARN.IsNull() { // without an ARN, tags cannot be read
		next.Tagged = r.Provider().Tags.Model(found.tags, m.Tagged)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
}

func (r *recorderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m, ok := fwk.Load[recorderModel](ctx, req.Plan, &resp.Diagnostics)
	state, ok2 := fwk.Load[recorderModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || !ok2 || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Update, operationTimeout, &resp.Diagnostics)
	defer cancel()
	from, ok := r.settingsOf(ctx, &state, &resp.Diagnostics)
	to, ok2 := r.settingsOf(ctx, &m, &resp.Diagnostics)
	if !ok || !ok2 {
		return
	}
	tags := r.Provider().Tags.All(m.Tags)
	err := updateRecorder(ctx, api, from, to)
	if err == nil {
		err = putTags(ctx, api, m.ARN.ValueString(), state.AllTags(), tags)
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Updating", m, to, err))
		return
	}
	m.TagsAll = fwk.MapOf(tags)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	settle(ctx, api, to)
}

func (r *recorderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	m, ok := fwk.Load[recorderModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Delete, operationTimeout, &resp.Diagnostics)
	defer cancel()
	channel, _ := decode[channelBlock](ctx, m.DeliveryChannel, &resp.Diagnostics)
	if err := deleteAll(ctx, api, m.Name.ValueString(), channel.name()); err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Deleting", m, settings{}, err))
	}
}

// ImportState takes the recorder's NAME (usually "default"), or NAME@REGION.
func (r *recorderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := r.ImportRegion(ctx, req.ID, resp)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), name)...)
}

// client gives the client for the Region of a model, and stores that Region in
// it where the plan could not know it.
func (r *recorderResource) client(ctx context.Context, where *fwk.Located, diags *diag.Diagnostics) *configservice.Client {
	session := r.Session(diags)
	if session == nil {
		return nil
	}
	api, err := session.ConfigService(ctx, where.Region.ValueString())
	if err != nil {
		diags.Append(fwk.Problem("Connecting to AWS Config", err))
		return nil
	}
	where.Region = types.StringValue(api.Options().Region)
	return api
}

// problem says what went wrong with a recorder, with advice where we know it.
func (r *recorderResource) problem(ctx context.Context, verb string, m recorderModel, want settings, err error) diag.Diagnostic {
	identity, _ := r.Provider().Session.Identity(ctx) // it only fills in the advice
	return fwk.Problem(fmt.Sprintf("%s AWS Config recorder %q", verb, m.Name.ValueString()), err, adviceFor(err, m, want, identity))
}
