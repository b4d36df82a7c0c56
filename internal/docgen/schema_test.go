package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigil-audit/terraform-provider-vigil/internal/provider"
)

// Terraform's own answer is the measure: the pages must say what Terraform
// sees. Kinds that the Terraform at hand does not know are not compared.
func TestProviderSchemasAreWhatTerraformPrints(t *testing.T) {
	terraform := os.Getenv("TF_PATH")
	for _, name := range []string{"terraform", "tofu"} {
		if found, err := exec.LookPath(name); terraform == "" && err == nil {
			terraform = found
		}
	}
	if terraform == "" {
		t.Skip("TF_PATH names no Terraform, and neither terraform nor tofu is on PATH")
	}
	want := schemasByTerraform(t, terraform)
	schemas, err := providerSchemas(t.Context(), provider.New("dev"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(schemas.Schemas[providerName])
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"provider", "resource_schemas"} {
		if want[kind] == nil {
			t.Fatalf("Terraform printed no %s", kind)
		}
		if diff := cmp.Diff(want[kind], got[kind]); diff != "" {
			t.Errorf("%s (-Terraform +docgen):\n%s", kind, diff)
		}
	}
}

func schemasByTerraform(t *testing.T, terraform string) map[string]any {
	t.Helper()
	folder := t.TempDir()
	run := func(env []string, dir, name string, args ...string) []byte {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", name, args, err)
		}
		return out
	}
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	run(nil, "../..", "go", "build", "-o", filepath.Join(folder, "terraform-provider-vigil"), ".")
	config := write("cli.tfrc", fmt.Sprintf(
		"provider_installation {\n  dev_overrides {\n    \"vigil-audit/vigil\" = %q\n  }\n  direct {}\n}\n", filepath.ToSlash(folder)))
	write("main.tf", "terraform {\n  required_providers {\n    vigil = {\n      source = \"vigil-audit/vigil\"\n    }\n  }\n}\n")
	out := run([]string{"TF_CLI_CONFIG_FILE=" + config}, folder, terraform, "providers", "schema", "-json")
	var answer struct {
		Schemas map[string]map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("reading terraform providers schema: %v", err)
	}
	if len(answer.Schemas) != 1 {
		t.Fatalf("Terraform printed the schemas of %d providers, want 1", len(answer.Schemas))
	}
	for _, schema := range answer.Schemas {
		return schema
	}
	return nil
}
