package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/cli"
)

// misleading are settings of a user that would lead Terraform astray, if the
// demo let them through.
func misleading(t *testing.T) (env []string, tmp string) {
	tmp = t.TempDir()
	return []string{
		"TMPDIR=" + tmp,
		"AWS_PROFILE=production", "AWS_REGION=mars-north-1", "AWS_ENDPOINT_URL=http://127.0.0.1:1",
		"AWS_ENDPOINT_URL_CLOUDTRAIL=http://127.0.0.1:1", "AWS_MAX_ATTEMPTS=1",
		"TF_CLI_ARGS=-no-such-flag", "TF_WORKSPACE=production", "TF_VAR_name=production", "TF_DATA_DIR=/nonexistent",
		"HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1",
	}, tmp
}

func needTerraform(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the demo runs Terraform for real")
	}
	t.Parallel()
}

func TestDemo(t *testing.T) {
	needTerraform(t)
	env, tmp := misleading(t)
	p := start(t, env, "demo")
	if code := p.exitCode(t, 5*time.Minute); code != cli.ExitClean {
		t.Fatalf("exit code %d\nstdout:\n%s\nstderr:\n%s", code, p.stdout.String(), p.stderr.String())
	}
	inOrder(t, p.stdout.String(),
		"Apply complete!", "No changes.",
		"Error:", "cloudtrail/log_file_validation",
		"aws_cloudtrail.legacy", "violations (",
		"Destroy complete!")
	inOrder(t, p.stderr.String(),
		"== 1.", " apply -auto-approve", " plan -detailed-exitcode",
		"== 2.", "-  enable_log_file_validation = true", " plan -input=false",
		"== 3.", "$ vigil check baseline.json",
		"== 4.", " destroy -auto-approve", "All four steps went as told:")
	assertNothingLeft(t, tmp)
}

// assertNothingLeft wants no file in the temporary directory and no process
// that was started from it.
func assertNothingLeft(t *testing.T, tmp string) {
	t.Helper()
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("the demo left %v (%v)", left, err)
	}
	if runtime.GOOS != "linux" {
		return
	}
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range commands {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), tmp) {
			t.Errorf("still running: %q", line)
		}
	}
}

// TestDemoInterrupted ends the demo while Terraform applies.
func TestDemoInterrupted(t *testing.T) {
	needTerraform(t)
	env, tmp := misleading(t)
	p := start(t, env, "demo")
	p.await(t, &p.stdout, "Creating...", 2*time.Minute)
	p.interrupt(t)
	if code := p.exitCode(t, time.Minute); code != cli.ExitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, cli.ExitInterrupted, p.stderr.String())
	}
	assertNothingLeft(t, tmp)
}

// TestDemoKept goes on by hand, with what the demo says.
func TestDemoKept(t *testing.T) {
	needTerraform(t)
	env, tmp := misleading(t)
	p := start(t, env, "demo", "--keep")
	p.await(t, &p.stderr, "Ctrl-C here ends the sandbox", 5*time.Minute)
	said := p.stderr.String()
	dir := regexp.MustCompile(`(?m)^  cd (.*)$`).FindStringSubmatch(said)
	terraform := regexp.MustCompile(`(?m)^  (\S+) plan  `).FindStringSubmatch(said)
	if dir == nil || terraform == nil {
		t.Fatalf("the demo does not say how to go on:\n%s", said)
	}
	plan := exec.Command(terraform[1], "plan", "-detailed-exitcode")
	plan.Dir = dir[1]
	plan.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, variables(said)...)
	if output, err := plan.CombinedOutput(); err != nil {
		t.Errorf("the plan by hand: %v\n%s", err, output)
	}
	p.interrupt(t)
	if code := p.exitCode(t, time.Minute); code != cli.ExitClean {
		t.Errorf("exit code %d, want %d\n%s", code, cli.ExitClean, p.stderr.String())
	}
	assertNothingLeft(t, tmp)
}

// TestDemoTellsWhichStep breaks Terraform and wants to hear about it.
func TestDemoTellsWhichStep(t *testing.T) {
	tmp := t.TempDir()
	fake := filepath.Join(t.TempDir(), "terraform")
	script := "#!/bin/sh\n[ \"$1\" = version ] && { echo Terraform v0.0.0; exit; }\necho out of order\nexit 3\n"
	if err := os.WriteFile(fake, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := start(t, []string{"TMPDIR=" + tmp, "TF_PATH=" + fake}, "demo")
	if code := p.exitCode(t, time.Minute); code != cli.ExitBroken {
		t.Errorf("exit code %d, want %d", code, cli.ExitBroken)
	}
	inOrder(t, p.stderr.String(), "vigil: error: step 1 (an audit baseline is applied): `terraform apply -auto-approve -input=false` ended with exit code 3 in place of 0", "vigil: hint: the logs are in "+tmp)
	logs, err := filepath.Glob(filepath.Join(tmp, "vigil-demo-*", "logs", "01-terraform-apply.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs: %v (%v)", logs, err)
	}
	if log, err := os.ReadFile(logs[0]); err != nil || string(log) != "out of order\n" {
		t.Errorf("the log holds %q (%v)", log, err)
	}
}
