package logs_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

const group = "vigil_log_group.test"

func TestAccLogGroup_basic(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{
			Config: `
resource "vigil_log_group" "test" {
  name              = "audit/trail"
  retention_in_days = 365
}`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(group, plancheck.ResourceActionCreate),
				plancheck.ExpectUnknownValue(group, tfjsonpath.New("arn")),
				plancheck.ExpectKnownValue(group, tfjsonpath.New("region"), knownvalue.StringExact("eu-west-1")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("id", knownvalue.StringExact("audit/trail")),
				attribute("name", knownvalue.StringExact("audit/trail")),
				attribute("name_prefix", knownvalue.Null()),
				attribute("retention_in_days", knownvalue.Int64Exact(365)),
				attribute("kms_key_id", knownvalue.Null()),
				attribute("log_group_class", knownvalue.StringExact("STANDARD")),
				attribute("deletion_protection_enabled", knownvalue.Bool(false)),
				attribute("skip_destroy", knownvalue.Bool(false)),
				attribute("arn", knownvalue.StringExact("arn:aws:logs:eu-west-1:111122223333:log-group:audit/trail")),
				attribute("region", knownvalue.StringExact("eu-west-1")),
				attribute("tags", knownvalue.Null()),
				attribute("tags_all", knownvalue.MapExact(nil)),
			},
		},
		{ResourceName: group, ImportState: true, ImportStateVerify: true, ImportStateId: "audit/trail"},
		{ResourceName: group, ImportState: true, ImportStateVerify: true, ImportStateId: "audit/trail@eu-west-1"},
	}})
	want := []string{"logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"}
	if diff := cmp.Diff(want, changes(aws)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccLogGroup_disappears(t *testing.T) {
	aws := sandbox.Start(t)
	config := `resource "vigil_log_group" "test" { name = "audit" }`
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		{
			PreConfig: func() {
				name := "audit"
				if _, err := client(t, aws, "").DeleteLogGroup(context.Background(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(group, plancheck.ResourceActionCreate),
			}},
		},
	}})
}

func TestAccLogGroup_retention(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(retention string) string {
		return fmt.Sprintf("resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  %s\n}", retention)
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config("retention_in_days = 30"), attribute("retention_in_days", knownvalue.Int64Exact(30))),
		updated(config("retention_in_days = 90"), attribute("retention_in_days", knownvalue.Int64Exact(90))),
		updated(config("retention_in_days = 0"), attribute("retention_in_days", knownvalue.Int64Exact(0))),
		updated(config("retention_in_days = 1"), attribute("retention_in_days", knownvalue.Int64Exact(1))),
		updated(config(""), attribute("retention_in_days", knownvalue.Int64Exact(0))),
	}})
}

func TestAccLogGroup_key(t *testing.T) {
	aws := sandbox.Start(t, sandbox.WithLandingZone())
	config := func(key string) string {
		return fmt.Sprintf("resource \"vigil_log_group\" \"test\" {\n  name       = \"audit\"\n  kms_key_id = %s\n}", key)
	}
	arn := fmt.Sprintf("%q", aws.LandingZone().KMSKeyARN)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{
			Config:      config(`"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"`),
			ExpectError: regexp.MustCompile(`(?s)Creating log group "audit".*its\s+policy\s+must\s+allow`),
		},
		step(config(arn), attribute("kms_key_id", knownvalue.StringExact(aws.LandingZone().KMSKeyARN))),
		updated(config("null"), attribute("kms_key_id", knownvalue.Null())),
		updated(config(arn), attribute("kms_key_id", knownvalue.StringExact(aws.LandingZone().KMSKeyARN))),
		updated(config(`""`), attribute("kms_key_id", knownvalue.StringExact(""))),
	}})
}

// A default tag that is null is none, and no reason for another plan.
func TestAccLogGroup_nullDefaultTag(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step("provider \"vigil\" {\n  default_tags { tags = { owner = \"audit\", team = null } }\n}\nresource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n}",
			attribute("tags_all", texts("owner", "audit"))),
	}})
}

// Modules pass "" where there is no key.
func TestAccLogGroup_emptyKey(t *testing.T) {
	aws := sandbox.Start(t)
	config := "resource \"vigil_log_group\" \"test\" {\n  name       = \"audit\"\n  kms_key_id = \"\"\n}"
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config, attribute("kms_key_id", knownvalue.StringExact(""))),
	}})
}

func TestAccLogGroup_class(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(class string) string {
		return fmt.Sprintf("resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  log_group_class = %q\n}", class)
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config("INFREQUENT_ACCESS"), attribute("log_group_class", knownvalue.StringExact("INFREQUENT_ACCESS"))),
		replaced(config("STANDARD")),
	}})
}

func TestAccLogGroup_name(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(`resource "vigil_log_group" "test" { name = "awsome" }`),
		replaced(`resource "vigil_log_group" "test" { name_prefix = "audit-" }`,
			attribute("name", knownvalue.StringRegexp(regexp.MustCompile(`^audit-[0-9a-f]{26}$`)))),
		updated("resource \"vigil_log_group\" \"test\" {\n  name_prefix = \"audit-\"\n  retention_in_days = 30\n}"),
	}})
}

func TestAccLogGroup_deletionProtection(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(protected bool) string {
		return fmt.Sprintf("resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  deletion_protection_enabled = %v\n}", protected)
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config(true), attribute("deletion_protection_enabled", knownvalue.Bool(true))),
		{Config: config(true), Destroy: true, ExpectError: regexp.MustCompile(`is protected against deletion`)},
		updated(config(false), attribute("deletion_protection_enabled", knownvalue.Bool(false))),
	}})
}

func TestAccLogGroup_skipDestroy(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{
		Steps:        []resource.TestStep{step("resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  skip_destroy = true\n}")},
		CheckDestroy: nothing,
	})
	if diff := cmp.Diff([]string{"logs:CreateLogGroup"}, changes(aws)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccLogGroup_tags(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(provider, tags string) string {
		return fmt.Sprintf("provider \"vigil\" {\n  %s\n}\nresource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  %s\n}", provider, tags)
	}
	const defaults = `default_tags { tags = { owner = "audit", team = "a" } }`
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config("", `tags = { one = "1", two = "2" }`), attribute("tags", texts("one", "1", "two", "2"))),
		updated(config("", `tags = { one = "eins", three = "3" }`), attribute("tags_all", texts("one", "eins", "three", "3"))),
		// A change of default_tags alone is planned, also with a tag that the resource says as well.
		updated(config(defaults, `tags = { one = "eins", team = "a" }`),
			attribute("tags", texts("one", "eins", "team", "a")),
			attribute("tags_all", texts("one", "eins", "team", "a", "owner", "audit"))),
		updated(config(defaults, `tags = { team = "b" }`),
			attribute("tags", texts("team", "b")),
			attribute("tags_all", texts("team", "b", "owner", "audit"))),
		{
			PreConfig: func() { tagGroup(t, aws, map[string]string{"cost:center": "1", "stray": "x"}) },
			Config:    config(defaults+"\n  ignore_tags {\n    keys = [\"stray\"]\n    key_prefixes = [\"cost:\"]\n  }", `tags = { team = "b" }`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectEmptyPlan(),
			}},
		},
		// Not ignored any more: the stray tags go.
		updated(config("", "tags = {}"), attribute("tags", texts()), attribute("tags_all", texts())),
		step(config("", ""), attribute("tags", knownvalue.Null())),
	}})
}

// What AWS would refuse is refused while planning, in words that name its rule.
func TestAccLogGroup_refused(t *testing.T) {
	aws := sandbox.Start(t)
	const key = `takes the ARN of a KMS\s+key`
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		refused(`name = "a:b"`, `is made of the characters`),
		refused(`name = ""`, `string length must be between 1 and 512`),
		refused(`name = "aws/audit"`, `must not begin with "aws/"`),
		refused("name = \"a\"\n  name_prefix = \"b\"", `"name" cannot be specified when "name_prefix"`),
		refused(`retention_in_days = 100`, `(?s)keeps events for one of these.*Got:\s+100.*next\s+longer\s+one\s+is\s+120`),
		refused(`retention_in_days = -1`, `keeps events for one of these`),
		refused(`kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"`, key),
		refused(`kms_key_id = "alias/audit"`, key),
		refused(`log_group_class = "standard"`, `AWS writes "STANDARD"`),
		refused("log_group_class = \"DELIVERY\"\n  retention_in_days = 7", `DELIVERY log groups have a fixed retention`),
		refused(`tags = { "aws:x" = "1" }`, `AWS keeps tag keys that begin with "aws:"`),
		refused(`tags = { x = null }`, `contains a null value`),
		refused("timeouts {\n    create = \"soon\"\n  }", `(?i)duration`),
	}})
	if n := len(aws.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

func TestAccLogGroup_region(t *testing.T) {
	aws := sandbox.Start(t)
	config := func(region string) string {
		return fmt.Sprintf("resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  region = %s\n}", region)
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		step(config(`"us-east-1"`), attribute("arn", knownvalue.StringExact("arn:aws:logs:us-east-1:111122223333:log-group:audit"))),
		{ResourceName: group, ImportState: true, ImportStateVerify: true, ImportStateId: "audit@us-east-1"},
		replaced(config("null"), attribute("region", knownvalue.StringExact("eu-west-1"))),
	}})
}

// Every attribute that a validator or the plan reads may be unknown while planning.
func TestAccLogGroup_unknownValues(t *testing.T) {
	aws := sandbox.Start(t)
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{{
		Config: `
resource "terraform_data" "x" {
  input = { name = "audit", days = 30, key = null, class = "STANDARD", off = false, region = "eu-west-1", value = "v" }
}
resource "terraform_data" "tags" {
  input = { "one" = "1" }
}
resource "vigil_log_group" "test" {
  name                        = terraform_data.x.output.name
  retention_in_days           = terraform_data.x.output.days
  kms_key_id                  = terraform_data.x.output.key
  log_group_class             = terraform_data.x.output.class
  deletion_protection_enabled = terraform_data.x.output.off
  skip_destroy                = terraform_data.x.output.off
  region                      = terraform_data.x.output.region
  tags                        = { key = terraform_data.x.output.value }
}
resource "vigil_log_group" "all_tags" {
  name_prefix = terraform_data.x.output.name
  tags        = terraform_data.tags.output
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(group, tfjsonpath.New("tags_all")),
			plancheck.ExpectUnknownValue(group, tfjsonpath.New("region")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("tags_all", texts("key", "v")),
			statecheck.ExpectKnownValue("vigil_log_group.all_tags", tfjsonpath.New("tags_all"), texts("one", "1")),
		},
	}}})
}

func TestAccLogGroup_alreadyExists(t *testing.T) {
	aws := sandbox.Start(t)
	name := "audit"
	if _, err := client(t, aws, "").CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}); err != nil {
		t.Fatal(err)
	}
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{{
		Config:      `resource "vigil_log_group" "test" { name = "audit" }`,
		ExpectError: regexp.MustCompile(`(?s)ResourceAlreadyExistsException.*terraform import vigil_log_group.NAME 'audit'`),
	}}})
}

// A step after the creation fails: the group is kept, and the next apply does
// only what is missing.
func TestAccLogGroup_partialCreate(t *testing.T) {
	aws := sandbox.Start(t)
	config := "resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  retention_in_days = 30\n}"
	aws.FailNext("PutRetentionPolicy", sandbox.AccessDenied())
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{
		{Config: config, ExpectNonEmptyPlan: true},
		updated(config, attribute("retention_in_days", knownvalue.Int64Exact(30))),
	}})
	want := []string{"logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"}
	if diff := cmp.Diff(want, changes(aws)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccLogGroup_faults(t *testing.T) {
	config := "resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  retention_in_days = 30\n  tags = { a = \"b\" }\n}"
	tests := []struct {
		name  string
		fault func(*sandbox.Server)
		calls int // of CreateLogGroup
		err   string
	}{
		{"throttled everywhere", func(s *sandbox.Server) {
			for _, op := range []string{"CreateLogGroup", "PutRetentionPolicy", "DescribeLogGroups", "ListTagsForResource", "DeleteLogGroup"} {
				s.FailNext(op, sandbox.Throttle())
			}
		}, 2, ""},
		{"conflict between writers", func(s *sandbox.Server) {
			s.FailNext("PutRetentionPolicy", sandbox.Code("OperationAbortedException", "Multiple concurrent requests to update the same resource were in conflict.", 400).Times(2))
		}, 1, ""},
		{"a quota is used up", func(s *sandbox.Server) {
			s.FailNext("CreateLogGroup", sandbox.Code("LimitExceededException", "Resource limit exceeded.", 400).Always())
		}, 1, "A quota of the account is used up"},
		{"reset before the effect", func(s *sandbox.Server) { s.FailNext("CreateLogGroup", sandbox.Reset()) }, 2, ""},
		{"reset after the effect", func(s *sandbox.Server) { s.FailNext("CreateLogGroup", sandbox.Reset().AfterCommit()) }, 2, ""},
		{"answers cut off", func(s *sandbox.Server) {
			s.FailNext("DescribeLogGroups", sandbox.Truncate())
			s.FailNext("ListTagsForResource", sandbox.Truncate())
		}, 1, ""},
		{"a server that hangs", func(s *sandbox.Server) { s.FailNext("DescribeLogGroups", sandbox.Hang()) }, 1, ""},
		{"credentials that have expired", func(s *sandbox.Server) { s.FailNext("CreateLogGroup", sandbox.ExpiredCredentials()) }, 1, "ExpiredToken"},
		{"another clock", func(s *sandbox.Server) { s.FailNext("CreateLogGroup", sandbox.ClockSkew(20*time.Minute)) }, 2, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			aws := sandbox.Start(t)
			test.fault(aws)
			s := resource.TestStep{Config: config}
			if test.err != "" {
				s.ExpectError = regexp.MustCompile(test.err)
			}
			acctest.Run(t, aws, resource.TestCase{Steps: []resource.TestStep{s}})
			if n := count(aws, "CreateLogGroup"); n != test.calls {
				t.Errorf("%d calls of CreateLogGroup, want %d", n, test.calls)
			}
		})
	}
}

// AWS shows what was made or changed only after some reads.
func TestAccLogGroup_eventualConsistency(t *testing.T) {
	aws := sandbox.Start(t)
	config := "resource \"vigil_log_group\" \"test\" {\n  name = \"audit\"\n  retention_in_days = 30\n}"
	aws.FailNext("DescribeLogGroups", sandbox.Stale().Times(3))
	acctest.Test(t, aws, resource.TestCase{Steps: []resource.TestStep{step(config)}})
	if n := count(aws, "CreateLogGroup"); n != 1 {
		t.Errorf("%d calls of CreateLogGroup, want 1", n)
	}
}
