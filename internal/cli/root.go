// Package cli is the command line: one file per command, all words for people
// in term.go, all exit codes in exit.go.
//
// Every command has the same shape: an options struct that knows its flags, and
// a run function that knows none and returns an error. What a command needs
// from outside comes in an [Env], so that tests run commands as a shell does.
package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// Env is the world as a command sees it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Getenv         func(string) string
	// Executable gives the path of the running binary, which is also the
	// provider: the demo has Terraform start it.
	Executable func() (string, error)
	Version    string
}

// Run runs the command that args name and gives the exit code.
func Run(ctx context.Context, args []string, env Env) int {
	root := NewRootCommand(env)
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	return exit(ctx, env, command, err)
}

// NewRootCommand makes the whole tree of commands.
func NewRootCommand(env Env) *cobra.Command {
	root := &cobra.Command{
		Use:   "vigil",
		Short: "The audit plane of AWS, as code: declared, checked and proven",
		Long: `The audit plane of AWS, as code: declared, checked and proven.

Vigil judges Terraform plans by rules about CloudTrail, CloudWatch, AWS Config
and what they stand on, and says so when a plan cannot know yet. The same binary
is the Terraform provider "vigil", which blocks a plan that breaks a rule.

Start with:
  vigil demo                    the whole story on this machine, without an AWS account
  terraform show -json plan.tfplan | vigil check -`,
		Args:          noSuchCommand,
		RunE:          showHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.PersistentFlags().Bool(noColorFlag, false, "no colours, as NO_COLOR=1 does")
	root.SetFlagErrorFunc(usageError)
	root.AddCommand(
		newCheckCommand(env),
		newRulesCommand(env),
		newSandboxCommand(env),
		newDemoCommand(env),
		newVersionCommand(env),
	)
	return root
}

// showHelp is what a command does that only has commands below it.
func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// noSuchCommand refuses what cobra did not find among the commands.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters that may differ
	err := fmt.Errorf("%s has no command %q", cmd.CommandPath(), args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return withHint(err, fmt.Sprintf("is `%s %s` meant?", cmd.CommandPath(), near[0]))
	}
	return withHint(err, fmt.Sprintf("`%s --help` lists the commands", cmd.CommandPath()))
}
