package config_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	awstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/vigil-audit/terraform-provider-vigil/internal/awscfg"
	"github.com/vigil-audit/terraform-provider-vigil/internal/provider/acctest"
)

func TestAccConfigRecorder_basic(t *testing.T) {
	sb := start(t)
	create := step(config(""),
		text("id", "default"), text("name", "default"), text("role_arn", roleARN), text("region", "eu-west-1"),
		attribute("arn", knownvalue.StringRegexp(regexp.MustCompile(`^arn:aws:config:eu-west-1:111122223333:configuration-recorder/default/`))),
		attribute("recording", knownvalue.Bool(true)),
		attribute("recording_group", knownvalue.Null()),
		attribute("recording_mode", knownvalue.Null()),
		attribute("delivery_channel", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"name": knownvalue.StringExact("default"), "s3_bucket_name": knownvalue.StringExact(bucket), "s3_key_prefix": knownvalue.Null(),
			"s3_kms_key_arn": knownvalue.Null(), "sns_topic_arn": knownvalue.Null(), "delivery_frequency": knownvalue.Null(),
		})),
		attribute("tags", knownvalue.Null()), attribute("tags_all", texts()),
	)
	create.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(recorder, plancheck.ResourceActionCreate),
		plancheck.ExpectUnknownValue(recorder, tfjsonpath.New("arn")),
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		create, imported("default"), imported("default@eu-west-1"),
		{ResourceName: recorder, ImportState: true, ImportStateId: "nothing", ExpectError: regexp.MustCompile(`(?s)Cannot import non-existent`)},
	}})
	want := []string{"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder", "StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder"}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

func TestAccConfigRecorder_disappears(t *testing.T) {
	sb := start(t)
	name := aws.String("default")
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		before(func() {
			api, ctx := client(t, sb), context.Background()
			_, err := api.StopConfigurationRecorder(ctx, &configservice.StopConfigurationRecorderInput{ConfigurationRecorderName: name})
			must(t, err)
			_, err = api.DeleteDeliveryChannel(ctx, &configservice.DeleteDeliveryChannelInput{DeliveryChannelName: name})
			must(t, err)
			_, err = api.DeleteConfigurationRecorder(ctx, &configservice.DeleteConfigurationRecorderInput{ConfigurationRecorderName: name})
			must(t, err)
		}, planned(plancheck.ResourceActionCreate, config(""), nil)),
		// Only the channel goes, which also needs the recorder to be stopped: both come back.
		before(func() {
			api, ctx := client(t, sb), context.Background()
			_, err := api.StopConfigurationRecorder(ctx, &configservice.StopConfigurationRecorderInput{ConfigurationRecorderName: name})
			must(t, err)
			_, err = api.DeleteDeliveryChannel(ctx, &configservice.DeleteDeliveryChannelInput{DeliveryChannelName: name})
			must(t, err)
		}, updated(config(""), attribute("recording", knownvalue.Bool(true)), in("delivery_channel", "s3_bucket_name", knownvalue.StringExact(bucket)))),
	}})
}

func TestAccConfigRecorder_recording(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("recording = false"), attribute("recording", knownvalue.Bool(false))),
		imported("default"),
		updated(config("recording = true"), attribute("recording", knownvalue.Bool(true))),
		// Someone stops it: the plan shows it, the apply starts it again.
		before(func() {
			_, err := client(t, sb).StopConfigurationRecorder(context.Background(), &configservice.StopConfigurationRecorderInput{ConfigurationRecorderName: aws.String("default")})
			must(t, err)
		}, updated(config(""), attribute("recording", knownvalue.Bool(true)))),
		updated(config("recording = false")),
	}})
}

// The three ways to choose types, from each to another.
func TestAccConfigRecorder_group(t *testing.T) {
	sb := start(t)
	group := func(lines string) string { return config("recording_group {\n" + lines + "\n}") }
	const some = `resource_types = ["AWS::EC2::VPC", "AWS::CloudTrail::Trail"]`
	excluding := func(types string) string {
		return group("exclusion_by_resource_types {\n resource_types = [" + types + "]\n}")
	}
	all := func(want bool) statecheck.StateCheck {
		return in("recording_group", "all_supported", knownvalue.Bool(want))
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		updated(group(`include_global_resource_types = true`), all(true)),
		imported("default"),
		updated(group(some), all(false)),
		imported("default"),
		updated(excluding(`"AWS::EC2::NetworkInterface", "AWS::EC2::Volume"`), all(false)),
		imported("default"),
		updated(excluding(`"AWS::EC2::Volume"`), all(false)),
		// An exclusion can be emptied, and removed.
		updated(excluding(``), all(true)),
		updated(excluding(`"AWS::EC2::Volume"`), all(false)),
		updated(config("")),
		// As people wrote it for aws_config_configuration_recorder.
		updated(group("all_supported = false\ninclude_global_resource_types = false\nexclusion_by_resource_types {\n resource_types = [\"AWS::EC2::Volume\"]\n}\nrecording_strategy {\n use_only = \"EXCLUSION_BY_RESOURCE_TYPES\"\n}"), all(false)),
		updated(group("all_supported = false\nexclusion_by_resource_types {\n resource_types = []\n}\nrecording_strategy {\n use_only = \"EXCLUSION_BY_RESOURCE_TYPES\"\n}"), all(false)),
		updated(group("all_supported = false\n"+some+"\nrecording_strategy {\n use_only = \"INCLUSION_BY_RESOURCE_TYPES\"\n}"), all(false)),
		updated(group(``), all(true)),
	}})
	for _, c := range sb.Calls() {
		if c.Error == "InvalidRecordingGroupException" {
			t.Errorf("AWS refused %s", c.Name())
		}
	}
}

func TestAccConfigRecorder_mode(t *testing.T) {
	sb := start(t)
	const daily = `
recording_mode {
  recording_frequency = "DAILY"
  recording_mode_override {
    description         = "what changes often"
    recording_frequency = "CONTINUOUS"
    resource_types      = ["AWS::EC2::SecurityGroup", "AWS::CloudTrail::Trail"]
  }
}`
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(daily), in("recording_mode", "recording_frequency", knownvalue.StringExact("DAILY"))),
		imported("default"),
		updated(config("recording_mode {}"), in("recording_mode", "recording_frequency", knownvalue.StringExact("CONTINUOUS"))),
		updated(config(daily)),
		updated(config("")),
	}})
}

func TestAccConfigRecorder_channel(t *testing.T) {
	sb := start(t)
	makeBucket(t, sb, "other-history")
	putBucketPolicy(t, sb, "other-history")
	makeTopic(t, sb)
	key := makeKey(t, sb)
	full := func(bucket string) string {
		return with(fmt.Sprintf("delivery_channel {\n s3_bucket_name = %q\n s3_key_prefix = \"config\"\n s3_kms_key_arn = %q\n sns_topic_arn = %q\n delivery_frequency = \"Six_Hours\"\n}", bucket, key, topicARN))
	}
	named := with("delivery_channel {\n name = \"history\"\n s3_bucket_name = \"" + bucket + "\"\n}")
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(full(bucket), in("delivery_channel", "delivery_frequency", knownvalue.StringExact("Six_Hours"))),
		imported("default"),
		updated(full("other-history"), in("delivery_channel", "s3_bucket_name", knownvalue.StringExact("other-history"))),
		// A topic can be taken away, which AWS has no call for.
		updated(config(""), in("delivery_channel", "sns_topic_arn", knownvalue.Null())),
		updated(named, in("delivery_channel", "name", knownvalue.StringExact("history"))),
		imported("default"),
		updated(with("delivery_channel {\n name = \"history\"\n s3_bucket_name = \"" + bucket + "\"\n s3_key_prefix = \"\"\n sns_topic_arn = \"\"\n}")),
	}})
	want := []string{
		"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder",
		"PutDeliveryChannel",
		"StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "StartConfigurationRecorder",
		"StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "StartConfigurationRecorder",
		"StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder",
	}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

// Another name is another recorder; the old one goes first, in AWS's order.
func TestAccConfigRecorder_name(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config("")),
		replaced(config(`name = "audit"`), text("name", "audit")),
		imported("audit"),
	}})
	want := []string{
		"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder",
		"StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder",
		"PutConfigurationRecorder", "PutDeliveryChannel", "StartConfigurationRecorder",
		"StopConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigurationRecorder",
	}
	if diff := cmp.Diff(want, changes(sb)); diff != "" {
		t.Errorf("calls that change something (-want +got):\n%s", diff)
	}
}

// Without a role, it is the service-linked one.
func TestAccConfigRecorder_role(t *testing.T) {
	sb := start(t)
	factories := acctest.Factories(sb, func(c *awscfg.Config) { c.SkipRequestingAccount = false })
	none := "resource \"vigil_config_recorder\" \"test\" {\n" + channel + "\n}"
	acctest.Test(t, sb, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		step(none, text("role_arn", linkedRole)),
		updated(config(""), text("role_arn", roleARN)),
		updated(none, text("role_arn", linkedRole)),
		unchanged(none),
	}})
}

func TestAccConfigRecorder_roleNeedsAccount(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{{
		Config:      "resource \"vigil_config_recorder\" \"test\" {\n" + channel + "\n}",
		ExpectError: regexp.MustCompile(`needs role_arn`),
	}}})
}

func TestAccConfigRecorder_tags(t *testing.T) {
	sb := start(t)
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		step(config(`tags = { one = "1", two = "2" }`), attribute("tags", texts("one", "1", "two", "2"))),
		imported("default"),
		updated(config(`tags = { one = "eins", three = "3" }`), attribute("tags_all", texts("one", "eins", "three", "3"))),
		updated(config(""), attribute("tags_all", texts())),
	}})
}

// A Region has one recorder: the error says how to get hold of it.
func TestAccConfigRecorder_second(t *testing.T) {
	sb := start(t)
	_, err := client(t, sb).PutConfigurationRecorder(t.Context(), &configservice.PutConfigurationRecorderInput{
		ConfigurationRecorder: &awstypes.ConfigurationRecorder{Name: aws.String("theirs"), RoleARN: aws.String(roleARN)}})
	must(t, err)
	second := func(name string) resource.TestStep {
		return resource.TestStep{Config: config(fmt.Sprintf("name = %q", name)),
			ExpectError: regexp.MustCompile(`(?s)has\s+a\s+configuration\s+recorder\s+already,\s+"theirs".*terraform\s+import\s+vigil_config_recorder.NAME\s+'theirs'`)}
	}
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{second("default"), second("theirs")}})
	if n := count(sb, "PutConfigurationRecorder"); n != 1 {
		t.Errorf("%d calls of PutConfigurationRecorder, want 1: the recorder of someone else was changed", n)
	}
}

// What AWS would refuse is refused while planning, in words that name its rule.
func TestAccConfigRecorder_refused(t *testing.T) {
	sb := start(t)
	sb.ResetCalls()
	group := func(lines string) string { return config("recording_group {\n" + lines + "\n}") }
	const exclusion = "exclusion_by_resource_types {\n resource_types = [\"AWS::EC2::Volume\"]\n}\n"
	acctest.Test(t, sb, resource.TestCase{Steps: []resource.TestStep{
		refused(with(""), `delivery_channel`),
		refused(config(`name = "AWSConfigurationRecorderForX"`), `service-linked\s+recorders`),
		refused(config(`name = ""`), `between 1 and 256`),
		refused("resource \"vigil_config_recorder\" \"test\" {\n role_arn = \"config\"\n "+channel+"\n}", `takes the ARN of a\s+role`),
		refused(with(`delivery_channel { s3_bucket_name = "arn:aws:s3:::b" }`), `takes the name of a\s+bucket`),
		refused(with("delivery_channel {\n s3_bucket_name = \"b\"\n s3_kms_key_arn = \"alias/x\"\n}"), `takes the ARN of a KMS\s+key`),
		refused(with("delivery_channel {\n s3_bucket_name = \"b\"\n delivery_frequency = \"six_hours\"\n}"), `AWS writes "Six_Hours"`),
		refused(group("all_supported = true\nresource_types = [\"AWS::EC2::VPC\"]"), `All types, and a list of types`),
		refused(group("resource_types = [\"AWS::EC2::VPC\"]\n"+exclusion), `Types to record and types not to record`),
		refused(group("all_supported = false"), `records nothing`),
		refused(group("include_global_resource_types = true\nresource_types = [\"AWS::EC2::VPC\"]"), `Global types go with all types only`),
		refused(group(exclusion+"recording_strategy {\n use_only = \"INCLUSION_BY_RESOURCE_TYPES\"\n}"), `does not fit the lists`),
		refused(group("resource_types = [\"VPC\"]"), `written\s+AWS::SERVICE::THING`),
		refused(config("recording_mode {\n recording_mode_override {\n recording_frequency = \"DAILY\"\n resource_types = [\"AWS::Config::ResourceCompliance\"]\n}\n}"), `cannot be recorded daily`),
	}})
	if n := len(sb.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}
