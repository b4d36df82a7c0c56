package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

// TestDefaultsOfNewKeys reads a key whose rotation period the provider will
// only read back: unset is known, one that is made from something else is not.
func TestDefaultsOfNewKeys(t *testing.T) {
	const document = `{"format_version":"1.2","resource_changes":[{"address":"aws_kms_key.k","mode":"managed","type":"aws_kms_key","name":"k",
		"change":{"actions":["create"],"after":{"enable_key_rotation":true},"after_unknown":{"rotation_period_in_days":true}}}],
		"configuration":{"root_module":{"resources":[{"address":"aws_kms_key.k","type":"aws_kms_key","expressions":{%s}}]}}}`
	for name, expressions := range map[string]string{"unset": ``, "computed": `"rotation_period_in_days":{"references":["var.days"]}`} {
		t.Run(name, func(t *testing.T) {
			set, err := plan.Read(t.Context(), strings.NewReader(fmt.Sprintf(document, expressions)))
			if err != nil {
				t.Fatal(err)
			}
			key := at(t, set, "aws_kms_key.k")
			got := false
			for _, u := range key.Unknown {
				got = got || u.Path == "configuration.rotationPeriodInDays"
			}
			if want := name == "computed"; got != want {
				t.Errorf("the period is unknown: %t, want %t", got, want)
			}
		})
	}
}

// TestIdentitiesOfLoggedThings tells a subnet's id from a VPC's.
func TestIdentitiesOfLoggedThings(t *testing.T) {
	table := item.Identities()
	subnet := table.KindOf(item.Symbol{Address: "module.net.aws_subnet.a[0]", Attribute: "id"})
	vpc := table.KindOf(item.Symbol{Address: "aws_vpc.main", Attribute: "id"})
	if subnet == "" || subnet == vpc {
		t.Errorf("a subnet's id identifies %q, a VPC's %q; want two kinds", subnet, vpc)
	}
}
