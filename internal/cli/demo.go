package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

type demoOptions struct {
	keep    bool
	command *cobra.Command // for its --no-color
}

func newDemoCommand(env Env) *cobra.Command {
	var opts demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole story on this machine, without an AWS account",
		Long: `Show what vigil does, with real commands and their real output, in four steps:

  1. terraform apply of an audit baseline; the plan after it is empty
  2. somebody weakens it: the provider blocks the plan
  3. vigil check of a plan made of hashicorp/aws resources
  4. terraform destroy; nothing is left

It works against a sandbox in this process on a free loopback port, in a
temporary directory, and takes both away at the end. Terraform is the one that
TF_PATH names, or terraform or tofu from PATH, or else it is downloaded. Your
AWS and Terraform settings are neither read nor changed.

What the commands print goes to standard output, all else to standard error.

  vigil demo
  vigil demo --keep     steps 1 to 3, and then it is yours to go on by hand

EXIT STATUS
  0    every step went as told (with --keep: and was then ended with Ctrl-C)
  1    a step did not; standard error says which, and where its logs are
  130  interrupted`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.command = cmd
			return runDemo(cmd.Context(), opts, env)
		},
	}
	cmd.Flags().BoolVar(&opts.keep, "keep", false, "leave what was built and the sandbox running, and say how to go on by hand")
	return cmd
}

func runDemo(ctx context.Context, opts demoOptions, env Env) (err error) {
	s, err := openStage(ctx, opts, env)
	if err != nil {
		return fmt.Errorf("preparing the demo: %w", err)
	}
	defer func() { err = s.close(ctx, err) }()

	story := []step{applyBaseline, weakenBaseline, checkPlan, destroyBaseline}
	if opts.keep {
		story = story[:len(story)-1]
	}
	for i, step := range story {
		s.heading(i+1, step.title)
		if err := step.play(ctx, s); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, step.title, err)
		}
	}
	if opts.keep {
		s.handOver()
		<-ctx.Done()
		return errHandedOver
	}
	s.curtain(story)
	return nil
}
