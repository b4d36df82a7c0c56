package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestPipelines runs what the pipeline examples run, on the plan beside them:
// the job fails with exit code 2, and the reports that it hands on are written.
func TestPipelines(t *testing.T) {
	for file, reports := range map[string][]string{
		"github-actions.yml": {"vigil.md", "vigil.sarif"},
		"gitlab-ci.yml":      {"vigil.xml"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			plan, err := os.ReadFile("examples/ci/baseline.json")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "plan.json"), plan, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-ec", checkCommand(t, filepath.Join("examples/ci", file)))
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "RUNNER_TEMP="+dir)
			output, err := cmd.CombinedOutput()
			var exited *exec.ExitError
			if !errors.As(err, &exited) || exited.ExitCode() != 2 {
				t.Errorf("the check ends with %v, want exit code 2:\n%s", err, output)
			}
			for _, report := range reports {
				text, err := os.ReadFile(filepath.Join(dir, report))
				if err != nil || !strings.Contains(string(text), "cloudtrail/log_file_validation") {
					t.Errorf("%s does not name the violated rule (%v):\n%s", report, err, text)
				}
			}
		})
	}
}

// checkCommand finds the one command of a pipeline that checks a plan.
func checkCommand(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pipeline yaml.Node
	if err := yaml.Unmarshal(text, &pipeline); err != nil {
		t.Fatal(err)
	}
	commands := scalars(&pipeline, "terraform-provider-vigil check ")
	if len(commands) != 1 {
		t.Fatalf("%s checks a plan %d times, want once: %q", file, len(commands), commands)
	}
	return commands[0]
}

func scalars(node *yaml.Node, prefix string) (found []string) {
	if node.Kind == yaml.ScalarNode && strings.HasPrefix(node.Value, prefix) {
		found = append(found, node.Value)
	}
	for _, child := range node.Content {
		found = append(found, scalars(child, prefix)...)
	}
	return found
}
