package report_test

import (
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/report"
)

// sample has one finding of every kind, in an order that is not the order of
// any format.
func sample() finding.Report {
	trail := finding.Resource{Type: "AWS::CloudTrail::Trail", Address: "aws_cloudtrail.legacy", Region: "eu-west-1", Account: "111122223333"}
	app := finding.Resource{Type: "AWS::Logs::LogGroup", Address: "aws_cloudwatch_log_group.app"}
	alarm := finding.Resource{Type: "AWS::CloudWatch::Alarm", Address: `module.alarms.aws_cloudwatch_metric_alarm.this["root_usage"]`}
	account := finding.Resource{Type: "AWS::::Account", Account: "111122223333", Region: "eu-west-1"}
	return finding.Report{
		Version: 1,
		Tool:    finding.Tool{Name: "vigil", Version: "1.2.3"},
		Source:  finding.Source{Kind: "plan", Path: "plan.json"},
		Summary: finding.Summary{Resources: 5, Evaluated: 40, Compliant: 29, NonCompliant: 3, NotApplicable: 3, Unknown: 2, Error: 1, Waived: 1},
		Findings: []finding.Finding{
			{
				ID: "f3", Rule: "logs/retention", Verdict: finding.NonCompliant, Severity: finding.Low,
				Title: "Log groups are kept long enough", Message: "kept for 3 days, 365 are asked for",
				Resource: app, Path: "configuration.retentionInDays", Controls: []string{"nist-800-53-r5/AU-11"},
				Remediation: "Set retention_in_days to 365 or more.",
			},
			{
				ID: "f1", Rule: "cloudtrail/log_file_validation", Verdict: finding.NonCompliant, Severity: finding.Medium,
				Title: "CloudTrail log files are validated", Message: "log file validation is off",
				Resource: trail, Path: "configuration.logFileValidationEnabled",
				Controls: []string{"cis-aws-7.0/4.2", "fsbp/CloudTrail.4"}, Remediation: "Set enable_log_file_validation = true on the trail.",
			},
			{
				ID: "f2", Rule: "cloudtrail/log_file_validation", Verdict: finding.NonCompliant, Severity: finding.Medium,
				Title: "CloudTrail log files are validated", Message: "log file validation is not set",
				Resource:    finding.Resource{Type: "AWS::CloudTrail::Trail", ARN: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/second"},
				Remediation: "Set enable_log_file_validation = true on the trail.",
				Controls:    []string{"cis-aws-7.0/4.2", "fsbp/CloudTrail.4"},
			},
			{
				ID: "f4", Rule: "cloudwatch/alarm_has_action", Verdict: finding.Undecided, Reason: finding.AfterApply, Severity: finding.Medium,
				Title: "Alarms tell somebody", Message: "cannot be decided before apply", Resource: alarm,
				Unknown: []finding.UnknownPath{{Path: "configuration.alarmActions", WaitsFor: "module.alarms.aws_sns_topic.soc.arn"}},
			},
			{
				ID: "f5", Rule: "cloudtrail/multi_region_trail", Verdict: finding.Undecided, Reason: finding.NotVisible, Severity: finding.High,
				Title: "A trail records every Region", Message: "the account may have trails that this plan does not hold", Resource: account,
			},
			{
				ID: "f6", Rule: "acme/own_rule", Verdict: finding.Failed, Severity: finding.High,
				Title: "Our own rule", Message: "acme.rego:7: eval_conflict_error", Resource: trail,
			},
			{
				ID: "f7", Rule: "kms/key_rotation", Verdict: finding.NonCompliant, Severity: finding.Medium, Title: "Keys rotate",
				Message: "the key does not rotate", Resource: finding.Resource{Type: "AWS::KMS::Key", ID: "1234abcd"},
				Waiver: &finding.Waiver{Owner: "sec@example.com", Reason: "imported material", Expires: "2027-01-31"},
			},
			{ID: "f8", Rule: "kms/key_rotation", Verdict: finding.Compliant, Severity: finding.Medium, Title: "Keys rotate", Resource: finding.Resource{Address: "aws_kms_key.a"}, Assumes: []finding.UnknownPath{{Path: "configuration.keySpec", WaitsFor: "aws_x.y.spec"}}},
			{ID: "f9", Rule: "kms/key_rotation", Verdict: finding.NotApplicable, Severity: finding.Medium, Title: "Keys rotate", Resource: finding.Resource{Address: "aws_kms_key.b"}},
		},
	}
}

// clean is a run without findings.
func clean() finding.Report {
	r := sample()
	r.Findings = nil
	r.Summary = finding.Summary{Resources: 5, Evaluated: 12, Compliant: 12}
	return r
}

func written(t *testing.T, format string, r finding.Report, o report.Options) string {
	t.Helper()
	f, err := report.Lookup(format)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
