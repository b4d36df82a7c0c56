package policy_test

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/format"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
	"github.com/vigil-audit/terraform-provider-vigil/policies"
)

func TestBundle_regoTestsPass(t *testing.T) {
	results, err := policy.Test(context.Background())
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
