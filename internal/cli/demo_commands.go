package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// gracePeriod is what a command has to end after an interrupt: Terraform writes
// its state then.
const gracePeriod = 15 * time.Second

// findTerraform takes what TF_PATH names, else what PATH has, else downloads.
func (s *stage) findTerraform(ctx context.Context) (string, error) {
	if path := s.env.Getenv("TF_PATH"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("looking for Terraform at TF_PATH=%s: %w", path, errors.Unwrap(err))
		}
		return filepath.Abs(found)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return s.downloadTerraform(ctx)
}

func (s *stage) downloadTerraform(ctx context.Context) (string, error) {
	s.env.tell("neither terraform nor tofu is on PATH: downloading Terraform from releases.hashicorp.com")
	release := &releases.LatestVersion{Product: product.Terraform, InstallDir: filepath.Join(s.work, "bin")}
	path, err := release.Install(ctx)
	if err != nil {
		return "", withHint(fmt.Errorf("downloading Terraform: %w", err), "install terraform or tofu, or set TF_PATH to one of them")
	}
	return path, nil
}

func (s *stage) askVersion(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, s.terraformPath, "version")
	cmd.Env = s.environment()
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("running %s version: %w", s.terraformPath, err)
	}
	return firstLine(output), nil
}

// terraform runs one Terraform command in the configuration of the demo and
// gives what it printed. Another exit code than want is an error.
func (s *stage) terraform(ctx context.Context, want int, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.terraformPath, args...)
	cmd.Dir = s.configuration
	cmd.Env = s.environment()
	if !s.screen.color { // Terraform colours whatever it writes to
		cmd.Env = append(cmd.Env, "TF_CLI_ARGS=-no-color")
	}
	return s.run(ctx, cmd, want, filepath.Base(s.terraformPath), args)
}

// vigil runs this program as a user would, beside the pipeline's plan.
func (s *stage) vigil(ctx context.Context, want int, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir = s.pipeline
	cmd.Env = append(s.environment(), "COLUMNS="+strconv.Itoa(s.screen.width))
	if s.screen.color {
		cmd.Env = append(cmd.Env, "CLICOLOR_FORCE=1")
	}
	return s.run(ctx, cmd, want, "vigil", args)
}

func (s *stage) run(ctx context.Context, cmd *exec.Cmd, want int, name string, args []string) (string, error) {
	s.ran++
	line := name + " " + strings.Join(args, " ")
	s.say("\n%s", s.paint(ansiBold, "$ "+line))
	log, err := os.Create(filepath.Join(s.logs, fmt.Sprintf("%02d-%s-%s.log", s.ran, name, args[0])))
	if err != nil {
		return "", err
	}
	defer log.Close()
	var output bytes.Buffer
	all := io.MultiWriter(log, &output, s.env.Stdout)
	cmd.Stdout, cmd.Stderr = all, all
	own(cmd)
	err = cmd.Run()
	release(cmd)
	return output.String(), s.judge(ctx, line, want, err)
}

// judge compares how a command ended with how the story has it end.
func (s *stage) judge(ctx context.Context, line string, want int, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	code := 0
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		code = exited.ExitCode()
	} else if err != nil {
		return fmt.Errorf("running `%s`: %w", line, err)
	}
	if code != want {
		return fmt.Errorf("`%s` ended with exit code %d in place of %d", line, code, want)
	}
	return nil
}

// environment is all that a command of the demo gets: what any program needs of
// the system, and nothing of the user's AWS or Terraform settings, which would
// lead it to a real account.
func (s *stage) environment() []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "NO_COLOR",
		"TMPDIR", "TMP", "TEMP", "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
	} {
		if value := s.env.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	nowhere := filepath.Join(s.work, "no-such-file")
	env = append(env,
		"AWS_CONFIG_FILE="+nowhere, "AWS_SHARED_CREDENTIALS_FILE="+nowhere,
		"TF_CLI_CONFIG_FILE="+s.cliConfig, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
	)
	if s.aws == nil {
		return env
	}
	for _, v := range sandboxVariables(s.aws, true) {
		env = append(env, v.name+"="+v.value)
	}
	return env
}
