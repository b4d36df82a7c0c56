// Package awscli holds the sandbox against the AWS CLI: every action, good and
// bad, with the aws on PATH and with the distribution's (/usr/bin/aws), which
// is older and speaks other protocols.
//
// A script is a file of testdata: "aws ARGS" runs the CLI on a sandbox of the
// script's own, "! aws ARGS" expects it to fail, and stdout and stderr match
// what it said; readarn keeps stdout as $ARN. The conditions [v2] and [old] tell the CLIs apart.
package awscli

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox"
)

// cli is one installed AWS CLI.
type cli struct {
	path         string
	major, minor int
}

// installed finds the CLIs: the one on PATH and the distribution's, once each.
func installed(t *testing.T) []cli {
	t.Helper()
	var found []cli
	var versions []string
	for _, name := range []string{"aws", "/usr/bin/aws"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		version := versionOf(t, path)
		if slices.Contains(versions, strings.Join(version, ".")) {
			continue
		}
		versions = append(versions, strings.Join(version, "."))
		major, _ := strconv.Atoi(version[0]) // the pattern matched digits
		minor, _ := strconv.Atoi(version[1])
		found = append(found, cli{path: path, major: major, minor: minor})
	}
	return found
}

var versionText = regexp.MustCompile(`aws-cli/(\d+)\.(\d+)\.(\d+)`)

func versionOf(t *testing.T, path string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	match := versionText.FindStringSubmatch(string(out))
	if err != nil || match == nil {
		t.Fatalf("%s --version: %v: %s", path, err, out)
	}
	return match[1:]
}

// old tells whether the CLI knows only the actions of 2023.
func (c cli) old() bool { return c.major == 2 && c.minor < 20 }

// lane runs the scripts with one CLI and collects what the sandboxes heard.
type lane struct {
	cli   cli
	mu    sync.Mutex
	heard map[string]bool
}

func TestCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("Python takes half a second to start, some two hundred times")
	}
	t.Parallel()
	clis := installed(t)
	if len(clis) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no aws on PATH")
		}
		t.Skip("there is no aws on PATH")
	}
	lanes := make([]*lane, len(clis))
	t.Run("lanes", func(t *testing.T) {
		for i, c := range clis {
			lanes[i] = &lane{cli: c, heard: map[string]bool{}}
			t.Run("v"+strconv.Itoa(c.major)+"."+strconv.Itoa(c.minor), lanes[i].run)
		}
	})
	if !t.Failed() {
		checkComplete(t, lanes)
	}
}

func (l *lane) run(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:       "testdata",
		Setup:     l.setup,
		Condition: l.condition,
		Cmds:      map[string]func(*testscript.TestScript, bool, []string){"aws": l.aws, "keep": keep, "readarn": readARN},
	})
}

// setup starts the script's sandbox. Nothing of the user's own AWS
// configuration may reach the CLI.
func (l *lane) setup(env *testscript.Env) error {
	s := sandbox.New()
	if err := s.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	env.Defer(func() {
		l.note(s.Calls())
		_ = s.Close() // the process ends soon anyway
	})
	for key, value := range map[string]string{
		"ENDPOINT": s.URL(), "ACCOUNT": s.Account(),
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_OUTPUT": "json", "AWS_PAGER": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": filepath.Join(env.WorkDir, "none"),
		"PYENV_VERSION": os.Getenv("PYENV_VERSION"), "PYENV_ROOT": os.Getenv("PYENV_ROOT"),
	} {
		env.Setenv(key, value)
	}
	return nil
}

func (l *lane) note(calls []sandbox.CallRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range calls {
		l.heard[c.Name()] = true
	}
}

func (l *lane) condition(name string) (bool, error) {
	switch name {
	case "v2":
		return l.cli.major == 2, nil
	case "old":
		return l.cli.old(), nil
	}
	return false, nil
}

// aws runs the CLI on the script's sandbox.
func (l *lane) aws(ts *testscript.TestScript, negated bool, args []string) {
	err := ts.Exec(l.cli.path, append(args, "--endpoint-url", ts.Getenv("ENDPOINT"))...)
	switch {
	case negated && err == nil:
		ts.Fatalf("the CLI succeeded")
	case !negated && err != nil:
		ts.Fatalf("the CLI failed: %v", err)
	}
}

// readARN puts what the last command said into $ARN.
func readARN(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Setenv("ARN", strings.TrimSpace(ts.ReadFile("stdout")))
}

// keep sets a variable to what the last command said: "keep KEY".
func keep(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 1 {
		ts.Fatalf("usage: keep NAME")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// checkComplete finds actions that no CLI has called.
func checkComplete(t *testing.T, lanes []*lane) {
	t.Helper()
	heard, newest := map[string]bool{}, false
	for _, l := range lanes {
		maps.Copy(heard, l.heard)
		newest = newest || !l.cli.old()
	}
	for _, operation := range sandbox.New().Operations() {
		service, _, _ := strings.Cut(operation, ":")
		if !slices.Contains(complete(), service) || heard[operation] || !newest && slices.Contains(newer(), operation) {
			continue
		}
		t.Errorf("no script calls %s", operation)
	}
}

// newer lists the actions of newer.txtar, which old CLIs cannot call.
func newer() []string {
	return []string{
		"config:ListConfigurationRecorders", "config:ListTagsForResource", "config:TagResource", "config:UntagResource",
		"logs:ListLogGroups", "logs:PutLogGroupDeletionProtection",
	}
}

// complete lists the services of which every action must be called.
func complete() []string {
	return []string{"cloudtrail", "config", "logs", "monitoring", "sns", "iam", "kms", "ec2", "sts"}
}
