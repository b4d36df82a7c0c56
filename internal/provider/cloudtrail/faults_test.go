package cloudtrail_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// A step after the creation fails: the trail is kept, the steps behind it are
// done all the same, and the next apply does only what is missing.
func TestAccTrail_partialCreate(t *testing.T) {
	full := config(basic + insights)
	tests := []struct {
		fails string
		calls []string // between CreateTrail and DeleteTrail
	}{
		{"PutEventSelectors", []string{"PutEventSelectors", "PutInsightSelectors", "StartLogging", "PutEventSelectors"}},
		{"PutInsightSelectors", []string{"PutEventSelectors", "PutInsightSelectors", "StartLogging", "PutInsightSelectors"}},
		{"StartLogging", []string{"PutEventSelectors", "PutInsightSelectors", "StartLogging", "StartLogging"}},
	}
	for _, test := range tests {
		t.Run(test.fails, func(t *testing.T) {
			t.Parallel()
			sb := start(t)
			sb.FailNext(test.fails, sandbox.AccessDenied())
			acctest.Run(t, sb, resource.TestCase{Steps: []resource.TestStep{
				{Config: full, ExpectNonEmptyPlan: true},
				updated(full, attribute("enable_logging", knownvalue.Bool(true))),
			}})
			want := append(append([]string{"CreateTrail"}, test.calls...), "DeleteTrail")
			if diff := cmp.Diff(want, changes(sb)); diff != "" {
				t.Errorf("calls that change something (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccTrail_faults(t *testing.T) {
	cfg := config(insights)
	tests := []struct {
		name  string
		fault func(*sandbox.Server)
		calls int // of CreateTrail
		err   string
	}{
		{"throttled everywhere", func(s *sandbox.Server) {
			for _, op := range []string{"CreateTrail", "PutInsightSelectors", "StartLogging", "GetTrail", "GetTrailStatus", "GetEventSelectors", "GetInsightSelectors", "cloudtrail:ListTags", "DeleteTrail"} {
				s.FailNext(op, sandbox.Throttle())
			}
		}, 2, ""},
		{"another operation is changing it", func(s *sandbox.Server) {
			s.FailNext("StartLogging", sandbox.Code("ConflictException", "The resource is not ready.", 400).Times(2))
		}, 1, ""},
		{"five trails", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("MaximumNumberOfTrailsExceededException", "User: 111122223333 already has 5 trails in eu-west-1.", 400).Always())
		}, 1, `(?s)five trails\s+per\s+Region.*count in this\s+one\s+too`},
		{"reset before the effect", func(s *sandbox.Server) { s.FailNext("CreateTrail", sandbox.Reset()) }, 2, ""},
		{"reset after the effect", func(s *sandbox.Server) { s.FailNext("CreateTrail", sandbox.Reset().AfterCommit()) }, 2, ""},
		{"answers cut off", func(s *sandbox.Server) {
			for _, op := range []string{"GetTrail", "GetTrailStatus", "GetEventSelectors"} {
				s.FailNext(op, sandbox.Truncate())
			}
		}, 1, ""},
		{"server errors", func(s *sandbox.Server) { s.FailNext("CreateTrail", sandbox.ServerError(503).Times(2)) }, 3, ""},
		{"the bucket's policy is on its way", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: audit-logs", 400).Times(2))
		}, 3, ""},
		{"the key's policy is on its way", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("InsufficientEncryptionPolicyException", "Insufficient permissions to access S3 bucket audit-logs or KMS key.", 400).Times(2))
		}, 3, ""},
		{"the role is on its way", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("InvalidCloudWatchLogsRoleArnException", "Access denied. Check the trust relationships for your role.", 400),
				sandbox.Code("InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check the permissions for your role.", 400))
		}, 3, ""},
		{"a malformed role", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("InvalidCloudWatchLogsRoleArnException", "CloudTrail cannot validate the specified role ARN.", 400))
		}, 1, `role\s+must\s+trust\s+cloudtrail.amazonaws.com`},
		{"not the management account", func(s *sandbox.Server) {
			s.FailNext("CreateTrail", sandbox.Code("NotOrganizationMasterAccountException", "The account is not the management account.", 400))
		}, 1, `delegated\s+administrator`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sb := start(t)
			test.fault(sb)
			s := step(cfg)
			if test.err != "" {
				s = resource.TestStep{Config: cfg, ExpectError: regexp.MustCompile(test.err)}
			}
			acctest.Run(t, sb, resource.TestCase{Steps: []resource.TestStep{s}})
			if n := count(sb, "CreateTrail"); n != test.calls {
				t.Errorf("%d calls of CreateTrail, want %d", n, test.calls)
			}
		})
	}
}

// The bucket's policy really comes later, from someone else.
func TestAccTrail_policyAppears(t *testing.T) {
	sb := sandbox.Start(t)
	makeBucket(t, sb, bucket)
	go func() {
		for count(sb, "CreateTrail") == 0 && t.Context().Err() == nil {
			time.Sleep(20 * time.Millisecond)
		}
		putBucketPolicy(t, sb, bucket)
	}()
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{step(config(""))}})
	if n := count(sb, "CreateTrail"); n < 2 {
		t.Errorf("%d calls of CreateTrail, want more: the first came before the policy", n)
	}
}

// A policy that never comes: the wait is bounded, and the error shows what the
// policy must say.
func TestAccTrail_policyMissing(t *testing.T) {
	sb := sandbox.Start(t)
	makeBucket(t, sb, bucket)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config:      config("timeouts {\n create = \"2s\"\n }"),
		ExpectError: regexp.MustCompile(`(?s)InsufficientS3BucketPolicyException.*s3:GetBucketAcl.*arn:aws:s3:::audit-logs/AWSLogs/(ACCOUNT|111122223333)/\*.*trail/audit`),
	}}})
}

// What AWS shows only after some reads is neither taken for gone nor for drift.
func TestAccTrail_eventualConsistency(t *testing.T) {
	sb := start(t)
	stale := func() {
		for _, op := range []string{"GetTrail", "GetTrailStatus", "GetEventSelectors"} {
			sb.FailNext(op, sandbox.Stale().Times(2))
		}
	}
	stale()
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(basic)),
		before(func() { sb.FailNext("UpdateTrail", sandbox.Throttle()) }, updated(config("enable_log_file_validation = true"))),
	}})
	if n := count(sb, "CreateTrail"); n != 1 {
		t.Errorf("%d calls of CreateTrail, want 1", n)
	}
}

func TestAccTrail_alreadyExists(t *testing.T) {
	sb := start(t)
	_, err := trails(t, sb, "").CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{Name: aws.String("audit"), S3BucketName: aws.String(bucket)})
	must(t, err)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config:      config(""),
		ExpectError: regexp.MustCompile(`(?s)TrailAlreadyExistsException.*terraform import vigil_trail.NAME\s+'audit@eu-west-1'`),
	}}})
}

// A trail that someone else made is not taken for our own, not even when the
// answer to our attempt was lost.
func TestAccTrail_notOurs(t *testing.T) {
	sb := start(t)
	api := trails(t, sb, "")
	_, err := api.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{Name: aws.String("audit"), S3BucketName: aws.String(bucket), IsMultiRegionTrail: aws.Bool(true)})
	must(t, err)
	_, err = api.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: aws.String("audit")})
	must(t, err)
	sb.FailNext("CreateTrail", sandbox.Reset())
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{Config: config(""), ExpectError: regexp.MustCompile(`TrailAlreadyExistsException`)}}})
}

// A failed update is continued by the next apply.
func TestAccTrail_partialUpdate(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		{
			PreConfig:   func() { sb.FailNext("PutEventSelectors", sandbox.AccessDenied()) },
			Config:      config("enable_log_file_validation = true" + basic),
			ExpectError: regexp.MustCompile(`(?s)Updating CloudTrail trail "audit".*setting its event selectors`),
		},
		updated(config("enable_log_file_validation = true"+basic), attribute("enable_log_file_validation", knownvalue.Bool(true))),
	}})
	want := []string{"CreateTrail", "StartLogging", "UpdateTrail", "PutEventSelectors", "PutEventSelectors", "DeleteTrail"}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

// Every attribute that a validator or the plan reads may be unknown while planning.
func TestAccTrail_unknownValues(t *testing.T) {
	sb := start(t)
	makeTopic(t, sb, "audit")
	makeLogGroup(t, sb)
	key := makeKey(t, sb, "alias/audit")
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config: `
resource "terraform_data" "x" {
  input = {
    name = "audit", bucket = "` + bucket + `", prefix = "p", topic = "audit", group = "` + groupARN + `", role = "` + roleARN + `", key = "` + key + `"
    yes = true, no = false, category = "Management", field = "eventCategory", region = "eu-west-1", insight = "ApiCallRateInsight", tag = "v"
  }
}
resource "terraform_data" "fields" {
  input = ["eventCategory"]
}
resource "vigil_trail" "test" {
  name                          = terraform_data.x.output.name
  s3_bucket_name                = terraform_data.x.output.bucket
  s3_key_prefix                 = terraform_data.x.output.prefix
  sns_topic_name                = terraform_data.x.output.topic
  cloud_watch_logs_group_arn    = terraform_data.x.output.group
  cloud_watch_logs_role_arn     = terraform_data.x.output.role
  kms_key_id                    = terraform_data.x.output.key
  enable_logging                = terraform_data.x.output.yes
  enable_log_file_validation    = terraform_data.x.output.yes
  include_global_service_events = terraform_data.x.output.yes
  is_multi_region_trail         = terraform_data.x.output.yes
  is_organization_trail         = terraform_data.x.output.no
  region                        = terraform_data.x.output.region
  tags                          = { t = terraform_data.x.output.tag }
  advanced_event_selector {
    dynamic "field_selector" {
      for_each = terraform_data.fields.output
      content {
        field  = field_selector.value
        equals = [terraform_data.x.output.category]
      }
    }
  }
  insight_selector { insight_type = terraform_data.x.output.insight }
}
resource "vigil_trail" "basic" {
  name           = "basic"
  s3_bucket_name = terraform_data.x.output.bucket
  dynamic "event_selector" {
    for_each = terraform_data.fields.output
    content {
      include_management_events        = terraform_data.x.output.yes
      exclude_management_event_sources = terraform_data.x.output.no ? ["kms.amazonaws.com"] : []
    }
  }
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(trail, tfjsonpath.New("sns_topic_arn")),
			plancheck.ExpectUnknownValue(trail, tfjsonpath.New("tags_all")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			text("sns_topic_arn", topicARN),
			attribute("advanced_event_selector", knownvalue.ListSizeExact(1)),
			attribute("tags_all", texts("t", "v")),
		},
	}}})
}

// CloudTrail takes one change a second of each kind: as many trails as a Region
// may have are made with few refused calls.
func TestAccTrail_rates(t *testing.T) {
	sb := start(t, sandbox.WithRates(sandbox.DocumentedRates()))
	all := `
resource "vigil_trail" "test" {
  count          = 5
  name           = "audit-${count.index}"
  s3_bucket_name = "` + bucket + `"
  event_selector { read_write_type = "WriteOnly" }
}`
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{Config: all}}})
	var refused, sent int
	for _, c := range sb.Calls() {
		if c.Service == "cloudtrail" {
			sent++
			if c.Error == "ThrottlingException" {
				refused++
			}
		}
	}
	if refused*10 > sent {
		t.Errorf("%d of %d calls were throttled, want at most a tenth", refused, sent)
	}
}

// The same over a whole life: every change stays invisible for two reads.
func TestAccTrail_alwaysLate(t *testing.T) {
	sb := start(t, sandbox.WithEventualConsistency(2))
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("tags = { a = \"b\" }"+basic+insights), attribute("event_selector", knownvalue.ListSizeExact(1))),
		updated(config("enable_log_file_validation = true\n  tags = { a = \"c\" }" + advanced)),
		updated(config("enable_logging = false")),
	}})
	if n := count(sb, "CreateTrail"); n != 1 {
		t.Errorf("%d calls of CreateTrail, want 1", n)
	}
}
