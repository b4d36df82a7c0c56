package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is a running vigil, for tests that look at it while it runs.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr screen
}

// screen collects what a process writes while others read it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// start runs vigil until the test ends at the latest. env is added to ours.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("vigil", args...)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.cmd.Process.Kill()
			_ = p.cmd.Wait() // it was killed
		}
	})
	return p
}

// await waits until a screen shows text.
func (p *process) await(t *testing.T, s *screen, text string, patience time.Duration) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if strings.Contains(s.String(), text) {
			return
		}
	}
	t.Fatalf("no %q after %s\nstdout:\n%s\nstderr:\n%s", text, patience, p.stdout.String(), p.stderr.String())
}

func (p *process) interrupt(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

// exitCode waits for the end.
func (p *process) exitCode(t *testing.T, patience time.Duration) int {
	t.Helper()
	timer := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	defer timer.Stop()
	var exited *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// variables reads the export lines of vigil's output.
func variables(output string) []string {
	var vars []string
	for line := range strings.Lines(output) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			vars = append(vars, strings.ReplaceAll(v, "'", ""))
		}
	}
	return vars
}

// inOrder wants the texts one after another.
func inOrder(t *testing.T, output string, texts ...string) {
	t.Helper()
	rest := output
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Fatalf("%q is not where it belongs in:\n%s", text, output)
		}
		rest = after
	}
}
