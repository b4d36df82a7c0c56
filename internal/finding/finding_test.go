package finding_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
)

// These values are in people's baselines and waivers. If this test fails, the
// identity of every finding has changed: do not mend the test.
func TestID_golden(t *testing.T) {
	tests := map[string]struct {
		rule     string
		resource finding.Resource
		path     string
		want     string
	}{
		"address": {
			"cloudtrail/insights", finding.Resource{Type: "AWS::CloudTrail::Trail", Name: "main", ARN: "arn:aws:x", Address: "module.trail.aws_cloudtrail.main"},
			"configuration.insightSelectors", "13179e861d4be7a14c33306a0b7ac7ba",
		},
		"arn":  {"logs/retention", finding.Resource{Type: "AWS::Logs::LogGroup", ARN: "arn:aws:logs:eu-west-1:111122223333:log-group:app", ID: "app"}, "configuration.retentionInDays", "86fd1236b0c66c7ab8adc6f50989acb2"},
		"id":   {"ec2/vpc_flow_logs", finding.Resource{Type: "AWS::EC2::VPC", ID: "vpc-1", Account: "111122223333", Region: "eu-west-1"}, "", "173a4924785747c8a4c31bb1d9757459"},
		"name": {"config/recorder_on", finding.Resource{Type: "AWS::Config::ConfigurationRecorder", Name: "default"}, "", "d79da203c8e8b99cb0b73e4102b6ca1d"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := finding.ID(test.rule, test.resource, test.path); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Where one part ends and the next begins must be part of the identity.
func TestID_partsDoNotRunTogether(t *testing.T) {
	at := finding.Resource{Address: "a"}
	if finding.ID("r", at, "b") == finding.ID("r", finding.Resource{Address: "ab"}, "") {
		t.Error("address and path run together")
	}
	if finding.ID("ra", finding.Resource{Address: "b"}, "") == finding.ID("r", finding.Resource{Address: "ab"}, "") {
		t.Error("rule and address run together")
	}
}

func TestSummarize(t *testing.T) {
	findings := []finding.Finding{
		{Verdict: finding.Compliant}, {Verdict: finding.Compliant},
		{Verdict: finding.NonCompliant}, {Verdict: finding.NonCompliant, Waiver: &finding.Waiver{}},
		{Verdict: finding.NotApplicable}, {Verdict: finding.Undecided}, {Verdict: finding.Failed},
	}
	want := finding.Summary{Resources: 4, Evaluated: 7, Compliant: 2, NonCompliant: 1, NotApplicable: 1, Unknown: 1, Error: 1, Waived: 1}
	if diff := cmp.Diff(want, finding.Summarize(4, findings)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFails(t *testing.T) {
	high := finding.Finding{Verdict: finding.NonCompliant, Severity: finding.High}
	waived := high
	waived.Waiver = &finding.Waiver{}
	open := finding.Finding{Verdict: finding.Undecided, Severity: finding.High, Reason: finding.AfterApply}
	tests := []struct {
		finding finding.Finding
		failOn  finding.Severity
		want    bool
	}{
		{high, finding.Low, true}, {high, finding.Medium, true}, {high, finding.High, true},
		{high, finding.Critical, false}, {high, finding.None, false},
		{waived, finding.Low, false}, {open, finding.Low, false},
	}
	for _, test := range tests {
		if got := test.finding.Fails(test.failOn); got != test.want {
			t.Errorf("%+v at --fail-on %s: got %t", test.finding, test.failOn, got)
		}
	}
}

func TestIncomplete(t *testing.T) {
	tests := map[string]struct {
		finding finding.Finding
		want    bool
	}{
		"after apply":  {finding.Finding{Verdict: finding.Undecided, Reason: finding.AfterApply}, false},
		"not visible":  {finding.Finding{Verdict: finding.Undecided, Reason: finding.NotVisible}, true},
		"not readable": {finding.Finding{Verdict: finding.Undecided, Reason: finding.NotReadable}, true},
		"error":        {finding.Finding{Verdict: finding.Failed}, true},
		"waived":       {finding.Finding{Verdict: finding.Failed, Waiver: &finding.Waiver{}}, false},
		"violation":    {finding.Finding{Verdict: finding.NonCompliant}, false},
	}
	for name, test := range tests {
		if got := test.finding.Incomplete(); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestParseSeverity(t *testing.T) {
	order := []finding.Severity{finding.None, finding.Low, finding.Medium, finding.High, finding.Critical}
	for i, want := range order {
		got, err := finding.ParseSeverity(string(want))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v", want, got, err)
		}
		if i > 0 && want.Compare(order[i-1]) <= 0 {
			t.Errorf("%s is not above %s", want, order[i-1])
		}
	}
	for _, text := range []string{"", "HIGH", "severe"} {
		if got, err := finding.ParseSeverity(text); err == nil {
			t.Errorf("%q: got %s", text, got)
		}
	}
}
