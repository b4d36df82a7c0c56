package provider_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
)

// The state of a resource of hashicorp/aws becomes a state that can be read.
func TestMoveState(t *testing.T) {
	t.Parallel()
	const aws = "registry.terraform.io/hashicorp/aws"
	tests := []struct {
		name, from, provider, to, state string
		want                            map[string]string // attributes that are set; nil: refused
	}{
		{"log group, version 5", "aws_cloudwatch_log_group", aws, "vigil_log_group",
			`{"id": "audit", "name": "audit", "arn": "arn:aws:logs:us-east-1:111122223333:log-group:audit", "retention_in_days": 30, "tags": {"a": "b"}}`,
			map[string]string{"name": "audit", "region": "us-east-1"}},
		{"log group, version 6, OpenTofu", "aws_cloudwatch_log_group", "registry.opentofu.org/hashicorp/aws", "vigil_log_group",
			`{"name": "audit", "region": "eu-north-1"}`, map[string]string{"name": "audit", "region": "eu-north-1"}},
		{"metric filter", "aws_cloudwatch_log_metric_filter", aws, "vigil_metric_filter",
			`{"name": "root", "log_group_name": "audit", "pattern": "x"}`, map[string]string{"name": "root", "log_group_name": "audit"}},
		{"alarm", "aws_cloudwatch_metric_alarm", aws, "vigil_metric_alarm",
			`{"alarm_name": "root", "arn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:root"}`, map[string]string{"alarm_name": "root", "region": "us-east-1"}},
		{"trail", "aws_cloudtrail", aws, "vigil_trail",
			`{"name": "audit", "id": "audit", "region": "eu-west-1", "arn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"}`,
			map[string]string{"name": "audit", "arn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit", "region": "us-east-1"}},
		{"another type", "aws_sns_topic", aws, "vigil_log_group", `{"name": "audit"}`, nil},
		{"another provider", "aws_cloudwatch_log_group", "registry.terraform.io/acme/cloud", "vigil_log_group", `{"name": "audit"}`, nil},
		{"a broken state", "aws_cloudwatch_log_group", aws, "vigil_log_group", `[`, nil},
	}
	schemas := schemas(t).ResourceSchemas
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			resp, err := provider.NewServer("test")().MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
				SourceProviderAddress: test.provider, SourceTypeName: test.from, TargetTypeName: test.to,
				SourceState: &tfprotov6.RawState{JSON: []byte(test.state)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if test.want == nil {
				if len(resp.Diagnostics) == 0 {
					t.Error("it was moved")
				}
				return
			}
			for _, d := range resp.Diagnostics {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
			state, err := resp.TargetState.Unmarshal(schemas[test.to].ValueType())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, texts(t, state)); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

// texts gives the top-level strings that are set.
func texts(t *testing.T, v tftypes.Value) map[string]string {
	t.Helper()
	var fields map[string]tftypes.Value
	if err := v.As(&fields); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for name, f := range fields {
		var s string
		if f.Type().Is(tftypes.String) && !f.IsNull() && f.As(&s) == nil {
			out[name] = s
		}
	}
	return out
}
