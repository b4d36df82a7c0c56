package policy_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

// TestSoundness is the promise of the third verdict: whatever the unknown
// values turn out to be, a verdict that was given holds. Worlds are made at
// random, some values are hidden, the rules judge; then the hidden values are
// drawn anew, again and again, and the rules judge what is now known.
func TestSoundness(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	tried := try(t, engine, 100, 4)
	// The test would prove nothing if everything, or nothing, were undecided.
	for _, rule := range engine.Rules() {
		if tried.decided[rule.ID] < 30 || tried.open[rule.ID] == 0 {
			t.Errorf("%s: %d verdicts checked and %d left open: the worlds do not exercise it",
				rule.ID, tried.decided[rule.ID], tried.open[rule.ID])
		}
	}
	if tried.assumed == 0 {
		t.Error("no verdict rested on an assumption")
	}
}

// forms are bodies of rules in all the shapes that Rego knows of asking about a
// value. Several are decided wrongly when OPA's partial evaluation is asked
// about a place below an iteration, or a placeholder is left in the input.
var forms = []string{
	`violation if not input.configuration.kmsKeyId`,
	`violation if input.configuration.kmsKeyId`,
	`violation if input.configuration.kmsKeyId == "key-1"`,
	`violation if input.configuration.kmsKeyId != "key-1"`,
	`violation if not input.configuration.kmsKeyId == "key-1"`,
	`violation if object.get(input.configuration, "kmsKeyId", "") == ""`,
	`violation if not startswith(input.configuration.kmsKeyId, "key-")`,
	`violation if sprintf("%v", [input.configuration.isLogging]) == "true"`,
	`violation if { some s in input.configuration.eventSelectors; s.readWriteType == "All" }`,
	`violation if { some s in input.configuration.eventSelectors; "word-1" in s.excludeManagementEventSources }`,
	`violation if { every s in input.configuration.eventSelectors { s.includeManagementEvents } }`,
	`violation if count(input.configuration.insightSelectors) == 0`,
	`violation if count([1 | some s in input.configuration.insightSelectors; s.insightType == "ApiCallRateInsight"]) == 1`,
	`violation if not "ApiCallRateInsight" in {s.insightType | some s in input.configuration.insightSelectors}`,
	`violation if input.configuration.eventSelectors[0].readWriteType == "All"`,
	`violation if { walk(input.configuration, [_, value]); value == "All" }`,
	`violation if { some _, value in input.configuration; value == true }`,
	`violation if count(object.keys(input.configuration)) > 8`,
	`violation if input.configuration.eventSelectors == []`,
	"default violation := false\nviolation if input.configuration.isLogging",
	"violation if _kind == 1\n_kind := 1 if input.configuration.isLogging else := 2 if input.configuration.kmsKeyId",
	"violation if _f(input.configuration.kmsKeyId)\n_f(_) := true",
	"violation if not _f(input.configuration.kmsKeyId)\n_f(x) if x == \"key-1\"",
	"violation if _f(input.configuration) == 2\n_f(c) := 2 if not c.kmsKeyId\n_f(c) := 1 if c.kmsKeyId",
	"violation if count(_types) < 2\n_types contains s.insightType if some s in input.configuration.insightSelectors",
	"violation if _by_type[\"ApiCallRateInsight\"]\n_by_type[s.insightType] := true if some s in input.configuration.insightSelectors",
	"violation if not input.configuration.isLogging\nnot_applicable if not input.configuration.isMultiRegionTrail",
	"violation if input.configuration.isLogging\nnot_applicable if { some s in input.configuration.eventSelectors; not s.includeManagementEvents }",
	`violation if { some b in input.related["AWS::S3::Bucket"]; not b.supplementaryConfiguration.publicAccessBlockConfiguration.blockPublicAcls }`,
	`violation if count(input.related["AWS::S3::Bucket"]) == 1`,
	`violation if not input.configuration.eventSelectors`,
	`violation if { some s in input.configuration.eventSelectors; not s.dataResources }`,
	`violation if { some s in input.configuration.eventSelectors; object.get(s, "readWriteType", "All") == "All" }`,
	`violation if every s in input.configuration.eventSelectors { object.get(s, "includeManagementEvents", true) }`,
	`violation if { some b in input.related["AWS::S3::Bucket"]; not b.supplementaryConfiguration.ownershipControls }`,
	`violation if not input.related["AWS::S3::Bucket"][0].supplementaryConfiguration`,
	`violation if { some b in input.related["AWS::S3::Bucket"]; b.configuration.name == input.configuration.s3BucketName; some r in b.supplementaryConfiguration.ownershipControls.rules; r.objectOwnership == "ObjectWriter" }`,
	`violation if { every b in input.related["AWS::S3::Bucket"] { b.supplementaryConfiguration.bucketVersioningConfiguration.status == "word-1" } }`,
	`violation if input.related["AWS::S3::Bucket"][0].supplementaryConfiguration.accessControlList.cannedAcl == "private"`,
}

const formHead = `# METADATA
# title: A form
# custom:
#   severity: low
#   resource_types: ["AWS::CloudTrail::Trail"]
#   related:
#     - {type: "AWS::S3::Bucket", theirs: [configuration.name], ours: [configuration.s3BucketName]}
package rules.forms.f%d

import rego.v2

%s
`

func TestSoundness_forms(t *testing.T) {
	bundle := fstest.MapFS{}
	for i, form := range forms {
		text := fmt.Sprintf(formHead, i, form)
		bundle[fmt.Sprintf("rules/f%d.rego", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	tried := try(t, load(t, policy.Options{Builtin: true, FS: bundle}), 100, 4)
	for i, form := range forms {
		id := fmt.Sprintf("forms/f%d", i)
		if tried.decided[id] == 0 || tried.open[id] == 0 {
			t.Errorf("%s: %d decided, %d open", form, tried.decided[id], tried.open[id])
		}
	}
}

func load(t *testing.T, opts policy.Options) *policy.Engine {
	t.Helper()
	engine, err := policy.Load(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// trial counts what was tried, by rule.
type trial struct {
	decided, open map[string]int
	assumed       int
}

// try judges worlds with hidden values, draws the values several times, and
// fails when a verdict does not hold.
func try(t *testing.T, engine *policy.Engine, worlds, draws int) trial {
	t.Helper()
	if testing.Short() {
		worlds /= 3
	}
	tried := trial{decided: map[string]int{}, open: map[string]int{}}
	for seed := range worlds {
		w := newWorld(uint64(seed))
		before := verdicts(t, engine, w.hiddenSet())
		for _, f := range before {
			if f.Verdict == finding.Undecided {
				tried.open[f.Rule]++
			} else {
				tried.decided[f.Rule]++
				tried.assumed += len(f.Assumes)
			}
		}
		for range draws {
			drawn := w.draw()
			if twice(drawn.Items, "AWS::S3::Bucket", "name") || twice(drawn.Items, "AWS::KMS::Key", "arn") || twice(drawn.Items, "AWS::KMS::Key", "keyId") {
				continue // no such world
			}
			after := verdicts(t, engine, drawn)
			for pair, was := range before {
				if now := after[pair]; was.Verdict != finding.Undecided && now.Verdict != was.Verdict {
					t.Fatalf("world %d, %s: said %s, but with the values below it is %s (%s)\nhidden: %s\nworld: %s",
						seed, pair, was.Verdict, now.Verdict, now.Message, w.hiddenPaths(), w.json())
				}
			}
		}
	}
	return tried
}

// twice says whether two items have the same identity.
func twice(items []*item.Item, typ, field string) bool {
	seen := map[any]bool{}
	for _, it := range items {
		if name := it.Configuration[field]; it.Type == typ && name != nil {
			if seen[name] {
				return true
			}
			seen[name] = true
		}
	}
	return false
}

func verdicts(t *testing.T, engine *policy.Engine, set *item.Set) map[string]finding.Finding {
	t.Helper()
	findings, err := engine.Evaluate(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	byPair := map[string]finding.Finding{}
	for _, f := range findings {
		if f.Verdict == finding.Failed {
			t.Fatalf("%s: %s", f.Rule, f.Message)
		}
		byPair[f.Rule+" "+f.Resource.Address] = f
	}
	return byPair
}
