package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// guarded is a provider block with a policy, and a log group.
func guarded(policy, group string) string {
	return fmt.Sprintf("provider \"vigil\" {\n  policy {\n    %s\n  }\n}\nresource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  %s\n}", policy, group)
}

// only leaves out what a log group without a key breaks besides its retention.
const only = "skip = [\"logs/kms_encryption\"]\n    "

func blocked(config, message string) resource.TestStep {
	return resource.TestStep{Config: config, ExpectError: regexp.MustCompile(strings.ReplaceAll(message, " ", `\s+`))}
}

func TestAccPolicy_mandatory(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		blocked(guarded(only+`enforcement = "mandatory"`, "retention_in_days = 3"),
			`(?s)Error: Policy logs/retention \(medium\).*retention_in_days = 3.*Events are kept for 3 days; 365 are required\..*Why: .*Where: vigil_log_group "audit", retention_in_days.*Fix: .*vigil rules show logs/retention`),
		blocked(guarded("enforcement = \"mandatory\"\n    skip = [\"logs/retention\"]", ""), `Policy logs/kms_encryption`),
	}})
	if calls := aws.Calls(); len(calls) != 0 {
		t.Errorf("a blocked plan made %d calls, the first %s", len(calls), calls[0].Name())
	}
}

// A null in a list is nothing, not something that is known only later.
func TestAccPolicy_nulls(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		blocked(guarded("enforcement = \"mandatory\"\n    directories = [null]\n    skip = [null, \"logs/kms_encryption\"]", "retention_in_days = 3"),
			`Policy logs/retention`),
	}})
}

func TestAccPolicy_lets(t *testing.T) {
	aws := sandbox.Start(t)
	pass := func(config string) resource.TestStep { return resource.TestStep{Config: config} }
	none := "resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  retention_in_days = 3\n}"
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		pass(none), // advisory
		pass(guarded(`enforcement = "advisory"`, "retention_in_days = 3")),
		pass(guarded(`enforcement = "off"`, "retention_in_days = 3")),
		pass(guarded(only+`enforcement = "mandatory"`, "retention_in_days = 365")),
		pass(guarded("enforcement = \"mandatory\"\n    fail_on = \"high\"\n    "+only, "retention_in_days = 3")),
		pass(guarded("enforcement = \"mandatory\"\n    fail_on = \"none\"", "retention_in_days = 3")),
		pass(guarded("enforcement = \"mandatory\"\n    skip = [\"logs/retention\", \"logs/kms_encryption\"]", "retention_in_days = 3")),
		pass(guarded(only+"enforcement = \"mandatory\"\n    parameters = { \"logs/retention\" = { min_days = 3 } }", "retention_in_days = 3")),
	}})
}

// A resource that stays as it is gives a warning only: it is planned like this
// before it is destroyed, too. Any change of it is blocked.
func TestAccPolicy_existing(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{Config: guarded(`enforcement = "off"`, "retention_in_days = 3")},
		{
			Config:           guarded(only+`enforcement = "mandatory"`, "retention_in_days = 3"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		{Config: guarded(only+`enforcement = "mandatory"`, "retention_in_days = 3"), Destroy: true},
		{Config: guarded(`enforcement = "off"`, "retention_in_days = 3")},
		blocked(guarded(only+`enforcement = "mandatory"`, "retention_in_days = 3\n  tags = { a = \"b\" }"), `Policy logs/retention`),
		{Config: guarded(only+`enforcement = "mandatory"`, "retention_in_days = 3"), Destroy: true},
	}})
}

// What the plan cannot know does not block it. During apply it is known, and
// blocks before anything is made.
func TestAccPolicy_unknownValues(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(days int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"days\" {\n  input = %d\n}\n", days) +
			guarded(only+`enforcement = "mandatory"`, "retention_in_days = terraform_data.days.output")
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: config(3),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("vigil_log_group.test", plancheck.ResourceActionCreate),
			}},
			ExpectError: regexp.MustCompile(`(?s)Error running apply.*Policy logs/retention \(medium\)`),
		},
	}})
	for _, c := range aws.Calls() {
		if c.Operation == "CreateLogGroup" {
			t.Error("the group was made")
		}
	}
}

func TestAccPolicy_ownRules(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rules", "acme", "named")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	rule := `# METADATA
# title: Log groups are named after a team
# description: Nobody knows whom to ask about the others.
# schemas:
#   - input: schema["AWS::Logs::LogGroup"]
# custom:
#   severity: low
#   resource_types: ["AWS::Logs::LogGroup"]
#   trigger: [change]
#   remediation: Begin the name with the team's.
package rules.acme.named

import rego.v2

violation if not startswith(input.configuration.logGroupName, "team/")

details contains {"path": "configuration.logGroupName", "message": "the name begins with no team"} if true
`
	if err := os.WriteFile(filepath.Join(dir, "named.rego"), []byte(rule), 0o600); err != nil {
		t.Fatal(err)
	}
	own := fmt.Sprintf("enforcement = \"mandatory\"\n    skip = [\"logs/kms_encryption\"]\n    directories = [%q]", filepath.Dir(filepath.Dir(filepath.Dir(dir))))
	acctest.Test(t, sandbox.Start(t), resource.TestCase{Steps: []resource.TestStep{
		blocked(guarded(own, ""), `(?s)Policy acme/named \(low\).*name = "audit".*The name begins with no team\..*Fix: Begin the name with the team's`),
	}})
}

func TestAccPolicy_badBlock(t *testing.T) {
	acctest.Test(t, sandbox.Start(t), resource.TestCase{Steps: []resource.TestStep{
		blocked(guarded(`skip = ["logs/retentoin"]`, ""), `(?s)Loading the policy.*logs/retentoin`),
		blocked(guarded(`directories = ["/does/not/exist"]`, ""), `(?s)Loading the policy.*/does/not/exist`),
		blocked(guarded(`parameters = { "logs/retention" = { min_day = 3 } }`, ""), `(?s)Loading the policy.*min_day`),
		blocked(guarded(`parameters = { "logs/retention" = { min_days = "many" } }`, ""), `(?s)Loading the policy.*min_days`),
		blocked(guarded(`parameters = ["x"]`, ""), `Parameters of rules`),
		blocked(guarded(`enforcement = "strict"`, ""), `must be one of`),
	}})
}
