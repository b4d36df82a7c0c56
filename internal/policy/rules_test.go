package policy_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

func TestRules_everyRuleFiresOnBad(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	fired := map[string]bool{}
	for _, f := range evaluate(t, engine, readItems(t, "testdata/bad.json")) {
		fired[f.Rule] = fired[f.Rule] || f.Verdict == finding.NonCompliant
	}
	for _, rule := range engine.Rules() {
		if !fired[rule.ID] {
			t.Errorf("%s does not fire on testdata/bad.json", rule.ID)
		}
	}
}

func TestRules_noRuleFiresOnGood(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	compliant := map[string]bool{}
	for _, f := range evaluate(t, engine, readItems(t, "testdata/good.json")) {
		if f.Verdict != finding.Compliant && f.Verdict != finding.NotApplicable {
			t.Errorf("%s on %s: %s: %s", f.Rule, f.Resource.Key(), f.Verdict, f.Message)
		}
		compliant[f.Rule] = compliant[f.Rule] || f.Verdict == finding.Compliant
	}
	for _, rule := range engine.Rules() {
		if !compliant[rule.ID] {
			t.Errorf("%s finds nothing compliant in testdata/good.json", rule.ID)
		}
	}
}

// With everything below configuration unknown, no rule that can be broken by an
// item of the type may be satisfied by it.
func TestRules_nothingKnownIsNeverCompliant(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	items := readItems(t, "testdata/bad.json")
	for _, it := range items {
		it.Configuration, it.SupplementaryConfiguration = map[string]any{}, nil
		it.Unknown = []item.Unknown{{Path: "configuration"}, {Path: "supplementaryConfiguration"}}
	}
	for _, f := range evaluate(t, engine, items) {
		// That a Region has a recorder is known however it is set.
		exempt := f.Rule == "config/recorder_on" && f.Resource.Type == item.AccountType
		if f.Verdict != finding.Undecided && !exempt {
			t.Errorf("%s on %s: %s: %s", f.Rule, f.Resource.Key(), f.Verdict, f.Message)
		}
		if f.Verdict == finding.Undecided && (len(f.Unknown) == 0 || f.Unknown[0].WaitsFor == "" || f.Reason != finding.AfterApply) {
			t.Errorf("%s on %s does not say what it waits for: %+v", f.Rule, f.Resource.Key(), f)
		}
	}
}

func TestRules_metadataIsComplete(t *testing.T) {
	titles := map[string]string{}
	numbers := map[string]string{}
	for _, r := range load(t, policy.Options{Builtin: true}).Rules() {
		if other := titles[r.Title] + numbers[r.Number]; other != "" {
			t.Errorf("%s has the title or number of %s", r.ID, other)
		}
		titles[r.Title], numbers[r.Number] = r.ID, r.ID
		for what, missing := range map[string]bool{
			"description": r.Description == "", "remediation": r.Remediation == "", "number": r.Number == "",
			"trigger": len(r.Trigger) == 0, "reference": len(r.References) == 0,
			"text of a parameter": slices.ContainsFunc(r.Parameters, func(p policy.Parameter) bool { return p.Text == "" }),
		} {
			if missing {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		text, err := policies.FS().Open("rules/" + r.ID + "/" + r.ID[strings.LastIndex(r.ID, "/")+1:] + ".rego")
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		_ = text.Close()
	}
}

// A misspelt field is only refused where the rule names its schema.
func TestRules_everyRuleNamesItsSchema(t *testing.T) {
	eachRego(t, func(name string, text []byte) {
		isRule := strings.HasPrefix(name, "rules/") && !strings.HasSuffix(name, "_test.rego")
		if isRule && !strings.Contains(string(text), `#   - input: schema["AWS::`) {
			t.Errorf("policies/%s names no schema", name)
		}
	})
}

func TestControls_nameRulesThatExist(t *testing.T) {
	named := map[string]bool{}
	rules := load(t, policy.Options{Builtin: true}).Rules()
	for _, file := range controlFiles(t) {
		if want := file.ID + ".json"; file.name != want {
			t.Errorf("controls/%s: want it to be called %s", file.name, want)
		}
		for control, ids := range file.Controls {
			for _, id := range ids {
				if !slices.ContainsFunc(rules, func(r policy.Rule) bool { return r.ID == id }) {
					t.Errorf("%s/%s names the rule %s, which does not exist", file.ID, control, id)
				}
			}
			named[file.ID+"/"+control] = true
		}
	}
	for _, r := range rules {
		for _, control := range r.Controls {
			if !named[control] {
				t.Errorf("%s has the control %s, which no file names", r.ID, control)
			}
		}
	}
	want := []string{"aws-fsbp/CloudTrail.4", "cis-aws-1.4/3.2", "cis-aws-3.0/3.2", "cis-aws-5.0/3.2", "cis-aws-6.0/4.2", "cis-aws-7.0/4.2", "isms-p/2.9.4", "nist-800-53-r5/SI-7", "pci-dss-4.0/10.3.2", "pci-dss-4.0/10.3.4"}
	i := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.ID == "cloudtrail/log_file_validation" })
	if diff := cmp.Diff(want, rules[i].Controls); diff != "" {
		t.Errorf("controls of cloudtrail/log_file_validation (-want +got):\n%s", diff)
	}
}

type controlFile struct {
	name, ID string
	Controls map[string][]string
}

func controlFiles(t *testing.T) []controlFile {
	t.Helper()
	entries, err := os.ReadDir("../../policies/controls")
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d control files: %v", len(entries), err)
	}
	var files []controlFile
	for _, entry := range entries {
		text, err := os.ReadFile("../../policies/controls/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		var frameworks map[string]controlFile
		if err := json.Unmarshal(text, &frameworks); err != nil || len(frameworks) != 1 {
			t.Errorf("controls/%s: %d frameworks: %v", entry.Name(), len(frameworks), err)
		}
		for id, file := range frameworks {
			file.name, file.ID = entry.Name(), id
			files = append(files, file)
		}
	}
	return files
}

func readItems(t *testing.T, name string) []*item.Item {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var items []*item.Item
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&items); err != nil {
		t.Fatalf("decoding %s: %v", name, err)
	}
	return items
}

func evaluate(t *testing.T, engine *policy.Engine, items []*item.Item) []finding.Finding {
	t.Helper()
	findings, err := engine.Evaluate(t.Context(), &item.Set{Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return findings
}
