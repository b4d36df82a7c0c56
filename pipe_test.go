//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/vigil-audit/terraform-provider-vigil/internal/cli"
)

// TestReaderGoesAway: what `vigil ... | head` does to us is an error with words
// and an exit code of ours, not the death by a signal.
func TestReaderGoesAway(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	var stderr bytes.Buffer
	cmd := exec.Command("vigil", "rules", "list")
	cmd.Stdout, cmd.Stderr = writer, &stderr
	err = cmd.Run()
	writer.Close()
	if code := cmd.ProcessState.ExitCode(); code != cli.ExitBroken {
		t.Errorf("exit code %d (%v), want %d", code, err, cli.ExitBroken)
	}
	inOrder(t, stderr.String(), "vigil: error: ", "broken pipe")
}
