package policy_test

import (
	"fmt"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

// BenchmarkLoad is what every run pays before it looks at anything.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := policy.Load(b.Context(), policy.Options{Builtin: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEvaluate judges 2000 items, half of them with an unknown value that
// a rule reads and all with one that no rule reads, as in a real plan.
func BenchmarkEvaluate(b *testing.B) {
	engine, err := policy.Load(b.Context(), policy.Options{Builtin: true})
	if err != nil {
		b.Fatal(err)
	}
	set := &item.Set{}
	for i := range 500 {
		name := fmt.Sprint(i)
		arn := item.Unknown{Path: "arn"}
		open := []item.Unknown{arn, {Path: "configuration.kmsKeyId", From: &item.Symbol{Address: "aws_kms_key.k", Attribute: "arn"}}}
		set.Items = append(set.Items,
			&item.Item{Type: "AWS::Logs::LogGroup", Name: name, Configuration: map[string]any{"logGroupName": name, "retentionInDays": 30}, Unknown: open},
			&item.Item{Type: "AWS::CloudWatch::Alarm", Name: name, Configuration: map[string]any{"alarmName": name, "actionsEnabled": true}, Unknown: []item.Unknown{arn, {Path: "configuration.alarmActions"}}},
			&item.Item{Type: "AWS::EC2::VPC", ID: name, Configuration: map[string]any{"vpcId": name}, Unknown: []item.Unknown{arn}},
			&item.Item{Type: "AWS::EC2::FlowLog", ID: name, Configuration: map[string]any{"resourceId": name, "trafficType": "ALL"}, Unknown: []item.Unknown{arn}},
		)
	}
	for b.Loop() {
		if _, err := engine.Evaluate(b.Context(), set); err != nil {
			b.Fatal(err)
		}
	}
}
