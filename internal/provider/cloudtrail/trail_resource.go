// Package cloudtrail holds vigil_trail.
//
// A trail is more than CreateTrail makes: it records nothing until StartLogging,
// and selectors and Insights have calls of their own. The resource is all of it,
// in AWS's order:
//
//	CreateTrail (with tags) -> PutEventSelectors -> PutInsightSelectors -> StartLogging
//
// The state is saved after the first call. What fails later is a warning and
// a difference in the next plan, because Terraform would replace a new object
// whose creation ended with an error, and with it the records.
package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

var (
	_ resource.ResourceWithConfigure      = (*trailResource)(nil)
	_ resource.ResourceWithImportState    = (*trailResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*trailResource)(nil)
	_ resource.ResourceWithValidateConfig = (*trailResource)(nil)
)

const (
	// operationTimeout is the default for each operation. CloudTrail takes one
	// change a second in an account and Region, so many trails take a while.
	operationTimeout = 10 * time.Minute
	// propagationTimeout is how long AWS may take to spread a new policy or role.
	propagationTimeout = 2 * time.Minute
	// appearTimeout is how long a new trail may stay invisible.
	appearTimeout = 2 * time.Minute
	// settleTimeout is how long a changed trail may still look as before.
	settleTimeout = 20 * time.Second
)

// NewTrailResource makes vigil_trail.
func NewTrailResource() resource.Resource {
	// A trail for all Regions must not be replaced because the provider is
	// used from another one.
	return &trailResource{fwk.Resource{
		Name: "trail", Stays: true,
		Moved: fwk.Moved{From: "aws_cloudtrail", Keeps: []string{"arn", "name"}},
	}}
}

type trailResource struct{ fwk.Resource }

type trailModel struct {
	ID                         types.String `tfsdk:"id"`
	Name                       types.String `tfsdk:"name"`
	S3BucketName               types.String `tfsdk:"s3_bucket_name"`
	S3KeyPrefix                types.String `tfsdk:"s3_key_prefix"`
	SNSTopicName               types.String `tfsdk:"sns_topic_name"`
	SNSTopicARN                types.String `tfsdk:"sns_topic_arn"`
	CloudWatchLogsGroupARN     types.String `tfsdk:"cloud_watch_logs_group_arn"`
	CloudWatchLogsRoleARN      types.String `tfsdk:"cloud_watch_logs_role_arn"`
	KMSKeyID                   types.String `tfsdk:"kms_key_id"`
	EnableLogging              types.Bool   `tfsdk:"enable_logging"`
	EnableLogFileValidation    types.Bool   `tfsdk:"enable_log_file_validation"`
	IncludeGlobalServiceEvents types.Bool   `tfsdk:"include_global_service_events"`
	IsMultiRegionTrail         types.Bool   `tfsdk:"is_multi_region_trail"`
	IsOrganizationTrail        types.Bool   `tfsdk:"is_organization_trail"`
	HomeRegion                 types.String `tfsdk:"home_region"`
	ARN                        types.String `tfsdk:"arn"`
	EventSelectors             types.List   `tfsdk:"event_selector"`
	AdvancedEventSelectors     types.List   `tfsdk:"advanced_event_selector"`
	InsightSelectors           types.List   `tfsdk:"insight_selector"`
	fwk.Tagged
	fwk.Located
}

// ModifyPlan keeps the topic's ARN while the topic is the same.
func (r *trailResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		planTopicARN(ctx, req, resp)
	}
	r.Resource.ModifyPlan(ctx, req, resp)
}

// planTopicARN says what is known of sns_topic_arn before apply.
func planTopicARN(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var now, before, topicARN types.String
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("sns_topic_name"), &now)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("sns_topic_name"), &before)...)
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("sns_topic_arn"), &topicARN)...)
	}
	planned := types.StringUnknown()
	switch {
	case !now.IsUnknown() && now.ValueString() == "":
		planned = types.StringNull()
	case now.Equal(before):
		planned = topicARN
	case arn.IsARN(now.ValueString()):
		planned = now
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("sns_topic_arn"), planned)...)
}

func (r *trailResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m, ok := fwk.Load[trailModel](ctx, req.Plan, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Create, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	m.TagsAll = fwk.MapOf(tags)

	made, err := createTrail(ctx, api, m, tags)
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Creating", m, err))
		return
	}
	m.created(made)
	resp.Diagnostics.Append(rememberKey(ctx, resp.Private, m.KMSKeyID, made.KmsKeyId)...)
	// From here on the trail exists: whatever happens, the state says so.
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(finishTrail(ctx, api, m, r.handle(ctx, m))...)
}

func (r *trailResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	m, ok := fwk.Load[trailModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Read, operationTimeout, &resp.Diagnostics)
	defer cancel()
	found, err := readTrail(ctx, api, m.ARN.ValueString())
	if isNotFound(err) {
		err = r.gone(ctx, m)
	}
	if errors.Is(err, errGone) {
		resp.State.RemoveResource(ctx) // Terraform will plan to make it again
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Reading", m, err))
		return
	}
	resolved := rememberedKey(ctx, req.Private, m.KMSKeyID, &resp.Diagnostics)
	next := found.model(ctx, m, resolved, &resp.Diagnostics)
	next.Tagged = r.Provider().Tags.Model(found.tags, m.Tagged)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
}

func (r *trailResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m, ok := fwk.Load[trailModel](ctx, req.Plan, &resp.Diagnostics)
	state, ok2 := fwk.Load[trailModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || !ok2 || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Update, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	updated, err := updateTrail(ctx, api, r.handle(ctx, state), state, m, tags)
	if updated != nil {
		m.SNSTopicARN = types.StringPointerValue(updated.SnsTopicARN)
		resp.Diagnostics.Append(rememberKey(ctx, resp.Private, m.KMSKeyID, updated.KmsKeyId)...)
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Updating", m, err))
		return
	}
	m.TagsAll = fwk.MapOf(tags)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	settle(ctx, api, m, tags)
}

func (r *trailResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	m, ok := fwk.Load[trailModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Delete, operationTimeout, &resp.Diagnostics)
	defer cancel()
	id := r.handle(ctx, m)
	_, err := api.DeleteTrail(ctx, &cloudtrail.DeleteTrailInput{Name: &id})
	if isNotFound(err) {
		if err = r.gone(ctx, m); errors.Is(err, errGone) {
			return
		}
	}
	if err != nil {
		resp.Diagnostics.Append(r.problem(ctx, "Deleting", m, err))
	}
}

// ImportState takes the ARN of a trail, or NAME or NAME@REGION: a multi-Region
// trail is found by its name in every Region, and kept in its home Region.
func (r *trailResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if !arn.IsARN(id) {
		name := r.ImportRegion(ctx, id, resp)
		if resp.Diagnostics.HasError() {
			return
		}
		id = r.locate(ctx, name, resp)
	}
	parsed, err := arn.Parse(id)
	if resp.Diagnostics.HasError() {
		return
	}
	if err != nil || parsed.Service != "cloudtrail" {
		resp.Diagnostics.AddError("Importing vigil_trail", fmt.Sprintf("The import id is the trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME), its NAME, or NAME@REGION. Got: %q.", req.ID))
		return
	}
	for attribute, value := range map[string]string{"id": id, "arn": id, "region": parsed.Region, "name": lastPart(parsed.Resource, "/")} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
}

// handle is what a trail is called in requests that change it. In its own
// account and home Region the name says the same as the ARN, and some AWS
// look-alikes know trails by nothing else. Anywhere else, and for a trail of the
// management account, only the ARN is sure not to mean another trail.
func (r *trailResource) handle(ctx context.Context, m trailModel) string {
	owner, err := arn.Parse(m.ARN.ValueString())
	if err != nil {
		return m.ARN.ValueString()
	}
	who, err := r.Provider().Session.Identity(ctx)
	if err != nil || who.Account != owner.AccountID || m.Region.ValueString() != owner.Region {
		return m.ARN.ValueString()
	}
	return m.Name.ValueString()
}

// client gives the client for the trail's home Region, and stores that Region
// in the model where the plan could not know it.
func (r *trailResource) client(ctx context.Context, where *fwk.Located, diags *diag.Diagnostics) *cloudtrail.Client {
	session := r.Session(diags)
	if session == nil {
		return nil
	}
	api, err := session.CloudTrail(ctx, where.Region.ValueString())
	if err != nil {
		diags.Append(fwk.Problem("Connecting to CloudTrail", err))
		return nil
	}
	where.Region = types.StringValue(api.Options().Region)
	return api
}
