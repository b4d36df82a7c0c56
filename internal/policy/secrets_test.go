package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

// What Terraform marks as sensitive is judged like any other value, and shows
// up nowhere in a finding.
func TestSecretsAreJudgedAndNotShown(t *testing.T) {
	const secret = "hush-12345"
	group := func() *item.Item {
		return &item.Item{
			Type: "AWS::Logs::LogGroup", ID: secret, Name: secret, Source: item.Source{Kind: item.Plan, Address: "aws_cloudwatch_log_group.a"},
			Configuration: map[string]any{"logGroupName": secret, "retentionInDays": json.Number("12345")},
			Sensitive:     []string{"configuration.logGroupName", "configuration.retentionInDays", "resourceId", "resourceName"},
		}
	}
	channel := &item.Item{
		Type: "AWS::Config::DeliveryChannel", Source: item.Source{Kind: item.Plan, Address: "aws_config_delivery_channel.a"},
		Configuration: map[string]any{"name": "default", "s3BucketName": secret}, Sensitive: []string{"configuration.s3BucketName"},
	}
	tests := map[string]struct {
		rule string
		item *item.Item
		want finding.Verdict
	}{
		"a number in the rule's own words": {"logs/retention", group(), finding.NonCompliant},
		"the name of the resource":         {"logs/kms_encryption", group(), finding.NonCompliant},
		"the key of a relation":            {"config/delivery_channel", channel, finding.Undecided},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			parameters := map[string]map[string]any{"logs/retention": {"min_days": 20000}}
			engine := load(t, policy.Options{Builtin: true, Rules: []string{tt.rule}, Parameters: parameters})
			got := only(t, engine, tt.item)
			if got.Verdict != tt.want {
				t.Errorf("got %s, want %s", got.Verdict, tt.want)
			}
			text, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "12345") {
				t.Errorf("the finding shows a secret: %s", text)
			}
		})
	}
}
