package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

func TestAccProvider_planMakesNoCalls(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{{
		Config: `
resource "vigil_log_group" "test" {
  name              = "audit"
  retention_in_days = 365
}`,
		PlanOnly:           true,
		ExpectNonEmptyPlan: true,
		ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("vigil_log_group.test", plancheck.ResourceActionCreate),
		}},
	}}})
	if calls := aws.Calls(); len(calls) != 0 {
		t.Errorf("planning a new resource made %d calls, the first %s", len(calls), calls[0].Name())
	}
}
