package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const group = `
resource "vigil_log_group" "test" {
  name              = "audit"
  retention_in_days = 365
}`

func TestAccProvider_planMakesNoCalls(t *testing.T) {
	aws := sandbox.Start(t)
	create := plancheck.ExpectResourceAction("vigil_log_group.test", plancheck.ResourceActionCreate)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: group, PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{create}},
		},
		{ // Nobody listens there, and nobody asks.
			Config:   "provider \"vigil\" {\n  endpoints {\n    logs = \"http://127.0.0.1:1\"\n    sts  = \"http://127.0.0.1:1\"\n  }\n}" + group,
			PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{create}},
		},
	}})
	if calls := aws.Calls(); len(calls) != 0 {
		t.Errorf("planning a new resource made %d calls, the first %s", len(calls), calls[0].Name())
	}
}

// A provider whose configuration comes from another resource can plan new
// resources; existing ones it cannot read, and says why.
func TestAccProvider_unknownConfiguration(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(region string) string {
		return fmt.Sprintf(`
resource "terraform_data" "region" {
  input = %q
}
provider "vigil" {
  region = terraform_data.region.output
}`, region) + group
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: config("us-east-1"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("vigil_log_group.test", plancheck.ResourceActionCreate),
			}},
			Check: resource.TestCheckResourceAttr("vigil_log_group.test", "region", "us-east-1"),
		},
		{
			Config: config("us-west-2"), PlanOnly: true, ExpectNonEmptyPlan: true,
			ExpectError: regexp.MustCompile(`(?s)configuration is not known yet.*Known\s+after\s+apply:\s+region`),
		},
	}})
}

// The first call asks STS once whose the credentials are, and a whole run no
// more often than it starts the provider.
func TestAccProvider_account(t *testing.T) {
	asking := func(c *awscfg.Config) { c.SkipCredentialsValidation, c.SkipRequestingAccount = false, false }
	test := func(name, lines, message string) {
		t.Run(name, func(t *testing.T) {
			aws := sandbox.Start(t)
			s := resource.TestStep{Config: "provider \"vigil\" {\n  " + lines + "\n}" + group}
			if message != "" {
				s.ExpectError = regexp.MustCompile(strings.ReplaceAll(message, " ", `\s+`))
			}
			acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{s}, ProtoV6ProviderFactories: acctest.Factories(aws, asking)})
			for _, c := range aws.Calls() {
				if message != "" && c.Service != "sts" {
					t.Errorf("call %s in an account that is not allowed", c.Name())
				}
			}
		})
	}
	test("any", "", "")
	test("allowed", `allowed_account_ids = ["111122223333"]`, "")
	test("not allowed", `allowed_account_ids = ["444455556666"]`, "AWS account ID not allowed: 111122223333")
	test("forbidden", `forbidden_account_ids = ["111122223333"]`, "AWS account ID not allowed: 111122223333")
}

func TestAccProvider_refused(t *testing.T) {
	aws := sandbox.Start(t)
	bad := func(lines, message string) resource.TestStep {
		return resource.TestStep{
			Config: "provider \"vigil\" {\n  " + lines + "\n}" + group, PlanOnly: true,
			ExpectError: regexp.MustCompile(strings.ReplaceAll(message, " ", `\s+`)),
		}
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		bad(`retry_mode = "often"`, `must be one of`),
		bad("allowed_account_ids = [\"111122223333\"]\n  forbidden_account_ids = [\"111122223333\"]", `cannot be specified when`),
		bad(`allowed_account_ids = ["1111"]`, `twelve digits`),
		bad(`endpoints { logs = "localhost" }`, `An endpoint is a URL`),
		bad("endpoints {\n    logs = \"http://a\"\n    cloudwatchlogs = \"http://b\"\n  }", `(?s)Conflicting endpoints.*set twice`),
		bad(`assume_role { role_arn = "audit" }`, `The ARN of an IAM role`),
		bad("assume_role {\n    role_arn = \"arn:aws:iam::111122223333:role/a\"\n    duration = \"1m\"\n  }", `from 15m to 12h`),
		bad("assume_role_with_web_identity {\n    web_identity_token = \"a\"\n    web_identity_token_file = \"b\"\n  }", `cannot be specified when`),
	}})
}

// Roles are assumed in order, each with the credentials of the one before.
// A Region that does not exist is refused while planning, wherever it is named.
func TestAccProvider_region(t *testing.T) {
	aws := sandbox.Start(t)
	group := func(provider, region string) string {
		return fmt.Sprintf("provider \"vigil\" {\n  %s\n}\nresource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  %s\n}", provider, region)
	}
	refused := func(config string) resource.TestStep {
		return resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(`invalid\s+AWS\s+Region:\s+eu-wset-1`)}
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		refused(group(`region = "eu-wset-1"`, "")),
		refused(group("", `region = "eu-wset-1"`)),
		{Config: group("skip_region_validation = true", `region = "eu-wset-1"`)},
	}})
}

func TestAccProvider_assumeRole(t *testing.T) {
	aws := sandbox.Start(t)
	first, second := trusted(t, aws, "first", "root"), trusted(t, aws, "second", "role/first")
	config := fmt.Sprintf("provider \"vigil\" {\n  assume_role {\n    role_arn = %q\n  }\n  assume_role {\n    role_arn = %q\n  }\n}", first, second) + group
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{{Config: config}}})
	var assumed []string
	used := make(map[string]string)
	for _, c := range aws.Calls() {
		if in, ok := c.Input.(*sts.AssumeRoleInput); ok && c.Error == "" && !slices.Contains(assumed, *in.RoleArn) {
			assumed = append(assumed, *in.RoleArn)
		}
		used[c.Operation] = c.AccessKey
	}
	if diff := cmp.Diff([]string{first, second}, assumed); diff != "" {
		t.Errorf("roles assumed (-want +got):\n%s", diff)
	}
	if used["CreateLogGroup"] == used["AssumeRole"] || used["CreateLogGroup"] == used["CreateRole"] {
		t.Error("the group was not made with the second role's credentials")
	}
}

// trusted makes a role that a principal of the account may assume.
func trusted(t *testing.T, aws *sandbox.Server, name, principal string) string {
	t.Helper()
	cfg, err := awscfg.New(acctest.Settings(aws)).Config(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	url := aws.URL()
	api := iam.NewFromConfig(cfg, func(o *iam.Options) { o.BaseEndpoint = &url })
	out, err := api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: awssdk.String(
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:` + principal + `"}}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Role.Arn
}
