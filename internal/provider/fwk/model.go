package fwk

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Located is embedded in every model: where the resource is, and how long its
// operations may take.
type Located struct {
	Region   types.String   `tfsdk:"region"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// RegionAttribute is the schema of Located.Region.
func RegionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Region to manage the resource in. Default: the provider's Region. Changing it replaces the resource.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

// TimeoutsBlock is the schema of Located.Timeouts.
func TimeoutsBlock(ctx context.Context) schema.Block { return timeouts.BlockAll(ctx) }

// getter is what plans, states and configurations have in common.
type getter interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// Load reads a plan, state or configuration into a model.
func Load[T any](ctx context.Context, from getter, diags *diag.Diagnostics) (T, bool) {
	var m T
	d := from.Get(ctx, &m)
	diags.Append(d...)
	return m, !d.HasError()
}

// Operation picks one timeout of the `timeouts` block: timeouts.Value.Create and so on.
type Operation func(ctx context.Context, otherwise time.Duration) (time.Duration, diag.Diagnostics)

// Deadline bounds an operation by what the user set in `timeouts`, else by the
// time given here.
func Deadline(ctx context.Context, of Operation, otherwise time.Duration, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	limit, d := of(ctx, otherwise)
	diags.Append(d...)
	return context.WithTimeout(ctx, limit)
}

// NoUpdate is embedded by resources that AWS cannot change: every attribute
// requires replacement, so that only timeouts and tags of the state ever change.
type NoUpdate struct{}

// Update stores the plan: nothing that AWS knows of has changed.
func (NoUpdate) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}
