package logs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
)

// patternLength counts as AWS gets it: without the blanks around it.
type patternLength struct{}

func (patternLength) Description(context.Context) string { return "at most 1024 characters" }

func (p patternLength) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

func (patternLength) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if n := len(strings.TrimSpace(req.ConfigValue.ValueString())); n > longestPattern {
		resp.Diagnostics.AddAttributeError(req.Path, "Filter pattern too long",
			fmt.Sprintf("CloudWatch Logs takes patterns of at most %d characters; this one has %d.", longestPattern, n))
	}
}

// ownNamespace warns about namespaces that AWS services use.
type ownNamespace struct{}

func (ownNamespace) Description(context.Context) string { return `should not begin with "AWS/"` }

func (o ownNamespace) MarkdownDescription(ctx context.Context) string { return o.Description(ctx) }

func (ownNamespace) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if strings.HasPrefix(req.ConfigValue.ValueString(), "AWS/") {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Namespace of AWS services",
			"CloudWatch keeps namespaces that begin with \"AWS/\" for AWS services; metrics of filters belong into a namespace of your own.")
	}
}

// ValidateConfig checks the transformation against the pattern. AWS refuses
// these at apply; here they show while planning.
func (r *metricFilterResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, ok := fwk.Load[metricFilterModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	blocks, ok := fwk.Blocks[transformationModel](ctx, m.Transformations)
	if !ok || len(blocks) != 1 {
		return
	}
	t, at := blocks[0], path.Root("metric_transformation").AtListIndex(0)
	dimensions := t.Dimensions.Elements()
	if len(dimensions) > 0 && !t.DefaultValue.IsNull() && !t.DefaultValue.IsUnknown() {
		resp.Diagnostics.AddAttributeError(at.AtName("default_value"), "Default value with dimensions",
			"CloudWatch Logs takes no default_value for a metric with dimensions: it could not know for which of their values to publish it.")
	}
	if n := len(dimensions) + len(m.SystemFields.Elements()); n > mostDimensions {
		resp.Diagnostics.AddAttributeError(at.AtName("dimensions"), "Too many dimensions",
			fmt.Sprintf("A metric filter has at most %d dimensions, with those of emit_system_field_dimensions; here are %d.", mostDimensions, n))
	}
	if m.Pattern.IsUnknown() {
		return
	}
	pattern := strings.TrimSpace(m.Pattern.ValueString())
	if why := unreadable(pattern, t.Value); why != "" {
		resp.Diagnostics.AddAttributeError(at.AtName("value"), "Field that the pattern does not give", why)
	}
	for name, field := range dimensions {
		if why := unreadable(pattern, field.(types.String)); why != "" {
			resp.Diagnostics.AddAttributeError(at.AtName("dimensions").AtMapKey(name), "Field that the pattern does not give", why)
		}
	}
}

// unreadable says why a pattern cannot give a field; empty where it can, where
// the value is a number, and while it is unknown.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
func unreadable(pattern string, field types.String) string {
	f, isField := strings.CutPrefix(field.ValueString(), "$")
	if !isField {
		return ""
	}
	switch {
	case strings.HasPrefix(pattern, "{"):
		if !strings.HasPrefix(f, ".") && !strings.HasPrefix(f, "[") {
			return fmt.Sprintf("In a JSON pattern a field is written \"$.name\". Got: %q.", field.ValueString())
		}
	case strings.HasPrefix(pattern, "["):
		if names := columns(pattern); !slices.Contains(names, f) {
			return fmt.Sprintf("The pattern names the columns %s; %q is none of them.", strings.Join(names, ", "), field.ValueString())
		}
	default:
		return "Only JSON patterns ({ ... }) and space-delimited ones ([ ... ]) give fields; this pattern matches plain text."
	}
	return ""
}

// columns gives the names in a space-delimited pattern: of
// [ip, user, ..., status = 4*, size > 1000] ip, user, status and size.
func columns(pattern string) []string {
	inside := strings.TrimSuffix(strings.TrimPrefix(pattern, "["), "]")
	inside = regexp.MustCompile(`"[^"]*"|%[^%]*%`).ReplaceAllString(inside, "") // commas in values do not separate
	var names []string
	for column := range strings.SplitSeq(inside, ",") {
		name := regexp.MustCompile(`^[\s(]*([\w.@-]+)`).FindStringSubmatch(column)
		if name != nil && name[1] != "..." {
			names = append(names, name[1])
		}
	}
	return names
}
