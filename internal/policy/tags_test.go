package policy_test

import (
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// The key of a tag may hold what a path is made of.
func TestEvaluate_unknownTagWithDots(t *testing.T) {
	const text = `{"format_version": "1.2", "terraform_version": "1.11.4",
		"planned_values": {"root_module": {}}, "configuration": {"root_module": {}},
		"resource_changes": [{"address": "aws_cloudtrail.t", "mode": "managed", "type": "aws_cloudtrail", "name": "t",
			"provider_name": "registry.terraform.io/hashicorp/aws",
			"change": {"actions": ["create"], "before": null,
				"after": {"name": "t", "tags": {"team": "a"}, "tags_all": {"team": "a"}},
				"after_unknown": {"tags": {"acme.io/owner[0]": true}, "tags_all": {"acme.io/owner[0]": true}}}}]}`
	set, err := plan.Read(t.Context(), strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{"a.rego": head + "package rules.acme.owner\n\nimport rego.v2\n\nviolation if not input.tags[\"acme.io/owner[0]\"]\n"})
	got := only(t, load(t, policy.Options{Directories: []string{dir}}), set.Items...)
	if got.Verdict != finding.Undecided || got.Path != `tags["acme.io/owner[0]"]` {
		t.Errorf("got %s at %s: %s", got.Verdict, got.Path, got.Message)
	}
}
