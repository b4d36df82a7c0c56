// Package fwk holds what every resource of the provider embeds, so that a
// resource file contains only what is particular to its AWS resource:
//
//	type logGroupResource struct{ fwk.Resource }
//
//	func NewLogGroupResource() resource.Resource {
//		return &logGroupResource{fwk.Resource{Name: "log_group"}}
//	}
//
// The embedded [Resource] gives the type name, takes the provider's data, and
// plans what is the same everywhere: the Region, tags_all, and the policy.
// [Located] and [Tagged] are embedded in models.
package fwk

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
)

// Provider is what the configured provider hands to its resources.
type Provider struct {
	Session *awscfg.Session
	// Unknown are the provider attributes that have no value before apply; as
	// long as there are any, no call to AWS can be made.
	Unknown []string
	Tags    TagConfig
	// Policy judges planned resources; nil where enforcement is off.
	Policy Judge
}

// Judge looks at a planned resource and says what speaks against it.
type Judge interface {
	Judge(ctx context.Context, planned Planned) diag.Diagnostics
}

// Planned is one resource as it will be after apply.
type Planned struct {
	Type   string // "vigil_log_group"
	Action string // Terraform's word: create, update or no-op
	Values tfsdk.Plan
}

// Resource is embedded by every resource.
type Resource struct {
	// Name is the type's name without the provider's: "log_group".
	Name string
	// Stays keeps a resource in its Region when the provider's Region changes;
	// only a Region that the resource itself names moves it.
	Stays bool
	// Moved is the resource of hashicorp/aws that this one can take over; none where empty.
	Moved Moved

	provider *Provider
}

// Metadata names the type.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName()
}

// typeName does not wait for Metadata: the framework asks one instance for its
// metadata, and lets others do the work.
func (r *Resource) typeName() string { return "vigil_" + r.Name }

// Configure takes the provider's data; there is none while Terraform only validates.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if req.ProviderData == nil {
		return
	}
	p, ok := req.ProviderData.(*Provider)
	if !ok {
		resp.Diagnostics.AddError("Configuring "+r.typeName(), fmt.Sprintf("provider data is a %T; this is a bug in the provider", req.ProviderData))
		return
	}
	r.provider = p
}

// Provider is the configured provider.
func (r *Resource) Provider() *Provider { return r.provider }

// Session gives the way to AWS; nil, with a diagnostic, while the provider's
// configuration is not known.
func (r *Resource) Session(diags *diag.Diagnostics) *awscfg.Session {
	if r.provider == nil {
		diags.AddError("The provider is not configured", "A call to AWS was needed before the provider got its configuration.")
		return nil
	}
	if len(r.provider.Unknown) > 0 {
		diags.AddError("The provider's configuration is not known yet",
			"Existing resources can only be read when the provider knows where. Known after apply: "+strings.Join(r.provider.Unknown, ", ")+
				". Apply what these come from first (terraform apply -target), or give them values known at plan time.")
		return nil
	}
	return r.provider.Session
}

// ModifyPlan plans the Region and tags_all, then asks the policy. A resource
// with a ModifyPlan of its own calls this one last.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.provider == nil { // to be destroyed
		return
	}
	r.planRegion(ctx, req, resp)
	if _, taggable := req.Plan.Schema.GetAttributes()["tags_all"]; taggable {
		r.planTags(ctx, resp)
	}
	if r.provider.Policy == nil || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.provider.Policy.Judge(ctx, Planned{
		Type: r.typeName(), Action: action(req, resp), Values: resp.Plan,
	})...)
}

func action(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) string {
	switch {
	case req.State.Raw.IsNull():
		return "create"
	case req.State.Raw.Equal(resp.Plan.Raw):
		return "no-op"
	}
	return "update"
}

// planRegion fills in the provider's Region where the resource names none.
// A resource cannot move: another Region is another resource.
func (r *Resource) planRegion(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var configured, current types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("region"), &configured)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("region"), &current)...)
	}
	planned := configured
	if configured.IsNull() {
		planned = r.defaultRegion(ctx, current)
	}
	if region := planned.ValueString(); region != "" && len(r.provider.Unknown) == 0 {
		if err := r.provider.Session.CheckRegion(region); err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("region"), "Planning "+r.typeName(), err.Error())
		}
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("region"), planned)...)
	if current.ValueString() != "" && !planned.Equal(current) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("region"))
	}
}

func (r *Resource) defaultRegion(ctx context.Context, current types.String) types.String {
	if r.Stays && current.ValueString() != "" {
		return current
	}
	if len(r.provider.Unknown) == 0 {
		if region := r.provider.Session.Region(ctx); region != "" {
			return types.StringValue(region)
		}
	}
	if current.ValueString() != "" {
		return current
	}
	return types.StringUnknown() // from instance metadata, or not known yet
}
