package policy_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/finding"
	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

const head = `# METADATA
# title: Trails have an owner
# custom:
#   severity: low
#   resource_types: ["AWS::CloudTrail::Trail"]
`

// write makes a directory of policies from name/text pairs.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoad_refusesWhatCouldPassSilently(t *testing.T) {
	rule := func(body string) string { return head + "package rules.acme.owner\n\nimport rego.v2\n\n" + body + "\n" }
	tests := map[string]struct {
		files map[string]string
		want  string // part of the error
	}{
		"a misspelt field": {
			files: map[string]string{"a.rego": strings.Replace(rule(`violation if not input.configuration.kmsKeyid`),
				"# custom:", "# schemas:\n#   - input: schema[\"AWS::CloudTrail::Trail\"]\n# custom:", 1)},
			want: "a.rego:12: rego_type_error: undefined ref: input.configuration.kmsKeyid",
		},
		"the list of unknowns": {
			files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.unknown[0] == "x"`),
				"# custom:", "# schemas:\n#   - input: schema[\"AWS::CloudTrail::Trail\"]\n# custom:", 1)},
			want: "undefined ref: input.unknown",
		},
		"no rego.v2":      {files: map[string]string{"a.rego": "package rules.acme.owner\n"}, want: `a.rego:1: add "import rego.v2"`},
		"an empty file":   {files: map[string]string{"a.rego": ""}, want: "a.rego"},
		"no metadata":     {files: map[string]string{"a.rego": "package rules.acme.owner\n\nimport rego.v2\n\nviolation if input.arn\n"}, want: `a.rego:1: rule acme/owner has no "# METADATA" block`},
		"no violation":    {files: map[string]string{"a.rego": rule(`violations if input.arn`)}, want: `a.rego:6: rule acme/owner: there is no "violation if ..."`},
		"a violation set": {files: map[string]string{"a.rego": rule(`violation contains "x" if input.arn`)}, want: `a.rego:10: "violation" must be a plain boolean`},
		"a text":          {files: map[string]string{"a.rego": rule(`violation := "yes" if input.arn`)}, want: `"violation" must be a plain boolean`},
		"an exemption that is a set": {
			files: map[string]string{"a.rego": rule("violation if input.arn\n\nnot_applicable contains 1")}, want: `"not_applicable" must be a plain boolean`,
		},
		"an unknown severity":          {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "low", "hihg", 1)}, want: `severity "hihg": want one of [low medium high critical]`},
		"a misspelt key":               {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "resource_types", "resource_type", 1)}, want: `unknown field "resource_type"`},
		"no types":                     {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), `["AWS::CloudTrail::Trail"]`, "[]", 1)}, want: "resource_types is missing"},
		"a parameter nobody declared":  {files: map[string]string{"a.rego": rule(`violation if input.arn == data.parameters.owner`)}, want: "data.parameters.owner"},
		"related items not declared":   {files: map[string]string{"a.rego": rule(`violation if count(input.related["AWS::SNS::Topic"]) == 0`)}, want: `reads input.related["AWS::SNS::Topic"], which custom.related does not declare`},
		"a replaced input":             {files: map[string]string{"a.rego": rule("violation if _x with input as {}\n\n_x if not input.arn")}, want: `must not use "with"`},
		"the network":                  {files: map[string]string{"a.rego": rule(`violation if http.send({"url": "http://127.0.0.1"}).status_code == 200`)}, want: "undefined function http.send"},
		"the clock":                    {files: map[string]string{"a.rego": rule(`violation if time.now_ns() > 0`)}, want: "undefined function time.now_ns"},
		"the environment":              {files: map[string]string{"a.rego": rule(`violation if opa.runtime().env.HOME`)}, want: "undefined function opa.runtime"},
		"chance":                       {files: map[string]string{"a.rego": rule(`violation if rand.intn("x", 2) == 1`)}, want: "undefined function rand.intn"},
		"a name lookup":                {files: map[string]string{"a.rego": rule(`violation if net.lookup_ip_addr("localhost")`)}, want: "undefined function net.lookup_ip_addr"},
		"unbounded memory":             {files: map[string]string{"a.rego": rule(`violation if bits.lsh(1, 100000000000) > 0`)}, want: "undefined function bits.lsh"},
		"a variable nobody uses":       {files: map[string]string{"a.rego": rule(`violation if { x := input.arn; input.resourceId }`)}, want: "assigned var x unused"},
		"the same rule twice":          {files: map[string]string{"a.rego": rule(`violation if input.arn`), "b/b.rego": rule(`violation if input.arn`)}, want: "rule acme/owner is already defined in"},
		"a rule of ours":               {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "acme.owner", "logs.retention", 1)}, want: "rule logs/retention is already defined in the rules that ship with Vigil"},
		"a library of ours":            {files: map[string]string{"a.rego": "package lib.documents\n\nimport rego.v2\n\npublic(_) := false\n"}, want: "package lib.documents belongs to the rules that ship with Vigil"},
		"a default of the wrong type":  {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn == data.parameters.owner`), "#   resource", "#   parameters: {owner: {type: number, default: me}}\n#   resource", 1)}, want: "default of parameter owner: me is not of type number"},
		"a path that cannot be":        {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "#   resource", "#   related: [{type: \"AWS::SNS::Topic\", theirs: [\"arn[\"], ours: [arn]}]\n#   resource", 1)}, want: `path "arn[": unfinished index`},
		"an absence nobody knows":      {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "#   resource", "#   related: [{type: \"AWS::SNS::Topic\", theirs: [arn], ours: [arn], absent: gone}]\n#   resource", 1)}, want: `absent "gone": want none or not_visible`},
		"a misspelt package":           {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "rules.acme", "rule.acme", 1)}, want: "a.rego:6: package rule.acme.owner: want rules.<service>.<rule>"},
		"a rule of conftest":           {files: map[string]string{"a.rego": "package main\n\nimport rego.v2\n\ndeny contains \"x\"\n"}, want: "package main: want rules.<service>.<rule>"},
		"a rule without a service":     {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "rules.acme.owner", "rules.owner", 1)}, want: "package rules.owner: want rules.<service>.<rule>"},
		"a directory without policies": {files: map[string]string{"readme.md": "x"}, want: "holds no .rego file"},
		"a type nobody makes":          {files: map[string]string{"a.rego": strings.Replace(rule(`violation if input.arn`), "Trail::Trail\"]", "Trail::Trial\"]", 1)}, want: `AWS::CloudTrail::Trial`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := policy.Load(t.Context(), policy.Options{Builtin: true, Directories: []string{write(t, test.files)}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestLoad_options(t *testing.T) {
	tests := map[string]struct {
		opts policy.Options
		want string
	}{
		"a directory that is not there": {policy.Options{Directories: []string{"no/such/dir"}}, "opening policy directory"},
		"a rule to skip that is not":    {policy.Options{Builtin: true, Skip: []string{"logs/retenton"}}, `there is no rule "logs/retenton"`},
		"a rule to run that is not":     {policy.Options{Builtin: true, Rules: []string{"logs/retenton"}}, `there is no rule "logs/retenton"`},
		"parameters of no rule":         {policy.Options{Builtin: true, Parameters: map[string]map[string]any{"logs/x": {}}}, `parameters of rule "logs/x": there is no such rule`},
		"no such parameter":             {policy.Options{Builtin: true, Parameters: map[string]map[string]any{"logs/retention": {"days": 3}}}, `rule logs/retention has no parameter "days"; it has [min_days]`},
		"the wrong type":                {policy.Options{Builtin: true, Parameters: map[string]map[string]any{"logs/retention": {"min_days": "3"}}}, `parameter min_days of rule logs/retention: 3 is not of type number`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := policy.Load(t.Context(), test.opts)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestLoad_chooses(t *testing.T) {
	ids := func(opts policy.Options) []string {
		opts.Builtin = true
		var list []string
		for _, r := range load(t, opts).Rules() {
			list = append(list, r.ID)
		}
		return list
	}
	if got, want := ids(policy.Options{Rules: []string{"logs/retention", "kms/key_rotation"}, Skip: []string{"kms/key_rotation"}}), []string{"logs/retention"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if all := ids(policy.Options{}); len(all) != 14 {
		t.Errorf("got %d rules: %v", len(all), all)
	}
	// Parameters of a rule that is left out are no mistake.
	ids(policy.Options{Skip: []string{"logs/retention"}, Parameters: map[string]map[string]any{"logs/retention": {"min_days": 30}}})
}

func TestLoad_parametersReachTheirRule(t *testing.T) {
	group := &item.Item{Type: "AWS::Logs::LogGroup", Name: "g", Configuration: map[string]any{"retentionInDays": 30}}
	for days, want := range map[int]finding.Verdict{30: finding.Compliant, 31: finding.NonCompliant} {
		engine := load(t, policy.Options{
			Builtin: true, Rules: []string{"logs/retention"},
			Parameters: map[string]map[string]any{"logs/retention": {"min_days": days}},
		})
		if got := only(t, engine, group); got.Verdict != want {
			t.Errorf("min_days %d: got %s, want %s", days, got.Verdict, want)
		}
	}
}

// only evaluates items with one rule and gives the finding of the first.
func only(t *testing.T, engine *policy.Engine, items ...*item.Item) finding.Finding {
	t.Helper()
	findings, err := engine.Evaluate(t.Context(), &item.Set{Items: items})
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) == 0 {
		t.Fatal("no finding")
	}
	return findings[0]
}

// A rule that fails is ERROR, whatever else is true of the item.
func TestEvaluate_failsClosed(t *testing.T) {
	double := "violation if count(_l25) > 3\n\n_l0 := array.concat(input.configuration.l, input.configuration.l)\n"
	for i := 1; i <= 25; i++ {
		double += fmt.Sprintf("\n_l%d := array.concat(_l%d, _l%d)\n", i, i-1, i-1)
	}
	rules := map[string]struct{ body, want string }{
		"a built-in that fails":   {`violation if to_number(input.configuration.name) > 1`, "to_number"},
		"two results at once":     {"violation if _x == 3\n\n_x := 1 if input.configuration\n\n_x := 2 if input.resourceType", "eval_conflict_error"},
		"an exemption that fails": {"violation if input.arn\n\nnot_applicable if to_number(input.configuration.name) > 1", "to_number"},
		"no end": {
			`violation if { some a in input.configuration.l; some b in input.configuration.l; some c in input.configuration.l; a + b + c == -1 }`,
			"it took longer than 1s",
		},
		"no end of walking":  {`violation if { walk(input, [_, a]); walk(input, [_, b]); walk(input, [_, c]); count([a, b, c]) == 4 }`, "it took longer than 1s"},
		"no end of doubling": {double, "it "}, // whichever limit comes first
	}
	list := make([]any, 1000)
	for i := range list {
		list[i] = i
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"a.rego": head + "package rules.acme.bad\n\nimport rego.v2\n\n" + rule.body + "\n"})
			engine := load(t, policy.Options{Directories: []string{dir}, Deadline: time.Second})
			started := time.Now()
			got := only(t, engine, &item.Item{Type: "AWS::CloudTrail::Trail", Name: "a", Configuration: map[string]any{"name": "x", "l": list}})
			if got.Verdict != finding.Failed || !strings.HasPrefix(got.Message, "the rule could not be evaluated: ") || !strings.Contains(got.Message, rule.want) {
				t.Errorf("got %s: %s", got.Verdict, got.Message)
			}
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// A rule that never ends must not cost its deadline for each of many resources.
func TestEvaluate_givesUpOnARule(t *testing.T) {
	dir := write(t, map[string]string{"a.rego": head + "package rules.acme.bad\n\nimport rego.v2\n\nviolation if { walk(input, [_, a]); walk(input, [_, b]); walk(input, [_, c]); walk(input, [_, d]); count([a, b, c, d]) == 5 }\n"})
	engine := load(t, policy.Options{Directories: []string{dir}, Deadline: 50 * time.Millisecond})
	list := make([]any, 1000)
	for i := range list {
		list[i] = i
	}
	var items []*item.Item
	for i := range 100 {
		items = append(items, &item.Item{Type: "AWS::CloudTrail::Trail", ID: fmt.Sprint(i), Configuration: map[string]any{"l": list}})
	}
	started := time.Now()
	findings := evaluate(t, engine, items)
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("took %s for 100 items with a deadline of 50 ms each", took)
	}
	for _, f := range findings {
		if f.Verdict != finding.Failed {
			t.Errorf("%s: %s", f.Verdict, f.Message)
		}
	}
	if len(findings) != 100 {
		t.Errorf("%d findings", len(findings))
	}
}

func TestEvaluate_stopsWithItsContext(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	set := &item.Set{Items: []*item.Item{{Type: "AWS::Logs::LogGroup", Configuration: map[string]any{}}}}
	if _, err := engine.Evaluate(ctx, set); err == nil {
		t.Error("an ended context gave a result")
	}
}

// A remote $ref in a schema of a rule's metadata must not be fetched.
func TestLoad_fetchesNothing(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	text := strings.Replace(head, "# custom:", "# schemas:\n#   - input: {$ref: \""+server.URL+"/x\"}\n# custom:", 1) +
		"package rules.acme.ref\n\nimport rego.v2\n\nviolation if input.arn\n"
	_, err := policy.Load(t.Context(), policy.Options{Directories: []string{write(t, map[string]string{"a.rego": text})}})
	if err == nil || calls.Load() != 0 {
		t.Errorf("got %v and %d requests", err, calls.Load())
	}
}

// The provider judges resources side by side with one engine.
func TestEvaluate_concurrently(t *testing.T) {
	engine := load(t, policy.Options{Builtin: true})
	items := readItems(t, "testdata/bad.json")
	items[1].Unknown = []item.Unknown{unknownAt("configuration.s3BucketName", "module.x.bucket")}
	want := evaluate(t, engine, items)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, err := engine.Evaluate(t.Context(), &item.Set{Items: items})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	group.Wait()
}
