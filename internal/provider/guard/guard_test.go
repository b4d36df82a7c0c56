package guard_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/cloudtrail"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/cloudwatch"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/config"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/fwk"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/guard"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/logs"
)

const unknown = "(unknown)"

// planned makes a planned resource of the given attributes; all others are null.
func planned(t *testing.T, r resource.Resource, typ string, set map[string]any) fwk.Planned {
	t.Helper()
	var resp resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
	object, ok := resp.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("a schema is an object")
	}
	return fwk.Planned{Type: typ, Action: "create", Values: tfsdk.Plan{Schema: resp.Schema, Raw: value(object, set)}}
}

// value builds a value of a type from Go values; lists and sets from []any.
func value(typ tftypes.Type, v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case string:
		if v == unknown {
			return tftypes.NewValue(typ, tftypes.UnknownValue)
		}
	case map[string]any:
		object := typ.(tftypes.Object)
		fields := make(map[string]tftypes.Value)
		for name, t := range object.AttributeTypes {
			fields[name] = value(t, v[name])
		}
		return tftypes.NewValue(typ, fields)
	case []any:
		element := tftypes.Type(tftypes.String)
		switch t := typ.(type) {
		case tftypes.List:
			element = t.ElementType
		case tftypes.Set:
			element = t.ElementType
		}
		elements := make([]tftypes.Value, len(v))
		for i, e := range v {
			elements[i] = value(element, e)
		}
		return tftypes.NewValue(typ, elements)
	}
	return tftypes.NewValue(typ, v)
}

// said gives "error|warning summary @path" of each diagnostic.
func said(diags diag.Diagnostics) map[string]string {
	out := make(map[string]string)
	for _, d := range diags {
		at := ""
		if p, ok := d.(diag.DiagnosticWithPath); ok {
			at = p.Path().String()
		}
		out[strings.ToLower(d.Severity().String())+": "+d.Summary()] = at
	}
	return out
}

func trail(change map[string]any) map[string]any {
	good := map[string]any{
		"name": "audit", "s3_bucket_name": "b", "is_multi_region_trail": true, "include_global_service_events": true,
		"enable_log_file_validation": true, "enable_logging": true,
		"kms_key_id":                 "arn:aws:kms:eu-west-1:111122223333:key/1",
		"cloud_watch_logs_group_arn": "arn:aws:logs:eu-west-1:111122223333:log-group:g",
		"cloud_watch_logs_role_arn":  "arn:aws:iam::111122223333:role/r",
		"insight_selector":           []any{map[string]any{"insight_type": "ApiCallRateInsight"}, map[string]any{"insight_type": "ApiErrorRateInsight"}},
	}
	maps.Copy(good, change)
	return good
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		resource resource.Resource
		typ      string
		values   map[string]any
		want     map[string]string
	}{
		{"a good trail", cloudtrail.NewTrailResource(), "vigil_trail", trail(nil), map[string]string{}},
		{"a trail without validation", cloudtrail.NewTrailResource(), "vigil_trail", trail(map[string]any{"enable_log_file_validation": false}),
			map[string]string{"error: Policy cloudtrail/log_file_validation (medium)": "enable_log_file_validation"}},
		{"a trail with an unknown key", cloudtrail.NewTrailResource(), "vigil_trail", trail(map[string]any{"kms_key_id": unknown}),
			map[string]string{"warning: Policy cloudtrail/kms_encryption is decided during apply": "kms_key_id"}},
		{"an alarm without an action, and disabled", cloudwatch.NewMetricAlarmResource(), "vigil_metric_alarm",
			map[string]any{"alarm_name": "a", "actions_enabled": false},
			map[string]string{
				"error: Policy cloudwatch/alarm_has_action (high)":      "alarm_actions",
				"error: Policy cloudwatch/alarm_actions_enabled (high)": "actions_enabled",
			}},
		{"an alarm with unknown actions", cloudwatch.NewMetricAlarmResource(), "vigil_metric_alarm",
			map[string]any{"alarm_name": "a", "actions_enabled": true, "alarm_actions": unknown},
			map[string]string{"warning: Policy cloudwatch/alarm_has_action is decided during apply": "alarm_actions"}},
		{"a log group that keeps too little", logs.NewLogGroupResource(), "vigil_log_group",
			map[string]any{"name": "g", "retention_in_days": 7, "kms_key_id": "arn:aws:kms:eu-west-1:111122223333:key/1"},
			map[string]string{"error: Policy logs/retention (medium)": "retention_in_days"}},
		{"a log group of unknown retention", logs.NewLogGroupResource(), "vigil_log_group",
			map[string]any{"name": "g", "retention_in_days": unknown, "kms_key_id": "arn:aws:kms:eu-west-1:111122223333:key/1"},
			map[string]string{"warning: Policy logs/retention is decided during apply": "retention_in_days"}},
		{"a recorder that is off", config.NewRecorderResource(), "vigil_config_recorder",
			map[string]any{
				"name": "default", "role_arn": "arn:aws:iam::111122223333:role/r", "recording": false,
				"recording_group":  map[string]any{"all_supported": true, "include_global_resource_types": true},
				"delivery_channel": map[string]any{"s3_bucket_name": "b"},
			},
			map[string]string{"error: Policy config/recorder_on (critical)": "recording"}},
	}
	var engines guard.Engines
	g := engines.New(guard.Settings{Mandatory: true, FailOn: finding.Low})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := g.Judge(context.Background(), planned(t, test.resource, test.typ, test.values))
			if diff := cmp.Diff(test.want, said(diags)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s\n%v", diff, diags)
			}
		})
	}
}

// What can be said without a policy, or without a policy that is known.
func TestJudgeSettings(t *testing.T) {
	t.Parallel()
	broken := map[string]any{"name": "g", "retention_in_days": 7}
	tests := []struct {
		name     string
		settings guard.Settings
		action   string
		want     map[string]string
	}{
		{"advisory", guard.Settings{FailOn: finding.Low}, "create",
			map[string]string{"warning: Policy logs/retention (medium)": "retention_in_days"}},
		{"mandatory", guard.Settings{Mandatory: true, FailOn: finding.Low}, "update",
			map[string]string{"error: Policy logs/retention (medium)": "retention_in_days"}},
		{"mandatory from a higher severity on", guard.Settings{Mandatory: true, FailOn: finding.High}, "update",
			map[string]string{"warning: Policy logs/retention (medium)": "retention_in_days"}},
		{"mandatory, but nothing changes", guard.Settings{Mandatory: true, FailOn: finding.Low}, "no-op",
			map[string]string{"warning: Policy logs/retention (medium)": "retention_in_days"}},
		{"unknown", guard.Settings{Mandatory: true, Unknown: true}, "create", map[string]string{"warning: The policy is not known yet": ""}},
		{"rules that cannot be loaded", guard.Settings{Directories: []string{"/does/not/exist"}}, "create", map[string]string{"error: Loading the policy": ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.settings.Skip = []string{"logs/kms_encryption"}
			p := planned(t, logs.NewLogGroupResource(), "vigil_log_group", broken)
			p.Action = test.action
			var engines guard.Engines
			if diff := cmp.Diff(test.want, said(engines.New(test.settings).Judge(context.Background(), p))); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// A type that no rule can know is not passed silently.
func TestJudgeUnknownType(t *testing.T) {
	t.Parallel()
	p := planned(t, logs.NewLogGroupResource(), "vigil_log_group", map[string]any{"name": "g"})
	p.Type = "vigil_nothing"
	var engines guard.Engines
	diags := engines.New(guard.Settings{Mandatory: true}).Judge(context.Background(), p)
	if !diags.HasError() {
		t.Errorf("no error: %v", diags)
	}
}
