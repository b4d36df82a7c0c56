package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/source/plan"
)

const baseline = "../../../examples/ci/baseline.json"

func at(t *testing.T, set *item.Set, address string) *item.Item {
	t.Helper()
	for _, it := range set.Items {
		if it.Source.Address == address {
			return it
		}
	}
	t.Fatalf("no item has the address %s", address)
	return nil
}

// related lists the addresses of the items of a type whose value at theirs is
// the one at ours: by what they refer to where ours is unknown.
func related(t *testing.T, set *item.Set, address, ours, typ, theirs string) []string {
	t.Helper()
	mine := at(t, set, address)
	var found []string
	for _, other := range set.Items {
		if other.Type != typ {
			continue
		}
		same := leaves(mine)[ours] != "" && leaves(mine)[ours] == leaves(other)[theirs]
		if from := fromOf(mine, ours); from != nil {
			same = other.Symbols[theirs] == *from
		}
		if same {
			found = append(found, other.Source.Address)
		}
	}
	return found
}

func fromOf(it *item.Item, path string) *item.Symbol {
	for _, u := range it.Unknown {
		if u.Path == path {
			return u.From
		}
	}
	return nil
}

// TestRelationsBeforeApply joins items of which AWS has not made up any id.
func TestRelationsBeforeApply(t *testing.T) {
	set := readFile(t, baseline)
	const logs = "module.trail.aws_s3_bucket.logs"
	tests := []struct {
		address, ours, typ, theirs string
		want                       []string
	}{
		{"module.trail.aws_cloudtrail.main", "configuration.kmsKeyId", "AWS::KMS::Key", "configuration.arn", []string{"aws_kms_key.audit"}},
		{"module.trail.aws_cloudtrail.main", "configuration.cloudWatchLogsLogGroupArn", "AWS::Logs::LogGroup", "configuration.arn", []string{"module.trail.aws_cloudwatch_log_group.trail"}},
		{"module.trail.aws_cloudtrail.main", "configuration.s3BucketName", "AWS::S3::Bucket", "configuration.name", []string{logs}},
		{"aws_cloudtrail.legacy", "configuration.s3BucketName", "AWS::S3::Bucket", "configuration.name", []string{logs}},
		{"aws_flow_log.main", "configuration.resourceId", "AWS::EC2::VPC", "configuration.vpcId", []string{"aws_vpc.main"}},
		{"aws_flow_log.main", "configuration.logDestination", "AWS::Logs::LogGroup", "configuration.arn", []string{"aws_cloudwatch_log_group.flow"}},
		{"module.recorder.aws_config_delivery_channel.this", "configuration.s3BucketName", "AWS::S3::Bucket", "configuration.name", []string{"module.recorder.aws_s3_bucket.config"}},
		{`module.alarms.aws_cloudwatch_log_metric_filter.this["no_mfa_sign_in"]`, "configuration.logGroupName", "AWS::Logs::LogGroup", "configuration.logGroupName", []string{"module.trail.aws_cloudwatch_log_group.trail"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, related(t, set, tt.address, tt.ours, tt.typ, tt.theirs)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.address, tt.ours, diff)
		}
	}
}

func TestAlarmActionsUnknownAsAWhole(t *testing.T) {
	var waiting []string
	for _, it := range readFile(t, baseline).Items {
		for _, u := range it.Unknown {
			if u.Path != "configuration.alarmActions" {
				continue
			}
			waiting = append(waiting, it.Name)
			want := item.Unknown{Path: u.Path, References: []string{"module.alarms.aws_sns_topic.soc.arn"}}
			if diff := cmp.Diff(want, u); diff != "" {
				t.Errorf("%s (-want +got):\n%s", it.Name, diff)
			}
		}
	}
	want := []string{"prod-audit-cloudtrail_change", "prod-audit-no_mfa_sign_in", "prod-audit-root_usage",
		"prod-audit-sg_change", "prod-audit-unauthorized_api", "prod-audit-vpc_change"}
	if diff := cmp.Diff(want, waiting); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

func TestReferences(t *testing.T) {
	set := readFile(t, "testdata/references.json")
	symbol := func(address, attribute string) *item.Symbol {
		return &item.Symbol{Address: address, Attribute: attribute}
	}
	const eu, us, deep = `aws_kms_key.this["eu"]`, `aws_kms_key.this["us"]`, `module.keys["a.b"].module.inner[0].aws_kms_key.deep`
	tests := map[string]struct {
		address string
		want    item.Unknown
	}{
		"each.key of the same for_each":    {`aws_cloudwatch_log_group.paired["us"]`, item.Unknown{References: []string{us}, From: symbol(us, "arn")}},
		"each.value of another resource":   {`aws_cloudwatch_log_group.chained["us"]`, item.Unknown{References: []string{us + ".arn"}, From: symbol(us, "arn")}},
		"a condition on each.key":          {`aws_cloudwatch_log_group.conditional["us"]`, item.Unknown{References: []string{eu, us}}},
		"an element":                       {"aws_cloudwatch_log_group.element", item.Unknown{References: []string{eu + ".arn"}, From: symbol(eu, "arn")}},
		"a splat over two":                 {"aws_cloudwatch_log_group.splat", item.Unknown{References: []string{eu, us}}},
		"a data source":                    {"aws_cloudwatch_log_group.data", item.Unknown{References: []string{"data.aws_kms_alias.audit.target_key_arn"}}},
		"a local value":                    {"aws_cloudwatch_log_group.local", item.Unknown{References: []string{"local.key"}}},
		"a local value and an attribute":   {"aws_cloudwatch_log_group.local_or", item.Unknown{References: []string{eu + ".arn"}}},
		"outputs of nested modules":        {"aws_cloudwatch_log_group.output", item.Unknown{References: []string{deep + ".key_id"}, From: symbol(deep, "key_id")}},
		"an output with each.key":          {`aws_cloudwatch_log_group.by_module["a.b"]`, item.Unknown{References: []string{deep}, From: symbol(deep, "arn")}},
		"a resource that is not planned":   {"aws_cloudwatch_log_group.missing", item.Unknown{References: []string{"aws_kms_key.gone.arn"}}},
		"a known variable or an attribute": {"aws_cloudwatch_log_group.either", item.Unknown{References: []string{eu + ".arn"}, From: symbol(eu, "arn")}},
		"nothing planned or an attribute":  {"aws_cloudwatch_log_group.fallback", item.Unknown{References: []string{eu + ".arn"}, From: symbol(eu, "arn")}},
		"a function without references":    {"aws_cloudwatch_log_group.function", item.Unknown{}},
		"an output of a module in another": {`module.keys["a.b"].aws_cloudwatch_log_group.deep`, item.Unknown{References: []string{deep + ".key_id"}, From: symbol(deep, "key_id")}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.want.Path = "configuration.kmsKeyId"
			for _, u := range at(t, set, tt.address).Unknown {
				if u.Path == tt.want.Path {
					if diff := cmp.Diff(tt.want, u); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					return
				}
			}
			t.Error("the key is not unknown")
		})
	}
}

func TestCountPairsInstances(t *testing.T) {
	set := readFile(t, "testdata/references.json")
	for _, n := range []string{"[0]", "[1]"} {
		got := related(t, set, "aws_flow_log.net"+n, "configuration.resourceId", "AWS::EC2::VPC", "configuration.vpcId")
		if diff := cmp.Diff([]string{"aws_vpc.net" + n}, got); diff != "" {
			t.Errorf("flow log %s (-want +got):\n%s", n, diff)
		}
	}
}

// The name is known on one side, and a reference to an unknown id on the other.
func TestKnownNameMeetsReference(t *testing.T) {
	set := readFile(t, "testdata/references.json")
	got := related(t, set, "aws_cloudtrail.main", "configuration.s3BucketName", "AWS::S3::Bucket", "configuration.name")
	if diff := cmp.Diff([]string{"aws_s3_bucket.logs"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompanions(t *testing.T) {
	set := readFile(t, "testdata/references.json")
	logs := at(t, set, "aws_s3_bucket.logs")
	want := map[string]any{"bucketPolicy": map[string]any{"policyText": map[string]any{"Version": "2012-10-17", "Statement": []any{}}}}
	if diff := cmp.Diff(want, logs.SupplementaryConfiguration); diff != "" {
		t.Errorf("a policy, and nothing the provider only reads back (-want +got):\n%s", diff)
	}
	if kept := at(t, set, "aws_s3_bucket.kept"); len(kept.SupplementaryConfiguration) != 0 {
		t.Errorf("a deleted policy is still there: %v", kept.SupplementaryConfiguration)
	}
	for _, address := range []string{`aws_s3_bucket.many["x"]`, `aws_s3_bucket.many["y"]`} {
		if !isUnknown(at(t, set, address), "supplementaryConfiguration.bucketVersioningConfiguration.status") {
			t.Errorf("%s may be versioned, and nobody says so", address)
		}
	}
	if n := set.Skipped["aws_s3_bucket_versioning"]; n != 1 {
		t.Errorf("%d companions without an owner are counted, want 1", n)
	}
}

// The policy's bucket is known, and the name of the only bucket is not yet.
func TestCompanionOfPerhapsThisBucket(t *testing.T) {
	set := readText(t, `{"format_version":"1.2","resource_changes":[`+
		`{"address":"aws_s3_bucket.a","mode":"managed","type":"aws_s3_bucket","change":{"actions":["create"],"after":{},"after_unknown":{"bucket":true,"id":true,"arn":true}}},`+
		`{"address":"aws_s3_bucket_policy.a","mode":"managed","type":"aws_s3_bucket_policy","change":{"actions":["create"],"after":{"bucket":"logs","policy":"{}"}}}],`+
		`"configuration":{"root_module":{"resources":[`+
		`{"address":"aws_s3_bucket.a","expressions":{"bucket":{"references":["local.name"]}}},`+
		`{"address":"aws_s3_bucket_policy.a","expressions":{"bucket":{"constant_value":"logs"},"policy":{}}}]}}}`)
	var got []item.Unknown
	for _, u := range set.Items[0].Unknown {
		if strings.HasPrefix(u.Path, "supplementaryConfiguration") {
			got = append(got, u)
		}
	}
	want := []item.Unknown{{Path: "supplementaryConfiguration.bucketPolicy", References: []string{"aws_s3_bucket.a.bucket"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoneResourcesGiveNoItem(t *testing.T) {
	for _, it := range readFile(t, "testdata/references.json").Items {
		for _, gone := range []string{"gone", "forgotten"} {
			if strings.HasSuffix(it.Source.Address, "."+gone) {
				t.Errorf("%s gave an item", it.Source.Address)
			}
		}
	}
}

func TestWhereabouts(t *testing.T) {
	set := readFile(t, "testdata/references.json")
	deep := at(t, set, `module.keys["a.b"].aws_cloudwatch_log_group.deep`)
	if got := deep.Account + " " + deep.Region; got != "444455556666 us-east-1" {
		t.Errorf("an aliased provider in a module: %s", got)
	}
	six := readText(t, `{"format_version":"1.2","resource_changes":[`+
		`{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","change":{"actions":["create"],"after":{"region":"eu-north-1"}}},`+
		`{"address":"aws_vpc.b","mode":"managed","type":"aws_vpc","change":{"actions":["no-op"],"after":{"arn":"arn:aws:ec2:eu-west-3:111122223333:vpc/vpc-1"}}}]}`)
	var got []string
	for _, it := range six.Items {
		got = append(got, it.Type+" "+it.Account+" "+it.Region)
	}
	want := []string{"AWS::EC2::VPC 111122223333 eu-north-1", "AWS::EC2::VPC 111122223333 eu-west-3", "AWS::::Account 111122223333 eu-north-1", "AWS::::Account 111122223333 eu-west-3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSecretsAreMarked(t *testing.T) {
	alarm := at(t, readFile(t, "testdata/references.json"), "aws_cloudwatch_metric_alarm.root")
	if diff := cmp.Diff([]string{"configuration.alarmActions[0]"}, alarm.Sensitive); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	all := readText(t, withChange(`{"actions":["create"],"after":{"cidr_block":"x","tags":{"a":"b"}},"after_sensitive":true}`)).Items[0]
	if diff := cmp.Diff([]string{"configuration.cidrBlock", "tags", "tags.a"}, all.Sensitive); diff != "" {
		t.Errorf("a resource that is secret as a whole (-want +got):\n%s", diff)
	}
}

func TestPartialPlans(t *testing.T) {
	set := readText(t, `{"format_version":"1.2","complete":false,"resource_changes":[],"deferred_changes":[{"reason":"instance_count_unknown","resource_change":`+
		`{"address":"aws_vpc.a[*]","mode":"managed","type":"aws_vpc","change":{"actions":["create"],"after":{},"after_unknown":{"id":true}}}}]}`)
	want := []string{"complete is false: the plan was made with -target, -exclude or deferred changes", "1 changes are deferred to a later plan"}
	if diff := cmp.Diff(want, set.Partial); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := set.Items[0].Source.Address; got != "aws_vpc.a[*]" {
		t.Errorf("the deferred resource is missing, got %s", got)
	}
}

func TestItemsOfOneResource(t *testing.T) {
	items, err := plan.Items(plan.Resource{
		Type: "vigil_config_recorder", Action: "create",
		Values: map[string]any{
			"name": "default", "recording": true,
			"delivery_channel": map[string]any{"name": "default"},
		},
		Unknown: map[string]any{"role_arn": true, "delivery_channel": map[string]any{"s3_bucket_name": true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range items {
		for _, u := range it.Unknown {
			got = append(got, it.Type+" "+u.Path)
		}
	}
	want := []string{"AWS::Config::ConfigurationRecorder configuration.roleARN", "AWS::Config::DeliveryChannel configuration.s3BucketName"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if items, err := plan.Items(plan.Resource{Type: "aws_instance"}); items != nil || err != nil {
		t.Errorf("a type that no kind covers: %v, %v", items, err)
	}
}
