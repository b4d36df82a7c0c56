package cloudtrail_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	awstypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

func TestAccTrail_basic(t *testing.T) {
	sb := start(t)
	create := step(config(""),
		text("id", trailARN), text("arn", trailARN), text("name", "audit"), text("s3_bucket_name", bucket),
		null("s3_key_prefix"), null("sns_topic_name"), null("sns_topic_arn"),
		null("cloud_watch_logs_group_arn"), null("cloud_watch_logs_role_arn"), null("kms_key_id"),
		attribute("enable_logging", knownvalue.Bool(true)),
		attribute("enable_log_file_validation", knownvalue.Bool(false)),
		attribute("include_global_service_events", knownvalue.Bool(true)),
		attribute("is_multi_region_trail", knownvalue.Bool(true)),
		attribute("is_organization_trail", knownvalue.Bool(false)),
		text("home_region", "eu-west-1"), text("region", "eu-west-1"),
		attribute("event_selector", knownvalue.ListSizeExact(0)),
		attribute("advanced_event_selector", knownvalue.ListSizeExact(0)),
		attribute("insight_selector", knownvalue.ListSizeExact(0)),
		null("tags"), attribute("tags_all", texts()),
	)
	create.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(trail, plancheck.ResourceActionCreate),
		plancheck.ExpectUnknownValue(trail, tfjsonpath.New("arn")),
		plancheck.ExpectKnownValue(trail, tfjsonpath.New("sns_topic_arn"), knownvalue.Null()),
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		create, imported(trailARN), imported("audit"), imported("audit@eu-west-1"),
		{ResourceName: trail, ImportState: true, ImportStateId: "nothing", ExpectError: regexp.MustCompile(`0 trails of that name`)},
		{ResourceName: trail, ImportState: true, ImportStateId: "arn:aws:s3:::audit", ExpectError: regexp.MustCompile(`import id is the trail's ARN`)},
	}})
	want := []string{"CreateTrail", "StartLogging", "DeleteTrail"}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccTrail_disappears(t *testing.T) {
	sb := start(t)
	again := planned(plancheck.ResourceActionCreate, config(""), nil)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		before(func() {
			_, err := trails(t, sb, "").DeleteTrail(context.Background(), &cloudtrail.DeleteTrailInput{Name: aws.String("audit")})
			must(t, err)
		}, again),
	}})
}

// The bucket goes away under a trail: the trail is still there, and changes of
// the bucket's name get AWS's own words.
func TestAccTrail_bucketDisappears(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		before(func() {
			_, err := buckets(t, sb).DeleteBucket(context.Background(), &s3.DeleteBucketInput{Bucket: aws.String(bucket)})
			must(t, err)
		}, unchanged(config(""))),
		{Config: config(`enable_log_file_validation = true`), ExpectError: regexp.MustCompile(`(?s)S3BucketDoesNotExistException.*Create the\s+bucket "audit-logs" first`)},
	}, CheckDestroy: noTrails(sb)})
	if n := count(sb, "UpdateTrail"); n != 1 {
		t.Errorf("%d calls of UpdateTrail, want 1: a bucket that is not there does not come by waiting", n)
	}
}

func TestAccTrail_flags(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`enable_log_file_validation = true`), attribute("enable_log_file_validation", knownvalue.Bool(true))),
		updated(config("is_multi_region_trail = false\n  include_global_service_events = false"),
			attribute("enable_log_file_validation", knownvalue.Bool(false)),
			attribute("is_multi_region_trail", knownvalue.Bool(false)),
			attribute("include_global_service_events", knownvalue.Bool(false))),
		imported(trailARN),
		updated(config(`enable_logging = false`), attribute("enable_logging", knownvalue.Bool(false)), attribute("is_multi_region_trail", knownvalue.Bool(true))),
		imported("audit"),
		updated(config(``), attribute("enable_logging", knownvalue.Bool(true))),
		// Someone stops the trail: the plan shows it, the apply starts it again.
		before(func() {
			_, err := trails(t, sb, "").StopLogging(context.Background(), &cloudtrail.StopLoggingInput{Name: aws.String("audit")})
			must(t, err)
		}, updated(config(``), attribute("enable_logging", knownvalue.Bool(true)))),
	}})
	want := []string{"CreateTrail", "StartLogging", "UpdateTrail", "UpdateTrail", "StopLogging", "StartLogging", "StopLogging", "StartLogging", "DeleteTrail"}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccTrail_bucketAndPrefix(t *testing.T) {
	sb := start(t)
	makeBucket(t, sb, "other-logs")
	putBucketPolicy(t, sb, "other-logs")
	other := `resource "vigil_trail" "test" {
  name           = "audit"
  s3_bucket_name = "other-logs"
}`
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`s3_key_prefix = "trail"`), text("s3_key_prefix", "trail")),
		imported(trailARN),
		updated(config(`s3_key_prefix = ""`), text("s3_key_prefix", "")),
		updated(config(`s3_key_prefix = "new"`), text("s3_key_prefix", "new")),
		updated(other, text("s3_bucket_name", "other-logs"), null("s3_key_prefix")),
	}})
}

func TestAccTrail_name(t *testing.T) {
	sb := start(t)
	named := func(name string) string {
		return fmt.Sprintf("resource \"vigil_trail\" \"test\" {\n  name           = %q\n  s3_bucket_name = %q\n}", name, bucket)
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(named("audit")),
		replaced(named("A1.b_c-2"), text("arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/A1.b_c-2")),
	}})
}

// A topic may be given by name or ARN; that is no difference.
func TestAccTrail_topic(t *testing.T) {
	sb := start(t)
	makeTopic(t, sb, "audit")
	makeTopic(t, sb, "other")
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`sns_topic_name = "audit"`), text("sns_topic_name", "audit"), text("sns_topic_arn", topicARN)),
		unchanged(config(`sns_topic_name = "` + topicARN + `"`)),
		updated(config(`sns_topic_name = "other"`), text("sns_topic_arn", "arn:aws:sns:eu-west-1:111122223333:other")),
		updated(config(`sns_topic_name = "`+topicARN+`"`), text("sns_topic_name", topicARN), text("sns_topic_arn", topicARN)),
		imported(trailARN),
		unchanged(config(`sns_topic_name = "audit"`)),
		updated(config(``), null("sns_topic_name"), null("sns_topic_arn")),
	}})
}

// A key may be given by ARN, id or alias; CloudTrail reports its ARN.
func TestAccTrail_key(t *testing.T) {
	sb := start(t)
	first, second := makeKey(t, sb, "alias/first"), makeKey(t, sb, "alias/second")
	key := func(id string) string { return config(fmt.Sprintf("kms_key_id = %q", id)) }
	id := regexp.MustCompile(`[^/]+$`).FindString(first)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(key("alias/first"), text("kms_key_id", "alias/first")),
		unchanged(key("arn:aws:kms:eu-west-1:111122223333:alias/first")),
		updated(key(first), text("kms_key_id", first)),
		unchanged(key(id)),
		imported(trailARN),
		updated(key("alias/second"), text("kms_key_id", "alias/second")),
		// Someone sets another key: that is seen although the state holds an alias.
		before(func() {
			_, err := trails(t, sb, "").UpdateTrail(context.Background(), &cloudtrail.UpdateTrailInput{Name: aws.String("audit"), KmsKeyId: &first})
			must(t, err)
		}, updated(key("alias/second"))),
		updated(key(second), text("kms_key_id", second)),
		updated(key(""), text("kms_key_id", "")),
		updated(config(""), null("kms_key_id")),
	}})
}

// The log group's ARN may end in ":*" or not; group and role go together.
func TestAccTrail_logDelivery(t *testing.T) {
	sb := start(t)
	makeLogGroup(t, sb)
	delivery := func(group string) string {
		return config(fmt.Sprintf("cloud_watch_logs_group_arn = %q\n  cloud_watch_logs_role_arn = %q", group, roleARN))
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(delivery(groupARN), text("cloud_watch_logs_group_arn", groupARN), text("cloud_watch_logs_role_arn", roleARN)),
		imported(trailARN),
		unchanged(delivery(groupARN + ":*")),
		updated(config(""), null("cloud_watch_logs_group_arn"), null("cloud_watch_logs_role_arn")),
		updated(delivery(groupARN+":*"), text("cloud_watch_logs_group_arn", groupARN+":*")),
		updated(config("cloud_watch_logs_group_arn = \"\"\n  cloud_watch_logs_role_arn = \"\"")),
	}})
	for _, c := range sb.Calls() {
		if in, ok := c.Input.(*cloudtrail.CreateTrailInput); ok && aws.ToString(in.CloudWatchLogsLogGroupArn) != groupARN+":*" {
			t.Errorf("CreateTrail got the log group %q, want it with :*", aws.ToString(in.CloudWatchLogsLogGroupArn))
		}
	}
}

func TestAccTrail_tags(t *testing.T) {
	sb := start(t)
	tagged := func(provider, tags string) string {
		return "provider \"vigil\" {\n" + provider + "\n}\n" + config(tags)
	}
	const defaults = `default_tags { tags = { owner = "audit" } }`
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(tagged("", `tags = { one = "1", two = "2" }`), attribute("tags", texts("one", "1", "two", "2"))),
		imported(trailARN),
		updated(tagged("", `tags = { one = "eins", three = "3" }`), attribute("tags_all", texts("one", "eins", "three", "3"))),
		updated(tagged(defaults, `tags = { one = "eins" }`), attribute("tags_all", texts("one", "eins", "owner", "audit"))),
		updated(tagged("", ""), null("tags"), attribute("tags_all", texts())),
	}})
	// Tags are there from the first moment on, not by a call of their own.
	for _, c := range sb.Calls() {
		if in, ok := c.Input.(*cloudtrail.CreateTrailInput); ok {
			want := []awstypes.Tag{{Key: aws.String("one"), Value: aws.String("1")}, {Key: aws.String("two"), Value: aws.String("2")}}
			if diff := cmp.Diff(want, in.TagsList, cmp.Comparer(func(a, b awstypes.Tag) bool { return *a.Key == *b.Key && *a.Value == *b.Value })); diff != "" {
				t.Errorf("tags of CreateTrail (-want +got):\n%s", diff)
			}
		}
	}
}

// A trail stays in the Region where it lives, whatever the provider's Region.
func TestAccTrail_region(t *testing.T) {
	sb := start(t)
	const there = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
	from := func(region string) string { return fmt.Sprintf("provider \"vigil\" {\n  region = %q\n}\n", region) }
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`region = "us-east-1"`), text("arn", there), text("home_region", "us-east-1"), text("region", "us-east-1")),
		imported(there), imported("audit"), // a multi-Region trail is visible here too
		unchanged(config("")),
		unchanged(from("ap-south-1") + config("")),
		updated(from("ap-south-1")+config("enable_log_file_validation = true"), text("arn", there)),
		replaced(config(`region = "eu-west-1"`), text("arn", trailARN)),
	}})
}

// Credentials for another account do not make a trail disappear.
func TestAccTrail_otherAccount(t *testing.T) {
	sb, away := start(t), sandbox.Start(t, sandbox.WithAccount("444455556666"))
	use := sb
	factories := acctest.Factories(sb, func(c *awscfg.Config) {
		for service := range c.Endpoints {
			c.Endpoints[service] = use.URL()
		}
		c.SkipRequestingAccount = false
	})
	acctest.Test(t, sb, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		step(config("")),
		before(func() { use = away }, resource.TestStep{Config: config(""), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)belongs\s+to\s+account\s+111122223333.*credentials\s+are\s+for\s+account\s+444455556666`)}),
		before(func() { use = sb }, unchanged(config(""))),
		updated(config("enable_log_file_validation = true\nenable_logging = false" + insights)),
	}})
}
