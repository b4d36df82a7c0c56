package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/policy"
)

// The rule in the guide must load, and its test pass.
func TestGuideToWritingRules(t *testing.T) {
	guide, err := os.ReadFile("../../templates/guides/writing-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folder := filepath.Join(dir, "rules", "acme", "log_group_names")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	blocks := indented(string(guide))
	write := func(name, begin string) {
		t.Helper()
		for _, block := range blocks {
			if strings.HasPrefix(block, begin) {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(block), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
		}
		t.Fatalf("the guide has no block that begins with %q", begin)
	}
	write("log_group_names.rego", "# METADATA")
	write("log_group_names_test.rego", "package rules.acme.log_group_names_test")

	engine, err := policy.Load(t.Context(), policy.Options{Directories: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	if rules := engine.Rules(); len(rules) != 1 || rules[0].ID != "acme/log_group_names" {
		t.Errorf("loaded %+v, want acme/log_group_names alone", rules)
	}
	results, err := policy.Test(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 || !results[0].Passed {
		t.Errorf("the guide's test: %+v", results)
	}
}

// indented gives the code blocks of Markdown that are set by four spaces.
func indented(markdown string) []string {
	var blocks, block []string
	end := func() {
		if text := strings.TrimSpace(strings.Join(block, "\n")); text != "" {
			blocks = append(blocks, text+"\n")
		}
		block = nil
	}
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n")
		switch code, found := strings.CutPrefix(line, "    "); {
		case found:
			block = append(block, code)
		case line == "":
			block = append(block, "")
		default:
			end()
		}
	}
	end()
	return blocks
}
