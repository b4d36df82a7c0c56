//go:build !unix

package cli

import "os/exec"

// own ends a command when the context does; Windows has no interrupt to send.
func own(cmd *exec.Cmd) { cmd.WaitDelay = gracePeriod }

func release(*exec.Cmd) {}
