package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

func unknownAt(path string, references ...string) item.Unknown {
	return item.Unknown{Path: path, References: references}
}

func planned(path, address, attribute string) item.Unknown {
	s := &item.Symbol{Address: address, Attribute: attribute}
	return item.Unknown{Path: path, References: []string{s.String()}, From: s}
}

// vpc and flowLog are planned by Terraform at an address.
func vpc(address string, unknowns ...item.Unknown) *item.Item {
	return &item.Item{
		Type: "AWS::EC2::VPC", Configuration: map[string]any{"cidrBlock": "10.0.0.0/16"},
		Source: item.Source{Kind: item.Plan, Address: address, Action: "create"}, Unknown: unknowns,
	}
}

func flowLog(trafficType, resourceID string, unknowns ...item.Unknown) *item.Item {
	configuration := map[string]any{"trafficType": trafficType}
	if resourceID != "" {
		configuration["resourceId"] = resourceID
	}
	return &item.Item{
		Type: "AWS::EC2::FlowLog", Configuration: configuration,
		Source: item.Source{Kind: item.Plan, Address: "aws_flow_log.x", Action: "create"}, Unknown: unknowns,
	}
}

func TestRelations(t *testing.T) {
	main := vpc("aws_vpc.main", planned("configuration.vpcId", "aws_vpc.main", "id"))
	opaque := unknownAt("configuration.resourceId", "module.net.vpc_id")
	tests := map[string]struct {
		logs   []*item.Item
		want   finding.Verdict
		waits  []finding.UnknownPath
		reason finding.Reason
	}{
		"none": {want: finding.NonCompliant},
		"by reference": {
			logs: []*item.Item{flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.main", "id"))}, want: finding.Compliant,
		},
		"of another VPC by reference": {
			logs: []*item.Item{flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.other", "id"))}, want: finding.NonCompliant,
		},
		"by something that may hold any id": {
			logs: []*item.Item{flowLog("ALL", "", planned("configuration.resourceId", "terraform_data.vpc", "output"))}, want: finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{{Path: `related["AWS::EC2::FlowLog"]`, WaitsFor: "terraform_data.vpc.output"}},
		},
		// The id of a VPC that is not created yet cannot be written anywhere.
		"of a VPC that exists": {logs: []*item.Item{flowLog("ALL", "vpc-1")}, want: finding.NonCompliant},
		"of nobody knows what": {
			logs: []*item.Item{flowLog("ALL", "", opaque)}, want: finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{{Path: `related["AWS::EC2::FlowLog"]`, WaitsFor: "module.net.vpc_id"}},
		},
		"of nobody knows what, but of no use": {logs: []*item.Item{flowLog("ACCEPT", "", opaque)}, want: finding.NonCompliant},
		"one by reference beside one of nobody knows what": {
			logs: []*item.Item{flowLog("ALL", "", opaque), flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.main", "id"))},
			want: finding.Compliant,
		},
		"of unknown type": {
			logs: []*item.Item{flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.main", "id"), unknownAt("configuration.trafficType", "var.type"))},
			want: finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{{Path: `related["AWS::EC2::FlowLog"][0].configuration.trafficType`, WaitsFor: "var.type"}},
		},
		"about to be deleted": {logs: []*item.Item{deleted(flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.main", "id")))}, want: finding.NonCompliant},
	}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"ec2/vpc_flow_logs"}})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := only(t, engine, append([]*item.Item{main}, test.logs...)...)
			check(t, got, test.want, test.reason, test.waits)
		})
	}
}

// named says that others refer to the item's name by its bucket attribute.
func named(it *item.Item, address string) *item.Item {
	it.Symbols = map[string]item.Symbol{"configuration.name": {Address: address, Attribute: "bucket"}}
	return it
}

func deleted(it *item.Item) *item.Item {
	it.Source.Action = "delete"
	return it
}

func check(t *testing.T, got finding.Finding, verdict finding.Verdict, reason finding.Reason, waits []finding.UnknownPath) {
	t.Helper()
	if got.Verdict != verdict || got.Reason != reason {
		t.Errorf("got %s %s (%s), want %s %s", got.Verdict, got.Reason, got.Message, verdict, reason)
	}
	if waits == nil {
		waits = []finding.UnknownPath{}
	}
	if diff := cmp.Diff(waits, got.Unknown); diff != "" {
		t.Errorf("waits for (-want +got):\n%s", diff)
	}
}

// More partners than can be tried one by one leave the relation unknown, and
// the verdict with it: never a guess.
func TestRelations_tooManyCases(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"ec2/vpc_flow_logs"}})
	items := []*item.Item{vpc("aws_vpc.main", planned("configuration.vpcId", "aws_vpc.main", "id"))}
	for i := range 10 {
		items = append(items, flowLog("ACCEPT", "", unknownAt("configuration.resourceId", fmt.Sprintf("module.net[%d].id", i))))
	}
	if got := only(t, engine, items...); got.Verdict != finding.Undecided {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
}

func TestRelations_notVisible(t *testing.T) {
	channel := func(bucket string, unknowns ...item.Unknown) *item.Item {
		configuration := map[string]any{"name": "default"}
		if bucket != "" {
			configuration["s3BucketName"] = bucket
		}
		return &item.Item{
			Type: "AWS::Config::DeliveryChannel", Configuration: configuration,
			Source: item.Source{Kind: item.Plan, Address: "aws_config_delivery_channel.x", Action: "create"}, Unknown: unknowns,
		}
	}
	bucket := func(name string, unknowns ...item.Unknown) *item.Item {
		configuration := map[string]any{}
		if name != "" {
			configuration["name"] = name
		}
		return &item.Item{Type: "AWS::S3::Bucket", Configuration: configuration, Unknown: unknowns,
			Source: item.Source{Kind: item.Plan, Address: "aws_s3_bucket.b", Action: "create"}}
	}
	tests := map[string]struct {
		items  []*item.Item
		want   finding.Verdict
		reason finding.Reason
		waits  []finding.UnknownPath
	}{
		"no bucket named": {items: []*item.Item{channel("")}, want: finding.NonCompliant},
		"a bucket of another configuration": {
			items: []*item.Item{channel("shared"), bucket("other")}, want: finding.Undecided, reason: finding.NotVisible,
			waits: []finding.UnknownPath{{Path: `related["AWS::S3::Bucket"]`, WaitsFor: "AWS::S3::Bucket shared"}},
		},
		"a known name and its id by reference": {
			items: []*item.Item{channel("", planned("configuration.s3BucketName", "aws_s3_bucket.b", "bucket")), named(bucket("mine"), "aws_s3_bucket.b")},
			want:  finding.NonCompliant,
		},
		"a planned bucket without policy": {items: []*item.Item{channel("mine"), bucket("mine")}, want: finding.NonCompliant},
		"the same by reference": {
			items: []*item.Item{
				channel("", planned("configuration.s3BucketName", "aws_s3_bucket.b", "bucket")),
				bucket("", planned("configuration.name", "aws_s3_bucket.b", "bucket")),
			},
			want: finding.NonCompliant,
		},
		"a name nobody knows": {
			items: []*item.Item{channel("", unknownAt("configuration.s3BucketName", "module.x.bucket")), bucket("mine")},
			want:  finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{
				{Path: "configuration.s3BucketName", WaitsFor: "module.x.bucket"},
				{Path: `related["AWS::S3::Bucket"]`, WaitsFor: "module.x.bucket"},
			},
		},
		"a policy nobody knows": {
			items: []*item.Item{channel("mine"), bucket("mine", unknownAt("supplementaryConfiguration.bucketPolicy.policyText", "data.aws_iam_policy_document.p.json"))},
			want:  finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{{
				Path:     `related["AWS::S3::Bucket"][0].supplementaryConfiguration.bucketPolicy.policyText`,
				WaitsFor: "data.aws_iam_policy_document.p.json",
			}},
		},
	}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"config/delivery_channel"}})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { check(t, only(t, engine, test.items...), test.want, test.reason, test.waits) })
	}
}

// A resource that exists can be named by a reference that is only resolved at
// apply: its own value is known, the one made from it is not.
func TestRelations_knownKeyByReference(t *testing.T) {
	existing := vpc("aws_vpc.main")
	existing.Configuration["vpcId"] = "vpc-1"
	existing.Symbols = map[string]item.Symbol{"configuration.vpcId": {Address: "aws_vpc.main", Attribute: "id"}}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"ec2/vpc_flow_logs"}})
	got := only(t, engine, existing, flowLog("ALL", "", planned("configuration.resourceId", "aws_vpc.main", "id")))
	if got.Verdict != finding.Compliant {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
}

// A key that is written down is none of those that the plan creates: however
// many there are, the trail does not wait for them.
func TestRelations_generatedKeys(t *testing.T) {
	items := []*item.Item{{Type: "AWS::CloudTrail::Trail", Name: "t", Configuration: map[string]any{"kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"}}}
	for i := range 10 {
		address := fmt.Sprintf("aws_kms_key.k[%d]", i)
		items = append(items, &item.Item{Type: "AWS::KMS::Key", Configuration: map[string]any{"enabled": false}, Unknown: []item.Unknown{
			planned("configuration.arn", address, "arn"), planned("configuration.keyId", address, "key_id"),
		}})
	}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"cloudtrail/kms_encryption"}})
	if got := only(t, engine, items...); got.Verdict != finding.Compliant {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
}

// A plan shows a part of an account: what is missing there may be elsewhere.
func TestAccount(t *testing.T) {
	account := func(kind item.SourceKind, id string) *item.Item {
		return &item.Item{Type: item.AccountType, Account: id, Region: "eu-west-1", Configuration: map[string]any{}, Source: item.Source{Kind: kind}}
	}
	trail := func(id string, everywhere bool) *item.Item {
		return &item.Item{Type: "AWS::CloudTrail::Trail", Account: id, Name: "t", Configuration: map[string]any{"isMultiRegionTrail": everywhere, "isLogging": true}}
	}
	tests := map[string]struct {
		items  []*item.Item
		want   finding.Verdict
		reason finding.Reason
		waits  []finding.UnknownPath
	}{
		"plan without a trail":  {items: []*item.Item{account(item.Plan, "1")}, want: finding.NotApplicable},
		"state without a trail": {items: []*item.Item{account(item.State, "1")}, want: finding.NotApplicable},
		"live without a trail":  {items: []*item.Item{account(item.Live, "1")}, want: finding.NonCompliant},
		"plan with a weak trail": {
			items: []*item.Item{account(item.Plan, "1"), trail("1", false)}, want: finding.Undecided, reason: finding.NotVisible,
			waits: []finding.UnknownPath{{Path: `related["AWS::CloudTrail::Trail"]`, WaitsFor: "AWS::CloudTrail::Trail elsewhere in the account"}},
		},
		"live with a weak trail":       {items: []*item.Item{account(item.Live, "1"), trail("1", false)}, want: finding.NonCompliant},
		"plan with a good trail":       {items: []*item.Item{account(item.Plan, "1"), trail("1", true)}, want: finding.Compliant},
		"the trail of another account": {items: []*item.Item{account(item.Live, "1"), trail("2", true)}, want: finding.NonCompliant},
		"neither knows its account":    {items: []*item.Item{account(item.Plan, ""), trail("", true)}, want: finding.Compliant},
		"the trail does not know its own": {
			items: []*item.Item{account(item.Plan, "1"), trail("", true)}, want: finding.Undecided, reason: finding.AfterApply,
			waits: []finding.UnknownPath{{Path: `related["AWS::CloudTrail::Trail"]`, WaitsFor: "awsAccountId of t"}},
		},
	}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"cloudtrail/multi_region_trail"}})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { check(t, only(t, engine, test.items...), test.want, test.reason, test.waits) })
	}
}

// What a trail logs beside management events, and its ARN, are often not known
// in a plan; whether it takes every management event is.
func TestAccount_unknownDataResources(t *testing.T) {
	trail := &item.Item{
		Type: "AWS::CloudTrail::Trail",
		Configuration: map[string]any{"isMultiRegionTrail": true, "isLogging": true, "eventSelectors": []any{
			map[string]any{"readWriteType": "All", "includeManagementEvents": true, "dataResources": []any{map[string]any{"type": "AWS::S3::Object"}}},
		}},
		Unknown: []item.Unknown{unknownAt("configuration.eventSelectors[0].dataResources[0].values[0]", "aws_s3_bucket.b.arn"), unknownAt("arn")},
	}
	account := &item.Item{Type: item.AccountType, Configuration: map[string]any{}, Source: item.Source{Kind: item.Plan}}
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"cloudtrail/multi_region_trail"}})
	if got := only(t, engine, account, trail); got.Verdict != finding.Compliant {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
}

// What may be assumed: that a value taken from one planned attribute is there;
// never what it is, nor that a boolean is true.
func TestAssumptions(t *testing.T) {
	rules := map[string]struct {
		body    string
		unknown item.Unknown
		want    finding.Verdict
		assumes []finding.UnknownPath
	}{
		"existence": {
			`violation if not input.configuration.kmsKeyId`, planned("configuration.kmsKeyId", "aws_kms_key.k", "arn"),
			finding.Compliant, []finding.UnknownPath{{Path: "configuration.kmsKeyId", WaitsFor: "aws_kms_key.k.arn"}},
		},
		"existence, through a helper": {
			"violation if not _encrypted\n\n_encrypted if input.configuration.kmsKeyId", planned("configuration.kmsKeyId", "aws_kms_key.k", "arn"),
			finding.Compliant, []finding.UnknownPath{{Path: "configuration.kmsKeyId", WaitsFor: "aws_kms_key.k.arn"}},
		},
		"that it is there may be the violation": {
			`violation if input.configuration.kmsKeyId`, planned("configuration.kmsKeyId", "aws_kms_key.k", "arn"),
			finding.NonCompliant, []finding.UnknownPath{{Path: "configuration.kmsKeyId", WaitsFor: "aws_kms_key.k.arn"}},
		},
		"the value": {
			`violation if not startswith(input.configuration.kmsKeyId, "arn:")`, planned("configuration.kmsKeyId", "aws_kms_key.k", "arn"),
			finding.Undecided, nil,
		},
		"existence and the value": {
			"violation if not input.configuration.kmsKeyId\n\nviolation if input.configuration.kmsKeyId == \"alias/aws/s3\"",
			planned("configuration.kmsKeyId", "aws_kms_key.k", "arn"), finding.Undecided, nil,
		},
		"a boolean": {
			`violation if not input.configuration.isLogging`, planned("configuration.isLogging", "terraform_data.x", "output"),
			finding.Undecided, nil,
		},
		"made from several values": {
			`violation if not input.configuration.kmsKeyId`, unknownAt("configuration.kmsKeyId", "a.b.c", "d.e.f"),
			finding.Undecided, nil,
		},
		"not read": {
			`violation if not input.configuration.kmsKeyId`, planned("configuration.s3BucketName", "aws_s3_bucket.b", "id"),
			finding.NonCompliant, nil,
		},
	}
	for name, test := range rules {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"a.rego": head + "package rules.acme.r\n\nimport rego.v2\n\n" + test.body + "\n"})
			trail := &item.Item{Type: "AWS::CloudTrail::Trail", Name: "t", Configuration: map[string]any{}, Unknown: []item.Unknown{test.unknown}}
			got := only(t, load(t, policy.Options{Directories: []string{dir}}), trail)
			if got.Verdict != test.want {
				t.Errorf("got %s, want %s: %s", got.Verdict, test.want, got.Message)
			}
			if test.assumes == nil {
				test.assumes = []finding.UnknownPath{}
			}
			if diff := cmp.Diff(test.assumes, got.Assumes); diff != "" {
				t.Errorf("assumes (-want +got):\n%s", diff)
			}
			strict := only(t, load(t, policy.Options{Directories: []string{dir}, StrictUnknown: true}), trail)
			if len(test.assumes) > 0 && (strict.Verdict != finding.Undecided || len(strict.Assumes) > 0) {
				t.Errorf("strict: got %s, assuming %v", strict.Verdict, strict.Assumes)
			}
		})
	}
}

// A function is undefined where its argument is, whatever it does with it.
func TestEvaluate_argumentThatMayBeUndefined(t *testing.T) {
	dir := write(t, map[string]string{"a.rego": head + "package rules.acme.r\n\nimport rego.v2\n\nviolation if _any(input.configuration.kmsKeyId)\n\n_any(_) := true\n"})
	trail := &item.Item{Type: "AWS::CloudTrail::Trail", Name: "t", Configuration: map[string]any{}, Unknown: []item.Unknown{unknownAt("configuration.kmsKeyId", "a.b.c")}}
	if got := only(t, load(t, policy.Options{Directories: []string{dir}}), trail); got.Verdict != finding.Undecided {
		t.Errorf("got %s: an unset key is no violation, a set one is", got.Verdict)
	}
}

// print is for debugging; a rule that forgot one works without it.
func TestLoad_printIsDropped(t *testing.T) {
	dir := write(t, map[string]string{"a.rego": head + "package rules.acme.r\n\nimport rego.v2\n\nviolation if {\n\tprint(input.arn)\n\tinput.resourceType\n}\n"})
	if got := only(t, load(t, policy.Options{Directories: []string{dir}}), &item.Item{Type: "AWS::CloudTrail::Trail"}); got.Verdict != finding.NonCompliant {
		t.Errorf("got %s", got.Verdict)
	}
}

// In a plan made with -target the partner may be among what was left out.
func TestRelations_partialSource(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true, Rules: []string{"ec2/vpc_flow_logs"}})
	main := vpc("aws_vpc.main", planned("configuration.vpcId", "aws_vpc.main", "id"))
	findings, err := engine.Evaluate(t.Context(), &item.Set{Items: []*item.Item{main}, Partial: []string{"complete is false"}})
	if err != nil {
		t.Fatal(err)
	}
	check(t, findings[0], finding.Undecided, finding.NotVisible,
		[]finding.UnknownPath{{Path: `related["AWS::EC2::FlowLog"]`, WaitsFor: "AWS::EC2::FlowLog outside of this source"}})
}

// In place of an element that is not known stands null, which no rule may see:
// a rule that would fail on it is undecided, not in error.
func TestEvaluate_unknownElement(t *testing.T) {
	dir := write(t, map[string]string{"a.rego": head + "package rules.acme.r\n\nimport rego.v2\n\nviolation if {\n\tsome s in input.configuration.eventSelectors\n\tobject.get(s, \"readWriteType\", \"All\") == \"All\"\n}\n"})
	engine := load(t, policy.Options{Directories: []string{dir}})
	trail := func(known ...any) *item.Item {
		return &item.Item{
			Type: "AWS::CloudTrail::Trail", Name: "t", Configuration: map[string]any{"eventSelectors": append([]any{nil}, known...)},
			Unknown: []item.Unknown{unknownAt("configuration.eventSelectors[0]", "var.selector")},
		}
	}
	if got := only(t, engine, trail()); got.Verdict != finding.Undecided {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
	// The selector beside it is no violation, so the open one decides.
	if got := only(t, engine, trail(map[string]any{"readWriteType": "ReadOnly"})); got.Verdict != finding.Undecided {
		t.Errorf("got %s: %s", got.Verdict, got.Message)
	}
}
