//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// own puts a command into a process group of its own, so that the interrupt of
// a terminal does not reach it twice, and so that what it started can be ended.
//
// The interrupt goes to the command alone: Terraform ends its providers itself,
// when they have finished what they are doing.
func own(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = gracePeriod
}

// release ends what the command may have left of its group. Usually there is
// nothing left, which Kill calls an error.
func release(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
