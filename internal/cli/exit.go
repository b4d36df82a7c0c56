package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

// The exit codes of every command.
const (
	ExitClean       = 0
	ExitBroken      = 1 // the tool could not do its work: usage, broken input
	ExitFound       = 2 // findings at or above --fail-on
	ExitIncomplete  = 3 // something could not be checked
	ExitInterrupted = 130
)

var (
	// errFound and errIncomplete are results, not troubles: the report has said
	// what there is to say.
	errFound      = errors.New("findings at or above --fail-on")
	errIncomplete = errors.New("not everything could be checked")
)

// nothingChecked is an incomplete run that no report can explain.
type nothingChecked struct{ why string }

func (e nothingChecked) Error() string { return "nothing was evaluated: " + e.why }

// exit is the one place where an error becomes an exit code, and words.
func exit(ctx context.Context, env Env, command *cobra.Command, err error) int {
	var nothing nothingChecked
	switch {
	case err == nil:
		return ExitClean
	case ctx.Err() != nil:
		env.tell("interrupted")
		return ExitInterrupted
	case errors.Is(err, errFound):
		return ExitFound
	case errors.Is(err, errIncomplete):
		return ExitIncomplete
	case errors.As(err, &nothing):
		env.complain(command, err)
		return ExitIncomplete
	}
	env.complain(command, err)
	return ExitBroken
}
