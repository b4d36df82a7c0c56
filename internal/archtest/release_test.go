package archtest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// What the registries look for in a release, from
// https://developer.hashicorp.com/terraform/registry/providers/publishing.
func TestReleaseNames(t *testing.T) {
	var release struct {
		Version     int    `yaml:"version"`
		ProjectName string `yaml:"project_name"`
		Builds      []struct {
			ID           string   `yaml:"id"`
			Binary       string   `yaml:"binary"`
			Env          []string `yaml:"env"`
			ModTimestamp string   `yaml:"mod_timestamp"`
			Flags        []string `yaml:"flags"`
		} `yaml:"builds"`
		Archives []struct {
			ID           string   `yaml:"id"`
			IDs          []string `yaml:"ids"`
			Formats      []string `yaml:"formats"`
			NameTemplate string   `yaml:"name_template"`
		} `yaml:"archives"`
		Checksum struct {
			NameTemplate string              `yaml:"name_template"`
			Algorithm    string              `yaml:"algorithm"`
			ExtraFiles   []map[string]string `yaml:"extra_files"`
		} `yaml:"checksum"`
		Signs []struct {
			Artifacts string   `yaml:"artifacts"`
			Args      []string `yaml:"args"`
		} `yaml:"signs"`
	}
	readYAML(t, "../../.goreleaser.yml", &release)

	provider := release.Builds[0]
	got := map[string]any{
		"version":    release.Version,
		"project":    release.ProjectName,
		"binary":     provider.Binary,
		"env":        provider.Env,
		"timestamp":  provider.ModTimestamp,
		"flags":      provider.Flags,
		"zip":        release.Archives[0].NameTemplate,
		"zip of":     release.Archives[0].IDs,
		"formats":    release.Archives[0].Formats,
		"sums":       release.Checksum.NameTemplate,
		"algorithm":  release.Checksum.Algorithm,
		"sums cover": release.Checksum.ExtraFiles,
		"signed":     release.Signs[0].Artifacts,
	}
	want := map[string]any{
		"version":   2,
		"project":   "terraform-provider-vigil",
		"binary":    "{{ .ProjectName }}_v{{ .Version }}",
		"env":       []string{"CGO_ENABLED=0"},
		"timestamp": "{{ .CommitTimestamp }}",
		"flags":     []string{"-trimpath"},
		"zip":       "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}",
		"zip of":    []string{"provider"},
		"formats":   []string{"zip"},
		"sums":      "{{ .ProjectName }}_{{ .Version }}_SHA256SUMS",
		"algorithm": "sha256",
		"sums cover": []map[string]string{{
			"glob":          "terraform-registry-manifest.json",
			"name_template": "{{ .ProjectName }}_{{ .Version }}_manifest.json",
		}},
		"signed": "checksum",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf(".goreleaser.yml (-want +got):\n%s", diff)
	}
	if args := strings.Join(release.Signs[0].Args, " "); !strings.Contains(args, "--detach-sign") || strings.Contains(args, "armor") {
		t.Errorf("signing with %q: registries want a detached, binary signature", args)
	}
}

func TestRegistryManifest(t *testing.T) {
	text, err := os.ReadFile("../../terraform-registry-manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"version": 1.0, "metadata": map[string]any{"protocol_versions": []any{"6.0"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

// A tag can be moved to other code; a commit cannot.
func TestWorkflowsArePinnedAndUnprivileged(t *testing.T) {
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d workflows (%v)", len(files), err)
	}
	pinned := regexp.MustCompile(`^\s*(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, "uses:") && !pinned.MatchString(line) {
				t.Errorf("%s:%d: not pinned to a commit with its version beside it: %s", file, i+1, line)
			}
		}
		var workflow struct {
			Permissions map[string]string `yaml:"permissions"`
			Jobs        map[string]struct {
				Permissions map[string]string `yaml:"permissions"`
				Timeout     int               `yaml:"timeout-minutes"`
			} `yaml:"jobs"`
		}
		readYAML(t, file, &workflow)
		if workflow.Permissions == nil || len(workflow.Permissions) > 0 {
			t.Errorf("%s: permissions %v, want none for the workflow as a whole", file, workflow.Permissions)
		}
		for name, job := range workflow.Jobs {
			if job.Permissions == nil || job.Timeout == 0 {
				t.Errorf("%s: job %s says no permissions or no timeout", file, name)
			}
		}
	}
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
}
