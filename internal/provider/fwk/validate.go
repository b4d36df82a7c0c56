package fwk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Known warns about a value that this version of the provider does not know.
// AWS adds values faster than providers are released, so AWS has the last word.
func Known[S ~string](values ...S) validator.String {
	k := known{}
	for _, v := range values {
		k = append(k, string(v))
	}
	return k
}

type known []string

func (k known) Description(context.Context) string { return "one of " + strings.Join(k, ", ") }

func (k known) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (k known) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v := req.ConfigValue
	if v.IsNull() || v.IsUnknown() || slices.Contains(k, v.ValueString()) {
		return
	}
	if i := slices.IndexFunc(k, func(s string) bool { return strings.EqualFold(s, v.ValueString()) }); i >= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Wrong letter case", fmt.Sprintf("AWS writes %q.", k[i]))
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Value not known to this version of the provider",
		fmt.Sprintf("%q is none of: %s. If AWS has it, this is fine.", v.ValueString(), strings.Join(k, ", ")))
}

// Matching requires a regular expression and says the rule in AWS's terms.
func Matching(re *regexp.Regexp, rule string) validator.String { return matching{re, rule} }

type matching struct {
	re   *regexp.Regexp
	rule string
}

func (m matching) Description(context.Context) string { return m.rule }

func (m matching) MarkdownDescription(context.Context) string { return m.rule }

func (m matching) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v := req.ConfigValue
	if v.IsNull() || v.IsUnknown() || m.re.MatchString(v.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Value AWS does not take", fmt.Sprintf("%s. Got: %q.", m.rule, v.ValueString()))
}
