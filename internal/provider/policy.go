package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/guard"
)

// The ways a policy is enforced.
const (
	mandatory = "mandatory"
	advisory  = "advisory"
	off       = "off"
)

type policyModel struct {
	Enforcement types.String  `tfsdk:"enforcement"`
	FailOn      types.String  `tfsdk:"fail_on"`
	Directories types.List    `tfsdk:"directories"`
	Skip        types.Set     `tfsdk:"skip"`
	Parameters  types.Dynamic `tfsdk:"parameters"`
}

func policyBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "How planned resources are checked against policy. Without this block, violations are warnings. " +
			"A resource that breaks a rule already, and that a plan does not change, gives a warning in either case, so that it can be destroyed. " +
			"What is known only during apply is checked then, before the resource is made or changed. " +
			"What depends on other resources than the planned one is left to `vigil check`, which sees the whole plan.",
		Attributes: map[string]schema.Attribute{
			"enforcement": text("`mandatory`: violations stop the plan; `advisory`: they are warnings; `off`: nothing is checked. Default: `advisory`.",
				stringvalidator.OneOf(mandatory, advisory, off)),
			"fail_on": text("Severity from which on a violation stops the plan when mandatory: `low`, `medium`, `high`, `critical`, or `none`. Default: `low`.",
				stringvalidator.OneOf("none", "low", "medium", "high", "critical")),
			"directories": texts("Folders with rules of your own, beside the built-in ones."),
			"skip":        schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Ids of rules to leave out, such as `logs/kms_encryption`."},
			"parameters": schema.DynamicAttribute{Optional: true,
				MarkdownDescription: "Parameters of rules: rule id to parameter to value, such as `{ \"logs/retention\" = { min_days = 90 } }`."},
		},
	}
}

// judge makes what checks planned resources; nil where nothing does. Without
// a policy block the policy is advisory.
func (m *policyModel) judge(ctx context.Context, engines *guard.Engines, diags *diag.Diagnostics) fwk.Judge {
	if m == nil {
		return engines.New(guard.Settings{FailOn: finding.Low})
	}
	if m.Enforcement.ValueString() == off {
		return nil
	}
	s := guard.Settings{
		Mandatory: m.Enforcement.ValueString() == mandatory, FailOn: finding.Low,
		Directories: fwk.Strings(m.Directories.Elements()), Skip: fwk.Strings(m.Skip.Elements()),
		Unknown: m.unknown(ctx),
	}
	if v := m.FailOn.ValueString(); v != "" {
		s.FailOn = finding.Severity(v)
	}
	if !s.Unknown {
		s.Parameters = m.parameters(ctx, diags)
	}
	return engines.New(s)
}

func (m *policyModel) unknown(ctx context.Context) bool {
	for _, v := range []attr.Value{m.Enforcement, m.FailOn, m.Directories, m.Skip, m.Parameters} {
		if !known(ctx, v) {
			return true
		}
	}
	return false
}

func (m *policyModel) parameters(ctx context.Context, diags *diag.Diagnostics) map[string]map[string]any {
	if m.Parameters.IsNull() {
		return nil
	}
	v, err := m.Parameters.ToTerraformValue(ctx)
	if err == nil {
		var parameters map[string]map[string]any
		if parameters, err = guard.Parameters(v); err == nil {
			return parameters
		}
	}
	diags.AddAttributeError(path.Root("policy").AtName("parameters"), "Parameters of rules",
		fmt.Sprintf("They are written { \"RULE\" = { PARAMETER = VALUE } }: %s.", err))
	return nil
}
