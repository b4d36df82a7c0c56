package policy_test

import (
	"context"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

func TestX(t *testing.T) {
	e, err := policy.Load(context.Background(), policy.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	set := &item.Set{Items: []*item.Item{
		{Type: "AWS::CloudTrail::Trail", Name: "a", Configuration: map[string]any{}},
		{Type: "AWS::CloudTrail::Trail", Name: "b", Configuration: map[string]any{"logFileValidationEnabled": true}},
		{Type: "AWS::CloudTrail::Trail", Name: "c", Configuration: map[string]any{}, Unknown: []item.Unknown{{Path: "configuration.logFileValidationEnabled"}}},
	}}
	fs, err := e.Evaluate(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fs {
		t.Logf("%+v", f)
	}
	_ = finding.Compliant
	rs, err := policy.Test(context.Background())
	t.Log(err)
	for _, r := range rs {
		t.Logf("%+v", r)
	}
}
