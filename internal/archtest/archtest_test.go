package archtest_test

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/archtest"
)

func TestModule(t *testing.T) {
	packages := load(t)
	if len(packages) < 5 {
		t.Fatalf("found %d packages: the rules would hold of nothing", len(packages))
	}
	for _, broken := range archtest.Check(packages, archtest.Rules(), archtest.Privates()) {
		t.Error(broken)
	}
}

// A rule about a package that is gone would pass for ever.
func TestRulesNamePackagesThatExist(t *testing.T) {
	exists := map[string]bool{}
	for _, p := range load(t) {
		for tree := p.Path; tree != "."; tree = path.Dir(tree) {
			exists[tree] = true
		}
	}
	for _, r := range archtest.Rules() {
		if !exists[r.Path] {
			t.Errorf("a rule limits %s, which does not exist", r.Path)
		}
	}
	for _, r := range archtest.Privates() {
		if !exists[r.Path] {
			t.Errorf("a rule keeps %s private, which does not exist", r.Path)
		}
	}
}

func TestCheck(t *testing.T) {
	const m = archtest.Module + "/"
	tests := map[string]struct {
		pkg  archtest.Package
		want []string
	}{
		"item and the standard library": {
			pkg: archtest.Package{Path: "internal/item", Imports: []string{"encoding/json", "fmt"}},
		},
		"item and a library": {
			pkg:  archtest.Package{Path: "internal/item", Imports: []string{"github.com/google/go-cmp/cmp"}},
			want: []string{"internal/item imports github.com/google/go-cmp/cmp: the normal form depends on the standard library alone"},
		},
		"tests of item may import a library": {
			pkg: archtest.Package{Path: "internal/item", TestImports: []string{"github.com/google/go-cmp/cmp"}},
		},
		"plan and item": {
			pkg: archtest.Package{Path: "internal/source/plan", Imports: []string{m + "internal/item", "github.com/hashicorp/terraform-json"}},
		},
		"plan and policy": {
			pkg:  archtest.Package{Path: "internal/source/plan", Imports: []string{m + "internal/policy"}},
			want: []string{"internal/source/plan imports internal/policy: a source makes items and knows nothing of rules"},
		},
		"policy and OPA": {
			pkg: archtest.Package{Path: "internal/policy", Imports: []string{"github.com/open-policy-agent/opa/v1/rego", m + "policies", m + "internal/item", m + "internal/finding"}},
		},
		"a sibling whose name only starts alike": {
			pkg:  archtest.Package{Path: "internal/report", Imports: []string{m + "internal/findings"}},
			want: []string{"internal/report imports internal/findings: a format sees the finished report only"},
		},
		"the sandbox's own tests": {
			pkg:  archtest.Package{Path: "internal/sandbox/logs", TestImports: []string{m + "internal/provider/logs"}},
			want: []string{"internal/sandbox/logs imports internal/provider/logs: nothing depends on the provider", "internal/sandbox/logs imports internal/provider/logs: the sandbox must not share a mistake with the code that it tests"},
		},
		"the sandbox and its own tree": {
			pkg: archtest.Package{Path: "internal/sandbox", Imports: []string{m + "internal/sandbox/wire"}},
		},
		"main may import both": {
			pkg: archtest.Package{Path: "", Imports: []string{m + "internal/cli", m + "internal/provider"}},
		},
		"the command line and the provider": {
			pkg:  archtest.Package{Path: "internal/cli", Imports: []string{m + "internal/provider"}},
			want: []string{"internal/cli imports internal/provider: nothing depends on the provider"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := archtest.Check([]archtest.Package{test.pkg}, archtest.Rules(), archtest.Privates())
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Check (-want +got):\n%s", diff)
			}
		})
	}
}

func load(t *testing.T) []archtest.Package {
	t.Helper()
	packages, err := archtest.Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	return packages
}
