package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

func TestRulePage(t *testing.T) {
	rule := policy.Rule{
		ID: "logs/retention", Title: "Log groups keep their events long enough", Description: "Why it\nmatters.\n",
		Severity: "medium", ResourceTypes: []string{"AWS::Logs::LogGroup"},
		Related:     []policy.Relation{{Type: "AWS::KMS::Key"}, {Type: "AWS::KMS::Key"}},
		Remediation: "Set retention_in_days.",
		Parameters: []policy.Parameter{
			{Name: "minimum_days", Type: "number", Default: json.Number("365"), Text: "days | at least"},
		},
		References: []policy.Reference{{Text: "Log retention", URL: "https://example.com/retention"}},
	}
	source := "# METADATA\n# title: x\npackage rules.logs.retention\n\nimport rego.v2\n\nviolation if true\n"
	want := `---
page_title: "logs/retention"
subcategory: "Rules"
description: |-
  Log groups keep their events long enough
---

# logs/retention

**Log groups keep their events long enough.**

Why it
matters.

| | |
| --- | --- |
| Severity | medium |
| Looks at | ` + "`AWS::Logs::LogGroup`" + ` |
| Together with | ` + "`AWS::KMS::Key`" + ` |

## Remediation

Set retention_in_days.

## Parameters

| name | type | default | |
| --- | --- | --- | --- |
| ` + "`minimum_days` | number | `365`" + ` | days \| at least |

## The rule

` + "`policies/rules/logs/retention`" + `, without its metadata:

` + "```rego" + `
package rules.logs.retention

import rego.v2

violation if true
` + "```" + `

## Read more

- [Log retention](https://example.com/retention)
`
	got, err := rulePage(rule, source)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestEveryRuleHasAPageAndARow(t *testing.T) {
	engine, err := policy.Load(t.Context(), policy.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(engine.Rules()) == 0 {
		t.Fatal("the bundle has no rules")
	}
	all, err := rulePages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"guides/rules.md": true}
	for _, rule := range engine.Rules() {
		want["rules/"+rule.ID+".md"] = true
	}
	got := map[string]bool{}
	for path := range all {
		got[path] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}
