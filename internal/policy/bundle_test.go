package policy_test

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

func TestBundle_regoTestsPass(t *testing.T) {
	results, err := policy.Test(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(results) == 0 {
		t.Fatal("no Rego test was run")
	}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("%s:%d: %s: %v %s", r.File, r.Line, r.Name, r.Error, r.Output)
		}
	}
}

// The format is that of `opa fmt`.
func TestBundle_isFormatted(t *testing.T) {
	eachRego(t, func(name string, text []byte) {
		formatted, err := format.Source(name, text)
		if err != nil {
			t.Errorf("formatting %s: %v", name, err)
		} else if !bytes.Equal(formatted, text) {
			t.Errorf("policies/%s is not formatted as opa fmt does it", name)
		}
	})
}

// folder = package = id, and every rule has a test beside it.
func TestBundle_layout(t *testing.T) {
	eachRego(t, func(name string, text []byte) {
		dir, file := path.Split(name)
		if !strings.HasPrefix(name, "rules/") || strings.HasSuffix(file, "_test.rego") {
			return
		}
		want := "package " + strings.ReplaceAll(strings.TrimSuffix(dir, "/"), "/", ".") + "\n"
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("policies/%s: want %q", name, want)
		}
		if want := path.Base(dir) + ".rego"; file != want {
			t.Errorf("policies/%s: want it to be called %s", name, want)
		}
		if _, err := fs.Stat(policies.FS(), strings.TrimSuffix(name, ".rego")+"_test.rego"); err != nil {
			t.Errorf("policies/%s has no test: %v", name, err)
		}
	})
}

func eachRego(t *testing.T, visit func(name string, text []byte)) {
	t.Helper()
	err := fs.WalkDir(policies.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".rego" {
			return err
		}
		text, err := fs.ReadFile(policies.FS(), name)
		visit(name, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Plain `opa test policies` works: nothing but OPA's own defaults, the data
// files loaded beside the rules.
func TestBundle_worksInPlainOPA(t *testing.T) {
	loaded, err := loader.NewFileLoader().WithProcessAnnotation(true).All([]string{"../../policies"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(loaded.Documents["controls"].(map[string]any)), len(controlFiles(t)); got != want {
		t.Errorf("%d frameworks were loaded, want %d", got, want)
	}
	store := inmem.NewFromObject(loaded.Documents)
	txn, err := store.NewTransaction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Abort(t.Context(), txn)
	results, err := tester.NewRunner().SetStore(store).SetModules(loaded.ParsedModules()).RunTests(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for r := range results {
		if !r.Pass() {
			t.Errorf("%s: %s fails", r.Location, r.Name)
		}
		passed++
	}
	ours, err := policy.Test(t.Context())
	if err != nil || passed != len(ours) {
		t.Errorf("opa test ran %d tests, policy.Test %d: %v", passed, len(ours), err)
	}
}
