package item_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

func TestKindOf(t *testing.T) {
	tests := map[item.Symbol]string{
		{Address: "aws_vpc.a", Attribute: "id"}:                                   "AWS::EC2::VPC",
		{Address: `module.x["aws_kms_key.b"].aws_vpc.a["c.d"]`, Attribute: "arn"}: "AWS::EC2::VPC",
		{Address: "awscc_sns_topic.a", Attribute: "topic_arn"}:                    "AWS::SNS::Topic",
		{Address: "aws_vpc.a", Attribute: "cidr_block"}:                           "",
		{Address: "terraform_data.a", Attribute: "output"}:                        "",
		{Address: "aws_s3_bucket_policy.a", Attribute: "bucket"}:                  "",
		{Address: "aws_vpc", Attribute: "id"}:                                     "",
	}
	identities := item.Identities()
	for s, want := range tests {
		if got := identities.KindOf(s); got != want {
			t.Errorf("%s identifies %q, want %q", s, got, want)
		}
	}
}

func TestSplitAddress(t *testing.T) {
	tests := map[string][]string{
		"aws_vpc.a":                          {"aws_vpc", "a"},
		`module.m["a.b"].aws_vpc.c["d\".e"]`: {"module", `m["a.b"]`, "aws_vpc", `c["d\".e"]`},
		"":                                   {""},
	}
	for address, want := range tests {
		if diff := cmp.Diff(want, item.SplitAddress(address)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func TestUnknownIsItsPath(t *testing.T) {
	raw, err := json.Marshal([]item.Unknown{{Path: "configuration.v", From: &item.Symbol{Address: "aws_vpc.a", Attribute: "id"}}})
	if err != nil || string(raw) != `["configuration.v"]` {
		t.Errorf("got %s, %v", raw, err)
	}
	var back []item.Unknown
	if err := json.Unmarshal(raw, &back); err != nil || back[0].Path != "configuration.v" {
		t.Errorf("read back %v, %v", back, err)
	}
}
