package config

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// ValidateConfig refuses what only shows when attributes are seen together.
// Blocks with values that are not known yet are left to AWS.
func (r *recorderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, ok := fwk.Load[recorderModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	if known(ctx, m.RecordingGroup) && !m.RecordingGroup.IsNull() {
		if group, ok := decode[groupBlock](ctx, m.RecordingGroup, &resp.Diagnostics); ok {
			checkGroup(group, &resp.Diagnostics)
		}
	}
	if known(ctx, m.RecordingMode) && !m.RecordingMode.IsNull() {
		if mode, ok := decode[modeBlock](ctx, m.RecordingMode, &resp.Diagnostics); ok {
			checkMode(mode, &resp.Diagnostics)
		}
	}
}

// known tells whether a value has no unknown part.
func known(ctx context.Context, v attr.Value) bool {
	raw, err := v.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}

// checkGroup holds AWS's rules of what can be said together.
// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
func checkGroup(b groupBlock, diags *diag.Diagnostics) {
	at := path.Root("recording_group")
	excludes := b.Exclusion != nil && len(b.Exclusion.ResourceTypes) > 0
	includes := len(b.ResourceTypes) > 0
	all := aws.ToBool(b.AllSupported)
	none := b.AllSupported != nil && !all && !includes && b.Exclusion == nil
	switch {
	case includes && excludes:
		diags.AddAttributeError(at, "Types to record and types not to record", "AWS Config records either only the types of resource_types, or all but those of exclusion_by_resource_types.")
	case all && (includes || excludes):
		diags.AddAttributeError(at.AtName("all_supported"), "All types, and a list of types", "AWS Config takes all_supported = true only without resource_types and exclusion_by_resource_types. Leave all_supported out: it follows from the lists.")
	case none:
		diags.AddAttributeError(at.AtName("all_supported"), "The recording group records nothing", "all_supported is false, and there are neither resource_types nor exclusion_by_resource_types. To stop recording, set recording = false on the resource.")
	case includes && aws.ToBool(b.IncludeGlobalResourceTypes):
		diags.AddAttributeError(at.AtName("include_global_resource_types"), "Global types go with all types only", "AWS Config takes include_global_resource_types = true only when all types are recorded. List AWS::IAM::User, AWS::IAM::Group, AWS::IAM::Role and AWS::IAM::Policy in resource_types instead.")
	}
	checkStrategy(b, at, diags)
}

func checkStrategy(b groupBlock, at path.Path, diags *diag.Diagnostics) {
	if b.Strategy == nil || b.Strategy.UseOnly == nil {
		return
	}
	said, meant := awstypes.RecordingStrategyType(*b.Strategy.UseOnly), b.toAWS().RecordingStrategy.UseOnly
	nothingExcluded := said == awstypes.RecordingStrategyTypeExclusionByResourceTypes && meant == awstypes.RecordingStrategyTypeAllSupportedResourceTypes
	if said == meant || nothingExcluded || !slices.Contains(said.Values(), said) {
		return
	}
	diags.AddAttributeError(at.AtName("recording_strategy").AtName("use_only"), "The strategy does not fit the lists",
		fmt.Sprintf("The lists of this recording_group mean %s, and use_only says %s. Remove recording_strategy: it follows from the lists.", meant, said))
}

// neverDaily are the types that AWS records continuously in any case.
// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingModeOverride.html
func neverDaily() []string {
	return []string{"AWS::Config::ResourceCompliance", "AWS::Config::ConformancePackCompliance", "AWS::Config::ConfigurationRecorder"}
}

func checkMode(b modeBlock, diags *diag.Diagnostics) {
	for i, o := range b.Overrides {
		for _, t := range o.ResourceTypes {
			if aws.ToString(o.Frequency) == string(awstypes.RecordingFrequencyDaily) && slices.Contains(neverDaily(), t) {
				diags.AddAttributeError(path.Root("recording_mode").AtName("recording_mode_override").AtListIndex(i).AtName("resource_types"),
					"A type that cannot be recorded daily", fmt.Sprintf("AWS Config does not take DAILY for %v. Got: %s.", neverDaily(), t))
			}
		}
	}
}

// planRole plans the default role where the configuration names none: the role
// stays where it is that one already, and else is known from the ARN of the
// recorder that is there.
func planRole(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var said, id, role types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("role_arn"), &said)...)
	if !said.IsNull() || req.State.Raw.IsNull() {
		return
	}
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("role_arn"), &role)...)
	if strings.HasSuffix(role.ValueString(), ":"+linkedRole) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("role_arn"), role)...)
		return
	}
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("arn"), &id)...)
	if recorder, err := arn.Parse(id.ValueString()); err == nil {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("role_arn"), serviceLinkedRole(recorder.Partition, recorder.AccountID))...)
	}
}

// planAllSupported plans all_supported where the configuration leaves it to the lists.
func planAllSupported(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	at := path.Root("recording_group")
	var group types.Object
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &group)...)
	if group.IsNull() || group.IsUnknown() {
		return
	}
	said, included := group.Attributes()["all_supported"], group.Attributes()["resource_types"]
	if !said.IsNull() {
		return
	}
	excluded := attr.Value(types.SetNull(types.StringType))
	if exclusion, ok := group.Attributes()["exclusion_by_resource_types"].(types.Object); ok && exclusion.IsUnknown() {
		excluded = types.SetUnknown(types.StringType)
	} else if ok && !exclusion.IsNull() {
		excluded = exclusion.Attributes()["resource_types"]
	}
	planned := types.BoolValue(count(included)+count(excluded) == 0)
	if count(included)+count(excluded) == 0 && (included.IsUnknown() || excluded.IsUnknown()) {
		planned = types.BoolUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at.AtName("all_supported"), planned)...)
}

func count(v attr.Value) int {
	if set, ok := v.(types.Set); ok {
		return len(set.Elements())
	}
	return 0
}
