package plan_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// BenchmarkRead reads a real plan of 42 resources in four modules.
func BenchmarkRead(b *testing.B) {
	text, err := os.ReadFile("../../../examples/ci/baseline.json")
	if err != nil {
		b.Fatal(err)
	}
	benchmarkRead(b, text)
}

// BenchmarkReadLarge reads 10,000 resources, nine in ten of a type that no
// rule looks at, as in the plan of a whole platform.
func BenchmarkReadLarge(b *testing.B) {
	var text bytes.Buffer
	text.WriteString(`{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[`)
	for i := range 10_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		kind, values := "aws_instance", `{"ami":"ami-0123456789abcdef0","instance_type":"m7i.large","user_data":"`+fmt.Sprintf("%01000d", i)+`"}`
		if i%10 == 0 {
			kind, values = "aws_cloudwatch_log_group", fmt.Sprintf(`{"name":"/app/%d","retention_in_days":30}`, i)
		}
		fmt.Fprintf(&text, `{"address":"%[1]s.r%[2]d","mode":"managed","type":"%[1]s","name":"r%[2]d","provider_name":"registry.terraform.io/hashicorp/aws",`+
			`"change":{"actions":["create"],"before":null,"after":%[3]s,"after_unknown":{"arn":true,"id":true},"before_sensitive":false,"after_sensitive":{}}}`, kind, i, values)
	}
	text.WriteString(`]}`)
	benchmarkRead(b, text.Bytes())
}

func benchmarkRead(b *testing.B, text []byte) {
	b.Helper()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		set, err := plan.Read(b.Context(), bytes.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		if len(set.Items) == 0 {
			b.Fatal("no items were read")
		}
	}
}
