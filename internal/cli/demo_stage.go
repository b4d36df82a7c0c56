package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/examples"
	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// stage is what the demo plays on: a sandbox, a Terraform, and a directory
// that holds everything else and goes when the demo does.
type stage struct {
	env    Env
	screen screen

	aws    *sandbox.Server
	before []string // what the landing zone made
	log    *os.File // of the sandbox

	work          string // the directory
	configuration string // examples/demo
	pipeline      string // examples/ci
	logs          string
	binary        string // this program, under the name that Terraform looks for
	cliConfig     string // Terraform's

	terraformPath    string
	terraformVersion string // "Terraform v1.11.4"
	ran              int    // commands so far, to number their logs
}

func openStage(ctx context.Context, opts demoOptions, env Env) (_ *stage, err error) {
	s := &stage{env: env, screen: env.screenOf(env.Stdout, opts.command)}
	if s.work, err = os.MkdirTemp("", "vigil-demo-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.remove())
		}
	}()
	if err := s.fill(); err != nil {
		return nil, err
	}
	if s.terraformPath, err = s.findTerraform(ctx); err != nil {
		return nil, err
	}
	if s.terraformVersion, err = s.askVersion(ctx); err != nil {
		return nil, err
	}
	if err := s.configureTerraform(); err != nil {
		return nil, err
	}
	return s, s.serve()
}

// fill lays out the directory.
func (s *stage) fill() error {
	s.configuration = filepath.Join(s.work, "demo")
	s.pipeline = filepath.Join(s.work, "ci")
	s.logs = filepath.Join(s.work, "logs")
	s.cliConfig = filepath.Join(s.work, "terraform.tfrc")
	if err := os.CopyFS(s.work, examples.FS()); err != nil {
		return fmt.Errorf("copying the examples: %w", err)
	}
	if err := os.Mkdir(s.logs, 0o700); err != nil {
		return err
	}
	if err := s.installProvider(); err != nil {
		return fmt.Errorf("installing the provider: %w", err)
	}
	return os.WriteFile(s.cliConfig, nil, 0o600)
}

// configureTerraform has Terraform, or OpenTofu with its own registry, start
// the provider from a directory, so that neither `init` nor a registry is
// needed.
// https://developer.hashicorp.com/terraform/cli/config/config-file#development-overrides-for-provider-developers
func (s *stage) configureTerraform() error {
	registry := "registry.terraform.io"
	if strings.HasPrefix(s.terraformVersion, "OpenTofu") {
		registry = "registry.opentofu.org"
	}
	return os.WriteFile(s.cliConfig, fmt.Appendf(nil, `provider_installation {
  dev_overrides {
    "%s/vigil-audit/vigil" = %q
  }
  direct {}
}
`, registry, filepath.ToSlash(filepath.Dir(s.binary))), 0o600)
}

// installProvider puts this very program where Terraform finds it. A hard link
// outlives the original, which `go run` removes when it ends; a copy does
// where links are not to be had.
func (s *stage) installProvider() error {
	self, err := s.env.Executable()
	if err != nil {
		return err
	}
	dir := filepath.Join(s.work, "bin")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	s.binary = filepath.Join(dir, "terraform-provider-vigil")
	if runtime.GOOS == "windows" {
		s.binary += ".exe"
	}
	if os.Link(self, s.binary) == nil {
		return nil
	}
	return copyProgram(self, s.binary)
}

func copyProgram(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// serve starts the sandbox.
func (s *stage) serve() (err error) {
	if s.log, err = os.Create(filepath.Join(s.logs, "sandbox.log")); err != nil {
		return err
	}
	s.aws = sandbox.New(sandbox.WithLog(s.log), sandbox.WithClock(s.env.Now), sandbox.WithLandingZone())
	if err := s.aws.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	s.before = s.aws.Resources()
	return nil
}

// close ends the sandbox and removes the directory, unless a step went wrong:
// then its logs are kept and named.
func (s *stage) close(ctx context.Context, err error) error {
	closed := errors.Join(s.aws.Close(), s.log.Close())
	switch {
	case errors.Is(err, errHandedOver):
		return errors.Join(closed, s.remove())
	case err == nil || ctx.Err() != nil:
		return errors.Join(err, closed, s.remove())
	}
	return withHint(errors.Join(err, closed), fmt.Sprintf("the logs are in %s; remove %s when you are done", s.logs, s.work))
}

func (s *stage) remove() error {
	if err := os.RemoveAll(s.work); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing what the demo made: %w", err)
	}
	return nil
}

// restore takes back what edit changed.
func (s *stage) restore() error {
	for _, e := range weakening() {
		original, err := fs.ReadFile(examples.FS(), "demo/"+e.file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.configuration, e.file), original, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) versions() string {
	return fmt.Sprintf("%s at %s, sandbox at %s.", s.terraformVersion, s.terraformPath, s.aws.URL())
}

// say writes to standard error, which is where the story is told.
func (s *stage) say(format string, args ...any) {
	fmt.Fprintf(s.env.Stderr, format+"\n", args...)
}

func (s *stage) heading(n int, title string) {
	s.say("\n%s\n", s.paint(ansiBold, fmt.Sprintf("== %d. %s", n, strings.ToUpper(title[:1])+title[1:])))
}

func (s *stage) paint(code, text string) string {
	if !s.screen.color {
		return text
	}
	return code + text + ansiReset
}

// firstLine is what a program says about its version first.
func firstLine(output []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(output), []byte("\n"))
	return string(line)
}
