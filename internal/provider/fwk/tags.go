package fwk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TagConfig is the provider's `default_tags` and `ignore_tags`.
type TagConfig struct {
	Default        map[string]string
	DefaultUnknown bool // some default tag is known only after apply
	IgnoreKeys     []string
	IgnorePrefixes []string
}

// Tagged is embedded in the models of resources that have tags.
type Tagged struct {
	Tags    types.Map `tfsdk:"tags"`
	TagsAll types.Map `tfsdk:"tags_all"`
}

// TagsAttribute is the schema of Tagged.Tags.
// Limits: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
func TagsAttribute() schema.Attribute {
	return schema.MapAttribute{
		ElementType:         types.StringType,
		Optional:            true,
		MarkdownDescription: "Tags of the resource: at most 50, keys of up to 128 and values of up to 256 characters. They win over the provider's `default_tags` of the same key.",
		Validators: []validator.Map{
			mapvalidator.SizeAtMost(50),
			mapvalidator.NoNullValues(),
			mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, 128), notReserved{}),
			mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(256)),
		},
	}
}

// TagsAllAttribute is the schema of Tagged.TagsAll.
func TagsAllAttribute() schema.Attribute {
	return schema.MapAttribute{
		ElementType:         types.StringType,
		Computed:            true,
		MarkdownDescription: "All tags of the resource, with those inherited from the provider's `default_tags`.",
	}
}

// notReserved refuses keys that only AWS may set.
type notReserved struct{}

func (notReserved) Description(context.Context) string { return `must not begin with "aws:"` }
func (v notReserved) MarkdownDescription(context.Context) string {
	return v.Description(context.Background())
}
func (notReserved) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if strings.HasPrefix(strings.ToLower(req.ConfigValue.ValueString()), "aws:") {
		resp.Diagnostics.AddAttributeError(req.Path, "Reserved tag key",
			"AWS keeps tag keys that begin with \"aws:\" for itself: "+req.ConfigValue.ValueString())
	}
}

// All gives the tags that a resource with these tags shall have.
func (c TagConfig) All(own types.Map) map[string]string {
	all := maps.Clone(c.Default)
	if all == nil {
		all = make(map[string]string)
	}
	maps.Copy(all, stringsOf(own))
	maps.DeleteFunc(all, func(k, _ string) bool { return c.ignored(k) })
	return all
}

func (c TagConfig) ignored(key string) bool {
	return slices.Contains(c.IgnoreKeys, key) ||
		slices.ContainsFunc(c.IgnorePrefixes, func(p string) bool { return strings.HasPrefix(key, p) })
}

// Model gives the tags that AWS reported as model. A tag that comes from
// default_tags is not one of the resource's own, unless the resource says it too.
func (c TagConfig) Model(remote map[string]string, before Tagged) Tagged {
	all, own := make(map[string]attr.Value), make(map[string]attr.Value)
	said := before.Tags.Elements()
	for k, v := range remote {
		if c.ignored(k) || strings.HasPrefix(k, "aws:") {
			continue
		}
		all[k] = types.StringValue(v)
		if _, ours := said[k]; ours || c.Default[k] != v || !has(c.Default, k) {
			own[k] = types.StringValue(v)
		}
	}
	// What is ignored stays as it was said: reading it back as gone would
	// plan a change that is never made.
	for k, v := range said {
		if c.ignored(k) {
			own[k] = v
		}
	}
	m := Tagged{Tags: types.MapNull(types.StringType), TagsAll: types.MapValueMust(types.StringType, all)}
	if len(own) > 0 || (!before.Tags.IsNull() && !before.Tags.IsUnknown()) {
		m.Tags = types.MapValueMust(types.StringType, own)
	}
	return m
}

// Diff says what to do to get from the tags of one model to those of another:
// which to set and which keys to remove, sorted.
func Diff(from, to map[string]string) (set map[string]string, remove []string) {
	set = make(map[string]string)
	for k, v := range to {
		if old, ok := from[k]; !ok || old != v {
			set[k] = v
		}
	}
	for k := range from {
		if !has(to, k) {
			remove = append(remove, k)
		}
	}
	slices.Sort(remove)
	return set, remove
}

// MapOf gives a Go map as an attribute value.
func MapOf(m map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(m))
	for k, v := range m {
		elements[k] = types.StringValue(v)
	}
	return types.MapValueMust(types.StringType, elements)
}

// stringsOf gives the elements that are known; others are left out.
func stringsOf(m types.Map) map[string]string {
	if len(m.Elements()) == 0 {
		return nil
	}
	out := make(map[string]string, len(m.Elements()))
	for k, v := range m.Elements() {
		if s, ok := v.(types.String); ok && !s.IsNull() && !s.IsUnknown() {
			out[k] = s.ValueString()
		}
	}
	return out
}

// AllTags gives the model's tags_all as a Go map.
func (t Tagged) AllTags() map[string]string { return stringsOf(t.TagsAll) }

func has(m map[string]string, k string) bool { _, ok := m[k]; return ok }

// planTags computes tags_all, so that a plan shows it and a change of
// default_tags alone plans an update.
func (r *Resource) planTags(ctx context.Context, resp *resource.ModifyPlanResponse) {
	var tags types.Map
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("tags"), &tags)...)
	planned := types.MapUnknown(types.StringType)
	if !r.provider.Tags.DefaultUnknown && !tags.IsUnknown() && allKnown(tags) {
		planned = MapOf(r.provider.Tags.All(tags))
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("tags_all"), planned)...)
}

func allKnown(m types.Map) bool {
	for _, v := range m.Elements() {
		if v.IsUnknown() {
			return false
		}
	}
	return true
}
