// Package logs holds the resources of CloudWatch Logs: vigil_log_group and
// vigil_metric_filter.
package logs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

var (
	_ resource.ResourceWithConfigure      = (*logGroupResource)(nil)
	_ resource.ResourceWithImportState    = (*logGroupResource)(nil)
	_ resource.ResourceWithMoveState      = (*logGroupResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*logGroupResource)(nil)
	_ resource.ResourceWithValidateConfig = (*logGroupResource)(nil)
)

const (
	// operationTimeout is the default for each operation. Conflicts between
	// writers pass in seconds; the rest is for throttling in big accounts.
	operationTimeout = 5 * time.Minute
	// appearTimeout is how long a new group may stay invisible.
	appearTimeout = 2 * time.Minute
)

// errLogGroupNotFound says that there is no log group of that name.
var errLogGroupNotFound = errors.New("there is no such log group")

// NewLogGroupResource makes vigil_log_group.
func NewLogGroupResource() resource.Resource {
	return &logGroupResource{fwk.Resource{
		Name:  "log_group",
		Moved: fwk.Moved{From: "aws_cloudwatch_log_group", Keeps: []string{"name"}},
	}}
}

type logGroupResource struct{ fwk.Resource }

type logGroupModel struct {
	ID                 types.String `tfsdk:"id"`
	Name               types.String `tfsdk:"name"`
	NamePrefix         types.String `tfsdk:"name_prefix"`
	RetentionInDays    types.Int64  `tfsdk:"retention_in_days"`
	KMSKeyID           types.String `tfsdk:"kms_key_id"`
	LogGroupClass      types.String `tfsdk:"log_group_class"`
	DeletionProtection types.Bool   `tfsdk:"deletion_protection_enabled"`
	SkipDestroy        types.Bool   `tfsdk:"skip_destroy"`
	ARN                types.String `tfsdk:"arn"`
	fwk.Tagged
	fwk.Located
}

// ValidateConfig refuses what only shows when attributes are seen together.
func (r *logGroupResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, ok := fwk.Load[logGroupModel](ctx, req.Config, &resp.Diagnostics)
	if ok && m.LogGroupClass.ValueString() == string(awstypes.LogGroupClassDelivery) && m.RetentionInDays.ValueInt64() > 0 {
		resp.Diagnostics.AddAttributeError(path.Root("retention_in_days"), "DELIVERY log groups have a fixed retention",
			"CloudWatch Logs keeps events of the DELIVERY class for one day and takes no retention policy for them. Leave retention_in_days out.")
	}
}

// ModifyPlan refuses at plan time to destroy a protected group.
func (r *logGroupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		state, ok := fwk.Load[logGroupModel](ctx, req.State, &resp.Diagnostics)
		if ok && state.DeletionProtection.ValueBool() && !state.SkipDestroy.ValueBool() {
			resp.Diagnostics.AddError(fmt.Sprintf("Log group %q is protected against deletion", state.Name.ValueString()),
				"AWS refuses to delete it while deletion_protection_enabled is true. Set it to false and apply, then destroy.")
		}
		return
	}
	r.Resource.ModifyPlan(ctx, req, resp)
}

func (r *logGroupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m, ok := fwk.Load[logGroupModel](ctx, req.Plan, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Create, operationTimeout, &resp.Diagnostics)
	defer cancel()
	m.Name = types.StringValue(fwk.NewName(m.Name, m.NamePrefix))
	m.ID = m.Name
	tags := r.Provider().Tags.All(m.Tags)
	m.TagsAll = fwk.MapOf(tags)

	if d := r.create(ctx, api, m, tags); d != nil {
		resp.Diagnostics.Append(d)
		return
	}
	// From here on the group exists: whatever happens, the state says so.
	resp.Diagnostics.Append(finishLogGroup(ctx, api, &m)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// create makes the group with all that CreateLogGroup takes.
func (r *logGroupResource) create(ctx context.Context, api *cloudwatchlogs.Client, m logGroupModel, tags map[string]string) diag.Diagnostic {
	started := time.Now()
	tracked, outcome := awscfg.Track(ctx)
	_, err := api.CreateLogGroup(tracked, &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName:              m.Name.ValueStringPointer(),
		LogGroupClass:             awstypes.LogGroupClass(m.LogGroupClass.ValueString()),
		KmsKeyId:                  textOrNil(m.KMSKeyID),
		DeletionProtectionEnabled: trueOrNil(m.DeletionProtection),
		Tags:                      tags,
	})
	var exists *awstypes.ResourceAlreadyExistsException
	switch name := m.Name.ValueString(); {
	case err == nil:
		return nil
	case errors.As(err, &exists) && outcome.Ambiguous() && createdSince(ctx, api, name, started):
		return nil // an attempt whose answer was lost had created it
	case errors.As(err, &exists):
		return fwk.Problem(fmt.Sprintf("Creating log group %q", name), err, fwk.ImportAdvice("vigil_log_group", name))
	default:
		return fwk.Problem(fmt.Sprintf("Creating log group %q", name), err, keyAdvice(m))
	}
}

// finishLogGroup learns the ARN and sets the retention of a new group.
func finishLogGroup(ctx context.Context, api *cloudwatchlogs.Client, m *logGroupModel) (diags diag.Diagnostics) {
	thing := fmt.Sprintf("Log group %q", m.Name.ValueString())
	m.ARN = types.StringNull()
	group, err := fwk.Await(ctx, appearTimeout, isNotFound, func(ctx context.Context) (awstypes.LogGroup, error) {
		return findLogGroup(ctx, api, m.Name.ValueString())
	})
	if err != nil {
		diags.Append(fwk.Unfinished(thing, fmt.Errorf("reading it back: %w", err)))
	} else {
		m.ARN = types.StringValue(logGroupARN(group))
	}
	if days := m.RetentionInDays.ValueInt64(); days > 0 {
		_, err := fwk.Await(ctx, appearTimeout, isNotFound, func(ctx context.Context) (any, error) {
			return nil, putRetention(ctx, api, m.Name.ValueString(), days)
		})
		if err != nil {
			diags.Append(fwk.Unfinished(thing, fmt.Errorf("setting its retention to %d days: %w", days, err)))
		}
	}
	return diags
}

func (r *logGroupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	m, ok := fwk.Load[logGroupModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Read, operationTimeout, &resp.Diagnostics)
	defer cancel()
	group, tags, err := readLogGroup(ctx, api, m.Name.ValueString())
	if isNotFound(err) {
		resp.State.RemoveResource(ctx) // Terraform will plan to make it again
		return
	}
	if err != nil {
		resp.Diagnostics.Append(fwk.Problem(fmt.Sprintf("Reading log group %q", m.Name.ValueString()), err))
		return
	}
	next := logGroupModelOf(group, m)
	next.Tagged = r.Provider().Tags.Model(tags, m.Tagged)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
}

func (r *logGroupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m, ok := fwk.Load[logGroupModel](ctx, req.Plan, &resp.Diagnostics)
	state, ok2 := fwk.Load[logGroupModel](ctx, req.State, &resp.Diagnostics)
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if !ok || !ok2 || api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Update, operationTimeout, &resp.Diagnostics)
	defer cancel()
	tags := r.Provider().Tags.All(m.Tags)
	if err := updateLogGroup(ctx, api, state, m, tags); err != nil {
		resp.Diagnostics.Append(fwk.Problem(fmt.Sprintf("Updating log group %q", m.Name.ValueString()), err, keyAdvice(m)))
		return
	}
	m.TagsAll = fwk.MapOf(tags)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *logGroupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	m, ok := fwk.Load[logGroupModel](ctx, req.State, &resp.Diagnostics)
	if !ok || m.SkipDestroy.ValueBool() {
		return
	}
	api := r.client(ctx, &m.Located, &resp.Diagnostics)
	if api == nil {
		return
	}
	ctx, cancel := fwk.Deadline(ctx, m.Timeouts.Delete, operationTimeout, &resp.Diagnostics)
	defer cancel()
	_, err := api.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: m.Name.ValueStringPointer()})
	if err != nil && !isNotFound(err) {
		resp.Diagnostics.Append(fwk.Problem(fmt.Sprintf("Deleting log group %q", m.Name.ValueString()), err))
	}
}

// ImportState takes NAME or NAME@REGION.
func (r *logGroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := r.ImportRegion(ctx, req.ID, resp)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
}

func (r *logGroupResource) client(ctx context.Context, where *fwk.Located, diags *diag.Diagnostics) *cloudwatchlogs.Client {
	return clientFor(ctx, &r.Resource, where, diags)
}

func trueOrNil(b types.Bool) *bool {
	if b.ValueBool() {
		return aws.Bool(true)
	}
	return nil // older endpoints do not know the member
}

// textOrNil gives nothing for null and "".
func textOrNil(s types.String) *string {
	if s.ValueString() == "" {
		return nil
	}
	return s.ValueStringPointer()
}

func keyAdvice(m logGroupModel) string {
	if m.KMSKeyID.ValueString() == "" {
		return ""
	}
	return fmt.Sprintf("If this is about the key: its policy must allow the service logs.%s.amazonaws.com to use it (kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey*, kms:Describe*), and the key must be symmetric and enabled.", m.Region.ValueString())
}

// logGroupARN gives the ARN without ":*". Endpoints that do not know
// logGroupArn give only the other form.
func logGroupARN(g awstypes.LogGroup) string {
	if g.LogGroupArn != nil {
		return *g.LogGroupArn
	}
	return strings.TrimSuffix(aws.ToString(g.Arn), ":*")
}
