package policy_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before you commit it")

// TestBaseline judges a real plan and compares the whole matrix: a pair that
// changes its verdict, its path or what it waits for shows.
func TestBaseline(t *testing.T) {
	compareGolden(t, "testdata/baseline.txt", matrix(judgePlan(t, policy.Options{Builtin: true})))
}

// Without the assumption, what is merely planned is not compliant.
func TestBaseline_strictUnknown(t *testing.T) {
	var changed []finding.Finding
	for _, f := range judgePlan(t, policy.Options{Builtin: true, StrictUnknown: true}) {
		if f.Verdict == finding.Undecided && f.Rule != "cloudwatch/alarm_has_action" {
			changed = append(changed, f)
		}
		if len(f.Assumes) > 0 {
			t.Errorf("%s on %s assumes %v", f.Rule, f.Resource.Key(), f.Assumes)
		}
	}
	compareGolden(t, "testdata/baseline_strict.txt", matrix(changed))
}

// The defects that the fourteen rules cover, from the README of the plan, and
// nothing else.
func TestBaseline_defects(t *testing.T) {
	want := map[string]bool{
		"cloudtrail/log_file_validation aws_cloudtrail.legacy":                                        true,
		"cloudtrail/kms_encryption aws_cloudtrail.legacy":                                             true,
		"cloudtrail/cloudwatch_logs_delivery aws_cloudtrail.legacy":                                   true,
		"cloudtrail/insights aws_cloudtrail.legacy":                                                   true,
		"cloudtrail/insights module.trail.aws_cloudtrail.main":                                        true,
		"logs/retention aws_cloudwatch_log_group.app":                                                 true,
		"logs/kms_encryption aws_cloudwatch_log_group.app":                                            true,
		"ec2/vpc_flow_logs aws_vpc.shadow":                                                            true,
		`cloudwatch/alarm_has_action module.alarms.aws_cloudwatch_metric_alarm.this["config_change"]`: true,
		"config/delivery_channel module.recorder.aws_config_delivery_channel.this":                    true,
		"config/recorder_on module.recorder.aws_config_configuration_recorder.this":                   true,
	}
	got := map[string]bool{}
	for _, f := range judgePlan(t, policy.Options{Builtin: true}) {
		if f.Verdict == finding.NonCompliant {
			got[f.Rule+" "+f.Resource.Address] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defects found (-want +got):\n%s", diff)
	}
}

func judgePlan(t *testing.T, opts policy.Options) []finding.Finding {
	t.Helper()
	file, err := os.Open("../../examples/ci/baseline.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	set, err := plan.Read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return evaluate(t, load(t, opts), set.Items)
}

// matrix writes one paragraph per finding.
func matrix(findings []finding.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s\n  %s", f.Rule, f.Resource.Key(), f.Verdict)
		for _, word := range []string{string(f.Reason), f.Path} {
			if word != "" {
				fmt.Fprintf(&b, " %s", word)
			}
		}
		fmt.Fprintf(&b, ": %s\n", f.Message)
		for _, u := range f.Unknown {
			fmt.Fprintf(&b, "  unknown %s <- %s\n", u.Path, u.WaitsFor)
		}
		for _, u := range f.Assumes {
			fmt.Fprintf(&b, "  assumes %s <- %s\n", u.Path, u.WaitsFor)
		}
	}
	return b.String()
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
