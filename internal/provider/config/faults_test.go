package config_test

import (
	"context"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// A step of the creation fails: what was there is taken back, so that the next
// apply starts from nothing.
func TestAccConfigRecorder_partialCreate(t *testing.T) {
	undo := []string{"StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder"}
	tests := []struct {
		fails string
		calls []string
	}{
		{"PutConfigurationRecorder", []string{"PutConfigurationRecorder"}},
		{"PutDeliveryChannel", append([]string{"PutConfigurationRecorder", "PutDeliveryChannel"}, undo...)},
		{"StartConfigurationRecorder", append([]string{"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder"}, undo...)},
	}
	for _, test := range tests {
		t.Run(test.fails, func(t *testing.T) {
			t.Parallel()
			sb := start(t)
			sb.FailNext(test.fails, sandbox.AccessDenied())
			acctest.Run(t, sb, resource.TestCase{Steps: []resource.TestStep{
				{Config: config(""), ExpectError: regexp.MustCompile(`not authorized to\s+perform`)},
				before(func() {
					if diff := cmp.Diff(test.calls, changes(sb)); diff != "" {
						t.Errorf("calls that change something (-want +got):\n%s", diff)
					}
				}, planned(plancheck.ResourceActionCreate, config(""), nil)),
			}})
		})
	}
}

// The creation fails, and taking back too: the state knows what is there, and
// the next apply makes it anew.
func TestAccConfigRecorder_stuckCreate(t *testing.T) {
	sb := start(t)
	sb.FailNext("StartConfigurationRecorder", sandbox.AccessDenied())
	sb.FailNext("DeleteDeliveryChannel", sandbox.AccessDenied())
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		{Config: config(""), ExpectError: regexp.MustCompile(`(?s)Taking back what had been created\s+failed\s+too`)},
		replaced(config("")),
	}})
}

func TestAccConfigRecorder_faults(t *testing.T) {
	tests := []struct {
		name  string
		fault func(*sandbox.Server)
		calls int // of PutDeliveryChannel
		err   string
	}{
		{"throttled everywhere", func(s *sandbox.Server) {
			for _, op := range []string{"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder", "DescribeConfigurationRecorders",
				"DescribeConfigurationRecorderStatus", "DescribeDeliveryChannels", "config:ListTagsForResource", "StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder"} {
				s.FailNext(op, sandbox.Throttle())
			}
		}, 2, ""},
		{"reset before the effect", func(s *sandbox.Server) { s.FailNext("PutConfigurationRecorder", sandbox.Reset()) }, 1, ""},
		{"reset after the effect", func(s *sandbox.Server) {
			s.FailNext("PutConfigurationRecorder", sandbox.Reset().AfterCommit())
			s.FailNext("PutDeliveryChannel", sandbox.Reset().AfterCommit())
		}, 2, ""},
		{"answers cut off", func(s *sandbox.Server) {
			s.FailNext("DescribeConfigurationRecorders", sandbox.Truncate())
			s.FailNext("DescribeDeliveryChannels", sandbox.Truncate())
		}, 1, ""},
		{"the bucket's policy is on its way", func(s *sandbox.Server) {
			s.FailNext("PutDeliveryChannel", sandbox.Code("InsufficientDeliveryPolicyException", "Insufficient delivery policy to s3 bucket.", 400).Times(2))
		}, 3, ""},
		{"the recorder is not known everywhere", func(s *sandbox.Server) {
			s.FailNext("PutDeliveryChannel", sandbox.Code("NoAvailableConfigurationRecorderException", "Configuration recorder is not available.", 400))
			s.FailNext("StartConfigurationRecorder", sandbox.Code("NoAvailableDeliveryChannelException", "Delivery channel is not available.", 400))
		}, 2, ""},
		{"the recorder is still running", func(s *sandbox.Server) {
			s.FailNext("DeleteDeliveryChannel", sandbox.Code("LastDeliveryChannelDeleteFailedException", "There is a running configuration recorder.", 400).Times(2))
		}, 1, ""},
		{"a recorder that a describe did not show", func(s *sandbox.Server) {
			s.FailNext("PutConfigurationRecorder", sandbox.Code("MaxNumberOfConfigurationRecordersExceededException", "The maximum number of configuration recorders: 1 is reached.", 400))
		}, 0, `one\s+customer-managed\s+recorder\s+in\s+each\s+Region`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sb := start(t)
			test.fault(sb)
			s := step(config(""))
			if test.err != "" {
				s = resource.TestStep{Config: config(""), ExpectError: regexp.MustCompile(test.err)}
			}
			acctest.Run(t, sb, resource.TestCase{Steps: []resource.TestStep{s}})
			if n := count(sb, "PutDeliveryChannel"); n != test.calls {
				t.Errorf("%d calls of PutDeliveryChannel, want %d", n, test.calls)
			}
		})
	}
}

// The bucket's policy really comes later, from someone else.
func TestAccConfigRecorder_policyAppears(t *testing.T) {
	sb := sandbox.Start(t)
	makeRole(t, sb)
	makeBucket(t, sb, bucket)
	go func() {
		for count(sb, "PutDeliveryChannel") == 0 && t.Context().Err() == nil {
			time.Sleep(20 * time.Millisecond)
		}
		putBucketPolicy(t, sb, bucket)
	}()
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{step(config(""))}})
	if n := count(sb, "PutDeliveryChannel"); n < 2 {
		t.Errorf("%d calls of PutDeliveryChannel, want more: the first came before the policy", n)
	}
}

// A policy that never comes: the wait is bounded, and the error shows what the
// policy must say. Nothing stays behind.
func TestAccConfigRecorder_policyMissing(t *testing.T) {
	sb := sandbox.Start(t)
	makeRole(t, sb)
	makeBucket(t, sb, bucket)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config:      config("timeouts {\n create = \"2s\"\n }"),
		ExpectError: regexp.MustCompile(`(?s)InsufficientDeliveryPolicyException.*s3:GetBucketAcl.*arn:aws:s3:::config-history/AWSLogs/(ACCOUNT|111122223333)/Config/\*`),
	}}})
}

// A bucket that is not there does not come by waiting.
func TestAccConfigRecorder_noBucket(t *testing.T) {
	sb := start(t)
	_, err := buckets(t, sb).DeleteBucket(context.Background(), &s3.DeleteBucketInput{Bucket: &[]string{bucket}[0]})
	must(t, err)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config:      config(""),
		ExpectError: regexp.MustCompile(`(?s)NoSuchBucketException.*Create the bucket\s+"config-history"\s+first`),
	}}})
	if n := count(sb, "PutDeliveryChannel"); n != 1 {
		t.Errorf("%d calls of PutDeliveryChannel, want 1", n)
	}
}

// A channel that AWS refuses to make does not leave the Region without one.
func TestAccConfigRecorder_failedRename(t *testing.T) {
	sb := start(t)
	renamed := func(bucket string) string {
		return with("delivery_channel {\n name = \"history\"\n s3_bucket_name = \"" + bucket + "\"\n}")
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		{Config: renamed("no-such-bucket"), ExpectError: regexp.MustCompile(`NoSuchBucketException`)},
		unchanged(config(""), attribute("recording", knownvalue.Bool(true)), in("delivery_channel", "name", knownvalue.StringExact("default"))),
		updated(renamed(bucket), in("delivery_channel", "name", knownvalue.StringExact("history"))),
	}})
}

// What AWS shows only after some reads is neither taken for gone nor for drift.
func TestAccConfigRecorder_eventualConsistency(t *testing.T) {
	sb := start(t)
	sb.FailNext("DescribeConfigurationRecorderStatus", sandbox.Stale().Times(2))
	sb.FailNext("DescribeDeliveryChannels", sandbox.Stale().Times(2))
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{step(config(""))}})
	if n := count(sb, "PutConfigurationRecorder"); n != 1 {
		t.Errorf("%d calls of PutConfigurationRecorder, want 1", n)
	}
}

// Every attribute that a validator or the plan reads may be unknown while planning.
func TestAccConfigRecorder_unknownValues(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config: `
resource "terraform_data" "x" {
  input = { name = "audit", role = "` + roleARN + `", bucket = "` + bucket + `", yes = true, no = false, none = null,
    type = "AWS::EC2::VPC", frequency = "DAILY", region = "eu-west-1", snapshot = "One_Hour" }
}
resource "terraform_data" "types" {
  input = ["AWS::EC2::Volume"]
}
resource "vigil_config_recorder" "test" {
  name      = terraform_data.x.output.name
  role_arn  = terraform_data.x.output.role
  recording = terraform_data.x.output.yes
  region    = terraform_data.x.output.region
  tags      = { t = terraform_data.x.output.name }
  recording_group {
    include_global_resource_types = terraform_data.x.output.no
    dynamic "exclusion_by_resource_types" {
      for_each = terraform_data.types.output
      content {
        resource_types = [exclusion_by_resource_types.value]
      }
    }
  }
  recording_mode {
    recording_frequency = terraform_data.x.output.frequency
    recording_mode_override {
      recording_frequency = terraform_data.x.output.frequency
      resource_types      = [terraform_data.x.output.type]
    }
  }
  delivery_channel {
    name               = terraform_data.x.output.name
    s3_bucket_name     = terraform_data.x.output.bucket
    s3_key_prefix      = terraform_data.x.output.none
    s3_kms_key_arn     = terraform_data.x.output.none
    sns_topic_arn      = terraform_data.x.output.none
    delivery_frequency = terraform_data.x.output.snapshot
  }
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(recorder, tfjsonpath.New("recording_group").AtMapKey("all_supported")),
			plancheck.ExpectUnknownValue(recorder, tfjsonpath.New("tags_all")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			in("recording_group", "all_supported", knownvalue.Bool(false)),
			attribute("tags_all", texts("t", "audit")),
		},
	}}})
}

// The same over a whole life: every change stays invisible for two reads.
func TestAccConfigRecorder_alwaysLate(t *testing.T) {
	sb := start(t, sandbox.WithEventualConsistency(2))
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`tags = { a = "b" }`)),
		updated(config("recording = false\n tags = { a = \"c\" }")),
		updated(with("delivery_channel {\n name = \"history\"\n s3_bucket_name = \"" + bucket + "\"\n}")),
		replaced(config(`name = "audit"`)),
	}})
}
